"""Completion with a support compared with similar residents without it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from queries.aggregations.supports import SUPPORTS
from queries.calculators.registry import Calculator, Counts, Disclosure
from queries.context import QueryContext
from queries.database import SqlRow, supplied
from queries.disclosure import derived, people, rest_of
from queries.models import ComparedRow
from queries.statistics import Side, Standardized, Stratum, standardized
from queries.statistics.significance import p_of_difference
from queries.verdicts import ENOUGH, TOO_FEW, Verdict, as_family, outcome_verdict

DIMENSIONS = (None, "initiative", "region", "sector", "group")
NOBODY = Side.of_people(0, 0)


@dataclass(frozen=True, kw_only=True)
class SupportRow(ComparedRow):
    """One support (`part`): the standardized difference of completion rates with its 95% interval.

    Value, low and high are fractions; numerator and denominator are the standardized rates with and without the support.

    Attributes:
        matched_with: Exits with the support that have similar exits without it.
        matched_without: Exits without the support that have similar exits with it.
        unmatched_with: Exits with the support that are left out.
        unmatched_without: Exits without the support that are left out.
        raw_with: The rate of all exits with the support, as a fraction; None under 30.
        raw_without: The rate of all exits without the support; None under 30.
        raw_difference: `raw_with` less `raw_without`.
        design_effect: How many times larger the variance is because residents have several exits.
    """

    matched_with: int | None = people()
    matched_without: int | None = people()
    unmatched_with: int | None = people()
    unmatched_without: int | None = people()
    raw_with: float | None = derived()
    raw_without: float | None = derived()
    raw_difference: float | None = derived()
    design_effect: float | None = derived()

    def verdict_at(self, p_adjusted: float) -> Verdict:
        """Return the verdict that follows from an adjusted p-value."""
        return outcome_verdict(p_adjusted, is_higher=(self.value or 0) > 0)


def counts(row: SupportRow) -> Counts:
    """Return exits with and without a support, compared and left out, and what each shown rate reveals of them."""
    return (
        *_side_counts(row.matched_with, row.unmatched_with, row.raw_with),
        *_side_counts(row.matched_without, row.unmatched_without, row.raw_without),
    )


def _side_counts(matched: int | None, unmatched: int | None, rate: float | None) -> Counts:
    total = (matched or 0) + (unmatched or 0)
    successes = None if rate is None else round(rate * total)
    return matched or 0, unmatched or 0, successes, rest_of(total, successes)


DISCLOSURE = Disclosure[SupportRow](counts=counts, decimals=3)


@Calculator(
    "supports_association",
    row=SupportRow,
    disclosure=DISCLOSURE,
    is_about_groups=False,
    dimensions=DIMENSIONS,
    joins_groups=True,
)
def supports_association(context: QueryContext) -> list[SupportRow]:
    """Return one row per support (`part`) and key; without a breakdown the key is the support.

    Similar residents have the same initiative, sector, region and answers about groups. The interval is widened where
    residents have several exits. The verdicts allow for all differences of the answer.
    """
    strata = _strata(context)
    sides = _sides(context)
    keys = sorted({key for _, key in sides}) or (["Total"] if context.by is None else [])
    rows = []
    for support in SUPPORTS:
        if f"enrollments.{support}" not in supplied(context.store):
            note = Verdict.NOT_SUPPLIED.value
            rows.append(SupportRow(key=support, part=support, value=None, note=note, verdict=note))
            continue
        for key in keys:
            row = _compared(strata[support, key], sides[support, key])
            rows.append(replace(row, key=support if context.by is None else key, part=support, verdict=row.note))
    return as_family(rows)


def _strata(context: QueryContext) -> defaultdict[tuple[str, str], list[Stratum]]:
    """Return the strata of similar exits by (support, key)."""
    strata: defaultdict[tuple[str, str], list[Stratum]] = defaultdict(list)
    for raw in _rows(context, "strata_by_support"):
        counts = (
            raw["successes_with"],
            raw["known_with"],
            raw["successes_without"],
            raw["known_without"],
            raw["strata"],
        )
        strata[raw["support"], raw["key"]].append(Stratum(*counts))
    return strata


def _sides(context: QueryContext) -> defaultdict[tuple[str, str], dict[bool, Side]]:
    """Return exits with (True) and without (False) a support by (support, key)."""
    sides: defaultdict[tuple[str, str], dict[bool, Side]] = defaultdict(dict)
    for raw in _rows(context, "residents_by_support"):
        side = Side(*(raw[name] for name in ("successes", "trials", "hh", "hm", "mm")))
        sides[raw["support"], raw["key"]][raw["received"]] = side
    return sides


def _rows(context: QueryContext, agg: str) -> list[SqlRow]:
    """Return the rows of an aggregation by key; by group, a resident in several groups is in the rows of each."""
    if context.by != "group":
        return context.rows(by=context.by, agg=agg)
    return context.rows(by="group", agg=agg, scope=context.scope.but(group=None), of_group=context.scope.group)


def _compared(strata: Sequence[Stratum], sides: Mapping[bool, Side]) -> SupportRow:
    """Return one comparison without its key: the estimate, or a note with the reason for none."""
    received, not_received = sides.get(True, NOBODY), sides.get(False, NOBODY)
    similar = standardized(strata)
    matched_with, matched_without = (similar.matched_with, similar.matched_without) if similar else (0, 0)
    raw_with, raw_without = (side.rate if side.trials >= ENOUGH else None for side in (received, not_received))
    effect = max(received.effect, not_received.effect)
    row = SupportRow(
        key="",
        value=None,
        matched_with=matched_with,
        matched_without=matched_without,
        unmatched_with=received.trials - matched_with,
        unmatched_without=not_received.trials - matched_without,
        raw_with=raw_with,
        raw_without=raw_without,
        raw_difference=rest_of(raw_with, raw_without),
        design_effect=effect,
    )
    if not received.trials or not not_received.trials:
        return replace(row, note=Verdict.NOBODY_TO_COMPARE.value)
    if similar is None:
        return replace(row, note=Verdict.NOBODY_SIMILAR.value)
    if min(matched_with, matched_without) / effect < ENOUGH:
        return replace(row, note=TOO_FEW.value)
    reach = _reach(similar) * math.sqrt(effect)
    return replace(
        row,
        value=similar.difference,
        low=max(-1.0, similar.difference - reach) if reach else None,
        high=min(1.0, similar.difference + reach) if reach else None,
        numerator=similar.rate_with,
        denominator=similar.rate_without,
        p=p_of_difference(similar.difference, reach),
    )


def _reach(estimate: Standardized) -> float:
    """Return half the width of the 95% interval, one of whose ends may be cut at 100 points; 0 if there is none."""
    if estimate.low is None or estimate.high is None:
        return 0.0
    return max(estimate.high - estimate.difference, estimate.difference - estimate.low)
