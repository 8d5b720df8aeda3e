"""Access control: roles and clearances, accounts, and what a reader may see of an answer."""
