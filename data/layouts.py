"""Layouts: folders of SQL that turn another system's files into the contract's tables.

`<layout>/<table>.sql` is one select. It sees the delivery's files as tables named after them (lower case, other
characters than letters and digits as `_`; a single file also as `raw`), the reference tables as `ref_…`, the layout's
other CSV files (crosswalks) as text under their names, and may use $delivered_on. It runs in a database of its own that
can reach no other file. A `columns.csv` renames raw columns (see renaming.py), a `views/<name>.sql` is what several
selects share, and a `reference/<table>.sql` makes a reference table from what the delivery holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data import engine, reference, renaming
from data.contract import TABLE_NAMES, Table
from data.delivery import Delivery
from data.engine import Sql, joined, run, sql
from data.faults import Refused, WrongUse, first_line, listed, shown
from data.locating import Found, candidates, examine
from data.reading import Source, open_source, plain

_TEXT = "nullif(trim(cast({key} as varchar)), '') as {name}"
KNOWN = Path(__file__).parent.parent / "queries" / "layouts"


@dataclass(frozen=True)
class Layout:
    """A layout's name, its select for each table it has, its reference CSVs, raw columns and crosswalks."""

    name: str
    selects: dict[str, Path]
    references: Path | None
    columns: tuple[renaming.Wanted, ...] = ()
    crosswalks: tuple[Path, ...] = ()
    views: tuple[Path, ...] = ()


def find(asked: str) -> Layout:
    """The layout of that name under queries/layouts, or at that path. Raises WrongUse when there is none."""
    named = re.fullmatch(r"[A-Za-z0-9_-]+", asked)
    folder = next((f for f in ([KNOWN / asked] if named else []) + [Path(asked)] if f.is_dir()), None)
    if folder is None:
        known = sorted(path.name for path in KNOWN.iterdir() if path.is_dir()) if KNOWN.is_dir() else []
        raise WrongUse(
            f"There is no layout {shown(asked)}: it is neither a folder nor one of the layouts that come with this"
            f" project ({listed(known, 20) if known else 'none yet'})."
        )
    selects = {path.stem.lower(): path for path in sorted(folder.glob("*.sql"))}
    unknown = [path.name for name, path in selects.items() if name not in TABLE_NAMES]
    if unknown:
        tables = ", ".join(TABLE_NAMES)
        raise Refused([f"Layout {folder.name}: {listed(unknown)} is no table of the contract ({tables})."])
    if "enrollments" not in selects:
        raise Refused([f"Layout {folder.name} has no enrollments.sql; every layout gives at least enrollments."])
    own = folder / "reference"
    renames = folder / renaming.FILE
    return Layout(
        folder.resolve().name, selects, own if own.is_dir() else None,
        renaming.read(renames) if renames.is_file() else (),
        tuple(path for path in sorted(folder.glob("*.csv")) if path.name != renaming.FILE),
        tuple(sorted((folder / "views").glob("*.sql"))),
    )  # fmt: skip


def apply(
    layout: Layout, delivery: Delivery, tables: dict[str, Table], known: reference.Reference, work: Path
) -> tuple[Path, dict[str, Source], list[str]]:
    """Runs a layout's selects over a delivery's files: (database file, source by table, faults).

    The sources read the tables `layout.<table>` of that database, to be attached as `layout`.
    """
    database = work / "layout.duckdb"
    connection = engine.connect(work)
    try:
        engine.attach(connection, database, "layout")
        run(connection, "use layout")
        faults, lacking = _load_files(connection, layout, delivery, work)
        sources: dict[str, Source] = {}
        if not faults:
            run(connection, "set enable_external_access = false")
            for path in layout.views:
                faults += _made(connection, layout, path, path.stem.lower(), delivery, kind="view")
            for path in reference.selects(layout.references) if not faults else ():
                faults += _fill_reference(connection, layout, known, path, delivery)
        if not faults:
            reference.write(connection, known, "layout")
            for name, path in layout.selects.items():
                source, trouble = _select(connection, layout, tables[name], path, delivery)
                faults += trouble
                if source is not None:
                    faults += _leave_out(source, tables[name], lacking)
                    sources[name] = source
        run(connection, "use memory")
        engine.detach(connection, "layout")
    finally:
        connection.close()
    return database, sources, faults


def _load_files(
    connection: duckdb.DuckDBPyConnection, layout: Layout, delivery: Delivery, work: Path
) -> tuple[list[str], list[renaming.Wanted]]:
    """Loads the delivery's files and the layout's crosswalks: (faults, wanted columns that no file has)."""
    faults: list[str] = []
    found = candidates(delivery.path)
    if not found:
        return [f"There is no Parquet or CSV file in {delivery.path.name}/."], []
    lacking = {column.name: column for column in layout.columns}
    tables: list[str] = []
    for stem, paths in found.items():
        name = re.sub(r"[^a-z0-9]", "_", stem)
        if len(paths) > 1:
            faults.append(f"{stem} is there more than once: {listed(path.name for path in paths)}. Keep one.")
            continue
        what = examine(name, paths[0], work)
        if isinstance(what, str):
            if paths[0].is_file():
                faults.append(what)
            continue
        has, trouble = _load(connection, what, name, layout.columns)
        faults += trouble
        tables.append(name)
        lacking = {column: wanted for column, wanted in lacking.items() if column not in has}
    if len(tables) == 1 and tables != ["raw"] and not faults:
        run(connection, "create view raw as select * from {name}", name=tables[0])
    for path in layout.crosswalks:
        what = examine(path.stem.lower(), path, work)
        faults += [what] if isinstance(what, str) else _load(connection, what, what.name)[1]
    return faults, list(lacking.values())


