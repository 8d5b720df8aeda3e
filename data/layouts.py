"""Layouts: folders of SQL that turn another system's files into the contract's tables.

`<layout>/<table>.sql` is one select. It sees the delivery's files as tables named after them (lower case, other
characters than letters and digits as `_`; a single file also as `raw`), the reference tables as `ref_…`, the layout's
other CSV files (crosswalks) as text under their names, and may use $delivered_on. It runs in a database of its own that
can reach no other file. Its column `set_aside`, where it has one, says of a row why it does not count. A `columns.csv` renames raw columns (see renaming.py), a `views/<name>.sql` is what several
selects share, and a `reference/<table>.sql` makes a reference table from what the delivery holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from data import aliases, column_map, contract, duckdb_sql, layout_settings, raw_files, reference
from data.aliases import Aliases
from data.contract import TABLE_NAMES, Table
from data.delivery import Delivery
from data.duckdb_sql import run, sql
from data.errors import Refused, WrongUse, listed, shown
from data.limits import Limits
from data.read_files import Source, plain
from data.selects import Select

SET_ASIDE = "set_aside"  # the column in which a select says why a row does not count
KNOWN = Path(__file__).parent.parent / "queries" / "layouts"


@dataclass(frozen=True)
class Layout:
    """A layout's name, its select for each table it has, its reference CSVs, raw columns and crosswalks."""

    name: str
    selects: dict[str, Path]
    references: Path | None
    columns: tuple[column_map.Wanted, ...] = ()
    crosswalks: tuple[Path, ...] = ()
    views: tuple[Path, ...] = ()
    settings: layout_settings.Settings = field(default_factory=layout_settings.Settings)
    aliases: Aliases | None = None

    @property
    def earliest(self) -> date:
        """The date before which a date is a mistake."""
        return self.settings.earliest


@dataclass
class Applied:
    """What a layout made of a delivery: tables `layout.<table>` of a database file, to be attached as `layout`."""

    database: Path
    sources: dict[str, Source]
    faults: list[str]
    notices: list[str]


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
    own = folder / "reference"
    if (folder / aliases.FILE).exists():
        return _with_aliases(folder, own if own.is_dir() else None, selects)
    if "enrollments" not in selects:
        raise Refused([f"Layout {folder.name} has no {aliases.FILE} and no enrollments.sql; every layout gives at least"
                       " enrollments."])  # fmt: skip
    renames = folder / column_map.FILE
    return Layout(
        folder.resolve().name, selects, own if own.is_dir() else None,
        column_map.read(renames) if renames.exists() else (),
        tuple(path for path in sorted(folder.glob("*.csv")) if path.name != column_map.FILE),
        tuple(sorted((folder / "views").glob("*.sql"))),
        layout_settings.read(folder),
    )  # fmt: skip


def _with_aliases(folder: Path, own: Path | None, selects: Iterable[str]) -> Layout:
    """A layout that only calls things by other names."""
    if others := [*(f"{name}.sql" for name in selects), *(n for n in (column_map.FILE, "views") if (folder / n).exists())]:
        raise Refused([f"Layout {folder.name} has {aliases.FILE} and also {listed(others)}: SQL can do what aliases do, so keep"
                       " one or the other."])  # fmt: skip
    groups = reference.group_columns(reference.load(own))
    names = aliases.read(folder / aliases.FILE, contract.tables(groups))
    return Layout(folder.resolve().name, {}, own, settings=layout_settings.read(folder), aliases=names)


def apply(
    layout: Layout, delivery: Delivery, tables: dict[str, Table], known: reference.Reference, work: Path, most: Limits
) -> Applied:
    """Run a layout's selects over a delivery's files, each limited to `most`."""
    made = Applied(work / "layout.duckdb", {}, [], [])
    connection = duckdb_sql.connect(work)
    try:
        duckdb_sql.attach(connection, made.database, "layout")
        run(connection, "use layout")
        loaded = raw_files.load(
            connection, delivery.path, work, most, wanted=layout.columns, crosswalks=layout.crosswalks,
            hint=layout.settings.header_hint,
        )  # fmt: skip
        made.faults, made.notices = loaded.faults, loaded.notices
        if not made.faults:
            run(connection, "set enable_external_access = false")
            _run_selects(connection, layout, delivery, tables, known, loaded, made)
        run(connection, "use memory")
        duckdb_sql.detach(connection, "layout")
    finally:
        connection.close()
    return made


def _run_selects(
    connection: duckdb.DuckDBPyConnection, layout: Layout, delivery: Delivery, tables: dict[str, Table],
    known: reference.Reference, loaded: raw_files.Loaded, made: Applied,
) -> None:  # fmt: skip
    select = Select(connection, layout.name, delivery.delivered_on, loaded.tables)
    for path in layout.views:
        made.faults += select.make(path, path.stem.lower(), kind="view")
    for path in reference.selects(layout.references) if not made.faults else ():
        made.faults += _fill_reference(select, known, path)
    if made.faults:
        return
    reference.write(connection, known, "layout")
    for name, path in layout.selects.items():
        source, trouble = _select(select, tables[name], path)
        made.faults += trouble
        if source is not None:
            made.faults += _leave_out(source, tables[name], loaded.lacking)
            made.sources[name] = source


def _select(select: Select, table: Table, path: Path) -> tuple[Source | None, list[str]]:
    made = f"contract_{table.name}"
    if faults := select.make(path, made):
        return None, faults
    source = Source(table.name, f"the layout's {path.name}", sql("layout.{made}", made=made))
    described = run(select.connection, "describe select * from {rows}", rows=source.relation).fetchall()
    source.header = {name: name for name, *_ in described}
    source.columns = {plain(name): (name, kind) for name, kind, *_ in described}
    if SET_ASIDE in source.columns:
        source.set_aside, _ = source.columns.pop(SET_ASIDE)
    known = {column.name for column in table.columns}
    unknown = [name for key, (name, _) in source.columns.items() if key not in known]
    if unknown:
        given = listed(map(shown, unknown))
        return None, [f"Layout {select.layout}, {path.name}: it gives {given}, which the contract does not have."]
    return source, []


def _leave_out(source: Source, table: Table, lacking: list[column_map.Wanted]) -> list[str]:
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


def _fill_reference(select: Select, known: reference.Reference, path: Path) -> list[str]:
    name = path.stem.lower()
    made = f"reference_{name}"
    if faults := select.make(path, made):
        return faults
    result = run(select.connection, "select * from {made}", made=made)
    header = [plain(column[0]) for column in result.description or []]
    rows = ({key: "" if cell is None else str(cell) for key, cell in zip(header, row, strict=True)}
            for row in result.fetchall())  # fmt: skip
    return reference.complete(known, name, rows)
