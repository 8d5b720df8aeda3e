"""Groups over time: one row per period, judged by a control chart, with the target as it stood."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from queries.calculators.group_rows import by_group
from queries.calculators.targets import history, in_force
from queries.context import QueryContext
from queries.database import SqlRow
from queries.dimensions import TIME
from queries.disclosure import derived, public
from queries.maturity import Maturity, maturity
from queries.models import Row
from queries.periods import WORDS, days_of, every
from queries.registry import Measure
from queries.scope import OUTCOMES
from queries.statistics import signals, wilson
from queries.statistics.significance import Side, discoveries, p_two_rates
from queries.verdicts import ENOUGH, RATE

DEFAULT_BY = "quarter"
DIMENSIONS = (None, *TIME)
POOLED = ("center", "limit_low", "limit_high", "signal")  # a control chart pools every period
PERIODS_COMPARED = 4


@dataclass(frozen=True, kw_only=True)
class PeriodRow(Row):
    """A group's share or rate in one period (the key).

    Attributes:
        hh: Sum over residents of successes squared; with hm and mm it allows for residents counted several times.
        hm: Sum over residents of successes times trials.
        mm: Sum over residents of trials squared.
        is_mature: Whether the period is complete; None where that is hidden.
        why_not: Why it is not, as a clause.
        complete_on: The day it will be complete, if known.
        target: The target in force at the period's end, as a fraction.
        target_set_on: The day that target was set.
        center: The mean of the mature periods: the center of the control chart.
        limit_low: The chart's lower limit for this period.
        limit_high: The chart's upper limit for this period.
        signal: The rule of the chart that the period breaks.
    """

    hh: float | None = derived()
    hm: float | None = derived()
    mm: float | None = derived()
    is_mature: bool | None = public()
    why_not: str | None = public()
    complete_on: date | None = public()
    target: float | None = public()
    target_set_on: date | None = public()
    center: float | None = public()
    limit_low: float | None = derived()
    limit_high: float | None = derived()
    signal: str | None = derived()


P = TypeVar("P", bound=PeriodRow)


class Direction(StrEnum):
    """Where a group is heading."""

    RISING = "rising"
    FALLING = "falling"
    UNCLEAR = "no clear change"
    TOO_FEW = "too few to say"


RISING, FALLING, UNCLEAR, TOO_FEW = Direction.RISING, Direction.FALLING, Direction.UNCLEAR, Direction.TOO_FEW


def totals_by_period(context: QueryContext, row: Row) -> Iterable[Hashable]:
    """Return the total a row is part of: that of all periods, group by group and part by part."""
    return (("periods", row.group, row.part),)


@dataclass(frozen=True, kw_only=True)
class Series:
    """One measure to follow over time.

    Attributes:
        measure: The measure, whose rules of maturity apply.
        agg: The aggregation.
        part: The `part` of the rows.
        target_of: The measure whose targets apply.
        known: By period: exits whose outcome is known, and all exits.
    """

    measure: Measure
    agg: str
    part: str | None
    target_of: str
    known: Mapping[str, tuple[int, int]]


def by_period(context: QueryContext) -> QueryContext:
    """Return the context with the default period if the question names none."""
    return context if context.by else replace(context, by=DEFAULT_BY)


def series_rows(context: QueryContext, series: Series, side_of: Callable[[SqlRow | None], tuple[Side, P]]) -> list[P]:
    """Return every group's periods in order, without a gap, from the first event to the present.

    Args:
        context: The question, with a period as its breakdown.
        series: What to follow.
        side_of: Returns the group's counts and a row with the other fields, from a SQL row (None: nothing happened).
    """
    by = str(context.by)
    raw_rows: dict[str, dict[str, SqlRow]] = {}
    for key, group, raw in by_group(context, series.agg, fact=series.measure.fact):
        raw_rows.setdefault(group, {})[key] = raw
    starts = [days_of(key, by)[0] for periods in raw_rows.values() for key in periods]
    if not starts:
        return []
    last = min(context.as_of, context.scope.until) if context.scope.until else context.as_of
    keys = every(min(starts), last, by)
    # participation and every outcome of every group, whichever of them are shown: the limits do not depend on the filters
    charts = len(context.listing("groups")) * (1 + len(OUTCOMES))
    states = {key: _maturity(context, series, key, by) for key in keys}
    rows: list[P] = []
    for group, periods in raw_rows.items():
        targets = history(context, series.target_of, group=group, region=context.scope.region)
        group_rows = []
        for key, state in states.items():
            target = in_force(targets, days_of(key, by)[1])  # a target set later does not reach back
            side, row = side_of(periods.get(key))
            low, high = wilson(side.effective_successes, side.effective_trials) or (None, None)
            group_rows.append(
                row.but(
                    key=key,
                    group=group,
                    part=series.part,
                    value=side.rate,
                    numerator=side.successes,
                    denominator=side.trials,
                    low=low,
                    high=high,
                    note=None if side.trials else state.why_not or f"nobody to count in this {WORDS[by]}",
                    hh=side.hh,
                    hm=side.hm,
                    mm=side.mm,
                    is_mature=state.is_mature,
                    why_not=state.why_not,
                    complete_on=state.complete_on,
                    target=target.value if target else None,
                    target_set_on=target.set_on if target else None,
                )
            )
        rows += with_chart(group_rows, charts=charts)
    return rows


def _maturity(context: QueryContext, series: Series, key: str, by: str) -> Maturity:
    since, until = context.scope.since, context.scope.until
    return maturity(
        series.measure, key=key, by=by, as_of=context.as_of, since=since, until=until, known=series.known.get(key)
    )


def with_chart(rows: Sequence[P], *, charts: int) -> list[P]:
    """Return one group's rows with what a p-chart of the mature periods shows. charts: how many are judged together."""
    mature = [row for row in rows if row.is_mature and row.denominator]
    if not mature:
        return list(rows)
    chart = signals([_side(row) for row in mature], charts=charts)
    judged = {}
    for row, limits, signal in zip(mature, chart.limits, chart.signals, strict=True):
        low, high = limits or (None, None)
        judged[row.key] = row.but(center=chart.center, limit_low=low, limit_high=high, signal=signal)
    return [judged.get(row.key, row) for row in rows]


