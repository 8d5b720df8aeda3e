"""Describe which programs carry a gap."""

from __future__ import annotations

from collections.abc import Sequence

from components.text import prose, reliability
from components.text.format import known, share
from components.text.scope_words import filters
from queries.calculators.gap_cells import GapCellRow
from queries.models import Answer

MOST_CELLS = 6
FEW_CARRY = 0.4


def carrying(cells: Answer, *, gap: float) -> list[GapCellRow]:
    """Return the few places that carry most of a gap, up to half of it.

    Args:
        cells: One row a program and region.
        gap: The gap as a fraction; only places with its sign count.

    Returns:
        At most MOST_CELLS rows, the largest first. Places with too few people on a side are not among them: a rate of a few
        says nothing of the program.
    """
    rows = [row for row in cells.rows_of(GapCellRow) if known(row.value) and row.value * gap > 0]
    total, running, largest = sum(abs(row.value or 0) for row in rows), 0.0, []
    enough = sorted((row for row in rows if not row.note), key=lambda row: -abs(row.value or 0))
    for row in enough[:MOST_CELLS]:
        largest.append(row)
        running += abs(row.value or 0)
        if running >= total / 2:
            break
    return largest


NO_PROGRAM = {
    True: "No program in any region has enough people on both sides to say where the gap is.",
    False: "This difference could be chance, so no program is named for it.",
}  # whether the difference is unlikely to be chance
CELL_WORDS = "Every program in every region adds to the gap or reduces it, through who enrolls there and through results there. These add most, of those with enough people on both sides."


def cells_title(rows: Sequence[GapCellRow], cells: Answer, *, gap: float, who: str) -> str:
    """State which programs carry the gap, and how much of it.

    Args:
        rows: The rows shown, at least one.
        cells: One row a program and region.
        gap: The gap, as a fraction.
        who: The group, as in "veterans".
    """
    total = sum(abs(row.value) for row in cells.rows if known(row.value) and row.value * gap > 0)
    start = f"{prose.capital(who)}{filters(cells)}"
    part = sum(abs(row.value or 0) for row in rows) / total
    of = f"of what puts them {'behind' if gap < 0 else 'ahead'}"
    if part < FEW_CARRY:
        count = prose.in_words(len(rows))
        places = f"the {count} largest places" if len(rows) > 1 else "the largest place"
        verb = prose.noun(len(rows), "adds", "add")
        return f"{start}. The gap is spread out: {places} with enough people {verb} {share(part)} {of}"
    places = prose.join([f"{row.key} in {row.part}" for row in rows[:3]])
    more = f" and {prose.plural(len(rows) - 3, 'more place')}" if len(rows) > 3 else ""
    return f"{start}. {places}{more} {prose.noun(len(rows), 'adds', 'add')} {share(part)} {of}"


def cells_table(rows: Sequence[GapCellRow]) -> list[dict[str, prose.Cell]]:
    """Return one table row a program and region: what it adds to the gap, its two parts, and the rates behind them."""
    return [
        {
            "Program": row.key,
            "Region": row.part,
            "Adds to the gap": row.value,
            "From who enrolls there": row.between,
            "From results there": row.within,
            "Group’s exits": row.known_in,
            "Group’s rate": row.numerator,
            "Others’ rate": row.denominator,
            "Reliability": reliability.of_sides(row),
        }
        for row in rows
    ]
