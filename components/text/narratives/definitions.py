"""The glossary, made from the registry and the reference tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from components.text import prose
from components.text.format import format_value, share

UNITS = {"Share": "share"}
READING = (
    "A resident is one person: counts of residents are never sums of counts of enrollments, so rows can add to more than the total.",
    "As of a date, an event after that date has not happened yet.",
    "A rate stands on those whose outcome is known; what is not known yet is left out and counted beside it.",
    "A 95% interval says how far chance alone could have moved a number; two that overlap widely may not differ.",
    "The state fiscal year and the federal program year run from July to June; FY2025 ends on June 30, 2025.",
    "A resident’s answers are taken from all of their applications: in a group if any says so, not disclosed if none answers.",
)


def lead(entries: Iterable[Any]) -> str:
    """How many measures there are, and that each has one definition."""
    return f"{len(list(entries))} measures, one definition each: the same on every page, in every file and behind every number."


def by_family(entries: Iterable[Any]) -> dict[str, list[Any]]:
    """Measures by family, in the registry's order."""
    found: dict[str, list[Any]] = {}
    for one in entries:
        found.setdefault(one.family, []).append(one)
    return found


def glossary_table(entries: Sequence[Any]) -> list[dict[str, Any]]:
    """One row a measure."""
    return [
        {
            "Measure": one.label,
            "Definition": one.definition,
            "Counted": f"{one.numerator} ÷ {one.denominator.lower()}"
            if one.denominator and one.unit == "share"
            else one.numerator,
            "Dated by": one.dated_by,
            "Id": one.id,
        }
        for one in entries
    ]


def benchmark_table(rows: Sequence[dict[str, Any]], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a benchmark, with whether ratios use it."""
    return [
        {
            "Group": labels.get(row["group_id"], row["group_id"]),
            "Where": row["region"] or "Whole state",
            "Share": share(row["share"]) if row["share"] is not None else "none exists",
            "Of": row["base"] or "not applicable",
            "Definition": prose.capital(row["definition"]),
            "Used in ratios": bool(row["is_default"] and row["share"] is not None),
            "Source": f"{row['source']}, {row['year']}" if row["year"] else row["source"],
        }
        for row in rows
    ]


def target_table(rows: Sequence[dict[str, Any]], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a target as it was set, a target's revisions one under the other, with the days each was in force."""
    from queries import measure

    def about(row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(row[name] for name in ("measure", "initiative", "region", "sector", "group_id"))

    revised = {
        (about(row), row["set_on"]): later["set_on"] for row, later in pairwise(rows) if about(row) == about(later)
    }
    return [
        {
            "Measure": measure(row["measure"]).label,
            "For": _for(row, labels),
            "Target": format_value(row["value"], measure(row["measure"]).unit),
            "Set on": row["set_on"],
            "In force until": _until(revised.get((about(row), row["set_on"]))),
            "Due on": row["due_on"] or "no date",
            "Set by": row["set_by"],
            "Why": row["reason"],
            "Source": row["source"],
        }
        for row in rows
    ]


def _for(row: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Whom a target is for: "Immigrants in CareerConneCT, Northwest"."""
    who = labels.get(row["group_id"] or "", row["group_id"] or "All residents")
    where = ", ".join(text for text in (row["initiative"], row["sector"], row["region"]) if text)
    return f"{who} in {where}" if where else who


def _until(revised_on: date | None) -> date | str:
    """The last day a target was in force: the one before it was revised."""
    return revised_on - timedelta(days=1) if revised_on else "still in force"
