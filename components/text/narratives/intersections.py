"""Describe residents who are in two groups at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from components.text import prose, reliability
from components.text import verdicts as words
from components.text.format import known, people, ratio, share
from components.text.narratives.answer_data import OUTCOMES, VERBS, EquityData
from components.text.narratives.compared_groups import is_judged
from components.text.scope_words import filters
from queries.calculators.intersections import IntersectionRow
from queries.calculators.pair_participation import PairParticipationRow
from queries.models import Answer, Row
from queries.verdicts import ENOUGH

MOST = 8
MOST_NAMES = 3


def name(row: Row, data: EquityData) -> str:
    """Name a pair of groups: "Veterans + women"."""
    return f"{data.labels.get(str(row.group), row.group)} + {data.noun(row.part)}"


def labels(rows: Sequence[IntersectionRow], data: EquityData) -> dict[str, str]:
    """Map the key of each pair to its name."""
    return {row.key: name(row, data) for row in rows}


def lowest(rows: Sequence[IntersectionRow]) -> list[IntersectionRow]:
    """Return the pairs to draw: those with a ratio, lowest first, at most MOST."""
    return sorted((row for row in rows if known(row.value)), key=lambda row: (row.value or 0, row.raw or 0))[:MOST]


def title(rows: Sequence[IntersectionRow], data: EquityData, outcome: str) -> str:
    """State the finding: which pairs have clearly lower results."""
    behind = [row for row in lowest(rows) if row.verdict in words.BEHIND]
    if not any(known(row.value) for row in rows):
        return (
            "Too few residents are in two groups at once to compare"
            if _are_small(rows)
            else f"No two groups at once can be compared with others{filters(data.pairs)}"
        )
    start = f"Residents in two groups at once{filters(data.pairs)}"
    if not behind:
        compared = [name(row, data) for row in rows if is_judged(row)]
        if not compared:
            return f"{start}: too few to compare any pair with others"
        which = f"the only pair that can be compared, {prose.lower_first(compared[0])}, is not"
        if len(compared) > 1:
            which = f"of the {prose.in_words(len(compared))} pairs that can be compared, none is"
        return f"{start}. {OUTCOMES[outcome]}: {which} clearly below others"
    pairs = prose.join([f"{name(row, data)} ({ratio(row.value)})" for row in behind[:MOST_NAMES]])
    return f"{start}. {pairs} {VERBS[outcome]} less often than others"


def _are_small(rows: Sequence[IntersectionRow]) -> bool:
    """Return whether every pair has too few exits, whoever it is compared with."""
    return all(row.known_in is not None and row.known_in < ENOUGH for row in rows)


def table(rows: Sequence[IntersectionRow], data: EquityData) -> list[dict[str, prose.Cell]]:
    """Return one table row a pair: residents, both rates, the ratio as counted and adjusted, each group's ratio, the finding."""
    return [
        {
            "Groups": name(row, data),
            "In both, with an exit": row.residents,
            "Rate in both": row.numerator,
            "Others’ rate": row.denominator,
            "Ratio as counted": ratio(row.raw) if known(row.raw) else row.note or "none",
            "Ratio adjusted for size": f"{ratio(row.value)} ({ratio(row.low)} to {ratio(row.high)})"
            if known(row.value)
            else row.note or "none",
            "Each group by itself": " and ".join(
                _single_ratio(data, group, row.outcome) for group in (row.group, row.part)
            ),
            "Reliability": reliability.of_sides(row),
            "Finding": words.outcome(replace(row, value=row.raw)),
        }
        for row in sorted(rows, key=lambda row: (row.value is None, row.value or 0))
    ]


def _single_ratio(data: EquityData, group: str | None, outcome: str | None) -> str:
    single = data.outcomes.row(str(group), group=group, part=outcome)
    return ratio(single.value) if single is not None and known(single.value) else "none"


def enrolled_table(answer: Answer, data: EquityData) -> list[dict[str, prose.Cell]]:
    """Return one table row a pair, the largest first: residents of both groups at each step, and their share of those enrolled."""
    return [
        {
            "Groups": name(row, data),
            "Enrolled, in both": row.note or row.numerator,
            "Share of enrolled": row.value,
            "Range if all answered": f"{share(row.bound_low)} to {share(row.bound_high)}",
            "Answered both questions": row.denominator,
            "Applied, in both": row.note or row.applied,
            "Completed, in both": row.note or row.completed,
        }
        for row in _largest_first(answer)
    ]


def _largest_first(answer: Answer) -> list[PairParticipationRow]:
    """Return the pairs with the most residents enrolled first."""
    return sorted(answer.rows_of(PairParticipationRow), key=lambda row: (-(row.numerator or 0), row.key))


def enrolled_title(answer: Answer, data: EquityData) -> str:
    """State how many residents of the largest pair are enrolled, of those who answered both questions."""
    rows = [row for row in _largest_first(answer) if row.numerator]
    start = f"Enrolled in two groups at once{filters(answer)}"
    if not rows:
        return f"{start}: nobody so far"
    first = rows[0]
    base = prose.plural(first.denominator, "resident")
    return f"{start}. {name(first, data)}: {people(first.numerator)} of {base} who answered both questions ({share(first.value)})"


ENROLLED_WORDS = (
    "The share is of enrolled residents who answered both questions. Applied and completed count residents of both groups by the "
    "date of that step. There is no benchmark for two groups at once, so these shares are not compared with the population."
)


def chart_words(rows: Sequence[IntersectionRow]) -> str:
    """Explain the chart: why small pairs are adjusted, and how many comparisons are made at once."""
    if not any(known(row.value) for row in rows):
        return (
            f"Every pair has under {ENOUGH} exits." if _are_small(rows) else "The table gives the reason for each pair."
        )
    return (
        "The pairs with the lowest ratios, with 95% intervals. The fewer residents a pair has, the more its ratio is moved toward "
        f"what its two groups show in all their pairs. {words.family(rows, is_page=True)}"
    )
