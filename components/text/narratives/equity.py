"""Describe groups: who is under-represented, whose results differ, and what the averages hide."""

from __future__ import annotations

from collections.abc import Sequence

from components.text import prose
from components.text import verdicts as words
from components.text.format import known, people, ratio, share
from components.text.narratives.answer_data import (
    LONGEST_LEAD,
    OUTCOMES,
    VERBS,
    EquityData,
    differs_from_benchmarks,
    goal_of,
    is_below_benchmarks,
    population,
    share_of_goal,
)
from components.text.narratives.findings import findings
from queries.calculators.gap import GapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.group_shares import RepresentationRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import Answer
from queries.privacy.suppression import is_hidden
from queries.verdicts import ABOVE, BELOW

NOT_LABOR_FORCE = " Populations other than the labor force include people who are not looking for training, such as children and retired people."


def lead(data: EquityData) -> str:
    """Answer the page's question: who is enrolled below the goal, whose results are lower, what the averages hide."""
    if data.ratios.status != "ok":
        return data.ratios.note or "There is nothing to compare yet."
    sentences = [f"{prose.capital(text)}." for text in (_below(data), _behind(data)) if text]
    return " ".join([*sentences, *_in_the_averages(data, room=LONGEST_LEAD - len(" ".join(sentences)))])


def _in_the_averages(data: EquityData, *, room: int) -> list[str]:
    """Say what the averages hide: the largest findings, one a group, as many as fit into `room` letters."""
    by_group: dict[str, str] = {}
    for finding in findings(data):
        if finding.is_hidden:
            by_group.setdefault(finding.group, finding.brief)
    briefs = list(by_group.values())[:3]
    while briefs:
        text = f"Hidden in the averages: {prose.join(briefs)}."
        if len(text) < room:
            return [text]
        briefs.pop()
    return []


def _below(data: EquityData) -> str:
    """Say which groups are enrolled clearly below their goal, lowest first, and how many more residents each needs."""
    gaps = data.gaps.rows_of(GapRow)
    rows = sorted((row for row in gaps if row.verdict == BELOW), key=lambda row: row.share_of_target or 0)
    if not rows:
        if prose.hidden_rows(data.gaps):
            return "No group large enough to show is enrolled clearly below its target or its share of the population"
        if any(row.verdict for row in gaps):
            return "No group is enrolled clearly below its target or its share of the population"
        return "There is no benchmark or target here, so shares of residents cannot be compared"
    first, *others = rows
    clauses = [
        f"{data.noun(first.group)} are enrolled at {share_of_goal(first)} times their {goal_of(first)} "
        f"({people(first.value)} more people needed)"
    ]
    for row in others:
        of = "" if goal_of(row) == goal_of(first) else f" times their {goal_of(row)}"
        clauses.append(f"{data.noun(row.group)} at {share_of_goal(row)}{of} ({people(row.value)} more)")
    return f"{prose.join(clauses)}; all unlikely to be chance" if others else f"{clauses[0]}; unlikely to be chance"


def _behind(data: EquityData) -> str:
    """Say whose results are lower than others': each group once, with its lowest result."""
    behind = [row for row in data.outcomes.rows_of(OutcomeRow) if row.verdict in words.BEHIND]
    lowest: dict[str | None, OutcomeRow] = {}
    for row in sorted(behind, key=lambda row: row.value or 0):
        lowest.setdefault(row.group, row)
    clauses = [
        f"{data.noun(row.group)} {VERBS[str(row.part)]} at {ratio(row.value)} times the rate of others"
        for row in lowest.values()
    ]
    clauses += [
        f"{data.noun(row.group)} who apply are enrolled at {ratio(row.value)} times the rate of others"
        for row in data.steps.rows_of(StepRow)
        if row.part == "enrolled" and row.verdict in words.BEHIND
    ]
    if clauses:
        return prose.join(clauses)
    which = " large enough to show" if prose.hidden_rows(data.outcomes) else ""
    return f"no group{which} has clearly lower results than others" if data.outcomes.status == "ok" else ""


