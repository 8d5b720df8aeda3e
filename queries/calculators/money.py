"""Dollars: sums of the ledger, the burn and where it leads, and the cost of each outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from queries.calculators.counts import counted as counted_rows
from queries.context import QueryContext
from queries.models import Row

BURN_DAYS = 90
COST_OF = {
    "cost_per_enrolled": "residents_enrolled",
    "cost_per_completion": "completions",
    "cost_per_credential": "credentials",
    "cost_per_placement": "placements",
}


def money(context: QueryContext) -> list[Row]:
    """Sums by key, in US dollars; `extra["corrections"]` is the negative part, never summed away."""
    found = []
    for raw in context.rows(by=context.by):
        raw = dict(raw)
        key, value = raw.pop("key"), raw.pop("value")
        found.append(Row(key=key, value=value, extra=raw))
    if not found and context.by is None:
        nothing = {"corrections": 0.0, "transactions": 0}
        narrowed = context.scope.region or context.scope.sector
        if narrowed and context.measure.id == "allocated":
            found.append(Row(key="Total", value=None, note=f"nothing is assigned to {narrowed}", extra=nothing))
        else:
            found.append(Row(key="Total", value=0.0, extra=nothing))
    return found


def _sums(context: QueryContext, kind: str) -> dict[str, float]:
    whole_history = context.scope.but(since=None, until=None)
    rows = money(context.other(kind, by=context.by, scope=whole_history))
    return {row.key: row.value or 0.0 for row in rows}


def burn(context: QueryContext) -> list[Row]:
    """Dollars expended in the last 90 days by key, with what is left, when it runs out, and what would lapse.

    What is left is the obligation once the date to obligate has passed, or where nothing is allocated to the key;
    else the allocation. The deadlines bind the
    recovery funds only, so nothing is said to lapse unless the scope is one initiative paid from them.
    """
    deadlines: dict[str, date] = {row["kind"]: row["falls_on"] for row in context.listing("deadlines")}
    of_recovery_funds = {row["initiative"] for row in context.listing("initiatives") if row["is_slfrf"]}
    under_deadline = context.scope.initiative in of_recovery_funds
    obligate_by, expend_by = (deadlines.get(kind) if under_deadline else None for kind in ("obligate", "expend"))
    allocated, obligated, spent = (_sums(context, kind) for kind in ("allocated", "obligated", "expended"))
    found = []
    for row in money(context):
        promised = bool(obligate_by and context.as_of > obligate_by) or not allocated.get(row.key)
        available = (obligated if promised else allocated).get(row.key, 0.0)
        left = available - spent.get(row.key, 0.0)
        extra: dict[str, Any] = {
            **row.extra,
            "available": available,
            "left": left,
            "left_of": "obligated" if promised else "allocated",
            "daily": (row.value or 0) / BURN_DAYS,
        }
        if context.by is None or context.by not in ("month", "quarter", "fiscal_year", "year"):
            extra |= _outlook(context.as_of, left, extra["daily"], expend_by)
        found.append(Row(key=row.key, value=row.value, extra=extra))
    return found


def _outlook(as_of: date, left: float, daily: float, expend_by: date | None) -> dict[str, Any]:
    runs_out = as_of + timedelta(days=int(left / daily)) if daily > 0 and left / daily < 36_500 else None
    if expend_by is None:
        return {"runs_out_on": runs_out, "will_lapse": None, "expend_by": None}
    days = max((expend_by - as_of).days, 0)
    return {"runs_out_on": runs_out, "will_lapse": max(left - daily * days, 0.0), "expend_by": expend_by}


def cost(context: QueryContext) -> list[Row]:
    """Expended ÷ counted, key by key; a key with dollars and nobody counted says so instead of a cost, and so does whatever
    the ledger has no expense for on any day: $0 would say that its outcomes cost nothing."""
    people = context.other(COST_OF[context.measure.id], by=context.by)
    counts = {row.key: row.value or 0 for row in counted_rows(people)}
    note = _no_expense(context)
    found = []
    for row in money(context):
        count = counts.get(row.key, 0)
        if note:
            found.append(Row(key=row.key, value=None, denominator=count, note=note))
            continue
        found.append(
            Row(
                key=row.key,
                value=(row.value or 0.0) / count if count else None,
                numerator=row.value,
                denominator=count,
                note=None if count else "nobody counted for these dollars",
            )
        )
    return found


def _no_expense(context: QueryContext) -> str | None:
    """What to say where the ledger has no expense at all under these filters, whatever the period."""
    total = money(replace(context, by=None, scope=context.scope.but(since=None, until=None)))
    if any(row.extra["transactions"] for row in total):
        return None
    of = " and ".join(filter(None, (context.scope.initiative, context.scope.region, context.scope.sector)))
    return f"no dollars recorded for {of}" if of else "no dollars recorded"
