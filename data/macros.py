"""The SQL functions that casts, rules and quarantine files use, made once for each working database."""

from __future__ import annotations

import unicodedata

from duckdb import DuckDBPyConnection as Connection

from data import formulas, masking, masking_sql
from data.duckdb_sql import literal, run

# Plain ASCII in which none of these is found is a tidy name already.
_UNTIDY = "  |[\t-\r\x1c-\x1f]|" + masking.MAY_BE_NUMBER


def define(connection: Connection) -> None:
    """Make every function: masking_sql.py's, formulas.py's, and `tidy_name(t)` (see `tidy`)."""
    masking_sql.define(connection)
    formulas.define(connection)
    connection.create_function("tidied", tidy)
    run(
        connection,
        "create or replace macro tidy_name(t) as"
        " case when strlen(t) <> length(t) or regexp_matches(t, {untidy}) then tidied(t) else t end",
        untidy=literal(_UNTIDY),
    )


def tidy(name: str) -> str:
    """A name as its readers see it: one Unicode form, single blanks, no Social Security number."""
    return masking.masked_number(" ".join(unicodedata.normalize("NFC", name).split()))
