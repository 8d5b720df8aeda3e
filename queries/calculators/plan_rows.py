"""The rows of a plan, and the months that a plan looks back on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from queries.calculators.plan_goal import SHARE, GoalSource, ResolvedGoal, is_chosen
from queries.calculators.registry import Counts
from queries.context import QueryContext
from queries.disclosure import derived, people, public, rest_of
from queries.models import Row
from queries.recent_rates import BEST_QUARTER_MONTHS, PRESENT_MONTHS, History, by_key
from queries.scope import Goal

NOT_RECORDED = "Not recorded"


class PlanVerdict(StrEnum):
    """How far a plan is from the present."""

    NOTHING_NEEDED = "nothing more is asked"
    AS_NOW = "no more than now"
    WITHIN = "within what it has done"
    AT_LIMIT = "at its limit"


@dataclass(frozen=True, kw_only=True)
class PlanRow(Row):
    """What a goal needs of one place; numerator and denominator are the group's present share or rate.

    `value` is the residents of the group to enroll by the date (a share), or the further successes needed (a rate).

    Attributes:
        what: What is to reach the goal.
        goal: The goal, as a fraction.
        due_on: The day to reach it by.
        months: Months until then.
        goal_source: Where the goal comes from; a `GoalSource`.
        goal_about: Details of that source.
        verdict: How far the plan is from the present; a `PlanVerdict`.
        present_months: How many full months the present numbers per month are the mean of.
        rate_months: Of a rate: how many full months of exits it is computed from, none of them too recent to be known.
        rate_until: Of a rate: the last day of these months.
        needed_monthly: Residents of the group (or successes) needed per month.
        now_monthly: The same at the present rate.
        share: The group's present share, as a fraction.
        share_on_course: Its share on the date at the present rates.
        undisclosed: Residents who did not disclose.
        others: Residents known not to be in the group.
        others_then: The same on the date, at the present rate.
        others_monthly: Others who enroll per month.
        capacity_monthly: The most residents enrolled per month in the best quarter.
        room_monthly: Residents of the group per month for whom there is room.
        room: The same until the date.
        odds: The odds by which the residents are shared out over places.
        benchmark: By region: the benchmark behind the odds, as a fraction.
        benchmark_is_statewide: Whether the state's benchmark stands in for the region's.
        rate: The group's present rate, as a fraction.
        rate_low: Lower end of its 95% interval.
        rate_high: Upper end of its 95% interval.
        design_effect: How many times larger the variance of the rate is because residents have several exits.
        exits_monthly: Exits of the group per month.
        more_monthly: Further successes needed per month.
        others_successes: Where the others' rate is the goal: their exits with the outcome in the last twelve months.
        others_known: Where the others' rate is the goal: their exits in the last twelve months.
    """

    what: str | None = public()
    goal: float | None = public()
    due_on: date | None = public()
    months: float | None = public()
    goal_source: GoalSource | None = public()
    goal_about: str | None = public()
    verdict: PlanVerdict | None = derived()
    present_months: int | None = public()
    rate_months: int | None = public()
    rate_until: date | None = public()
    needed_monthly: float | None = derived()
    now_monthly: float | None = derived()
    share: float | None = derived()
    share_on_course: float | None = derived()
    undisclosed: int | None = people()
    others: int | None = people()
    others_then: float | None = derived()
    others_monthly: float | None = derived()
    capacity_monthly: float | None = derived()
    room_monthly: float | None = derived()
    room: int | None = derived()
    odds: float | None = derived()
    benchmark: float | None = public()
    benchmark_is_statewide: bool | None = derived()
    rate: float | None = derived()
    rate_low: float | None = derived()
    rate_high: float | None = derived()
    design_effect: float | None = derived()
    exits_monthly: float | None = derived()
    more_monthly: float | None = derived()
    others_successes: int | None = people()
    others_known: int | None = people()

    @property
    def share_if_none_enroll(self) -> float | None:
        """The group's share on the date if no more of it enrolled and the others went on as now, as a fraction."""
        return self.share_with(0)

    @property
    def times_now(self) -> float | None:
        """How many times as many per month the goal needs as come now."""
        return self.needed_monthly / self.now_monthly if self.needed_monthly is not None and self.now_monthly else None

    @property
    def total_monthly(self) -> float | None:
        """Residents who would enroll per month under the plan, of the group and others."""
        if self.needed_monthly is None or self.others_monthly is None:
            return None
        return self.needed_monthly + self.others_monthly

    @property
    def share_of_total_monthly(self) -> float | None:
        """The group's share of `total_monthly`, as a fraction."""
        return (
            self.needed_monthly / self.total_monthly if self.needed_monthly is not None and self.total_monthly else None
        )

    @property
    def step_monthly(self) -> float | None:
        """How many more per month the goal needs than come now."""
        if self.needed_monthly is None or self.now_monthly is None:
            return None
        return self.needed_monthly - self.now_monthly

    def share_with(self, residents: float) -> float | None:
        """Return the group's share on the date if so many residents of it enroll, as a fraction."""
        if self.numerator is None or self.others_then is None:
            return None
        group = self.numerator + residents
        total = group + self.others_then
        return group / total if total else None


