"""Two groups at once, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from components.text import prose
from components.text import verdicts as words
from components.text.format import known, ratio
from components.text.narratives.answer_data import DOES, EquityData

MOST = 8


def name(row: Any, told: EquityData) -> str:
    """The pair in words: "women who are veterans" is "Veterans + women"."""
    return f"{told.labels.get(row.group, row.group)} + {told.noun(row.part)}"


def labels(rows: Sequence[Any], told: EquityData) -> dict[str, str]:
    """Pair keys in words."""
    return {row.key: name(row, told) for row in rows}


def lowest(rows: Sequence[Any]) -> list[Any]:
    """The pairs to draw: those with a ratio, lowest first, at most MOST."""
    return sorted((row for row in rows if known(row.value)), key=lambda row: (row.value, row.raw))[:MOST]


def title(rows: Sequence[Any], told: EquityData, outcome: str) -> str:
    """The finding: which pairs fare worse beyond chance."""
    behind = [row for row in lowest(rows) if row.verdict in words.BEHIND]
    if not any(known(row.value) for row in rows):
        return "Too few residents are in two groups at once to compare"
    if not behind:
        return f"No two groups together {DOES[outcome]} less often than others beyond chance"
    named = prose.join([f"{name(row, told)} ({ratio(row.value)})" for row in behind[:3]])
    return f"Residents in two groups who {DOES[outcome]} less often than others: {named}"


def table(rows: Sequence[Any], told: EquityData) -> list[dict[str, Any]]:
    """One row a pair: residents, both rates, the ratio as counted and drawn to the middle, each group alone, verdict."""
    return [
        {
            "Groups": name(row, told),
            "In both": row.residents,
            "Rate in both": row.numerator,
            "Others’ rate": row.denominator,
            "Ratio as counted": ratio(row.raw) if known(row.raw) else row.note or "none",
            "Ratio, small pairs drawn in": f"{ratio(row.value)} ({ratio(row.low)} to {ratio(row.high)})"
            if known(row.value)
            else row.note or "none",
            "Each group alone": " and ".join(_alone(told, group, row) for group in (row.group, row.part)),
            "In words": words.outcome(replace(row, value=row.raw)),
        }
        for row in sorted(rows, key=lambda row: (row.value is None, row.value or 0))
    ]


def _alone(told: EquityData, group: str, row: Any) -> str:
    single = told.outcomes.row(group, group=group, part=row.outcome)
    return ratio(single.value) if single is not None and known(single.value) else "none"


def words_of(rows: Sequence[Any]) -> str:
    """What is drawn: how far small pairs are drawn toward the mean, and how many comparisons are made at once."""
    drawn = [row for row in rows if known(row.value)]
    if not drawn:
        return "Under 30 exits in every pair."
    return (
        "The lowest pairs, with 95% intervals. The fewer residents a pair has, the more it is drawn toward what its two groups "
        f"show in all their pairs, so that small ones do not shout. {words.family(rows)}"
    )
