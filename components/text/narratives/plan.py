"""Describe a plan: what a goal needs per month, and whether it can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, cast

from components.text import prose
from components.text.format import day, interval, known, month, people, share
from components.text.listing_rows import Deadline, Listing
from components.text.scope_words import chosen
from queries.arithmetic import mean_of
from queries.calculators.plan_goal import DAYS_PER_MONTH, GoalSource
from queries.calculators.plan_rows import PlanRow
from queries.models import Answer
from queries.periods import MONTHS_IN, full_periods
from queries.privacy.suppression import is_hidden
from queries.recent_rates import PRESENT_MONTHS
from queries.scope import Scope
from queries.verdicts import TOO_FEW

SHARE = "participation_share"
# outcome: what is counted, how it should end, and what such an end is called
ENDS = {
    "completion_rate": ("exits", "come after finishing the training", "completion"),
    "credential_rate": ("completions", "earn a credential", "credential"),
    "placement_rate": ("exits", "be followed by a job", "job"),
}
PLACES = {"region": "Region", "sector": "Sector"}
SECOND_BENCHMARK = "This group has a second benchmark with another share; on the page, “About this number” names both."


def is_silent(row: PlanRow) -> bool:
    """Return whether nobody in a place has answered whether they are in the group, so that its numbers are not known."""
    return row.what == SHARE and not known(row.share) and bool(row.undisclosed)


def places_to_choose(scope: Scope) -> dict[str, str]:
    """Return what a plan can be split by: regions and sectors, without the one chosen in the filters."""
    return {name: f"{label}s" for name, label in PLACES.items() if not getattr(scope, name)}


def lead(plan: Answer, places: Answer | None, *, who: str) -> str:
    """Answer the page's question: how many people are needed, in all and per month, compared with now."""
    row, place = plan.total_of(PlanRow), chosen(plan.scope)
    if plan.status == "ok" and row.note == TOO_FEW:
        exits = ENDS[str(row.what)][0]
        return (
            f"Not enough people to say: {prose.plural(row.denominator, exits[:-1])} of {who}{place} {rate_period(row)}."
        )
    if plan.is_nearest and plan.note:
        return plan.note
    if is_hidden(row):
        return f"Too few to show a plan for {who}{place}: {row.note}."
    if plan.status != "ok" or not known(row.value):
        reason = row.note if plan.status == "ok" else plan.note  # a row without an answer has a word for a cell
        note = prose.capital(reason or row.note or "nothing to plan from yet").rstrip(".")
        if note.endswith("choose a goal"):
            return f"{note} for {who}{place}."
        return f"{note}." if plan.status != "ok" else f"{prose.capital(who)}{place}: {prose.lower_first(note)}."
    if row.what != SHARE:
        return _rate_lead(row, who, place)
    has_second = row.goal_source is GoalSource.BENCHMARK and "; compare " in (row.goal_about or "")
    return _share_lead(row, places, who, place) + (f" {SECOND_BENCHMARK}" if has_second else "")


def _share_lead(row: PlanRow, places: Answer | None, who: str, place: str) -> str:
    goal, by, needed = goal_percent(row), day(row.due_on), row.value or 0
    if needed == 0:
        then = row.share_if_none_enroll
        falls = ", below the goal" if known(then) and then < (row.goal or 0) else ""
        return (
            f"{prose.capital(who)}{place} are {share(row.share)} of residents who answered, so the goal of {goal} is reached. "
            f"If no more of them enrolled and others kept enrolling at today’s rate, they would be {share(then)} on {by}{falls}."
        )
    monthly, now = people(row.needed_monthly), people(row.now_monthly)
    if needed > within_capacity(row, places):
        reached = _below_goal(row.share_with(within_capacity(row, places)), row)
        return (
            f"{goal} by {by}{place} is more than the past maximum enrollment would reach. It needs {more_of(needed, who)}, "
            f"{monthly} a month compared with {now} now. At that maximum, the share would be {reached}."
        )
    more = f"To reach {goal} by {by}, {more_of(needed, who)}{place} must enroll. That is {monthly} a month"
    if needed <= (row.now_monthly or 0) * (row.months or 0):
        return f"{more}. The present {now} a month would be enough."
    return f"{more}, compared with {now} a month now."


def more_of(needed: float, who: str) -> str:
    """Write how many people are needed: "93 more women"; "1 more resident among women", because a group has no singular."""
    return f"1 more resident among {who}" if people(needed) == "1" else f"{people(needed)} more {who}"


def _rate_lead(row: PlanRow, who: str, place: str) -> str:
    goal = goal_percent(row)
    exits, end, success = ENDS[str(row.what)]
    rate = f"{share(row.rate)} of {people(row.denominator)} {exits} {rate_period(row)}"
    if row.value == 0:
        return f"{prose.capital(who)}{place} are at {rate}; the goal of {goal} is reached."
    more, needed, now = people(row.more_monthly), people(row.needed_monthly), people(row.now_monthly)
    more = "fewer than 0.1" if more == "0" else more
    compared = f", compared with {now} now" if needed != now else ", about as many as now"
    text = (
        f"{prose.capital(who)}{place} need {more} more {prose.noun(row.more_monthly, success)} a month. "
        f"Then {goal} of their {exits} would {end}. "
        f"That is {needed} a month until {day(row.due_on)}{compared}."
    )
    if row.rate_low is not None and row.rate_high is not None and row.rate_low <= (row.goal or 0) <= row.rate_high:
        span = interval(row.rate_low, row.rate_high)
        text += f" The present rate may already be that high: {rate}, 95% interval {span}."
    return text