def base_row(row_key: str, context: QueryContext, goal: ResolvedGoal, *, note: str | None = None) -> PlanRow:
    """Return a row that holds the goal and no numbers yet."""
    return PlanRow(
        key=row_key,
        group=context.scope.group,
        part=goal.what,
        value=None,
        note=note,
        what=goal.what,
        goal=goal.value,
        due_on=goal.due_on,
        months=float(goal.months),
        goal_source=goal.source,
        goal_about=goal.about,
    )


def counts(row: PlanRow) -> Counts:
    """Return the people a plan starts from, and those behind its present rates and its room, which follow from it."""

    def people_in(monthly: float | None, months: int) -> float | None:
        return None if monthly is None else round(monthly * months)

    months = row.present_months or PRESENT_MONTHS
    now, others = people_in(row.now_monthly, months), people_in(row.others_monthly, months)
    undisclosed = None
    if row.capacity_monthly is not None and row.room_monthly is not None and row.others_monthly is not None:
        rest = row.capacity_monthly - row.room_monthly - row.others_monthly
        undisclosed = max(round(rest * months), 0)
    return (
        row.numerator,
        rest_of(row.denominator, row.numerator),
        row.undisclosed,
        now,
        people_in(row.exits_monthly, months),
        others,
        undisclosed,
        people_in(row.capacity_monthly, BEST_QUARTER_MONTHS),
        rest_of(row.numerator, now),
        rest_of(row.others, others),
        row.others_successes,
        rest_of(row.others_known, row.others_successes),
    )


def shares_out(context: QueryContext) -> bool:
    """Return whether the rows share out a total that the reader chose.

    Each goal gives one more sum of the residents that hidden places are to enroll. How it grows with the goal tells the residents
    of each: where it bends, a place begins to be asked for some, or has no more room.
    """
    return context.by is not None and what_of(context) == SHARE and is_chosen(context)


def without_hidden_goal(context: QueryContext, rows: Sequence[PlanRow]) -> list[PlanRow]:
    """Remove the goal from rows without a value where it is the others' rate: hidden rows would tell it."""
    return [
        replace(row, goal=None) if row.value is None and row.goal_source is GoalSource.OTHERS else row for row in rows
    ]


def goal_of(rows: Sequence[PlanRow]) -> Goal | None:
    """Return the goal that the rows were computed for, with every default filled in."""
    row = next((row for row in rows if row.goal is not None), rows[0] if rows else None)
    return Goal(value=row.goal, due_on=row.due_on, what=row.what) if row and row.what else None


def what_of(context: QueryContext) -> str:
    """Return what is to reach the goal: the share, or a rate."""
    return (context.goal or Goal()).what


def full_history(context: QueryContext) -> QueryContext:
    """Return the context over all sides of the group and the full history, which a plan looks back on."""
    scope = context.scope.but(group=None, since=None, until=None)
    return QueryContext(context.measure, context.by, scope, context.store, context.delivery, goal=context.goal)


def fact_and_agg(context: QueryContext) -> tuple[str, str]:
    """Return the fact and the aggregation behind a plan."""
    what = what_of(context)
    return ("residents_enrolled", "intake_by_side") if what == SHARE else (what, "exits_by_side")


def histories(context: QueryContext, by: str | None) -> dict[str, History]:
    """Return the months behind a plan, by key. Residents whose place is not recorded count in the total only."""
    fact, agg = fact_and_agg(context)
    rows = full_history(context).rows(by=by, fact=fact, agg=agg, of_group=context.scope.group)
    return {key: history for key, history in by_key(rows).items() if key != NOT_RECORDED} if by else by_key(rows)
