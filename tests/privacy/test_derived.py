"""Every number that a protected reader gets beside a count is recomputed from the counts that the same row shows.

What cannot be depends on something that the row does not show. Each such field is listed with what keeps it from telling a small
count, so that a new one is a decision.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import pytest

from queries import Question, ask, registry
from queries.access.rights import viewer
from queries.access.viewer import Viewer
from queries.calculators import gap, group_shares, over_time, slfrf
from queries.calculators.comparison import SidesRow
from queries.calculators.cost import CostRow
from queries.calculators.counts import CountRow, to_row
from queries.calculators.decomposition import DecompositionRow
from queries.calculators.gap_adjusted import AdjustedGapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.gap_parts import GapPartRow
from queries.calculators.outcome_over_time import OutcomePeriodRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.calculators.pace import PaceRow
from queries.calculators.participation_over_time import ParticipationPeriodRow
from queries.calculators.per_population import PER, PopulationRow
from queries.calculators.plan_rows import PlanRow
from queries.calculators.provider_limits import FunnelRow
from queries.calculators.support_sides import SupportSideRow
from queries.calculators.supports_association import SupportRow
from queries.context import QueryContext
from queries.database import current_delivery_id, delivery, open_store
from queries.disclosure import Role, roles_of
from queries.models import Answer, Row
from queries.privacy.family import counts_people
from queries.scope import OUTCOMES
from queries.service import breakdowns_of
from queries.statistics import wilson
from tests.privacy import attack

GOVERNOR, DIRECTOR = viewer("governor"), viewer("director", "Northwest")
FILTERS = (
    {"initiative": "SkillUp CT"},
    {"region": "North Central"},
    {"sector": "Healthcare"},
    {"group": "woman"},
    {"quarter": "2025-Q1"},
)
LEFT_OUT = ("month", "year", "weeks_back")  # they become quarters and fiscal years
UNDER_FILTERS = (None, "region", "group", "quarter")

REPEATS = "how often the same residents come again, which is no count of residents in a cell (docs/access.md)"
SHOWN_ROWS = "the rows of the answer that are shown: judged again after hiding (suppression._judged_again)"
EFFECT = (
    "all events under the filters, rounded up to a twentieth; of positions, how those shown are spread over openings"
)
OPENINGS = "how the positions filled, which are shown, are spread over openings"
AMOUNTS = "amounts of at least 20 people"
ROUNDED = "rounded to three decimals, and shown where every count behind it is ten or more"
WEEKS = "residents of the last weeks, at least ten (Separate)"
MONTHS = "residents of the last full months, at least ten (plan_rows.counts)"
ALLOCATED = "every place: one sum for the default goal, none for a goal of the reader's (shares_out)"
FUNNEL = "the residents of all providers: rounded, or whole successes of the row's own exits"
PERIODS = "other periods, fiscal years and totals, all of them shown (queries/privacy/running_totals.py)"

# class: field: what it depends on besides the counts of its row
DEPENDS: Mapping[type[Row], Mapping[str, str]] = {
    CountRow: {"value": AMOUNTS, "low": OPENINGS, "high": OPENINGS, "design_effect": EFFECT, "quartile_low": AMOUNTS, "quartile_high": AMOUNTS, "cumulative": PERIODS},
    slfrf.SlfrfRow: {"cumulative": PERIODS},
    SidesRow: dict.fromkeys(("low", "high", "p"), REPEATS) | {"p_adjusted": SHOWN_ROWS, "verdict": SHOWN_ROWS},
    OutcomeRow: dict.fromkeys(("p_others", "deviations", "screen_low", "screen_high"), REPEATS),
    gap.GapRow: {"p_adjusted": SHOWN_ROWS, "verdict": SHOWN_ROWS},
    SupportRow: dict.fromkeys(
        ("value", "numerator", "denominator", "low", "high", "raw_with", "raw_without", "raw_difference", "design_effect", "p"), ROUNDED
    )
    | {"p_adjusted": SHOWN_ROWS, "verdict": SHOWN_ROWS},
    AdjustedGapRow: dict.fromkeys(("value", "numerator", "denominator", "low", "high", "raw_low", "raw_high", "p"), ROUNDED)
    | {"p_adjusted": SHOWN_ROWS, "verdict": SHOWN_ROWS},
    DecompositionRow: dict.fromkeys(("value", "between", "within", "gap"), ROUNDED),
    GapPartRow: dict.fromkeys(("value", "low", "high", "gap", "rate_in", "rate_out", "p"), ROUNDED)
    | {"p_adjusted": SHOWN_ROWS, "verdict": SHOWN_ROWS},
    OutcomePeriodRow: dict.fromkeys(("hh", "hm", "mm"), REPEATS),
    FunnelRow: dict.fromkeys(
        ("expected", "low_95", "high_95", "low_998", "high_998", "position", "verdict", "dispersion"), FUNNEL
    )
    | {"design_effect": EFFECT},
    PaceRow: dict.fromkeys(
        ("weekly", "projection", "projection_low_80", "projection_high_80", "projection_low", "projection_high"), WEEKS
    ),
    PlanRow: dict.fromkeys(("now_monthly", "others_monthly", "capacity_monthly", "room_monthly", "exits_monthly"), MONTHS)
    | dict.fromkeys(("value", "verdict", "needed_monthly"), ALLOCATED)
    | {"design_effect": EFFECT},
}  # fmt: skip


class Seen(NamedTuple):
    """A row that a protected reader sees, with its answer and the question's context."""

    row: Any
    answer: Answer
    context: QueryContext


