"""Turn files into relations with known columns. Nothing is cast yet, and files are not read more often than needed.

Parquet is read in place. CSV is loaded into the working database as text, strictly: a file with uneven, unclosed or
truncated rows is a fault. The number of rows loaded is compared with the count made by scanning the file.
"""

from __future__ import annotations

import bisect
import logging
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import duckdb

from data import column_names, duckdb_sql, text_files
from data.column_names import plain
from data.duckdb_sql import Sql, fetch_row, joined, literal, no_glob, quoted, run, sql
from data.errors import counted, log_line
from data.examining import Part, TableFiles
from data.text_files import TextFile

log = logging.getLogger("dashboard.data")
_PARQUET = Sql("read_parquet({paths}, union_by_name=true, hive_partitioning=false)")
_CSV = Sql(
    "read_csv($path, auto_detect=false, header=true, columns={columns}, delim={separator}, quote='\"', escape='\"',"
    " strict_mode=true, null_padding=false, nullstr='', max_line_size={longest})"
)
_LONGEST_LINE = 2_000_000  # the loader's default; a larger value enlarges its buffers


class Place(NamedTuple):
    """From row `first` of a relation on, rows come from the file `label`, where their number is higher by `shift`."""

    first: int
    label: str
    shift: int


@dataclass
class Source:
    """The rows of a table as they were sent.

    Attributes:
        table: The table's name.
        label: The file's name in sentences.
        relation: SQL for `from`.
        parameters: Parameters of the relation.
        columns: By contract name, the column's key in the relation and its type.
        header: By key, the header as the file has it.
        extra: Headers that are not in the contract.
        notices: Sentences about what was skipped.
        rows: The number of rows by a count of the file's bytes; None if there is none.
        skipped: The number of empty rows that are not in the relation.
        was_scanned: Whether the bytes of the files were scanned.
        text: The text file, if the table is a single one.
        places: Which file and row each row came from.
        set_aside: A layout's column with the reason why a row does not count.
        raw: For columns read through an expression, their key in the file.
        base: The relation of the files, without added expressions.
        parts: The files of a relation that is read in place, in its order.
        utc_days: The date columns whose times are days in UTC (see midnights.py).
        is_numbered: Whether the relation holds only some rows, each with its number in the table (`row_of_table`, from 1).
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
    base: Sql = field(default_factory=Sql)
    parts: tuple[Part, ...] = ()
    utc_days: frozenset[str] = frozenset()
    is_numbered: bool = False

    def __post_init__(self) -> None:
        self.base = self.base or self.relation

    @property
    def numbered(self) -> Sql:
        """The relation with the number of each row, `row_of_table`, counted from 1."""
        number = Sql("" if self.is_numbered else ", row_number() over () as row_of_table")
        return sql("(select s.*{number} from {rows} as s)", number=number, rows=self.relation)

    def as_sent(self, column: str) -> str | None:
        """Return a contract column's key in the relation as the file has it; None if the file does not have the column."""
        return self.raw.get(column) or self.columns.get(column, (None,))[0]

    def locate(self, row: int) -> tuple[str, int]:
        """Return the file that a row of the relation came from, and its number there. Both numbers start at 1."""
        place = bisect.bisect_right([place.first for place in self.places], row) - 1
        return (self.places[place].label, row + self.places[place].shift) if place >= 0 else (self.label, row)


def open_source(
    connection: duckdb.DuckDBPyConnection, files: TableFiles, raw: str, keep: Container[str] | None = None,
    *, hint: str = "",
) -> tuple[Source | None, list[str]]:  # fmt: skip
    """Return the relation over a table's files, or faults.

    Args:
        connection: The working database.
        files: The examined files.
        raw: The table that CSV text is loaded into.
        keep: The headers of the columns to load; None for all.
        hint: What to do about a first line that is not a header.
    """
    if faults := column_names.faults(files, hint):
        return None, faults
    if files.kind == "parquet":
        return parquet_source(connection, files)
    return csv_source(connection, files, raw, keep)


