"""Logarithms of factorials, which take most of an exact test's time: those of usual counts are looked up."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

USUAL = 200_000  # counts up to this one are looked up


def log_factorials(first: int, last: int) -> Floats:
    """Return the logarithms of the factorials of these and all counts between, in this order."""
    low, high = sorted((first, last))
    values = _usual()[low : high + 1] if high <= USUAL else _computed(low, high)
    return values if first == low else values[::-1]


@cache
def _usual() -> Floats:
    return _computed(0, USUAL)


def _computed(low: int, high: int) -> Floats:
    from scipy.special import gammaln

    values: Floats = gammaln(np.arange(low, high + 1) + 1)
    return values
