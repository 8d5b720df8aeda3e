"""From a file to a relation with known columns: nothing is cast yet, and no file is read twice that need not be.

Parquet is read where it lies; CSV is loaded into the working database as text (strictly: a ragged, unterminated or
truncated file is a fault, never a guess). The rows loaded are held against the count that scanning the files made.
"""

from __future__ import annotations

import bisect
import logging
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import duckdb

from data import column_names, duckdb_sql, text_files
from data.column_names import in_words, plain
from data.contract import Table
from data.duckdb_sql import Sql, joined, literal, one, quoted, run, sql
from data.errors import counted, listed, log_line, shown
from data.examining import Part, TableFiles
from data.text_files import TextFile

log = logging.getLogger("dashboard.data")
_PARQUET = Sql("read_parquet({paths}, union_by_name=true, hive_partitioning=false)")
_CSV = Sql(
    "read_csv($path, auto_detect=false, header=true, columns={columns}, delim={separator}, quote='\"', escape='\"',"
    " strict_mode=true, null_padding=false, nullstr='', max_line_size={longest})"
)
_LONGEST_LINE = 2_000_000  # what the loader allows by itself; its buffers grow with more


class Place(NamedTuple):
    """From the row `first` of a relation on, its rows are those of the file `label`; their number there is larger by `shift`."""

    first: int
    label: str
    shift: int


@dataclass
class Source:
    """Rows as they came. `relation` goes after `from`; `columns` maps contract names to (name in the file, type).

    `rows` is how many rows a count of the files' bytes finds, None where there is no such count; `skipped` how many
    rows with nothing in any cell are not in the relation. `places` say which file each row came from, and which row of it;
    `was_scanned` that the bytes of its files were looked through. `set_aside` is a layout's column of reasons for which a row
    does not count. `raw` maps columns that are read through an expression to the key they have in the file.
    """

    table: str
    label: str
    relation: Sql
    parameters: dict[str, object] = field(default_factory=dict)
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    rows: int | None = None
    skipped: int = 0
    was_scanned: bool = False
    text: TextFile | None = None
    places: tuple[Place, ...] = ()
    set_aside: str | None = None
    raw: dict[str, str] = field(default_factory=dict)

    def as_sent(self, column: str) -> str | None:
        """The key of a contract column in the relation as the file has it; None where no column of the file is it."""
        return self.raw.get(column) or self.columns.get(column, (None,))[0]

    def locate(self, row: int) -> tuple[str, int]:
        """The file that a row of the relation, counted from 1, came from, and its number there, as a spreadsheet shows it."""
        place = bisect.bisect_right([place.first for place in self.places], row) - 1
        return (self.places[place].label, row + self.places[place].shift) if place >= 0 else (self.label, row)


def open_source(
    connection: duckdb.DuckDBPyConnection, files: TableFiles, raw: str, keep: Container[str] | None = None,
    *, hint: str = "",
) -> tuple[Source | None, list[str]]:  # fmt: skip
    """Return the relation over one table's files, or the sentences that say why there is none.

    Args:
        connection: The working database.
        files: The files of the table, examined.
        raw: The table that CSV text is loaded into.
        keep: The headers of the columns to load, None for all: a wide file of which little is used costs little.
        hint: What to do about a first line that is no header.
    """
    if faults := column_names.faults(files, hint):
        return None, faults
    if files.kind == "parquet":
        return parquet_source(connection, files)
    return csv_source(connection, files, raw, keep)


