"""Supportive services in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from components import sentences
from components.numbers import known, people, points, share
from queries.small_numbers import is_hidden

SUPPORTS = {"child_care": "Child care", "transportation": "Transportation", "technology": "Technology"}


def sides(answer: Any) -> dict[str, dict[bool, Any]]:
    """Completion rows by support and by whether it was received."""
    found: dict[str, dict[bool, Any]] = {}
    for row in answer.rows:
        if row.part in SUPPORTS:
            found.setdefault(row.part, {})[row.extra["received"]] = row
    return found


def lead(*, reach: Any, completion: Any) -> str:
    """The page's answer: how many receive a support, and which goes with completing."""
    total = reach.row("any")
    if total is None or not known(total.value):
        return reach.note or "No resident has enrolled yet."
    text = (f"{share(total.value)} of residents enrolled ({people(total.numerator)} of {people(total.denominator)}) received "
            f"child care, transportation or technology support {sentences.when(reach)}")  # fmt: skip
    differences = [
        (both[True].value - both[False].value, name)
        for name, both in sides(completion).items()
        if len(both) == 2 and known(both[True].value) and known(both[False].value)
    ]
    if differences:
        difference, name = max(differences)
        if difference > 0:
            text += f"; those with {SUPPORTS[name].lower()} complete {points(difference).lstrip('+')} more often (an association)"
    return text + "."


def completion_title(found: Mapping[str, Mapping[bool, Any]]) -> str:
    """The finding: the support with the widest difference, and whether chance could make it."""
    best = None
    for name, both in found.items():
        with_it, without = both.get(True), both.get(False)
        if with_it is None or without is None or not known(with_it.value) or not known(without.value):
            continue
        if best is None or abs(with_it.value - without.value) > abs(best[1].value - best[2].value):
            best = (name, with_it, without)
    if best is None:
        is_few = any(is_hidden(row) for both in found.values() for row in both.values())
        return "Too few exits to show" if is_few else "Nobody to compare yet"
    name, with_it, without = best
    doubt = "; the intervals overlap" if with_it.low <= without.high and without.low <= with_it.high else ""
    return f"{share(with_it.value)} complete with {SUPPORTS[name].lower()}, {share(without.value)} without{doubt}"


def completion_words(found: Mapping[str, Mapping[bool, Any]]) -> str:
    """The paired bars in words, with how many exits each rests on."""
    listed = [
        f"{SUPPORTS[name].lower()}, {people(both[True].denominator)} exits with and {people(both[False].denominator)} without"
        for name, both in found.items()
        if len(both) == 2 and all(known(row.denominator) for row in both.values())
    ]
    return (
        f"Completion rate with 95% intervals: {'; '.join(listed)}." if listed else "Completion rate with 95% intervals."
    )


UNITS = {**{label: "share" for label in SUPPORTS.values()}, "Any support": "share", "Residents enrolled": "residents"}


def any_support(answer: Any) -> list[Any]:
    """The rows of an answer that are about any support."""
    return [row for row in answer.rows if row.part == "any"]


def reach_by(answer: Any, labels: Mapping[str, str]) -> str:
    """Whom supports reach most and least."""
    rows = sorted((row for row in any_support(answer) if known(row.value)), key=lambda row: row.value)
    if len(rows) < 2:
        return "Reach of supports"
    least, most = rows[0], rows[-1]
    return (f"Supports reach {labels.get(most.key, most.key)} most ({share(most.value)}) "
            f"and {labels.get(least.key, least.key)} least ({share(least.value)})")  # fmt: skip


def reach_table(answer: Any, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a group: residents enrolled and the reach of each support."""
    found: dict[str, dict[str, Any]] = {}
    for row in answer.rows:
        cells = found.setdefault(
            row.key,
            {
                "Group": labels.get(row.key, row.key),
                "Residents enrolled": row.denominator if known(row.denominator) else row.note,
            },
        )
        cells[{"any": "Any support", **SUPPORTS}[row.part]] = sentences.told(row)
    return list(found.values())


def pairs(found: Mapping[str, Mapping[bool, Any]]) -> list[Any]:
    """The two sides of every support as rows with names, side by side."""
    return [
        replace(row, key=f"{'With' if received else 'Without'} {SUPPORTS[name].lower()}")
        for name, both in found.items()
        for received, row in sorted(both.items(), reverse=True)
    ]