def of_count(seen: Seen) -> dict[str, Any]:
    row, agg = seen.row, seen.answer.measure.agg
    if "median" in agg or agg == "sum_of_rows":
        return {}
    if row.denominator is None:
        return {"value": row.value if row.numerator is None else row.numerator}
    if agg == "rate_of_sums":
        return of_ratio(seen)
    counts = {"key": row.key, "numerator": row.numerator, "denominator": row.denominator}
    made = to_row(counts, design_effect=row.design_effect)
    return {name: getattr(made, name) for name in ("value", "low", "high")}


def of_ratio(seen: Seen) -> dict[str, Any]:
    return {"value": seen.row.numerator / seen.row.denominator if seen.row.denominator else None}


def of_population(seen: Seen) -> dict[str, Any]:
    return {"value": seen.row.numerator / seen.row.denominator * PER if seen.row.denominator else None}


def of_sides(seen: Seen) -> dict[str, Any]:
    row = seen.row
    inside, outside = (
        divided(getattr(row, f"successes_{side}"), getattr(row, f"known_{side}")) for side in ("in", "out")
    )
    return {"numerator": inside, "denominator": outside, "value": divided(inside, outside)}


def of_outcome(seen: Seen) -> dict[str, Any]:
    row = seen.row
    rest = row.known_undisclosed - row.successes_undisclosed
    is_others = row.highest_group == "others"
    highest = row.denominator if is_others else divided(row.successes_highest, row.known_highest)
    return of_sides(seen) | {
        "bound_low": divided(row.successes_in, row.known_in + rest),
        "bound_high": divided(row.successes_in + row.successes_undisclosed, row.known_in + row.successes_undisclosed),
        "highest_group": "others",  # the demo's classifications list one group each
        "highest_rate": highest,
        "screen_ratio": divided(row.numerator, highest),
    }


def of_step(seen: Seen) -> dict[str, Any]:
    return of_representation(seen) if seen.row.part == "applied" else of_sides(seen) | {"lost": seen.row.missed}


def participation(seen: Seen, inside: float, answered: float) -> group_shares.ParticipationRow:
    counts = {"numerator": inside, "denominator": answered, "everyone": seen.row.everyone}
    return group_shares.participation_row(counts, group_shares.ParticipationRow, key=seen.row.key, group=seen.row.group)


def of_participation(seen: Seen) -> dict[str, Any]:
    return vars(participation(seen, seen.row.numerator, seen.row.denominator))


def of_representation(seen: Seen) -> dict[str, Any]:
    row = seen.row
    if row.residents is None:
        return of_participation(seen)
    return vars(group_shares._representation(seen.context, participation(seen, row.residents, row.answered)))


def of_gap(seen: Seen) -> dict[str, Any]:
    shares = gap.GapRow(**of_participation(seen))
    made = vars(gap._tested(seen.context, gap._with_target(seen.context, shares)))
    return {name: value for name, value in made.items() if name not in ("verdict", "p_adjusted")}


def of_period(seen: Seen) -> dict[str, Any]:
    row = seen.row
    side = over_time._side(row)
    low, high = wilson(side.effective_successes, side.effective_trials) or (None, None)
    peers = [each for each in seen.answer.rows if (each.group, each.part) == (row.group, row.part)]
    chart: dict[str, Any] = {}
    if all(peer.suppression is None for peer in peers):
        charts = len(seen.context.listing("groups")) * (1 + len(OUTCOMES))
        (chart,) = (vars(each) for each in over_time.with_chart(peers, charts=charts) if each.key == row.key)
    limits = {name: chart.get(name) for name in ("limit_low", "limit_high", "signal")}
    others = {"others": divided(row.others_successes, row.others_known)} if isinstance(row, OutcomePeriodRow) else {}
    once = {"hh": row.numerator, "hm": row.numerator, "mm": row.denominator} if not others else {}
    return {"value": side.rate, "low": low, "high": high, **limits, **others, **once}


def of_funnel(seen: Seen) -> dict[str, Any]:
    counts = (seen.row.numerator / seen.row.design_effect, seen.row.denominator / seen.row.design_effect)
    low, high = wilson(*counts) or (None, None)
    everyone = ask(Question("completion_rate"), seen.answer.scope).total.value
    return of_ratio(seen) | {"low": low, "high": high, "overall": everyone}


