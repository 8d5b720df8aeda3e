"""Describe groups over time: the last complete period, whether a change is more than noise, and the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from components.charts.line_data import is_mostly_hidden
from components.memoize import memoize
from components.text import prose
from components.text.format import day, interval, known, people, points_apart, share
from components.text.period_labels import period_label, starts_on
from queries.calculators.outcome_over_time import OutcomePeriodRow
from queries.calculators.over_time import PeriodRow
from queries.models import Answer
from queries.statistics.control import BEYOND_LIMITS, FALSE_ALARMS, LASTING_CHANGE

OTHERS = "Others"
RULES = {
    BEYOND_LIMITS: "one {word} beyond its limits",
    LASTING_CHANGE: "from this {word} on, compared with before",
}
CHANCE = f"Without any change, at most {share(FALSE_ALARMS)} of pages would mark one anywhere."
SHARES = {  # outcome (None: participation): what the share of a period is a share of
    None: "{share} of residents who enrolled in {when} and answered",
    "completion_rate": "{share} of those who exited in {when} had completed",
    "credential_rate": "{share} of those who completed in {when} earned a credential",
    "placement_rate": "{share} of those who exited in {when} got a job",
    "employment_rate_q2": "{share} of those who exited in {when} were employed two quarters later",
}
OPEN_ENDED = {  # outcomes that count however long after the exit they come
    "credential_rate": "People who finished earlier have had more time to earn a credential, which can raise earlier rates.",
    "placement_rate": "People who left earlier have had more time to find a job, which can raise earlier rates.",
}


def rows_of(answer: Answer, group: str, part: str | None = None) -> list[PeriodRow]:
    """Return one group's rows (of one outcome), oldest first."""
    return [row for row in answer.rows_of(PeriodRow) if row.group == group and row.part == part and starts_on(row.key)]


@memoize
def lines(rows: Sequence[PeriodRow], label: str) -> dict[str, list[PeriodRow]]:
    """Return the group's line, and the line of others where there is one; none where most of the group's periods are hidden.

    The others' line has no interval, signal or target: the control chart judges the group.
    """
    if is_mostly_hidden(rows):
        return {}
    result = {label: list(rows)}
    others: list[PeriodRow] = [
        replace(row, value=row.others, low=None, high=None, signal=None, target=None)
        for row in rows
        if isinstance(row, OutcomePeriodRow) and row.others is not None
    ]
    return result | {OTHERS: others} if others else result


def steps(rows: Sequence[PeriodRow]) -> list[tuple[date, float]]:
    """Return the target in force in each period: (first day of the period, value)."""
    dated = [(starts_on(row.key), row.target) for row in rows]
    return [(first_day, target) for first_day, target in dated if first_day and known(target)]


def title(rows: Sequence[PeriodRow], label: str) -> str:
    """State whether the group's line shows a change, and when."""
    mature = _mature(rows)
    if is_mostly_hidden(rows):
        return f"{label}: hidden for privacy quarter by quarter"
    if not mature:
        return f"{label}: too early to see a change"
    word, signals = _word(mature), _signals(mature)
    if len(mature) == 1:
        return f"{label}: one {word} is too few to see a change"
    if _is_unjudged(mature):
        return f"{label}: some {word}s are hidden for privacy, so changes are not judged"
    if not signals:
        return f"{label}: no clear change in {prose.plural(len(mature), word)}"
    last = signals[-1]
    since = "from" if last.signal == LASTING_CHANGE else "in"
    on = " on" if last.signal == LASTING_CHANGE else ""
    return f"{label}: clearly {_direction(last, mature)} {since} {period_label(last.key)}{on}"


def words(rows: Sequence[PeriodRow], label: str) -> str:
    """Describe the line: its last number, the rule that was broken, what is not complete yet, and the target."""
    mature = _mature(rows)
    if is_mostly_hidden(rows):
        return f"{label}: most periods are hidden for privacy. {_not_complete(rows)}".strip()
    if not mature:
        return f"{label}: no period is complete yet. {_not_complete(rows)}".strip()
    word, last = _word(mature), mature[-1]
    sentence = SHARES[last.part].format(share=share(last.value), when=period_label(last.key))
    details = f"That is {people(last.numerator)} of {people(last.denominator)}"
    if span := interval(last.low, last.high):
        details += f" (95% interval {span})"
    if isinstance(last, OutcomePeriodRow) and known(last.others):
        details += f"; others {share(last.others)}"
    parts = (
        f"{label}: {sentence}.",
        f"{details}.",
        _change(mature, word),
        _against_target(rows, last),
        OPEN_ENDED.get(str(last.part), ""),
        _not_complete(rows),
    )
    return " ".join(part for part in parts if part)


