"""Which numbers a protected reader sees: what counts people, small cells, and what would give them away."""
