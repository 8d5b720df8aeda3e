"""What pages are built of: the frame, headline figures, charts, tables, the map, and the words around them."""

from components import charts, numbers, own, sentences
from components.charts import show
from components.frame import Page, open_page
from components.headlines import Figure, figure, headline_row
from components.how_made import how_made
from components.notices import empty_state, explain
from components.quotes import quotes
from components.region_map import region_map
from components.tables import Table, table

__all__ = [
    "Figure", "Page", "Table", "charts", "empty_state", "explain", "figure", "headline_row", "how_made", "numbers",
    "open_page", "own", "quotes", "region_map", "sentences", "show", "table",
]  # fmt: skip
