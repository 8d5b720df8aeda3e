"""What pages are built of: opening a page, metric cards, charts, tables, the map, and quotes."""

from components.banners import empty_state, explain
from components.chart_view import show
from components.data_table import Table
from components.metric_cards import MetricCard, figure, headline_row
from components.page import Page
from components.page_frame import open_page
from components.provenance import how_made
from components.quotes import quotes
from components.region_picker import draw_map
from components.tables import table

__all__ = [
    "MetricCard", "Page", "Table", "draw_map", "empty_state", "explain", "figure", "headline_row", "how_made", "open_page", "quotes", "show", "table",
]  # fmt: skip
