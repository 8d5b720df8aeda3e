"""One group's gap in words: where it opens, what it is made of, and which places carry it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.text import prose
from components.text import verdicts as words
from components.text.format import known, people, points, ratio, share
from components.text.narratives.answer_data import DOES
from components.text.narratives.gap_places import same_place
from queries.privacy.suppression import is_hidden
from queries.verdicts import ALIKE, RATE

UNITS = {
    "Group’s rate": "share", "Others’ rate": "share", "Group’s exits": "exits", "Adds to the gap": "points",
    "Who is there": "points", "How they fare": "points", "Would have passed": "residents", "Counted in the group": "people",
}  # fmt: skip
STEP_NAMES = {
    "applied": "Applied", "enrolled": "Enrolled", "started": "Started", "completed": "Completed",
    "credential": "Credential", "employed": "Employed",
}  # fmt: skip
PART_NAMES = {
    "sector": "Other sectors", "region": "Other regions", "provider": "Other providers", "within": "Within the same place",
}  # fmt: skip
PASSED = {
    "enrolled": "enrolled", "started": "started", "completed": "completed", "credential": "earned a credential",
    "employed": "been placed",
}  # fmt: skip
MOST_CELLS = 6
FEW_CARRY = 0.4
PLANNED = {"completion_rate": "completion", "credential_rate": "credential", "placement_rate": "placement"}
STEP_WORDS = (
    "Applied counts residents; enrolled, applications at least 60 days old; the other steps, enrollments and exits. Would have "
    "passed: how many more of the group, had they passed at others’ rate."
)


def start(outcomes: Sequence[Any]) -> tuple[str | None, str | None]:
    """(group, outcome) to open with where none is chosen: the surest difference behind others, else the lowest."""
    able = [row for row in outcomes if known(row.value) and row.verdict in words.OUTCOME_WORDS]
    behind = [row for row in able if row.verdict in words.BEHIND]
    if behind:
        surest = min(behind, key=lambda row: row.p_adjusted)
        return surest.group, surest.part
    return (min(able, key=lambda row: row.value).group, None) if able else (None, None)


def lead(row: Any, parts: Any, *, who: str, outcome: str) -> str:
    """The page's answer: how large the gap is, whether it is real, and what it is made of."""
    if row is None or not known(row.value):
        return f"{prose.capital(who)}: {(row.note if row else None) or 'nobody to compare yet'}."
    gap = row.numerator - row.denominator
    if row.verdict not in words.OUTCOME_WORDS:
        return f"{prose.capital(who)}: {words.outcome(row)[0].lower()}{words.outcome(row)[1:]}."
    rates = f"{share(row.numerator)} of {people(row.known_in)} exits, against {share(row.denominator)}"
    how_much = (
        f"{_points(gap)} {'less' if gap < 0 else 'more'} often than" if _points(gap) != "0 points" else "as often as"
    )
    doubt = (
        "chance could make this difference" if row.verdict == ALIKE else "chance hardly makes this difference"
    )
    text = f"{prose.capital(who)} {DOES[outcome]} {how_much} others ({rates}); {doubt}."
    return f"{text} {_made_of(parts, is_real=row.verdict != ALIKE)}".strip()


def _points(value: float) -> str:
    return points(abs(value)).lstrip("+")


def _real(row: Any) -> bool:
    p = row.p_adjusted
    return p is not None and p <= RATE


def _made_of(parts: Any, *, is_real: bool) -> str:
    """Mix or within, in words: only parts beyond chance are named as such."""
    rows = [row for row in parts.rows if known(row.value)]
    if not rows:
        return ""
    real = {row.part: row for row in rows if _real(row)}
    mixes = [row for part, row in real.items() if part != "within"]
    within = real.get("within")
    said = []
    for row in mixes:
        lowers = "lowers" if row.value < 0 else "raises"
        said.append(f"being in other {row.part}s {lowers} their rate by {_points(row.value)}")
    if within is not None:
        said.append(f"{same_place(rows)} they fare {_points(within.value)} {'worse' if within.value < 0 else 'better'}")
    elif mixes:
        said.append(f"{same_place(rows)} there is no difference beyond chance")
    if not said and any(is_hidden(row) for row in parts.rows):
        return "What it is made of has too few in a place to show."
    if not said:
        return "Neither where they are nor how they fare in the same place differs beyond chance."
    kind = (
        "It is mix"
        if within is None
        else "It is both mix and how they fare"
        if mixes
        else "It is how they fare, not mix"
    )
    return f"{kind}: {prose.join(said)}."


