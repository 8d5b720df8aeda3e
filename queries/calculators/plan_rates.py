"""Plans for a rate: how many more exits of a group must end in success."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from queries.calculators.plan_goal import GoalSource, ResolvedGoal, resolve
from queries.calculators.plan_rows import PlanRow, PlanVerdict, base_row, histories, what_of
from queries.context import QueryContext
from queries.design_effects import design_effect_of
from queries.recent_rates import PRESENT_MONTHS, RATE_MONTHS, History, last_day, month_window, total
from queries.registry import measure
from queries.statistics.rates import wilson
from queries.verdicts import ENOUGH, TOO_FEW

NO_EXITS = "nobody in the group has exited in the last full months"


@dataclass(frozen=True)
class _Months:
    """The months behind a plan: those that show how many exit, and those whose exits are old enough to show a rate."""

    recent: range
    mature: range


def rate_plan(context: QueryContext) -> list[PlanRow]:
    """Return the plan of a rate. The rate is that of the last mature months, the number of exits that of the last months."""
    total_history = histories(context, None)
    if not total_history:
        return []
    mature_on = context.as_of - timedelta(days=measure(what_of(context)).mature_days)
    months = _Months(
        recent=month_window(context.as_of, total_history).months(PRESENT_MONTHS),
        mature=month_window(mature_on, total_history).months(RATE_MONTHS),
    )
    successes, known = (
        total(total_history["Total"], column, months.mature) for column in ("successes_out", "known_out")
    )
    goal = resolve(context, others_rate=successes / known if known else None)
    places = total_history if context.by is None else histories(context, context.by)
    others = successes, known
    return [_row(key, context, goal, history, months, others=others) for key, history in places.items()]


def _row(
    key: str, context: QueryContext, goal: ResolvedGoal, history: History, months: _Months, *, others: tuple[int, int]
) -> PlanRow:
    """Return the plan of one place; `others`: their successes and exits behind the rate, in all places."""
    successes, known = total(history, "successes_in", months.mature), total(history, "known_in", months.mature)
    exits = Fraction(total(history, "exits_in", months.recent), max(len(months.recent), 1))
    is_enough = known >= ENOUGH
    effect = design_effect_of(context, measure(what_of(context)).fact)
    low, high = wilson(successes / effect, known / effect) or (None, None)
    why = goal.why_not or (None if is_enough and exits else NO_EXITS if is_enough else TOO_FEW.value)
    row = replace(
        base_row(key, context, goal, note=why),
        numerator=successes,
        denominator=known,
        present_months=len(months.recent),
        rate_months=len(months.mature),
        rate_until=last_day(months.mature),
        exits_monthly=float(exits),
        rate=successes / known if is_enough else None,
        rate_low=low if is_enough else None,
        rate_high=high if is_enough else None,
        design_effect=effect,
        others_successes=others[0] if goal.source is GoalSource.OTHERS else None,
        others_known=others[1] if goal.source is GoalSource.OTHERS else None,
    )
    if why or goal.value is None:
        return row
    needed, now = Fraction(str(goal.value)) * exits, Fraction(successes, known) * exits
    more = max(math.ceil((needed - now) * goal.months), 0)
    return replace(
        row,
        value=more,
        needed_monthly=float(needed),
        now_monthly=float(now),
        more_monthly=float(max(needed - now, Fraction(0))),
        verdict=PlanVerdict.WITHIN if more else PlanVerdict.NOTHING_NEEDED,
    )
