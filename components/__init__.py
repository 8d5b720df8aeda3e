"""What pages are built of: opening a page, metric cards, charts, tables, the map, and quotes."""

from components.banners import empty_state, explain
from components.charts.draw import show
from components.charts.region_map import region_map
from components.metric_cards import Figure, figure, headline_row
from components.page import Page
from components.page_frame import open_page
from components.provenance import how_made
from components.quotes import quotes
from components.tables import Table, table

__all__ = [
    "Figure", "Page", "Table", "empty_state", "explain", "figure", "headline_row", "how_made", "open_page", "quotes", "region_map", "show", "table",
]  # fmt: skip
