"""The groups in words: who is under-represented, whose outcomes differ, what stands out, and by how many residents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.text import prose
from components.text import verdicts as words
from components.text.format import known, ratio, share
from components.text.narratives.answer_data import (
    DOES,
    LONGEST_LEAD,
    OUTCOMES,
    PARITY,
    EquityData,
    against,
    goal_of,
    more,
)
from components.text.narratives.findings import findings
from queries.privacy.suppression import is_hidden
from queries.verdicts import BELOW


def lead(told: EquityData) -> str:
    """The page's answer: who is enrolled below the goal, who fares worse, and what the totals hide."""
    if told.ratios.status != "ok":
        return told.ratios.note or "There is nothing to compare yet."
    said = [f"{prose.capital(text)}." for text in (_below(told), _behind(told)) if text]
    return " ".join([*said, *_hidden(told, room=LONGEST_LEAD - len(" ".join(said)))])


def _hidden(told: EquityData, *, room: int) -> list[str]:
    """What the totals hide: the heaviest findings, one a group, as many as there is room for."""
    first: dict[str, str] = {}
    for finding in findings(told):
        if finding.is_hidden:
            first.setdefault(finding.group, finding.brief)
    briefs = list(first.values())[:3]
    while briefs:
        text = f"What the totals hide: {prose.join(briefs)}."
        if len(text) < room:
            return [text]
        briefs.pop()
    return []


def _below(told: EquityData) -> str:
    rows = sorted(
        (row for row in told.gaps.rows if row.verdict == BELOW),
        key=lambda row: row.share_of_target,
    )
    if not rows:
        if prose.held_back(told.gaps):
            return "No group large enough to show is enrolled below its target or its share of the population beyond chance"
        if any(row.verdict for row in told.gaps.rows):
            return "No group is enrolled below its target or its share of the population beyond chance"
        return "No benchmark or target is at hand, so shares of residents cannot be compared"
    first, *others = rows
    said = [
        f"{told.noun(first.group)} are enrolled at {against(first)} of their {goal_of(first)} ({more(first)} to reach it)"
    ]
    for row in others:
        of = "" if goal_of(row) == goal_of(first) else f" of their {goal_of(row)}"
        said.append(f"{told.noun(row.group)} at {against(row)}{of} ({more(row)})")
    return f"{prose.join(said)}: more than chance explains"


def _behind(told: EquityData) -> str:
    """Whose outcomes are behind: the lowest of each group, so that one gap is not told twice."""
    behind = [row for row in told.outcomes.rows if row.verdict in words.BEHIND]
    lowest: dict[str, Any] = {}
    for row in sorted(behind, key=lambda row: row.value):
        lowest.setdefault(row.group, row)
    said = [f"{told.noun(row.group)} {DOES[row.part]} at {ratio(row.value)} of others’ rate" for row in lowest.values()]
    said += [
        f"{told.noun(row.group)} who apply are enrolled at {ratio(row.value)} of others’ rate"
        for row in told.steps.rows
        if row.part == "enrolled" and row.verdict in words.BEHIND
    ]
    if said:
        return prose.join(said)
    which = " large enough to show" if prose.held_back(told.outcomes) else ""
    return f"no group{which} has outcomes below others’ beyond chance" if told.outcomes.status == "ok" else ""


def participation_title(told: EquityData) -> str:
    """The finding over the participation chart."""
    rows = sorted((row for row in told.ratios.rows if known(row.value)), key=lambda row: row.value)
    if not rows:
        return "No group has a comparable benchmark under these filters"
    if rows[0].value >= PARITY:
        which = "large enough to show" if prose.held_back(told.ratios) else "with a benchmark"
        return f"No group {which} is enrolled below its share of the population"
    return f"{told.label(rows[0].key)} are furthest below their share of the population: {ratio(rows[0].value)}"


def outcome_title(rows: Sequence[Any], told: EquityData, outcome: str) -> str:
    """The finding over the outcome chart."""
    if not any(known(row.value) for row in rows):
        few = any(is_hidden(row) for row in rows)
        return f"{OUTCOMES[outcome]}: {'too few to show' if few else 'nobody to compare yet'}"
    behind = sorted((r for r in rows if r.verdict in words.BEHIND), key=lambda r: r.value)
    if behind:
        low = behind[0]
        return (
            f"{OUTCOMES[outcome]}: {told.noun(low.group)} at {ratio(low.value)} of others’ rate, unlikely to be chance"
        )
    return f"{OUTCOMES[outcome]}: no group is below others beyond chance"


def comparable(answer: Any) -> bool:
    """Whether any group has a value to compare."""
    return any(known(row.value) for row in answer.rows)


def definitions_used(told: EquityData) -> str:
    """Which definition each benchmark follows, as said in the reference figures, and who has none."""
    said = [
        f"{told.label(row.group)}: {share(row.benchmark)} of {row.benchmark_about}"
        for row in told.ratios.rows
        if known(row.value) and row.benchmark_about
    ]
    without: dict[str, list[str]] = {}
    for row in told.ratios.rows:
        if not known(row.value) and known(row.numerator):
            without.setdefault(row.note or "", []).append(told.noun(row.group))
    none = "".join(
        f" {prose.capital(why)}: {prose.join(who)}, shown as counts and shares." for why, who in without.items()
    )
    return f"Held against: {'; '.join(said)}.{none}" if said else none.strip()
