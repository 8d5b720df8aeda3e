"""Intersections: the outcomes of residents in two groups at once, with estimates shrunk for small pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from queries.aggregations.groups import by_sides
from queries.calculators.comparison import SidesRow, compared, side_counts, side_row
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext
from queries.disclosure import derived, people, public
from queries.statistics.rates import Z95
from queries.statistics.shrinkage import ShrunkEstimate, shrink_toward_components
from queries.verdicts import ALIKE, RATE, Compared, as_family, reason_against


@dataclass(frozen=True, kw_only=True)
class IntersectionRow(SidesRow):
    """A pair of groups (`group` and `part`; the key is "first+second"): the shrunk ratio of rates.

    Attributes:
        residents: Residents in both groups.
        outcome: The outcome compared.
        raw: The ratio as counted.
        raw_low: Lower end of its 95% interval.
        raw_high: Upper end of its 95% interval.
        expected: The ratio that the two groups' other pairs lead to expect.
    """

    residents: int | None = people()
    outcome: str | None = public()
    raw: float | None = derived()
    raw_low: float | None = derived()
    raw_high: float | None = derived()
    expected: float | None = derived()

    def judged(self, *, p_adjusted: float | None, compared: int) -> Self:
        """Return the row with its verdict; a difference that shrinkage leaves in doubt is not called."""
        row = super().judged(p_adjusted=p_adjusted, compared=compared)
        is_in_doubt = self.low is not None and self.high is not None and self.low <= 1 <= self.high
        if is_in_doubt and p_adjusted is not None and p_adjusted <= RATE:
            return row.but(verdict=ALIKE, p_adjusted=None)
        return row


DISCLOSURE = Disclosure[IntersectionRow](counts=lambda row: (row.residents, *side_counts(row)))


@Calculator(
    "intersections",
    row=IntersectionRow,
    disclosure=DISCLOSURE,
    is_about_groups=True,
    compares_pairs=True,
    is_exact_only=True,
    dimensions=(None, "group"),
    takes_outcome=True,
)
def intersections(context: QueryContext) -> list[IntersectionRow]:
    """Return one row per pair of groups.

    The ratio and its interval are shrunk toward what the two groups show in all their pairs; numerator and denominator
    are the two rates as counted. A difference is called unlikely to be chance if the counts say so, all pairs allowed
    for, and the shrunk interval excludes 1.
    """
    missing = context.groups_not_supplied()
    rows: list[IntersectionRow] = []
    comparisons: list[Compared] = []
    for raw in by_sides(context.rows(by=None, agg="rate_by_pair", scope=context.scope.but(group=None))):
        first, second = raw["group_id"], raw["other_id"]
        if {first, second} & missing:
            continue
        comparison = compared(raw)
        comparisons.append(comparison)
        row = side_row(IntersectionRow, comparison, key=f"{first}+{second}", group=first, part=second)
        outcome = context.outcome or context.measure.fact
        rows.append(row.but(residents=raw.get("residents", 0), outcome=outcome))
    rows = as_family(_shrunk(rows, comparisons))
    return [row for row in rows if context.scope.group in (None, row.group, row.part)]


def _shrunk(rows: Sequence[IntersectionRow], comparisons: Sequence[Compared]) -> list[IntersectionRow]:
    """Return the rows with shrunk ratios; rows without one have a note with the reason."""
    groups = sorted({str(group) for row in rows for group in (row.group, row.part)})
    estimates = [_log_ratio(row, comparison) for row, comparison in zip(rows, comparisons, strict=True)]
    usable = [at for at, estimate in enumerate(estimates) if estimate is not None]
    result = [_without_ratio(row, comparison) for row, comparison in zip(rows, comparisons, strict=True)]
    shrunk = shrink_toward_components(
        [value for value, _ in filter(None, estimates)],
        [error for _, error in filter(None, estimates)],
        [[float(group in (rows[at].group, rows[at].part)) for group in groups] for at in usable],
    )
    for at, estimate in zip(usable, shrunk[1] if shrunk else [], strict=True):
        result[at] = _with_ratio(result[at], estimate)
    return result


def _without_ratio(row: IntersectionRow, comparison: Compared) -> IntersectionRow:
    reason = reason_against(comparison)
    note = row.note or (reason.value if reason else None)
    return row.but(value=None, low=None, high=None, note=note, raw=row.value, raw_low=row.low, raw_high=row.high)


def _with_ratio(row: IntersectionRow, estimate: ShrunkEstimate) -> IntersectionRow:
    reach = Z95 * estimate.error
    low, high = math.exp(estimate.value - reach), math.exp(estimate.value + reach)
    value, expected = math.exp(estimate.value), math.exp(estimate.expected)
    return row.but(value=value, low=low, high=high, note=None, expected=expected)


def _log_ratio(row: IntersectionRow, comparison: Compared) -> tuple[float, float] | None:
    """Return the log of a pair's ratio and its standard error; None if too few are known or there is no width.

    If nobody of the pair has the outcome, 0.5 is added to each count (Haldane 1956): the log of zero does not exist.
    """
    if reason_against(comparison) is not None or not comparison.outside.successes:
        return None
    if row.value and row.low and row.high:
        error = math.log(row.high / row.low) / (2 * Z95)
        return (math.log(row.value), error) if error > 0 else None
    inside, outside = comparison.inside, comparison.outside
    successes, trials = inside.effective_successes + 0.5, inside.effective_trials + 1
    other_successes, other_trials = outside.effective_successes + 0.5, outside.effective_trials + 1
    error = math.sqrt(1 / successes - 1 / trials + 1 / other_successes - 1 / other_trials)
    return math.log(successes / trials / (other_successes / other_trials)), error
