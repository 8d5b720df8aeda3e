"""The statistics, each from a library or a cited formula; plain numbers in, plain numbers out."""

from queries.stats.ahead import Projection, project
from queries.stats.chance import Moments, Side, design_effect, discoveries, interval_ratio, p_share, p_two_rates
from queries.stats.control import Chart, Point, signals
from queries.stats.gaps import Cell, Part, decompose
from queries.stats.matching import Standardized, Stratum, standardized
from queries.stats.nested import CellPart, NestedCell, NestedPart, cell_parts, nested
from queries.stats.planning import Allocation, Place, allocate
from queries.stats.pooling import Shrunk, shrink
from queries.stats.rates import Ratio, rate_ratio, residents_to_reach, wilson

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
    "Point",
    "Projection",
    "Ratio",
    "Shrunk",
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
    "shrink",
    "signals",
    "standardized",
    "wilson",
]
