"""Check a delivery: read and cast it, find duplicates and conflicts, apply the rules, count everything.

Afterwards, the working database has for each table: `typed_<table>` (every row read, in file order), a view `<table>` over
it with `row_id`, `set_aside_<table>` (row_id, reasons; no reason = exact duplicate) and the view `accepted_<table>`. It
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
    dictionary_encode,
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
    table_checks,
)
from data.cast_columns import Cast
from data.checked import Checked
from data.contract import Column, Table
from data.dates import Calendar
from data.delivery import Delivery
from data.duckdb_sql import Sql, fetch_row, joined, run, sql
from data.errors import listed, log_line
from data.progress import Progress, silent
from data.read_files import Source
from data.report import Report, TableReport

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
    progress: Progress = silent,
) -> Checked:  # fmt: skip
    """Check a delivery in the folder `work`. Faults in the files never raise; they are in the report."""
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
    duckdb_sql.attach(connection, work / "work.duckdb", "work")
    connection.execute("use work")
    macros.define(connection)
    progress(f"Applying the layout {layout.name}" if layout else "Opening the files")
    _open(checked, layout, work)
    reference.write(connection, known, "work")
    calendar = Calendar(delivery.delivered_on, delivery.time_zone)
    plans = {name: cast_columns.plan(source, tables[name], calendar) for name, source in checked.sources.items()}
    progress("Looking for names that repeat")
    casts, given = dictionary_encode.as_enums(
        connection, checked.sources, {name: made for name, (made, _) in plans.items()}
    )
    for name in contract.TABLE_NAMES:
        progress(f"Reading {name}")
        _type(checked, tables[name], casts.get(name, []), plans[name][1] if name in plans else [])
    _note_columns(checked, casts)
    _apply_rules(checked, given, progress)
    _judge(report, most_quarantined)
    report.problems = problems.find(checked)
    report.hide_identities()
    return checked


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


def _type(checked: Checked, table: Table, casts: list[Cast], impossible: list[tuple[Column, str, str]]) -> None:
    """Create typed_<table> and its views; empty if the table is not supplied or cannot be read."""
    connection, name = checked.connection, table.name
    source = checked.sources.get(name)
    if source is None or not _make_typed(checked, table, source, casts, impossible):
        columns = (sql("{name} {kind}", name=c.name, kind=cast_columns.sql_type(c.kind)) for c in table.columns)
        run(connection, "create table {typed} ({columns}, problems varchar, unreadable varchar, not_known integer)",
            typed=f"typed_{name}", columns=joined(", ", columns))  # fmt: skip
    run(connection, "create view {name} as select rowid as row_id, * from {typed}", name=name, typed=f"typed_{name}")
    run(connection, "create table {aside} (row_id bigint, reasons varchar)", aside=f"set_aside_{name}")
    run(
        connection,
        "create view {accepted} as select * from {name} as t"
        " where not exists (select 1 from {aside} as s where s.row_id = t.row_id)",
        accepted=f"accepted_{name}",
        name=name,
        aside=f"set_aside_{name}",
    )


def _make_typed(
    checked: Checked, table: Table, source: Source, casts: list[Cast], impossible: list[tuple[Column, str, str]]
) -> bool:
    """Create typed_<table> whatever columns are missing. Returns False if the file cannot be read to its end.

    A column that cannot be used is one fault for the table. Its rows are not excluded for it.
    """
    connection, report, typed = checked.connection, checked.report, f"typed_{table.name}"
    lost = {column.name for column, *_ in impossible}
    usable = [
        cast
        if cast.column.name in source.columns and cast.column.name not in lost
        else cast_columns.without_value(cast)
        for cast in casts
    ]
    try:
        cast_columns.make_typed(connection, source, usable, typed)
        unreadable = cast_faults.wholly_unreadable(connection, source, usable, typed)
        if unreadable:
            usable = [cast_columns.without_value(cast) if cast.column.name in unreadable else cast for cast in usable]
            run(connection, "drop table {typed}", typed=typed)
            cast_columns.make_typed(connection, source, usable, typed)
        rows = fetch_row(connection, "select count(*) from {typed}", typed=typed)[0]
        report.faults += [*cast_faults.impossible_faults(connection, source, impossible), *unreadable.values()]
    except duckdb.Error as error:
        if duckdb_sql.is_full(error):
            raise
        log.info("%s cannot be read to its end: %s", table.name, log_line(error))
        report.faults.append(f"{table.name}: {source.label} is damaged and cannot be read to its end. Send it again.")
        return False
    checked.unusable[table.name] = {cast.column.name for cast in usable if cast.is_unusable or not rows}
    report.tables[table.name].read = rows
    report.faults += read_files.miscounted(source, rows)
    report.faults += table_checks.zero_characters(connection, source, table, typed)
    if rows == 0 and table.name == "enrollments":
        report.faults.append(f"{table.name}: {source.label} has no rows.")
    elif rows == 0:
        report.tables[table.name].notices.append(f"{source.label} has a header but no rows, so it counts zero.")
    return True


def _note_columns(checked: Checked, casts: dict[str, list[Cast]]) -> None:
    """Add notices about the columns, and unify spellings that differ in case and white space."""
    connection, report = checked.connection, checked.report
    for name, made in casts.items():
        report.faults += column_checks.shortened_ids(connection, checked.sources[name], made, f"typed_{name}")
    checked.empty = column_checks.not_supplied(
        connection, checked.sources, checked.tables, delivered_on=checked.delivery.delivered_on,
        groups=reference.group_columns(checked.known),
    )  # fmt: skip
    for name, made in casts.items():
        notices = report.tables[name].notices
        notices += column_checks.notices(connection, made, f"typed_{name}", checked.empty[name])
        notices += [notice for cast in made for notice in spelling.unify(connection, f"typed_{name}", cast)]


def _apply_rules(checked: Checked, given: dict[str, Sql], progress: Progress) -> None:
    connection, report = checked.connection, checked.report
    for table in checked.tables.values():
        progress(f"Looking for duplicates in {table.name}")
        if conflict := quarantine.duplicates(connection, table):
            report.faults.append(conflict)
    progress("Matching names")
    for vocabulary in (*contract.REFERENCED, *contract.CLOSED):
        allowed = reference.names(checked.known, vocabulary)
        unknown = match_names.match(connection, checked.tables.values(), vocabulary, allowed, given.get(vocabulary))
        for name, columns in unknown.items():
            for column in columns:
                report.tables[name].notices += match_names.notices(column, vocabulary, allowed)
    for name, joined_by in (("sectors", "sector"), ("towns", "town"), ("towns", "region")):
        run(connection, "alter table {table} alter {column} set data type {kind}",
            table=f"ref_{name}", column=joined_by, kind=f"{joined_by}_name")  # fmt: skip
    for table in checked.tables.values():
        progress(f"Applying the rules to {table.name}")
        quarantine.rule_breakers(
            connection,
            table.name,
            table.key,
            delivered_on=checked.delivery.delivered_on,
            earliest=checked.earliest,
            skipped=_meaningless(checked),
        )
        if table.name == "enrollments":
            connection.execute(
                "create table quarantined_enrollments as select distinct e.enrollment_id from enrollments as e"
                " join set_aside_enrollments as s on s.row_id = e.row_id where s.reasons is not null"
                " and e.enrollment_id is not null"
            )
        quarantine.count(connection, table.name, report.tables[table.name])
    progress("Counting residents")
    report.tables["enrollments"].notices += residents.number(connection, checked.known["groups"])


def _meaningless(checked: Checked) -> set[str]:
    """Return the reasons that need a column which is not supplied or cannot be read."""
    return {reason for reason, (table, column) in _NEEDS.items() if column in checked.unusable.get(table, {column})}


def _judge(report: Report, most_quarantined: float) -> None:
    for name, counts in report.tables.items():
        if quarantine.CONFLICT.format(key=contract.KEYS[name]) in counts.reasons:
            continue  # these rows have already been reported
        excluded = counts.quarantined - counts.reasons.get(quarantine.EXAMPLE_ROW, 0)
        if 100 * excluded > most_quarantined * counts.read:
            share = 100 * excluded / counts.read
            top = listed((f"{reason} ({rows:,})" for reason, rows in counts.reasons.items()), 3)
            report.faults.append(
                f"{name}: {excluded:,} of {counts.read:,} rows ({share:.1f}%) would be excluded,"
                f" more than the {most_quarantined:g}% allowed. Most frequent: {top}. To allow more, use --max-quarantined."
            )
