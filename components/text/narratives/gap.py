"""Describe one group's gap: at which step it opens and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from components.text import prose, reliability
from components.text import verdicts as words
from components.text.format import known, people, points, points_apart, ratio, share
from components.text.narratives.answer_data import (
    GOT_A_JOB,
    VERBS,
    differs_from_benchmarks,
    is_below_benchmarks,
    population,
)
from components.text.narratives.compared_groups import is_judged
from components.text.scope_words import chosen, filters
from queries.calculators.gap_by_step import StepRow
from queries.calculators.gap_parts import GapPartRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import Answer, Row
from queries.notes import NOBODY_ANSWERED, OTHERS_AT_ZERO
from queries.privacy.suppression import HIDDEN, is_hidden
from queries.verdicts import RATE

UNITS = {
    "Group’s rate": "share", "Others’ rate": "share", "Group’s exits": "exits", "Adds to the gap": "points",
    "From who enrolls there": "points", "From results there": "points", "Additional people if rates were equal": "residents",
    "Counted in the group": "people",
}  # fmt: skip
STEP_NAMES = {
    "applied": "Applied", "enrolled": "Enrolled", "started": "Started", "completed": "Completed",
    "credential": "Credential", "employed": GOT_A_JOB,
}  # fmt: skip
# where "others" heads a column: the first step is compared with the population
LADDER_NAMES = STEP_NAMES | {"applied": "Applied (others: population)"}
PART_NAMES = {
    "sector": "Other sectors", "region": "Other regions", "provider": "Other providers", "within": "Within the same place",
}  # fmt: skip
PARTICIPLES = {
    "enrolled": "enrolled", "started": "started", "completed": "completed", "credential": "earned a credential",
    "employed": "gotten a job",
}  # fmt: skip
STEPS_NOT_KNOWN = ("credential_rate", "placement_rate")  # steps whose latest exits are left out
PLANNED = {"completion_rate": "completion", "credential_rate": "credential", "placement_rate": "placement"}
STEP_WORDS = (
    "Applied counts residents; enrolled counts applications at least 60 days old; the other steps count enrollments and exits. "
    "Additional people: how many more of the group would have reached the step at the others’ rate."
)


def same_place(rows: Sequence[Row]) -> str:
    """Say what residents compared with each other share: "within the same sector, region and provider"."""
    levels = prose.join([row.part for row in rows if row.part and row.part != "within"])
    return f"within the same {levels.replace(', and ', ' and ')}"


class DefaultChoice(NamedTuple):
    """The group and outcome to open with where none is chosen, and why."""

    group: str | None
    outcome: str | None
    reason: str


def default_choice(outcomes: Sequence[OutcomeRow], outcome: str | None = None) -> DefaultChoice:
    """Choose what to open with, of one outcome or any: the difference least likely to be chance, else the lowest ratio."""
    compared = [row for row in outcomes if known(row.value) and row.verdict in words.OUTCOME_WORDS]
    candidates = [row for row in compared if outcome in (None, row.part)]
    shown = ", of those shown," if any(map(is_hidden, outcomes)) else ""
    if behind := [row for row in candidates if row.verdict in words.BEHIND]:
        surest = min(behind, key=lambda row: (row.p_adjusted or 0, row.p or 0))
        return DefaultChoice(surest.group, surest.part, f"whose difference{shown} is least likely to be chance")
    if not candidates:
        return DefaultChoice(None, None, "")
    lowest = min(candidates, key=lambda row: row.value or 0)
    side = "furthest below" if (lowest.value or 0) < 1 else "the least above"
    return DefaultChoice(lowest.group, lowest.part, f"whose rate{shown} is {side} that of others")


def not_chosen(who: str, default: DefaultChoice) -> str:
    """Say which group is shown where none is chosen, and why. who: that group."""
    start = f"No group is chosen, so this page shows {who}, {default.reason}."
    return f"{start} {words.PICKED} Choose another in the filters."


def lead(row: OutcomeRow | None, parts: Answer, *, who: str, outcome: str) -> str:
    """Answer the page's question: how large the gap is, whether it could be chance and, if not, what it is made of."""
    start = f"{prose.capital(who)}{filters(parts)}"
    if row is None and not parts.scope.group:
        return f"No group{filters(parts)} can be compared with others here. Choose one to see its numbers."
    if row is None or not (known(row.value) or row.note == OTHERS_AT_ZERO):
        return f"{start}: {prose.lower_first(words.why_not_compared(row) or parts.reason or 'nobody to compare yet')}."
    if row.verdict not in words.OUTCOME_WORDS or row.numerator is None or row.denominator is None:
        return f"{start}: {prose.lower_first(words.outcome(row))}."
    gap = row.numerator - row.denominator
    size = (
        f"{points_apart(gap)} {'less' if gap < 0 else 'more'} often than"
        if points_apart(gap) != "0 points"
        else "as often as"
    )
    base = "completions" if outcome == "credential_rate" else "exits"
    rates = (
        f"The rates {prose.when(parts)}: {share(row.numerator)} of {people(row.known_in)} {base}, "
        f"compared with {share(row.denominator)} of the {people(row.known_out)} {base} of others."
    )
    is_real = row.verdict in words.CLEAR
    doubt = f"This difference {'is unlikely to' if is_real else 'could'} be chance." if gap or is_real else ""
    text = f"{prose.capital(who)}{chosen(parts.scope)} {VERBS[outcome]} {size} others. {rates} {doubt}"
    return f"{text} {_made_of(parts)}".strip() if is_real else text.strip()


