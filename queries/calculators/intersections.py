"""Two groups at once: how residents in both fare beside everyone known not to be in both, small pairs drawn in."""

from __future__ import annotations

import math
from dataclasses import replace

from queries.calculators.outcomes import compared, judged, side_row
from queries.context import QueryContext
from queries.models import Row
from queries.statistics.rates import Z95
from queries.statistics.shrinkage import draw_toward_parts
from queries.verdicts import ALIKE, RATE, Compared, can_be_said


def together(context: QueryContext) -> list[Row]:
    """One row a pair of groups: key "one+other", group and part the two.

    value, low, high: the ratio of rates, drawn toward what the two groups show in all their pairs; numerator and
    denominator: the two rates as counted; `extra` holds the counts, the ratio as counted (`raw`), what was expected, and
    the verdict: unlikely to be chance where the counts say so, all pairs allowed for, and the drawn interval excludes 1.
    """
    missing = {row["group_id"] for row in context.listing("groups") if not row["is_supplied"]}
    rows: list[Row] = []
    family: list[Compared] = []
    for raw in context.rows(by=None, agg="rate_by_pair", scope=context.scope.but(group=None)):
        if {raw["group_id"], raw["other_id"]} & missing:
            continue
        one = compared(raw)
        family.append(one)
        row = side_row(f"{raw['group_id']}+{raw['other_id']}", raw["group_id"], raw["other_id"], one)
        more = {"residents": raw["residents"], "outcome": context.outcome or context.measure.fact}
        rows.append(replace(row, extra={**row.extra, **more}))
    rows = _drawn(judged(rows, family), family)
    wanted = context.scope.group
    return [row for row in rows if wanted in (None, row.group, row.part)]


def _drawn(rows: list[Row], family: list[Compared]) -> list[Row]:
    """The rows with ratios drawn in; the rest without a ratio and with the reason."""
    groups = sorted({str(name) for row in rows for name in (row.group, row.part)})
    logs = [_log_ratio(row, one) for row, one in zip(rows, family, strict=True)]
    usable = [at for at, log in enumerate(logs) if log is not None]
    found = []
    for row, one in zip(rows, family, strict=True):
        extra = {**row.extra, "raw": row.value, "raw_low": row.low, "raw_high": row.high}
        found.append(replace(row, value=None, low=None, high=None, note=row.note or can_be_said(one), extra=extra))
    drawn = draw_toward_parts(
        [value for value, _ in filter(None, logs)],
        [error for _, error in filter(None, logs)],
        [[float(name in (rows[at].group, rows[at].part)) for name in groups] for at in usable],
    )
    for at, one_drawn in zip(usable, drawn[1] if drawn else [], strict=True):
        value, reach = one_drawn.value, Z95 * one_drawn.error
        ratio, low, high = (math.exp(number) for number in (value, value - reach, value + reach))
        extra = {**found[at].extra, "expected": math.exp(one_drawn.expected)}
        if (extra["p_adjusted"] or 1) <= RATE and low <= 1 <= high:
            extra |= {"verdict": ALIKE, "p_adjusted": None}
        found[at] = replace(found[at], value=ratio, low=low, high=high, note=None, extra=extra)
    return found


def _log_ratio(row: Row, one: Compared) -> tuple[float, float] | None:
    """The log of a pair's ratio with its standard error; None where too few are known or there is no width.

    Where nobody of the pair has the outcome, half a one is added to each count (Haldane 1956): no ratio has a log of zero.
    """
    if can_be_said(one) is not None or not one.outside.successes:
        return None
    if row.value and row.low and row.high:
        error = math.log(row.high / row.low) / (2 * Z95)
        return (math.log(row.value), error) if error > 0 else None
    inside, outside = one.inside, one.outside
    successes, trials = inside.effective_successes + 0.5, inside.effective_trials + 1
    other_successes, other_trials = outside.effective_successes + 0.5, outside.effective_trials + 1
    error = math.sqrt(1 / successes - 1 / trials + 1 / other_successes - 1 / other_trials)
    return math.log(successes / trials / (other_successes / other_trials)), error
