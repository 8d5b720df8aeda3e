"""Describe a delivery that was not accepted: what to fix, what follows from it, and what was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import PurePath

from components.refusals import MAX_ITEMS, Problem, Refusal
from components.text import prose, reasons
from components.text.format import day, people
from components.text.listing_rows import CheckedTable, CheckNotice, CheckReason
from components.text.narratives.data_health import SEND_BACK, TABLES

_MOST_RANGES = 12  # of row numbers in a cell
WHAT_FOLLOWS = "These rows are accepted once their cause is fixed."
EXAMPLES = f"The example and the suggestion are from the first row of each problem. {SEND_BACK}"
HOW_TO_FIX = f"Fix these where the data comes from, then publish again. {EXAMPLES}"
LEFT_OUT = f"Publishing leaves these rows out until they are fixed where the data comes from. {EXAMPLES}"


def title(refusal: Refusal) -> str:
    """Write the heading: which delivery it is."""
    which = f"The {day(refusal.delivered_on)} delivery" if refusal.delivered_on else "The last delivery that was tried"
    return f"{which} was not accepted"


def words(refusal: Refusal, shown: date | None) -> str:
    """Say which files were tried and when, how many problems there are, and what is on screen.

    shown: the date of the delivery on screen; None where there is none.
    """
    name = f"“{refusal.source}”" if refusal.source else "It"
    tried = f"{name} was tried on {day(refusal.tried_on)}" if refusal.tried_on else f"{name} was tried"
    text = f"{tried}. It was not accepted because of {prose.plural(refusal.count, 'problem')}."
    if MAX_ITEMS in (len(refusal.problems), len(refusal.faults)):
        text += f" The first {people(MAX_ITEMS)} are listed; the check on the command line has all of them."
    on_screen = f"The numbers on screen were delivered on {day(shown)}." if shown else "Nothing is on screen yet."
    return f"{text} {on_screen}"


def problem_table(problems: Sequence[Problem]) -> list[dict[str, prose.Cell]]:
    """Return one table row a problem. A column that would be empty in every row is left out."""
    rows: list[dict[str, prose.Cell]] = [
        {
            "Problem": reasons.in_words(problem.problem) or "No sentence was recorded.",
            "Where": where(problem),
            "Rows": problem.rows,
            "Example": problem.value,
            "Suggestion": problem.suggestion,
            "How to fix": problem.how_to_fix,
            "Cause": reasons.in_words(problem.follows_from),
            "Row numbers": row_numbers(problem.row_numbers, of=problem.rows),
        }
        for problem in problems
    ]
    used = [name for name in (rows[0] if rows else ()) if any(row[name] not in (None, "") for row in rows)]
    return [{name: row[name] for name in used} for row in rows]


def where(problem: Problem) -> str:
    """Name the table, the column, and the file unless it is named after the table: "Enrollments, town, part-2.csv"."""
    is_table_file = PurePath(problem.file).name.split(".")[0].casefold() == problem.table.casefold()
    parts = [TABLES.get(problem.table, problem.table), problem.column, "" if is_table_file else problem.file]
    return ", ".join(part for part in parts if part)


def row_numbers(numbers: Sequence[int], *, of: int | None) -> str:
    """Write row numbers as ranges: "3 to 8, 12, and 40 more". of: how many rows there are, if not all numbers are given."""
    ordered = sorted(set(numbers))
    if not ordered:
        return ""
    starts = [0, *(at for at, (left, right) in enumerate(pairwise(ordered), start=1) if right != left + 1)]
    ranges = [ordered[start:end] for start, end in pairwise([*starts, len(ordered)])]
    listed = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in ranges[:_MOST_RANGES]]
    left = max(of or 0, len(ordered)) - sum(len(run) for run in ranges[:_MOST_RANGES])
    return ", ".join(listed) + (f", and {people(left)} more" if left else "")


def fault_table(faults: Sequence[str]) -> list[dict[str, prose.Cell]]:
    """Return one table row a sentence of the check."""
    return [{"Reason": fault} for fault in faults]


def checked_rows(refusal: Refusal) -> list[CheckedTable]:
    """Return what was read, in the shape of the listing check_tables; tables that were not supplied are left out."""
    return [
        {
            "table_name": table.table,
            "read": table.read,
            "accepted": table.accepted,
            "quarantined": table.quarantined,
            "duplicates": table.duplicates,
            "skipped": table.skipped,
        }
        for table in refusal.tables
        if table.read or table.skipped
    ]


def reason_rows(refusal: Refusal) -> list[CheckReason]:
    """Return why rows would be excluded, in the shape of the listing check_reasons, the most frequent first."""
    rows = [(table.table, reason, count) for table in refusal.tables for reason, count in table.reasons]
    ordered = sorted(rows, key=lambda row: (-row[2], row[0], row[1]))
    return [{"table_name": table, "reason": reason, "rows": count} for table, reason, count in ordered]


def notice_rows(refusal: Refusal) -> list[CheckNotice]:
    """Return what else the check noticed, in the shape of the listing check_notices."""
    notices: list[tuple[str | None, str]] = [(None, notice) for notice in refusal.notices]
    notices += [(table.table, notice) for table in refusal.tables for notice in table.notices]
    return [{"table_name": table, "notice": notice} for table, notice in notices]