def _load(
    connection: duckdb.DuckDBPyConnection, found: Found, name: str, wanted: tuple[renaming.Wanted, ...] = ()
) -> tuple[dict[str, str], list[str]]:
    """Loads one file as the table `name`, only the `wanted` columns and as trimmed text if there are any wanted."""
    has: dict[str, str] = {}
    try:
        keep = {header for each in wanted for header in found.header if renaming.key(header) in each.keys} or None
        source, faults = open_source(connection, found, "as_text", keep)
        if source is not None and wanted:
            has, trouble = renaming.match(wanted, source.header, found.label)
            faults += trouble
        if source is not None and not faults:
            columns = [sql("{key} as {name}", key=key, name=plain(header)) for key, header in source.header.items()]
            if wanted:
                columns = [
                    sql(_TEXT if each.name in has else "cast(null as varchar) as {name}",
                        key=has.get(each.name, ""), name=each.name)
                    for each in wanted
                ]  # fmt: skip
            run(connection, "create table {name} as select {columns} from {rows}", source.parameters,
                name=name, columns=joined(", ", columns), rows=source.relation)  # fmt: skip
        run(connection, "drop table if exists as_text")
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        return has, [f"{found.label} cannot be read: {first_line(error)}"]
    return has, faults


def _made(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    path: Path,
    made: str,
    delivery: Delivery,
    kind: str = "table",
) -> list[str]:
    """Makes the table (or view) `made` from one select of the layout, or says why it cannot."""
    where = f"Layout {layout.name}, {path.name}"
    try:
        statements = duckdb.extract_statements(path.read_text(encoding="utf-8-sig"))
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return [f"{where}: it must be one select, and nothing else."]
        asked = statements[0].named_parameters
        if asked - {"delivered_on"}:
            return [f"{where}: only the parameter $delivered_on is known, not {listed(sorted(asked))}."]
        parameters = {"delivered_on": delivery.delivered_on} if asked else None
        text = Sql(statements[0].query.strip().rstrip(";"))
        run(connection, "create {kind} {made} as (\n{text}\n)", parameters, kind=Sql(kind), made=made, text=text)
    except UnicodeDecodeError:
        return [f"{where}: it is not written in UTF-8."]
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        return [f"{where}: {first_line(error)}"]
    return []


def _select(
    connection: duckdb.DuckDBPyConnection, layout: Layout, table: Table, path: Path, delivery: Delivery
) -> tuple[Source | None, list[str]]:
    made = f"contract_{table.name}"
    if faults := _made(connection, layout, path, made, delivery):
        return None, faults
    source = Source(table.name, f"the layout's {path.name}", sql("layout.{made}", made=made))
    described = run(connection, "describe select * from {rows}", rows=source.relation).fetchall()
    source.header = {name: name for name, *_ in described}
    source.columns = {plain(name): (name, kind) for name, kind, *_ in described}
    known = {column.name for column in table.columns}
    unknown = [name for key, (name, _) in source.columns.items() if key not in known]
    if unknown:
        given = listed(map(shown, unknown))
        return None, [f"Layout {layout.name}, {path.name}: it gives {given}, which the contract does not have."]
    return source, []


def _leave_out(source: Source, table: Table, lacking: list[renaming.Wanted]) -> list[str]:
    """Takes out what cannot be made because the delivery lacks a raw column; a fault where the contract insists."""
    faults = []
    for wanted in lacking:
        lost = [column for column in table.columns if f"{table.name}.{column.name}" in wanted.needed_for]
        for column in lost:
            source.columns.pop(column.name, None)
        faults += [
            f"No column is {wanted.said}, and without it there is no {column.name}."
            for column in lost
            if not column.optional
        ]
    return list(dict.fromkeys(faults))


def _fill_reference(
    connection: duckdb.DuckDBPyConnection, layout: Layout, known: reference.Reference, path: Path, delivery: Delivery
) -> list[str]:
    name = path.stem.lower()
    made = f"reference_{name}"
    if faults := _made(connection, layout, path, made, delivery):
        return faults
    result = run(connection, "select * from {made}", made=made)
    header = [plain(column[0]) for column in result.description or []]
    rows = ({key: "" if cell is None else str(cell) for key, cell in zip(header, row, strict=True)}
            for row in result.fetchall())  # fmt: skip
    return reference.complete(known, name, rows)
