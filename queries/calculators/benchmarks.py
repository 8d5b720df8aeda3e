"""Population benchmarks: a group's share of the people it is compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from queries.context import QueryContext
from queries.database import SqlRow
from queries.notes import NO_BENCHMARK, NO_LOCAL_BENCHMARK
from queries.statistics.rates import Z95
from queries.verdicts import ReferenceShare

Z90 = 1.6448536269514722  # the Census Bureau publishes margins of error at 90%
YOUNGEST, OLDEST = 14, 70  # ages of a population that training serves


def is_of_working_age(base: str | None) -> bool:
    """Return whether a population is the labor force, or of ages that work: "residents aged 21 to 64"."""
    ages = re.search(r"aged (\d+) to (\d+)", base or "")
    if ages:
        return int(ages[1]) >= YOUNGEST and int(ages[2]) <= OLDEST
    return "labor force" in (base or "")


@dataclass(frozen=True)
class Benchmark:
    """A group's share of a population.

    Attributes:
        share: The share, as a fraction.
        base: What it is a share of: "labor force".
        about: The same with the definition, the source and the year.
        margin: Its published 90% margin of error, as a fraction; 0 where none is published.
        rounding: The largest error that rounding may have caused, as a fraction.
        is_statewide: Whether the state's figure stands in for a region's.
    """

    share: float
    base: str
    about: str
    margin: float = 0.0
    rounding: float = 0.0
    is_statewide: bool = False

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the share, with what rounding may have caused on either side."""
        reach = self.margin / Z90 * Z95 + self.rounding
        return max(0.0, self.share - reach), min(1.0, self.share + reach)

    @property
    def reference(self) -> ReferenceShare:
        """The share with its uncertainty, as the test of a share takes it."""
        return ReferenceShare(self.share, error=self.margin / Z90, rounding=self.rounding)

    @classmethod
    def of(cls, row: SqlRow) -> Benchmark:
        """Return the benchmark of a row of the listing. Deliveries published earlier have no margins and no rounding."""
        return cls(
            share=float(row["share"]),
            base=str(row["base"] or "the population"),
            about=f"{row['base']}: {row['definition']} ({row['source']}, {row['year']})",
            margin=float(row.get("margin") or 0),
            rounding=float(row.get("rounding") or 0),
        )


def benchmark_of(context: QueryContext, *, group: str, region: str | None) -> Benchmark | str:
    """Return the default benchmark of a group in a region (None: the state), or a note with the reason for none."""
    rows = [row for row in _rows(context, group) if row["is_default"]]
    if not rows:
        return NO_BENCHMARK
    for row in rows:
        if row["region"] == region:
            return Benchmark.of(row)
    return NO_LOCAL_BENCHMARK


def second_benchmark_of(context: QueryContext, *, group: str, region: str | None) -> Benchmark | None:
    """Return the benchmark of another population or definition that must agree with the default one, if there is any."""
    for row in _rows(context, group):
        if row.get("is_second") and row["region"] == region:
            return Benchmark.of(row)
    return None


def _rows(context: QueryContext, group: str) -> list[SqlRow]:
    return [row for row in context.listing("benchmarks") if row["group_id"] == group and row["share"] is not None]


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
            second = second_benchmark_of(context, group=group, region=place)
            about = f"{benchmark.about}; compare {second.share:.1%} of {second.about}" if second else benchmark.about
            return replace(benchmark, about=about, is_statewide=place != region)
        else:
            reason = NO_BENCHMARK
    return reason
