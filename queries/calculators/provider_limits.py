"""Funnel limits for providers and programs: each rate against the rate expected for the residents it serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from queries.calculators.counts import rate_counts
from queries.calculators.registry import BASE_RATE, Calculator, Disclosure
from queries.case_mix import GROUPS, CaseMix, case_mix, is_place_supplied
from queries.context import QueryContext
from queries.design_effects import design_effect_of
from queries.disclosure import derived, public
from queries.models import AnswerStatus, Row
from queries.notes import breakdown_missing
from queries.statistics import wilson
from queries.statistics.funnel import count_limits, dispersion, widened
from queries.verdicts import ENOUGH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Integers: TypeAlias = NDArray[np.int64]

PLACES = ("sector", "region")
MOST_OF_SECTOR = 0.5  # of a sector's exits: a provider with more would be compared mostly with itself


class Position(StrEnum):
    """Where a rate lies. Where nothing differs, at most 5% lie outside the 95% limits and 0.2% outside the 99.8% limits."""

    WITHIN = "within limits"
    OUTSIDE_95 = "outside 95% limits"
    OUTSIDE_998 = "outside 99.8% limits"


class FunnelVerdict(StrEnum):
    """What can be said about a provider or a program: only a rate outside the 99.8% limits is called lower or higher."""

    AS_EXPECTED = "as expected"
    LOWER = "lower"
    HIGHER = "higher"
    TOO_FEW = "too few to say"
    NO_PEERS = "too few others in its sectors"


@dataclass(frozen=True, kw_only=True)
class FunnelRow(Row):
    """A provider's or a program's rate with the limits that chance explains. All rates are fractions.

    Attributes:
        overall: The rate of everyone under the other filters.
        expected: The rate expected for whom it serves.
        low_95: Lowest rate inside the 95% limits for as many exits.
        high_95: Highest rate inside the 95% limits.
        low_998: Lowest rate inside the 99.8% limits.
        high_998: Highest rate inside the 99.8% limits.
        position: Where the rate lies.
        verdict: What can be said about it.
        adjusted_for: What the expected rate allows for, in words, separated by commas; None if the delivery says nothing.
        dispersion: By what factor the limits allow for a variance between all rows that is larger than chance makes it; 1
            where it is not larger.
        design_effect: How many times larger the variance is because residents have several exits; the limits allow for the larger factor.
    """

    overall: float | None = derived()
    expected: float | None = derived()
    low_95: float | None = derived()
    high_95: float | None = derived()
    low_998: float | None = derived()
    high_998: float | None = derived()
    position: Position | None = derived()
    verdict: FunnelVerdict | None = derived()
    adjusted_for: str | None = public()
    dispersion: float | None = derived()
    design_effect: float | None = derived()


def without_providers(context: QueryContext) -> tuple[AnswerStatus, str] | None:
    """Return why there is no answer by provider, if the delivery does not say the provider."""
    if context.by == "program" or is_place_supplied(context, "provider"):
        return None
    return AnswerStatus.NOT_SUPPLIED, breakdown_missing("provider")


def rounded_expectations(context: QueryContext, rows: Sequence[FunnelRow]) -> list[FunnelRow]:
    """Round what depends on whom a provider serves: more decimals could tell the groups of a few residents."""
    return [row if row.expected is None else replace(row, expected=round(row.expected, 2)) for row in rows]


DISCLOSURE = Disclosure[FunnelRow](
    counts=rate_counts,
    rates=BASE_RATE,
    totals=lambda context, row: (("providers",),),
    of_everyone=("overall",),
    clear=rounded_expectations,
)


@Calculator(
    "provider_limits",
    row=FunnelRow,
    disclosure=DISCLOSURE,
    is_about_groups=False,
    shows_programs=True,
    dimensions=(None, "provider", "program"),
    takes_outcome=True,
    default_by="provider",
    check=without_providers,
)
def provider_limits(context: QueryContext) -> list[FunnelRow]:
    """Return one row per provider (or program) with a known outcome, by name; exits without one belong to none.

    The expected rate is that of everyone under the filters with the same sector, region and answers about groups, by a
    logistic regression (indirect standardization). The limits allow for residents who exit twice. The filter
    on a provider selects its exits; what is expected of them still comes from all providers. Where there are too few exits
    for so many factors, the groups are left out, then the places.
    """
    everyone = replace(context, scope=context.scope.but(provider=None))
    mix = case_mix(everyone, by=context.by or "provider", places=PLACES, with_supports=False)
    total = float(mix.trials.sum())
    if not total:
        return []
    model = _model(mix)
    overall, expected = float(mix.successes.sum()) / total, model.expected_rates()
    factor = _dispersion(mix, expected, _cells(mix, None, without=context.model.empty))
    effect = design_effect_of(everyone, context.outcome or context.measure.fact)
    base = _Base(mix, expected, _exits_in_sector(mix), overall, _adjusted_for(model), factor, effect)
    cells = _cells(mix, context.scope.provider, without=context.model.empty)
    return [_row(key, base, cells[key]) for key in sorted(cells)]


def _cells(mix: CaseMix, provider: str | None, *, without: str) -> dict[str, Integers]:
    """Return the numbers of the cells of each key, of one provider or of all."""
    numbers: dict[str, list[int]] = {}
    for at, (key, its_provider) in enumerate(zip(mix.keys, mix.providers, strict=True)):
        if provider in (None, its_provider) and key != without:
            numbers.setdefault(key, []).append(at)
    return {key: np.array(cells) for key, cells in numbers.items()}


@dataclass(frozen=True)
class _Base:
    """What every row is compared with: the exits by cell, their expected rates, and what all rows have in common."""

    mix: CaseMix
    expected: Floats
    exits_in_sector: Floats
    overall: float
    adjusted_for: str | None
    dispersion: float
    design_effect: float


def _dispersion(mix: CaseMix, expected: Floats, cells: Mapping[str, Integers]) -> float:
    """Return how far all rows with enough exits spread beyond chance, whichever of them the filters show."""
    units = [
        (float(mix.successes[at].sum()), expected[at], mix.trials[at])
        for at in cells.values()
        if mix.trials[at].sum() >= ENOUGH
    ]
    return round(dispersion(units), 1)  # more decimals could tell about a few residents of a hidden row


def _model(mix: CaseMix) -> CaseMix:
    """Return the most factors that there are enough exits for: places and groups, places, or none."""
    smaller = (mix, mix.only(PLACES), mix.only(()))
    return next((model for model in smaller if model.is_large_enough), smaller[-1])


def _adjusted_for(mix: CaseMix) -> str | None:
    places = [name for name in mix.names if name in PLACES]
    return ", ".join([*places, *([GROUPS] if len(mix.names) > len(places) else [])]) or None


def _exits_in_sector(mix: CaseMix) -> Floats:
    """Return, for each cell, the exits of its sector; all exits where the delivery does not say the sector."""
    codes = mix.levels_of("sector")
    if codes is None:
        return np.full(len(mix.trials), float(mix.trials.sum()))
    return np.bincount(codes, weights=mix.trials)[codes].astype(np.float64)


def _sector_share(mix: CaseMix, at: Integers, exits_in_sector: Floats) -> float:
    """Return the share that some cells have of the exits in their sectors, sectors weighted by the cells' exits."""
    codes = mix.levels_of("sector")
    trials = mix.trials[at]
    if codes is None:
        return float(trials.sum() / exits_in_sector[0])
    here = np.bincount(codes[at], weights=trials)[codes[at]]
    return float((trials * here / exits_in_sector[at]).sum() / trials.sum())


