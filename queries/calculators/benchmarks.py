"""Population benchmarks: a group's share of the people it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from queries.context import QueryContext
from queries.notes import NO_BENCHMARK, NO_LOCAL_BENCHMARK


@dataclass(frozen=True)
class Benchmark:
    """A group's share of a population.

    Attributes:
        share: The share, as a fraction.
        about: What it is a share of, with source and year.
        is_statewide: Whether the state's figure stands in for a region's.
    """

    share: float
    about: str
    is_statewide: bool = False


def benchmark_of(context: QueryContext, *, group: str, region: str | None) -> Benchmark | str:
    """Return the default benchmark of a group in a region (None: the state), or a note with the reason for none."""
    rows = [
        row
        for row in context.listing("benchmarks")
        if row["group_id"] == group and row["is_default"] and row["share"] is not None
    ]
    if not rows:
        return NO_BENCHMARK
    for row in rows:
        if row["region"] == region:
            return Benchmark(row["share"], f"{row['base']}: {row['definition']} ({row['source']}, {row['year']})")
    return NO_LOCAL_BENCHMARK


def nearest_benchmark(context: QueryContext, *, group: str, region: str | None) -> Benchmark | str:
    """Return the group's benchmark in a region, else the state's, or a note with the reason for none.

    Benchmarks of 0% and 100% do not count: no share can be compared with them as odds.
    """
    reason = NO_BENCHMARK
    for place in dict.fromkeys((region, None)):
        benchmark = benchmark_of(context, group=group, region=place)
        if isinstance(benchmark, str):
            reason = benchmark
        elif 0 < benchmark.share < 1:
            return Benchmark(benchmark.share, benchmark.about, is_statewide=place != region)
        else:
            reason = NO_BENCHMARK
    return reason
