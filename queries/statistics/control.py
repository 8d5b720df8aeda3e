"""Control charts for shares: which points of a series stand out from its own noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TAIL = 0.00135  # probability beyond three standard deviations of a normal distribution, on each side
RUN = 9

BEYOND_LIMITS = "beyond limits"
NINE_IN_A_ROW = "nine in a row"


@dataclass(frozen=True)
class Point:
    """Successes and trials of one period."""

    successes: int
    trials: int


@dataclass(frozen=True)
class Chart:
    """A control chart. All rates are fractions.

    Attributes:
        center: The pooled rate. None when there are no trials at all.
        limits: For each point, the lowest and highest rates that chance would still explain. None for a point without
            trials.
        signals: For each point, None, "beyond limits" or "nine in a row".
    """

    center: float | None
    limits: list[tuple[float, float] | None]
    signals: list[str | None]


def signals(points: Sequence[Point]) -> Chart:
    """Build a p-chart around the pooled rate and flag the points that stand out.

    P-chart: Shewhart (1931); Montgomery, Introduction to Statistical Quality Control, chapter 7. The limits are exact
    binomial probability limits, 0.135% on each side, so that small periods are not flagged too often. Runs follow Nelson's
    rule 2 (1984, Journal of Quality Technology 16:237-239): the ninth point in a row on the same side of the center is
    flagged, and so is every further point of the run. A point on the center, or without trials, ends a run.

    Args:
        points: Mature periods in order of time. Trials are treated as independent; where residents repeat, pass effective
            counts (see `design_effect`).

    Returns:
        The chart, with one limit and one signal for each point, in order.
    """
    from scipy.stats import binom

    trials, successes = sum(point.trials for point in points), sum(point.successes for point in points)
    if not trials:
        return Chart(None, [None] * len(points), [None] * len(points))
    center = successes / trials
    sizes = [max(point.trials, 1) for point in points]
    lows, highs = binom.ppf(TAIL, sizes, center), binom.isf(TAIL, sizes, center)
    limits: list[tuple[float, float] | None] = []
    flags: list[str | None] = []
    run = previous_side = 0
    for point, low, high in zip(points, lows, highs, strict=True):
        # in integers, so that a point on the center is exactly on it
        lead = point.successes * trials - successes * point.trials
        side = (lead > 0) - (lead < 0)
        run = 0 if side == 0 else run + 1 if side == previous_side else 1
        previous_side = side
        if not point.trials:
            limits.append(None)
            flags.append(None)
            continue
        limits.append((float(low) / point.trials, float(high) / point.trials))
        if not low <= point.successes <= high:
            flags.append(BEYOND_LIMITS)
        else:
            flags.append(NINE_IN_A_ROW if run >= RUN else None)
    return Chart(center, limits, flags)
