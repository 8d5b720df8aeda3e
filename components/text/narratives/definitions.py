"""Make the glossary from the registry and the reference tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import cast

from components.text import prose, reliability
from components.text.format import format_value, points_apart, share
from components.text.listing_rows import BenchmarkRow, Listing, TargetRow
from queries.registry import Measure, measure

UNITS = {"Share": "share"}
PARTS = {
    "measures": "Measures",
    "benchmarks": "Benchmarks",
    "targets": "Targets and their history",
    "reading": "How to read the numbers",
    "charts": "How to use the charts",
    "accessibility": "Accessibility",
}  # of the page, in its order
READING = (
    "A resident is one person. Counts of residents are not sums of enrollments, so rows can add up to more than the total.",
    "An event after the “as of” date has not happened yet and is not counted.",
    "A rate counts only those whose outcome is known. Those whose outcome is not known yet are left out, and their number is shown.",
    "A 95% interval shows how far chance alone could have moved a number. Two numbers whose intervals overlap widely may not differ.",
    f"“{reliability.FEW.capitalize()}” and “{reliability.WIDE}” mark rates that would change a lot with a few more residents.",
    "The state fiscal year and the federal program year run from July to June; FY2025 ends on June 30, 2025.",
    "A resident’s answers come from all of their applications: in a group if any application says so, not disclosed if none has an answer.",
)
PICKING = (
    "Click a bar, a dot, a region of the map or an underlined name to filter by it. Click it again to open the list behind it.",
    "A region’s list is on Regions, a group’s on One group; the others’ are on Providers. Filters stay with you.",
)
ACCESSIBILITY = (
    "The dashboard is built to meet WCAG 2.2, level AA. Every page is checked by machine in light and dark mode and at three widths.",
    "Every control works from the keyboard: Tab moves, Enter or Space operates, Escape closes. The first link skips the sidebar.",
    "A screen reader hears when a page has changed, and which filters apply. Every chart has its values in words and as a table.",
    "At 400% a page needs no sideways scrolling. Wide tables scroll by themselves.",
    "On a chart, the arrow keys show each value, and Enter filters by it. On a region of the map, they show each town.",
    "A known limit: the pages were tried with one screen reader, Orca, but not yet by a reader who needs one.",
    "If something keeps you from using a page, tell the analyst who publishes the data. Say which page it was.",
)


def lead(entries: Collection[Measure]) -> str:
    """Say how many measures there are, and that each has one definition."""
    return f"{len(entries)} measures. Each has one definition, used on every page and in every file."


def by_family(entries: Iterable[Measure]) -> dict[str, list[Measure]]:
    """Sort measures into families, in the registry's order."""
    families: dict[str, list[Measure]] = {}
    for entry in entries:
        families.setdefault(entry.family, []).append(entry)
    return families


def glossary_table(entries: Sequence[Measure]) -> list[dict[str, prose.Cell]]:
    """Return one table row a measure."""
    return [
        {
            "Measure": entry.label,
            "Definition": entry.definition,
            "What it counts": f"{entry.numerator} ÷ {entry.denominator.lower()}"
            if entry.denominator and entry.unit == "share"
            else entry.numerator,
            "Date used": entry.dated_by,
            "Id": entry.id,
        }
        for entry in entries
    ]


def benchmark_table(rows: Listing, labels: Mapping[str, str]) -> list[dict[str, prose.Cell]]:
    """Return one table row a benchmark, with what it is used for."""
    return [
        {
            "Group": labels.get(row["group_id"], row["group_id"]),
            "Where": row["region"] or "Whole state",
            "Share": share(row["share"]) if row["share"] is not None else "none exists",
            "90% margin": points_apart(margin) if (margin := row.get("margin")) else "not published",
            "Of": row["base"] or "not applicable",
            "Definition": prose.capital(row["definition"]),
            "Used": _use_of(row),
            "Source": f"{row['source']}, {row['year']}" if row["year"] else row["source"],
        }
        for row in cast("Sequence[BenchmarkRow]", rows)
    ]


def _use_of(row: BenchmarkRow) -> str:
    if row["share"] is None:
        return "no"
    if row["is_default"]:
        return "in ratios and verdicts"
    return "must agree before there is a verdict" if row.get("is_second") else "no"


def _subject(row: TargetRow) -> tuple[str | None, ...]:
    """Return what identifies a target, whenever it was set."""
    return row["measure"], row["initiative"], row["region"], row["sector"], row["group_id"]


def target_table(rows: Listing, labels: Mapping[str, str]) -> list[dict[str, prose.Cell]]:
    """Return one table row a target as it was set, revisions in order, with the days each was in force."""
    targets = cast("Sequence[TargetRow]", rows)
    revised = {
        (_subject(row), row["set_on"]): later["set_on"]
        for row, later in pairwise(targets)
        if _subject(row) == _subject(later)
    }
    return [
        {
            "Measure": measure(row["measure"]).label,
            "For": _population(row, labels),
            "Target": format_value(row["value"], measure(row["measure"]).unit),
            "Set on": row["set_on"],
            "In force until": _until(revised.get((_subject(row), row["set_on"]))),
            "Due on": row["due_on"] or "no date",
            "Set by": row["set_by"],
            "Why": row["reason"],
            "Source": row["source"],
        }
        for row in targets
    ]


def _population(row: TargetRow, labels: Mapping[str, str]) -> str:
    """Say whom a target is for: "Immigrants in CareerConneCT, Northwest"."""
    who = labels.get(row["group_id"] or "", row["group_id"] or "All residents")
    where = ", ".join(text for text in (row["initiative"], row["sector"], row["region"]) if text)
    return f"{who} in {where}" if where else who


def _until(revised_on: date | None) -> date | str:
    """Return the last day a target was in force: the day before it was revised."""
    return revised_on - timedelta(days=1) if revised_on else "still in force"
