"""Targets: which measures may have one, and the rules for a line of targets.csv.

A line is a target as set on a day. A later line for the same measure, initiative, region, sector and group replaces it
from that day on. data/reference.py reads the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from data.errors import counted, listed, shown
from data.typed_csv import Row

FILE = "targets.csv"
COUNTS = ("residents_enrolled",)
SHARES = ("participation_share", "completion_rate", "credential_rate", "placement_rate", "employment_rate_q2")
NEEDED = ("set_on", "set_by", "reason")
NEEDED_OF_A_COUNT = ("starts_on", "due_on")  # a count grows along a schedule, a share does not
ABOUT = ("measure", "initiative", "region", "sector", "group_id")
_REFERENCE_TABLES = {"initiative": "initiatives", "region": "regions", "sector": "sectors", "group_id": "groups"}
_WORDS = {"group_id": "group"}


def faults(tables: Mapping[str, Sequence[Row]], *, file: str, delivered_on: date | None = None) -> Iterable[str]:
    """Yield a sentence for each fault in the targets, and give names the spelling of the reference tables.

    Args:
        tables: The reference tables with the targets.
        file: The file's name in sentences.
        delivered_on: Targets cannot have been set after it; None for any day.
    """
    seen: dict[tuple[object, ...], int] = {}
    for place, row in enumerate(tables["targets"], start=1):
        number = row.get("line", place)
        where = f"{file}, row {number}"
        yield from (f"{where}: {wrong}" for wrong in _of_row(row, tables, delivered_on))
        key = (*(row[name] for name in ABOUT), row["set_on"])
        if row["set_on"] is not None and key in seen:
            yield f"{where}: the same target is already set on {row['set_on']} in row {seen[key]}. Keep one."
        seen.setdefault(key, number)


def _of_row(row: Row, tables: Mapping[str, Sequence[Row]], delivered_on: date | None) -> Iterable[str]:
    measure = row["measure"]
    if measure is not None and measure not in (*COUNTS, *SHARES):
        yield f"the measure {shown(measure)} cannot have a target. Choose one of: {', '.join((*COUNTS, *SHARES))}."
    for column, table in _REFERENCE_TABLES.items():
        yield from _matched_name(row, column, [known[column] for known in tables[table]])
    needed = (*NEEDED, *NEEDED_OF_A_COUNT) if measure in COUNTS else NEEDED
    if measure == "participation_share":
        needed = (*needed, "group_id")
    for column in needed:
        if row[column] is None and column not in row.get("unreadable", ()):
            yield f"{column} is empty. {_WHY[column]}."
    yield from _value(measure, row["value"])
    if row["starts_on"] and row["due_on"] and row["due_on"] <= row["starts_on"]:
        yield f"due_on ({row['due_on']}) must be after starts_on ({row['starts_on']})."
    if row["set_on"] and delivered_on and row["set_on"] > delivered_on:
        yield f"set_on ({row['set_on']}) is after the delivery ({delivered_on})."


_WHY = {
    "set_on": "Enter the day from which the target holds",
    "set_by": "Enter who set the target",
    "reason": "Enter why the target was set",
    "starts_on": "A target for a count needs the first day of its schedule",
    "due_on": "A target for a count needs the last day of its schedule",
    "group_id": "A target for a share of residents needs a group",
}


def _matched_name(row: Row, column: str, known: Sequence[str]) -> Iterable[str]:
    """Match a name ignoring case, without guessing, and yield a sentence if it is unknown."""
    given = row[column]
    if given is None or not known:  # a layout may take its regions from the delivery, later
        return
    canonical = {name.casefold(): name for name in known}.get(given.casefold())
    if canonical is None:
        choices = listed(dict.fromkeys(known), 12)
        yield f"there is no {_WORDS.get(column, column)} {shown(given)}. Choose one of: {choices}."
    else:
        row[column] = canonical


def _value(measure: str | None, value: float | None) -> Iterable[str]:
    if value is None:
        return
    if measure in COUNTS and not (1 <= value <= 1e9 and value == int(value)):
        yield f"the value {value:g} is not a whole number of residents, 1 or more."
    if measure in SHARES and not 0 < value <= 1:
        hint = f" (for {value:g}%, write {value / 100:g})" if 1 < value <= 100 else ""
        yield f"the value {value:g} is not a share above 0 and at most 1{hint}."


def in_words(rows: Sequence[Row]) -> str:
    """Return a sentence about how many targets a delivery brought."""
    return f"{FILE}: {counted(len(rows), 'line')}, used instead of the project's targets for this delivery."
