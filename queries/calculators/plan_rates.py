"""Plans for a rate: how many more exits of a group must end in success."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from queries.calculators.plan_goal import ResolvedGoal, resolve
from queries.calculators.plan_rows import PlanRow, PlanVerdict, base_row, histories
from queries.context import QueryContext
from queries.recent_rates import PRESENT_MONTHS, RATE_MONTHS, History, MonthWindow, month_window, total
from queries.statistics.rates import wilson
from queries.verdicts import ENOUGH, TOO_FEW

NO_EXITS = "nobody in the group has exited in the last six months"


def rate_plan(context: QueryContext) -> list[PlanRow]:
    """Return the plan of a rate."""
    total_history = histories(context, None)
    window = month_window(context.as_of, total_history)
    if not total_history:
        return []
    year = window.months(RATE_MONTHS)
    successes, known = (total(total_history["Total"], column, year) for column in ("successes_out", "known_out"))
    goal = resolve(context, others_rate=successes / known if known else None)
    places = total_history if context.by is None else histories(context, context.by)
    return [_row(key, context, goal, history, window) for key, history in places.items()]


def _row(key: str, context: QueryContext, goal: ResolvedGoal, history: History, window: MonthWindow) -> PlanRow:
    recent, year = window.months(PRESENT_MONTHS), window.months(RATE_MONTHS)
    successes, known = total(history, "successes_in", year), total(history, "known_in", year)
    exits = Fraction(total(history, "known_in", recent), max(len(recent), 1))
    is_enough = known >= ENOUGH
    low, high = wilson(successes, known) or (None, None)
    why = goal.why_not or (None if is_enough and exits else NO_EXITS if is_enough else TOO_FEW.value)
    row = replace(
        base_row(key, context, goal, note=why),
        numerator=successes,
        denominator=known,
        exits_monthly=float(exits),
        rate=successes / known if is_enough else None,
        rate_low=low if is_enough else None,
        rate_high=high if is_enough else None,
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
        exits_then=float(exits * goal.months),
        verdict=PlanVerdict.WITHIN if more else PlanVerdict.NOTHING_NEEDED,
    )
