"""Funnel limits for providers: each provider's rate against the rate of all providers under the filters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from queries.calculators.counts import rate_counts, to_row
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext
from queries.disclosure import derived
from queries.models import Row


class Position(StrEnum):
    """Where a rate lies. Among providers that do not differ, at most 5% lie outside the 95% limits, 0.2% outside the 99.8%."""

    WITHIN = "within limits"
    OUTSIDE_95 = "outside 95% limits"
    OUTSIDE_998 = "outside 99.8% limits"


@dataclass(frozen=True, kw_only=True)
class ProviderRow(Row):
    """A provider's rate with the limits that chance explains. All rates are fractions.

    Attributes:
        overall: The rate of all providers under the other filters, which the limits are around.
        low_95: Lowest rate inside the 95% limits for as many exits.
        high_95: Highest rate inside the 95% limits.
        low_998: Lowest rate inside the 99.8% limits.
        high_998: Highest rate inside the 99.8% limits.
        position: Where the rate lies.
    """

    overall: float | None = derived()
    low_95: float | None = derived()
    high_95: float | None = derived()
    low_998: float | None = derived()
    high_998: float | None = derived()
    position: Position | None = derived()


def limits(trials: int, rate: float, tail: float) -> tuple[float, float]:
    """Return the lowest and highest rate that chance explains (exact binomial; Spiegelhalter 2005, Statistics in Medicine 24).

    Args:
        trials: Exits of the provider. Taken as independent, although some residents exit twice.
        rate: The rate of all providers, a fraction.
        tail: The probability beyond each limit, at most.
    """
    from scipy.stats import binom

    return float(binom.ppf(tail, trials, rate)) / trials, float(binom.isf(tail, trials, rate)) / trials


DISCLOSURE = Disclosure[ProviderRow](counts=rate_counts, totals=lambda context, row: (("providers",),))


@Calculator(
    "provider_limits",
    row=ProviderRow,
    disclosure=DISCLOSURE,
    is_about_groups=False,
    shows_programs=True,
    dimensions=(None,),
    takes_outcome=True,
)
def provider_limits(context: QueryContext) -> list[ProviderRow]:
    """Return one row per provider with a known outcome, by name. Exits without a provider are not a provider's.

    The filter on a provider selects its row; the limits are still those of all providers.
    """
    all_providers = context.scope.but(provider=None)
    counts = [to_row(raw) for raw in context.rows(by="provider", scope=all_providers)]
    successes, trials = sum(row.numerator or 0 for row in counts), sum(row.denominator or 0 for row in counts)
    rows = []
    for row in counts:
        exits = int(row.denominator or 0)
        if row.key == context.model.empty or not exits or row.value is None:
            continue
        if context.scope.provider not in (None, row.key):
            continue
        overall = successes / trials
        low_95, high_95 = limits(exits, overall, 0.025)
        low_998, high_998 = limits(exits, overall, 0.001)
        is_outside = not low_95 <= row.value <= high_95, not low_998 <= row.value <= high_998
        rows.append(
            ProviderRow(
                key=row.key,
                value=row.value,
                numerator=row.numerator,
                denominator=row.denominator,
                low=row.low,
                high=row.high,
                overall=overall,
                low_95=low_95,
                high_95=high_95,
                low_998=low_998,
                high_998=high_998,
                position=(Position.WITHIN, Position.OUTSIDE_95, Position.OUTSIDE_998)[sum(is_outside)],
            )
        )
    return rows
