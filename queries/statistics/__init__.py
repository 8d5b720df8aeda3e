"""Statistics from libraries or cited formulas. Functions take and return plain numbers."""

from queries.statistics.allocation import Allocation, Place, allocate
from queries.statistics.control import Chart, signals
from queries.statistics.decomposition import Cell, Part, decompose
from queries.statistics.nested_decomposition import CellPart, NestedCell, NestedPart, cell_parts, nested
from queries.statistics.projection import Projection, project
from queries.statistics.rates import Ratio, rate_ratio, residents_to_reach, wilson
from queries.statistics.significance import (
    Moments,
    Side,
    design_effect,
    discoveries,
    interval_ratio,
    p_share,
    p_two_rates,
)
from queries.statistics.stratification import Standardized, Stratum, standardized

__all__ = [
    "Allocation",
    "Cell",
    "CellPart",
    "Chart",
    "Moments",
    "NestedCell",
    "NestedPart",
    "Part",
    "Place",
    "Projection",
    "Ratio",
    "Side",
    "Standardized",
    "Stratum",
    "allocate",
    "cell_parts",
    "decompose",
    "design_effect",
    "discoveries",
    "interval_ratio",
    "nested",
    "p_share",
    "p_two_rates",
    "project",
    "rate_ratio",
    "residents_to_reach",
    "signals",
    "standardized",
    "wilson",
]