@dataclass(frozen=True)
class Trend:
    """The last four mature periods compared with the four before.

    Attributes:
        now: The rate of the last four, as a fraction.
        before: The rate of the four before.
        p: How often chance alone makes them differ as much; None if there are too few to say.
        p_adjusted: The same, adjusted for the other trends of the answer.
    """

    now: float | None = None
    before: float | None = None
    p: float | None = None
    p_adjusted: float | None = None

    def word_at(self, p: float | None) -> Direction:
        """Return the direction at a p-value."""
        if self.p is None or p is None or self.now is None or self.before is None:
            return TOO_FEW
        if p > RATE or self.now == self.before:
            return UNCLEAR
        return RISING if self.now > self.before else FALLING


def trend(rows: Sequence[PeriodRow]) -> Trend:
    """Return where one group (and outcome) is heading; rows are oldest first.

    Fewer than eight mature periods, or fewer than 30 independent residents or exits on a side, are too few to say. A period with
    nobody counts as one: without it, the last four would not be the last year.
    """
    mature = [row for row in rows if row.is_mature is not False][-2 * PERIODS_COMPARED :]
    if len(mature) < 2 * PERIODS_COMPARED or any(
        row.denominator is None for row in mature
    ):  # None: hidden from the reader
        return Trend()
    before, now = _pooled(mature[:PERIODS_COMPARED]), _pooled(mature[PERIODS_COMPARED:])
    is_enough = min(before.effective_trials, now.effective_trials) >= ENOUGH
    return Trend(now.rate, before.rate, p_two_rates(now, before) if is_enough else None)


def trends(rows: Sequence[PeriodRow]) -> dict[str, Trend]:
    """Return the trend of each group in the rows of one outcome, with p-values adjusted for all of them."""
    groups = dict.fromkeys(row.group for row in rows if row.group)
    result = {group: trend([row for row in rows if row.group == group]) for group in groups}
    adjusted = discoveries([item.p for item in result.values()], rate=RATE)
    return {group: replace(item, p_adjusted=p) for (group, item), p in zip(result.items(), adjusted, strict=True)}


def _side(row: PeriodRow) -> Side:
    counts = (row.numerator, row.denominator, row.hh, row.hm, row.mm)
    return Side(*(int(count or 0) for count in counts))


def _pooled(rows: Sequence[PeriodRow]) -> Side:
    sides = [_side(row) for row in rows]
    return Side(*(sum(getattr(side, item.name) for side in sides) for item in fields(Side)))
