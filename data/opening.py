"""Opens the tables of a delivery: as the contract names them, under a layout's aliases, or as a layout's SQL makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

from data import aliases as alias_files
from data import contract, discover, duckdb_sql, examining, layouts, limits, read_files, reference, tentative
from data.aliases import Aliases
from data.contract import Table
from data.dates import Calendar
from data.delivery import Delivery
from data.discover import Candidate, Inventory
from data.errors import shown
from data.read_files import Source

TARGETS = "targets"


@dataclass
class Opened:
    """The tables of a delivery that could be opened, and sentences: faults refuse it, notices are worth knowing."""

    sources: dict[str, Source] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    table_notices: dict[str, list[str]] = field(default_factory=dict)
    suggested: dict[str, dict[str, str]] = field(default_factory=dict)


def open_delivery(
    connection: Connection, delivery: Delivery, layout: layouts.Layout | None, *, tables: Mapping[str, Table],
    known: reference.Reference, work: Path,
) -> Opened:  # fmt: skip
    """Open every table of a delivery in the working database.

    Args:
        connection: The working database.
        delivery: Where the files are, and the day they are of.
        layout: How another system lays its files out; None for the contract's own.
        tables: The contract's tables, as the layout owes them.
        known: The reference tables; a delivery's own targets take the place of theirs.
        work: A folder for what is unpacked or made.
    """
    most = limits.load()
    if layout and not layout.aliases:
        applied = layouts.apply(layout, delivery, dict(tables), known, work, most)
        duckdb_sql.attach(connection, applied.database, "layout")
        missing = [fault for name, source in applied.sources.items() for fault in read_files.compare(source, tables[name], {})[0]]
        return Opened(applied.sources, [*applied.faults, *missing], applied.notices)
    aliases = layout.aliases if layout and layout.aliases else Aliases()
    stems = [stem.strip().lower() for names in aliases.files.values() for stem in names]
    files = discover.take_inventory(delivery.path, work, most, (*contract.TABLE_NAMES, TARGETS, *stems))
    opened = Opened(faults=files.faults)
    given_targets = {c.entry.label: c.sheet or c.entry.path for c in files.candidates.get(TARGETS, [])}
    faults, notices = reference.replace_targets(known, given_targets, delivered_on=delivery.delivered_on)
    opened.faults += faults
    opened.notices += notices
    for table in tables.values():
        _open_table(connection, opened, table, files, aliases, delivery, is_needed=layout is None)
    _read_tentatively(connection, opened, tables, Calendar(delivery.delivered_on, delivery.time_zone))
    opened.notices += files.notices()
    return opened


def _read_tentatively(connection: Connection, opened: Opened, tables: Mapping[str, Table], calendar: Calendar) -> None:
    """Where the delivery is refused for something, read the rest as its sender seems to have meant it."""
    for name, source in opened.sources.items():
        # A suggestion for an optional column is followed only in a delivery that is refused: nothing guessed is published.
        renamed = tentative.rename(source, opened.suggested[name]) if opened.faults else source
        opened.sources[name], written = tentative.reread(connection, renamed, tables[name], calendar)
        opened.faults += written


def _open_table(
    connection: Connection, opened: Opened, table: Table, files: Inventory, aliases: Aliases, delivery: Delivery,
    *, is_needed: bool,
) -> None:  # fmt: skip
    candidate = _candidate(table, files, aliases)
    if isinstance(candidate, str):
        opened.faults.append(candidate)
        return
    if candidate is None:
        promised = aliases.files.get(table.name, [])
        needed = table.required if is_needed else table.name == "enrollments"
        if promised and table.name not in files.blocked:
            opened.faults.append(f"{table.name} is missing: {alias_files.FILE} says that its file is called"
                                 f" {' or '.join(map(shown, promised))}, and there is none in {delivery.path.name}.")  # fmt: skip
        elif needed and table.name not in files.blocked:
            hint = " For files from another system: python -m data layout new NAME --from FILES" if files.unread else ""
            opened.faults.append(files.missing(table.name, delivery.path.name) + hint)
        return
    examined = examining.examine(table.name, candidate, files, alias_files.known_header(table, aliases))
    if isinstance(examined, list):
        opened.faults += examined
        return
    source, trouble = read_files.open_source(connection, examined, f"raw_{table.name}")
    opened.faults += trouble
    if source is None:
        return
    source, faults = alias_files.apply(source, table, aliases)
    suggested = tentative.suggested(source, table)
    differences, notices = read_files.compare(source, table, suggested)
    opened.faults += [*faults, *differences]
    opened.sources[table.name] = source
    opened.suggested[table.name] = suggested
    opened.table_notices[table.name] = [*source.notices, *notices]


def _candidate(table: Table, files: Inventory, aliases: Aliases) -> Candidate | str | None:
    """The file of a table by its own name or by another that the aliases say; a sentence where there are several."""
    for stem in aliases.files.get(table.name, []):
        for candidate in files.candidates.pop(stem.strip().lower(), []):
            files.add(table.name, candidate)
    return files.single(table.name)
