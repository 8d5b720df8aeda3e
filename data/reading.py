"""From a file to a relation with known columns: nothing is cast yet, and no file is read twice that need not be.

Parquet is read where it lies; CSV is loaded into the working database as text (strictly: a ragged, unterminated or
truncated file is a fault, never a guess).
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from data.contract import Table
from data.engine import Sql, joined, literal, quoted, run, sql
from data.faults import first_line, listed, shown
from data.locating import Found

_PARQUET = Sql("read_parquet($paths, union_by_name=true, hive_partitioning=false)")
_CSV = Sql(
    "read_csv($path, auto_detect=false, header=true, columns={columns}, delim=',', quote='\"', escape='\"',"
    " strict_mode=true, null_padding=false, nullstr='')"
)


@dataclass
class Source:
    """Rows as they came. `relation` goes after `from`; `columns` maps contract names to (name in the file, type)."""

    table: str
    label: str
    relation: Sql
    parameters: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)


def plain(name: str) -> str:
    """A column name as it is matched: trimmed, lower case, whatever white space it came in."""
    return " ".join(name.replace("\ufeff", "").split()).lower()


def parquet_source(connection: duckdb.DuckDBPyConnection, found: Found) -> tuple[Source | None, list[str]]:
    """The relation over one or many Parquet files, or the sentences that say why there is none."""
    paths = [_no_glob(path) for path in found.paths]
    source = Source(found.name, found.label, _PARQUET, {"paths": paths})
    faults: list[str] = []
    schemas: dict[str, set[str]] = {}
    try:
        for path, given in zip(found.paths, paths, strict=True):
            schemas[path.name] = _names_in(connection, given, f"{found.name}: {path.name}", faults)
        described = run(connection, "describe select * from {files}", source.parameters, files=_PARQUET).fetchall()
    except duckdb.Error as error:
        return None, [f"{found.name}: {found.label} cannot be read as Parquet: {first_line(error)}"]
    every = set.union(*schemas.values())
    for file, names in schemas.items():
        if every - names and len(schemas) > 1:
            faults.append(
                f"{found.name}: the part {file} lacks {_columns_word(every - names)} that the other parts have."
            )
    source.header = {name: name for name, *_ in described}
    source.columns = {plain(name): (name, kind) for name, kind, *_ in described}
    return (None, faults) if faults else (source, [])


def csv_source(
    connection: duckdb.DuckDBPyConnection, found: Found, name: str, keep: Container[str] | None = None
) -> tuple[Source | None, list[str]]:
    """A CSV file as a table of text `name` in the working database, or the sentences that say what is wrong with it.

    `keep` are the headers of the columns to load, None for all: a wide file of which little is used costs little.
    """
    repeated = sorted({cell for cell in found.header if [plain(c) for c in found.header].count(plain(cell)) > 1})
    if repeated:
        return None, [f"{found.name}: {found.label} has the column {listed(repeated)} more than once."]
    cells = {f"c{number}": cell or f"column {number + 1}" for number, cell in enumerate(found.header)}
    kept = {cell: header for cell, header in cells.items() if keep is None or header in keep}
    columns = Sql("{" + joined(", ", (sql("{cell}: 'VARCHAR'", cell=literal(cell)) for cell in cells)) + "}")
    try:
        run(connection, "create table {name} as select {kept} from {file}", {"path": [_no_glob(found.paths[0])]},
            name=name, kept=joined(", ", map(quoted, kept)), file=sql(_CSV, columns=columns))  # fmt: skip
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        return None, [f"{found.name}: {found.label} cannot be read as CSV: {_csv_trouble(str(error))}"]
    source = Source(found.name, found.label, sql("{name}", name=name))
    source.header = kept
    source.columns = {plain(cell): (key, "VARCHAR") for key, cell in kept.items()}
    return source, []


def open_source(
    connection: duckdb.DuckDBPyConnection, found: Found, raw: str, keep: Container[str] | None = None
) -> tuple[Source | None, list[str]]:
    """The relation of one table's files; `raw` is the table that CSV text is loaded into, `keep` the headers loaded."""
    return parquet_source(connection, found) if found.kind == "parquet" else csv_source(connection, found, raw, keep)


def compare(source: Source, table: Table) -> tuple[list[str], list[str]]:
    """Faults for required columns that are missing, and notices for optional ones and for extra ones."""
    missing = [column for column in table.columns if column.name not in source.columns]
    required = [column.name for column in missing if not column.optional]
    known = {column.name for column in table.columns}
    source.extra = [source.header[name] for key, (name, _) in source.columns.items() if key not in known]
    faults = []
    if required:
        has = listed((shown(source.header[name], 30) for name, _ in source.columns.values()), 8)
        faults.append(
            f"{table.name}: the required {_columns_word(required)} {'is' if len(required) == 1 else 'are'} missing"
            f" from {source.label}, which has {has}."
        )
    notices = [f"The optional column {c.name} is not in {source.label}." for c in missing if c.optional]
    if source.extra:
        notices.append(f"Ignored, not in the contract: {listed((shown(name, 40) for name in source.extra), 12)}.")
    return faults, notices


def _columns_word(names: set[str] | list[str]) -> str:
    ordered = sorted(names) if isinstance(names, set) else names
    return f"{'column' if len(ordered) == 1 else 'columns'} {listed(ordered, 12)}"


def _names_in(connection: duckdb.DuckDBPyConnection, path: str, label: str, faults: list[str]) -> set[str]:
    """The top-level column names of one Parquet file; a name given twice is a fault."""
    rows = connection.execute(
        "select name, coalesce(num_children, 0) from parquet_schema($path)", {"path": path}
    ).fetchall()
    names: list[str] = []
    pending = [0]
    for name, children in rows[1:]:
        while pending and pending[-1] == 0 and len(pending) > 1:
            pending.pop()
        if len(pending) == 1:
            names.append(plain(name))
        else:
            pending[-1] -= 1
        if children:
            pending.append(children)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        faults.append(f"{label} has the column {listed(repeated)} more than once.")
    return set(names)


def _no_glob(path: Path) -> str:
    """A path in which DuckDB finds no wildcard, whatever characters its folders have."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def _csv_trouble(message: str) -> str:
    line = re.search(r"Line: (\d+)", message)
    where = f"line {line[1]} " if line else ""
    if columns := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message):
        return f"{where}has {columns[2]} values where the header has {columns[1]} columns (is the file cut off?)."
    if "unterminated quote" in message or "invalid state" in message:
        return f"{where or 'somewhere it '}has a quotation mark that is never closed (is the file cut off?)."
    if "not utf-8" in message or "unicode" in message.lower():
        return f"{where or 'somewhere it '}is not written in UTF-8; save it as “CSV UTF-8”."
    return (message.splitlines() or ["unknown trouble"])[0]
