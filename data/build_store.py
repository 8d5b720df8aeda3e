"""Build a published delivery's folder from a checked delivery: store.duckdb, report.json and the quarantined rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

from data import areas, duckdb_sql, reference, store
from data.checked import Checked
from data.contract import Table
from data.duckdb_sql import Sql, fetch_row, insert, joined, literal, quoted, run, sql
from data.formulas import neutralized
from data.masking import masked
from data.progress import Progress, silent
from data.read_files import Source

_AMOUNTS = ("money", "number")
_CHECKS = (
    "create table store.delivery (delivery_id varchar, delivered_on date, layout varchar, is_synthetic boolean,"
    " note varchar, published_at timestamp, has_rows boolean)",
    "create table store.supplied (table_name varchar, column_name varchar)",
    "create table store.check_tables (table_name varchar, read bigint, accepted bigint, quarantined bigint,"
    " duplicates bigint)",
    "create table store.check_reasons (table_name varchar, reason varchar, rows bigint)",
    "create table store.check_notices (table_name varchar, notice varchar)",
)


def build(checked: Checked, folder: Path, progress: Progress = silent) -> None:
    """Write everything that a published delivery consists of into an empty folder."""
    connection = checked.connection
    checked.report.published_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    duckdb_sql.attach(connection, folder / store.DATABASE, "store")
    run(connection, "set disabled_compression_methods = ''")
    # The joins have the smaller side on the right. DuckDB's own estimates made it build on ten million wide rows.
    run(connection, "set disabled_optimizers = 'join_order,build_side_probe_side'")
    for name in ("enrollments", "funding", "courses", "openings"):
        progress(f"Building {name}")
        written = fill(connection, name, checked.ready.get(name))
        if written != checked.report.tables[name].accepted:
            raise AssertionError(f"{name}: {written} rows written, {checked.report.tables[name].accepted} accepted")
    fill(connection, "meetings", checked.ready.get("meetings"))
    for name in ("programs", "providers"):
        fill(connection, name)
    exits = fetch_row(connection, "select count(exited_on) from store.enrollments")[0]
    accepted = checked.report.tables["completions"].accepted
    if exits != accepted:
        raise AssertionError(f"completions: {exits} exits written, {accepted} accepted")
    reference.write(connection, checked.known, "store")
    areas.write(connection, checked.known, "store")
    _write_checks(checked)
    progress("Writing the store")
    duckdb_sql.detach(connection, "store")
    write_quarantine(checked, folder / "quarantine")
    text = json.dumps(checked.report.as_json(), indent=1, ensure_ascii=False)
    (folder / store.REPORT).write_text(text, encoding="utf-8")


def fill(connection: Connection, name: str, ready: Sql | None = None) -> int:
    """Create a table of the store and return its number of rows.

    Args:
        connection: The working database, with the store attached.
        name: The table; `tables/<name>.sql` makes its rows.
        ready: A query of its rows, where they are made already.
    """
    target, rows = sql("store.{name}", name=name), duckdb_sql.sql_file("tables", f"{name}.sql")
    run(connection, "create table {target} ({columns})", target=target, columns=_columns(connection, rows))
    run(connection, "insert into {target} {rows}", target=target, rows=ready or rows)
    return int(fetch_row(connection, "select count(*) from {target}", target=target)[0])


def _columns(connection: Connection, rows: Sql) -> Sql:
    """Return the column definitions of a store table.

    ENUM columns are stored as text. With text in a dictionary, queries such as `coalesce(region, 'Not recorded')` run up to
    four times as fast as over an ENUM.
    """
    described = run(connection, "describe {rows}", rows=rows).fetchall()
    kinds = ((name, "varchar" if kind.startswith("ENUM") else kind) for name, kind, *_ in described)
    return joined(", ", (sql("{name} {kind}", name=name, kind=Sql(kind)) for name, kind in kinds))


def write_quarantine(checked: Checked, folder: Path) -> list[Path]:
    """Write one CSV for each table with quarantined rows and return the files.

    Cells are masked and safe to open in a spreadsheet. Three columns are added: the file and row that each row came from,
    and every reason.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in checked.tables:
        (folder / f"{name}.csv").unlink(missing_ok=True)  # left by an earlier check
    written = []
    for name, source in checked.sources.items():
        if not checked.report.tables[name].quarantined:
            continue
        headers = {key: neutralized(masked(header)) for key, header in source.header.items()}
        taken = {header.lower() for header in headers.values()}
        last = {word: word if word not in taken else f"{word} for quarantine" for word in ("file", "row", "reasons")}
        path = folder / f"{name}.csv"
        places = make_places(checked.connection, source)
        run(
            checked.connection,
            "copy (select {columns}, label as {file}, number as {row}, reasons as {reasons}"
            " from (select {masked}, p.label as label, n.row_of_table + p.shift as number, q.reasons as reasons, q.row_id as row_id"
            " from {rows} as n"
            " join {aside} as q on q.row_id = n.row_of_table - 1 asof join {places} as p on p.first <= n.row_of_table"
            " where q.reasons is not null) as masked order by row_id) to {path} (format csv, header true)",
            source.parameters,
            columns=joined(", ", _cells(source, checked.tables[name], headers)),
            masked=joined(
                ", ",
                (
                    sql("{cell} as {c}", cell=masked_cell(source, checked.tables[name], key), c=f"c{n}")
                    for n, key in enumerate(headers)
                ),
            ),
            rows=source.numbered,
            places=places,
            **last,
            aside=f"set_aside_{name}",
            path=literal(str(path)),
        )
        written.append(path)
    return written


