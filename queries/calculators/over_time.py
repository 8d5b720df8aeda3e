"""Groups over time: a share or rate a period, judged by a control chart, beside the target as it stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from queries.calculators.equity import by_group, not_supplied_groups
from queries.calculators.outcomes import is_supplied, side
from queries.calculators.targets import Target, history, in_force
from queries.context import QueryContext
from queries.maturity import maturity
from queries.models import Row
from queries.periods import WORDS, days_of, every
from queries.registry import Measure, measure
from queries.scope import OUTCOMES
from queries.sources import TIME
from queries.statistics import wilson
from queries.statistics.control import BEYOND_LIMITS, Point, signals
from queries.statistics.significance import Side, p_two_rates
from queries.verdicts import ENOUGH

BY = "quarter"
DEFAULT = {"participation_over_time": BY, "outcome_over_time": BY}  # kind: the periods meant where none are named
EVERY = (None, *TIME)
ALPHA = 0.05
PERIODS_COMPARED = 4
RISING, FALLING, STEADY, TOO_FEW = "rising", "falling", "steady", "too few to say"


def participation_over_time(context: QueryContext) -> list[Row]:
    """One row a group and period: the group's share of residents who enrolled in the period and answered."""
    context = _by_period(context)

    def counted(raw: Mapping[str, Any]) -> tuple[Side, dict[str, Any]]:
        people = {"everyone": raw["everyone"], "undisclosed": raw["everyone"] - raw["denominator"]}
        return Side.of_people(int(raw["numerator"]), int(raw["denominator"])), people

    empty = {"everyone": 0, "undisclosed": 0}
    rows = _rows(context, measure("participation_share"), "participation", counted, empty, part=None, known={})
    return rows + not_supplied_groups(context)


def outcome_over_time(context: QueryContext) -> list[Row]:
    """One row a group, outcome (`part`) and period, dated by the exit: the group's rate, the others' in `extra`.

    `of` in the question leaves one outcome.
    """
    context = _by_period(context)

    def counted(raw: Mapping[str, Any]) -> tuple[Side, dict[str, Any]]:
        inside, successes, known = side(raw, "in"), int(raw["successes_out"]), int(raw["known_out"])
        return inside, {"others": successes / known if known else None, "others_successes": successes, "others_known": known}

    empty = {"others": None, "others_successes": 0, "others_known": 0}
    rows: list[Row] = []
    for outcome in OUTCOMES:
        asked = measure(outcome)
        if is_supplied(context, outcome) and context.outcome in (None, outcome):
            known = _known(context, outcome) if asked.mature_known else {}
            rows += _rows(context, asked, "rate_by_side", counted, empty, part=outcome, known=known)
    return rows + not_supplied_groups(context)


def _by_period(context: QueryContext) -> QueryContext:
    return context if context.by else replace(context, by=BY)


def _known(context: QueryContext, outcome: str) -> dict[str, tuple[int, int]]:
    """By period: exits whose outcome is known, and exits; of everyone under the filters, for records arrive for all."""
    rows = context.rows(by=context.by, fact=outcome, agg="rate_of_rows", scope=context.scope.but(group=None))
    return {row["key"]: (row["denominator"], row["denominator"] + row["unknown"]) for row in rows}


def _rows(
    context: QueryContext,
    asked: Measure,
    agg: str,
    counted: Callable[[Mapping[str, Any]], tuple[Side, dict[str, Any]]],
    empty: Mapping[str, Any],
    *,
    part: str | None,
    known: Mapping[str, tuple[int, int]],
) -> list[Row]:
    """Every group's periods in order, from the first in which anything happened to the present one, without a gap."""
    by = str(context.by)
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for key, group, raw in by_group(context, agg, fact=asked.fact):
        found.setdefault(group, {})[key] = raw
    starts = [days_of(key, by)[0] for raws in found.values() for key in raws]
    if not starts:
        return []
    last = min(context.as_of, context.scope.until) if context.scope.until else context.as_of
    keys = every(min(starts), last, by)
    rows: list[Row] = []
    for group, raws in found.items():
        targets = history(context, part or asked.id, group=group, region=context.scope.region)
        series = []
        for key in keys:
            side, more = counted(raws[key]) if key in raws else (Side.of_people(0, 0), dict(empty))
            ripe = maturity(
                asked,
                key=key,
                by=by,
                as_of=context.as_of,
                since=context.scope.since,
                until=context.scope.until,
                known=known.get(key),
            )
            extra = {**more, **_clusters(side), **vars(ripe), **_target(targets, key, by)}
            series.append(_row(key, group, part, side, extra, WORDS[by]))
        rows += judged(series)
    return rows


