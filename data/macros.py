"""SQL functions for casts, rules and quarantine files, created once for each working database."""

from __future__ import annotations

import unicodedata

from duckdb import DuckDBPyConnection as Connection

from data import formulas, masking, masking_sql
from data.duckdb_sql import literal, run

# What programs write for a missing value. As ids, they would make one resident of many.
_NONE = r"(?i)#?n/?a|nan|nat|null|\(null\)|none|nil|unknown|missing|[-.?*#]+"
# ASCII text without any of these is already a tidy name.
_UNTIDY = "  |[\t-\r\x1c-\x1f]|" + masking.MAY_BE_NUMBER


def define(connection: Connection) -> None:
    """Create the functions of masking_sql.py and formulas.py, `tidy_name(t)` (see `tidy`) and `stands_for_none(t)`, for ids."""
    masking_sql.define(connection)
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


def tidy(name: str) -> str:
    """Return a name as readers see it: normalized Unicode, single spaces, no Social Security number."""
    return masking.masked_number(" ".join(unicodedata.normalize("NFC", name).split()))