def make_places(connection: Connection, source: Source) -> str:
    """Create a table (first, label, shift) that maps a source's rows to rows of its files. Return the table's name."""
    name = f"places_{source.table}"
    run(connection, "create or replace temp table {name} (first bigint, label varchar, shift bigint)", name=name)
    insert(connection, quoted(name), source.places or [(1, source.label, 0)])
    return name


def _cells(source: Source, table: Table, headers: dict[str, str]) -> Iterator[Sql]:
    """Yield every column of a quarantine file from its masked cell (c0, c1, …) as text that no spreadsheet runs as a formula."""
    for n, (key, header) in enumerate(headers.items()):
        neutral = (
            "neutralized_amount({c}) as {header}" if _is_amount(source, table, key) else "neutralized({c}) as {header}"
        )
        yield sql(neutral, c=f"c{n}", header=header)


def masked_cell(source: Source, table: Table, key: str) -> Sql:
    """Return a raw column `key` of the relation `n` as masked text. Nine digits in a row are hidden too, except in amounts."""
    amount = "case when try_cast({text} as double) is null then mask_all({text}) else mask_amount({text}) end"
    mask = amount if _is_amount(source, table, key) else "mask_all({text})"
    return sql(mask, text=sql("cast(n.{key} as varchar)", key=key))


def _is_amount(source: Source, table: Table, key: str) -> bool:
    kinds = {source.as_sent(column.name): column.kind for column in table.columns}
    return kinds.get(key) in _AMOUNTS


def _write_checks(checked: Checked) -> None:
    connection, report = checked.connection, checked.report
    for statement in _CHECKS:
        run(connection, statement)
    about = [report.delivery, checked.delivery.delivered_on, report.layout, report.is_synthetic, checked.delivery.note]
    insert(connection, Sql("store.delivery"), [[*about, report.published_at, True]])
    supplied = [
        [name, column.name]
        for name, source in checked.sources.items()
        for column in checked.tables[name].columns
        if column.name in source.columns and column.name not in checked.empty.get(name, ())
    ]
    tables = [[n, t.read, t.accepted, t.quarantined, t.duplicates] for n, t in report.tables.items() if t.supplied]
    reasons = [[name, reason, rows] for name, t in report.tables.items() for reason, rows in t.reasons.items()]
    notices: list[list[str | None]] = [[name, notice] for name, t in report.tables.items() for notice in t.notices]
    notices += [[None, notice] for notice in report.notices]
    insert(connection, Sql("store.supplied"), supplied)
    insert(connection, Sql("store.check_tables"), tables)
    insert(connection, Sql("store.check_reasons"), reasons)
    insert(connection, Sql("store.check_notices"), notices)
