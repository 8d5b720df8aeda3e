"""A plan: how many residents a month a goal asks, of the state and of each region or sector, and whether there is room."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from queries.calculators.equity import NOBODY_ANSWERED
from queries.context import QueryContext
from queries.database import supplied
from queries.goals import IN_IT_ONLY, NO_GROUP, SHARE, Resolved, local_benchmark, resolve
from queries.models import Row
from queries.recent_rates import (
    PRESENT_MONTHS,
    RATE_MONTHS,
    History,
    Intake,
    MonthWindow,
    by_key,
    clock_of,
    intake,
    total,
)
from queries.registry import measure
from queries.scope import Goal
from queries.statistics.allocation import Place, allocate
from queries.statistics.rates import wilson
from queries.verdicts import ENOUGH, TOO_FEW

PLACES = (None, "region", "sector")
UNNAMED = "Not recorded"
NOTHING_ASKED, NO_MORE_THAN_NOW = "nothing more is asked", "no more than now"
WITHIN, AT_LIMIT = "within what it has done", "at its limit"
NO_FULL_MONTH = "no full month has passed yet"
NO_EXITS = "nobody in the group has exited in the last six months"


def standing(context: QueryContext) -> tuple[str, str | None]:
    """Whether a plan can be made at all: (status, sentence)."""
    if not context.scope.group:
        return "not_applicable", NO_GROUP
    if context.scope.group_side != "in":
        return "not_applicable", IN_IT_ONLY
    what = _what(context)
    if what != SHARE and not set(measure(what).needs) <= supplied(context.store):
        return (
            "not_supplied",
            f"{measure(what).label}: not supplied. This delivery does not bring what it is counted from.",
        )
    return "ok", None


def closing_plan(context: QueryContext) -> list[Row]:
    """The plan for the whole, or one row a region or sector; `extra` holds the goal and what each is asked a month."""
    return _share_plan(context) if _what(context) == SHARE else _rate_plan(context)


def steps(context: QueryContext) -> dict[str, str]:
    """The counted thing and the agg behind the plan, for `QueryContext.rows` and `QueryContext.query`."""
    what = _what(context)
    if what == SHARE:
        return {"fact": "residents_enrolled", "agg": "intake_by_side"}
    return {"fact": what, "agg": "exits_by_side"}


def everybody(context: QueryContext) -> QueryContext:
    """The run over all sides of the group and the whole history, which a plan looks back on."""
    scope = context.scope.but(group=None, since=None, until=None)
    return QueryContext(context.measure, context.by, scope, context.store, context.delivery, goal=context.goal)


def goal_of(rows: list[Row]) -> Goal | None:
    """The goal a plan's rows were made for, with nothing left open."""
    found = rows[0].extra if rows else {}
    return Goal(value=found["goal"], due_on=found["due_on"], what=found["what"]) if "goal" in found else None


def needed(*, group: int, others: Fraction, goal: Fraction) -> int:
    """The least whole y with (group + y) ÷ (group + y + others) >= goal; 0 where reached. goal: between 0 and 1."""
    return max(math.ceil(goal / (1 - goal) * others) - group, 0)


def _what(context: QueryContext) -> str:
    return (context.goal or Goal()).what


def _history(context: QueryContext, by: str | None) -> dict[str, History]:
    """The months behind a plan, by key."""
    found = steps(context)
    rows = everybody(context).rows(by=by, fact=found["fact"], agg=found["agg"], of_group=context.scope.group)
    return by_key(rows)


def named(histories: Mapping[str, History]) -> dict[str, History]:
    """The places that have a name: residents whose place is not recorded count in the whole alone."""
    return {key: history for key, history in histories.items() if key != UNNAMED}


def _about(goal: Resolved) -> dict[str, Any]:
    return {
        "what": goal.what, "goal": goal.value, "due_on": goal.due_on, "months": float(goal.months),
        "goal_source": goal.source, "goal_about": goal.about,
    }  # fmt: skip


def _share_plan(context: QueryContext) -> list[Row]:
    goal, group = resolve(context, others_rate=None), context.scope.group
    histories = _history(context, None)
    clock = clock_of(context.as_of, histories)
    if not histories:
        return []
    why = goal.why_not or (NO_FULL_MONTH if clock.first > clock.last else None)
    if why or goal.value is None:
        return [Row(key="Total", group=group, part=goal.what, value=None, note=why, extra=_about(goal))]
    whole = intake(histories["Total"], clock)
    if not whole.inside + whole.outside:
        return [Row(key="Total", group=group, part=goal.what, value=None, note=NOBODY_ANSWERED, extra=_about(goal))]
    then = whole.outside + whole.outside_now * goal.months
    more = needed(group=whole.inside, others=then, goal=Fraction(str(goal.value)))
    if context.by is None:
        return [_share_row("Total", context, goal, whole, more, {})]
    places = {key: intake(history, clock) for key, history in named(_history(context, context.by)).items()}
    odds = {key: _odds(context, key, place, whole) for key, place in places.items()}
    shared = allocate(
        needed=more,
        places=[
            Place(
                key=key,
                group=place.inside,
                others=float(place.outside + place.outside_now * goal.months),
                odds=odds[key]["odds"],
                room=math.floor(place.room * goal.months),
            )
            for key, place in places.items()
        ],
    )
    return [_share_row(key, context, goal, place, shared.asked[key], odds[key]) for key, place in places.items()]


