"""The SQL macros that casts, rules and quarantine files use, made once for each working database."""

from __future__ import annotations

from duckdb import DuckDBPyConnection as Connection

from data import formulas, masking_sql
from data.engine import literal, run

_ONE_LINE = literal("  |[\t-\r\\x{1c}-\\x{1f}\\x{85}\u00a0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]")
_BLANKS = literal(r"[\s\x0b\x1c-\x1f\x{85}\p{Z}]+")


def define(connection: Connection) -> None:
    """Make every macro: masking_sql.py's, formulas.py's, and `one_line(t)`, a name with single blanks as readers see it."""
    masking_sql.define(connection)
    formulas.define(connection)
    run(
        connection,
        "create or replace macro one_line(t) as"
        " case when regexp_matches(t, {odd}) then regexp_replace(t, {blanks}, ' ', 'g') else t end",
        odd=_ONE_LINE,
        blanks=_BLANKS,
    )
