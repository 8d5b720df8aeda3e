"""aliases.toml of a layout: what another system calls the contract's tables, columns and values. No SQL needed.

    [files]                            # a table, and what its file (or sheet) is called without its ending
    enrollments = ["Student export"]
    [columns]                          # a column of the contract, and what files call it
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
from data.contract import Column, Table
from data.duckdb_sql import Sql, joined, quoted, sql
from data.errors import Refused, listed, shown
from data.read_files import Source, plain
from data.sentences import validation_sentences

FILE = "aliases.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reading(_Strict):
    """How dates and amounts are written."""

    dates: readings.Dates = "iso"
    money: readings.Money = "plain"


class Aliases(_Strict):
    """What aliases.toml says. Columns are named `table.column`."""

    files: Mapping[str, list[str]] = Field(default_factory=dict)
    columns: Mapping[str, list[str]] = Field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    reading: Reading = Reading()


def read(path: Path, tables: Mapping[str, Table]) -> Aliases:
    """The aliases in a file. Raises Refused, with a sentence for each mistake."""
    try:
        aliases = Aliases.model_validate(tomllib.loads(regular.read_text(path, f"{FILE} of the layout")))
    except tomllib.TOMLDecodeError as error:
        where = str(error).rpartition("(")[2].rstrip(")")
        raise Refused([f"{FILE} of the layout cannot be read: something is not closed or not in quotation marks, {where}."]) from None
    except ValidationError as error:
        raise Refused(validation_sentences(error, f"{FILE} of the layout")) from None
    if faults := list(_faults(aliases, tables)):
        raise Refused(faults)
    return aliases


def _faults(aliases: Aliases, tables: Mapping[str, Table]) -> list[str]:
    columns = {f"{table.name}.{column.name}" for table in tables.values() for column in table.columns}
    unknown = [name for name in (*aliases.columns, *aliases.values) if name not in columns]
    faults = [f"{FILE} of the layout: {shown(name)} is not a column of the contract; write table.column." for name in unknown]
    faults += [
        f"{FILE} of the layout: {shown(name)} under [files] is not a table of the contract ({', '.join(contract.TABLE_NAMES)})."
        for name in aliases.files
        if name not in contract.TABLE_NAMES
    ]
    for table in tables:
        headers = [key(h) for name, every in aliases.columns.items() if name.startswith(f"{table}.") for h in every]
        twice = sorted({header for header in headers if headers.count(header) > 1})
        faults += [f"{FILE} of the layout: {shown(header)} is named for two columns of {table}." for header in twice]
    return faults


def apply(source: Source, table: Table, aliases: Aliases) -> tuple[Source, list[str]]:
    """The source as the contract names and writes it, and faults: two columns with a claim to one name, or none for a name
    that the aliases promise.

    The raw columns stay as they are, so that excluded rows are shown as they came.
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
    """The source with columns of the contract read through an expression over the relation (as `s`), by name."""
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
            faults.append(f"{table.name}: {source.label} has {listed(map(shown, claims))}, and each is {column.name}: keep one.")
        elif same:
            columns[column.name] = columns.pop(same[0])
        elif headers and not claims:
            faults.append(f"{table.name}: {source.label} has no column {listed(map(shown, headers), 3)}, which {FILE} says is"
                          f" {column.name}. Send the column, or correct {FILE}.")  # fmt: skip
    return columns, faults


def _expression(column: Column, table: Table, name: str, physical: str, aliases: Aliases) -> Sql | None:
    """How a column's text becomes the contract's; None where it is taken as it is."""
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
    """What says whether a cell of a first line is the name of one of the table's columns, the contract's or another."""
    names = {column.name for column in table.columns}
    others = {key(h) for name, every in aliases.columns.items() if name.startswith(f"{table.name}.") for h in every}
    return lambda cell: plain(cell) in names or key(cell) in others or suggestions.is_word_for(cell, names)
