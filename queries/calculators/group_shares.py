"""The shares of groups among residents: participation, and its ratio to the population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from queries.calculators.benchmarks import benchmark_of, second_benchmark_of
from queries.calculators.group_rows import by_group, not_supplied_groups
from queries.calculators.registry import Counts
from queries.context import QueryContext
from queries.database import SqlRow
from queries.disclosure import derived, people, public, rest_of
from queries.models import Row
from queries.notes import NOBODY_ANSWERED
from queries.statistics import wilson
from queries.statistics.rates import ratio_of_shares

P = TypeVar("P", bound="ParticipationRow")


@dataclass(frozen=True, kw_only=True)
class ParticipationRow(Row):
    """A group's share of the residents who answered; numerator and denominator are residents.

    Attributes:
        everyone: All residents, whether they answered or not.
        undisclosed: Residents who did not disclose.
        bound_low: The share if no undisclosed resident is in the group, as a fraction.
        bound_high: The share if every undisclosed resident is in the group, as a fraction.
    """

    everyone: int | None = people()
    undisclosed: int | None = people()
    bound_low: float | None = derived()
    bound_high: float | None = derived()


@dataclass(frozen=True, kw_only=True)
class RepresentationRow(ParticipationRow):
    """A group's share ÷ its benchmark; numerator and denominator are the two shares.

    Attributes:
        residents: Residents of the group.
        answered: Residents who answered.
        benchmark: The benchmark, as a fraction.
        benchmark_base: The population that the benchmark is a share of.
        benchmark_about: The same with the definition, the source and the year.
        second_benchmark: A benchmark of another population or definition, as a fraction.
        second_about: What that is a share of.
        bound_low_ratio: `bound_low` ÷ benchmark.
        bound_high_ratio: `bound_high` ÷ benchmark.
    """

    denominator: float | None = public()
    residents: float | None = people()
    answered: float | None = people()
    benchmark: float | None = public()
    benchmark_base: str | None = public()
    benchmark_about: str | None = public()
    second_benchmark: float | None = public()
    second_about: str | None = public()
    bound_low_ratio: float | None = derived()
    bound_high_ratio: float | None = derived()


def participation_counts(row: ParticipationRow) -> Counts:
    """Return residents in the group, residents known not to be in it, and residents who did not disclose."""
    return row.numerator, rest_of(row.denominator, row.numerator), row.undisclosed


def representation_counts(row: RepresentationRow) -> Counts:
    """Return the counts of participation behind a ratio; without a ratio they are numerator and denominator."""
    if row.residents is None:
        return participation_counts(row)
    return row.residents, rest_of(row.answered, row.residents), row.undisclosed


def participation_row(raw: SqlRow, row_type: type[P], *, key: str, group: str) -> P:
    """Return the share of those who answered, with its Wilson interval and what it would be if all had."""
    inside, answered, everyone = raw["numerator"], raw["denominator"], raw["everyone"]
    low, high = wilson(inside, answered) or (None, None)
    undisclosed = everyone - answered
    return row_type(
        key=key,
        group=group,
        value=inside / answered if answered else None,
        numerator=inside,
        denominator=answered,
        low=low,
        high=high,
        note=None if answered else NOBODY_ANSWERED,
        everyone=everyone,
        undisclosed=undisclosed,
        bound_low=inside / everyone if everyone else None,
        bound_high=(inside + undisclosed) / everyone if everyone else None,
    )


def participation_rows(context: QueryContext) -> list[ParticipationRow]:
    """Return one row per group and key."""
    rows = [
        participation_row(raw, ParticipationRow, key=key, group=group)
        for key, group, raw in by_group(context, "participation")
    ]
    return rows + not_supplied_groups(context, ParticipationRow)


def region_of(context: QueryContext, row: Row) -> str | None:
    """Return the region whose benchmark and target apply to a row; None for the state's."""
    return row.key if context.by == "region" else context.scope.region


def representation_rows(context: QueryContext) -> list[RepresentationRow]:
    """Return one row per group and key: share ÷ benchmark share, with an interval that allows for errors of both."""
    return [_representation(context, row) for row in participation_rows(context)]


def _representation(context: QueryContext, row: ParticipationRow) -> RepresentationRow:
    result = RepresentationRow(**vars(row))
    if row.value is None or row.group is None:
        return result
    result = result.but(residents=row.numerator, answered=row.denominator, numerator=row.value)
    region = region_of(context, row)
    benchmark = benchmark_of(context, group=row.group, region=region)
    if isinstance(benchmark, str):
        return result.but(value=None, low=None, high=None, denominator=None, note=benchmark)
    share = benchmark.share
    second = second_benchmark_of(context, group=row.group, region=region)
    low, high = ratio_of_shares(row.value, (row.low or 0, row.high or 0), share, benchmark.interval) or (None, None)
    return result.but(
        value=row.value / share,
        low=low,
        high=high,
        denominator=share,
        benchmark=share,
        benchmark_base=benchmark.base,
        benchmark_about=benchmark.about,
        second_benchmark=second.share if second else None,
        second_about=second.about if second else None,
        bound_low_ratio=(row.bound_low or 0) / share,
        bound_high_ratio=(row.bound_high or 0) / share,
    )
