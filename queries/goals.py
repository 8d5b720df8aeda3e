"""The goal of a plan: what the reader asks for, else the target in force, else what stands in for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from queries.calculators.equity import NO_BENCHMARK, Benchmark, benchmark, target_share
from queries.context import QueryContext
from queries.scope import AskError, Goal

SHARE = "participation_share"
DAYS_A_MONTH = Fraction(487, 16)  # 30.4375, the mean month of four years
MOST_YEARS = 10
NO_GROUP = "A plan is made for one group: choose a group."
IN_IT_ONLY = "A plan is made for those in a group, not for those outside it."
ASKED, TARGET, BENCHMARK, OTHERS = "asked", "target", "benchmark", "others"


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """A goal with nothing left open: `value` is None only where `why_not` says why; `source` says where it comes from
    (asked, target, benchmark, others), `about` in words."""

    what: str
    value: float | None
    due_on: date
    months: Fraction
    source: str
    about: str = ""
    why_not: str | None = None


def resolve(context: QueryContext, *, others_rate: float | None) -> Resolved:
    """The goal of this run. `others_rate` stands in where a rate has no target. Raises AskError for a date that will not do."""
    goal = context.goal or Goal()
    target = target_share(context, group=str(context.scope.group), region=context.scope.region, of=goal.what)
    due_on = goal.due_on or (target["due_on"] if target and target["due_on"] else None)
    earliest, latest = dates_open(context.as_of)
    if due_on is None or (goal.due_on is None and not earliest <= due_on <= latest):
        due_on = years_after(context.as_of, 1)
    if not earliest <= due_on <= latest:
        raise AskError(f"A plan needs a date after {context.as_of.isoformat()}, at most {MOST_YEARS} years ahead.")
    months = (due_on - context.as_of).days / DAYS_A_MONTH

    def made(value: float | None, source: str, about: str = "", why_not: str | None = None) -> Resolved:
        return Resolved(
            what=goal.what, value=value, due_on=due_on, months=months, source=source, about=about, why_not=why_not
        )

    if goal.value is not None:
        return made(goal.value, ASKED)
    if target and not 0 < target["value"] < 1:
        return made(None, TARGET, why_not="the target in force is not a share between 0 and 1: choose a goal")
    if target:
        return made(target["value"], TARGET, str(target["set_by"]))
    if goal.what == SHARE:
        base, statewide = local_benchmark(context, region=context.scope.region)
        if isinstance(base, str):
            return made(None, BENCHMARK, why_not=f"no target has been set, and {base}: choose a goal")
        return made(base.share, BENCHMARK, base.about + ("; for the whole state" if statewide else ""))
    if others_rate is None or not 0 < round(others_rate, 3) < 1:
        why = "nobody to compare with" if others_rate is None else f"the others are at {others_rate:.0%}"
        return made(None, OTHERS, why_not=f"no target has been set, and {why}: choose a goal")
    return made(round(others_rate, 3), OTHERS)


def dates_open(as_of: date) -> tuple[date, date]:
    """The first and the last day a plan can be made for."""
    return as_of + timedelta(days=1), years_after(as_of, MOST_YEARS)


def local_benchmark(context: QueryContext, *, region: str | None) -> tuple[Benchmark | str, bool]:
    """The group's benchmark in a region, else the state's (then True beside it), else the reason why there is none."""
    group = str(context.scope.group)
    for place in dict.fromkeys((region, None)):
        found = benchmark(context, group=group, region=place)
        if isinstance(found, Benchmark) and 0 < found.share < 1:
            return found, place != region
    return (found if isinstance(found, str) else NO_BENCHMARK), False


def years_after(day: date, years: int) -> date:
    """The same day so many years on; February 29 becomes February 28."""
    leap_day = (day.month, day.day) == (2, 29)
    return (day - timedelta(days=1) if leap_day else day).replace(year=day.year + years)
