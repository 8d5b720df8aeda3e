"""masking.py in SQL, for rules and for files of rows.

SQL calls the Python functions for the few values that a cheap test cannot rule out. So each pattern is defined once, and
DuckDB does not spend 15 ms compiling a Unicode pattern a hundred times per check.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection as Connection

from data import masking
from data.duckdb_sql import literal, run


def define(connection: Connection) -> None:
    """Create the SQL functions `looks_like_ssn(t)`, `mask_all(t)` and, for amounts, `mask_amount(t)`."""
    connection.create_function("holds_number", masking.holds_number)
    connection.create_function("masked", masking.masked)
    connection.create_function("masked_amount", masking.masked_amount)
    parts = {"number": literal(masking.MAY_BE_NUMBER), "any": literal(masking.MAY_BE_ANY)}
    run(
        connection,
        "create or replace macro looks_like_ssn(t) as case when strlen(t) > 10"
        " and (strlen(t) <> length(t) or regexp_matches(t, {number})) then holds_number(t) else false end",
        **parts,
    )
    for name, function in (("mask_all", "masked"), ("mask_amount", "masked_amount")):
        run(
            connection,
            "create or replace macro {name}(t) as"
            " case when strlen(t) <> length(t) or regexp_matches(t, {any}) then {function}(t) else t end",
            name=name,
            function=function,
            **parts,
        )
