"""Compare a table's columns with the contract's, and check its texts for zero characters."""

from __future__ import annotations

from collections.abc import Mapping

from data.cast_faults import Count
from data.column_names import in_words, plain
from data.contract import Table
from data.duckdb_sql import Sql, sql
from data.errors import listed, shown
from data.examining import DURATION, UNZONED, ZONED
from data.read_files import Source


def zero_tests(source: Source, table: Table) -> dict[str, Sql]:
    """Return a test for a zero character, for each text column. Text files have been scanned for zero bytes already."""
    if source.was_scanned:
        return {}
    texts = (column.name for column in table.columns if column.kind == "text" and column.name in source.columns)
    return {name: sql("contains(cast({c} as varchar), chr(0))", c=name) for name in texts}


def zero_characters(source: Source, table: Table, count: Count) -> list[str]:
    """Return faults for texts with a zero character, which some programs take for the end of the text."""
    tests = zero_tests(source, table)
    return [
        f"{source.table}: the column {name} of {source.label} has a value with a zero character. Remove it and export again."
        for name, rows in zip(tests, count(table.name, list(tests.values())), strict=True)
        if rows
    ]


def compare(source: Source, table: Table, suggested: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return faults for missing required columns, and notices for missing optional and extra ones.

    Args:
        source: The table's rows.
        table: The contract's table.
        suggested: By header, the missing column that it may be.
    """
    missing = [column for column in table.columns if column.name not in source.columns]
    required = [column.name for column in missing if not column.optional]
    known = {column.name for column in table.columns}
    source.extra = [source.header[name] for key, (name, _) in source.columns.items() if key not in known]
    perhaps = {column: f"; is it {shown(header, 40)}?" for header, column in suggested.items()}
    faults = []
    if required:
        has = listed((shown(header, 30) for header in source.header.values()), 8)
        meant = [f"Is {column} {shown(header, 40)}?" for header, column in suggested.items() if column in required]
        faults.append(
            f"{table.name}: the required {in_words(required)} {'is' if len(required) == 1 else 'are'} missing"
            f" from {source.label}, which has {has}."
            + (f" {' '.join(meant)} The rest was checked on that assumption." if meant else "")
        )
    faults += _times(source, table)
    notices = [
        f"The optional column {c.name} is not in {source.label}{perhaps.get(c.name, '.')}"
        for c in missing
        if c.optional
    ]
    if source.extra:
        notices.append(f"Ignored, not in the contract: {listed((shown(name, 40) for name in source.extra), 12)}.")
    return faults, notices


def _times(source: Source, table: Table) -> list[str]:
    """Return faults for durations, and for dates whose parts differ in whether they have a time zone.

    Parts that differ would be read as if all had one: days would become the evening before.
    """
    parts: dict[str, dict[str, str]] = {}
    for part in (part for part in source.parts if part.rows):
        for name, kind in part.times:
            parts.setdefault(plain(name), {}).setdefault(kind, part.label)
    faults = []
    for column in (column.name for column in table.columns):
        kinds = parts.get(plain(source.as_sent(column) or ""), {})
        if DURATION in kinds:
            faults.append(
                f"{table.name}: the column {column} of {kinds[DURATION]} is a duration. Write it as a number."
            )
        elif ZONED in kinds and UNZONED in kinds:
            faults.append(f"{table.name}: {column} has times with a time zone in {kinds[ZONED]} and without one in"
                          f" {kinds[UNZONED]}. Export all parts alike.")  # fmt: skip
    return faults
