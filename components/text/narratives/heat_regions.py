"""The equity heat table by region: how each group takes part in each region, or the outcome that the reader chose."""

from __future__ import annotations

from collections.abc import Sequence

from components.text.narratives import heat
from components.text.narratives.answer_data import OUTCOMES, EquityData
from components.text.narratives.heat import HeatCell, HeatRow, Tone
from components.text.prose import row_of
from queries.calculators.gap import GapRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.notes import NOT_SUPPLIED

PARTICIPATION = "participation"
CHOICES = {PARTICIPATION: heat.PARTICIPATION, **OUTCOMES}
_FEWEST_REGIONS = 2


def regions(data: EquityData) -> list[str]:
    """Return the regions that can be compared, in the order of the answer; none if there are fewer than two."""
    # a group that the delivery does not say has a row of no region
    names = list(dict.fromkeys(row.key for row in data.by_region.rows if row.note != NOT_SUPPLIED))
    return names if len(names) >= _FEWEST_REGIONS else []


def rows(data: EquityData, measure: str, names: Sequence[str] = ()) -> list[HeatRow]:
    """Return a row a group and a cell a region.

    Args:
        data: The answers.
        measure: A key of CHOICES.
        names: The regions; by default those of the answers.
    """
    names = names or regions(data)
    groups = list(dict.fromkeys(str(row.group) for row in data.shares.rows))
    return [
        HeatRow(group=group, name=data.labels.get(group, group), cells=_cells(data, group, measure, names))
        for group in groups
    ]


def figures(measure: str) -> str:
    """Say what the second lines of the cells are. measure: a key of CHOICES."""
    return "Figures are percentages of the goal." if measure == PARTICIPATION else "Figures are points."


def has_no_figure(row: HeatRow, changes: Sequence[str]) -> bool:
    """Return whether all regions of a row have the same reason and nothing else. changes: the second lines of its cells."""
    is_unknown = all(cell.tone == Tone.UNKNOWN for cell in row.cells)
    return is_unknown and len({cell.text for cell in row.cells}) == 1 < len(row.cells) and not any(changes)


def _cells(data: EquityData, group: str, measure: str, names: Sequence[str]) -> tuple[HeatCell, ...]:
    if measure == PARTICIPATION:
        absent = data.why_absent(group)
        return tuple(heat.participation(row_of(data.by_region, GapRow, name, group=group), absent) for name in names)
    answer, absent = data.outcomes_by_region, data.why_absent(group, measure)
    return tuple(
        heat.outcome(row_of(answer, OutcomeRow, name, group=group, part=measure), measure, absent) for name in names
    )


def caption(measure: str) -> str:
    """Return what the table is called."""
    if measure == PARTICIPATION:
        return "Groups by region, compared with their target or their share of the region’s population"
    return f"Groups by region: {OUTCOMES[measure].lower()}, compared with other residents of the region"
