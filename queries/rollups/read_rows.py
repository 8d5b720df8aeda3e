"""Answer questions from the rollups where possible. The residents' rows answer everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from queries.compiler import chain, read, used
from queries.database import Store
from queries.rollups import streams
from queries.rollups.question import EVERYONE, RollupQuery, StoreQuery, sides
from queries.rollups.streams import (
    DATED_BY_FIRST,
    EXTRA_DIMENSION_FILTERS,
    EXTRA_DIMENSIONS,
    FIRST_EVENTS,
    PLACES,
    SUMS,
)
from queries.scope import PERIODS

TIME = PERIODS[:-1]
WEEKS = PERIODS[-1]
FILTERS_HELD = frozenset({*PLACES, "group"})  # under any other filter, the answer comes from the rows


@dataclass(frozen=True)
class Reading:
    """What to read (files in queries/rollups/read): a base, the steps between it and the aggregation, and their parameters."""

    base: str
    between: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


def rows(store: Store, query: RollupQuery) -> list[dict[str, Any]] | None:
    """Return the rows of a query, equal to those from the residents' rows, or None if the rollups do not hold the answer."""
    store_sides = sides(store)
    agg = AGGREGATIONS.get(query.agg)
    if store_sides is None or agg is None or not query.scope.filters.keys() <= FILTERS_HELD:
        return None
    reading = agg(StoreQuery(query, store, store_sides))
    if reading is None:
        return None
    scope = query.scope
    sql = _sql(reading.base, reading.between, query.agg)
    parameters = {
        "by": query.by,
        "as_of": scope.as_of,
        **{place: getattr(scope, place) for place in PLACES},
        "since": scope.since,
        "until": scope.until,
        "of_group": None,
        **query.more,
        **reading.parameters,
    }
    return store.rows(sql, used(sql, parameters))


@cache
def _sql(base: str, between: tuple[str, ...], agg: str) -> str:
    steps = {
        "fact": read("rollups/read", base),
        "dimension": read("rollups/read", "dimension"),
        "with_dimension": read("rollups/read", "with_dimension"),
        **{step: read("rollups/read", step) for step in between},
    }
    return chain(steps, read("rollups/read", agg))


def _sums(query: StoreQuery) -> Reading | None:
    what = query.fact
    if what not in SUMS:
        return None
    until = query.until(is_final=SUMS[what].is_final)
    if query.is_past and not SUMS[what].is_final:
        what, until = streams.as_known(what), query.as_of
        if what not in streams.KNOWN or not query.is_open or query.by in PERIODS:
            return None
    elif query.has_full_units(until) and query.by in (None, *PLACES, "group", *TIME):
        return Reading("sums", (), query.parameters(query.sides(), what=what, until=until))
    if query.by in ("program", "provider"):
        if what not in streams.OUTCOMES or not query.has_full_units(until):
            return None
        return Reading("cells", (), query.parameters(query.sides(), what=what, until=until))
    if (
        query.sides() == EVERYONE
        and query.by in (None, *PLACES, *PERIODS)
        and what in (*streams.BY_DAY, *streams.KNOWN)
    ):
        return Reading("days", (), {"what": what, "until": until})
    return None


def _first_events(query: StoreQuery) -> Reading | None:
    is_first = query.fact in DATED_BY_FIRST
    what = DATED_BY_FIRST.get(query.fact, query.fact)
    successes_of = streams.reached(query.more["support"]) if what == "supports_reach" else None
    what = "residents_enrolled" if successes_of else what
    if what not in FIRST_EVENTS:
        return None
    until = query.until(is_final=True)
    extra = query.by if query.by in ("program", "provider", "town", "intake") else None
    if extra and (
        extra not in EXTRA_DIMENSIONS.get(what, ())
        or query.places() not in EXTRA_DIMENSION_FILTERS
        or query.sides() != EVERYONE
        or successes_of
    ):
        return None
    if is_first and not (query.scope.since is None and until is None) and (extra or query.by in PLACES):
        return None  # a resident's first event under the filters and under the key can fall on different days
    parameters = query.parameters(
        query.sides(), what=what, successes_of=successes_of, extra=extra, is_first=is_first, until=until
    )
    unit = FIRST_EVENTS[successes_of or what].unit
    if query.has_full_units(until, unit) and query.by != WEEKS:
        return Reading("first_events", ("within", "first_in_period"), parameters)
    by_day = (
        query.by in (None, *PLACES, *PERIODS) if is_first else query.scope.since is None and query.by in (None, *PLACES)
    )
    if query.sides() == EVERYONE and by_day and not successes_of and what in streams.BY_DAY:
        return Reading("first_days", ("within", "first_in_period"), parameters)
    return None


def _values(query: StoreQuery) -> Reading | None:
    is_all_time = query.scope.since is None and (query.scope.until is None or query.scope.until >= query.delivered_on)
    if query.fact not in streams.VALUES or query.is_past or not is_all_time or query.sides() != EVERYONE:
        return None
    return Reading("values", ("ranked",), {"what": query.fact, "until": None}) if query.by in (None, *PLACES) else None


def _by_group(query: StoreQuery, side_range: range) -> Reading | None:
    until = query.until(is_final=True)
    if (
        query.fact not in FIRST_EVENTS
        or query.scope.group
        or not query.has_full_units(until)
        or query.by not in (None, *PLACES, *TIME)
    ):
        return None
    return Reading(
        "first_events", ("within", "first_in_period"), query.parameters(side_range, what=query.fact, until=until)
    )


def _participation(query: StoreQuery) -> Reading | None:
    return _by_group(query, range(2 * len(query.store_sides.groups) + 1))


def _intake(query: StoreQuery) -> Reading | None:
    return _by_group(query, query.store_sides.every) if query.by in (None, *PLACES) else None


def _by_side(base: str, between: tuple[str, ...], by: tuple[str | None, ...]) -> Callable[[StoreQuery], Reading | None]:
    def reading(query: StoreQuery) -> Reading | None:
        what = query.fact
        if what not in SUMS or query.scope.group or query.by not in by:
            return None
        if (base == "cluster_moments" and what not in streams.SIDED) or (
            base in ("cells", "pair_moments") and what not in streams.OUTCOMES
        ):
            return None
        until = query.until(is_final=SUMS[what].is_final)
        unit = "month" if between == () else "quarter"
        if not query.has_full_units(until, unit) or (query.is_past and not SUMS[what].is_final):
            return None
        side_range = query.store_sides.pairs if base == "pair_moments" else query.store_sides.every
        return Reading(
            base, between, query.parameters(side_range, what=what, known_of=streams.known(what), until=until)
        )

    return reading


AGGREGATIONS: Mapping[str, Callable[[StoreQuery], Reading | None]] = {
    "count_rows": _sums,
    "rate_of_rows": _sums,
    "count_residents": _first_events,
    "rate_of_residents": _first_events,
    "median_of_rows": _values,
    "participation": _participation,
    "intake_by_side": _intake,
    "rate_by_side": _by_side("cluster_moments", ("within", "moments_in_period"), (None, *PLACES, *TIME)),
    "exits_by_side": _by_side("sums", (), (None, *PLACES)),
    "cells_by_side": _by_side("cells", (), (None,)),
    "rate_by_pair": _by_side("pair_moments", ("within", "moments_in_period"), (None,)),
}
