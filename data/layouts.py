"""Layouts: folders of SQL that convert another system's files to the contract's tables.

`<layout>/<table>.sql` is one select. It can read:
    the delivery's files, as tables with their names (lower case, characters other than letters and digits as `_`; a
        single file also as `raw`),
    the reference tables, as `ref_…`,
    the layout's other CSV files (crosswalks), as text under their names,
    and $delivered_on.
It runs in a separate database without access to other files. If it has a column `set_aside`, that column gives the reason
why a row does not count.

A `columns.csv` renames raw columns (see column_map.py), a `views/<name>.sql` is shared by several selects, and a
`reference/<table>.sql` makes a reference table from the delivery's content.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from data import aliases, column_map, contract, duckdb_sql, raw_files, reference, regular
from data.aliases import Aliases
from data.column_names import plain
from data.contract import EARLIEST, TABLE_NAMES, Table
from data.delivery import Delivery
from data.duckdb_sql import run, sql
from data.errors import RefusedError, UsageError, listed, shown
from data.limits import Limits
from data.read_files import Source
from data.selects import Select
from data.sentences import validation_sentences

SETTINGS = "settings.toml"
SET_ASIDE = "set_aside"  # the column in which a select says why a row does not count
KNOWN = Path(__file__).parent.parent / "queries" / "layouts"


class Settings(BaseModel):
    """settings.toml of a layout: what differs from the contract's rules, and hints about its files.

    Attributes:
        earliest_date: Earlier dates are excluded as mistakes.
        header_hint: What to do when the first line of a file is not a header.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    earliest_date: date = EARLIEST
    header_hint: str = ""


@dataclass(frozen=True)
class Layout:
    """A layout: its select for each table, reference files, raw columns, crosswalks, views, settings and aliases."""

    name: str
    selects: dict[str, Path]
    references: Path | None
    columns: tuple[column_map.RawColumn, ...] = ()
    crosswalks: tuple[Path, ...] = ()
    views: tuple[Path, ...] = ()
    settings: Settings = field(default_factory=Settings)
    aliases: Aliases | None = None

    @property
    def earliest(self) -> date:
        """The date before which a date is a mistake."""
        return self.settings.earliest_date


@dataclass
class Applied:
    """The result of a layout: tables `layout.<table>` in a database file, to be attached as `layout`."""

    database: Path
    sources: dict[str, Source]
    faults: list[str]
    notices: list[str]


def find(name_or_path: str) -> Layout:
    """Return the layout with that name under queries/layouts, or at that path.

    Raises:
        UsageError: There is no such layout.
        RefusedError: The layout has mistakes.
    """
    is_name = re.fullmatch(r"[A-Za-z0-9_-]+", name_or_path)
    folder = next((f for f in ([KNOWN / name_or_path] if is_name else []) + [Path(name_or_path)] if f.is_dir()), None)
    if folder is None:
        known = sorted(path.name for path in KNOWN.iterdir() if path.is_dir()) if KNOWN.is_dir() else []
        raise UsageError(
            f"There is no layout {shown(name_or_path)}. It is neither a folder nor one of this project's layouts"
            f" ({listed(known, 20) if known else 'none yet'})."
        )
    selects = {path.stem.lower(): path for path in sorted(folder.glob("*.sql"))}
    unknown = [path.name for name, path in selects.items() if name not in TABLE_NAMES]
    if unknown:
        tables = ", ".join(TABLE_NAMES)
        raise RefusedError([f"Layout {folder.name}: {listed(unknown)} is not a table of the contract ({tables})."])
    references = folder / "reference"
    if (folder / aliases.FILE).exists():
        return _with_aliases(folder, references if references.is_dir() else None, selects)
    if "enrollments" not in selects:
        raise RefusedError([f"Layout {folder.name} has neither {aliases.FILE} nor enrollments.sql. Every layout must supply"
                       " enrollments."])  # fmt: skip
    renames = folder / column_map.FILE
    return Layout(
        folder.resolve().name, selects, references if references.is_dir() else None,
        column_map.read(renames) if renames.exists() else (),
        tuple(path for path in sorted(folder.glob("*.csv")) if path.name != column_map.FILE),
        tuple(sorted((folder / "views").glob("*.sql"))),
        _read_settings(folder),
    )  # fmt: skip


def _with_aliases(folder: Path, references: Path | None, selects: Iterable[str]) -> Layout:
    """Return a layout that consists of aliases only."""
    if others := [
        *(f"{name}.sql" for name in selects),
        *(n for n in (column_map.FILE, "views") if (folder / n).exists()),
    ]:
        raise RefusedError([f"Layout {folder.name} has both {aliases.FILE} and {listed(others)}. Keep the aliases or the SQL, not"
                       " both."])  # fmt: skip
    groups = reference.group_columns(reference.load(references))
    names = aliases.read(folder / aliases.FILE, contract.tables(groups))
    return Layout(folder.resolve().name, {}, references, settings=_read_settings(folder), aliases=names)


