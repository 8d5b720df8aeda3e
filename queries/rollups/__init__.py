"""Rollups: counts that publishing prepares for a large delivery, so that an answer costs as much however many residents there are.

`prepare` writes the rollups into a new store. `rows` answers a question from them, or returns None when they cannot.
`stored_rows` returns the rows of a query that publishing answered in full. Nothing is defined here: queries/facts.toml says what
counts, and every answer equals the one computed from the residents' rows (tests/queries/test_rollups.py).
"""

from queries.rollups.build import prepare
from queries.rollups.read import rows
from queries.rollups.stored_answers import stored_key, stored_rows

__all__ = ["prepare", "rows", "stored_key", "stored_rows"]
