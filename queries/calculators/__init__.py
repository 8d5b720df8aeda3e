"""How each kind of measure turns SQL rows into answer rows. A kind is a function from a Run to its rows."""
