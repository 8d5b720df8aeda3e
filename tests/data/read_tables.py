"""Read the files of one table as publishing does, up to the point where nothing is cast yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from data import discover, examining, read_files
from data.discover import Candidate
from data.duckdb_sql import run
from data.limits import Limits

TABLE = "people"
# Words of DuckDB, Python and its libraries that no sentence may contain.
RAW_WORDS = (
    "Error", "SELECT", "read_csv", "strict_mode", "null_padding", "codec", "Traceback", "Possible", "Binder", "state machine",
    "sniff", "Expected", "decode", "unexpected", "Exception", "zlib", "Arrow", "Thrift",
)  # fmt: skip


@dataclass
class Read:
    """The result of reading a table's files: rows of text by column name, or faults."""

    rows: list[dict[str, str | None]]
    faults: list[str]
    notices: list[str]
    skipped: int = 0
    places: tuple[int, ...] = ()


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """Return one database for all tests, because opening one takes longer than the tests."""
    return duckdb.connect(config={"threads": 1})


def read(delivery: Path, columns: list[str], work: Path, limits: Limits | None = None) -> Read:
    """Read the table `people` of a delivery."""
    work.mkdir(exist_ok=True)
    files = discover.take_inventory(delivery, work, limits or Limits(), (TABLE,))
    candidate = files.single(TABLE)
    if not isinstance(candidate, Candidate):
        missing = candidate or files.missing(TABLE, delivery.name)
        return _checked(Read([], files.faults or [missing], files.notices()))
    known = set(columns)
    examined = examining.examine(TABLE, candidate, files, lambda cell: read_files.plain(cell) in known)
    if isinstance(examined, list):
        return _checked(Read([], files.faults + examined, files.notices()))
    with _connection().cursor() as connection:
        run(connection, "drop table if exists raw")
        source, faults = read_files.open_source(connection, examined, "raw")
        if source is None or files.faults:
            return _checked(Read([], files.faults + faults, files.notices()))
        rows = run(connection, "select * from {rows}", source.parameters, rows=source.relation).fetchall()
        faults = read_files.miscounted(source, len(rows))
        headers = [header for header, *_ in run(connection, "describe select * from {rows}", source.parameters,
                                                rows=source.relation).fetchall()]  # fmt: skip
    names = {name: read_files.plain(source.header[name]) for name in headers if name in source.header}
    rows = [{names[header]: cell for header, cell in zip(headers, row, strict=True) if header in names} for row in rows]
    places = tuple(source.locate(number)[1] for number in range(1, len(rows) + 1))
    return _checked(Read(rows, faults, [*source.notices, *files.notices()], source.skipped, places))


def _checked(made: Read) -> Read:
    for sentence in (*made.faults, *made.notices):
        assert not any(word in sentence for word in RAW_WORDS), sentence
        assert sentence.endswith((".", "?", ")")), sentence
        assert "\n" not in sentence, sentence
    return made
