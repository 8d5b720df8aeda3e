"""The groups in words: who is under-represented, whose outcomes differ, and by how many residents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components import sentences
from components.numbers import known, people, points, ratio, share
from queries.kinds.outcomes import ENOUGH
from queries.small_numbers import is_hidden

FOUR_FIFTHS = 0.8
PARITY = 1.0
UNITS = {
    "Residents": "residents", "Did not disclose": "residents", "Benchmark": "share", "Ratio": "ratio", "Gap": "residents",
    "Group’s rate": "share", "Others’ rate": "share", "Between": "points", "Within": "points", "Adds to the gap": "points",
}  # fmt: skip
STEP_NAMES = {
    "applied": "Applied", "enrolled": "Enrolled", "started": "Started", "completed": "Completed",
    "credential": "Credential", "employed": "Employed",
}  # fmt: skip


def participation_verdict(ratio_row: Any, gap_row: Any) -> str:
    """A group's participation in words with its reason."""
    if ratio_row is None or not known(ratio_row.value):
        return sentences.capital((ratio_row.note if ratio_row else None) or "not known")
    goal = "target" if gap_row is not None and not gap_row.extra.get("is_benchmark", True) else "benchmark"
    if ratio_row.low <= PARITY <= ratio_row.high:
        return "At parity, within what chance allows"
    if ratio_row.value >= PARITY:
        return "Above parity"
    more = (
        sentences.plural(gap_row.value, "more resident")
        if gap_row is not None and known(gap_row.value)
        else "more residents"
    )
    below = (
        "Below 0.80 and unlikely to be chance"
        if ratio_row.high < FOUR_FIFTHS
        else "Below parity and unlikely to be chance"
    )
    return f"{below}: {more} would reach the {goal}"


def outcome_verdict(row: Any) -> str:
    """A group's outcome in words: the four-fifths screen and the interval."""
    if row is None or not known(row.value):
        return sentences.capital((row.note if row else None) or "not known")
    if row.extra.get("screen") == "flagged":
        return "Below four-fifths of the highest group and unlikely to be chance"
    if (
        min(row.extra["known_in"], row.extra["known_out"]) < ENOUGH
        or row.extra.get("screen") == "not enough people to say"
    ):
        return "Not enough people to say"
    if row.low is not None and row.high is not None and (row.high < 1 or row.low > 1):
        return f"{'Lower' if row.high < 1 else 'Higher'} than others, unlikely to be chance, within four-fifths"
    return "No difference beyond chance"


def lead(*, ratios: Any, gaps: Any, completion: Sequence[Any], labels: Mapping[str, str]) -> str:
    """The page's answer: the groups below parity with their gap, then the outcomes that are flagged or lower."""
    if ratios.status != "ok":
        return ratios.note or "There is nothing to compare yet."
    below = [row for row in ratios.rows if known(row.value) and row.high < PARITY]
    said = []
    for row in sorted(below, key=lambda row: row.value):
        gap = gaps.row(row.key, group=row.group)
        need = f" ({people(gap.value)} more residents to reach it)" if gap is not None and known(gap.value) else ""
        said.append(
            f"{labels.get(row.key, row.key)} are enrolled at {ratio(row.value)} of their share of the population{need}"
        )
    if said:
        text = sentences.join(said)
    elif comparable(ratios):
        which = "large enough to show" if sentences.held_back(ratios) else "with a benchmark"
        text = f"No group {which} is enrolled below its share of the population beyond chance"
    elif sentences.held_back(ratios):
        text = "Too few residents to compare the groups with the population"
    else:
        text = "No benchmark is at hand, so shares of residents cannot be compared with shares of the population"
    lower = [row for row in completion if row.high is not None and row.high < 1 and row.extra["known_in"] >= ENOUGH]
    if lower:
        names = sentences.join([labels.get(row.group, row.group) for row in sorted(lower, key=lambda row: row.value)])
        text += f"; of those who exit, {names} complete less often than others, more than chance explains"
    return sentences.capital(text) + "."


def decomposed(row: Any, label: str) -> str:
    """A gap split in words: "… 6.1 points less often; 5.2 within sectors, 0.9 between them"."""
    if row is None or not known(row.value):
        return f"{label}: {(row.note if row else None) or 'not known'}."
    direction = "less" if row.value < 0 else "more"
    within, between = row.extra["within"], row.extra["between"]
    return (
        f"{label} complete {points(abs(row.value)).lstrip('+')} {direction} often than others: "
        f"{points(within)} within {row.part}s (different rates in the same place), {points(between)} between them (who is where)."
    )


def participation_title(ratios: Any, labels: Mapping[str, str]) -> str:
    """The finding over the participation chart."""
    rows = sorted((row for row in ratios.rows if known(row.value)), key=lambda row: row.value)
    if not rows:
        return "No group has a comparable benchmark under these filters"
    if rows[0].value >= PARITY:
        which = "large enough to show" if sentences.held_back(ratios) else "with a benchmark"
        return f"No group {which} is enrolled below its share of the population"
    return f"{labels.get(rows[0].key, rows[0].key)} are furthest below their share of the population: {ratio(rows[0].value)}"


