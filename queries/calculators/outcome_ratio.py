"""Outcomes of each group compared with others and with the highest group (the four-fifths screen)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from queries.calculators.comparison import (
    REVEALING_PARTS,
    SidesRow,
    compared,
    side,
    side_counts,
    side_row,
    with_verdicts,
)
from queries.calculators.group_rows import by_group, not_supplied_groups
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext
from queries.database import SqlRow
from queries.disclosure import derived
from queries.scope import OUTCOMES
from queries.statistics import Ratio
from queries.statistics.significance import Side, interval_ratio
from queries.verdicts import ENOUGH, Compared


@dataclass(frozen=True, kw_only=True)
class OutcomeRow(SidesRow):
    """A group's rate of one outcome (`part`) ÷ the others' rate.

    Attributes:
        bound_low: The group's rate if, of the undisclosed, all without the outcome were in it and no others.
        bound_high: The group's rate if, of the undisclosed, all with the outcome were in it and no others.
        highest_group: The group with the highest rate, of those with enough people.
        highest_rate: Its rate, as a fraction.
        screen_ratio: The group's rate ÷ the highest rate.
        screen_low: Lower end of its 95% interval.
        screen_high: Upper end of its 95% interval.
    """

    bound_low: float | None = derived()
    bound_high: float | None = derived()
    highest_group: str | None = derived()
    highest_rate: float | None = derived()
    screen_ratio: float | None = derived()
    screen_low: float | None = derived()
    screen_high: float | None = derived()


def bounds(raw: SqlRow) -> tuple[float | None, float | None]:
    """Return the lowest and highest rate the group could have, whatever the undisclosed are."""
    successes, trials = int(raw["successes_in"]), int(raw["known_in"])
    more_successes = int(raw["successes_undisclosed"])
    more_failures = int(raw["known_undisclosed"]) - more_successes
    lowest, highest = trials + more_failures, trials + more_successes
    return (
        successes / lowest if lowest else None,
        (successes + more_successes) / highest if highest else None,
    )


def screen(group: Side, highest: Side) -> Ratio | None:
    """Return a group's rate ÷ the highest group's with its 95% interval; None if one of them is too small."""
    if min(group.effective_trials, highest.effective_trials) < ENOUGH or not highest.rate:
        return None
    if group.successes == 0:
        # the ratio of a zero has no interval: the exact upper bound of the rate stands in.
        # Imported here because scipy.stats takes a second to load and few answers need it.
        from scipy.stats import binomtest

        upper = binomtest(0, group.effective_trials).proportion_ci(method="exact").high
        return Ratio(0.0, 0.0, float(upper) / highest.rate)
    return interval_ratio(group, highest)


def without_hidden_highest(context: QueryContext, rows: Sequence[OutcomeRow]) -> list[OutcomeRow]:
    """Remove the highest rate from every row unless the highest group's own row is shown."""
    has_places = context.by_place is not None
    shown = {(row.group, row.part, row.key if has_places else None) for row in rows if row.value is not None}
    return [
        row
        if (row.highest_group, row.part, row.key if has_places else None) in shown
        else replace(row, highest_rate=None, screen_ratio=None, screen_low=None, screen_high=None)
        for row in rows
    ]


DISCLOSURE = Disclosure[OutcomeRow](counts=side_counts, revealing_parts=REVEALING_PARTS, clear=without_hidden_highest)


@Calculator("outcome_ratio", row=OutcomeRow, disclosure=DISCLOSURE, is_about_groups=True)
def outcome_ratio(context: QueryContext) -> list[OutcomeRow]:
    """Return one row per group, outcome (`part`) and key.

    The verdicts allow for every group and outcome of the answer, whichever group the filters name.
    """
    all_groups = context.for_all_groups()
    rows: list[OutcomeRow] = []
    comparisons: list[Compared] = []
    for outcome in (name for name in OUTCOMES if context.is_supplied(name)):
        raw_rows = list(by_group(all_groups, "rate_by_side", fact=outcome))
        for key, group, raw in raw_rows:
            peers = [
                (peer, side(other, "in")) for place, peer, other in raw_rows if context.by_place is None or place == key
            ]
            comparison = compared(raw)
            row = side_row(OutcomeRow, comparison, key=key, group=group, part=outcome)
            comparison, row = _screened(row, comparison, peers)
            bound_low, bound_high = bounds(raw)
            comparisons.append(comparison)
            rows.append(
                replace(
                    row,
                    successes_undisclosed=int(raw["successes_undisclosed"]),
                    bound_low=bound_low,
                    bound_high=bound_high,
                )
            )
    groups = set(context.groups())
    shown = [row for row in with_verdicts(rows, comparisons) if row.group in groups]
    return shown + not_supplied_groups(context, OutcomeRow)


def _screened(row: OutcomeRow, comparison: Compared, peers: Sequence[tuple[str, Side]]) -> tuple[Compared, OutcomeRow]:
    """Return the comparison and its row with the four-fifths screen, where a group is large enough to compare with."""
    large = [(group, peer) for group, peer in peers if peer.effective_trials >= ENOUGH]
    if not large:
        return comparison, row
    highest_group, highest = max(large, key=lambda item: item[1].rate or 0)
    row = replace(row, highest_group=highest_group, highest_rate=highest.rate)
    ratio = screen(comparison.inside, highest)
    if ratio is None:
        return comparison, row
    return (
        replace(comparison, screen_ratio=ratio.value, screen_high=ratio.high),
        replace(row, screen_ratio=ratio.value, screen_low=ratio.low, screen_high=ratio.high),
    )
