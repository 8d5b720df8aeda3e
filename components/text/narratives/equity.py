"""Describe groups: who is under-represented, whose results differ, and what the averages hide."""

from __future__ import annotations

from collections.abc import Sequence

from components.text import prose
from components.text import verdicts as words
from components.text.format import known, ratio, share
from components.text.narratives.answer_data import (
    LONGEST_LEAD,
    OUTCOMES,
    VERBS,
    EquityData,
    differs_from_benchmarks,
    is_below_benchmarks,
    population,
)
from components.text.narratives.compared_groups import below_goals, is_judged, no_goal, none_of, nothing_compared
from components.text.narratives.findings import findings
from components.text.scope_words import chosen, filters
from queries.calculators.gap import GapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.group_shares import RepresentationRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import AnswerStatus, Row
from queries.notes import NOBODY_TO_COMPARE, OTHERS_AT_ZERO
from queries.privacy.suppression import HIDDEN, is_hidden
from queries.verdicts import ABOVE, BELOW

NOT_LABOR_FORCE = (
    "Populations other than the labor force include people who are not looking for training, such as children and retired people. "
    "A finding against such a population says nothing about the labor force."
)


def lead(data: EquityData) -> tuple[str, str]:
    """Answer the page's question in a sentence, and say more: who is below the goal, whose results are lower, what the averages hide."""
    if data.ratios.status != "ok":
        return data.ratios.note or "There is nothing to compare yet.", ""
    below, behind = below_goals(data), _behind(data)
    is_below = [row.verdict == BELOW for row in data.gaps.rows_of(GapRow)]
    sentences = [_count_below(data, sum(is_below)), *below, *behind]
    if below or behind:
        count = sum(is_below) + len(behind)
        sentences.append(
            f"{'This is' if count == 1 else 'Both are' if count == 2 else 'All are'} unlikely to be chance."
        )
    if not behind:
        sentences.append(_none_behind(data))
    first, *rest = [text for text in (*sentences, *_in_the_averages(data)) if text]
    return first, _fitting(rest)


def _fitting(sentences: Sequence[str]) -> str:
    """Return as many sentences as fit into a lead."""
    text = ""
    for sentence in sentences:
        if len(text) + len(sentence) < LONGEST_LEAD:
            text += f" {sentence}" if text else sentence
    return text


def _in_the_averages(data: EquityData) -> list[str]:
    """Say what the averages hide: the largest finding. The list under the lead has the others."""
    hidden = [finding for finding in findings(data) if finding.is_hidden]
    return [f"Hidden in the averages: {hidden[0].brief}."] if hidden else []


def _count_below(data: EquityData, below: int) -> str:
    """Say how many groups are enrolled clearly below their goal, with the filters and the date."""
    place = prose.capital(f"{chosen(data.gaps.scope)} {prose.when(data.gaps)}".strip())
    rows = [row for row in data.gaps.rows_of(GapRow) if row.verdict]
    if below:
        goals = goals_of([row for row in rows if row.verdict == BELOW], below)
        groups = f"{prose.plural_in_words(below, 'group')} {prose.noun(below, 'is')}"
        return f"{place}, {groups} enrolled clearly below {goals}."
    gaps = data.gaps.rows_of(GapRow)
    if not any(row.verdict or is_hidden(row) for row in gaps):
        return f"{place}, {no_goal(gaps)}, so shares of residents cannot be compared."
    if not any(is_judged(row) for row in gaps):
        reason = nothing_compared(gaps)
        there_are = "there are " if reason.startswith("too few") else ""
        return f"{place}, {there_are}{reason} with {goals_of(rows, 1)}."
    return f"{place}, {none_of(gaps, data.noun)} enrolled clearly below {goals_of(rows, 1)}."


def goals_of(rows: Sequence[GapRow], count: int) -> str:
    """Name what groups are compared with: "their benchmarks", "its target", or both where some have a target and some have none."""
    kinds = sorted({"benchmark" if row.is_benchmark else "target" for row in rows if known(row.target)})
    names = " or ".join(prose.noun(count, kind) for kind in kinds or ("benchmark", "target"))
    return f"{prose.noun(count, 'its', 'their')} {names}"


def _behind(data: EquityData) -> list[str]:
    """Say whose results are lower than others': each group once, with its lowest result."""
    behind = [row for row in data.outcomes.rows_of(OutcomeRow) if row.verdict in words.BEHIND]
    lowest: dict[str | None, OutcomeRow] = {}
    for row in sorted(behind, key=lambda row: row.value or 0):
        lowest.setdefault(row.group, row)
    sentences = [
        f"{data.label(row.group)} {VERBS[str(row.part)]} at {ratio(row.value)} times the rate of others."
        for row in lowest.values()
    ]
    return sentences + [
        f"{data.label(row.group)} who apply are enrolled at {ratio(row.value)} times the rate of others."
        for row in data.steps.rows_of(StepRow)
        if row.part == "enrolled" and row.verdict in words.BEHIND
    ]


