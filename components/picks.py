"""What a reader picks in a chart, its table or the map becomes a filter; picked again, it leads to the list behind it.

The address names the filter, and the line under the heading removes it. The list is on another page, which checks the reader's rights.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup, escape

from components import file_facts, html_view, navigation
from components.html_view import Choice
from components.page_list import entry
from components.text.prose import is_unrecorded
from components.url_state import NAMES, url
from queries import Answer
from queries.dimensions import FILTERS

# The page with the list behind a value of a filter. Towns, referrals, programs and providers of a region; the group at each step; else
# programs and providers.
_LIST_PAGES = {"region": "regions", "group": "one_group"}
_OTHER_LISTS = "providers"


@dataclass(frozen=True)
class RowFilter:
    """The filter that picking a row of an answer sets.

    Attributes:
        name: The filter, a key of queries/dimensions.toml.
        keys: The rows that can be picked. Those without a recorded value cannot.
        chosen: The value that the address has already; picking it again opens its list. None where there is none, or where the
            list is on the page itself.
    """

    name: str
    keys: frozenset[str]
    chosen: str | None = None

    def pick(self, value: Choice) -> None:
        """Write a row's key to the address, or go to the list behind it."""
        if not isinstance(value, str) or value not in self.keys:
            return
        if value == self.chosen:
            open_list(self.name)
        else:
            st.query_params[self.name] = value

    def button(self, key: str, event: str) -> Markup:
        """Return the key of a row as a button that picks it; as text where it cannot be picked. event: unique on the page."""
        if key not in self.keys:
            return escape(key)
        does = f"Open the list behind {key}" if key == self.chosen else f"Filter by {key}"
        return html_view.render("pick", text=key, does=does, event=html_view.on_event(event, lambda _: self.pick(key)))


def list_page(name: str) -> str:
    """Return the id of the page with the list behind a value of a filter."""
    return _LIST_PAGES.get(name, _OTHER_LISTS)


def open_list(name: str) -> None:
    """Go to the list behind the chosen value of a filter, with all filters. For handlers of events."""
    params = {name: st.query_params[name] for name in NAMES if name in st.query_params}
    navigation.leave(url(entry(list_page(name)).path, params))


def row_filter(answer: Answer | None, by: str | None = None) -> RowFilter | None:
    """Return the filter that the rows of an answer set; None where its breakdown is no filter, or there is nothing left to pick.

    by: What the keys of its rows are, where that is not its breakdown.
    """
    by = by or (answer.by if answer is not None else None)
    if answer is None or by is None or by not in FILTERS:
        return None
    keys = frozenset(row.key for row in answer.rows if not is_unrecorded(row))
    chosen = st.query_params.get(by) if file_facts.page_id() != list_page(by) else None
    if getattr(answer.scope, by) is not None:  # the other rows are not in the answer
        keys &= {chosen} if chosen else set()
    return RowFilter(by, keys, chosen) if keys else None
