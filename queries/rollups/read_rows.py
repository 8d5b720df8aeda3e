"""Which questions the tallies can answer, and the answer. What they cannot is left to the rows, which can answer everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from queries.compiler import chain, read, used
from queries.database import Store
from queries.rollups import streams
from queries.rollups.question import EVERYONE, Placed, RollupQuery, sides
from queries.rollups.streams import DATED_BY_FIRST, FIRSTS, NAMED, NAMED_WITHIN, PLACES, SUMS
from queries.scope import PERIODS

TIME = PERIODS[:-1]
WEEKS = PERIODS[-1]


@dataclass(frozen=True)
class Reading:
    """What to read: a base and what goes between it and the tail (queries/rollups/read), and the parameters of its own."""

    base: str
    between: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


def rows(store: Store, asked: RollupQuery) -> list[dict[str, Any]] | None:
    """The rows of a query, exactly as from the residents' own rows; None where the tallies do not hold the answer."""
    known = sides(store)
    agg = AGGREGATIONS.get(asked.agg)
    if known is None or agg is None:
        return None
    reading = agg(Placed(asked, store, known))
    if reading is None:
        return None
    scope = asked.scope
    query = _query(reading.base, reading.between, asked.agg)
    parameters = {
        "by": asked.by,
        "as_of": scope.as_of,
        "initiative": scope.initiative,
        "region": scope.region,
        "sector": scope.sector,
        "since": scope.since,
        "until": scope.until,
        "of_group": None,
        **asked.more,
        **reading.parameters,
    }
    return store.rows(query, used(query, parameters))


@cache
def _query(base: str, between: tuple[str, ...], agg: str) -> str:
    steps = {"counted": base, "named": "named", "keyed": "", **{step: step for step in between}}
    return chain(
        {name: read("rollups/read", step) if step else read("sql/base", "keyed") for name, step in steps.items()},
        read("rollups/read", agg),
    )


def _sums(asked: Placed) -> Reading | None:
    what = asked.fact
    if what not in SUMS:
        return None
    until = asked.until(is_final=SUMS[what].is_final)
    if asked.is_past and not SUMS[what].is_final:
        what, until = streams.as_known(what), asked.as_of
        if what not in streams.KNOWN or not asked.is_open or asked.by in PERIODS:
            return None
    elif asked.is_whole(until) and asked.by in (None, *PLACES, "group", *TIME):
        return Reading("sums", (), asked.parameters(asked.sides(), what=what, until=until))
    if asked.by in ("program", "provider"):
        if what not in streams.OUTCOMES or not asked.is_whole(until):
            return None
        return Reading("cells", (), asked.parameters(asked.sides(), what=what, until=until))
    if (
        asked.sides() == EVERYONE
        and asked.by in (None, *PLACES, *PERIODS)
        and what in (*streams.BY_DAY, *streams.KNOWN)
    ):
        return Reading("days", (), {"what": what, "until": until})
    return None


def _firsts(asked: Placed) -> Reading | None:
    is_first = asked.fact in DATED_BY_FIRST
    what = DATED_BY_FIRST.get(asked.fact, asked.fact)
    successes_of = streams.reached(asked.more["support"]) if what == "supports_reach" else None
    what = "residents_enrolled" if successes_of else what
    if what not in FIRSTS:
        return None
    until = asked.until(is_final=True)
    extra = asked.by if asked.by in ("program", "provider", "town", "intake") else None
    if extra and (
        extra not in NAMED.get(what, ()) or asked.places() not in NAMED_WITHIN or asked.sides() != EVERYONE or successes_of
    ):
        return None
    if is_first and not (asked.scope.since is None and until is None) and (extra or asked.by in PLACES):
        return None  # the first under the filters, and the first under the key, are not the same day
    parameters = asked.parameters(
        asked.sides(), what=what, successes_of=successes_of, extra=extra, is_first=is_first, until=until
    )
    unit = FIRSTS[successes_of or what].unit
    if asked.is_whole(until, unit) and asked.by != WEEKS:
        return Reading("firsts", ("within", "fresh"), parameters)
    by_day = (
        asked.by in (None, *PLACES, *PERIODS) if is_first else asked.scope.since is None and asked.by in (None, *PLACES)
    )
    if asked.sides() == EVERYONE and by_day and not successes_of and what in streams.BY_DAY:
        return Reading("first_days", ("within", "fresh"), parameters)
    return None


def _values(asked: Placed) -> Reading | None:
    is_whole = asked.scope.since is None and (asked.scope.until is None or asked.scope.until >= asked.delivered_on)
    if asked.fact not in streams.VALUES or asked.is_past or not is_whole or asked.sides() != EVERYONE:
        return None
    return (
        Reading("values", ("ranked",), {"what": asked.fact, "until": None}) if asked.by in (None, *PLACES) else None
    )


def _by_group(asked: Placed, between: range) -> Reading | None:
    until = asked.until(is_final=True)
    if (
        asked.fact not in FIRSTS
        or asked.scope.group
        or not asked.is_whole(until)
        or asked.by not in (None, *PLACES, *TIME)
    ):
        return None
    return Reading("firsts", ("within", "fresh"), asked.parameters(between, what=asked.fact, until=until))


def _participation(asked: Placed) -> Reading | None:
    return _by_group(asked, range(2 * len(asked.known.groups) + 1))


def _intake(asked: Placed) -> Reading | None:
    return _by_group(asked, asked.known.every) if asked.by in (None, *PLACES) else None


def _by_side(base: str, between: tuple[str, ...], by: tuple[str | None, ...]) -> Callable[[Placed], Reading | None]:
    def reading(asked: Placed) -> Reading | None:
        what = asked.fact
        if what not in SUMS or asked.scope.group or asked.by not in by:
            return None
        if (base == "squares" and what not in streams.SIDED) or (
            base in ("cells", "pair_squares") and what not in streams.OUTCOMES
        ):
            return None
        until = asked.until(is_final=SUMS[what].is_final)
        unit = "month" if between == () else "quarter"
        if not asked.is_whole(until, unit) or (asked.is_past and not SUMS[what].is_final):
            return None
        range_of = asked.known.pairs if base == "pair_squares" else asked.known.every
        return Reading(base, between, asked.parameters(range_of, what=what, known_of=streams.known(what), until=until))

    return reading


AGGREGATIONS: Mapping[str, Callable[[Placed], Reading | None]] = {
    "count_rows": _sums,
    "rate_of_rows": _sums,
    "count_residents": _firsts,
    "rate_of_residents": _firsts,
    "median_of_rows": _values,
    "participation": _participation,
    "intake_by_side": _intake,
    "rate_by_side": _by_side("squares", ("within", "squared"), (None, *PLACES, *TIME)),
    "exits_by_side": _by_side("sums", (), (None, *PLACES)),
    "cells_by_side": _by_side("cells", (), (None,)),
    "rate_by_pair": _by_side("pair_squares", ("within", "squared"), (None,)),
}