def parts_title(parts: Any) -> str:
    """The finding over the parts."""
    rows = [row for row in parts.rows if known(row.value)]
    if not rows:
        few = any(is_hidden(row) for row in parts.rows)
        return "Too few in a place to take the gap apart here" if few else "The gap cannot be taken apart yet"
    largest = max(rows, key=lambda row: abs(row.value))
    name = f"how they fare {same_place(rows)}" if largest.part == "within" else f"being in other {largest.part}s"
    if not _real(largest):
        which = "No part that can be shown" if any(is_hidden(row) for row in parts.rows) else "No part"
        return f"{which} is beyond chance; the largest is {name}, {points(largest.value)}"
    return f"{prose.capital(name)} {'takes' if largest.value < 0 else 'adds'} {_points(largest.value)}"


def step_title(rows: Sequence[Any], who: str) -> str:
    """The step with the largest loss for a group, in residents."""
    said = prose.capital(who)
    steps = [row for row in rows if row.part != "applied" and known(row.value)]
    if not steps:
        return f"{said}: no step can be compared yet"
    behind = [row for row in steps if row.verdict in words.BEHIND]
    first = next((row for row in rows if row.part == "applied" and known(row.high) and row.high < 1), None)
    if first is not None and all(first.value < row.value for row in behind):
        return f"{said} are lost most before applying: among applicants, {ratio(first.value)} of their share of the population"
    if behind:
        worst = max(behind, key=lambda row: row.lost)
        lost = f"{people(round(worst.lost))} more would have {PASSED[worst.part]} at others’ rate"
        return f"{said} lose most at “{worst.part}”: {ratio(worst.value)} of others’ rate; {lost}"
    if all(row.value >= 1 for row in steps):
        return f"{said} pass every step at least as often as others"
    return f"{said} pass every step as others do, within what chance allows"


def sure_steps(rows: Sequence[Any]) -> set[str]:
    """Steps to draw as unlikely to be chance; the first, a share against the population, by its own interval."""
    first = {row.key for row in rows if row.part == "applied" and known(row.low) and not row.low <= 1 <= row.high}
    return words.sure(rows) | first


def step_table(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """One row a step: both rates, how many more would have passed, and the verdict."""
    found = []
    for row in rows:
        if row.part == "applied":
            found.append(
                {
                    "Step": "Applied",
                    "Group’s rate": row.numerator,
                    "Others’ rate": "does not apply",
                    "Counted in the group": row.residents,
                    "Would have passed": "does not apply",
                    "In words": f"Share of applicants, {ratio(row.value)} of the population’s"
                    if known(row.value)
                    else prose.capital(row.note or "no benchmark"),
                }
            )
            continue
        lost = row.lost
        found.append(
            {
                "Step": STEP_NAMES[row.part],
                "Group’s rate": row.note if is_hidden(row) else row.numerator,
                "Others’ rate": row.note if is_hidden(row) else row.denominator,
                "Counted in the group": row.note if row.known_in is None else row.known_in,
                "Would have passed": max(round(lost), 0) if known(lost) else row.note,
                "In words": words.outcome(row),
            }
        )
    return found


def carrying(cells: Any, *, gap: float) -> list[Any]:
    """The few places that carry most of a gap: those of its own sign, with enough people first and the largest first, until
    half of their sum."""
    rows = sorted(
        (row for row in cells.rows if known(row.value) and row.value * gap > 0),
        key=lambda row: (row.note is not None, -abs(row.value)),
    )
    whole, sofar, found = sum(abs(row.value) for row in rows), 0.0, []
    for row in rows[:MOST_CELLS]:
        found.append(row)
        sofar += abs(row.value)
        if sofar >= whole / 2:
            break
    return found


def cells_title(rows: Sequence[Any], cells: Any, *, gap: float) -> str:
    """Which programs carry it, and how much of it; none is named that has too few people to say."""
    enough = [row for row in rows if not row.note]
    if not enough:
        return "In no program and region are there enough people on both sides to say who carries it"
    whole = sum(abs(row.value) for row in cells.rows if known(row.value) and row.value * gap > 0)
    part = sum(abs(row.value) for row in enough) / whole
    makes = "pulls them behind" if gap < 0 else "puts them ahead"
    if part < FEW_CARRY:
        count = prose.in_words(len(enough))
        return f"It is spread out: the {count} largest places with enough people carry {share(part)} of what {makes}"
    named = prose.join([f"{row.key} in {row.part}" for row in enough[:3]])
    more = f" and {prose.plural(len(enough) - 3, 'more place')}" if len(enough) > 3 else ""
    return f"{named}{more} {'carry' if len(enough) > 1 else 'carries'} {share(part)} of what {makes}"


def cells_table(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """One row a program and region: what it adds, who is there and how they fare, with the rates behind it."""
    return [
        {
            "Program": row.key,
            "Region": row.part,
            "Adds to the gap": row.value,
            "Who is there": row.between,
            "How they fare": row.within,
            "Group’s exits": row.known_in,
            "Group’s rate": row.numerator,
            "Others’ rate": row.denominator,
            "In words": prose.capital(row.note) if row.note else "Enough people on both sides",
        }
        for row in rows
    ]
