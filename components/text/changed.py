"""Say what changed since the previous delivery: a line, the words on a revised figure, and a table. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from components.data_table import Table
from components.text import format, prose, reasons
from components.text.format import day, format_value
from queries.change import MEANINGS, REVISIONS, Change, Part, PartKind, behind
from queries.change_lines import plain_number
from queries.models import REASONS, AnswerStatus

COUNTS = (
    "residents_applied",
    "residents_enrolled",
    "enrollments",
    "completions",
    "withdrawals",
    "credentials",
    "placements",
)
DOLLARS = ("allocated", "obligated", "expended")
COLUMNS = {
    "New": (PartKind.NEW, PartKind.ENDED),
    "Reported late": (PartKind.LATE,),
    "Corrected or removed": (PartKind.CORRECTED, PartKind.REMOVED),
    "Excluded": (PartKind.EXCLUDED,),
    "Merged or split": (PartKind.MERGED,),
}
WHY = "A row counts under each rule it breaks and each column that differs. A difference in dollars counts its rows, not its dollars."
_NOT_RECORDED = "The data does not say."
_NOT_COMPARED = "cannot be compared"
_NOW = "This delivery"


def line(change: Change | None) -> str:
    """Write a change: "Residents enrolled, new since the delivery of November 6, 2026: +14. Earlier figures of this measure were not revised".

    "" without a change.
    """
    if change is None or not change.parts:
        return ""
    unit, ended = change.measure.unit, change.part(PartKind.ENDED)
    new = format.change(change.part(PartKind.NEW).change, unit)
    if ended.removed:
        new += f"; {format_value(ended.removed, unit)} ended"
    since = f"new since the delivery of {day(change.before.delivered_on)}"
    return f"{change.measure.label}, {since}: {new}. Earlier figures of this measure were {_revisions(change.part(*REVISIONS), unit)}"


def _revisions(part: Part, unit: str) -> str:
    """Write what was revised; where additions and removals partly cancel out, their sum and the difference."""
    if not (part.added or part.removed):
        return "not revised"
    if not (part.added and part.removed):
        return f"revised by {format.change(part.change, unit)}"
    revised = part.added + part.removed
    return f"revised by {format_value(revised, unit)} (net {format.change(part.change, unit)})"


def revised(before: str, now: str, on: date) -> str:
    """Say that a later delivery revised a figure: "Revised from 12,000 to 11,998 as of November 6, 2026"."""
    return f"Revised from {before} to {now} as of {day(on)}"


def revised_since(now: str, on: date) -> str:
    """Say in an older delivery that the newest one revised its figure. on: the day of the newest delivery."""
    return f"Since revised to {now}, in the delivery of {day(on)}"


def exact(value: float, unit: str) -> str:
    """Return a figure as a reader sees it, but dollars in full, so that a small revision shows."""
    sign = "−" if value < 0 else ""
    return f"{sign}${format.fixed(abs(value), 0)}" if unit == "dollars" else format_value(value, unit)


def table(changes: Sequence[Change]) -> Table:
    """Return the table of changes, each row with its unit."""
    return replace(Table.from_rows(rows(changes)), row_units=[_unit(change) for change in changes])


def rows(changes: Sequence[Change]) -> list[dict[str, prose.Cell]]:
    """Return one table row a measure: both totals, and between them the parts that add up to their difference."""
    return [{"Measure": change.measure.label, **_cells(change)} for change in changes]


def why_table(changes: Sequence[Change]) -> list[dict[str, prose.Cell]]:
    """Return one table row for each part of each measure: its size, what it means, and what stands behind it."""
    return [
        {
            "Measure": change.measure.label,
            "Part": change.label(part.kind),
            "Change": format.change(part.change, change.measure.unit),
            "What it means": MEANINGS[part.kind],
            "What stands behind it": behind(change, part.kind, in_words=reasons.in_words) or _NOT_RECORDED,
        }
        for change in changes
        for part in change.parts
    ]


def words(changes: Sequence[Change]) -> str:
    """Return the sentences above the table: what is compared with what, and what the columns count."""
    before, now = changes[0].before.delivered_on, changes[0].now.delivered_on
    previous, earlier = day(before), "earlier " * (before == now)
    rounded = "Dollars add up before rounding. " if changes[0].measure.unit == "dollars" else ""
    return (
        f"Each row starts with the total of the {earlier}delivery of {previous}, adds every change, and ends with the total of this delivery. "
        f"{rounded}New: dated after {previous}. Every number is under the filters shown."
    )


def notes(changes: Sequence[Change]) -> list[str]:
    """Return the sentences that say why numbers are missing, once each; a table says by itself what is not supplied."""
    missing = (change for change in changes if change.status is not AnswerStatus.NOT_SUPPLIED)
    return list(dict.fromkeys(change.note for change in missing if change.note))


def previous_column(change: Change) -> str:
    """Name the column with the totals of the earlier delivery; a file says nowhere else which one that is."""
    return f"Previous delivery ({day(change.before.delivered_on)})"


def _unit(change: Change) -> str:
    """Return the unit of a row: what is not residents or dollars is counted in rows of the exports."""
    if change.measure.unit == "dollars":
        return "dollars"
    return "residents" if change.measure.agg == "count_residents" else "rows"


def _cells(change: Change) -> dict[str, prose.Cell]:
    before = previous_column(change)
    if change.status is not AnswerStatus.OK:
        reason = REASONS.get(change.status, "not computed")
        totals = {name: plain_number(total) for name, total in ((before, change.previous), (_NOW, change.current))}
        known = {name: total for name, total in totals.items() if total is not None}
        parts = _NOT_COMPARED if known else reason
        return {name: known.get(name, reason if name in totals else parts) for name in (before, *COLUMNS, _NOW)}
    cells: dict[str, prose.Cell] = {name: plain_number(change.part(*kinds).change) for name, kinds in COLUMNS.items()}
    if not change.knows_excluded:
        cells["Excluded"] = "among the removed"
    if change.measure.agg != "count_residents":
        cells["Merged or split"] = "does not apply"
    return {before: plain_number(change.previous), **cells, _NOW: plain_number(change.current)}