def _none_behind(data: EquityData) -> str:
    """Say of how many groups none has clearly lower results, or that none can be compared; "" where there are no outcomes."""
    rows = data.outcomes.rows_of(OutcomeRow)
    if data.outcomes.status != "ok":
        return ""
    if not any(is_judged(row) for row in rows):
        return f"{prose.capital(nothing_compared(rows, 'group’s results'))} with others’."
    enrolled = [row for row in data.steps.rows_of(StepRow) if row.part == "enrolled"]
    is_partial = data.steps.status == AnswerStatus.NOT_RELEASED or any(is_hidden(row) for row in (*rows, *enrolled))
    return (
        f"{prose.capital(none_of(rows, data.noun))} clearly below others in any result{' shown' if is_partial else ''}."
    )


def participation_title(data: EquityData) -> str:
    """State the finding over the participation chart."""
    rows = [row for row in data.ratios.rows_of(RepresentationRow) if known(row.value)]
    place = filters(data.ratios)
    if not rows:
        return f"No group{place} has a comparable benchmark"
    below = sorted((row for row in rows if _is_below(row, data)), key=lambda row: row.value or 0)
    if not below:
        return _none_below_title(data)
    first = below[0]
    lowest = f"{ratio(first.value)} times it. The benchmark is a share of {population(first.benchmark_base)}"
    equal = [row for row in below if ratio(row.value) == ratio(first.value)]
    if len({row.benchmark_base for row in equal}) > 1:
        return f"{prose.capital(prose.plural_in_words(len(below), 'group'))}{place} are enrolled below their benchmarks"
    names = prose.capital(prose.join([data.noun(row.key) for row in equal]))
    where = "enrolled" if len(equal) == len(below) else "furthest"
    return f"{names}{place} are {where} below their benchmark, at {lowest}"


def _none_below_title(data: EquityData) -> str:
    """Say of how many groups none is below its benchmark, or that none can be compared with it."""
    place = filters(data.ratios)
    judged: list[Row] = []
    for row in data.ratios.rows_of(RepresentationRow):
        gap = prose.row_of(data.gaps, GapRow, row.key, group=row.group)
        judged.append(gap if known(row.value) and gap is not None and gap.is_benchmark else row)
    if not any(is_judged(row) for row in judged):
        return f"{prose.capital(nothing_compared(judged))}{place} with its benchmark"
    return f"{prose.capital(none_of(judged, data.noun, place))} enrolled clearly below its benchmark"


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
    start = f"{OUTCOMES[outcome]}{filters(data.outcomes)}"
    if not any(known(row.value) for row in rows):
        reasons = {row.note for row in rows}
        reason = (
            OTHERS_AT_ZERO
            if reasons == {OTHERS_AT_ZERO}
            else NOBODY_TO_COMPARE
            if reasons == {NOBODY_TO_COMPARE}
            else "no group can be compared"
        )
        return f"{start}: {HIDDEN if any(is_hidden(row) for row in rows) else reason}"
    behind = sorted((row for row in rows if row.verdict in words.BEHIND), key=lambda row: row.value or 0)
    if not behind:
        if not any(is_judged(row) for row in rows):
            return f"{start}: {nothing_compared(rows)} with others"
        return f"{start}: {none_of(rows, data.noun)} clearly below others"
    return f"{start}. {data.label(behind[0].group)}: {ratio(behind[0].value)} times the rate of others, unlikely to be chance"


def definitions_used(data: EquityData) -> list[str]:
    """Say which population each group is compared with, a paragraph each, and which groups have no benchmark."""
    rows = data.ratios.rows_of(RepresentationRow)
    compared = [
        f"{data.label(row.group)} are compared with {_population_of(row)}"
        for row in rows
        if known(row.value) and row.benchmark_about
    ]
    without: dict[str, list[str]] = {}
    for row in rows:
        if not known(row.value) and known(row.numerator):
            without.setdefault(row.note or "", []).append(data.noun(row.group))
    missing = [
        f"{prose.capital(reason)}: {prose.join(groups)}, shown as counts and shares."
        for reason, groups in without.items()
    ]
    bases = {row.benchmark_base for row in rows if known(row.value)}
    caution = [NOT_LABOR_FORCE] if bases - {"labor force"} else []
    return [*compared, *caution, *missing] if compared else missing


def _population_of(row: RepresentationRow) -> str:
    """Write the share of the population, its definition and its source, and the second population where there is one."""
    text = f"{share(row.benchmark)} of {population(row.benchmark_base)}. {_definition(row.benchmark_base, row.benchmark_about)}"
    if not known(row.second_benchmark):
        return text
    return (
        f"{text} The second benchmark is {share(row.second_benchmark)} of {row.second_about}. "
        "There is a finding only where both agree."
    )


def _definition(base: str | None, about: str | None) -> str:
    """Write the definition and the source of a benchmark, which follow its base in `about`."""
    return f"Definition and source: {str(about).removeprefix(base or '').lstrip(': ')}."
