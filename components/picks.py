"""What a reader picks in a chart or its table becomes a filter: the address then names it, and the line under the heading removes it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.html_view import Choice
from components.text.prose import is_unrecorded
from queries import Answer
from queries.dimensions import FILTERS


@dataclass(frozen=True)
class RowFilter:
    """The filter that picking a row of an answer sets.

    Attributes:
        name: The filter, a key of queries/dimensions.toml.
        keys: The rows that can be picked. Those without a recorded value cannot.
    """

    name: str
    keys: frozenset[str]

    def pick(self, value: Choice) -> None:
        """Write a row's key to the address."""
        if isinstance(value, str) and value in self.keys:
            st.query_params[self.name] = value


def row_filter(answer: Answer | None) -> RowFilter | None:
    """Return the filter that the rows of an answer set; None where its breakdown is no filter, or is filtered by already."""
    by = answer.by if answer is not None else None
    if answer is None or by is None or by not in FILTERS or getattr(answer.scope, by) is not None:
        return None
    return RowFilter(by, frozenset(row.key for row in answer.rows if not is_unrecorded(row)))
