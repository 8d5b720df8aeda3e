"""Convert a column's physical type to text and dates."""

from __future__ import annotations

from data.duckdb_sql import Sql, literal, sql

BLANK = literal(" \t\n\r\v\f\u00a0\u2007\u202f\u200b\ufeff")
# Almost all text is ASCII without blanks around it. Testing for that is ten times cheaper than trimming.
_TRIMMED = (
    "case when strlen({name}) = length({name}) and left({name}, 1) > ' ' and right({name}, 1) > ' ' then {name}"
    " else nullif(trim({name}, {blank}), '') end"
)
# Up to these numbers, every whole number has an exact floating-point value.
_LAST_EXACT = {"FLOAT": 2**24, "DOUBLE": 2**53}
# Larger numbers are written in scientific notation on purpose, because such an id refuses a delivery (see column_checks.py).
_FLOATING = (
    "case when isnan({name}) then null when abs({name}) > {last} then format('{{:.16e}}', cast({name} as double))"
    " when {name} = trunc({name}) then cast(cast({name} as bigint) as varchar) else cast({name} as varchar) end"
)
_DECIMAL = (
    "case when {name} = trunc({name}) then cast(cast({name} as hugeint) as varchar) else cast({name} as varchar) end"
)
_ZONED = literal(r":[0-9]{2}(\.[0-9]+)? ?(Z|z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)$")
_ROUNDED = literal(r"E[+]?[0-9]|[.][0-9]*e[+]?[0-9]")
_ZERO = literal(r":[0-9]{2}(\.[0-9]+)? ?(Z|z|UTC|GMT|[+-]00(:?00)?)$")
_MOVED = (
    "case when {has_offset} then"
    " coalesce(date_trunc('day', {moment} at time zone 'UTC') = {moment} at time zone 'UTC'"
    " and cast({moment} at time zone {zone} as date) <> cast({moment} at time zone 'UTC' as date), false) end"
)
# The year has four digits and comes first. DuckDB would read 5/1/25 as a day of the year 5.
_WRITTEN = literal(r"^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9:.]*)?$")
# DuckDB also accepts `infinity` and `epoch`. They start with a letter or a sign.
_DAY = (
    "case when left({text}, 1) not between '0' and '9' then null"
    " when strlen({text}) > 10 and regexp_matches({text}, {zoned})"
    " then cast(try_cast({moment} as timestamptz) at time zone {zone} as date)"
    " when regexp_matches({text}, {written}) then try_cast({text} as date) end"
)


def trimmed(name: Sql, physical: str) -> Sql:
    """Return a column as trimmed text; null where nothing is left."""
    return sql(_TRIMMED, name=name, blank=BLANK) if physical == "VARCHAR" else sql("cast({name} as varchar)", name=name)


def text_of(name: Sql, physical: str) -> Sql:
    """Return a column as trimmed text in which whole numbers have no decimals, whatever the type: 100001.0 is `100001`."""
    for kind, last in _LAST_EXACT.items():
        if physical.startswith(kind):
            return sql(_FLOATING, name=name, last=Sql(str(last)))
    return sql(_DECIMAL, name=name) if physical.startswith("DECIMAL") else trimmed(name, physical)


def identifier(text: Sql) -> Sql:
    """Return an identifier without what spreadsheets and data frames add: `100001.0` is `100001`, and `="00123"` is `00123`.

    Leading zeros matter.
    """
    return sql(
        "case when contains({text}, '.') and regexp_full_match({text}, '-?[0-9]+[.]0+')"
        " then split_part({text}, '.', 1)"
        " when starts_with({text}, '=') and regexp_full_match({text}, '=\"[^\"]*[^\" ][^\"]*\"')"
        " then trim(substr({text}, 3, length({text}) - 3), {blank}) else {text} end",
        text=text, blank=BLANK,
    )  # fmt: skip


def exact(text: Sql) -> Sql:
    """Return a number's text; null for one that a spreadsheet has rounded to a few digits, such as `1.23E+05`. `1e+05` is exact."""
    return sql("case when not regexp_matches({text}, {rounded}) then {text} end", text=text, rounded=_ROUNDED)


def code(text: Sql) -> Sql:
    """Return a code from a list of numbers: `1`, `01` and `1.0` are equal. Anything but a whole number is unchanged."""
    return sql(
        "case when regexp_full_match({text}, '0*[0-9]{{1,9}}([.]0*)?')"
        " then cast(cast(split_part({text}, '.', 1) as integer) as varchar) else {text} end",
        text=text,
    )


def day_of_text(text: Sql, zone: str) -> Sql:
    """Return the day in a text. A timestamp with a UTC offset gives the day in the time zone."""
    # DuckDB needs a colon in an offset of hours and minutes.
    moment = sql(r"regexp_replace({text}, '([+-][0-9]{{2}})([0-9]{{2}})$', '\1:\2')", text=text)
    return sql(_DAY, text=text, moment=moment, zoned=_ZONED, zone=literal(zone), written=_WRITTEN)


def moment_parts(given: Sql, physical: str) -> tuple[Sql, Sql]:
    """Return a test of whether a moment, given as trimmed text or with a time zone, has a UTC offset, and the moment.

    Of a text it is null if the offset is not zero.
    """
    if physical != "VARCHAR":
        return sql("{given} is not null", given=given), given
    moment = "case when regexp_matches({text}, {zero}) then try_cast({text} as timestamptz) end"
    has_offset = sql("regexp_matches({text}, {zoned})", text=given, zoned=_ZONED)
    return has_offset, sql(moment, text=given, zero=_ZERO)


def is_moved_midnight(has_offset: Sql, moment: Sql, zone: str) -> Sql:
    """Return a test of whether a moment is midnight UTC and another day in the time zone. It is null for values without a UTC offset."""
    return sql(_MOVED, has_offset=has_offset, moment=moment, zone=literal(zone))


def day_of_moment(name: Sql, physical: str, zone: str) -> Sql:
    """Return the day of a date or timestamp. A timestamp with a UTC offset is converted to the time zone first."""
    if physical.startswith("TIMESTAMP WITH TIME ZONE"):
        return sql("cast({name} at time zone {zone} as date)", name=name, zone=literal(zone))
    return sql("cast({name} as date)", name=name)
