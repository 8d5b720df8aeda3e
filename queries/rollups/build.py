"""Fill the rollups of a new store when it is published. Their size depends on places, months and sides, not on residents."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from data.duckdb_sql import attach, connect, detach, run
from data.progress import Progress, silent
from queries.compiler import chain, read, rows_of, used
from queries.rollups import streams
from queries.rollups.stored_answers import store_answers
from queries.rollups.streams import EXTRA_DIMENSION_FILTERS, EXTRA_DIMENSIONS, PLACES, Stream, dimension_sets

MIN_COUNT = 200_000  # enrollments; a smaller delivery is answered from its rows as fast as from rollups
# the enrollments that a step reads instead of all of them (tables of queries/rollups/make/encoded.sql)
SINGLE, REPEAT = (
    {"enrollments": "select * from single_enrollments"},
    {"enrollments": "select * from repeat_enrollments"},
)
ENROLLMENTS_OF = {
    "multi_event": REPEAT,
    "single_event": SINGLE,
    "single_event_by_day": SINGLE,
    "single_event_by_name": SINGLE,
}
# tables of queries/rollups/make/tables.sql, which the store holds as tally_…
TABLES = ("sums", "days", "cells", "firsts", "first_days", "pairs", "values")


def prepare(database: Path, progress: Progress = silent, *, min_count: int | None = None) -> bool:
    """Write the rollups into a store that nobody reads yet.

    Args:
        database: The store's DuckDB file.
        progress: Receives a sentence for each step.
        min_count: The fewest enrollments for which rollups are written; `MIN_COUNT` by default.

    Returns:
        Whether the store has enough enrollments, and so got rollups.
    """
    with (
        TemporaryDirectory(prefix="tallies-", dir=database.parent.parent) as work,
        closing(connect(Path(work))) as connection,
    ):
        attach(connection, database, "store")
        (enrollments,) = _single_row(connection, "select count(*) from store.enrollments")
        is_large = bool(enrollments >= (MIN_COUNT if min_count is None else min_count))
        if is_large:
            connection.execute("set search_path = 'memory,store'")
            connection.execute("set disabled_compression_methods = ''")
            builder = _Builder(connection, progress)
            builder.build()
            progress("Counting online courses and paths")
            # stored answers need the store's rows with their ids, as pages read them
            connection.execute("set search_path = 'store'")
            store_answers(connection, builder.as_of)
            connection.execute("use memory")
        detach(connection, "store")
    return is_large


class _Builder:
    """Builds the rollups of one store."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
        self._connection, self._progress = connection, progress
        (self.as_of,) = _single_row(connection, "select delivered_on from delivery")
        progress("Gathering what is counted")
        for name in ("encoded", "tables", "membership", "members"):
            connection.execute(read("rollups/make", name))
        (last_of_group,) = _single_row(connection, "select max(side) from tally_sides where other_id is null")
        (last_of_both,) = _single_row(connection, "select max(side) from tally_sides where part = 'in'")
        (last,) = _single_row(connection, "select max(side) from tally_sides")
        self._groups = {"first_side": 0, "last_side": last_of_group}
        self._pairs = {"first_side": last_of_group + 1, "last_side": last}
        self._both = {"first_side": last_of_group + 1, "last_side": last_of_both}

    def build(self) -> None:
        """Fill every rollup."""
        for stream in streams.SUMS.values():
            self._progress(f"Counting {stream.what}")
            self._count(stream, "sums", unit="month", **self._groups)
            if stream.what in streams.BY_DAY:
                self._count(stream, "days")
            if stream.what in streams.OUTCOMES:
                self._count(stream, "sums", unit="quarter", **self._pairs)
                self._count(stream, "cells", **self._groups)
        for stream in streams.KNOWN.values():
            self._count(stream, "days")
        for stream in streams.VALUES.values():
            self._progress(f"Counting amounts of {stream.what}")
            self._count(stream, "values")
        for stream in streams.FIRST_EVENTS.values():
            self._progress(f"Counting {stream.what}, each resident once")
            self._first_events(stream, self._groups)
            self._first_events_by_name(stream)
        for stream in streams.PAIR_FIRST_EVENTS.values():
            self._progress(f"Counting {stream.what}, each resident once")
            self._first_events(stream, self._both)
        for what in streams.SIDED:
            self._progress(f"Pairing {what}")
            last = (self._pairs if what in streams.OUTCOMES else self._groups)["last_side"]
            self._pair_moments(streams.SUMS[what], last)
        self._progress("Writing what is counted")
        for table in TABLES:
            run(self._connection, read("rollups/make", "persist"), table=f"tally_{table}")

    def _first_events(self, stream: Stream, sides: Mapping[str, int]) -> None:
        """Count the residents of a stream once in every combination of places."""
        is_by_day = stream.what in streams.BY_DAY
        self._rebuild("multi_event", stream)
        self._rebuild("events_with_previous", extra=None)
        self._rebuild("single_event", stream)
        self._rebuild("single_event_by_side", **sides)
        if is_by_day:
            self._rebuild("single_event_by_day", stream)
        keeps_later = stream.what not in streams.DATED_BY_FIRST
        for places in dimension_sets():
            parameters = {"what": stream.what, **_place_parameters(places)}
            self._run("first_events", unit=stream.unit, keeps_later=keeps_later, **sides, **parameters)
            if is_by_day:
                self._run("first_days", **parameters)

    def _first_events_by_name(self, stream: Stream) -> None:
        """Count them by town, provider and so on. Reads the tables that `_first_events` made for the same stream."""
        for extra in EXTRA_DIMENSIONS.get(stream.what, ()):
            self._rebuild("single_event_by_name", stream, extra=extra)
            self._rebuild("events_with_previous", extra=extra)
            for places in EXTRA_DIMENSION_FILTERS:
                parameters = {"what": stream.what, "extra": extra, **_place_parameters(places)}
                self._run("first_events_by_name", unit=stream.unit, **parameters)

    def _pair_moments(self, stream: Stream, last_side: int) -> None:
        """Count the pairs of one resident's events in every combination of places."""
        self._rebuild("multi_event", replace(stream, only="known"))
        self._rebuild("event_pairs", unit="quarter")
        for places in dimension_sets():
            self._run("pairs", what=stream.what, last_side=last_side, **_place_parameters(places))

    def _rebuild(self, table: str, stream: Stream | None = None, /, **parameters: object) -> None:
        """Replace a temporary table by running the file of the same name."""
        run(self._connection, "drop table if exists {table}", table=table)
        if stream:
            self._count(stream, table, **parameters)
        else:
            self._run(table, **parameters)

    def _run(self, step: str, **parameters: object) -> None:
        """Run one statement of queries/rollups/make."""
        query = read("rollups/make", step)
        self._connection.execute(query, used(query, parameters))

    def _count(self, stream: Stream, step: str, **parameters: object) -> None:
        """Run one statement of queries/rollups/make that reads a stream's events, preceded by the steps that select them."""
        head, select = read("rollups/make", step).split("\nselect", 1)
        events = {
            **ENROLLMENTS_OF.get(step, {}),
            "fact": rows_of(stream.fact, support=str(stream.parameters.get("support", "any"))),
            "events": read("rollups/make", stream.events),
            "stream_events": read("rollups/make", "stream_events"),
        }
        query = f"{head}\n{chain(events, 'select' + select)}"
        values = {**vars(stream), "as_of": self.as_of, **stream.parameters, **parameters}
        self._connection.execute(query, used(query, values))


def _place_parameters(places: tuple[str, ...]) -> dict[str, bool | int]:
    """Return the parameters that say which places events are grouped by."""
    return {"dimension_mask": streams.dimension_mask(places), **{place: place in places for place in PLACES}}


def _single_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row
