"""Participation of two groups at once: how many residents are in both, of those who answered about both."""

from __future__ import annotations

from dataclasses import dataclass

from queries.calculators.group_shares import ParticipationRow, participation_counts, participation_row
from queries.calculators.registry import BASE_RATE, Calculator, Disclosure
from queries.context import QueryContext
from queries.disclosure import people

APPLIED, COMPLETED = "residents_applied", "completions"


@dataclass(frozen=True, kw_only=True)
class PairParticipationRow(ParticipationRow):
    """A pair of groups (`group` and `part`; the key is "first+second"): its share of the residents who answered about both.

    Attributes:
        applied: Residents in both groups who applied. None where the delivery has no applications.
        completed: Residents in both groups who completed. None where the delivery has no completions.
    """

    applied: int | None = people()
    completed: int | None = people()


DISCLOSURE = Disclosure[PairParticipationRow](
    counts=lambda row: (*participation_counts(row), row.applied, row.completed), rates=BASE_RATE
)


@Calculator(
    "pair_participation",
    row=PairParticipationRow,
    disclosure=DISCLOSURE,
    is_about_groups=True,
    compares_pairs=True,
    is_exact_only=True,
    dimensions=(None, "group"),
)
def pair_participation(context: QueryContext) -> list[PairParticipationRow]:
    """Return one row per pair of groups: residents enrolled who are in both, of those who answered about both."""
    missing = context.groups_not_supplied()
    scope = context.scope.but(group=None)
    applied, completed = _in_both(context, APPLIED), _in_both(context, COMPLETED)
    rows = []
    for raw in context.rows(by=None, scope=scope):
        first, second = raw["group_id"], raw["other_id"]
        if {first, second} & missing or context.scope.group not in (None, first, second):
            continue
        row = participation_row(raw, PairParticipationRow, key=f"{first}+{second}", group=first)
        rows.append(
            row.but(
                part=second,
                applied=applied.get((first, second), 0) if applied is not None else None,
                completed=completed.get((first, second), 0) if completed is not None else None,
            )
        )
    return rows


def _in_both(context: QueryContext, fact: str) -> dict[tuple[str, str], int] | None:
    """Return the residents with an event who are in both groups, by pair; None where the delivery has no such events."""
    if not context.is_supplied(fact):
        return None
    rows = context.rows(by=None, fact=fact, scope=context.scope.but(group=None))
    return {(row["group_id"], row["other_id"]): row["numerator"] for row in rows}
