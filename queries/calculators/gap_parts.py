"""What a group's gap is made of: sectors, then regions, then providers, and what remains within the same place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from queries.calculators.comparison import compared
from queries.calculators.gap_places import nested_cells, supplied_levels
from queries.calculators.group_rows import by_group, not_supplied_groups
from queries.calculators.registry import Calculator, Counts, Disclosure
from queries.context import QueryContext
from queries.disclosure import derived, people
from queries.models import ComparedRow
from queries.notes import ALL_ALIKE, NO_PLACES, NOBODY_ANSWERED
from queries.statistics.nested_decomposition import NestedCell, NestedPart, nested
from queries.statistics.significance import p_of_difference
from queries.verdicts import Compared, as_family, outcome_verdict, reason_against

MAX_SINGLE_SIDED = 0.2  # of exits, in places that hold only one side


@dataclass(frozen=True, kw_only=True)
class GapPartRow(ComparedRow):
    """One part (`part`: a level, or "within") of a group's gap, in points as fractions.

    Attributes:
        gap: The gap that the parts add up to.
        rate_in: The group's rate, as a fraction.
        rate_out: The others' rate, as a fraction.
        known_in: Exits of the group whose outcome is known.
        known_out: Exits of the others whose outcome is known.
    """

    gap: float | None = derived()
    rate_in: float | None = derived()
    rate_out: float | None = derived()
    known_in: int | None = people()
    known_out: int | None = people()

    def judged(self, *, p_adjusted: float | None, compared: int) -> Self:
        """Return the row with an adjusted p-value and the verdict that follows from it."""
        row = super().judged(p_adjusted=p_adjusted, compared=compared)
        if p_adjusted is None:
            return row
        return replace(row, verdict=outcome_verdict(p_adjusted, is_higher=(self.value or 0) > 0))

    @property
    def exits_lost(self) -> float | None:
        """The part as exits of the group, without its sign."""
        return None if self.value is None or self.known_in is None else abs(self.value) * self.known_in


def counts_of_all(context: QueryContext, rows: Sequence[GapPartRow]) -> list[Counts]:
    """Return the counts of every place down to a row's level; for "within", down to the finest level of the group."""
    levels = supplied_levels(context)
    places = dict(nested_cells(context.for_all_groups(), levels))
    finest: dict[str | None, int] = {}
    for row in rows:
        if row.part in levels:
            finest[row.group] = max(finest.get(row.group, 0), levels.index(row.part) + 1)
    return [
        _counts_at(
            places.get(row.group or "", []),
            levels.index(row.part) + 1 if row.part in levels else finest.get(row.group, 0),
        )
        for row in rows
    ]


def _counts_at(cells: Sequence[NestedCell], depth: int) -> Counts:
    """Return successes and failures of both sides in each place, where places are told apart to some depth of levels."""
    sums: dict[tuple[str, ...], list[int]] = {}
    for cell in cells:
        place = sums.setdefault(cell.levels[:depth], [0, 0, 0, 0])
        failures_in, failures_out = cell.known_in - cell.successes_in, cell.known_out - cell.successes_out
        for at, count in enumerate((cell.successes_in, failures_in, cell.successes_out, failures_out)):
            place[at] += count
    return [count for counts in sums.values() for count in counts]


DISCLOSURE = Disclosure[GapPartRow](counts_of_all=counts_of_all, decimals=3)


@Calculator(
    "gap_parts",
    row=GapPartRow,
    disclosure=DISCLOSURE,
    is_about_groups=True,
    dimensions=(None, "group"),
    takes_outcome=True,
)
def gap_parts(context: QueryContext) -> list[GapPartRow]:
    """Return one row per group and part; the parts of a group add up to its gap.

    Sectors come first, then regions within a sector, then providers within both. A level at which over a fifth of the
    exits are in places without the other side is not a part of its own: it stays in "within". A level that the delivery does
    not say is no part: nothing is known about it, which is not a part of zero.
    """
    all_groups = context.for_all_groups()
    rows: list[GapPartRow] = []
    comparisons = {group: compared(raw) for _, group, raw in by_group(replace(all_groups, by=None), "rate_by_side")}
    levels = supplied_levels(context)
    for group, cells in nested_cells(all_groups, levels):
        rows += _parts_of_group(group, comparisons[group], cells, levels)
    groups = set(context.groups())
    judged = as_family([row.but(p=_p_value(row)) for row in rows])
    return [row for row in judged if row.group in groups] + not_supplied_groups(context, GapPartRow)


def _parts_of_group(
    group: str, comparison: Compared, cells: Sequence[NestedCell], levels: Sequence[str]
) -> list[GapPartRow]:
    inside, outside = comparison.inside, comparison.outside
    parts = _parts(cells, levels, effects=(inside.effect, outside.effect))
    reason = reason_against(comparison)
    is_alike = inside.rate == outside.rate and inside.rate in (0, 1)  # no gap, and no noise to judge a part by
    if parts is None or reason or is_alike:
        note = ALL_ALIKE if is_alike and not reason else NOBODY_ANSWERED if levels else NO_PLACES
        note = reason.value if reason else note
        return [GapPartRow(key=group, group=group, value=None, note=note)]
    return [
        GapPartRow(
            key=part.level,
            group=group,
            part=part.level,
            value=part.value,
            low=part.low,
            high=part.high,
            gap=(inside.rate or 0) - (outside.rate or 0),
            rate_in=inside.rate,
            rate_out=outside.rate,
            known_in=inside.trials,
            known_out=outside.trials,
        )
        for part in parts
    ]


def _parts(
    cells: Sequence[NestedCell], levels: Sequence[str], *, effects: tuple[float, float]
) -> list[NestedPart] | None:
    """Return the parts down to the last level whose places mostly hold both sides.

    Finer levels would count differences within a place as differences between places.
    """
    for depth in range(len(levels), 0, -1):
        if depth < len(levels):
            cells = [replace(cell, levels=cell.levels[:depth]) for cell in cells]
        parts = nested(cells, levels=levels[:depth], effects=effects)
        if parts is None or depth == 1 or parts[depth - 1].unpaired_share <= MAX_SINGLE_SIDED:
            return parts
    return None


def _p_value(row: GapPartRow) -> float | None:
    """Return the two-sided p-value of a part against zero, from its interval; None without a part or a width."""
    if row.value is None or row.low is None or row.high is None or row.high - row.low < 1e-9:
        return None
    return p_of_difference(row.value, (row.high - row.low) / 2)
