"""Participation over time: each group's share of the residents who enrolled in a period and answered."""

from __future__ import annotations

from dataclasses import dataclass

from queries.calculators.group_rows import not_supplied_groups
from queries.calculators.over_time import (
    DEFAULT_BY,
    DIMENSIONS,
    POOLED,
    PeriodRow,
    Series,
    by_period,
    series_rows,
    totals_by_period,
)
from queries.calculators.registry import BASE_RATE, Calculator, Counts, Disclosure
from queries.context import QueryContext
from queries.database import SqlRow
from queries.disclosure import people, rest_of
from queries.registry import measure
from queries.statistics.significance import Side


@dataclass(frozen=True, kw_only=True)
class ParticipationPeriodRow(PeriodRow):
    """A group's share in one period; numerator and denominator are residents.

    Attributes:
        everyone: Residents who enrolled in the period.
        undisclosed: Those of them who did not disclose.
    """

    everyone: int | None = people()
    undisclosed: int | None = people()


def counts(row: ParticipationPeriodRow) -> Counts:
    """Return residents in the group, residents known not to be in it, and residents who did not disclose."""
    return row.numerator, rest_of(row.denominator, row.numerator), row.undisclosed


def side_of(raw: SqlRow | None) -> tuple[Side, ParticipationPeriodRow]:
    """Return the counts of one period."""
    if raw is None:
        return Side.of_people(0, 0), ParticipationPeriodRow(key="", value=None, everyone=0, undisclosed=0)
    undisclosed = raw["everyone"] - raw["denominator"]
    row = ParticipationPeriodRow(key="", value=None, everyone=raw["everyone"], undisclosed=undisclosed)
    return Side.of_people(int(raw["numerator"]), int(raw["denominator"])), row


DISCLOSURE = Disclosure[ParticipationPeriodRow](counts=counts, rates=BASE_RATE, totals=totals_by_period, pooled=POOLED)


@Calculator(
    "participation_over_time",
    row=ParticipationPeriodRow,
    disclosure=DISCLOSURE,
    is_about_groups=True,
    dimensions=DIMENSIONS,
    default_by=DEFAULT_BY,
)
def participation_over_time(context: QueryContext) -> list[ParticipationPeriodRow]:
    """Return one row per group and period."""
    context = by_period(context)
    share = measure("participation_share")
    series = Series(measure=share, agg="participation", part=None, target_of=share.id, known={})
    return series_rows(context, series, side_of) + not_supplied_groups(context, ParticipationPeriodRow)
