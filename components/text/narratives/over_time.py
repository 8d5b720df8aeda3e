"""Groups over time in words: the last complete period, whether anything changed by more than noise, and the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from components.charts.line_data import is_mostly_hidden
from components.memoize import memoize
from components.text import prose
from components.text.format import day, interval, known, people, points, share
from components.text.period_labels import named, starts_on
from queries.calculators.outcome_over_time import OutcomePeriodRow
from queries.calculators.over_time import TOO_FEW, Trend

OTHERS = "Others"
RULES = {
    "beyond limits": "one {word} beyond the limits of a p-chart, which chance alone passes at most about once in 370",
    "nine in a row": "nine {word}s in a row on one side of the average, which chance alone gives about once in 256",
}
SAID = {  # outcome (None: participation): what the share is a share of, in a period
    None: "{share} of residents who enrolled in {when} and answered",
    "completion_rate": "{share} of those who exited in {when} had completed",
    "credential_rate": "{share} of those who completed in {when} earned a credential",
    "placement_rate": "{share} of those who exited in {when} found a job",
    "employment_rate_q2": "{share} of those who exited in {when} were employed two quarters later",
}
UNITS = {"Last four": "share", "Four before": "share"}


def rows_of(answer: Any, group: str, part: str | None = None) -> list[Any]:
    """One group's rows (of one outcome), oldest first."""
    return [row for row in answer.rows if row.group == group and row.part == part and starts_on(row.key)]


@memoize
def lines(rows: Sequence[Any], label: str) -> dict[str, list[Any]]:
    """The group's line, and the others' where the rows have one: without band or signals, for the chart judges the group."""
    found = {label: list(rows)}
    others = [
        replace(row, value=row.others, low=None, high=None, signal=None, target=None)
        for row in rows
        if isinstance(row, OutcomePeriodRow) and row.others is not None
    ]
    return found | {OTHERS: others} if others else found


def steps(rows: Sequence[Any]) -> list[tuple[date, float]]:
    """The target as it stood in each period, for a line of steps: (first day of the period, value)."""
    held = [(row, starts_on(row.key)) for row in rows]
    return [(first, row.target) for row, first in held if first and known(row.target)]


def title(rows: Sequence[Any], label: str) -> str:
    """The finding: whether the group's line shows a change, and when."""
    mature = _mature(rows)
    if is_mostly_hidden(rows):
        return f"{label}: too few to show quarter by quarter"
    if len(mature) < 2:
        return f"{label}: too early to see a change"
    word, signals = _word(mature), _signals(mature)
    if _unjudged(mature):
        return f"{label}: some {word}s have too few to show, so changes are not judged"
    if not signals:
        return f"{label}: no change beyond noise in {prose.plural(len(mature), word)}"
    last = signals[-1]
    return f"{label}: {_direction(last)} by more than noise in {named(last.key)}"


def words(rows: Sequence[Any], label: str) -> str:
    """The same with its numbers, the rule that was broken, what is not complete yet, and the target as it stood."""
    mature = _mature(rows)
    if is_mostly_hidden(rows):
        return f"{label}: most periods have too few to show. {_waiting(rows)}".strip()
    if not mature:
        return f"{label}: no period is complete yet. {_waiting(rows)}".strip()
    word, last, signals = _word(mature), mature[-1], _signals(mature)
    said = SAID[last.part].format(share=share(last.value), when=named(last.key))
    details = [f"{people(last.numerator)} of {people(last.denominator)}"]
    if span := interval(last.low, last.high):
        details.append(f"95% interval {span}")
    if isinstance(last, OutcomePeriodRow) and known(last.others):
        details.append(f"others {share(last.others)}")
    text = f"{label}: {said} ({'; '.join(details)})"
    if signals:
        told = [
            f"{named(row.key)} ({_direction(row)}: {RULES[row.signal].format(word=word)})" for row in signals
        ]
        text += f"; a change more than noise in {prose.join(told)}."
    elif _unjudged(mature):
        text += f"; changes are not judged, for some {word}s have too few to show."
    elif len(mature) < 2:
        text += "; too early to see a change."
    else:
        text += f"; no change beyond noise in {prose.plural(len(mature), word)} ({_would_show(last, word)})."
    return " ".join(part for part in (text, _against_target(rows, last), _waiting(rows)) if part)


def heading(trend: Trend, *, p: float | None = None) -> str:
    """Where the group is heading, for a cell: "Rising" or why it cannot be told. p: adjusted for the other trends."""
    return prose.capital(trend.word if p is None else trend.word_at(p))


def trend_table(
    trends: Mapping[str, Trend], adjusted: Mapping[str, float | None], labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One row a group: the last four complete periods, the four before, and the word."""
    return [
        {
            "Group": labels.get(group, group),
            "Four before": trend.before if known(trend.before) else TOO_FEW,
            "Last four": trend.now if known(trend.now) else TOO_FEW,
            "Trend": heading(trend, p=adjusted.get(group)),
        }
        for group, trend in trends.items()
    ]


def _mature(rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if row.is_mature and known(row.value)]


def _unjudged(mature: Sequence[Any]) -> bool:
    """Whether the control chart is held back from this reader, because one of its periods is."""
    return any(row.center is None for row in mature)


def _signals(mature: Sequence[Any]) -> list[Any]:
    """The periods with a signal; of several in a row under one rule, the first."""
    before = [None, *(row.signal for row in mature)]
    return [row for row, last in zip(mature, before, strict=False) if row.signal not in (None, last)]


def _direction(row: Any) -> str:
    return "higher" if row.value > row.center else "lower"


def _would_show(row: Any, word: str) -> str:
    """What the chart would have called a change: without it, "no change" hides how little a small group can show."""
    low, high = row.limit_low, row.limit_high
    ends = [f"under {share(low)}" if low > 0 else "", f"over {share(high)}" if high < 1 else ""]
    said = prose.join([end for end in ends if end], last="or")
    return (
        f"a {word} of this size would stand out {said}" if said else f"a {word} of this size is too small to stand out"
    )


def _word(rows: Sequence[Any]) -> str:
    key = str(rows[0].key)
    return "quarter" if "-Q" in key else "month" if len(key) == 7 else "fiscal year" if key.startswith("FY") else "year"


def _against_target(rows: Sequence[Any], last: Any) -> str:
    """The target's steps and where the last complete period stands against the one in force then."""
    held = {row.target_set_on: row.target for row in rows if known(row.target)}
    if not held:
        return ""
    history = prose.join([f"{share(value)} from {day(when)}" for when, value in sorted(held.items())])
    text = f"The target was {history}"
    target = last.target
    if not known(target):
        return f"{text}."
    difference = points(abs(last.value - target)).lstrip("+")
    if difference.startswith("0 "):
        return f"{text}; {named(last.key)} met it."
    doubt = ", within what chance allows" if last.low <= target <= last.high else ""
    return f"{text}; {named(last.key)} was {difference} {'above' if last.value > target else 'below'} it{doubt}."


def _waiting(rows: Sequence[Any]) -> str:
    """Which periods are not complete yet, and why."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row.is_mature is False:
            reasons.setdefault(row.why_not or "", []).append(named(row.key))
    told = [f"{prose.join(when)} ({why})" for why, when in reasons.items()]
    if not told:
        return ""
    many = sum(map(len, reasons.values())) > 1
    return (
        f"Not complete yet, and left out of this: {prose.join(told)}." if many else f"Not complete yet: {told[0]}."
    )
