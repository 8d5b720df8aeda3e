"""What each program in each region adds to a group's gap."""

from __future__ import annotations

from dataclasses import dataclass

from queries.calculators.gap_places import nested_cells
from queries.calculators.group_rows import not_supplied_groups
from queries.calculators.registry import Calculator, Counts, Disclosure
from queries.context import QueryContext
from queries.disclosure import derived, people, rest_of
from queries.models import Row
from queries.statistics.nested_decomposition import CellPart, NestedCell, cell_parts
from queries.verdicts import ENOUGH, TOO_FEW


@dataclass(frozen=True, kw_only=True)
class GapCellRow(Row):
    """One program (key) in one region (`part`), in points as fractions; numerator and denominator are the two rates.

    Attributes:
        between: What comes of the group's share of residents there.
        within: What comes of its rate there.
        successes_in: Exits of the group with the outcome.
        known_in: Exits of the group whose outcome is known.
        successes_out: Exits of the others with the outcome.
        known_out: Exits of the others whose outcome is known.
    """

    between: float | None = derived()
    within: float | None = derived()
    successes_in: int | None = people()
    known_in: int | None = people()
    successes_out: int | None = people()
    known_out: int | None = people()


def counts(row: GapCellRow) -> Counts:
    """Return successes and failures of the group and of the others."""
    return (
        row.successes_in,
        rest_of(row.known_in, row.successes_in),
        row.successes_out,
        rest_of(row.known_out, row.successes_out),
    )


DISCLOSURE = Disclosure[GapCellRow](counts=counts, decimals=3)


@Calculator(
    "gap_cells",
    row=GapCellRow,
    disclosure=DISCLOSURE,
    is_about_groups=True,
    shows_programs=True,
    is_exact_only=True,
    dimensions=(None, "group"),
    takes_outcome=True,
)
def gap_cells(context: QueryContext) -> list[GapCellRow]:
    """Return one row per group, program and region; the rows of a group add up to its gap.

    Places with fewer than 30 exits on a side count in the sum and say so in `note`.
    """
    rows: list[GapCellRow] = []
    for group, cells in nested_cells(context, ("program", "region")):
        by_levels = {cell.levels: cell for cell in cells}
        rows += [_row(group, part, by_levels[part.levels]) for part in cell_parts(cells) or []]
    return rows + not_supplied_groups(context, GapCellRow)


def _row(group: str, part: CellPart, cell: NestedCell) -> GapCellRow:
    program, region = part.levels
    return GapCellRow(
        key=program,
        group=group,
        part=region,
        value=part.between + part.within,
        numerator=cell.successes_in / cell.known_in if cell.known_in else None,
        denominator=cell.successes_out / cell.known_out if cell.known_out else None,
        note=TOO_FEW.value if min(cell.known_in, cell.known_out) < ENOUGH else None,
        between=part.between,
        within=part.within,
        successes_in=cell.successes_in,
        known_in=cell.known_in,
        successes_out=cell.successes_out,
        known_out=cell.known_out,
    )
