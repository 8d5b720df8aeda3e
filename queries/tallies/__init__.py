"""Tallies: counts prepared at publishing, so that the cost of an answer does not grow with the number of residents.

`prepare` writes them into a new store; `rows` answers a question from them, or says that it cannot; `kept` are whole answers.
Nothing is defined here: what is counted is counted by queries/counted, and every answer equals the one from the rows
(tests/queries/test_tallies.py).
"""

from queries.tallies.asked import Asked
from queries.tallies.keeping import kept
from queries.tallies.making import prepare
from queries.tallies.reading import rows

__all__ = ["Asked", "kept", "prepare", "rows"]