def parquet_source(connection: duckdb.DuckDBPyConnection, files: TableFiles) -> tuple[Source | None, list[str]]:
    """Return the relation over one or many Parquet files. Columns in a part's path are added as text."""
    names = {plain(name) for part in files.parts for name in part.columns}
    groups: dict[tuple[tuple[str, str | None], ...], list[Part]] = {}
    for part in files.parts:
        added = tuple((key, value) for key, value in part.partitions if plain(key) not in names)
        groups.setdefault(added, []).append(part)
    parameters: dict[str, object] = {}
    pieces = []
    for number, (added, parts) in enumerate(groups.items()):
        parameters[f"paths{number}"] = [part.address for part in parts]
        rows = sql(_PARQUET, paths=Sql(f"$paths{number}"))
        constants = [
            sql("cast({value} as varchar) as {key}", value=_text_or_null(value), key=key) for key, value in added
        ]
        pieces.append(sql("select {columns} from {rows}", columns=joined(", ", [Sql("*"), *constants]), rows=rows))
    relation = sql(_PARQUET, paths=Sql("$paths0")) if len(pieces) == 1 and not any(groups) else Sql(
        "(" + joined(" union all by name ", pieces) + ")"
    )  # fmt: skip
    source = Source(files.name, files.label, relation, parameters, notices=list(files.notices), rows=files.rows)
    try:
        described = run(connection, "describe select * from {rows}", parameters, rows=relation).fetchall()
    except duckdb.Error as error:
        if duckdb_sql.is_full(error):
            raise
        log.info("%s cannot be read as Parquet: %s", files.name, log_line(error))
        return None, [f"{files.name}: {files.label} cannot be read as Parquet. It is damaged, or its parts differ in"
                      " their columns or types."]  # fmt: skip
    source.header = {name: name for name, *_ in described}
    source.columns = {plain(name): (name, kind) for name, kind, *_ in described}
    source.parts = tuple(part for parts in groups.values() for part in parts)
    source.places = _places(source.parts)
    return source, []


def _places(parts: Sequence[Part]) -> tuple[Place, ...]:
    """Map the rows of a relation to the rows of the files that were sent. Parts are in the relation's order."""
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
    """Load one or many CSV files as the text table `name`, or return faults.

    A column without a name and values is left over from a spreadsheet and is ignored.
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
    blank = [c for c in unnamed if not fetch_row(connection, _ANY_VALUE, name=name, cell=c)[0]]
    source = Source(files.name, files.label, sql("{name}", name=name), rows=files.rows, skipped=files.skipped)
    source.notices, source.was_scanned = list(files.notices), True
    if blank:
        source.notices.append(f"Ignored {counted(len(blank), 'column')} without a name and values.")
    source.header = {cell: header for cell, header in loaded.items() if cell not in blank}
    source.columns = {plain(header): (cell, "VARCHAR") for cell, header in source.header.items()}
    source.places = _places(files.parts)
    source.text = first.text if len(files.parts) == 1 else None
    return source, []


_ANY_VALUE = "select count(*) from (select 1 from {name} where trim({cell}) <> '' limit 1) as s"


def _load_part(
    connection: duckdb.DuckDBPyConnection, part: Part, name: str, keys: dict[str, str], loaded: Sequence[str]
) -> str | None:
    """Insert one file into a text table, matching columns by name. Returns the rest of a sentence if that fails."""
    text = part.text
    if text is None:
        raise ValueError(f"{part.label} is not a text file")
    cells = [keys.get(plain(header), f"c{number}") for number, header in enumerate(part.columns)]
    columns = Sql("{" + joined(", ", (sql("{cell}: 'VARCHAR'", cell=literal(cell)) for cell in cells)) + "}")
    fixed = {keys[plain(key)]: value for key, value in part.partitions if keys.get(plain(key)) not in cells}
    values = (
        quoted(cell) if cell in cells else sql("cast({value} as varchar)", value=_text_or_null(fixed.get(cell)))
        for cell in loaded
    )
    file = sql(_CSV, columns=columns, separator=literal(text.header.separator),
               longest=Sql(str(max(_LONGEST_LINE, 2 * text.longest))))  # fmt: skip
    before = fetch_row(connection, "select count(*) from {name}", name=name)[0]
    try:
        run(connection, "insert into {name} select {values} from {file}", {"path": [no_glob(text.path)]},
            name=name, values=joined(", ", values), file=file)  # fmt: skip
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        log.info("%s cannot be loaded: %s", part.label, log_line(error))
        return text_files.explain(text)
    rows = fetch_row(connection, "select count(*) from {name}", name=name)[0] - before
    if rows != part.rows and not (text.has_quotes and rows == text_files.count_rows(text)):
        return _counts_differ(part.rows, rows)
    return None


def _text_or_null(value: str | None) -> Sql:
    return Sql("null") if value is None else literal(value)


def miscounted(source: Source, rows: int) -> list[str]:
    """Return a fault if the number of rows loaded differs from the number in the files."""
    if source.rows is None or rows == source.rows or source.text is not None:
        return []
    return [f"{source.table}: {source.label} {_counts_differ(source.rows, rows)}"]


def _counts_differ(counted_rows: int, read: int) -> str:
    return (f"is damaged: it contains {counted(counted_rows, 'row')}, but {counted(read, 'row')} could be read."
            " Send it again.")  # fmt: skip
