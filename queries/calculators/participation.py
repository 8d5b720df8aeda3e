"""Participation: each group's share of the residents who answered."""

from __future__ import annotations

from queries.calculators.group_shares import ParticipationRow, participation_counts, participation_rows
from queries.calculators.registry import BASE_RATE, Calculator, Disclosure
from queries.context import QueryContext

DISCLOSURE = Disclosure[ParticipationRow](counts=participation_counts, rates=BASE_RATE)


@Calculator("participation", row=ParticipationRow, disclosure=DISCLOSURE, is_about_groups=True)
def participation(context: QueryContext) -> list[ParticipationRow]:
    """Return one row per group and key: the share, its interval, the undisclosed and the two bounds."""
    return participation_rows(context)
