"""Rollups: counts that publishing prepares, so that the cost of an answer does not grow with the number of residents.

`prepare` writes the rollups into a new store. `rows` answers a question from them, or returns None when they cannot.
`stored_rows` returns the rows of a query that publishing answered in full. Nothing is defined here: the SQL in
queries/facts.toml defines what counts, and every answer equals the one computed from the residents' rows
(tests/queries/test_tallies.py).
"""

from queries.rollups.build import prepare
from queries.rollups.question import RollupQuery
from queries.rollups.read_rows import rows
from queries.rollups.stored_answers import stored_rows

__all__ = ["RollupQuery", "prepare", "rows", "stored_rows"]