def enrolled_lead(steps: Answer, who: str) -> str:
    """Compare how many of those who apply are enrolled, for a reader who follows that step; no verdict, which the chart has."""
    row = next((row for row in steps.rows_of(StepRow) if row.part == "enrolled"), None)
    group = f"{who}{filters(steps)} who apply"
    if row is None or not (known(row.value) and known(row.numerator) and known(row.denominator)):
        return f"{prose.capital(group)}: {(row.note if row else None) or 'not known'}."
    gap = row.numerator - row.denominator
    size = "" if points_apart(gap) == "0 points" else f", {points_apart(gap)} {'less' if gap < 0 else 'more'}"
    return f"Of {group}, {share(row.numerator)} are enrolled, compared with {share(row.denominator)} of others{size}."


def _is_real(row: GapPartRow) -> bool:
    return row.p_adjusted is not None and row.p_adjusted <= RATE


def _made_of(parts: Answer) -> str:
    """Say which parts of the gap are unlikely to be chance: where the group enrolls, or its results in the same places."""
    rows = [row for row in parts.rows_of(GapPartRow) if known(row.value)]
    if any(is_hidden(row) for row in parts.rows):  # one half of the parts without the other would mislead
        return f"{parts_title(parts, '')}."
    if not rows:
        return ""
    mixes = [row for row in rows if row.part != "within" and _is_real(row)]
    within = next((row for row in rows if row.part == "within" and _is_real(row)), None)
    sentences = [
        f"Being in other {row.part}s accounts for {points_apart(row.value or 0)} {'less' if (row.value or 0) < 0 else 'more'}."
        for row in mixes
    ]
    place = prose.capital(same_place(rows))
    if within is None:
        if not mixes:
            return "Neither where they enroll nor their results in the same places show a clear difference."
        return " ".join([*sentences, f"{place}, there is no clear difference, but there may still be one."])
    value = within.value or 0
    results = f"{place}, their rate is {points_apart(value)} {'lower' if value < 0 else 'higher'}."
    if not mixes:
        return f"Same places, different results. {results}"
    return " ".join(["Both where they enroll and their results there differ.", *sentences, results])


def parts_title(parts: Answer, who: str) -> str:
    """State the finding over the parts of the gap."""
    rows = [row for row in parts.rows_of(GapPartRow) if known(row.value)]
    if prose.hidden_rows(parts):
        return f"{'Some' if rows else 'All'} parts of the gap are {HIDDEN}"
    if not rows:
        note = next((row.note for row in parts.rows if row.note), None)
        return f"The parts of the gap cannot be shown: {note}" if note else "The parts of the gap cannot be shown yet"
    start = f"{prose.capital(who)}{filters(parts)}"
    largest = max(rows, key=lambda row: abs(row.value or 0))
    value = largest.value or 0
    name = f"results {same_place(rows)}" if largest.part == "within" else f"being in other {largest.part}s"
    if not _is_real(largest):
        return f"{start}. No part is clearly different from zero; the largest is {name}, {points(value)}"
    return f"{start}. Largest part of the gap: {name}, {points(value)}"


