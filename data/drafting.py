"""Draft a layout of aliases from another system's files. A person reviews every guess."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

from data import (
    aliases,
    cast_faults,
    column_names,
    contract,
    discover,
    duckdb_sql,
    examining,
    limits,
    macros,
    read_files,
    reference,
    suggestions,
    tentative,
)
from data.contract import Table
from data.dates import Calendar
from data.duckdb_sql import Sql, run
from data.errors import UsageError, shown
from data.masking import masked
from data.match_names import folded
from data.read_files import Source

_TYPO = "a typo? Correct it in the source system"
_MOST_VALUES = 60  # a column with more different values does not hold codes


@dataclass
class Draft:
    """The content of a drafted layout, and the questions that a person has to answer."""

    files: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    unknown_values: dict[str, dict[str, str]] = field(default_factory=dict)
    dates: Counter[str] = field(default_factory=Counter)
    money: Counter[str] = field(default_factory=Counter)
    questions: list[str] = field(default_factory=list)


def draft_layout(name: str, source: Path, into: Path) -> Path:
    """Write a layout draft for the files at `source` to `into/name` and return its aliases.toml.

    Raises:
        UsageError: There are no such files, none can be read, or the folder exists.
    """
    target = into / name
    if target.exists():
        raise UsageError(f"{target} already exists. Choose another name.")
    if not source.exists():
        raise UsageError(f"There is nothing at {source}.")
    draft = Draft()
    with tempfile.TemporaryDirectory() as folder:
        _look(source, Path(folder), draft)
    if not draft.files:
        raise UsageError(" ".join([f"Nothing at {source} looks like a table of the contract.", *draft.questions]))
    target.mkdir(parents=True)
    (target / aliases.FILE).write_text(_text(draft, source), encoding="utf-8")
    return target / aliases.FILE


def _look(source: Path, work: Path, draft: Draft) -> None:
    known = reference.load(None)
    tables = contract.tables(reference.group_columns(known))
    files = discover.take_inventory(source, work, limits.load())
    draft.questions += files.faults
    connection = duckdb_sql.connect(work)
    try:
        macros.define(connection)
        for number, (stem, candidates) in enumerate(files.candidates.items()):
            for candidate in candidates:
                examined = examining.examine(stem, candidate, files, lambda cell: _is_expected(cell, tables))
                if isinstance(examined, list):
                    draft.questions += examined
                    continue
                opened, faults = read_files.open_source(connection, examined, f"raw_{number}")
                draft.questions += faults
                if opened is not None:
                    _draft_table(connection, draft, opened, stem=stem, tables=tables, known=known)
    finally:
        connection.close()


def _is_expected(cell: str, tables: dict[str, Table]) -> bool:
    """Return whether a header cell is a column of any table, or a synonym for one."""
    names = {column.name for table in tables.values() for column in table.columns}
    return column_names.plain(cell) in names or suggestions.is_word_for(cell, names)


def _draft_table(
    connection: Connection,
    draft: Draft,
    source: Source,
    *,
    stem: str,
    tables: dict[str, Table],
    known: reference.Reference,
) -> None:
    table = _meant(source, stem, tables)
    if table is None:
        draft.questions.append(f"{source.label}: its columns do not show which table it is.")
        return
    if table.name in draft.files:
        draft.questions.append(f"{source.label} and {draft.files[table.name]} both look like {table.name}. Keep one.")
        return
    draft.files[table.name] = masked(stem)
    source.table = table.name
    suggested = tentative.suggested(source, table)
    suggested |= _by_values(connection, source, table, suggested, known)
    renamed = tentative.rename(source, suggested)
    draft.columns |= {f"{table.name}.{column}": header for header, column in suggested.items()}
    missing = [column for column in table.columns if column.name not in renamed.columns]
    draft.questions += [f"{table.name}: no column looks like {column.name}{'' if column.optional else ' (required)'}."
                       for column in missing]  # fmt: skip
    used = {column.name for column in table.columns}
    spare = [h for h in source.header.values() if column_names.plain(h) not in used and h not in suggested]
    draft.questions += [f"{source.label}: the column {shown(masked(header), 60)} is not used." for header in spare]
    _draft_readings(connection, draft, renamed, table)
    for column in table.columns:
        if column.names and column.name in renamed.columns:
            _draft_values(
                connection, draft, renamed, f"{table.name}.{column.name}", vocabulary=column.names, known=known
            )


def _by_values(
    connection: Connection, source: Source, table: Table, suggested: dict[str, str], known: reference.Reference
) -> dict[str, str]:
    """Match columns that a table still needs to headers by their values. Known names say more than a header."""
    lacking = {c.name: c.names for c in table.columns if c.names and c.name not in source.columns and not c.optional}
    taken = {header: column for header, column in suggested.items() if column in lacking}
    matched: dict[str, str] = {}
    for column, vocabulary in lacking.items():
        names = {folded(name) for name in reference.names(known, vocabulary or "")}
        for key, header in source.header.items():
            if header in matched or (header in taken and taken[header] != column) or column in matched.values():
                continue
            values = {folded(value) for value in _different(connection, source, key)}
            if values and values <= names and column not in taken.values():
                matched[header] = column
    return matched


def _different(connection: Connection, source: Source, key: str) -> list[str]:
    """Return the different values of a raw column, or none where there are too many to be a list's names."""
    rows = run(
        connection, "select distinct trim(cast(s.{key} as varchar)) from {rows} as s where s.{key} is not null limit {n}",
        source.parameters, key=key, rows=source.relation, n=Sql(str(_MOST_VALUES + 1)),
    ).fetchall()  # fmt: skip
    return sorted(value for (value,) in rows if value) if len(rows) <= _MOST_VALUES else []


