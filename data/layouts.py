"""Layouts: folders of SQL that turn another system's files into the contract's tables.

`<layout>/<table>.sql` is one select. It sees the delivery's files as tables named after them (lower case, other
characters than letters and digits as `_`; a single file also as `raw`), the reference tables as `ref_…`, and may use
$delivered_on. It runs in a database of its own that can reach no other file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data import engine, reference
from data.contract import TABLE_NAMES, Table
from data.delivery import Delivery
from data.engine import Sql, joined, run, sql
from data.faults import Refused, WrongUse, first_line, listed, shown
from data.locating import Found, candidates, examine
from data.reading import Source, open_source, plain

KNOWN = Path(__file__).parent.parent / "queries" / "layouts"


@dataclass(frozen=True)
class Layout:
    """A layout's name, its select for each table it has, and its own reference CSVs."""

    name: str
    selects: dict[str, Path]
    references: Path | None


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
    return Layout(folder.resolve().name, selects, own if own.is_dir() else None)


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
        reference.write(connection, known, "layout")
        faults = _load_files(connection, delivery, work)
        sources: dict[str, Source] = {}
        if not faults:
            run(connection, "set enable_external_access = false")
            for name, path in layout.selects.items():
                source, trouble = _select(connection, layout, tables[name], path, delivery)
                faults += trouble
                if source is not None:
                    sources[name] = source
        run(connection, "use memory")
        engine.detach(connection, "layout")
    finally:
        connection.close()
    return database, sources, faults


def _load_files(connection: duckdb.DuckDBPyConnection, delivery: Delivery, work: Path) -> list[str]:
    faults: list[str] = []
    found = candidates(delivery.path)
    if not found:
        return [f"There is no Parquet or CSV file in {delivery.path.name}/."]
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
        faults += _load(connection, what, name)
        if delivery.path.is_file() and name != "raw" and not faults:
            run(connection, "create view raw as select * from {name}", name=name)
    return faults


def _load(connection: duckdb.DuckDBPyConnection, found: Found, name: str) -> list[str]:
    try:
        source, faults = open_source(connection, found, "as_text")
        if source is not None:
            columns = (sql("{key} as {name}", key=key, name=plain(header)) for key, header in source.header.items())
            run(connection, "create table {name} as select {columns} from {rows}", source.parameters,
                name=name, columns=joined(", ", columns), rows=source.relation)  # fmt: skip
        run(connection, "drop table if exists as_text")
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        return [f"{found.label} cannot be read: {first_line(error)}"]
    return faults


def _select(
    connection: duckdb.DuckDBPyConnection, layout: Layout, table: Table, path: Path, delivery: Delivery
) -> tuple[Source | None, list[str]]:
    where, made = f"Layout {layout.name}, {path.name}", f"contract_{table.name}"
    try:
        statements = duckdb.extract_statements(path.read_text(encoding="utf-8-sig"))
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return None, [f"{where}: it must be one select, and nothing else."]
        asked = statements[0].named_parameters
        if asked - {"delivered_on"}:
            return None, [f"{where}: only the parameter $delivered_on is known, not {listed(sorted(asked))}."]
        parameters = {"delivered_on": delivery.delivered_on} if asked else None
        text = Sql(statements[0].query.strip().rstrip(";"))
        run(connection, "create table {made} as (\n{text}\n)", parameters, made=made, text=text)
    except UnicodeDecodeError:
        return None, [f"{where}: it is not written in UTF-8."]
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        return None, [f"{where}: {first_line(error)}"]
    source = Source(table.name, f"the layout's {path.name}", sql("layout.{made}", made=made))
    described = run(connection, "describe select * from {rows}", rows=source.relation).fetchall()
    source.header = {name: name for name, *_ in described}
    source.columns = {plain(name): (name, kind) for name, kind, *_ in described}
    known = {column.name for column in table.columns}
    unknown = [name for key, (name, _) in source.columns.items() if key not in known]
    if unknown:
        return None, [f"{where}: it gives {listed(map(shown, unknown))}, which the contract does not have."]
    return source, []
