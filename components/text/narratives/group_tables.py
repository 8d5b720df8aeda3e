"""The groups in tables: the overview, what each is held against, and each outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.memoize import memoize
from components.text import prose
from components.text import verdicts as words
from components.text.format import known, ratio, share
from components.text.narratives.answer_data import EquityData
from queries.calculators.over_time import FALLING, RISING
from queries.calculators.over_time import trends as trends_of
from queries.privacy.suppression import is_hidden


def bounds(row: Any) -> str:
    """A share and what it could be if the undisclosed were all out, or all in."""
    if not known(row.value):
        return prose.capital(row.note or "not known")
    low, high = row.bound_low, row.bound_high
    return share(row.value) if low == high else f"{share(row.value)} ({share(low)} to {share(high)})"


def held_against(row: Any) -> str:
    """The goal of a group: "11% of the population" or "48% target"."""
    if row is None or not known(row.target):
        return "no benchmark"
    return f"{share(row.target)} {'of the population' if row.is_benchmark else 'target'}"


def family(told: EquityData) -> str:
    """How many comparisons the verdicts of the overview allow for."""
    return f"{words.family(told.outcomes.rows)} {words.family(told.gaps.rows, what='of participation')}".strip()


def overview_table(told: EquityData, trends: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a group: participation, outcomes, trend and the verdict in words."""
    found = []
    for row in told.shares.rows:
        group = str(row.group)
        gap, against = told.gaps.row(row.key, group=row.group), told.ratios.row(row.key, group=row.group)
        cells = {
            "Group": told.labels.get(group, group),
            "In words": words.participation(gap),
            "Residents": row.note if is_hidden(row) else row.numerator,
            "Share (range if all answered)": bounds(row),
            "Held against": held_against(gap),
            "Ratio to population": _with_interval(against),
            "Enrolled of those who apply": words.outcome_cell(told.steps.row("enrolled", group=group)),
        }
        for part, name in (
            ("completion_rate", "Completes"),
            ("credential_rate", "Credential"),
            ("placement_rate", "Placed"),
        ):
            cells[name] = words.outcome_cell(told.outcomes.row(group, group=group, part=part))
        cells["Share over a year"] = trends.get(group, "not known")
        found.append(cells)
    return found


def _with_interval(row: Any) -> str:
    if row is None or not known(row.value):
        return "none"
    return f"{ratio(row.value)} ({ratio(row.low)} to {ratio(row.high)})"


def goals_table(told: EquityData) -> list[dict[str, Any]]:
    """One row a group: what it is held against, by which definition, and what the undisclosed could change."""
    found = []
    for row in told.gaps.rows:
        against = told.ratios.row(row.key, group=row.group)
        about = against.benchmark_about if against else None
        found.append(
            {
                "Group": told.labels.get(str(row.group), row.group),
                "Target": f"{share(row.target)}, set {row.set_on} by {row.set_by}"
                if row.set_on
                else "none set",
                "Population": share(against.benchmark) if about else "no benchmark",
                "Definition": about or ((against.note if against else None) or "no comparable benchmark exists"),
                "Did not disclose": row.undisclosed,
                "What they could change": words.undisclosed_could(row) or "not needed",
            }
        )
    return found


def outcome_table(rows: Sequence[Any], told: EquityData) -> list[dict[str, Any]]:
    """One row a group: both rates, the ratio with its interval and the verdict."""
    return [
        {
            "Group": told.labels.get(str(row.group), row.group),
            "Group’s rate": row.numerator,
            "Range if all answered": _range(row),
            "Others’ rate": row.denominator,
            "Ratio": ratio(row.value) if known(row.value) else row.note or "none",
            "95% interval": f"{_end(row.low)} to {_end(row.high)}" if known(row.low) else "none",
            "In words": words.outcome(row),
        }
        for row in rows
    ]


def _range(row: Any) -> str:
    low, high = row.bound_low, row.bound_high
    return f"{share(low)} to {share(high)}" if known(low) and known(high) else "not known"


def _end(value: Any) -> str:
    """An end of an interval: with a third decimal where two would hide on which side of 1 it lies."""
    return f"{value:.3f}" if known(value) and value != 1 and f"{value:.2f}" == "1.00" else ratio(value)


def undisclosed(told: EquityData) -> str:
    """What those who did not disclose could change, group by group; "" where nothing is called."""
    said = []
    for row in told.gaps.rows:
        text = words.undisclosed_could(row)
        if text and row.tipping is not None:
            said.append(f"{told.noun(row.group)}, {text[0].lower()}{text[1:]}")
    return f"What those who did not disclose could change: {'; '.join(said)}." if said else ""


@memoize
def trends(answer: Any) -> dict[str, str]:
    """By group: whether its share of those who enroll rose or fell in the last four complete quarters, chance allowed for."""
    said = {row.group: prose.capital(row.note) for row in answer.rows if row.group and is_hidden(row)}
    for group, one in trends_of(answer.rows).items():
        if group in said:
            continue
        word = one.direction
        numbers = f": {share(one.before)} to {share(one.now)}" if word in (RISING, FALLING) else ""
        said[group] = f"{prose.capital(word)}{numbers}"
    return said