def parts_words(parts: Answer) -> str:
    """Describe the chart of the parts, with the levels that this delivery supplies."""
    levels = prose.join([f"other {row.part}s" for row in parts.rows if row.part and row.part != "within"])
    if not levels:
        return "Points of the gap, with 95% intervals."
    return (
        f"Points of the gap, with 95% intervals. The parts, each within the one before: {levels}, then results in the same places. "
        "Another order could change their sizes. Filled: unlikely to be chance, allowing for every comparison of rates on this page."
    )


def steps_not_known(rates: Sequence[Answer], who: str) -> str:
    """Say how many exits the later steps leave out because their outcome is not known yet. rates: the measures behind them."""
    return " ".join(text for rate in rates if (text := words.not_known_yet(rate, who)))


def step_title(steps_answer: Answer, who: str) -> str:
    """State the step at which a group falls furthest behind, in residents."""
    rows = [row for row in steps_answer.rows_of(StepRow) if row.part]
    group = f"{prose.capital(who)}{filters(steps_answer)}"
    steps = [row for row in rows if row.part != "applied" and known(row.value)]
    hidden = prose.hidden_rows(steps_answer)
    if not steps:
        return f"{group}: {HIDDEN if hidden else 'no step can be compared yet'}"
    shown, of_shown = (" shown", ", of the steps shown") if hidden else ("", "")
    behind = [row for row in steps if row.verdict in words.BEHIND]
    first = next((row for row in rows if row.part == "applied" and is_below_benchmarks(row)), None)
    if first is not None and all((first.value or 0) < (row.value or 0) for row in behind):
        return (
            f"{group} fall furthest behind before applying{of_shown}. Their share of applicants is {ratio(first.value)} times "
            f"their share of {population(first.benchmark_base)}"
        )
    if behind:
        worst = max(behind, key=lambda row: row.lost or 0)
        lost = f"At the others’ rate, {people(round(worst.lost or 0))} more would have {PARTICIPLES[str(worst.part)]}"
        return f"{group} fall furthest behind at “{STEP_NAMES[str(worst.part)].lower()}”{of_shown}: {ratio(worst.value)} times the rate of others. {lost}"
    if not any(is_judged(row) for row in steps):
        return f"{group}: too few people to compare any step with others"
    if all((row.value or 0) >= 1 for row in steps):
        return f"{group} pass every step{shown} at least as often as others"
    return f"{group}: no clear difference from others at any step that can be compared"


def sure_steps(rows: Sequence[StepRow]) -> set[str]:
    """Return the keys of the steps unlikely to be chance; the first step, a share of the population, by its own interval."""
    first = {row.key for row in rows if row.part == "applied" and differs_from_benchmarks(row)}
    return words.sure(rows) | first


def step_table(rows: Sequence[StepRow]) -> list[dict[str, prose.Cell]]:
    """Return one table row a step: both rates, additional people if rates were equal, and the finding."""
    return [_applied_cells(row) if row.part == "applied" else _step_cells(row) for row in rows]


def _applied_cells(row: StepRow) -> dict[str, prose.Cell]:
    share_of = f"Share of applicants, {ratio(row.value)} times the share of {population(row.benchmark_base)}"
    return {
        "Step": "Applied",
        "Group’s rate": row.note if is_hidden(row) else "not known" if row.note == NOBODY_ANSWERED else row.numerator,
        "Others’ rate": "does not apply",
        "Counted in the group": row.note if is_hidden(row) else row.residents,
        "Additional people if rates were equal": "does not apply",
        "Reliability": reliability.NOT_SHOWN if is_hidden(row) else reliability.of_share(row.residents, row.answered),
        "Finding": share_of if known(row.value) else prose.capital(row.note or "no benchmark"),
    }


def _step_cells(row: StepRow) -> dict[str, prose.Cell]:
    return {
        "Step": STEP_NAMES[str(row.part)],
        "Group’s rate": row.note if is_hidden(row) else row.numerator,
        "Others’ rate": row.note if is_hidden(row) else row.denominator,
        "Counted in the group": words.members(row),
        "Additional people if rates were equal": max(round(row.lost), 0) if known(row.lost) else row.note,
        "Reliability": reliability.of_sides(row),
        "Finding": words.outcome(row),
    }
