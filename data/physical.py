"""From the physical type of a file's column to text and dates: numbers as they were meant, days where they were lived."""

from __future__ import annotations

from data.duckdb_sql import Sql, literal, sql

BLANK = literal(" \t\n\r\v\f\u00a0\u2007\u202f\u200b\ufeff")
# Almost all text is plain ASCII without blanks around it; seeing that is ten times cheaper than trimming it.
_TRIMMED = (
    "case when strlen({name}) = length({name}) and left({name}, 1) > ' ' and right({name}, 1) > ' ' then {name}"
    " else nullif(trim({name}, {blank}), '') end"
)
# The largest whole number up to which every one has a floating-point number of its own.
_LAST_EXACT = {"FLOAT": 2**24, "DOUBLE": 2**53}
# Past that number the text is in short form on purpose: an id in short form refuses a delivery (see casting.py).
_FLOATING = (
    "case when isnan({name}) then null when abs({name}) > {last} then format('{{:.16e}}', cast({name} as double))"
    " when {name} = trunc({name}) then cast(cast({name} as bigint) as varchar) else cast({name} as varchar) end"
)
_DECIMAL = (
    "case when {name} = trunc({name}) then cast(cast({name} as hugeint) as varchar) else cast({name} as varchar) end"
)
_ZONED = literal(r":[0-9]{2}(\.[0-9]+)? ?(Z|z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)$")
# A year has four digits and comes first: the engine reads 5/1/25 as a day of the year 5.
_WRITTEN = literal(r"^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9:.]*)?$")
# What the engine takes for a date and people do not write (infinity, epoch) begins with a letter or a sign.
_DAY = (
    "case when left({text}, 1) not between '0' and '9' then null"
    " when strlen({text}) > 10 and regexp_matches({text}, {zoned})"
    " then cast(try_cast({moment} as timestamptz) at time zone {zone} as date)"
    " when regexp_matches({text}, {written}) then try_cast({text} as date) end"
)


def trimmed(name: Sql, physical: str) -> Sql:
    """A column as text without blanks around it; null where nothing is left."""
    return sql(_TRIMMED, name=name, blank=BLANK) if physical == "VARCHAR" else sql("cast({name} as varchar)", name=name)


def text_of(name: Sql, physical: str) -> Sql:
    """A column as trimmed text in which a whole number is written as one, whatever type holds it: 100001.0 is `100001`."""
    for kind, last in _LAST_EXACT.items():
        if physical.startswith(kind):
            return sql(_FLOATING, name=name, last=Sql(str(last)))
    return sql(_DECIMAL, name=name) if physical.startswith("DECIMAL") else trimmed(name, physical)


def identifier(text: Sql) -> Sql:
    """An identifier: `100001.0` is what a spreadsheet or a data frame made of 100001. Zeros at its beginning count."""
    return sql(
        "case when contains({text}, '.') and regexp_full_match({text}, '-?[0-9]+[.]0+')"
        " then split_part({text}, '.', 1) else {text} end",
        text=text,
    )


def code(text: Sql) -> Sql:
    """A code out of a list of numbers: `1`, `01` and `1.0` are one code; anything but a whole number stays as it is."""
    return sql(
        "case when regexp_full_match({text}, '0*[0-9]{{1,9}}([.]0*)?')"
        " then cast(cast(split_part({text}, '.', 1) as integer) as varchar) else {text} end",
        text=text,
    )


def day_of_text(text: Sql, zone: str) -> Sql:
    """The day that a text says; a moment with its offset from UTC is the day that it was in the time zone."""
    # The engine wants a colon in an offset of hours and minutes.
    moment = sql(r"regexp_replace({text}, '([+-][0-9]{{2}})([0-9]{{2}})$', '\1:\2')", text=text)
    return sql(_DAY, text=text, moment=moment, zoned=_ZONED, zone=literal(zone), written=_WRITTEN)


def day_of_moment(name: Sql, physical: str, zone: str) -> Sql:
    """The day of a date or timestamp; one that knows its offset from UTC is put into the time zone first."""
    if physical.startswith("TIMESTAMP WITH TIME ZONE"):
        return sql("cast({name} at time zone {zone} as date)", name=name, zone=literal(zone))
    return sql("cast({name} as date)", name=name)