def _change(mature: Sequence[PeriodRow], word: str) -> str:
    """Say which periods show a clear change, or that none does and what would have."""
    signals = _signals(mature)
    if signals:
        changes = [
            f"A clear change in {period_label(row.key)} ({_direction(row, mature)}: {RULES[str(row.signal)].format(word=word)})."
            for row in signals
        ]
        return " ".join([*changes, CHANCE])
    if _is_unjudged(mature):
        return f"Changes are not judged, because some {word}s are hidden for privacy."
    if len(mature) < 2:
        return f"One {word} is too few to see a change."
    return f"No clear change in {prose.plural(len(mature), word)} ({_detectable(mature[-1], word)})."


def _mature(rows: Sequence[PeriodRow]) -> list[PeriodRow]:
    return [row for row in rows if row.is_mature and known(row.value)]


def _is_unjudged(mature: Sequence[PeriodRow]) -> bool:
    """Return whether the control chart is hidden from this reader, because one of its periods is."""
    return any(row.center is None for row in mature)


def _signals(mature: Sequence[PeriodRow]) -> list[PeriodRow]:
    """Return the periods with a signal; of several in a row under one rule, the first."""
    before = [None, *(row.signal for row in mature)]
    return [row for row, last in zip(mature, before, strict=False) if row.signal not in (None, last)]


def _direction(row: PeriodRow, mature: Sequence[PeriodRow]) -> str:
    """Say whether a flagged period, or a new level from it on, is above or below the average."""
    at = mature.index(row)
    rows = mature[at:] if row.signal == LASTING_CHANGE else [row]
    rate = sum(item.numerator or 0 for item in rows) / max(sum(item.denominator or 0 for item in rows), 1)
    return "higher" if rate > (row.center or 0) else "lower"


def _detectable(row: PeriodRow, word: str) -> str:
    """Say what would have counted as a change, because a small group can hide a large one."""
    low, high = row.limit_low or 0, 1 if row.limit_high is None else row.limit_high
    ends = [f"under {share(low)}" if low > 0 else "", f"over {share(high)}" if high < 1 else ""]
    text = prose.join([end for end in ends if end], last="or")
    return (
        f"a {word} of this size would stand out {text}" if text else f"a {word} of this size is too small to stand out"
    )


def _word(rows: Sequence[PeriodRow]) -> str:
    key = str(rows[0].key)
    return "quarter" if "-Q" in key else "month" if len(key) == 7 else "fiscal year" if key.startswith("FY") else "year"


def _against_target(rows: Sequence[PeriodRow], last: PeriodRow) -> str:
    """Describe the target over time, and compare the last complete period with the one in force then."""
    targets = {row.target_set_on: row.target for row in rows if known(row.target)}
    if not targets:
        return ""
    history = prose.join([f"{share(value)} from {day(set_on)}" for set_on, value in sorted(targets.items())])
    text = f"The target was {history}"
    target, value = last.target, last.value
    if not (known(target) and known(value)):
        return f"{text}."
    difference = points_apart(value - target)
    if difference.startswith("0 "):
        return f"{text}; {period_label(last.key)} met it."
    is_clear = last.low is None or last.high is None or not last.low <= target <= last.high
    doubt = "" if is_clear else ", which could be chance"
    return f"{text}; {period_label(last.key)} was {difference} {'above' if value > target else 'below'} it{doubt}."


def _not_complete(rows: Sequence[PeriodRow]) -> str:
    """Say which periods are not complete yet, and why."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row.is_mature is False:
            reasons.setdefault(row.why_not or "", []).append(period_label(row.key))
    return " ".join(f"Not complete yet: {prose.join(labels)} ({reason})." for reason, labels in reasons.items())
