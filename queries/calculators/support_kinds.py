"""The supports that deliveries record."""

SUPPORTS = ("child_care", "transportation", "technology")
ANY = "any"
WITH_ANY = (ANY, *SUPPORTS)
