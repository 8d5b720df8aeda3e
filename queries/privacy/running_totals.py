"""Running totals of periods: those that a protected reader can work out from what is shown anyway.

Any other would be one more equation between hidden periods, which the audit does not know: from the sums that were safe by themselves,
fiscal years and the state gave away seven small counts of completions by sector and quarter of the demo.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from queries.calculators.registry import rows_of
from queries.context import QueryContext
from queries.models import Row
from queries.periods import days_of, key_of
from queries.privacy.joint import JointPattern, address_in, has_joint_pattern
from queries.privacy.rule import Rule

YEAR = "fiscal_year"


@dataclass(frozen=True)
class _Periods:
    """The periods of one answer, oldest first: their values, which are hidden, and the fiscal year of each."""

    values: Sequence[int]
    hidden: Collection[int]
    years: Sequence[str]

    def are_shown(self, places: Collection[int]) -> bool:
        return not any(at in self.hidden for at in places)

    def of_year(self, year: str) -> list[int]:
        return [at for at, its_year in enumerate(self.years) if its_year == year]

    def sum_of(self, places: Collection[int]) -> int:
        return sum(self.values[at] for at in places)


def known_totals(context: QueryContext, rows: Sequence[Row], hidden: Collection[int], rule: Rule) -> list[bool]:
    """Return for each period whether the sum up to its end follows from what is shown.

    It does if all periods up to there are shown, or all those after it and the total. A fiscal year that is shown stands for its
    quarters. An answer that no pattern covers has neither. Totals to which the periods do not add up, such as residents who enrolled in several, tell nothing here.

    Args:
        context: The question, broken down by a unit of time.
        rows: Its rows, oldest first, with the numbers that the reader gets where they are shown.
        hidden: The places of the hidden rows.
        rule: The limits.
    """
    if not hidden:
        return [True] * len(rows)
    if not has_joint_pattern(context):
        return [not any(other <= at for other in hidden) for at in range(len(rows))]
    by = str(context.by)
    years = [row.key if by == YEAR else key_of(days_of(row.key, by)[0], YEAR) for row in rows]
    periods = _Periods([round(row.value or 0) for row in rows], hidden, years)
    shown_years = _shown_years(context, periods, rule) if by != YEAR else frozenset()
    is_total_shown = _shown_sum(context, None, "Total", rule) == sum(periods.values)
    return [
        _is_known(periods, shown_years, range(at + 1))
        or (is_total_shown and _is_known(periods, shown_years, range(at + 1, len(rows))))
        for at in range(len(rows))
    ]


def _is_known(periods: _Periods, shown_years: Collection[str], places: Sequence[int]) -> bool:
    """Return whether the sum of neighboring periods follows from them and the fiscal years that are shown."""
    for year in {periods.years[at] for at in places}:
        of_year = periods.of_year(year)
        inside = [at for at in of_year if at in places]
        rest = [at for at in of_year if at not in places]
        if not periods.are_shown(inside) and not (year in shown_years and periods.are_shown(rest)):
            return False
    return True


def _shown_years(context: QueryContext, periods: _Periods, rule: Rule) -> frozenset[str]:
    """Return the fiscal years that are shown, and to which their periods add up."""
    sums: Mapping[str, int] = {year: periods.sum_of(periods.of_year(year)) for year in dict.fromkeys(periods.years)}
    return frozenset(year for year, total in sums.items() if _shown_sum(context, YEAR, year, rule) == total)


def _shown_sum(context: QueryContext, by: str | None, key: str, rule: Rule) -> int | None:
    """Return the number of one cell if protected readers see it as the delivery has it, else None."""
    question = replace(context, by=by)
    if not JointPattern.of(question, rule).is_exact(address_in(question, key)):
        return None
    return next((round(row.value or 0) for row in rows_of(question) if row.key == key), None)
