"""Describe a plan: what a goal needs per month, and whether it can be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from components.text import prose
from components.text.format import a_month, day, interval, known, people, share
from components.text.listing_rows import Deadline, Listing
from queries.models import Answer, Row
from queries.privacy.suppression import is_hidden
from queries.recent_rates import PRESENT_MONTHS
from queries.scope import Scope
from queries.verdicts import TOO_FEW

SHARE = "participation_share"
# outcome: what is counted, how it should end, and what such an end is called
ENDS = {
    "completion_rate": ("exits", "to be completions", "completion"),
    "credential_rate": ("completions", "to earn a credential", "credential"),
    "placement_rate": ("exits", "to lead to a job", "placement"),
}
PLACES = {"region": "Region", "sector": "Sector"}


def places_to_choose(scope: Scope) -> dict[str, str]:
    """Return what a plan can be split by: regions and sectors, without the one chosen in the filters."""
    return {name: f"{label}s" for name, label in PLACES.items() if not getattr(scope, name)}


def behind(gaps: Answer, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (group, words) for each group short of its target or benchmark, the widest gap first."""
    rows = [row for row in prose.by_size(gaps.rows) if known(row.value) and row.value > 0]
    return [
        (row.key, f"{labels.get(row.key, row.key)}: {prose.plural(row.value, 'resident')} short today") for row in rows
    ]


def choose(gaps: Answer, nouns: Mapping[str, str]) -> str:
    """Write the lead before a group is chosen. nouns: group id to its name in the middle of a sentence."""
    if gaps.status != "ok":
        return gaps.note or "There is nobody to plan for yet."
    groups = behind(gaps, nouns)
    if not groups:
        return "No group is short of its target or benchmark. To plan for a group anyway, choose it in the filters."
    names = prose.capital(prose.join([nouns.get(group, group) for group, _ in groups]))
    return f"{names} are enrolled below a target or benchmark. Choose a group to see what would close its gap."


def lead(plan: Answer, places: Answer | None, *, who: str, where: Sequence[str | None]) -> str:
    """Answer the page's question: how many people are needed, in all and per month, compared with now."""
    row = plan.total
    if plan.status == "ok" and row.note == TOO_FEW:
        exits = ENDS[row.what][0]
        return f"Not enough people to say: {people(row.denominator)} {exits} of {who} in the last twelve months."
    if plan.status != "ok" or not known(row.value):
        return prose.capital(row.note or plan.note or "nothing to plan from yet").rstrip(".") + "."
    place = "".join(f" in {name}" for name in where if name)
    return _share_lead(row, places, who, place) if row.what == SHARE else _rate_lead(row, who, place)


def _share_lead(row: Row, places: Answer | None, who: str, place: str) -> str:
    goal, by, needed = share_of(row.goal), day(row.due_on), row.value or 0
    group = row.numerator or 0
    if needed == 0:
        still = group / (group + row.others_then)
        return (
            f"{prose.capital(who)}{place} are {share(row.share)} of residents who answered, so the goal of {goal} is reached. "
            f"If no more of them enrolled and others kept enrolling at today’s rate, they would still be {share(still)} on {by}."
        )
    monthly, now = a_month(row.asked_monthly), a_month(row.now_monthly)
    if needed > within_capacity(row, places):
        return (
            f"{goal} cannot be reached by {by}{place}: it needs {people(needed)} more {who}, {monthly} a month compared with "
            f"{now} now. At the past maximum enrollment, the share would be {share(share_at_capacity(row, places))}."
        )
    more = f"To reach {goal} by {by}, {people(needed)} more {who}{place} must enroll: {monthly} a month"
    if needed <= row.now_monthly * row.months:
        return f"{more}. At {now} a month now, they are on course."
    return f"{more}, compared with {now} a month now."


