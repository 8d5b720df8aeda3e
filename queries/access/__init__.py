"""Who sees what: roles and clearances, accounts, and the rights a question meets."""
