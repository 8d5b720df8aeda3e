"""A plan to close a gap: how many residents per month a goal needs, in total and of each region or sector."""

from __future__ import annotations

from queries.calculators.plan_goal import SHARE
from queries.calculators.plan_rates import rate_plan
from queries.calculators.plan_rows import (
    PlanRow,
    counts,
    fact_and_agg,
    full_history,
    goal_of,
    shares_out,
    what_of,
    without_hidden_goal,
)
from queries.calculators.plan_shares import share_plan
from queries.calculators.registry import Calculator, Disclosure, ShownQuery
from queries.context import QueryContext
from queries.models import AnswerStatus
from queries.notes import PLAN_NEEDS_GROUP, PLAN_NEEDS_MEMBERS, columns_missing
from queries.registry import measure


def check(context: QueryContext) -> tuple[AnswerStatus, str] | None:
    """Refuse a plan without a group, for those outside a group, or for a rate that is not supplied."""
    if not context.scope.group:
        return AnswerStatus.NOT_APPLICABLE, PLAN_NEEDS_GROUP
    if context.scope.group_side != "in":
        return AnswerStatus.NOT_APPLICABLE, PLAN_NEEDS_MEMBERS
    what = what_of(context)
    if what != SHARE and not context.is_supplied(what):
        return AnswerStatus.NOT_SUPPLIED, columns_missing(measure(what).label)
    return None


def shown_query(context: QueryContext) -> ShownQuery:
    """Return the query of the months behind the plan."""
    return ShownQuery(full_history(context), *fact_and_agg(context))


@Calculator(
    "closing_plan",
    row=PlanRow,
    disclosure=Disclosure[PlanRow](counts=counts, shares_out=shares_out, clear=without_hidden_goal),
    is_about_groups=True,
    dimensions=(None, "region", "sector"),
    check=check,
    shown_query=shown_query,
    goal=goal_of,
)
def closing_plan(context: QueryContext) -> list[PlanRow]:
    """Return the plan in total, or one row per region or sector."""
    return share_plan(context) if what_of(context) == SHARE else rate_plan(context)
