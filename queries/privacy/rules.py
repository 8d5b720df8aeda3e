"""What of an answer counts people: one declaration for each kind of measure (and, for plain ones, each tail).

Whatever is not declared here is not shown to a protected reader, and tests/access says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from queries.calculators.counts import counted as counted_rows
from queries.calculators.money import COST_OF
from queries.context import QueryContext
from queries.models import Row
from queries.privacy.cells import (
    Shape,
    by_period,
    by_program_and_region,
    by_side,
    less,
    participation,
    people_of_a_cost,
    plan,
    rate,
    rate_beside_others,
    sides,
    sides_by_level,
    sides_by_place,
    step,
    with_and_without,
)
from queries.registry import Measure

ABOUT_PEOPLE = frozenset({"enrollments", "courses", "meetings"})
POSITIONS_OF_RESIDENTS = frozenset({"positions_filled_by_participants", "participant_share"})

COUNT = Shape(lambda row: (row.value,))
RATE = Shape(rate, alone={("unknown",): lambda row: (row.extra.get("unknown"),)})
MEDIAN = Shape(
    lambda row: (row.denominator,),
    alone={("inside",): lambda row: (row.extra.get("inside"), less(row.denominator, row.extra.get("inside")))},
    follows=("quartile_low", "quartile_high"),
)
SIDES = ("successes_in", "known_in", "successes_out", "known_out", "known_undisclosed", "successes_undisclosed")
CLUSTERS, LIMITS = ("hh", "hm", "mm"), ("limit_low", "limit_high", "signal")
PARTICIPATION = ("everyone", "undisclosed", "bound_low", "bound_high")
RATIO_OF_SHARES = (*PARTICIPATION, "residents", "answered", "bound_low_ratio", "bound_high_ratio")
OF_THE_HIGHEST = ("highest_rate", "screen_ratio", "screen_low", "screen_high")
NOBODY = Shape(
    lambda row: (),
    free=(
        "corrections", "transactions", "available", "left", "left_of", "daily", "runs_out_on", "will_lapse", "expend_by",
        "rows", "unknown", "inside", "quartile_low", "quartile_high",
    ),
)  # fmt: skip
AGGREGATIONS: Mapping[str, Shape] = {
    "count_residents": COUNT,
    "count_rows": COUNT,
    "successes_of_residents": COUNT,
    "rate_of_rows": RATE,
    "rate_of_residents": RATE,
    "rate_of_sums": RATE,
    "residents_in_several": RATE,
    "median_of_rows": MEDIAN,
    "sum_of_rows": Shape(lambda row: (row.extra.get("rows"),), follows=("rows",)),
}
SHAPES: Mapping[str, Shape] = {
    "supports": RATE,
    "support_sides": replace(RATE, free=("received",), lines=by_side),
    "slfrf": Shape(
        lambda row: (row.value,),
        alone={("current_period",): lambda row: (row.extra.get("current_period"),)},
        free=("cumulative",),  # shown by small_numbers.running alone
    ),
    "participation": Shape(participation, follows=PARTICIPATION),
    "representation": Shape(
        participation, follows=RATIO_OF_SHARES, free=("benchmark", "benchmark_about"), keeps=("denominator",)
    ),
    "gap": Shape(
        participation,
        follows=(*PARTICIPATION, "share", "share_low", "share_high", "tipping", "p_adjusted"),
        free=("target", "is_benchmark", "compared", "set_on", "set_by"),
    ),
    "outcome_ratio": Shape(
        sides,
        follows=(*SIDES, *OF_THE_HIGHEST, "screen", "highest_group", "bound_low", "bound_high", "p_adjusted"),
        free=("compared",),
    ),
    "gap_by_step": Shape(
        step,
        follows=(*SIDES, *RATIO_OF_SHARES, "benchmark", "benchmark_about", "lost", "p_adjusted"),
        free=("compared",),
    ),
    "gap_parts": Shape(
        lambda row: (),
        follows=("gap", "known_in", "known_out", "rate_in", "rate_out", "p_adjusted"),
        looks=sides_by_level,
    ),
    "gap_cells": Shape(sides, follows=(*SIDES, "between", "within"), lines=by_program_and_region),
    "together": Shape(
        lambda row: (row.extra.get("residents"), *sides(row)),
        follows=(*SIDES, "residents", "raw", "raw_low", "raw_high", "expected", "p_adjusted"),
        free=("compared", "outcome"),
    ),
    "supports_association": Shape(
        with_and_without,
        follows=(
            "matched_with",
            "matched_without",
            "unmatched_with",
            "unmatched_without",
            "raw_with",
            "raw_without",
            "raw_difference",
            "design_effect",
            "p",
            "p_adjusted",
        ),
        free=("compared",),
    ),
    "participation_over_time": Shape(
        participation,
        follows=(*PARTICIPATION, *CLUSTERS, *LIMITS),
        free=("center", "is_mature", "why_not", "complete_on", "target", "target_set_on"),
        lines=by_period,
    ),
    "outcome_over_time": Shape(
        rate_beside_others,
        follows=(*CLUSTERS, *LIMITS, "others", "others_successes", "others_known"),
        free=("center", "is_mature", "why_not", "complete_on", "target", "target_set_on"),
        lines=by_period,
    ),
    "closing_plan": Shape(
        plan,
        follows=(
            "share",
            "undisclosed",
            "others",
            "others_then",
            "odds",
            "share_on_course",
            "others_monthly",
            "room",
            "capacity_monthly",
            "room_monthly",
            "asked_monthly",
            "more_monthly",
            "exits_then",
            "rate",
            "rate_low",
            "rate_high",
            "now_monthly",
            "exits_monthly",
        ),
        free=("benchmark", "goal", "months", "due_on", "goal_source", "goal_about", "what"),
    ),
    "decomposition": Shape(lambda row: (), follows=("between", "within", "gap"), looks=sides_by_place),
    "pace": Shape(
        lambda row: (row.numerator,),
        alone={
            ("weekly", "projection", "projection_low", "projection_high"): lambda row: (
                round((row.extra.get("weekly") or 0) * (row.extra.get("weeks") or 0)),
            )
        },
        follows=("weekly_needed",),
        free=("target", "set_on", "starts_on", "due_on", "source", "weeks"),
        keeps=("denominator",),
    ),
    "money": NOBODY,
    "burn": NOBODY,
    "cost": Shape(lambda row: (), keeps=("numerator",), looks=people_of_a_cost),
    "paths": COUNT,
}


def shape_of(measure: Measure) -> Shape | None:
    """How a measure's rows count people; None where nobody has said so, and then none of it is shown."""
    if measure.type in ("counted", "gone_on", "undated"):
        shape = AGGREGATIONS.get(measure.agg)
        if measure.model in ABOUT_PEOPLE:
            return shape
        if measure.id in POSITIONS_OF_RESIDENTS:
            return replace(COUNT, free=("rows",)) if measure.agg == "sum_of_rows" else shape
        return NOBODY
    return SHAPES.get(measure.type)


def counted_people(context: QueryContext) -> list[Row]:
    """The rows of people behind a cost, by the same keys."""
    return counted_rows(context.other(COST_OF[context.measure.id], by=context.by))