def outcome_title(rows: list[Any], labels: Mapping[str, str], outcome: str) -> str:
    """The finding over the outcome chart."""
    known_rows = sorted((row for row in rows if known(row.value)), key=lambda row: row.value)
    if not known_rows:
        return f"{outcome}: {'too few to show' if any(is_hidden(row) for row in rows) else 'nobody to compare yet'}"
    behind = [row for row in known_rows if row.high is not None and row.high < 1 and row.extra["known_in"] >= ENOUGH]
    if behind:
        low = behind[0]
        return f"{outcome}: {labels.get(low.group, low.group)} at {ratio(low.value)} of others’ rate, more than chance explains"
    return f"{outcome}: no group is below others beyond chance"


def step_title(rows: list[Any], label: str) -> str:
    """The step with the largest loss for a group."""
    found = [row for row in rows if known(row.value)]
    if not found:
        return f"{label}: {'too few to show' if any(is_hidden(row) for row in rows) else 'no step can be compared yet'}"
    behind = [row for row in found if row.high is not None and row.high < 1]
    worst = min(behind or found, key=lambda row: row.value)
    if worst.value >= 1:
        return f"{label} pass every step at least as often as others"
    doubt = "" if behind else ", within what chance allows"
    beside = "their share of the population" if worst.part == "applied" else "others"
    return f"{label} fall behind most at “{worst.part}”: {ratio(worst.value)} of {beside}{doubt}"


def bounds(row: Any) -> str:
    """A share and what it could be if the undisclosed were all out, or all in."""
    if not known(row.value):
        return sentences.capital(row.note or "not known")
    return f"{share(row.value)} ({share(row.extra['bound_low'])} to {share(row.extra['bound_high'])})"


def participation_table(shares: Any, ratios: Any, gaps: Any, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a group: residents, share with bounds, benchmark, ratio, gap and verdict."""
    found = []
    for row in shares.rows:
        ratio_row, gap_row = ratios.row(row.key, group=row.group), gaps.row(row.key, group=row.group)
        benchmark = ratio_row.extra.get("benchmark") if ratio_row else None
        found.append(
            {
                "Group": labels.get(row.key, row.key),
                "Residents": row.note if is_hidden(row) else row.numerator,
                "Share (bounds)": bounds(row),
                "Did not disclose": row.note if is_hidden(row) else row.extra.get("undisclosed"),
                "Benchmark": share(benchmark) if benchmark is not None else "none",
                "Ratio": ratio(ratio_row.value) if ratio_row and known(ratio_row.value) else "none",
                "Gap": people(gap_row.value) if gap_row and known(gap_row.value) else "none",
                "In words": participation_verdict(ratio_row, gap_row),
            }
        )
    return found


def outcome_table(rows: Sequence[Any], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a group: both rates, the ratio with its interval, and the verdict."""
    return [
        {
            "Group": labels.get(row.group, row.group),
            "Group’s rate": row.note if is_hidden(row) else row.numerator,
            "Others’ rate": row.note if is_hidden(row) else row.denominator,
            "Exits in the group": row.note if is_hidden(row) else row.extra.get("known_in"),
            "Ratio (95% interval)": f"{ratio(row.value)} ({_end(row.low)} to {_end(row.high)})"
            if known(row.value) and known(row.low)
            else sentences.capital(row.note or "not known"),
            "In words": outcome_verdict(row),
        }
        for row in rows
    ]


def _end(value: Any) -> str:
    """An end of an interval: with a third decimal where two would hide on which side of 1 it lies."""
    return f"{value:.3f}" if known(value) and value != 1 and f"{value:.2f}" == "1.00" else ratio(value)


def parts_table(answer: Any) -> list[dict[str, Any]]:
    """One row a place: what it adds to the gap, between and within; the largest first."""
    rows = sorted((row for row in answer.rows if known(row.value)), key=lambda row: -abs(row.value))
    rows += [row for row in answer.rows if is_hidden(row)]
    return [
        {
            "Sector": row.key,
            "Within": row.note if is_hidden(row) else row.extra["within"],
            "Between": row.note if is_hidden(row) else row.extra["between"],
            "Adds to the gap": row.note if is_hidden(row) else row.value,
        }
        for row in rows
    ]


def widest(rows: Sequence[Any]) -> str | None:
    """The group whose outcome is lowest beside others' beyond chance, or None."""
    low = [
        row
        for row in rows
        if known(row.value) and row.high is not None and row.high < 1 and row.extra["known_in"] >= ENOUGH
    ]
    return min(low, key=lambda row: row.value).group if low else None


def comparable(answer: Any) -> bool:
    """Whether any group has a value to compare."""
    return any(known(row.value) for row in answer.rows)
