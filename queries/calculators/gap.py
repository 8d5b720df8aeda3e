"""The participation gap: how many more residents of a group must enroll to reach its target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from queries.calculators.benchmarks import Benchmark, benchmark_of, second_benchmark_of
from queries.calculators.group_shares import participation_rows, region_of
from queries.calculators.registry import BASE_RATE, Calculator, Counts, Disclosure
from queries.calculators.targets import target_of
from queries.context import QueryContext
from queries.disclosure import derived, people, public, rest_of
from queries.models import ComparedRow
from queries.notes import CANNOT_REACH_ALL
from queries.statistics import residents_to_reach
from queries.verdicts import NO_FINDING, Participation, as_family, share_test, share_verdict, tipping


@dataclass(frozen=True, kw_only=True)
class GapRow(ComparedRow):
    """Residents of a group still to enroll; numerator and denominator are residents in it and residents who answered.

    Attributes:
        everyone: All residents.
        undisclosed: Residents who did not disclose.
        bound_low: The share if no undisclosed resident is in the group, as a fraction.
        bound_high: The share if every undisclosed resident is in the group, as a fraction.
        share: The group's share of those who answered, as a fraction.
        share_low: Lower end of its 95% interval.
        share_high: Upper end of its 95% interval.
        target: The share to reach: the target in force, or the benchmark if none is set.
        is_benchmark: Whether `target` is a benchmark.
        base: The population that a benchmark is a share of.
        set_on: The day the target was set.
        set_by: Who set it.
        tipping: The share of the undisclosed that would have to be in the group to reach the target.
    """

    everyone: int | None = people()
    undisclosed: int | None = people()
    bound_low: float | None = derived()
    bound_high: float | None = derived()
    share: float | None = derived()
    share_low: float | None = derived()
    share_high: float | None = derived()
    target: float | None = public()
    is_benchmark: bool | None = public()
    base: str | None = public()
    set_on: date | None = public()
    set_by: str | None = public()
    tipping: float | None = derived()

    def verdict_at(self, p_adjusted: float) -> str | None:
        """Return the verdict that follows from an adjusted p-value, unless the row's benchmarks allow none."""
        if self.verdict in NO_FINDING:
            return self.verdict
        return share_verdict(p_adjusted, is_below=(self.share or 0) < (self.target or 0))

    @property
    def share_of_target(self) -> float | None:
        """`share` ÷ `target`."""
        return self.share / self.target if self.share is not None and self.target else None


def counts(row: GapRow) -> Counts:
    """Return residents in the group, residents known not to be in it, and residents who did not disclose."""
    return row.numerator, rest_of(row.denominator, row.numerator), row.undisclosed


DISCLOSURE = Disclosure[GapRow](counts=counts, rates=BASE_RATE)


@Calculator("gap", row=GapRow, disclosure=DISCLOSURE, is_about_groups=True)
def gap(context: QueryContext) -> list[GapRow]:
    """Return one row per group and key, with the verdict on the share and its goal.

    The verdicts allow for every group (and key) of the answer, whichever group the filters name.
    """
    all_groups = context.for_all_groups()
    rows = [_with_target(all_groups, GapRow(**vars(row))) for row in participation_rows(all_groups)]
    groups = set(context.groups())
    return [row for row in as_family([_tested(all_groups, row) for row in rows]) if row.group in groups]


def _with_target(context: QueryContext, row: GapRow) -> GapRow:
    """Return a participation row as a gap to the target in force, or to the benchmark if none is set."""
    if row.value is None or row.group is None:
        return row
    region = region_of(context, row)
    target = target_of(context, "participation_share", group=row.group, region=region)
    benchmark = benchmark_of(context, group=row.group, region=region)
    share = target.value if target else None if isinstance(benchmark, str) else benchmark.share
    row = row.but(
        value=None,
        low=None,
        high=None,
        share=row.value,
        share_low=row.low,
        share_high=row.high,
        target=share,
        is_benchmark=target is None,
        base=None if target or isinstance(benchmark, str) else benchmark.base,
        set_on=target.set_on if target else None,
        set_by=target.set_by if target else None,
    )
    if share is None:
        return row.but(note=f"no target has been set, and {benchmark}")
    more = residents_to_reach(int(row.numerator or 0), int(row.denominator or 0), share)
    return row.but(value=more, note=None if more is not None else CANNOT_REACH_ALL)


def _tested(context: QueryContext, row: GapRow) -> GapRow:
    """Return the row with the p-value of its share against the target or the benchmarks."""
    if row.target is None or row.group is None:
        return row
    region = region_of(context, row)
    benchmark = benchmark_of(context, group=row.group, region=region) if row.is_benchmark else None
    second = second_benchmark_of(context, group=row.group, region=region) if row.is_benchmark else None
    group = Participation(
        inside=int(row.numerator or 0),
        answered=int(row.denominator or 0),
        everyone=int(row.everyone or 0),
        goal=float(row.target),
        reference=benchmark.reference if isinstance(benchmark, Benchmark) else None,
        second=second.reference if second else None,
    )
    test = share_test(group)
    return row.but(p=test.p, verdict=test.verdict, tipping=tipping(group))
