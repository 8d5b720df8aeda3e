"""Outcomes of a group beside those known not to be in it: ratios, the four-fifths screen, and the steps of the ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from queries.calculators.equity import by_group, not_supplied_groups, representation
from queries.context import QueryContext
from queries.models import Row
from queries.scope import OUTCOMES
from queries.statistics import Ratio
from queries.statistics.significance import Side, interval_ratio
from queries.verdicts import ENOUGH, Compared, outcome_verdicts

STEPS = {
    "enrolled": "intake_rate",
    "started": "start_rate",
    "completed": "completion_rate",
    "credential": "credential_rate",
    "employed": "placement_rate",
}


def side(raw: Mapping[str, Any], which: str) -> Side:
    """One side ("in" or "out") of a row of rate_by_side or rate_by_pair."""
    return Side(*(int(raw[f"{name}_{which}"]) for name in ("successes", "known", "hh", "hm", "mm")))


def compared(raw: Mapping[str, Any]) -> Compared:
    """A row of rate_by_side or rate_by_pair as a comparison, without a screen."""
    return Compared(side(raw, "in"), side(raw, "out"), int(raw["known_undisclosed"]))


def side_row(key: str, group: str, part: str, one: Compared) -> Row:
    """Rate ÷ others' rate; numerator and denominator are the two rates, `extra` holds the counts."""
    inside, outside = one.inside, one.outside
    ratio = interval_ratio(inside, outside)
    note = None
    if ratio is None:
        note = "nobody to compare yet" if not (inside.trials and outside.trials) else "the others’ rate is zero"
    return Row(
        key=key,
        group=group,
        part=part,
        value=ratio.value if ratio else None,
        numerator=inside.rate,
        denominator=outside.rate,
        low=ratio.low if ratio else None,
        high=ratio.high if ratio else None,
        note=note,
        extra={
            "successes_in": inside.successes,
            "known_in": inside.trials,
            "successes_out": outside.successes,
            "known_out": outside.trials,
            "known_undisclosed": one.known_undisclosed,
        },
    )


def bounds(raw: Mapping[str, Any]) -> dict[str, float | None]:
    """What the group's rate would be if, of the undisclosed, all who missed (or all who hit) were in it, and no others."""
    successes, trials = int(raw["successes_in"]), int(raw["known_in"])
    more_successes = int(raw["successes_undisclosed"])
    more_misses = int(raw["known_undisclosed"]) - more_successes
    lowest, highest = trials + more_misses, trials + more_successes
    return {
        "bound_low": successes / lowest if lowest else None,
        "bound_high": (successes + more_successes) / highest if highest else None,
    }


def screen(one: Side, best: Side) -> Ratio | None:
    """A group's rate over the highest group's with its 95% interval; None where one of them is too small."""
    if min(one.effective_trials, best.effective_trials) < ENOUGH or not best.rate:
        return None
    ratio = interval_ratio(one, best)
    if one.successes == 0:
        # no interval exists on the ratio of a zero: the exact upper bound of the rate stands in
        from scipy.stats import binomtest

        upper = binomtest(0, one.effective_trials).proportion_ci(method="exact").high
        return Ratio(0.0, 0.0, float(upper) / best.rate)
    return ratio


def outcome_ratio(context: QueryContext) -> list[Row]:
    """One row a group, outcome (`part`) and key: rate ÷ others' rate; `extra` holds counts, bounds, screen and verdict.

    The verdicts are one family: every group and outcome of the answer, whichever group is asked about.
    """
    everyone = replace(context, scope=context.scope.but(group=None))
    rows: list[Row] = []
    family: list[Compared] = []
    for outcome in (name for name in OUTCOMES if is_supplied(context, name)):
        raws = list(by_group(everyone, "rate_by_side", fact=outcome))
        for key, group, raw in raws:
            place = key if context.by not in (None, "group") else ""
            peers = [(g, side(r, "in")) for k, g, r in raws if place in ("", k)]
            one, extra = _screened(compared(raw), peers)
            family.append(one)
            row = side_row(key, group, outcome, one)
            told = {"successes_undisclosed": int(raw["successes_undisclosed"]), **bounds(raw)}
            rows.append(replace(row, extra={**row.extra, **told, **extra}))
    rows = judged(rows, family)
    wanted = set(context.groups())
    return [row for row in rows if row.group in wanted] + not_supplied_groups(context)


def judged(rows: Sequence[Row], family: Sequence[Compared]) -> list[Row]:
    """The rows with their verdict, its adjusted p-value, and how many comparisons were made at once."""
    verdicts = outcome_verdicts(family)
    made = sum(p is not None for _, p in verdicts)
    return [
        replace(row, extra={**row.extra, "verdict": word, "p_adjusted": p, "compared": made})
        for row, (word, p) in zip(rows, verdicts, strict=True)
    ]


def _screened(one: Compared, peers: Sequence[tuple[str, Side]]) -> tuple[Compared, dict[str, Any]]:
    large = [(group, peer) for group, peer in peers if peer.effective_trials >= ENOUGH]
    if not large:
        return one, {}
    best_group, best = max(large, key=lambda peer: peer[1].rate or 0)
    ratio = screen(one.inside, best)
    extra: dict[str, Any] = {"highest_group": best_group, "highest_rate": best.rate}
    if ratio is None:
        return one, extra
    extra |= {"screen_ratio": ratio.value, "screen_low": ratio.low, "screen_high": ratio.high}
    return replace(one, screen_ratio=ratio.value, screen_high=ratio.high), extra


def is_supplied(context: QueryContext, measure_id: str) -> bool:
    """Whether the delivery brings what a measure is counted from."""
    from queries.database import supplied
    from queries.registry import measure

    return set(measure(measure_id).needs) <= supplied(context.store)


def gap_by_step(context: QueryContext) -> list[Row]:
    """One row a group, step (`part`) and key; without another breakdown the key is the step.

    `extra["lost"]` is how many more of the group would have passed the step at the others' rate (negative: fewer); the
    verdicts are one family: every group and step.
    """
    everyone = replace(context, scope=context.scope.but(group=None))
    rows: list[Row] = []
    family: list[Compared] = []
    for step, outcome in STEPS.items():
        if not is_supplied(context, outcome):
            continue
        for key, group, raw in by_group(everyone, "rate_by_side", fact=outcome):
            one = compared(raw)
            family.append(one)
            row = side_row(step if context.by is None else key, group, step, one)
            lost = None if row.denominator is None else row.denominator * one.inside.trials - one.inside.successes
            rows.append(replace(row, extra={**row.extra, "lost": lost}))
    wanted = set(context.groups())
    found = [row for row in judged(rows, family) if row.group in wanted]
    return representation_of_applicants(context) + found + not_supplied_groups(context)


def representation_of_applicants(context: QueryContext) -> list[Row]:
    """The first step: the group's share of applicants ÷ its benchmark share; part "applied"."""
    by = None if context.by == "group" else context.by
    rows = [row for row in representation(context.other("residents_applied", by=by)) if row.note != "not supplied"]
    return [replace(row, key="applied" if by is None else row.key, part="applied") for row in rows]
