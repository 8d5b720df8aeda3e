"""Check a delivery: read and cast it, find duplicates and conflicts, apply the rules, count everything.

Afterwards, the working database has for each table: `typed_<table>` (every row read, with `row_id`), a view `<table>` over
it, `set_aside_<table>` (row_id, reasons; no reason = exact duplicate) and the view `accepted_<table>`. It
also has the `…_names` and `ref_…` tables.
"""

from __future__ import annotations

import logging
from pathlib import Path

import duckdb

from data import (
    cast_columns,
    cast_faults,
    column_checks,
    contract,
    duckdb_sql,
    layouts,
    macros,
    match_names,
    opening,
    problems,
    quarantine,
    read_files,
    reference,
    residents,
    spelling,
)
from data.cast_columns import Cast
from data.checked import Checked
from data.contract import Column
from data.dates import Calendar
from data.delivery import Delivery
from data.duckdb_sql import Sql
from data.errors import listed, log_line
from data.match_names import Names
from data.progress import Progress, silent
from data.quarantine import Limits
from data.read_files import Source
from data.report import Report, TableReport
from data.typed_rows import MakeRows, RowsHere, TypedRows

log = logging.getLogger("dashboard.data")
MOST_QUARANTINED = 2.0
_SMALL = 4_000_000  # bytes of a delivery that is planned as one of few rows
# Rules that mean nothing if a layout does not supply the column that they need.
_NEEDS = {
    "started without being enrolled": ("enrollments", "enrolled_on"),
    "exit of an application that was never enrolled": ("enrollments", "enrolled_on"),
    "credential_on without a credential": ("completions", "credential"),
    "no such enrollment in the delivery": ("enrollments", "enrollment_id"),
}


def check(
    delivery: Delivery, *, layout: layouts.Layout | None, work: Path, most_quarantined: float = MOST_QUARANTINED,
    progress: Progress = silent, make_rows: MakeRows = RowsHere,
) -> Checked:  # fmt: skip
    """Check a delivery. Faults in the files never raise; they are in the report.

    Args:
        delivery: The delivery.
        layout: The layout that reads it.
        work: A folder for the working database.
        most_quarantined: The largest share of quarantined rows in a table, in percent.
        progress: Called at each step.
        make_rows: Where the rows are cast and judged.
    """
    day = delivery.delivered_on.isoformat()
    report = Report(day, day, layout.name if layout else None, delivery.is_synthetic, notices=list(delivery.notices))
    report.tables = {name: TableReport() for name in contract.TABLE_NAMES}
    known = reference.load(layout.references if layout else None)
    tables = contract.tables(reference.group_columns(known))
    if layout:
        tables = {name: contract.for_layout(table) for name, table in tables.items()}
    connection = duckdb_sql.connect(work, reads_few_rows=delivery.size < _SMALL)
    checked = Checked(connection, delivery, known, report, tables)
    checked.earliest = layout.earliest if layout else contract.EARLIEST
    try:
        _check(checked, layout, work, progress, make_rows)
    except BaseException:
        connection.close()
        raise
    _judge(report, most_quarantined)
    report.problems = problems.find(checked)
    report.hide_identities()
    return checked


def _check(
    checked: Checked, layout: layouts.Layout | None, work: Path, progress: Progress, make_rows: MakeRows
) -> None:  # fmt: skip
    connection, delivery, tables = checked.connection, checked.delivery, checked.tables
    if delivery.in_place:
        delivery.in_place.attach(connection)
    duckdb_sql.attach(connection, work / "work.duckdb", "work")
    connection.execute("use work")
    macros.define(connection)
    progress(f"Applying the layout {layout.name}" if layout else "Opening the files")
    _open(checked, layout, work)
    reference.write(connection, checked.known, "work")
    calendar = Calendar(delivery.delivered_on, delivery.time_zone)
    plans = {name: cast_columns.plan(source, tables[name], calendar) for name, source in checked.sources.items()}
    casts = {name: _usable(checked.sources[name], *plan) for name, plan in plans.items()}
    rows = make_rows(checked, casts, work, progress)
    for name in contract.TABLE_NAMES:
        progress(f"Reading {name}")
        if name not in plans or not _read(checked, rows, name, casts[name], plans[name][1]):
            rows.make_empty(name)
    _note_columns(checked, casts, rows)
    _apply_rules(checked, rows, progress)


def _open(checked: Checked, layout: layouts.Layout | None, work: Path) -> None:
    report = checked.report
    delivered = opening.open_delivery(
        checked.connection, checked.delivery, layout, tables=checked.tables, known=checked.known, work=work
    )
    checked.sources = delivered.sources
    report.faults += delivered.faults
    report.notices += delivered.notices
    for name, source in checked.sources.items():
        report.tables[name].notices += delivered.table_notices.get(name, [])
        report.tables[name].supplied = True
        report.tables[name].skipped = source.skipped


