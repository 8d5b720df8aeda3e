"""Targets: which measures may have one, and what must hold of each line of a targets.csv.

One line is one target as set on a day; a later line for the same measure, initiative, region, sector and group revises it
from that day on. Nothing here reads a file: data/reference.py does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from data.errors import counted, listed, shown

FILE = "targets.csv"
COUNTS = ("residents_enrolled",)
SHARES = ("participation_share", "completion_rate", "credential_rate", "placement_rate", "employment_rate_q2")
NEEDED = ("set_on", "set_by", "reason")
NEEDED_OF_A_COUNT = ("starts_on", "due_on")  # a count grows along a schedule, a share does not
ABOUT = ("measure", "initiative", "region", "sector", "group_id")
_NAMED_IN = {"initiative": "initiatives", "region": "regions", "sector": "sectors", "group_id": "groups"}
_WORDS = {"group_id": "group"}

Row = dict[str, Any]


def faults(tables: Mapping[str, Sequence[Row]], *, file: str, delivered_on: date | None = None) -> Iterable[str]:
    """A sentence for each thing wrong with the targets; names are put as the reference tables spell them.

    file: how sentences name it. delivered_on: the day after which no target can have been set (None = any day).
    """
    seen: dict[tuple[Any, ...], int] = {}
    for place, row in enumerate(tables["targets"], start=1):
        number = row.get("line", place)
        where = f"{file}, row {number}"
        yield from (f"{where}: {wrong}" for wrong in _of_row(row, tables, delivered_on))
        key = (*(row[name] for name in ABOUT), row["set_on"])
        if row["set_on"] is not None and key in seen:
            yield f"{where}: the same target is set twice on {row['set_on']}, first in row {seen[key]}. Keep one."
        seen.setdefault(key, number)


def _of_row(row: Row, tables: Mapping[str, Sequence[Row]], delivered_on: date | None) -> Iterable[str]:
    measure = row["measure"]
    if measure is not None and measure not in (*COUNTS, *SHARES):
        yield f"no target can be set for the measure {shown(measure)}. Choose one of: {', '.join((*COUNTS, *SHARES))}."
    for column, table in _NAMED_IN.items():
        yield from _named(row, column, [known[column] for known in tables[table]])
    needed = (*NEEDED, *NEEDED_OF_A_COUNT) if measure in COUNTS else NEEDED
    if measure == "participation_share":
        needed = (*needed, "group_id")
    for column in needed:
        if row[column] is None and column not in row.get("unreadable", ()):
            yield f"{column} is empty; {_WHY[column]}."
    yield from _value(measure, row["value"])
    if row["starts_on"] and row["due_on"] and row["due_on"] <= row["starts_on"]:
        yield f"it is due on {row['due_on']}, not after it starts ({row['starts_on']})."
    if row["set_on"] and delivered_on and row["set_on"] > delivered_on:
        yield f"it was set on {row['set_on']}, after the delivery ({delivered_on})."


_WHY = {
    "set_on": "a target holds from the day it was set",
    "set_by": "a target says who set it",
    "reason": "a target says why it was set",
    "starts_on": "a count grows along a schedule from a first day",
    "due_on": "a count grows along a schedule to a last day",
    "group_id": "a share of residents is the share of a group",
}


def _named(row: Row, column: str, known: Sequence[str]) -> Iterable[str]:
    """Names are matched without regard to case, and a near-miss is never guessed."""
    given = row[column]
    if given is None or not known:  # a layout may say its regions only later, from the delivery
        return
    found = {name.casefold(): name for name in known}.get(given.casefold())
    if found is None:
        choices = listed(dict.fromkeys(known), 12)
        yield f"there is no {_WORDS.get(column, column)} {shown(given)}. Choose one of: {choices}."
    else:
        row[column] = found


def _value(measure: str | None, value: float | None) -> Iterable[str]:
    if value is None:
        return
    if measure in COUNTS and not (1 <= value <= 1e9 and value == int(value)):
        yield f"the value {value:g} is not a whole number of residents, 1 or more."
    if measure in SHARES and not 0 < value <= 1:
        hint = f" (for {value:g}%, write {value / 100:g})" if 1 < value <= 100 else ""
        yield f"the value {value:g} is not a share above 0 and at most 1{hint}."


def in_words(rows: Sequence[Row]) -> str:
    """How many targets a delivery brought, for its report."""
    return f"{FILE}: {counted(len(rows), 'line')}; they take the place of the project's own targets for this delivery."