def parquet_source(connection: duckdb.DuckDBPyConnection, files: TableFiles) -> tuple[Source | None, list[str]]:
    """Return the relation over one or many Parquet files; a column that stands in the path of a part is added as text."""
    names = {plain(name) for part in files.parts for name in part.columns}
    groups: dict[tuple[tuple[str, str | None], ...], list[Part]] = {}
    for part in files.parts:
        added = tuple((key, value) for key, value in part.partitions if plain(key) not in names)
        groups.setdefault(added, []).append(part)
    parameters: dict[str, object] = {}
    pieces = []
    for number, (added, parts) in enumerate(groups.items()):
        parameters[f"paths{number}"] = [_no_glob(part.path) for part in parts]
        rows = sql(_PARQUET, paths=Sql(f"$paths{number}"))
        constants = [_constant(key, value) for key, value in added]
        pieces.append(sql("select {columns} from {rows}", columns=joined(", ", [Sql("*"), *constants]), rows=rows))
    relation = sql(_PARQUET, paths=Sql("$paths0")) if len(pieces) == 1 and not any(groups) else Sql(
        "(" + joined(" union all by name ", pieces) + ")"
    )  # fmt: skip
    source = Source(files.name, files.label, relation, parameters, rows=files.rows)
    source.notices = list(files.notices)
    try:
        described = run(connection, "describe select * from {rows}", parameters, rows=relation).fetchall()
    except duckdb.Error as error:
        if duckdb_sql.is_full(error):
            raise
        log.info("%s cannot be read as Parquet: %s", files.name, log_line(error))
        return None, [f"{files.name}: {files.label} cannot be read as Parquet: it is damaged, or its parts do not have"
                      " the same columns of the same types."]  # fmt: skip
    source.header = {name: name for name, *_ in described}
    source.columns = {plain(name): (name, kind) for name, kind, *_ in described}
    source.places = _places([part for parts in groups.values() for part in parts])
    return source, []


def _places(parts: Sequence[Part]) -> tuple[Place, ...]:
    """Where the rows of a relation stand in the files that were sent, parts in the order of the relation's rows."""
    places, before = [], 0
    for part in parts:
        if part.rows:
            shifts = part.text.shifts if part.text else ((1, 0),)
            places += [Place(before + row, part.label, shift - before) for row, shift in shifts if row <= part.rows]
        before += part.rows
    return tuple(places)


def csv_source(
    connection: duckdb.DuckDBPyConnection, files: TableFiles, name: str, keep: Container[str] | None = None
) -> tuple[Source | None, list[str]]:
    """Load one or many CSV files as a table of text `name`, or say what is wrong with them.

    A column without a name and without a value is a spreadsheet's leftover and is left out.
    """
    first = files.parts[0]
    partitions = list(dict.fromkeys(key for part in files.parts for key, _ in part.partitions
                                    if plain(key) not in map(plain, first.columns)))  # fmt: skip
    headers = [*first.columns, *partitions]
    cells = {f"c{n}": header or f"column {n + 1}" for n, header in enumerate(headers)}
    keys = {plain(header): f"c{n}" for n, header in enumerate(headers) if header}
    loaded = {cell: header for cell, header in cells.items() if keep is None or header in keep}
    definition = joined(", ", (sql("{cell} varchar", cell=cell) for cell in loaded))
    run(connection, "create table {name} ({columns})", name=name, columns=definition)
    for part in files.parts:
        if fault := _load_part(connection, part, name, keys, list(loaded)):
            return None, [f"{files.name}: {part.label} {fault}"]
    unnamed = [cell for n, cell in enumerate(cells) if not headers[n] and cell in loaded]
    blank = [c for c in unnamed if not one(connection, _ANY_VALUE, name=name, cell=c)[0]]
    source = Source(files.name, files.label, sql("{name}", name=name), rows=files.rows, skipped=files.skipped)
    source.notices, source.was_scanned = list(files.notices), True
    if blank:
        source.notices.append(f"Ignored {counted(len(blank), 'column')} without a name and without a value.")
    source.header = {cell: header for cell, header in loaded.items() if cell not in blank}
    source.columns = {plain(header): (cell, "VARCHAR") for cell, header in source.header.items()}
    source.places = _places(files.parts)
    source.text = first.text if len(files.parts) == 1 else None
    return source, []


_ANY_VALUE = "select count(*) from (select 1 from {name} where trim({cell}) <> '' limit 1) as s"


