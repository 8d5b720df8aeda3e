"""Questions to try the access rules with, and what of an answer counts people, written down apart from the calculators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from queries import BREAKDOWNS, Question, Row, measures

HOME, OTHER = "Northwest", "Southwest"
BASE_FIELDS = frozenset(item.name for item in fields(Row))
ALL_BREAKDOWNS = tuple(by for by in BREAKDOWNS if by != "weeks_back")
PEOPLE = frozenset({"residents", "enrollments", "applications", "registrations", "hours"})
# numbers under ten in an answer about people that count nobody
NOT_PEOPLE = frozenset(
    {"weeks", "benchmark", "target", "share", "bound_low", "bound_high", "bound_low_ratio", "bound_high_ratio"}
    | {"highest_rate", "screen_ratio", "screen_low", "screen_high", "between", "within", "gap", "received"}
    | {"share_low", "share_high", "p_adjusted", "p", "p_others", "p_screen", "compared", "tipping", "lost", "raw", "raw_low"}
    | {"raw_high", "expected", "dispersion"}
    | {"rate_in", "rate_out", "raw_with", "raw_without", "raw_difference", "design_effect", "center", "limit_low", "limit_high"}
    | {"others", "odds", "share_on_course", "rate", "rate_low", "rate_high", "goal", "months"}
    | {"needed_monthly", "more_monthly", "room_monthly", "capacity_monthly", "others_monthly", "now_monthly", "exits_monthly"}
    | {"room", "others_then", "deviations", "second_benchmark"}
    | {"overall", "low_95", "high_95", "low_998", "high_998"}
    | {"weekly", "weekly_needed", "quartile_low", "quartile_high", "projection_low", "projection"}
    | {"projection_low_80", "origins", "present_months", "rate_months"}
)  # fmt: skip


def every_question() -> Iterator[Question]:
    """Every measure without a breakdown and by every breakdown."""
    for measure_id in measures():
        for by in (None, *ALL_BREAKDOWNS):
            yield Question(measure_id, by)


def counts_of(measure: Any, row: Row) -> Iterator[tuple[str, float]]:
    """Every count of people in a row, by name, and what can be had from it without another row."""
    if measure.model in ("funding", "awards"):
        if measure.id.startswith("cost_per") and row.value is not None and row.denominator is not None:
            yield "people behind the cost", row.denominator
        return
    if measure.model == "openings" and measure.id not in ("positions_filled_by_participants", "participant_share"):
        return
    others = {name: value for name, value in vars(row).items() if name not in BASE_FIELDS}
    extra = {name: value for name, value in others.items() if isinstance(value, (int, float))}
    if measure.model == "openings":  # `rows` counts openings, which anybody can see
        extra.pop("rows", None)
    if measure.unit in PEOPLE - {"hours"} and measure.id != "gap_residents" and row.value is not None:
        yield "value", row.value
    if measure.unit == "share" and row.numerator is not None and row.denominator is not None:
        yield "numerator", row.numerator
        yield "denominator", row.denominator
        yield "misses", row.denominator - row.numerator
    if measure.unit in ("days", "dollars an hour") and row.denominator is not None:
        yield "behind the median", row.denominator
        if "inside" in extra:
            yield "outside", row.denominator - extra["inside"]
    yield from _rests(extra)
    for name, value in extra.items():
        if name not in NOT_PEOPLE and not isinstance(value, bool):
            yield name, value


def _rests(extra: dict[str, float]) -> Iterator[tuple[str, float]]:
    """Counts that follow from two counts of the same row."""
    for side in ("in", "out"):
        if f"known_{side}" in extra:
            yield f"failures_{side}", extra[f"known_{side}"] - extra[f"successes_{side}"]
    if "known_highest" in extra:
        yield "misses behind the highest rate", extra["known_highest"] - extra["successes_highest"]
    if "successes_undisclosed" in extra:
        yield "misses of the undisclosed", extra["known_undisclosed"] - extra["successes_undisclosed"]
    if "answered" in extra:
        yield "others", extra["answered"] - extra["residents"]