def apply(
    layout: Layout,
    delivery: Delivery,
    *,
    tables: Mapping[str, Table],
    known: reference.Reference,
    work: Path,
    limits: Limits,
) -> Applied:
    """Run a layout's selects over a delivery's files."""
    applied = Applied(work / "layout.duckdb", {}, [], [])
    connection = duckdb_sql.connect(work)
    try:
        duckdb_sql.attach(connection, applied.database, "layout")
        run(connection, "use layout")
        loaded = raw_files.load(
            connection, delivery.path, work, limits, wanted=layout.columns, crosswalks=layout.crosswalks,
            hint=layout.settings.header_hint,
        )  # fmt: skip
        applied.faults, applied.notices = loaded.faults, loaded.notices
        if not applied.faults:
            run(connection, "set enable_external_access = false")
            select = Select(connection, layout.name, delivery.delivered_on, loaded.tables)
            _run_selects(select, layout, applied, tables=tables, known=known, lacking=loaded.lacking)
        run(connection, "use memory")
        duckdb_sql.detach(connection, "layout")
    finally:
        connection.close()
    return applied


def _run_selects(
    select: Select, layout: Layout, applied: Applied, *, tables: Mapping[str, Table], known: reference.Reference,
    lacking: list[column_map.RawColumn],
) -> None:  # fmt: skip
    for path in layout.views:
        applied.faults += select.make(path, path.stem.lower(), kind="view")
    for path in reference.selects(layout.references) if not applied.faults else ():
        applied.faults += _fill_reference(select, known, path)
    if applied.faults:
        return
    reference.write(select.connection, known, "layout")
    for name, path in layout.selects.items():
        source, trouble = _select(select, tables[name], path)
        applied.faults += trouble
        if source is not None:
            applied.faults += _leave_out(source, tables[name], lacking)
            applied.sources[name] = source


def _select(select: Select, table: Table, path: Path) -> tuple[Source | None, list[str]]:
    target = f"contract_{table.name}"
    if faults := select.make(path, target):
        return None, faults
    source = Source(table.name, f"the layout's {path.name}", sql("layout.{target}", target=target))
    described = run(select.connection, "describe select * from {rows}", rows=source.relation).fetchall()
    source.header = {name: name for name, *_ in described}
    source.columns = {plain(name): (name, kind) for name, kind, *_ in described}
    if SET_ASIDE in source.columns:
        source.set_aside, _ = source.columns.pop(SET_ASIDE)
    known = {column.name for column in table.columns}
    unknown = [name for key, (name, _) in source.columns.items() if key not in known]
    if unknown:
        given = listed(map(shown, unknown))
        return None, [f"Layout {select.layout}, {path.name}: it returns {given}, which the contract does not have."]
    return source, []


def _leave_out(source: Source, table: Table, lacking: list[column_map.RawColumn]) -> list[str]:
    """Remove columns that cannot be filled because a raw column is missing. Returns a fault for each required one."""
    faults = []
    for wanted in lacking:
        lost = [column for column in table.columns if f"{table.name}.{column.name}" in wanted.needed_for]
        for column in lost:
            source.columns.pop(column.name, None)
        faults += [
            f"There is no column {wanted.label}, which {column.name} needs." for column in lost if not column.optional
        ]
    return list(dict.fromkeys(faults))


def _fill_reference(select: Select, known: reference.Reference, path: Path) -> list[str]:
    name = path.stem.lower()
    target = f"reference_{name}"
    if faults := select.make(path, target):
        return faults
    result = run(select.connection, "select * from {target}", target=target)
    header = [plain(column[0]) for column in result.description or []]
    rows = ({key: "" if cell is None else str(cell) for key, cell in zip(header, row, strict=True)}
            for row in result.fetchall())  # fmt: skip
    return reference.complete(known, name, rows)


def _read_settings(folder: Path) -> Settings:
    """Return the settings of the layout in a folder, or the defaults if it has no settings.toml.

    Raises:
        RefusedError: The file has mistakes, with one sentence for each.
    """
    path, label = folder / SETTINGS, f"{SETTINGS} of the layout {folder.resolve().name}"
    if not path.exists() and not path.is_symlink():
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(regular.read_text(path, label)))
    except tomllib.TOMLDecodeError:
        raise RefusedError(
            [f"{label} is not valid TOML. Write one name = value per line, with text in quotation marks."]
        ) from None
    except ValidationError as error:
        raise RefusedError(validation_sentences(error, label)) from None