def _row(key: str, group: str, part: str | None, side: Side, extra: Mapping[str, Any], word: str) -> Row:
    low, high = wilson(side.effective_successes, side.effective_trials) or (None, None)
    return Row(
        key=key,
        group=group,
        part=part,
        value=side.rate,
        numerator=side.successes,
        denominator=side.trials,
        low=low,
        high=high,
        note=None if side.trials else f"nobody to count in this {word}",
        extra=extra,
    )


def _clusters(side: Side) -> dict[str, Any]:
    """What a trend needs to allow for residents counted several times in a period."""
    return {"hh": side.hh, "hm": side.hm, "mm": side.mm}


def _target(targets: Sequence[Target], key: str, by: str) -> dict[str, Any]:
    """The target as it stood at the period's end; what was set later does not reach back."""
    target = in_force(targets, days_of(key, by)[1])
    return {"target": target["value"] if target else None, "target_set_on": target["set_on"] if target else None}


def judged(rows: Sequence[Row]) -> list[Row]:
    """One group's rows with what a p-chart of the mature ones says: `signal`, `center`, `limit_low` and `limit_high`.

    A single period with fewer than 30 enters the chart but is never called a change by itself: a program's first weeks
    see only those who leave early.
    """
    mature = [row for row in rows if row.extra["is_mature"] and row.denominator]
    chart = signals([Point(int(row.numerator or 0), int(row.denominator or 0)) for row in mature]) if mature else None
    said: dict[str, dict[str, Any]] = {}
    if chart is not None:
        for row, limits, signal in zip(mature, chart.limits, chart.signals, strict=True):
            low, high = limits or (None, None)
            signal = None if signal == BEYOND_LIMITS and (row.denominator or 0) < ENOUGH else signal
            said[row.key] = {"center": chart.center, "limit_low": low, "limit_high": high, "signal": signal}
    nothing = {"center": None, "limit_low": None, "limit_high": None, "signal": None}
    return [replace(row, extra={**row.extra, **said.get(row.key, nothing)}) for row in rows]


@dataclass(frozen=True)
class Trend:
    """The last four mature periods against the four before: both rates, and how often chance alone differs as much.

    `p` is None where there are too few to say; it belongs to a family of comparisons, see `word_at`.
    """

    now: float | None = None
    before: float | None = None
    p: float | None = None

    @property
    def word(self) -> str:
        """Rising, falling, steady (no change beyond chance) or too few to say, judged alone."""
        return self.word_at(self.p)

    def word_at(self, p: float | None) -> str:
        """The same by a p-value adjusted for the other trends judged with this one."""
        if self.p is None or p is None or self.now is None or self.before is None:
            return TOO_FEW
        if p > ALPHA or self.now == self.before:
            return STEADY
        return RISING if self.now > self.before else FALLING


def trend(rows: Sequence[Row]) -> Trend:
    """Where one group's rows (one outcome, oldest first) are heading; fewer than eight mature periods, or fewer than 30
    independent residents or exits on a side, are too few to say."""
    mature = [row for row in rows if row.extra.get("is_mature") and row.denominator]
    if len(mature) < 2 * PERIODS_COMPARED:
        return Trend()
    before = _pooled(mature[-2 * PERIODS_COMPARED : -PERIODS_COMPARED])
    now = _pooled(mature[-PERIODS_COMPARED:])
    enough = min(before.effective_trials, now.effective_trials) >= ENOUGH
    return Trend(now.rate, before.rate, p_two_rates(now, before) if enough else None)


def _pooled(rows: Sequence[Row]) -> Side:
    sums = [[row.numerator, row.denominator, row.extra["hh"], row.extra["hm"], row.extra["mm"]] for row in rows]
    return Side(*(int(sum(column)) for column in zip(*sums, strict=True)))
