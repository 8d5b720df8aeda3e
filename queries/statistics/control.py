"""Which points of a series stand out from its own noise: a chart of shares with control limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TAIL = 0.00135  # on each side: what three standard deviations leave of a normal distribution, once in 370 together
RUN = 9

BEYOND_LIMITS = "beyond limits"
NINE_IN_A_ROW = "nine in a row"


@dataclass(frozen=True)
class Point:
    """One period's successes of trials."""

    successes: int
    trials: int


@dataclass(frozen=True)
class Chart:
    """The center, and for each point in order its limits and its signal.

    All rates are fractions. `center` is None without trials at all; `limits` are the lowest and highest rates chance would
    still give that point, None for a point without trials; `signals` are None, "beyond limits" or "nine in a row".
    """

    center: float | None
    limits: list[tuple[float, float] | None]
    signals: list[str | None]


def signals(points: Sequence[Point]) -> Chart:
    """A p-chart (Shewhart 1931; Montgomery, Introduction to Statistical Quality Control, chapter 7) around the pooled rate.

    Limits are exact binomial probability limits, 0.135% on each side, so that small periods are not called too often. A run
    is Nelson's rule 2 (1984, Journal of Quality Technology 16:237-239): the ninth point in a row on one side of the center,
    and those that go on from it; a point on the center, or without trials, ends a run. Points should be mature and in order of
    time. Tries are taken as independent: where residents repeat, hand over effective counts.
    """
    trials, successes = sum(point.trials for point in points), sum(point.successes for point in points)
    if not trials:
        return Chart(None, [None] * len(points), [None] * len(points))
    from scipy.stats import binom

    center = successes / trials
    counted = [max(point.trials, 1) for point in points]
    lows, highs = binom.ppf(TAIL, counted, center), binom.isf(TAIL, counted, center)
    limits: list[tuple[float, float] | None] = []
    found: list[str | None] = []
    context = side_before = 0
    for point, low, high in zip(points, lows, highs, strict=True):
        # whole numbers, so that a point on the center lies on it exactly
        lead = point.successes * trials - successes * point.trials
        side = (lead > 0) - (lead < 0)
        context = 0 if side == 0 else context + 1 if side == side_before else 1
        side_before = side
        if not point.trials:
            limits.append(None)
            found.append(None)
            continue
        limits.append((float(low) / point.trials, float(high) / point.trials))
        if not low <= point.successes <= high:
            found.append(BEYOND_LIMITS)
        else:
            found.append(NINE_IN_A_ROW if context >= RUN else None)
    return Chart(center, limits, found)
