"""The supports that deliveries record."""

SUPPORTS = ("child_care", "transportation", "technology")
WITH_ANY = ("any", *SUPPORTS)