def rate_period(row: PlanRow) -> str:
    """Name the months whose exits make the present rate: "in the twelve months through May 2026"."""
    if not row.rate_months or row.rate_until is None:
        return "old enough to know"
    months = "month of" if row.rate_months == 1 else f"{prose.in_words(row.rate_months)} months through"
    return f"in the {months} {month(row.rate_until)}"


def present_mean(row: PlanRow) -> str:
    """Name the months that the present numbers per month come from: "the mean of the last six full months"."""
    count = row.present_months or PRESENT_MONTHS
    return (
        "the number of the last full month"
        if count == 1
        else f"the mean of the last {prose.in_words(count)} full months"
    )


def goal_percent(row: PlanRow) -> str:
    """Write a goal: a reader's as it was set, "50.95%"; a target or a benchmark as elsewhere, "51%"."""
    is_exact = row.goal is not None and row.goal_source == GoalSource.READER
    return f"{round((row.goal or 0) * 100, 2):g}%" if is_exact else share(row.goal)


def within_capacity(row: PlanRow, places: Answer | None) -> float:
    """Return how many of the residents needed fit into the past maximum.

    This is the sum over the places; or, where the plan is not split or some places are hidden, the number for all of them.
    """
    rows = list(places.rows) if places is not None else []
    if any(is_hidden(place) for place in rows):
        rows = []
    values = [place.value for place in rows if known(place.value)]
    return sum(value for value in values if value) if values else min(row.value or 0, row.room or 0)


def caution(plan: Answer, applied: Answer, deadlines: Listing, *, as_of: date) -> str:
    """Compare the plan with present applications, and warn of a spending deadline before its date; "" where there is nothing."""
    row = plan.total_of(PlanRow)
    if row.what != SHARE or not row.value:
        return ""
    text = (
        f"Of residents who answer, {people(row.total_monthly)} would enroll a month, {share(row.share_of_total_monthly)} of them "
        "from this group."
    )
    if applied.status == "ok" and not any(is_hidden(period) for period in applied.rows):
        unit = applied.by or "month"
        # a period that ends on the date shown is a full one
        keys = full_periods(as_of, max(PRESENT_MONTHS // MONTHS_IN[unit], 1), unit)
        first = min((period.key for period in applied.rows), default="")
        values = {period.key: period.value for period in applied.rows}
        mean = mean_of(values.get(key, 0) for key in keys if first and key >= first)
        apply_now = None if mean is None else mean / MONTHS_IN[unit]
        text += f" Now {people(apply_now)} apply a month, with or without an answer." if apply_now is not None else ""
    ends = [deadline["falls_on"] for deadline in cast("Sequence[Deadline]", deadlines) if deadline["kind"] == "expend"]
    if ends and row.due_on and min(ends) < row.due_on:
        text += f" The recovery funds must be spent by {day(min(ends))}, before the plan’s date."
    return text


class PlanFigure(NamedTuple):
    """A metric card of a plan. number: the number in `text` and its unit; None where it is not known."""

    label: str
    text: str
    context: str
    number: tuple[float, str] | None


def figures(plan: Answer) -> list[PlanFigure]:
    """Return the metric cards."""
    row = plan.total_of(PlanRow)
    monthly = present_mean(row)
    counts = f"{people(row.numerator)} of {people(row.denominator)}"
    if row.what == SHARE:
        # more than Equity says are needed now, since the others do not stand still
        others = " if others keep enrolling as now" if row.value and row.others_monthly else ""
        on_course = f"{counts}; at the present rate {_below_goal(row.share_on_course, row)} by then"
        return [
            _counted("Residents still to enroll", row.value, f"by {day(row.due_on)}{others}"),
            _counted("Needed per month", row.needed_monthly, f"over {_duration(row.months or 0)}{_times(row)}"),
            _counted("Now per month", row.now_monthly, monthly),
            PlanFigure("Share now", share(row.share), on_course, _number(row.share, "share")),
        ]
    exits, _, success = ENDS[str(row.what)]
    span = interval(row.rate_low, row.rate_high)
    return [
        _counted(f"More {prose.noun(2, success)} needed", row.value, f"by {day(row.due_on)}"),
        _counted("Needed per month", row.needed_monthly, f"of {people(row.exits_monthly)} {exits} a month"),
        _counted("Now per month", row.now_monthly, f"at the rate now; the number of {exits} is {monthly}"),
        PlanFigure("Rate now", share(row.rate), f"{counts} · 95% interval {span}", _number(row.rate, "share")),
    ]


def _counted(label: str, count: float | None, context: str) -> PlanFigure:
    number = None if count is None else round(count, 1)
    return PlanFigure(label, people(count), context, _number(number, "residents"))


def _number(value: float | None, unit: str) -> tuple[float, str] | None:
    return (value, unit) if known(value) else None


def _below_goal(value: float | None, row: PlanRow) -> str:
    """Write a share that may miss the goal: "just under 30%" where it would read like a goal that it does not reach."""
    goal, text = goal_percent(row), share(value)
    return f"just under {goal}" if text == goal and known(value) and value < (row.goal or 0) else text


def _duration(months: float) -> str:
    """Write the time until the date: "9 months", or in days where it is less than one."""
    if months < 1:
        return prose.plural(round(months * DAYS_PER_MONTH), "day")
    return prose.plural(round(months, 1), "month")


def _times(row: PlanRow) -> str:
    times = row.times_now or 0
    return f", {people(round(times, 0 if times >= 10 else 1))} times as many as now" if times >= 1.5 else ""