def _row(key: str, base: _Base, at: Integers) -> FunnelRow:
    """Return one row; `at` numbers its cells."""
    trials, rates = base.mix.trials[at], base.expected[at]
    # not in the row: the shares that several providers have of a sector would tell how many exits it has, also where these are hidden
    sector_share = _sector_share(base.mix, at, base.exits_in_sector)
    exits, successes = round(float(trials.sum())), round(float(base.mix.successes[at].sum()))
    mean = float((rates * trials).sum())
    value = successes / exits
    low, high = wilson(successes / base.design_effect, exits / base.design_effect) or (None, None)
    factor = max(base.dispersion, base.design_effect)  # how far the rows spread shows repeated exits too
    (low_95, high_95), (low_998, high_998) = (
        tuple(count / exits for count in widened(limits, mean=mean, factor=factor, total=exits))
        for limits in count_limits(rates, trials, tails=(0.025, 0.001))
    )
    is_outside = not low_95 <= value <= high_95, not low_998 <= value <= high_998
    position = (Position.WITHIN, Position.OUTSIDE_95, Position.OUTSIDE_998)[sum(is_outside)]
    return FunnelRow(
        key=key,
        value=value,
        numerator=successes,
        denominator=exits,
        low=low,
        high=high,
        overall=base.overall,
        expected=mean / exits,
        low_95=low_95,
        high_95=high_95,
        low_998=low_998,
        high_998=high_998,
        position=position,
        verdict=_verdict(position, exits, sector_share, is_above=value > high_998),
        adjusted_for=base.adjusted_for,
        dispersion=base.dispersion,
        design_effect=base.design_effect,
    )


def _verdict(position: Position, exits: int, sector_share: float, *, is_above: bool) -> FunnelVerdict:
    if exits < ENOUGH:
        return FunnelVerdict.TOO_FEW
    if sector_share > MOST_OF_SECTOR:
        return FunnelVerdict.NO_PEERS
    if position is not Position.OUTSIDE_998:
        return FunnelVerdict.AS_EXPECTED
    return FunnelVerdict.HIGHER if is_above else FunnelVerdict.LOWER
