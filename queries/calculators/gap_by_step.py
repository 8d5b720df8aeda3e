"""Where a group falls behind on the path from application to employment, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from queries.calculators.comparison import (
    REVEALING_PARTS,
    SidesRow,
    compared,
    side_counts,
    side_row,
)
from queries.calculators.group_rows import not_supplied_groups, rates_by_group
from queries.calculators.group_shares import RepresentationRow, representation_counts, representation_rows
from queries.calculators.registry import Calculator, Counts, Disclosure
from queries.context import QueryContext
from queries.disclosure import derived, people
from queries.notes import NOT_SUPPLIED
from queries.scope import STEPS
from queries.verdicts import as_family


@dataclass(frozen=True, kw_only=True)
class StepRow(SidesRow):
    """One step (`part`): the group's rate ÷ the others' rate.

    The first step, "applied", is the group's share of applicants ÷ its share of the population, and has the fields from
    `everyone` on.

    Attributes:
        lost: How many more of the group would have passed the step at the others' rate; negative: how many fewer.
        everyone: All applicants.
        undisclosed: Applicants who did not disclose.
        residents: Applicants in the group.
        answered: Applicants who answered.
        bound_low: The share of applicants if no undisclosed applicant is in the group, as a fraction.
        bound_high: The same if every undisclosed applicant is.
        benchmark: The group's share of the population, as a fraction.
        benchmark_base: The population it is a share of.
        benchmark_about: The same with the definition, the source and the year.
        second_benchmark: A benchmark of another population or definition, as a fraction.
        second_about: What that is a share of.
        bound_low_ratio: `bound_low` ÷ benchmark.
        bound_high_ratio: `bound_high` ÷ benchmark.
    """

    lost: float | None = derived()
    everyone: int | None = people()
    undisclosed: int | None = people()
    residents: float | None = people()
    answered: float | None = people()
    bound_low: float | None = derived()
    bound_high: float | None = derived()
    benchmark: float | None = derived()
    benchmark_base: str | None = derived()
    benchmark_about: str | None = derived()
    second_benchmark: float | None = derived()
    second_about: str | None = derived()
    bound_low_ratio: float | None = derived()
    bound_high_ratio: float | None = derived()


def counts(row: StepRow) -> Counts:
    """Return the counts of one step; the first has fewer, and the rest are padded so that all steps have as many."""
    if row.undisclosed is None:
        return side_counts(row)
    shares = RepresentationRow(
        key=row.key, value=row.value, numerator=row.numerator, denominator=row.denominator, residents=row.residents,
        answered=row.answered, undisclosed=row.undisclosed,
    )  # fmt: skip
    return (*representation_counts(shares), None, None, None, None)


DISCLOSURE = Disclosure[StepRow](counts=counts, revealing_parts=REVEALING_PARTS)


@Calculator("gap_by_step", row=StepRow, disclosure=DISCLOSURE, is_about_groups=True)
def gap_by_step(context: QueryContext) -> list[StepRow]:
    """Return one row per group, step (`part`) and key; without another breakdown the key is the step.

    The verdicts allow for every group and step of the answer, whichever group the filters name.
    """
    all_groups = context.for_all_groups()
    rows: list[StepRow] = []
    by_rate = rates_by_group(all_groups, STEPS.values())
    for step, rate in STEPS.items():
        for key, group, raw in by_rate.get(rate, ()):
            row_key = step if context.by is None else key
            row = side_row(StepRow, compared(raw), key=row_key, group=group, part=step)
            rows.append(row.but(lost=row.missed))
    groups = set(context.groups())
    shown = [row for row in as_family(rows) if row.group in groups]
    return applicant_rows(context) + shown + not_supplied_groups(context, StepRow)


def applicant_rows(context: QueryContext) -> list[StepRow]:
    """Return the first step: the group's share of applicants ÷ its benchmark share; part "applied"."""
    by = context.by_place
    return [
        StepRow(**{**vars(row), "key": "applied" if by is None else row.key, "part": "applied"})
        for row in representation_rows(context.other("residents_applied", by=by))
        if row.note != NOT_SUPPLIED
    ]
