"""Outcomes over time: each group's rate in a period, dated by the exit, with the others' rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.calculators.comparison import REVEALING_PARTS, side
from queries.calculators.counts import rate_counts
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
from queries.calculators.registry import BASE_RATE, SIDE_RATES, Calculator, Counts, Disclosure
from queries.context import QueryContext
from queries.database import SqlRow
from queries.disclosure import derived, people, rest_of
from queries.maturity import maturity
from queries.registry import measure
from queries.scope import OUTCOMES
from queries.statistics.significance import Side


@dataclass(frozen=True, kw_only=True)
class OutcomePeriodRow(PeriodRow):
    """A group's rate of one outcome (`part`) in one period.

    Attributes:
        others: The others' rate, as a fraction.
        others_successes: Exits of the others with the outcome.
        others_known: Exits of the others whose outcome is known.
    """

    others: float | None = derived()
    others_successes: int | None = people()
    others_known: int | None = people()


def counts(row: OutcomePeriodRow) -> Counts:
    """Return successes and failures of the group and of the others."""
    return (*rate_counts(row), row.others_successes, rest_of(row.others_known, row.others_successes))


def side_of(raw: SqlRow | None) -> tuple[Side, OutcomePeriodRow]:
    """Return the counts of one period."""
    successes, known = (int(raw["successes_out"]), int(raw["known_out"])) if raw else (0, 0)
    row = OutcomePeriodRow(
        key="", value=None, others=successes / known if known else None, others_successes=successes, others_known=known
    )
    return side(raw, "in") if raw else Side.of_people(0, 0), row


def without_hidden_maturity(context: QueryContext, rows: Sequence[OutcomePeriodRow]) -> list[OutcomePeriodRow]:
    """Leave open whether a hidden period is complete where that says how many of its exits are known."""
    context = by_period(context)
    since, until = context.scope.since, context.scope.until

    def depends_on_known(row: OutcomePeriodRow) -> bool:
        entry = measure(str(row.part))
        by_date = maturity(entry, key=row.key, by=str(context.by), as_of=context.as_of, since=since, until=until)
        return bool(entry.mature_known) and by_date.is_mature

    return [
        row.but(is_mature=None, why_not=None) if row.suppression and row.part and depends_on_known(row) else row
        for row in rows
    ]


DISCLOSURE = Disclosure[OutcomePeriodRow](
    counts=counts,
    rates=(*BASE_RATE, *SIDE_RATES),
    totals=totals_by_period,
    pooled=POOLED,
    revealing_parts=REVEALING_PARTS,
    clear=without_hidden_maturity,
)


@Calculator(
    "outcome_over_time",
    row=OutcomePeriodRow,
    disclosure=DISCLOSURE,
    is_about_groups=True,
    dimensions=DIMENSIONS,
    takes_outcome=True,
    default_by=DEFAULT_BY,
)
def outcome_over_time(context: QueryContext) -> list[OutcomePeriodRow]:
    """Return one row per group, outcome (`part`) and period; only one outcome if the question names it."""
    context = by_period(context)
    rows: list[OutcomePeriodRow] = []
    for outcome in OUTCOMES:
        if context.is_supplied(outcome) and context.outcome in (None, outcome):
            entry = measure(outcome)
            known = _known(context, outcome) if entry.mature_known else {}
            series = Series(measure=entry, agg="rate_by_side", part=outcome, target_of=outcome, known=known)
            rows += series_rows(context, series, side_of)
    return rows + not_supplied_groups(context, OutcomePeriodRow)


def _known(context: QueryContext, outcome: str) -> dict[str, tuple[int, int]]:
    """Return exits with a known outcome, and all exits, by period: of everyone, since records arrive for everyone."""
    rows = context.rows(by=context.by, fact=outcome, agg="rate_of_rows", scope=context.scope.but(group=None))
    return {row["key"]: (row["denominator"], row["denominator"] + row["unknown"]) for row in rows}