def _odds(context: QueryContext, key: str, place: Intake, whole: Intake) -> dict[str, Any]:
    """The odds a place is measured by: the population's of a region, the present ones of a sector."""
    if context.by == "region":
        base, statewide = local_benchmark(context, region=key)
        if isinstance(base, str):
            return {"odds": 1.0, "benchmark": None}
        return {"odds": base.share / (1 - base.share), "benchmark": base.share, "benchmark_is_statewide": statewide}
    # a sector where nobody of the group is enrolled yet would be asked for nobody for ever: the whole's odds stand in
    own = place if place.inside and place.outside else whole
    return {"odds": max(own.inside, 1) / max(own.outside, 1)}


def _share_row(key: str, context: QueryContext, goal: Resolved, place: Intake, more: int, odds: Mapping[str, Any]) -> Row:
    room = math.floor(place.room * goal.months)
    others = place.outside + place.outside_now * goal.months
    on_course = place.inside + place.inside_now * goal.months
    answered = place.inside + place.outside
    verdict = AT_LIMIT if more >= room else WITHIN
    if more <= place.inside_now * goal.months:
        verdict = NO_MORE_THAN_NOW if more else NOTHING_ASKED
    return Row(
        key=key, group=context.scope.group, part=goal.what, value=more, numerator=place.inside, denominator=answered,
        note=None,
        extra={
            **_about(goal),
            **odds,
            "verdict": verdict,
            "share": place.inside / answered if answered else None,
            "undisclosed": place.undisclosed,
            "others": place.outside,
            "others_then": float(others),
            "asked_monthly": float(more / goal.months),
            "now_monthly": float(place.inside_now),
            "others_monthly": float(place.outside_now),
            "capacity_monthly": float(place.capacity),
            "room_monthly": float(place.room),
            "room": room,
            "share_on_course": float(on_course / (on_course + others)) if on_course + others else None,
        },
    )  # fmt: skip


def _rate_plan(context: QueryContext) -> list[Row]:
    histories = _history(context, None)
    clock = clock_of(context.as_of, histories)
    if not histories:
        return []
    whole = histories["Total"]
    year = clock.months(RATE_MONTHS)
    successes, known = total(whole, "successes_out", year), total(whole, "known_out", year)
    goal = resolve(context, others_rate=successes / known if known else None)
    places = histories if context.by is None else named(_history(context, context.by))
    return [_rate_row(key, context, goal, history, clock) for key, history in places.items()]


def _rate_row(key: str, context: QueryContext, goal: Resolved, history: History, clock: MonthWindow) -> Row:
    recent, year = clock.months(PRESENT_MONTHS), clock.months(RATE_MONTHS)
    successes, known = total(history, "successes_in", year), total(history, "known_in", year)
    exits = Fraction(total(history, "known_in", recent), max(len(recent), 1))
    low, high = wilson(successes, known) or (None, None)
    extra = {
        **_about(goal),
        "exits_monthly": float(exits),
        "rate": successes / known if known >= ENOUGH else None,
        "rate_low": low if known >= ENOUGH else None,
        "rate_high": high if known >= ENOUGH else None,
    }
    why = goal.why_not or (TOO_FEW if known < ENOUGH else NO_EXITS if not exits else None)
    row = Row(key=key, group=context.scope.group, part=goal.what, value=None, numerator=successes, denominator=known, note=why, extra=extra)  # fmt: skip
    if why or goal.value is None:
        return row
    asked, now = Fraction(str(goal.value)) * exits, Fraction(successes, known) * exits
    more = max(math.ceil((asked - now) * goal.months), 0)
    extra |= {
        "asked_monthly": float(asked),
        "now_monthly": float(now),
        "more_monthly": float(max(asked - now, Fraction(0))),
        "exits_then": float(exits * goal.months),
        "verdict": NOTHING_ASKED if not more else WITHIN,
    }
    return Row(key=key, group=context.scope.group, part=goal.what, value=more, numerator=successes, denominator=known, extra=extra)  # fmt: skip