def _meant(source: Source, stem: str, tables: dict[str, Table]) -> Table | None:
    """Return the table that a file seems to be, by its name, else by most of its columns."""
    by_name = [name for name in tables if name.rstrip("s") in folded(stem).replace("_", " ")]
    if len(by_name) == 1:
        return tables[by_name[0]]
    scores = {}
    for name, table in tables.items():
        exact = sum(column_names.plain(header) in {c.name for c in table.columns} for header in source.header.values())
        scores[name] = exact + len(suggestions.columns(source.header.values(), table))
    best = max(scores, key=lambda name: scores[name])
    return tables[best] if scores[best] >= 3 and list(scores.values()).count(scores[best]) == 1 else None


def _draft_readings(connection: Connection, draft: Draft, source: Source, table: Table) -> None:
    """Guess how dates and amounts are written, from the values that ISO dates and plain numbers do not cover."""
    calendar = Calendar(date.today(), "UTC")
    for cast, written in tentative.value_formats(connection, source, table, calendar).items():
        if written is None:
            first = cast_faults.first_given(connection, source, cast.given)
            example = f", such as {shown(first[0])}" if first else ""
            draft.questions.append(f"{table.name}.{cast.column.name} has an unknown format{example}.")
        elif cast.column.kind == "date":
            draft.dates.update(written.fits)
            if len(written.fits) > 1:
                draft.questions.append(
                    f"{table.name}.{cast.column.name}: the values do not show whether the month or the day comes first."
                )
        else:
            draft.money.update(written.fits)


def _draft_values(
    connection: Connection, draft: Draft, source: Source, name: str, *, vocabulary: str, known: reference.Reference
) -> None:
    """Draft aliases for values that are not in the list of names."""
    allowed = reference.names(known, vocabulary)
    names = {folded(each) for each in allowed}
    key = source.columns[name.partition(".")[2]][0]
    for value in (masked(v) for v in _different(connection, source, key) if folded(v) not in names):
        meant = suggestions.value(value, vocabulary, allowed)
        if meant and vocabulary in contract.CLOSED:
            draft.values.setdefault(name, {})[value] = meant
        else:
            draft.unknown_values.setdefault(name, {})[value] = meant or ""


def _text(draft: Draft, source: Path) -> str:
    lines = [
        f"# Drafted from {source.name}. Every line is a guess. Review each one, and correct or delete it.",
        "# docs/layouts.md explains each section. To try it: python -m data check FILES --layout FOLDER",
        "", "[files]",
        *(f"{table} = [{_quoted(stem)}]" for table, stem in draft.files.items()),
        "", "[columns]",
        *(f"{_quoted(column)} = [{_quoted(header)}]" for column, header in sorted(draft.columns.items())),
    ]  # fmt: skip
    for column in sorted({*draft.values, *draft.unknown_values}):
        lines += ["", f"[values.{_quoted(column)}]"]
        lines += [f"{_quoted(value)} = {_quoted(meant)}" for value, meant in draft.values.get(column, {}).items()]
        lines += [
            f"# {_quoted(value)} = {_quoted(meant)}   # {_TYPO if meant else 'no similar name'}"
            for value, meant in draft.unknown_values.get(column, {}).items()
        ]
    lines += [
        "",
        "[reading]",
        f"dates = {_quoted(_most(draft.dates, 'iso'))}",
        f"money = {_quoted(_most(draft.money, 'plain'))}",
    ]
    questions = [f"#   {' '.join(masked(question).split())}" for question in draft.questions]
    lines += ["", "# Open questions:", *questions] if questions else []
    return "\n".join(lines) + "\n"


def _most(counts: Counter[str], otherwise: str) -> str:
    return counts.most_common(1)[0][0] if counts else otherwise


def _quoted(text: str) -> str:
    """Return a text as a TOML string."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\' or ord(c) == 127 else c for c in text)
    return f'"{escaped}"'
