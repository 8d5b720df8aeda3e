"""Counts, rates, medians and sums of events: one query, one row per key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from queries.calculators.registry import BASE_RATE, Calculator, Counts, Disclosure, Separate
from queries.context import QueryContext
from queries.database import SqlRow
from queries.design_effects import design_effect_of
from queries.disclosure import derived, people, rest_of
from queries.models import Row
from queries.notes import NOBODY_TO_COUNT
from queries.registry import Measure
from queries.statistics import Side, wilson

MODELS_OF_PEOPLE = frozenset({"enrollments", "courses", "meetings"})
POSITIONS_OF_RESIDENTS = frozenset({"positions_filled_by_participants", "participant_share"})


@dataclass(frozen=True, kw_only=True)
class CountRow(Row):
    """A count, rate, median or sum.

    Attributes:
        unknown: Of a rate: events (or residents) whose outcome is not known yet, left out of the denominator.
        inside: Of a median: events whose amount is in the promised range.
        quartile_low: Of a median: the first quartile, in the measure's unit.
        quartile_high: Of a median: the third quartile, in the measure's unit.
        rows: Of a sum: how many events it adds up.
        cumulative: Sum of this and all earlier periods, where the measure or the disclosure rule computes it.
        design_effect: Of a rate of events: how many times larger its variance is than if each were of a different resident
            (queries/design_effects.py).
    """

    unknown: int | None = people()
    inside: int | None = people()
    quartile_low: float | None = derived()
    quartile_high: float | None = derived()
    rows: int | None = people()
    cumulative: float | None = derived()
    design_effect: float | None = derived()

    @property
    def inside_share(self) -> float | None:
        """Of a median: the share of events whose amount is in the promised range, as a fraction."""
        return self.inside / self.denominator if self.inside is not None and self.denominator else None


def rate_counts(row: Row) -> Counts:
    """Return successes and failures of a rate."""
    return row.numerator, rest_of(row.denominator, row.numerator)


def _median_is_inside(row: CountRow) -> Counts:
    return row.inside, rest_of(row.denominator, row.inside)


COUNT = Disclosure[CountRow](counts=lambda row: (row.value,), adds_up_over_time=True)
RATE = Disclosure[CountRow](
    counts=rate_counts, rates=BASE_RATE, separate=(Separate(fields=("unknown",), counts=lambda row: (row.unknown,)),)
)
MEDIAN = Disclosure[CountRow](
    counts=lambda row: (row.denominator,),
    bases=("denominator",),
    separate=(Separate(fields=("inside",), counts=_median_is_inside),),
)
SUM = Disclosure[CountRow](counts=lambda row: (row.rows,), adds_up_over_time=True)
NOT_PEOPLE = Disclosure[CountRow](counts=lambda row: (), adds_up_over_time=True)
BY_AGGREGATION: Mapping[str, Disclosure[CountRow]] = {
    "count_residents": COUNT,
    "count_rows": COUNT,
    "successes_of_residents": COUNT,
    "rate_of_rows": RATE,
    "rate_of_residents": RATE,
    "rate_of_known_residents": RATE,
    "rate_of_sums": RATE,
    "residents_in_several": RATE,
    "median_of_rows": MEDIAN,
    "sum_of_rows": SUM,
}


def disclosure_of_count(measure: Measure) -> Disclosure[CountRow] | None:
    """Return how a plain measure counts people, by its aggregation; None for an aggregation that is not listed."""
    disclosure = BY_AGGREGATION.get(measure.agg)
    if measure.model in MODELS_OF_PEOPLE:
        return disclosure
    if measure.id in POSITIONS_OF_RESIDENTS:
        # the number of openings that a sum of positions adds up counts nobody
        return replace(COUNT, stays=frozenset({"rows"})) if measure.agg == "sum_of_rows" else disclosure
    return NOT_PEOPLE if measure.denominator is None else replace(NOT_PEOPLE, adds_up_over_time=False)


def to_row(raw: SqlRow, *, design_effect: float | None = None) -> CountRow:
    """Return one SQL row as an answer row.

    It is a median or a sum if it has a value, a rate with its Wilson interval if it has a denominator, else a count.

    Args:
        raw: The SQL row.
        design_effect: By how much events of the same residents increase the variance of a rate.

    Raises:
        TypeError: The aggregation has a column that `CountRow` does not declare.
    """
    more = dict(raw)
    key, numerator, denominator = more.pop("key"), more.pop("numerator", None), more.pop("denominator", None)
    if "value" in more:
        value = more.pop("value")
        note = NOBODY_TO_COUNT if value is None else None
        return CountRow(key=key, value=value, denominator=denominator, note=note, **more)
    if denominator is None:
        return CountRow(key=key, value=numerator, numerator=numerator, **more)
    if "hh" in more:  # positions of one opening are filled together: they tell less than as many openings
        side = Side(numerator, denominator, *(int(more.pop(name)) for name in ("hh", "hm", "mm")))
        design_effect = side.effect
    effect = design_effect or 1.0
    low, high = wilson(numerator / effect, denominator / effect) or (None, None)
    return CountRow(
        key=key,
        value=numerator / denominator if denominator else None,
        numerator=numerator,
        denominator=denominator,
        low=low,
        high=high,
        design_effect=design_effect,
        note=None if denominator else NOBODY_TO_COUNT,
        **more,
    )


def rows_by_key(context: QueryContext, **more: str | bool) -> list[CountRow]:
    """Return one row per key. By group, a resident in several groups counts in several rows.

    Args:
        context: The question.
        more: Further parameters of the query.
    """
    parameters: dict[str, Any] = dict(more)
    if context.by == "group":
        parameters |= {"scope": context.scope.but(group=None), "of_group": context.scope.group}
    is_rate = context.measure.agg == "rate_of_rows"
    effect = design_effect_of(context, context.outcome or context.measure.fact) if is_rate else None
    return [to_row(raw, design_effect=effect) for raw in context.rows(by=context.by, **parameters)]


@Calculator("counted", row=CountRow, disclosure=disclosure_of_count, is_about_groups=False, joins_groups=True)
def counted(context: QueryContext) -> list[CountRow]:
    """Return counts, rates, medians or sums. Without events, a count is zero and anything else has no value."""
    rows = rows_by_key(context)
    if not rows and context.by is None:
        is_count = context.measure.denominator is None
        rows = [CountRow(key="Total", value=0 if is_count else None, note=None if is_count else NOBODY_TO_COUNT)]
    return rows
