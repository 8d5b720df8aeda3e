"""SQL functions for casts, rules and quarantine files, created once for each working database."""

from __future__ import annotations

import unicodedata

from duckdb import DuckDBPyConnection as Connection

from data import formulas, masking
from data.duckdb_sql import literal, run

# What programs write for a missing value. As ids, they would make one resident of many.
_NONE = r"(?i)#?n/?a|nan|nat|null|\(null\)|none|nil|unknown|missing|[-.?*#]+"
# ASCII text without any of these is already a tidy name.
_UNTIDY = "  |[\t-\r\x1c-\x1f]|" + masking.MAY_BE_NUMBER


def define(connection: Connection) -> None:
    """Create the functions for masking and of formulas.py, `tidy_name(t)` (see `tidy`) and `stands_for_none(t)`, for ids."""
    _define_masking(connection)
    formulas.define(connection)
    connection.create_function("tidied", tidy)
    run(
        connection,
        "create or replace macro tidy_name(t) as"
        " case when strlen(t) <> length(t) or regexp_matches(t, {untidy}) then tidied(t) else t end",
        untidy=literal(_UNTIDY),
    )
    run(
        connection,
        "create or replace macro stands_for_none(t) as strlen(t) < 10 and regexp_full_match(t, {none})",
        none=literal(_NONE),
    )


def _define_masking(connection: Connection) -> None:
    """Create the SQL functions `looks_like_ssn(t)`, `mask_all(t)` and, for amounts, `mask_amount(t)`.

    SQL calls the Python functions for the few values that a cheap test cannot rule out. So each pattern is defined once, and
    DuckDB does not spend 15 ms compiling a Unicode pattern a hundred times per check.
    """
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


def tidy(name: str) -> str:
    """Return a name as readers see it: normalized Unicode, single spaces, no Social Security number."""
    return masking.masked_number(" ".join(unicodedata.normalize("NFC", name).split()))