def _rate_lead(row: Row, who: str, place: str) -> str:
    goal = share_of(row.goal)
    exits, end, success = ENDS[row.what]
    rate = f"{share(row.rate)} of {people(row.denominator)} {exits} in the last twelve months"
    if row.value == 0:
        return f"{prose.capital(who)}{place} are at {rate}; the goal of {goal} is reached."
    more = a_month(row.more_monthly)
    text = (
        f"For {goal} of the {exits} of {who}{place} until {day(row.due_on)} {end}, {more} more "
        f"{prose.noun(row.more_monthly, success)} a month {'is' if more == '1' else 'are'} needed: "
        f"{a_month(row.asked_monthly)} compared with {a_month(row.now_monthly)} now."
    )
    if row.rate_low <= row.goal <= row.rate_high:
        span = interval(row.rate_low, row.rate_high)
        text += f" The present rate may already be that high: {rate}, 95% interval {span}."
    return text


def share_of(value: float) -> str:
    """Write a goal as it was set, with decimals only where it has some: "11%", "50.95%"."""
    return f"{round(value * 100, 2):g}%"


def within_capacity(row: Row, places: Answer | None) -> float:
    """Return how many of the residents needed fit into the past maximum.

    This is the sum over the places; or, where the plan is not split or some places are hidden, the number for all of them.
    """
    rows = list(places.rows) if places is not None else []
    if any(is_hidden(place) for place in rows):
        rows = []
    values = [place.value for place in rows if known(place.value)]
    capacity: float = sum(value for value in values if value) if values else min(row.value or 0, row.room)
    return capacity


def share_at_capacity(row: Row, places: Answer | None) -> float:
    """Return the group's share on the date if every place enrolled as many of the group as it has room for."""
    group = (row.numerator or 0) + within_capacity(row, places)
    share_then: float = group / (group + row.others_then)
    return share_then


def caution(plan: Answer, applied: Answer, deadlines: Listing, *, as_of: date) -> str:
    """Compare the plan with present applications, and warn of a spending deadline before its date; "" where there is nothing."""
    row = plan.total
    if row.what != SHARE or not row.value:
        return ""
    needed, others = row.asked_monthly, row.others_monthly
    text = (
        f"Together with others, {a_month(needed + others)} would enroll a month, {share(needed / (needed + others))} of them "
        "from this group."
    )
    if applied.status == "ok" and not any(is_hidden(month) for month in applied.rows):
        months = _months_before(as_of, PRESENT_MONTHS)
        apply_now = sum(month.value or 0 for month in applied.rows if month.key in months) / PRESENT_MONTHS
        text += f" Now {a_month(apply_now)} apply a month, from any group."
    ends = [deadline["falls_on"] for deadline in cast("Sequence[Deadline]", deadlines) if deadline["kind"] == "expend"]
    if ends and min(ends) < row.due_on:
        text += f" The recovery funds must be spent by {day(min(ends))}, before the plan’s date."
    return text


def _months_before(as_of: date, count: int) -> set[str]:
    """Return the keys of the last full months before a date."""
    last = as_of.year * 12 + as_of.month - 1
    return {f"{number // 12}-{number % 12 + 1:02d}" for number in range(last - count, last)}


def figures(plan: Answer) -> list[tuple[str, str, str]]:
    """Return (label, value, context) of the metric cards."""
    row = plan.total
    monthly = f"mean of the last {prose.in_words(PRESENT_MONTHS)} full months"
    counts = f"{people(row.numerator)} of {people(row.denominator)}"
    if row.what == SHARE:
        return [
            ("Residents still to enroll", people(row.value), f"by {day(row.due_on)}"),
            (
                "Needed a month",
                a_month(row.asked_monthly),
                f"over {people(round(row.months, 1))} months{_times(row)}",
            ),
            ("Now a month", a_month(row.now_monthly), monthly),
            ("Share now", share(row.share), f"{counts}; at the present rate {share(row.share_on_course)} by then"),
        ]
    exits, _, success = ENDS[row.what]
    span = interval(row.rate_low, row.rate_high)
    return [
        (f"More {prose.noun(2, success)} needed", people(row.value), f"by {day(row.due_on)}"),
        ("Needed a month", a_month(row.asked_monthly), f"of {a_month(row.exits_monthly)} {exits} a month"),
        ("Now a month", a_month(row.now_monthly), monthly),
        ("Rate now", share(row.rate), f"{counts} · 95% interval {span}"),
    ]


def _times(row: Row) -> str:
    times = row.asked_monthly / row.now_monthly if row.now_monthly else 0
    return f", {people(round(times, 0 if times >= 10 else 1))} times as many as now" if times >= 1.5 else ""
