"""A group's gap split in two: being in other places, and having other rates within the same place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from queries.calculators.comparison import SIDE_COLUMNS, SidesRow, side_counts
from queries.calculators.group_rows import by_group, not_supplied_groups
from queries.calculators.registry import Calculator, Counts, Disclosure
from queries.case_mix import is_place_supplied
from queries.context import QueryContext
from queries.disclosure import derived
from queries.models import Row
from queries.notes import NOBODY_ANSWERED
from queries.statistics import Cell, decompose

PLACES = ("region", "sector", "program")


@dataclass(frozen=True, kw_only=True)
class DecompositionRow(Row):
    """A gap, or one place's part of it, in points as fractions; `part` is the dimension it is split by.

    Attributes:
        between: What comes of being in other places.
        within: What comes of other rates within the same place.
        gap: By place: the gap that the rows of the group add up to.
    """

    between: float | None = derived()
    within: float | None = derived()
    gap: float | None = derived()


def counts_of_all(context: QueryContext, rows: Sequence[DecompositionRow]) -> list[Counts]:
    """Return the counts behind each row. The rows show points only, but the counts of few places follow from them.

    By place they are the counts of the row's place, else of every place of the dimension that the row names.
    """
    if context.by_place is not None:
        counts = _counts_by_place(context, context.by_place)
        return [counts.get((row.group or "", row.key), (None,) * 7) for row in rows]
    by_dimension = {row.part: _counts_by_place(context, row.part) for row in rows if row.part}
    return [
        [
            count
            for (group, _), counts in by_dimension.get(row.part or "", {}).items()
            if group == row.group
            for count in counts
        ]
        for row in rows
    ]


def _counts_by_place(context: QueryContext, place: str | None) -> dict[tuple[str, str], Counts]:
    result: dict[tuple[str, str], Counts] = {}
    for key, group, raw in by_group(replace(context, by=place), "rate_by_side"):
        counts: dict[str, Any] = {name: int(raw[name]) for name in SIDE_COLUMNS}
        result[group, key] = side_counts(SidesRow(key=key, value=None, **counts))
    return result


DISCLOSURE = Disclosure[DecompositionRow](counts_of_all=counts_of_all, decimals=3)


@Calculator("decomposition", row=DecompositionRow, disclosure=DISCLOSURE, is_about_groups=True)
def decomposition(context: QueryContext) -> list[DecompositionRow]:
    """Return the gap and its parts; a resident's enrollments are the unit.

    Without a breakdown: one row per group and dimension that the delivery says. By place: one row per group and place, which add up to the gap.
    """
    places = [context.by_place] if context.by_place else [p for p in PLACES if is_place_supplied(context, p)]
    rows: list[DecompositionRow] = []
    for place in places:
        cells: dict[str, list[Cell]] = {}
        for key, group, raw in by_group(replace(context, by=place), "rate_by_side"):
            counts = (raw["successes_in"], raw["known_in"], raw["successes_out"], raw["known_out"])
            cells.setdefault(group, []).append(Cell(key, *counts))
        for group in context.groups():
            rows += _rows(context, group, place, cells.get(group, []))
    return rows + not_supplied_groups(context, DecompositionRow)


def _rows(context: QueryContext, group: str, place: str, cells: list[Cell]) -> list[DecompositionRow]:
    if not cells:
        return []
    parts = decompose(cells)
    if parts is None:
        return [DecompositionRow(key=group, group=group, part=place, value=None, note=NOBODY_ANSWERED)]
    between, within = sum(part.between for part in parts), sum(part.within for part in parts)
    if context.by_place is None:
        gap = between + within
        return [DecompositionRow(key=group, group=group, part=place, value=gap, between=between, within=within)]
    return [
        DecompositionRow(
            key=part.key,
            group=group,
            part=place,
            value=part.between + part.within,
            between=part.between,
            within=part.within,
            gap=between + within,
        )
        for part in parts
    ]
