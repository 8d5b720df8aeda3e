"""Describe a group's gap at an equal mix of what else is recorded, next to the gap as counted."""

from __future__ import annotations

from components.text import prose, reliability
from components.text import verdicts as words
from components.text.format import interval, known, points, points_apart
from queries.calculators.gap_adjusted import AdjustedGapRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import Answer, AnswerStatus, Row
from queries.privacy.suppression import is_hidden
from queries.verdicts import RATE

LABELS = {"raw": "As counted", "adjusted": "At an equal mix"}
UNITS = {
    "Group’s rate": "share", "Others’ rate": "share", "Group’s exits": "exits", "Others’ exits": "exits", "Gap": "points",
}  # fmt: skip
ASSUMPTIONS = (
    "A logistic regression of the outcome on all of these at once predicts both rates for the same exits. It assumes that "
    "each moves the odds alike whatever the others are. It cannot allow for what is not recorded. What remains is a "
    "difference to look into, not an effect of belonging to the group."
)


def factors(row: AdjustedGapRow) -> str:
    """Name what both sides are made alike in: "sector, region, and provider"; "" where nothing is supplied."""
    return prose.join((row.adjusted_for or "").split(", "))


def section_words(answer: Answer, row: AdjustedGapRow | None) -> str:
    """Say what the gap is adjusted for, and what it cannot be adjusted for; "" where there is no answer, which a note explains."""
    if answer.status != AnswerStatus.OK or row is None:
        return ""
    if row.left_out and not row.adjusted_for:
        return f"The delivery says only the {row.left_out}, with too few exits for so many values, so the gap cannot be adjusted."
    if not row.adjusted_for:
        return (
            "This delivery does not say sector, region, provider, other groups or supports, so the gap cannot be adjusted. "
            "Not supplied is not the same as no difference."
        )
    text = f"The gap that remains if both sides had the same {factors(row)}, among those who answered."
    if row.not_supplied:
        text += f" Not supplied, so not adjusted for: {prose.join(row.not_supplied.split(', '))}."
    if row.left_out:
        text += f" Not adjusted for, because there are too few exits for so many values: {row.left_out}."
    return text


def title(row: AdjustedGapRow, who: str, place: str = "") -> str:
    """State the finding: the gap as counted, and at an equal mix. place: the filters, as they follow the group."""
    start = f"{prose.capital(who)}{place}"
    if row.raw is None or not known(row.value):
        reason = "hidden for privacy" if is_hidden(row) else row.note or "nobody to compare yet"
        return f"{start}: {reason}"
    return f"{start}: {points(row.raw)} as counted; {points(row.value)} at an equal mix, {_doubt(row)}"


def after_the_lead(row: AdjustedGapRow | None, counted: OutcomeRow | None) -> str:
    """Follow the gap as counted with the adjusted one, named as such; "" where one of them cannot be shown."""
    if row is None or counted is None or not (known(row.value) and known(row.raw) and known(counted.value)):
        return ""
    if counted.verdict not in words.OUTCOME_WORDS:
        return ""
    size = points_apart(row.value)
    often = "as often as" if size == "0 points" else f"{size} {'less' if row.value < 0 else 'more'} often than"
    return f"Adjusted to an equal mix of {factors(row)}: {often} others, {_doubt(row)}."


def _doubt(row: AdjustedGapRow) -> str:
    is_clear = row.p_adjusted is not None and row.p_adjusted <= RATE
    return "unlikely to be chance" if is_clear else "which could be chance"


def sure(row: AdjustedGapRow, counted: OutcomeRow | None) -> set[str]:
    """Return the keys of the dots to fill. counted: the gap as counted, with the verdict that the page leads with."""
    is_raw_clear = counted is not None and counted.verdict in words.CLEAR
    return ({"adjusted"} if words.sure([row]) else set()) | ({"raw"} if is_raw_clear else set())


def dots(row: AdjustedGapRow) -> list[Row]:
    """Return the rows to draw: the gap as counted and the adjusted gap, each with its interval."""
    return [
        Row(
            key="raw",
            value=row.raw,
            low=row.raw_low,
            high=row.raw_high,
            note=_hidden(row),
            suppression=None if known(row.raw) else row.suppression,
        ),
        Row(key="adjusted", value=row.value, low=row.low, high=row.high, note=row.note, suppression=row.suppression),
    ]


def _hidden(row: AdjustedGapRow) -> str | None:
    """Return the reason for each missing number of a row that is hidden; None where a number is merely missing."""
    return row.note if is_hidden(row) else None


def table(row: AdjustedGapRow) -> list[dict[str, prose.Cell]]:
    """Return one table row for the gap as counted and one for the adjusted gap."""
    raw_in = row.successes_in / row.known_in if row.known_in and row.successes_in is not None else None
    raw_out = row.successes_out / row.known_out if row.known_out and row.successes_out is not None else None
    finding = words.OUTCOME_WORDS.get(row.verdict) or prose.capital(row.note or "not known")
    common: dict[str, prose.Cell] = {
        "Group’s exits": row.known_in if known(row.known_in) else _hidden(row),
        "Others’ exits": row.known_out if known(row.known_out) else _hidden(row),
    }
    return [
        {
            "Compared": LABELS["raw"],
            "Group’s rate": raw_in if known(raw_in) else _hidden(row),
            "Others’ rate": raw_out if known(raw_out) else _hidden(row),
            "Gap": row.raw if known(row.raw) else _hidden(row),
            "95% interval": interval(row.raw_low, row.raw_high, "points") or _hidden(row) or "none",
            **common,
            "Reliability": reliability.of_sides(row),
            "Finding": "See the results by group",
        },
        {
            "Compared": f"{LABELS['adjusted']} of {factors(row)}" if row.adjusted_for else LABELS["adjusted"],
            "Group’s rate": row.numerator if known(row.numerator) else _hidden(row),
            "Others’ rate": row.denominator if known(row.denominator) else _hidden(row),
            "Gap": row.value if known(row.value) else row.note,
            "95% interval": interval(row.low, row.high, "points") or _hidden(row) or "none",
            **common,
            "Reliability": reliability.of_difference(row),
            "Finding": finding,
        },
    ]