def of_pace(seen: Seen) -> dict[str, Any]:
    row = seen.row
    if row.target is None:
        return {}
    weeks = max((row.due_on - seen.answer.as_of).days, 0) / 7
    return of_ratio(seen) | {"weekly_needed": max(row.target - row.numerator, 0) / weeks if weeks else None}


def of_plan(seen: Seen) -> dict[str, Any]:
    row = seen.row
    then = row.others + row.others_monthly * row.months
    on_course = row.numerator + row.now_monthly * row.months
    return {
        "share": divided(row.numerator, row.denominator),
        "others_then": then,
        "share_on_course": divided(on_course, on_course + then),
        "room": math.floor(round(row.room_monthly * row.months, 6)),
        "odds": None
        if seen.answer.by is None
        else row.benchmark / (1 - row.benchmark)
        if row.benchmark
        else divided(row.numerator, row.others),
        "benchmark_is_statewide": row.benchmark_is_statewide,  # of a reference table
    }


def divided(part: float | None, total: float | None) -> float | None:
    return part / total if part is not None and total else None


RECOMPUTED: Mapping[type[Row], Callable[[Seen], Mapping[str, Any]]] = {
    CountRow: of_count, SupportSideRow: of_count, slfrf.SlfrfRow: of_count, PopulationRow: of_population,
    CostRow: of_ratio, OutcomeRow: of_outcome, StepRow: of_step, group_shares.ParticipationRow: of_participation,
    group_shares.RepresentationRow: of_representation, gap.GapRow: of_gap, ParticipationPeriodRow: of_period,
    OutcomePeriodRow: of_period, FunnelRow: of_funnel, PaceRow: of_pace, PlanRow: of_plan,
    AdjustedGapRow: lambda seen: {"raw": None if seen.row.raw is None else round(seen.row.successes_in / seen.row.known_in - seen.row.successes_out / seen.row.known_out, 3)},
    SupportRow: lambda seen: {}, DecompositionRow: lambda seen: {}, GapPartRow: lambda seen: {},
}  # fmt: skip


def questions_on(measure: str) -> Iterator[tuple[Viewer, Mapping[str, str], str | None]]:
    """Yield readers, filters and breakdowns: the Governor's office by everything, and under one filter of each kind; a director."""
    allowed = [by for by in breakdowns_of(registry.measure(measure)) if by not in LEFT_OUT]
    few = [by for by in allowed if by in UNDER_FILTERS]
    yield from product([GOVERNOR], [{}], allowed)
    yield from product([GOVERNOR], FILTERS, few)
    yield from product([DIRECTOR], [{}], few)


def seen_rows(measure: str) -> Iterator[Seen]:
    """Yield what protected readers see of a measure."""
    store = open_store(current_delivery_id())
    for reader, fixed, by in questions_on(measure):
        answer = ask(Question(measure, by), attack.scope_of(reader, dict(fixed)))
        if not answer.is_nearest:
            context = QueryContext(answer.measure, answer.by, answer.scope, store, delivery(store))
            yield from (Seen(row, answer, context) for row in answer.rows if row.suppression is None)


def reason_for(row_class: type[Row], field: str) -> str | None:
    return next((DEPENDS[each][field] for each in row_class.__mro__ if field in DEPENDS.get(each, {})), None)


def is_equal(value: Any, expected: Any) -> bool:
    if isinstance(value, int | float) and isinstance(expected, int | float):
        return math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-12)
    return bool(value == expected)


@pytest.mark.parametrize("measure", [entry.id for entry in registry.measures().values() if counts_people(entry)])
def test_what_is_shown_next_to_counts_follows_from_them(measure, demo_store, use_store):
    use_store(demo_store)
    for seen in seen_rows(measure):
        row_class = type(seen.row)
        made = RECOMPUTED[row_class](seen)
        derived = [name for name, role in roles_of(row_class).items() if role is Role.DERIVED]
        for name in derived:
            value = getattr(seen.row, name)
            is_count = name in ("numerator", "denominator") and name not in made
            if value is None or (is_count and reason_for(row_class, name) is None):
                continue
            where = (seen.row.key, seen.row.group, seen.row.part, seen.answer.scope.filters)
            reason = reason_for(row_class, name)
            if reason is None or name in made:
                assert is_equal(value, made.get(name)), (name, value, made.get(name), *where)
            if reason == ROUNDED and isinstance(value, float):
                assert value == round(value, 3), (name, value, *where)
            if reason in (WEEKS, MONTHS):
                assert people_behind(seen.row, name) not in range(1, 10), (name, value, *where)


def people_behind(row: Any, name: str) -> int:
    """Return the people that a number per week or month is the mean of."""
    if isinstance(row, PaceRow):
        return round((row.weekly or 0) * row.weeks)
    months = 3 if name == "capacity_monthly" else row.present_months
    return 0 if name == "room_monthly" else round(getattr(row, name) * months)