def participation_title(data: EquityData) -> str:
    """State the finding over the participation chart."""
    rows = [row for row in data.ratios.rows_of(RepresentationRow) if known(row.value)]
    if not rows:
        return "No group has a comparable benchmark under these filters"
    below = sorted((row for row in rows if _is_below(row, data)), key=lambda row: row.value or 0)
    if not below:
        which = "large enough to show" if prose.hidden_rows(data.ratios) else "with a benchmark"
        return f"No group {which} is enrolled clearly below its share of the population it is compared with"
    lowest = f"{population(below[0].benchmark_base)}: {ratio(below[0].value)}"
    if len(below) == 1:
        return f"{data.label(below[0].key)} are enrolled below their share of {lowest}"
    return (
        f"{data.label(below[0].key)} are furthest below the population they are compared with, their share of {lowest}"
    )


def sure_shares(data: EquityData) -> set[str]:
    """Return the keys of the ratios to fill: by the page's verdict, or by the interval where a target is set."""
    keys = set()
    for row in data.ratios.rows_of(RepresentationRow):
        gap = prose.row_of(data.gaps, GapRow, row.key, group=row.group)
        if gap is not None and gap.is_benchmark:
            is_sure = gap.verdict in (BELOW, ABOVE)
        else:
            is_sure = differs_from_benchmarks(row)
        keys |= {row.key} if is_sure else set()
    return keys


def _is_below(row: RepresentationRow, data: EquityData) -> bool:
    """Return whether a group is clearly below its benchmark: by the page's verdict, or by the interval where a target is set."""
    gap = prose.row_of(data.gaps, GapRow, row.key, group=row.group)
    if gap is not None and gap.is_benchmark:
        return gap.verdict == BELOW
    return is_below_benchmarks(row)


def outcome_title(rows: Sequence[OutcomeRow], data: EquityData, outcome: str) -> str:
    """State the finding over the outcome chart."""
    if not any(known(row.value) for row in rows):
        few = any(is_hidden(row) for row in rows)
        return f"{OUTCOMES[outcome]}: {'hidden for privacy' if few else 'nobody to compare yet'}"
    behind = sorted((row for row in rows if row.verdict in words.BEHIND), key=lambda row: row.value or 0)
    if not behind:
        return f"{OUTCOMES[outcome]}: no group is clearly below others"
    lowest = behind[0]
    at = f"{data.noun(lowest.group)} at {ratio(lowest.value)} times the rate of others"
    return f"{OUTCOMES[outcome]}: {at}, unlikely to be chance"


def is_comparable(answer: Answer) -> bool:
    """Return whether any group has a value to compare."""
    return any(known(row.value) for row in answer.rows)


def definitions_used(data: EquityData) -> str:
    """Say which population each group is compared with, and which groups have no benchmark."""
    compared = [
        f"{data.label(row.group)}: {share(row.benchmark)} of {_population_of(row)}"
        for row in data.ratios.rows_of(RepresentationRow)
        if known(row.value) and row.benchmark_about
    ]
    without: dict[str, list[str]] = {}
    for row in data.ratios.rows_of(RepresentationRow):
        if not known(row.value) and known(row.numerator):
            without.setdefault(row.note or "", []).append(data.noun(row.group))
    missing = "".join(
        f" {prose.capital(reason)}: {prose.join(groups)}, shown as counts and shares."
        for reason, groups in without.items()
    )
    bases = {row.benchmark_base for row in data.ratios.rows_of(RepresentationRow) if known(row.value)}
    caution = NOT_LABOR_FORCE if bases - {"labor force"} else ""
    return f"Compared with: {'; '.join(compared)}.{caution}{missing}" if compared else missing.strip()


def _population_of(row: RepresentationRow) -> str:
    """Write the population of a benchmark with its definition and source, and the second population where there is one."""
    base = row.benchmark_base or ""
    text = f"{population(base)}{str(row.benchmark_about).removeprefix(base)}"
    if not known(row.second_benchmark):
        return text
    return f"{text}, and {share(row.second_benchmark)} of {row.second_about}; there is a finding only where both agree"
