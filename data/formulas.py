"""Keep spreadsheets from running cells as formulas: such cells start with an apostrophe."""

from __future__ import annotations

import re

from duckdb import DuckDBPyConnection as Connection

from data.duckdb_sql import literal, run

_FORMULA = "^[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-]"  # with the full-width signs, which some spreadsheets treat the same
_NUMBER = r"^[+-]?[0-9]+([.][0-9]+)?$"
_RUNS = re.compile(_FORMULA)


def neutralized(text: str) -> str:
    """Return a text as a CSV cell, with an apostrophe in front if a spreadsheet would run it."""
    return "'" + text if _RUNS.match(text) else text


def define(connection: Connection) -> None:
    """Create the SQL macros `neutralized(t)`, which does the same, and `neutralized_amount(t)`, which keeps -12.50 as it is."""
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
