"""Fills a new store's tallies, once, at publishing. Their size depends on places, months and sides, not on residents."""

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
from queries.compiler import chain, read, used
from queries.rollups import streams
from queries.rollups.stored_answers import keep
from queries.rollups.streams import NAMED, NAMED_WITHIN, PLACES, Stream, shapes

MIN_COUNT = 200_000  # enrollments; a smaller delivery is answered from its rows as fast as from its tallies
# whose enrollments a step reads (tables of queries/rollups/make/coded.sql), where it is not everybody's
ONCE, OFTEN = {"enrollments": "select * from once"}, {"enrollments": "select * from often"}
AMONG = {"several": OFTEN, "alone": ONCE, "alone_by_day": ONCE, "alone_by_name": ONCE}
TABLES = (
    "sums",
    "days",
    "cells",
    "firsts",
    "first_days",
    "pairs",
    "values",
)  # of queries/rollups/make/tables.sql, as tally_…
OPEN = {"initiative": None, "region": None, "sector": None, "group": None, "group_side": "in"}


def prepare(database: Path, progress: Progress = silent, *, min_count: int | None = None) -> bool:
    """Write the tallies into a store nobody reads yet; whether it has as many enrollments as it takes (`MIN_COUNT`)."""
    with (
        TemporaryDirectory(prefix="tallies-", dir=database.parent.parent) as work,
        closing(connect(Path(work))) as connection,
    ):
        attach(connection, database, "store")
        (enrollments,) = _one(connection, "select count(*) from store.enrollments")
        is_large = bool(enrollments >= (MIN_COUNT if min_count is None else min_count))
        if is_large:
            connection.execute("set search_path = 'memory,store'")
            connection.execute("set disabled_compression_methods = ''")
            maker = _Maker(connection, progress)
            maker.make()
            progress("Counting online courses and ways")
            connection.execute("set search_path = 'store'")  # asked of the same rows as a page's, with their ids
            keep(connection, maker.as_of)
            connection.execute("use memory")
        detach(connection, "store")
    return is_large


class _Maker:
    """One store's tallies in the making."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
        self._connection, self._progress = connection, progress
        (self.as_of,) = _one(connection, "select delivered_on from delivery")
        progress("Gathering what is counted")
        for name in ("coded", "tables", "sides", "members"):
            connection.execute(read("rollups/make", name))
        (last_of_group,) = _one(connection, "select max(side) from tally_sides where other_id is null")
        (last_of_both,) = _one(connection, "select max(side) from tally_sides where part = 'in'")
        (last,) = _one(connection, "select max(side) from tally_sides")
        self._groups = {"first_side": 0, "last_side": last_of_group}
        self._pairs = {"first_side": last_of_group + 1, "last_side": last}
        self._both = {"first_side": last_of_group + 1, "last_side": last_of_both}

    def make(self) -> None:
        """Fill every tally."""
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
        for stream in streams.FIRSTS.values():
            self._progress(f"Counting {stream.what}, each resident once")
            self._firsts(stream, self._groups)
            self._named_firsts(stream)
        for stream in streams.OF_PAIRS.values():
            self._progress(f"Counting {stream.what}, each resident once")
            self._firsts(stream, self._both)
        for what in streams.SIDED:
            self._progress(f"Pairing {what}")
            last = (self._pairs if what in streams.OUTCOMES else self._groups)["last_side"]
            self._squares(streams.SUMS[what], last)
        self._progress("Writing what is counted")
        for table in TABLES:
            run(self._connection, read("rollups/make", "written"), table=f"tally_{table}")

    def _firsts(self, stream: Stream, sides: Mapping[str, int]) -> None:
        """Residents of a stream, each once in every shape of place."""
        is_by_day = stream.what in streams.BY_DAY
        self._remake("several", stream)
        self._remake("turns", extra=None)
        self._remake("alone", stream)
        self._remake("alone_by_side", **sides)
        if is_by_day:
            self._remake("alone_by_day", stream)
        later = stream.what not in streams.DATED_BY_FIRST
        for shape in shapes():
            told = {"what": stream.what, "shape": streams.shape_of(shape), **_kept(shape)}
            self._run("firsts", unit=stream.unit, keeps_later=later, **sides, **told)
            if is_by_day:
                self._run("first_days", **told)

    def _named_firsts(self, stream: Stream) -> None:
        """The same by town, provider and the like; after `_firsts`, of the stream gathered there."""
        for extra in NAMED.get(stream.what, ()):
            self._remake("alone_by_name", stream, extra=extra)
            self._remake("turns", extra=extra)
            for shape in NAMED_WITHIN:
                told = {"what": stream.what, "shape": streams.shape_of(shape), "extra": extra, **_kept(shape)}
                self._run("named_firsts", unit=stream.unit, **told)

    def _squares(self, stream: Stream, last_side: int) -> None:
        """Pairs of one resident's events in every shape of place."""
        self._remake("several", replace(stream, only="known"))
        self._remake("paired", unit="quarter")
        for shape in shapes():
            self._run("pairs", what=stream.what, shape=streams.shape_of(shape), last_side=last_side, **_kept(shape))

    def _remake(self, table: str, of: Stream | None = None, /, **parameters: Any) -> None:
        """A table of passage made by the file of its name, in place of the one before."""
        run(self._connection, "drop table if exists {table}", table=table)
        if of:
            self._count(of, table, **parameters)
        else:
            self._run(table, **parameters)

    def _run(self, step: str, **parameters: Any) -> None:
        """One statement of queries/rollups/make."""
        query = read("rollups/make", step)
        self._connection.execute(query, used(query, parameters))

    def _count(self, stream: Stream, step: str, **parameters: Any) -> None:
        """One statement of queries/rollups/make that reads a stream's events, after the steps that find them."""
        head, select = read("rollups/make", step).split("\nselect", 1)
        events = {
            **AMONG.get(step, {}),
            "scoped": read("sql/base", "scoped"),
            "counted": read("sql/facts", stream.fact),
            "events": read("rollups/make", stream.events),
            "streamed": read("rollups/make", "streamed"),
        }
        query = f"{head}\n{chain(events, 'select' + select)}"
        given = {**OPEN, **vars(stream), "as_of": self.as_of, **stream.parameters, **parameters}
        self._connection.execute(query, used(query, given))


def _kept(shape: tuple[str, ...]) -> dict[str, bool]:
    return {place: place in shape for place in PLACES}


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row
