"""The statistics, each from a library or a cited formula; plain numbers in, plain numbers out."""

from queries.stats.ahead import Projection, project
from queries.stats.gaps import Cell, Part, decompose
from queries.stats.rates import Ratio, rate_ratio, residents_to_reach, wilson

__all__ = ["Cell", "Part", "Projection", "Ratio", "decompose", "project", "rate_ratio", "residents_to_reach", "wilson"]
