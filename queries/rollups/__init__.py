"""Tallies: counts prepared at publishing, so that the cost of an answer does not grow with the number of residents.

`prepare` writes them into a new store; `rows` answers a question from them, or says that it cannot; `kept` are whole answers.
Nothing is defined here: what is counted is counted by queries/sql/facts, and every answer equals the one from the rows
(tests/queries/test_tallies.py).
"""

from queries.rollups.build import prepare
from queries.rollups.question import RollupQuery
from queries.rollups.read_rows import rows
from queries.rollups.stored_answers import kept

__all__ = ["RollupQuery", "kept", "prepare", "rows"]
