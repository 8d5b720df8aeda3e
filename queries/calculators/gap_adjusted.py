"""A group's gap at an equal mix of sector, region, provider, other groups and supports, next to the gap as counted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from queries.aggregations.supports import SUPPORTS
from queries.calculators.comparison import compared
from queries.calculators.group_rows import by_group, not_supplied_groups
from queries.calculators.registry import Calculator, Counts, Disclosure
from queries.case_mix import GROUPS, UNDISCLOSED, CaseMix, case_mix
from queries.context import QueryContext
from queries.disclosure import derived, people, public, rest_of
from queries.models import ComparedRow
from queries.notes import ALL_ALIKE, NOTHING_TO_ADJUST_FOR
from queries.statistics import wilson
from queries.statistics.logistic import LogisticFit, marginal_gap
from queries.statistics.rates import Z95, difference_interval
from queries.statistics.significance import Side, p_of_difference
from queries.verdicts import TOO_FEW, Compared, Verdict, as_family, outcome_verdict, reason_against

PLACES = ("sector", "region", "provider")
OTHER_GROUPS = "other groups"


@dataclass(frozen=True, kw_only=True)
class AdjustedGapRow(ComparedRow):
    """A group's adjusted gap, in points as fractions; numerator and denominator are the two standardized rates, rounded.

    Attributes:
        raw: The gap as counted.
        raw_low: Lower end of its 95% interval.
        raw_high: Upper end of it.
        successes_in: Exits of the group with the outcome.
        known_in: Exits of the group whose outcome is known.
        successes_out: Exits of the others with the outcome.
        known_out: Exits of the others whose outcome is known.
        adjusted_for: What both sides are alike in, in words, separated by commas.
        not_supplied: What the delivery does not say, likewise; never adjusted for.
        left_out: What has too many values for so few exits, likewise.
    """

    raw: float | None = derived()
    raw_low: float | None = derived()
    raw_high: float | None = derived()
    successes_in: int | None = people()
    known_in: int | None = people()
    successes_out: int | None = people()
    known_out: int | None = people()
    adjusted_for: str | None = public()
    not_supplied: str | None = public()
    left_out: str | None = public()

    def verdict_at(self, p_adjusted: float) -> Verdict:
        """Return the verdict that follows from an adjusted p-value."""
        return outcome_verdict(p_adjusted, is_higher=(self.value or 0) > 0)


def counts(row: AdjustedGapRow) -> Counts:
    """Return successes and failures of the group and of the others."""
    return (
        row.successes_in,
        rest_of(row.known_in, row.successes_in),
        row.successes_out,
        rest_of(row.known_out, row.successes_out),
    )


DISCLOSURE = Disclosure[AdjustedGapRow](counts=counts, decimals=3)


@Calculator(
    "gap_adjusted",
    row=AdjustedGapRow,
    disclosure=DISCLOSURE,
    is_about_groups=True,
    dimensions=(None, "group"),
    takes_outcome=True,
)
def gap_adjusted(context: QueryContext) -> list[AdjustedGapRow]:
    """Return one row per group: the gap that remains if both sides had the same mix of everything else supplied.

    The model is a logistic regression of the outcome on all factors at once, without interactions: it assumes that each
    factor moves the odds of the outcome alike whatever the others are.
    """
    all_groups = context.for_all_groups()
    mix = case_mix(all_groups, by=None, places=PLACES, with_supports=True)
    is_alike = not 0 < mix.successes.sum() < mix.trials.sum()
    left_out = "provider" if "provider" in mix.names and not (is_alike or mix.is_large_enough) else None
    mix = mix.only([name for name in mix.names if name != left_out])
    fit = mix.fit() if mix.is_large_enough else None
    rows = []
    for _, group, raw in by_group(replace(all_groups, by=None), "rate_by_side"):
        row = replace(_with_factors(_raw_row(group, compared(raw)), mix), left_out=left_out)
        rows.append(_adjusted(row, compared(raw), mix, fit))
    groups = set(context.groups())
    return [row for row in as_family(rows) if row.group in groups] + not_supplied_groups(context, AdjustedGapRow)


def _with_factors(row: AdjustedGapRow, mix: CaseMix) -> AdjustedGapRow:
    """Return the row with what its gap is adjusted for, and what is not supplied."""
    names = mix.names
    places = [name for name in names if name in PLACES]
    others = [OTHER_GROUPS] if any(name not in (*PLACES, *SUPPORTS, row.group) for name in names) else []
    supports = [name.replace("_", " ") for name in names if name in SUPPORTS]
    missing = [name.replace("_", " ") for name in mix.not_supplied if name != GROUPS]
    missing += [] if others else [OTHER_GROUPS]
    return replace(
        row,
        adjusted_for=", ".join([*places, *others, *supports]) or None,
        not_supplied=", ".join(missing) or None,
    )


def _raw_row(group: str, comparison: Compared) -> AdjustedGapRow:
    """Return a row with the gap as counted, and the verdict only if nothing can be concluded."""
    inside, outside = comparison.inside, comparison.outside
    row = AdjustedGapRow(
        key=group,
        group=group,
        value=None,
        successes_in=inside.successes,
        known_in=inside.trials,
        successes_out=outside.successes,
        known_out=outside.trials,
        verdict=reason_against(comparison),
    )
    ends, other_ends = _interval(inside), _interval(outside)
    if inside.rate is None or outside.rate is None or ends is None or other_ends is None:
        return row
    low, high = difference_interval(inside.rate, ends, outside.rate, other_ends)
    return replace(row, raw=inside.rate - outside.rate, raw_low=low, raw_high=high)


def _interval(side: Side) -> tuple[float, float] | None:
    """Return the Wilson interval of a rate, on its effective trials."""
    return wilson(side.effective_successes, side.effective_trials)


def _adjusted(row: AdjustedGapRow, comparison: Compared, mix: CaseMix, fit: LogisticFit | None) -> AdjustedGapRow:
    """Return the row with its adjusted gap, or with a note that says why there is none."""
    if row.verdict:
        return replace(row, note=str(row.verdict))
    if row.adjusted_for is None:
        return replace(row, note=NOTHING_TO_ADJUST_FOR)
    if not 0 < mix.successes.sum() < mix.trials.sum():
        return replace(row, note=ALL_ALIKE)
    codes = mix.levels_of(str(row.group))
    if fit is None or codes is None:
        return replace(row, note=TOO_FEW.value, verdict=TOO_FEW)
    weights = mix.trials * (codes != UNDISCLOSED)
    gap = marginal_gap(fit, mix.design, weights, name=str(row.group))
    reach = Z95 * gap.error * math.sqrt(max(comparison.inside.effect, comparison.outside.effect))
    return replace(
        row,
        value=gap.value,
        low=max(-1.0, gap.value - reach),
        high=min(1.0, gap.value + reach),
        # more decimals of the two rates would undo the rounding of the gap for a protected reader
        numerator=round(gap.rate_in, 3),
        denominator=round(gap.rate_out, 3),
        p=p_of_difference(gap.value, reach),
    )
