"""What pages are built of: opening a page, metric cards, charts, tables, the map, and quotes.

These names are loaded when a page first uses them, so that documents and tests can use the modules of this package that need no
Streamlit without loading it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.banners import empty_state, explain, quotes
    from components.chart_view import show, show_ahead
    from components.data_table import Table
    from components.metric_cards import MetricCard, card, figure, headline_row
    from components.page import Page
    from components.page_frame import open_page
    from components.provenance import how_made
    from components.region_picker import draw_map
    from components.tables import table

__all__ = [
    "MetricCard", "Page", "Table", "card", "draw_map", "empty_state", "explain", "figure", "headline_row", "how_made", "open_page", "quotes", "show", "show_ahead",
    "table",
]  # fmt: skip
_MODULES = {
    "MetricCard": "metric_cards", "Page": "page", "Table": "data_table", "card": "metric_cards", "draw_map": "region_picker",
    "empty_state": "banners", "explain": "banners", "figure": "metric_cards", "headline_row": "metric_cards",
    "how_made": "provenance", "open_page": "page_frame", "quotes": "banners", "show": "chart_view", "show_ahead": "chart_view",
    "table": "tables",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """Load a name of `__all__`."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value
