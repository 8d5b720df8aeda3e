"""Load a delivery's files for a layout. Each file becomes a table with its name; a single file is also `raw`."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from data import column_map, column_names, discover, duckdb_sql, examining, read_files
from data.discover import Candidate
from data.duckdb_sql import fetch_row, joined, run, sql
from data.errors import log_line
from data.examining import TableFiles
from data.file_names import Entry
from data.limits import Limits

log = logging.getLogger("dashboard.data")
_RAW = "raw"
_COLUMN = "{key} as {name}"


@dataclass
class Loaded:
    """The tables loaded (name → file), the raw columns that no file has, faults and notices."""

    tables: dict[str, str] = field(default_factory=dict)
    lacking: list[column_map.RawColumn] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def load(
    connection: duckdb.DuckDBPyConnection, delivery: Path, work: Path, limits: Limits, *,
    wanted: tuple[column_map.RawColumn, ...], crosswalks: Sequence[Path], hint: str,
) -> Loaded:  # fmt: skip
    """Load a delivery's files and a layout's crosswalks into the current database.

    Args:
        connection: The layout's database.
        delivery: The folder or the single file.
        work: A folder for copies.
        limits: The size limits.
        wanted: The raw columns that the layout reads. If empty, all columns are loaded as they are.
        crosswalks: The layout's own CSV files.
        hint: What to do about a first line that is not a header.
    """
    files = discover.take_inventory(delivery, work, limits)
    loaded = Loaded(faults=files.faults)
    if not files.candidates and not loaded.faults:
        loaded.faults.append(f"There is no Parquet, CSV or Excel file in {delivery.name}/.")
    has: set[str] = set()
    for stem in files.candidates:
        name = re.sub(r"[^a-z0-9]", "_", stem)
        candidate = files.single(stem)
        if not isinstance(candidate, Candidate):
            loaded.faults.append(str(candidate))
            continue
        columns = _load_candidate(connection, loaded, candidate, name, files=files, wanted=wanted, hint=hint)
        has |= columns
        loaded.tables[name] = candidate.entry.label
    if len(loaded.tables) == 1 and _RAW not in loaded.tables and not loaded.faults:
        run(connection, "create view raw as select * from {name}", name=next(iter(loaded.tables)))
    for path in crosswalks:
        crosswalk = Candidate(Entry(path, path.name, "the layout"))
        _load_candidate(connection, loaded, crosswalk, path.stem.lower(), files=files, wanted=(), hint="")
    loaded.lacking = [column for column in wanted if column.name not in has]
    loaded.notices += files.notices()
    return loaded


def _load_candidate(
    connection: duckdb.DuckDBPyConnection, loaded: Loaded, candidate: Candidate, name: str, *, files: discover.Inventory,
    wanted: tuple[column_map.RawColumn, ...], hint: str,
) -> set[str]:  # fmt: skip
    """Load one file as the table `name` and return which wanted columns it has."""
    keys = {key for column in wanted for key in column.keys}
    examined = examining.examine(
        name, candidate, files, (lambda cell: column_map.key(cell) in keys) if wanted else None
    )
    if isinstance(examined, list):
        loaded.faults += examined
        return set()
    has, faults = _load(connection, examined, name, wanted, hint)
    loaded.faults += faults
    loaded.notices += list(examined.notices)
    return set(has)


def _load(
    connection: duckdb.DuckDBPyConnection,
    files: TableFiles,
    name: str,
    wanted: tuple[column_map.RawColumn, ...],
    hint: str,
) -> tuple[dict[str, str], list[str]]:
    """Load one file as the table `name`. If there are wanted columns, only those are loaded, as trimmed text."""
    has: dict[str, str] = {}
    try:
        keep = {header for each in wanted for header in files.header if column_map.key(header) in each.keys} or None
        source, faults = read_files.open_source(connection, files, "as_text", keep, hint=hint)
        if source is not None and wanted:
            has, trouble = column_map.match(wanted, source.header, files.label)
            faults += trouble
        if source is not None and not faults:
            columns = [sql(_COLUMN, key=key, name=column_names.plain(header)) for key, header in source.header.items()]
            if wanted:
                types = dict(source.columns.values())
                columns = [column_map.read_as(each, has.get(each.name), types) for each in wanted]
            run(connection, "create table {name} as select {columns} from {rows}", source.parameters,
                name=name, columns=joined(", ", columns), rows=source.relation)  # fmt: skip
            faults += read_files.miscounted(source, fetch_row(connection, "select count(*) from {name}", name=name)[0])
        run(connection, "drop table if exists as_text")
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        if duckdb_sql.is_full(error):
            raise
        log.info("%s cannot be loaded: %s", name, log_line(error))
        return has, [f"{files.label} is damaged and cannot be read to its end. Send it again."]
    return has, faults
