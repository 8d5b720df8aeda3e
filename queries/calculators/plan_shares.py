"""Plans for a share: how many more residents of a group must enroll, shared out over places within their room."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from queries.calculators.benchmarks import nearest_benchmark
from queries.calculators.plan_goal import ResolvedGoal, resolve
from queries.calculators.plan_rows import PlanRow, PlanVerdict, base_row, histories
from queries.context import QueryContext
from queries.notes import NOBODY_ANSWERED
from queries.recent_rates import Intake, intake, month_window
from queries.statistics.allocation import Place, allocate

NO_FULL_MONTH = "no full month has passed yet"


@dataclass(frozen=True)
class _Odds:
    """The odds a place is measured by, and the benchmark behind them."""

    odds: float | None = None
    benchmark: float | None = None
    is_statewide: bool | None = None


def needed(*, group: int, others: Fraction, goal: Fraction) -> int:
    """Return the least y >= 0 with (group + y) ÷ (group + y + others) >= goal; `goal` is between 0 and 1."""
    return max(math.ceil(goal / (1 - goal) * others) - group, 0)


def share_plan(context: QueryContext) -> list[PlanRow]:
    """Return the plan of a share."""
    goal = resolve(context, others_rate=None)
    total_history = histories(context, None)
    window = month_window(context.as_of, total_history)
    if not total_history:
        return []
    why = goal.why_not or (NO_FULL_MONTH if window.first > window.last else None)
    if why or goal.value is None:
        return [base_row("Total", context, goal, note=why)]
    total = intake(total_history["Total"], window)
    if not total.inside + total.outside:
        return [base_row("Total", context, goal, note=NOBODY_ANSWERED)]
    more = needed(group=total.inside, others=_others_then(total, goal), goal=Fraction(str(goal.value)))
    if context.by is None:
        return [_row("Total", context, goal, total, more=more, odds=_Odds())]
    places = {key: intake(history, window) for key, history in histories(context, context.by).items()}
    odds = {key: _odds(context, key, place, total) for key, place in places.items()}
    shared = allocate(
        needed=more,
        places=[
            Place(
                key=key,
                group=place.inside,
                others=float(_others_then(place, goal)),
                odds=odds[key].odds or 1.0,
                room=math.floor(place.room * goal.months),
            )
            for key, place in places.items()
        ],
    )
    return [
        _row(key, context, goal, place, more=shared.additional[key], odds=odds[key], is_short=shared.unplaced > 0)
        for key, place in places.items()
    ]


def _others_then(place: Intake, goal: ResolvedGoal) -> Fraction:
    """Return the others enrolled on the date, at their present rate."""
    return place.outside + place.outside_now * goal.months


def _odds(context: QueryContext, key: str, place: Intake, total: Intake) -> _Odds:
    """Return a region's odds from its population, or a sector's from its present residents."""
    if context.by == "region":
        benchmark = nearest_benchmark(context, group=str(context.scope.group), region=key)
        if isinstance(benchmark, str):
            return _Odds(1.0)
        return _Odds(benchmark.share / (1 - benchmark.share), benchmark.share, benchmark.is_statewide)
    # a sector without residents of the group would never be given any: the odds of the total stand in
    base = place if place.inside and place.outside else total
    return _Odds(max(base.inside, 1) / max(base.outside, 1))


def _row(
    key: str,
    context: QueryContext,
    goal: ResolvedGoal,
    place: Intake,
    *,
    more: int,
    odds: _Odds,
    is_short: bool = False,
) -> PlanRow:
    """Return a row. is_short: whether the places together have too little room, so that one without any is not done."""
    room = math.floor(place.room * goal.months)
    others = _others_then(place, goal)
    on_course = place.inside + place.inside_now * goal.months
    answered = place.inside + place.outside
    verdict = PlanVerdict.AT_LIMIT if more >= room else PlanVerdict.WITHIN
    if more <= place.inside_now * goal.months and not (is_short and more >= room):
        verdict = PlanVerdict.AS_NOW if more else PlanVerdict.NOTHING_NEEDED
    return replace(
        base_row(key, context, goal),
        value=more,
        numerator=place.inside,
        denominator=answered,
        verdict=verdict,
        present_months=place.months,
        odds=odds.odds,
        benchmark=odds.benchmark,
        benchmark_is_statewide=odds.is_statewide,
        share=place.inside / answered if answered else None,
        undisclosed=place.undisclosed,
        others=place.outside,
        others_then=float(others),
        needed_monthly=float(more / goal.months),
        now_monthly=float(place.inside_now),
        others_monthly=float(place.outside_now),
        capacity_monthly=float(place.capacity),
        room_monthly=float(place.room),
        room=room,
        share_on_course=float(on_course / (on_course + others)) if on_course + others else None,
    )
