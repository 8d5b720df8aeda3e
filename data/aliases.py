"""aliases.toml of a layout: another system's names for the contract's tables, columns and values. No SQL needed.

For example:

    [files]                            # a table, and the name of its file or sheet without the ending
    enrollments = ["Student export"]
    [columns]                          # a column of the contract, and the headers that files use for it
    "enrollments.provider" = ["Provider Name"]
    [values."completions.outcome"]     # what files write, and the contract's value
    "Dropped" = "withdrew"
    [reading]
    dates = "month first"              # or "day first", "iso"
    money = "dollars"                  # $1,050,000.00 and (50.00); or "plain"
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data import contract, readings, regular, suggestions
from data.column_map import key
from data.column_names import plain
from data.contract import Column, Table
from data.duckdb_sql import Sql, joined, quoted, sql
from data.errors import RefusedError, listed, shown
from data.read_files import Source
from data.sentences import validation_sentences

FILE = "aliases.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reading(_Strict):
    """How the files write dates and amounts."""

    dates: readings.Dates = "iso"
    money: readings.Money = "plain"


class Aliases(_Strict):
    """The content of aliases.toml. Columns are written `table.column`."""

    files: Mapping[str, list[str]] = Field(default_factory=dict)
    columns: Mapping[str, list[str]] = Field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    reading: Reading = Reading()


def read(path: Path, tables: Mapping[str, Table]) -> Aliases:
    """Read the aliases in a file.

    Raises:
        RefusedError: The file has mistakes, with one sentence for each.
    """
    try:
        aliases = Aliases.model_validate(tomllib.loads(regular.read_text(path, f"{FILE} of the layout")))
    except tomllib.TOMLDecodeError as error:
        where = str(error).rpartition("(")[2].rstrip(")")
        raise RefusedError(
            [f"{FILE} of the layout cannot be read: a bracket or quotation mark is missing, {where}."]
        ) from None
    except ValidationError as error:
        raise RefusedError(validation_sentences(error, f"{FILE} of the layout")) from None
    if faults := list(_faults(aliases, tables)):
        raise RefusedError(faults)
    return aliases


def _faults(aliases: Aliases, tables: Mapping[str, Table]) -> list[str]:
    columns = {f"{table.name}.{column.name}" for table in tables.values() for column in table.columns}
    unknown = [name for name in (*aliases.columns, *aliases.values) if name not in columns]
    faults = [
        f"{FILE} of the layout: {shown(name)} is not a column of the contract. Write it as table.column."
        for name in unknown
    ]
    faults += [
        f"{FILE} of the layout: {shown(name)} under [files] is not a table of the contract ({', '.join(contract.TABLE_NAMES)})."
        for name in aliases.files
        if name not in contract.TABLE_NAMES
    ]
    for table in tables:
        headers = [key(h) for name, every in aliases.columns.items() if name.startswith(f"{table}.") for h in every]
        twice = sorted({header for header in headers if headers.count(header) > 1})
        faults += [f"{FILE} of the layout: {shown(header)} is listed for two columns of {table}." for header in twice]
    return faults


def apply(source: Source, table: Table, aliases: Aliases) -> tuple[Source, list[str]]:
    """Rename and convert a source's columns as the aliases say.

    The raw columns stay in the relation, so that excluded rows are shown as they were sent.

    Returns:
        The source, and faults: two columns that map to the same name, or no column for a name in the aliases.
    """
    columns, faults = _renamed(source, table, aliases)
    renamed = replace(source, columns=columns)
    expressions = {}
    for column in table.columns:
        name, physical = columns.get(column.name, ("", ""))
        if name and (expression := _expression(column, table, name, physical, aliases)) is not None:
            expressions[column.name] = expression
    return read_as(renamed, expressions), faults


def read_as(source: Source, expressions: Mapping[str, Sql]) -> Source:
    """Return the source with some contract columns replaced by SQL expressions.

    Args:
        source: The relation.
        expressions: By column name, an expression over the relation, which it calls `s`.
    """
    if not expressions:
        return source
    alias = {name: f"as {source.table}.{name}" for name in expressions}
    made = (sql("{expression} as {alias}", expression=e, alias=alias[name]) for name, e in expressions.items())
    relation = sql("(select s.*, {made} from {rows} as s)", made=joined(", ", made), rows=source.relation)
    raw = {name: source.as_sent(name) or "" for name in expressions}
    columns = {**source.columns, **{name: (alias[name], "VARCHAR") for name in expressions}}
    return replace(source, relation=relation, columns=columns, raw={**source.raw, **raw})


def _renamed(source: Source, table: Table, aliases: Aliases) -> tuple[dict[str, tuple[str, str]], list[str]]:
    given: dict[str, list[str]] = {}
    for name in source.columns:
        given.setdefault(key(name), []).append(name)
    columns, faults = dict(source.columns), []
    for column in table.columns:
        headers = aliases.columns.get(f"{table.name}.{column.name}", [])
        same = [name for header in headers for name in given.get(key(header), []) if name != column.name]
        claims = [*([column.name] if column.name in source.columns else []), *same]
        if len(claims) > 1:
            faults.append(
                f"{table.name}: {source.label} has {listed(map(shown, claims))}, which all map to {column.name}. Keep one."
            )
        elif same:
            columns[column.name] = columns.pop(same[0])
        elif headers and not claims:
            faults.append(f"{table.name}: {source.label} has no column {listed(map(shown, headers), 3)}, which {FILE} maps to"
                          f" {column.name}. Send the column, or correct {FILE}.")  # fmt: skip
    return columns, faults


def _expression(column: Column, table: Table, name: str, physical: str, aliases: Aliases) -> Sql | None:
    """Return the expression that converts a column's text to the contract's form, or None where no conversion is needed."""
    values = aliases.values.get(f"{table.name}.{column.name}", {})
    is_text = physical.startswith(("VARCHAR", "ENUM"))
    text = sql("cast(s.{name} as varchar)", name=quoted(name))
    expression = readings.read_values(text, values)
    if is_text and column.kind == "date":
        expression = readings.read_date(expression, aliases.reading.dates)
    if is_text and column.kind in ("money", "number"):
        expression = readings.read_money(expression, aliases.reading.money)
    return None if expression == text else expression


def known_header(table: Table, aliases: Aliases) -> Callable[[str], bool]:
    """Return a test of whether a header cell names one of the table's columns, by the contract, an alias or a synonym."""
    names = {column.name for column in table.columns}
    others = {key(h) for name, every in aliases.columns.items() if name.startswith(f"{table.name}.") for h in every}
    return lambda cell: plain(cell) in names or key(cell) in others or suggestions.is_word_for(cell, names)
