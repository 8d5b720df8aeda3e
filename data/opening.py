"""Open a delivery's tables: as the contract names them, with a layout's aliases, or from a layout's SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

from data import aliases as alias_files
from data import (
    cast_faults,
    column_checks,
    contract,
    discover,
    duckdb_sql,
    examining,
    layouts,
    limits,
    midnights,
    physical,
    read_files,
    reference,
    tentative,
)
from data.aliases import Aliases
from data.contract import Table
from data.dates import Calendar
from data.delivery import Delivery
from data.discover import Candidate, Inventory
from data.duckdb_sql import fetch_row, literal, sql
from data.errors import shown
from data.read_files import Source

TARGETS = "targets"
_AMOUNT = "amount"  # hourly wages may well have three decimals
_GROUPED = literal(r"[+-]?[1-9][0-9]{0,2}([.][0-9]{3})+(,[0-9]+)?")


@dataclass
class Opened:
    """The tables that could be opened, with faults, which refuse the delivery, and notices."""

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
        delivery: The delivery's path and date.
        layout: The layout; None for the contract's own.
        tables: The contract's tables, as the layout must supply them.
        known: The reference tables. A delivery's own targets replace theirs.
        work: A folder for unpacked and converted files.
    """
    size_limits = limits.load()
    if layout and not layout.aliases:
        applied = layouts.apply(layout, delivery, tables=tables, known=known, work=work, limits=size_limits)
        duckdb_sql.attach(connection, applied.database, "layout")
        missing = [
            fault
            for name, source in applied.sources.items()
            for fault in column_checks.compare(source, tables[name], {})[0]
        ]
        return Opened(applied.sources, [*applied.faults, *missing], applied.notices)
    aliases = layout.aliases if layout and layout.aliases else Aliases()
    stems = [stem.strip().lower() for names in aliases.files.values() for stem in names]
    files = discover.take_inventory(delivery.path, work, size_limits, (*contract.TABLE_NAMES, TARGETS, *stems))
    opened = Opened(faults=files.faults)
    given_targets = {c.entry.label: c.sheet or c.entry.path for c in files.candidates.get(TARGETS, [])}
    faults, notices = reference.replace_targets(known, given_targets, delivered_on=delivery.delivered_on)
    opened.faults += faults
    opened.notices += notices
    for table in tables.values():
        _open_table(connection, opened, table, files, aliases=aliases, delivery=delivery, is_needed=layout is None)
    _read_tentatively(connection, opened, tables, Calendar(delivery.delivered_on, delivery.time_zone))
    opened.notices += files.notices()
    return opened


def _read_tentatively(connection: Connection, opened: Opened, tables: Mapping[str, Table], calendar: Calendar) -> None:
    """Read a refused delivery as its sender seems to have meant it, to find the remaining faults."""
    for name, source in opened.sources.items():
        # A suggested column is used only in a delivery that is refused, so that no guess is published.
        renamed = tentative.rename(source, opened.suggested[name]) if opened.faults else source
        opened.sources[name], written = tentative.reread(connection, renamed, tables[name], calendar)
        opened.faults += written + _thousands_points(connection, opened.sources[name])
        opened.sources[name], notices = midnights.read_as_days(connection, opened.sources[name], tables[name], calendar)
        opened.table_notices[name] += notices


def _open_table(
    connection: Connection, opened: Opened, table: Table, files: Inventory, *, aliases: Aliases, delivery: Delivery,
    is_needed: bool,
) -> None:  # fmt: skip
    candidate = _candidate(table, files, aliases)
    if isinstance(candidate, str):
        opened.faults.append(candidate)
        return
    if candidate is None:
        promised = aliases.files.get(table.name, [])
        needed = table.required if is_needed else table.name == "enrollments"
        if promised and table.name not in files.blocked:
            opened.faults.append(f"{table.name} is missing: {alias_files.FILE} names its file"
                                 f" {' or '.join(map(shown, promised))}, but {delivery.path.name} does not have it.")  # fmt: skip
        elif needed and table.name not in files.blocked:
            hint = " For files from another system: python -m data layout new NAME --from FILES" if files.unread else ""
            opened.faults.append(files.missing(table.name, delivery.path.name) + hint)
        return
    examined = examining.examine(table.name, candidate, files, alias_files.known_header(table, aliases))
    if isinstance(examined, list):
        opened.faults += examined
        return
    if in_place := delivery.in_place:
        parts = (replace(part, remote=in_place.at(part.path)) for part in examined.parts)
        examined = replace(examined, parts=tuple(parts))
    source, trouble = read_files.open_source(connection, examined, f"raw_{table.name}")
    opened.faults += trouble
    if source is None:
        return
    source, faults = alias_files.apply(source, table, aliases)
    suggested = tentative.suggested(source, table)
    differences, notices = column_checks.compare(source, table, suggested)
    opened.faults += [*faults, *differences]
    opened.sources[table.name] = source
    opened.suggested[table.name] = suggested
    opened.table_notices[table.name] = [*source.notices, *notices]


def _candidate(table: Table, files: Inventory, aliases: Aliases) -> Candidate | str | None:
    """Return a table's file by the table's name or an alias, or a sentence if there are several."""
    for stem in aliases.files.get(table.name, []):
        for candidate in files.candidates.pop(stem.strip().lower(), []):
            files.add(table.name, candidate)
    return files.single(table.name)


def _thousands_points(connection: Connection, source: Source) -> list[str]:
    """Return a fault for amounts as text of which each with a point has it before three digits, as between thousands in most of Europe.

    `1.234` would be read as $1.23. Where some have one or two decimals, the point is for decimals, and `1.234` is a dollar and 23.4 cents.
    """
    key, kind = source.columns.get(_AMOUNT, ("", ""))
    if kind != "VARCHAR":
        return []
    text = physical.trimmed(sql("s.{key}", key=key), kind)
    has_point = sql("contains({text}, '.')", text=text)
    is_grouped = sql("regexp_full_match({text}, {grouped})", text=text, grouped=_GROUPED)
    (are_grouped,) = fetch_row(
        connection,
        "select coalesce(bool_and({is_grouped}) filter (where {has_point}), false) from {rows} as s",
        source.parameters,
        is_grouped=is_grouped,
        has_point=has_point,
        rows=source.relation,
    )
    if not are_grouped:
        return []
    given = sql("case when {has_point} then {text} end", has_point=has_point, text=text)
    value, place = cast_faults.first_given(connection, source, given) or ("", "")
    return [
        f"{source.table}: {_AMOUNT} may have points between thousands: {shown(value)} in {place}. "
        "No amount with a point has one or two decimals. Write 1234.50, without points between thousands."
    ]