def _usable(source: Source, casts: list[Cast], impossible: list[tuple[Column, str, str]]) -> list[Cast]:
    lost = {column.name for column, *_ in impossible}
    return [
        cast
        if cast.column.name in source.columns and cast.column.name not in lost
        else cast_columns.without_value(cast)
        for cast in casts
    ]


def _read(
    checked: Checked, rows: TypedRows, name: str, casts: list[Cast], impossible: list[tuple[Column, str, str]]
) -> bool:
    """Cast a table whatever columns are missing. Returns False if the file cannot be read to its end.

    A column that cannot be used is one fault for the table. Its rows are not excluded for it.
    """
    connection, report, source = checked.connection, checked.report, checked.sources[name]
    try:
        rows.cast(name, casts)
        unreadable = cast_faults.wholly_unreadable(connection, source, casts, rows.count)
        if unreadable:
            casts = [cast_columns.without_value(cast) if cast.column.name in unreadable else cast for cast in casts]
            rows.cast(name, casts)
        (number,) = rows.count(name, [Sql("true")])
        report.faults += [*cast_faults.impossible_faults(connection, source, impossible), *unreadable.values()]
    except duckdb.Error as error:
        if duckdb_sql.is_full(error):
            raise
        log.info("%s cannot be read to its end: %s", name, log_line(error))
        report.faults.append(f"{name}: {source.label} is damaged and cannot be read to its end. Send it again.")
        return False
    checked.unusable[name] = {cast.column.name for cast in casts if cast.is_unusable or not number}
    report.tables[name].read = number
    report.faults += read_files.miscounted(source, number)
    report.faults += column_checks.zero_characters(source, checked.tables[name], rows.count)
    if number == 0 and name == "enrollments":
        report.faults.append(f"{name}: {source.label} has no rows.")
    elif number == 0:
        report.tables[name].notices.append(f"{source.label} has a header but no rows, so it counts zero.")
    return True


def _note_columns(checked: Checked, casts: dict[str, list[Cast]], rows: TypedRows) -> None:
    """Add notices about the columns, and unify spellings that differ in case and white space."""
    report = checked.report
    for name, table_casts in casts.items():
        report.faults += column_checks.shortened_ids(checked.connection, checked.sources[name], table_casts, rows.count)
    checked.empty = column_checks.not_supplied(
        rows.count, checked.sources, checked.tables, delivered_on=checked.delivery.delivered_on,
        groups=reference.group_columns(checked.known),
    )  # fmt: skip
    for name, table_casts in casts.items():
        notices = report.tables[name].notices
        notices += column_checks.notices(name, table_casts, rows.count, checked.empty[name])
        for column in (cast.column for cast in table_casts if spelling.is_free(cast.column)):
            if spellings := rows.spellings(name, column.name):
                rows.unify(name, column.name, spellings)
                notices.append(spelling.notice(column.name, spellings))


def _apply_rules(checked: Checked, rows: TypedRows, progress: Progress) -> None:
    report = checked.report
    progress("Matching names")
    names: dict[str, Names] = {}
    for vocabulary in (*contract.REFERENCED, *contract.CLOSED):
        allowed = reference.names(checked.known, vocabulary)
        names[vocabulary], unknown = match_names.match(checked.tables.values(), vocabulary, allowed, rows.values)
        for name, columns in unknown.items():
            for column in columns:
                report.tables[name].notices += match_names.notices(column, vocabulary, allowed)
    limits = Limits(
        delivered_on=checked.delivery.delivered_on, earliest=checked.earliest, skipped=_meaningless(checked)
    )
    conflicts = rows.decide(names, limits)
    for name, table in checked.tables.items():
        if conflicts[name].number:
            report.faults.append(conflicts[name].sentence(table))
        quarantine.count(checked.connection, name, report.tables[name], rows.accepted(name))
    report.tables["enrollments"].notices += residents.notices(rows.differing(), checked.known["groups"])
    report.tables["enrollments"].notices += residents.alike_notice(rows.alike())


def _meaningless(checked: Checked) -> frozenset[str]:
    """Return the reasons that need a column which is not supplied or cannot be read."""
    return frozenset(
        reason for reason, (table, column) in _NEEDS.items() if column in checked.unusable.get(table, {column})
    )


def _judge(report: Report, most_quarantined: float) -> None:
    for name, counts in report.tables.items():
        reported = (quarantine.CONFLICT.format(key=contract.KEYS[name]), quarantine.EXAMPLE_ROW)
        others = {reason: rows for reason, rows in counts.reasons.items() if reason not in reported}
        excluded = counts.quarantined - sum(counts.reasons.get(reason, 0) for reason in reported)
        if 100 * excluded > most_quarantined * counts.read:
            share = 100 * excluded / counts.read
            top = listed((f"{reason} ({rows:,})" for reason, rows in others.items()), 3)
            report.faults.append(
                f"{name}: {excluded:,} of {counts.read:,} rows ({share:.1f}%) would be excluded,"
                f" more than the {most_quarantined:g}% allowed. Most frequent: {top}. To allow more, use --max-quarantined."
            )
