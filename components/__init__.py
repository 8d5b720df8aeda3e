"""What pages are built of: the frame, headline figures, charts, tables, the map, and the words around them."""

from components.banners import empty_state, explain
from components.chart_view import show
from components.data_table import Table
from components.metric_cards import MetricCard, figure, headline_row
from components.page_frame import Page, open_page
from components.provenance import how_made
from components.quotes import quotes
from components.region_picker import region_map
from components.tables import table

__all__ = [
    "MetricCard", "Page", "Table", "empty_state", "explain", "figure", "headline_row", "how_made", "open_page", "quotes", "region_map", "show", "table",
]  # fmt: skip
