"""Keep a spreadsheet from running a cell of a file as a formula: such a cell begins with an apostrophe."""

from __future__ import annotations

import re

from duckdb import DuckDBPyConnection as Connection

from data.duckdb_sql import literal, run

_FORMULA = "^[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-]"  # the full-width signs too: some spreadsheets read them as the plain ones
_NUMBER = r"^[+-]?[0-9]+([.][0-9]+)?$"
_RUNS = re.compile(_FORMULA)


def neutralized(text: str) -> str:
    """A text as a cell of a CSV file: with an apostrophe before it where a spreadsheet would run it."""
    return "'" + text if _RUNS.match(text) else text


def define(connection: Connection) -> None:
    """Make the SQL macros `neutralized(t)`, which does the same, and `neutralized_amount(t)`, which leaves -12.50 alone."""
    run(
        connection,
        "create or replace macro neutralized(t) as"
        " case when regexp_matches(t, {formula}) then {apostrophe} || t else t end",
        formula=literal(_FORMULA),
        apostrophe=literal("'"),
    )
    run(
        connection,
        "create or replace macro neutralized_amount(t) as"
        " case when regexp_matches(t, {number}) then t else neutralized(t) end",
        number=literal(_NUMBER),
    )