def _load_part(
    connection: duckdb.DuckDBPyConnection, part: Part, name: str, keys: dict[str, str], loaded: Sequence[str]
) -> str | None:
    """Add one file to a table of text, its columns by name; the rest of a sentence if it cannot be."""
    text = part.text
    if text is None:
        raise ValueError(f"{part.label} is no text file")
    cells = [keys.get(plain(header), f"c{number}") for number, header in enumerate(part.columns)]
    columns = Sql("{" + joined(", ", (sql("{cell}: 'VARCHAR'", cell=literal(cell)) for cell in cells)) + "}")
    fixed = {keys[plain(key)]: value for key, value in part.partitions if keys.get(plain(key)) not in cells}
    values = (
        quoted(cell) if cell in cells else sql("cast({value} as varchar)", value=_text_or_null(fixed.get(cell)))
        for cell in loaded
    )
    file = sql(_CSV, columns=columns, separator=literal(text.header.separator),
               longest=Sql(str(max(_LONGEST_LINE, 2 * text.longest))))  # fmt: skip
    before = one(connection, "select count(*) from {name}", name=name)[0]
    try:
        run(connection, "insert into {name} select {values} from {file}", {"path": [_no_glob(text.path)]},
            name=name, values=joined(", ", values), file=file)  # fmt: skip
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        log.info("%s cannot be loaded: %s", part.label, log_line(error))
        return text_files.explain(text)
    rows = one(connection, "select count(*) from {name}", name=name)[0] - before
    if rows != part.rows and not (text.has_quotes and rows == text_files.count_rows(text)):
        return _counts_differ(part.rows, rows)
    return None


def _constant(key: str, value: str | None) -> Sql:
    return sql("cast({value} as varchar) as {key}", value=_text_or_null(value), key=key)


def _text_or_null(value: str | None) -> Sql:
    return Sql("null") if value is None else literal(value)


def miscounted(source: Source, rows: int) -> list[str]:
    """Return the sentence that refuses a table of which fewer or more rows were loaded than its files hold."""
    if source.rows is None or rows == source.rows or source.text is not None:
        return []
    return [f"{source.table}: {source.label} {_counts_differ(source.rows, rows)}"]


def zero_characters(connection: duckdb.DuckDBPyConnection, source: Source, table: Table, typed: str) -> list[str]:
    """Return the sentences that refuse a typed table with a zero character in a text: some program reads it as an end.

    Text files were scanned for zero bytes already.
    """
    if source.was_scanned:
        return []
    texts = [column.name for column in table.columns if column.kind == "text" and column.name in source.columns]
    tests = (sql("max(case when contains(cast({c} as varchar), chr(0)) then 1 end)", c=name) for name in texts)
    has = one(connection, "select {tests} from {typed}", tests=joined(", ", tests), typed=typed) if texts else ()
    return [
        f"{source.table}: the column {name} of {source.label} has a zero character in a value. Export it again without."
        for name, is_there in zip(texts, has, strict=True)
        if is_there
    ]


def _counts_differ(counted_rows: int, read: int) -> str:
    return (f"holds {counted(counted_rows, 'row')} by a count of the file, and {counted(read, 'row')} could be read:"
            " the file is damaged. Send it again.")  # fmt: skip


def compare(source: Source, table: Table, suggested: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Faults for required columns that are missing, and notices for optional ones and for extra ones.

    `suggested` says, by header, which missing column it may be.
    """
    missing = [column for column in table.columns if column.name not in source.columns]
    required = [column.name for column in missing if not column.optional]
    known = {column.name for column in table.columns}
    source.extra = [source.header[name] for key, (name, _) in source.columns.items() if key not in known]
    perhaps = {column: f"; is it {shown(header, 40)}?" for header, column in suggested.items()}
    faults = []
    if required:
        has = listed((shown(header, 30) for header in source.header.values()), 8)
        meant = [f"Is {column} {shown(header, 40)}?" for header, column in suggested.items() if column in required]
        faults.append(
            f"{table.name}: the required {in_words(required)} {'is' if len(required) == 1 else 'are'} missing"
            f" from {source.label}, which has {has}."
            + (f" {' '.join(meant)} The rest was checked as if so." if meant else "")
        )
    notices = [
        f"The optional column {c.name} is not in {source.label}{perhaps.get(c.name, '.')}" for c in missing if c.optional
    ]
    if source.extra:
        notices.append(f"Ignored, not in the contract: {listed((shown(name, 40) for name in source.extra), 12)}.")
    return faults, notices


def _no_glob(path: Path) -> str:
    """A path in which DuckDB finds no wildcard, whatever characters its folders have."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))
