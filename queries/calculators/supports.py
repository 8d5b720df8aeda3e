"""Supports: whom they reach, completion with and without them, and the same among similar residents."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import Any

from queries.calculators.counts import each_key
from queries.calculators.equity import NOT_SUPPLIED
from queries.context import QueryContext
from queries.database import supplied
from queries.models import Row
from queries.statistics import Side, Standardized, Stratum, discoveries, standardized
from queries.statistics.significance import p_of_difference
from queries.verdicts import ALIKE, ENOUGH, HIGHER, LOWER, RATE, TOO_FEW

SUPPORTS = ("child_care", "transportation", "technology")
WITH_ANY = ("any", *SUPPORTS)
ASSOCIATED_BY = (None, "initiative", "region", "sector", "group")
NOBODY_TO_COMPARE = "nobody to compare yet"
NOBODY_ALIKE = "no similar residents to compare"


def supports(context: QueryContext) -> list[Row]:
    """Reach of each support: key by the breakdown, or by support where there is none; part = the support."""
    found = []
    for support in WITH_ANY:
        for row in each_key(context, support=support):
            found.append(replace(row, key=support if context.by is None else row.key, part=support))
    return found


def support_sides(context: QueryContext) -> list[Row]:
    """Completion with and without each support; part = the support, `extra["received"]` says which side."""
    found = []
    for support in WITH_ANY:
        for received in (True, False):
            for row in each_key(context, support=support, received=received):
                key = support if context.by is None else row.key
                found.append(replace(row, key=key, part=support, extra={**row.extra, "received": received}))
    return found


def supports_association(context: QueryContext) -> list[Row]:
    """Completion with a support against similar residents without it: one row a support (part) and key.

    value: the standardized difference (a fraction) with its 95% interval, widened where residents have several exits;
    numerator and denominator: the two standardized rates. extra: exits on each side that are compared (matched_…) and left
    out (unmatched_…), the rates and the difference of all as they are (raw_…; None under 30 on a side), the design effect,
    the p-value, the same adjusted over the rows of this answer, how many those are (compared), and the verdict in words.
    """
    strata: dict[tuple[str, str], list[Stratum]] = defaultdict(list)
    for raw in _rows(context, "strata_by_support"):
        counts = (raw["successes_with"], raw["known_with"], raw["successes_without"], raw["known_without"])
        strata[raw["support"], raw["key"]].append(Stratum(*counts))
    sides: dict[tuple[str, str], dict[bool, Side]] = defaultdict(dict)
    for raw in _rows(context, "residents_by_support"):
        counted = Side(*(raw[name] for name in ("successes", "trials", "hh", "hm", "mm")))
        sides[raw["support"], raw["key"]][raw["received"]] = counted
    keys = sorted({key for _, key in sides}) or (["Total"] if context.by is None else [])
    found = []
    for support in SUPPORTS:
        if f"enrollments.{support}" not in supplied(context.store):
            found.append(Row(key=support, part=support, value=None, note=NOT_SUPPLIED))
            continue
        for key in keys:
            row = _compared(strata[support, key], sides[support, key])
            found.append(replace(row, key=support if context.by is None else key, part=support))
    return _judged(found)


def _rows(context: QueryContext, agg: str) -> list[dict[str, Any]]:
    """The rows of one agg by key; by group, a resident in several groups is in the rows of each."""
    if context.by != "group":
        return context.rows(by=context.by, agg=agg)
    return context.rows(by="group", agg=agg, scope=context.scope.but(group=None), of_group=context.scope.group)


def _compared(strata: list[Stratum], sides: dict[bool, Side]) -> Row:
    """One comparison without its key: the estimate, or why there is none."""
    nobody = Side.of_people(0, 0)
    having, lacking = sides.get(True, nobody), sides.get(False, nobody)
    alike = standardized(strata)
    matched_with, matched_without = (alike.matched_with, alike.matched_without) if alike else (0, 0)
    raw_with, raw_without = (side.rate if side.trials >= ENOUGH else None for side in (having, lacking))
    effect = max(having.effect, lacking.effect)
    extra: dict[str, Any] = {
        "matched_with": matched_with,
        "matched_without": matched_without,
        "unmatched_with": having.trials - matched_with,
        "unmatched_without": lacking.trials - matched_without,
        "raw_with": raw_with,
        "raw_without": raw_without,
        "raw_difference": raw_with - raw_without if raw_with is not None and raw_without is not None else None,
        "design_effect": effect,
    }
    row = Row(key="", value=None, extra=extra)
    if not having.trials or not lacking.trials:
        return replace(row, note=NOBODY_TO_COMPARE)
    if alike is None:
        return replace(row, note=NOBODY_ALIKE)
    if min(matched_with, matched_without) / effect < ENOUGH:
        return replace(row, note=TOO_FEW)
    reach = _reach(alike) * math.sqrt(effect)
    return replace(
        row,
        value=alike.difference,
        low=max(-1.0, alike.difference - reach) if reach else None,
        high=min(1.0, alike.difference + reach) if reach else None,
        numerator=alike.rate_with,
        denominator=alike.rate_without,
        extra={**extra, "p": p_of_difference(alike.difference, reach)},
    )


def _reach(found: Standardized) -> float:
    """Half the width of the 95% interval (one of its ends may be cut at 100 points); 0 where there is none."""
    if found.low is None or found.high is None:
        return 0.0
    return max(found.high - found.difference, found.difference - found.low)


def _judged(rows: list[Row]) -> list[Row]:
    """The rows with their verdicts: all the differences of one answer are looked at at once, and judged so."""
    adjusted = discoveries([row.extra.get("p") for row in rows], rate=RATE)
    compared = sum(p is not None for p in adjusted)
    return [
        replace(row, extra={**row.extra, "p_adjusted": p, "compared": compared, "verdict": _verdict(row, p)})
        for row, p in zip(rows, adjusted, strict=True)
    ]


def _verdict(row: Row, p: float | None) -> str:
    if p is None or row.value is None:
        return row.note or TOO_FEW
    if p > RATE:
        return ALIKE
    return HIGHER if row.value > 0 else LOWER
