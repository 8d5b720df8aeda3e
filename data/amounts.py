"""Amounts with a point between thousands, as in most of Europe: `1.234` would be read as $1.23."""

from __future__ import annotations

from duckdb import DuckDBPyConnection as Connection

from data import cast_faults, physical
from data.duckdb_sql import fetch_row, literal, sql
from data.errors import shown
from data.read_files import Source

_COLUMN = "amount"  # hourly wages may well have three decimals
_GROUPED = literal(r"[+-]?[1-9][0-9]{0,2}([.][0-9]{3})+(,[0-9]+)?")


def thousands_points(connection: Connection, source: Source) -> list[str]:
    """Return a fault for amounts as text of which each with a point has it before three digits, as between thousands.

    Where some have one or two decimals, the point is for decimals, and `1.234` is a dollar and 23.4 cents.
    """
    key, kind = source.columns.get(_COLUMN, ("", ""))
    if kind != "VARCHAR":
        return []
    text = physical.trimmed(sql("s.{key}", key=key), kind)
    has_point = sql("contains({text}, '.')", text=text)
    is_grouped = sql("regexp_full_match({text}, {grouped})", text=text, grouped=_GROUPED)
    (are_grouped,) = fetch_row(
        connection,
        "select coalesce(bool_and({is_grouped}) filter (where {has_point}), false) from {rows} as s",
        source.parameters,
        is_grouped=is_grouped,
        has_point=has_point,
        rows=source.relation,
    )
    if not are_grouped:
        return []
    given = sql("case when {has_point} then {text} end", has_point=has_point, text=text)
    value, place = cast_faults.first_given(connection, source, given) or ("", "")
    return [
        f"{source.table}: {_COLUMN} may have points between thousands: {shown(value)} in {place}. "
        "No amount with a point has one or two decimals. Write 1234.50, without points between thousands."
    ]
