"""The goal of a plan: the reader's, else the target in force, else what stands in for one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from queries.calculators.benchmarks import nearest_benchmark
from queries.calculators.targets import Target, target_of
from queries.context import QueryContext
from queries.periods import MAX_PLAN_YEARS, dates_open, day_words, years_after
from queries.scope import AskError, Goal

SHARE = "participation_share"
ROUNDING = 0.000051  # of a goal in a link, which has two decimals of a percentage
DAYS_PER_MONTH = Fraction(487, 16)  # 30.4375, the mean month of four years


class GoalSource(StrEnum):
    """Where the value of a goal comes from."""

    READER = "asked"
    TARGET = "target"
    BENCHMARK = "benchmark"
    OTHERS = "others"


@dataclass(frozen=True, kw_only=True)
class ResolvedGoal:
    """A goal with every default filled in.

    Attributes:
        what: What is to reach the goal; one of `queries.scope.GOALS`.
        value: The share or rate to reach, as a fraction; None only if `why_not` is set.
        due_on: The day to reach it by.
        months: Months until then.
        source: Where the value comes from.
        about: Details of the source, in words.
        why_not: Why there is no value.
    """

    what: str
    value: float | None
    due_on: date
    months: Fraction
    source: GoalSource
    about: str = ""
    why_not: str | None = None


@dataclass(frozen=True)
class _Value:
    value: float | None
    source: GoalSource
    about: str = ""
    why_not: str | None = None


def resolve(context: QueryContext, *, others_rate: float | None) -> ResolvedGoal:
    """Return the goal of a plan with every default filled in.

    Args:
        context: The question.
        others_rate: The others' rate, which stands in if a rate has no target; as a fraction.

    Raises:
        AskError: The date is past, or too far ahead.
    """
    goal = context.goal or Goal()
    target = target_of(context, goal.what, group=str(context.scope.group), region=context.scope.region)
    due_on = _due_on(context, goal, target)
    chosen = _value(context, goal, target, others_rate)
    return ResolvedGoal(
        what=goal.what,
        value=chosen.value,
        due_on=due_on,
        months=(due_on - context.as_of).days / DAYS_PER_MONTH,
        source=chosen.source,
        about=chosen.about,
        why_not=chosen.why_not,
    )


def is_chosen(context: QueryContext) -> bool:
    """Return whether the reader chose the share to reach, or the date: not the default, or what it reads as on the page."""
    goal = context.goal or Goal()
    chosen = resolve(context, others_rate=None)
    default = resolve(replace(context, goal=Goal(what=goal.what)), others_rate=None)
    is_other = (chosen.value is None) != (default.value is None) or abs(
        (chosen.value or 0) - (default.value or 0)
    ) > ROUNDING
    return is_other or chosen.due_on != default.due_on


def _due_on(context: QueryContext, goal: Goal, target: Target | None) -> date:
    earliest, latest = dates_open(context.as_of)
    due_on = goal.due_on or (target.due_on if target else None)
    if due_on is None or (goal.due_on is None and not earliest <= due_on <= latest):
        due_on = years_after(context.as_of, 1)
    if not earliest <= due_on <= latest:
        raise AskError(f"A plan needs a date after {context.as_of.isoformat()}, at most {MAX_PLAN_YEARS} years ahead.")
    return due_on


def _value(context: QueryContext, goal: Goal, target: Target | None, others_rate: float | None) -> _Value:
    if goal.value is not None:
        return _Value(goal.value, GoalSource.READER)
    if target and not 0 < target.value < 1:
        reason = "the target in force is not a share between 0 and 1: choose a goal"
        return _Value(None, GoalSource.TARGET, why_not=reason)
    if target:
        is_past = target.due_on is not None and target.due_on <= context.as_of
        was_due = f", and was due on {day_words(target.due_on)}" if target.due_on and is_past else ""
        return _Value(target.value, GoalSource.TARGET, f"{target.set_by}{was_due}")
    if goal.what == SHARE:
        benchmark = nearest_benchmark(context, group=str(context.scope.group), region=context.scope.region)
        if isinstance(benchmark, str):
            reason = f"no target has been set, and {benchmark}: choose a goal"
            return _Value(None, GoalSource.BENCHMARK, why_not=reason)
        about = benchmark.about + ("; for the whole state" if benchmark.is_statewide else "")
        return _Value(benchmark.share, GoalSource.BENCHMARK, about)
    if others_rate is None or not 0 < round(others_rate, 3) < 1:
        reason = "there is nobody to compare with" if others_rate is None else f"the others are at {others_rate:.0%}"
        return _Value(None, GoalSource.OTHERS, why_not=f"no target has been set, and {reason}: choose a goal")
    return _Value(round(others_rate, 3), GoalSource.OTHERS)
