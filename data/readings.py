"""Other ways in which people write a date or an amount, as SQL: each turns a text into the contract's form.

Layouts choose them (aliases.py). `check` also tries them on what it refuses, to say how it seems to be written; it never
takes such a reading for the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from data.duckdb_sql import Sql, joined, literal, sql
from data.match_names import folded

Dates = Literal["iso", "month first", "day first"]
Money = Literal["plain", "dollars"]

# Years of two digits come first: %Y would take 26 for the year 26.
_FORMATS: dict[str, tuple[str, ...]] = {
    "month first": ("%m/%d/%y", "%m-%d-%y", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%B %d, %Y", "%b %d, %Y",
                    "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S"),
    "day first": ("%d/%m/%y", "%d-%b-%y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y"),
}  # fmt: skip
# Dollar signs, commas between thousands, and parentheses around a negative amount, as accountants write it.
_DOLLARS = r"^\s*(\()?\s*(-)?\s*\$?\s*(-)?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?\s*(?:USD)?\s*(\))?\s*$"


def read_date(text: Sql, order: Dates) -> Sql:
    """An SQL expression: the date in ISO form where the text is written in that order, else the text as it is."""
    if order == "iso":
        return text
    formats = Sql("[" + joined(", ", map(literal, _FORMATS[order])) + "]")
    # Without a digit it is no date: DuckDB reads `infinity` and `epoch` as such.
    return sql(
        "coalesce(case when regexp_matches({text}, '[0-9]') then strftime(try_strptime(trim({text}), {formats}), '%Y-%m-%d') end,"
        " {text})",
        text=text, formats=formats,
    )  # fmt: skip


def read_money(text: Sql, money: Money) -> Sql:
    """An SQL expression: the plain amount where the text is an amount of dollars, else the text as it is."""
    if money == "plain":
        return text
    return sql(
        "case when regexp_matches({text}, {pattern}) then"
        " case when contains({text}, '-') or contains({text}, '(') then '-' else '' end"
        " || regexp_replace({text}, '[^0-9.]', '', 'g') else {text} end",
        text=text, pattern=literal(_DOLLARS),
    )  # fmt: skip


def read_values(text: Sql, values: Mapping[str, str]) -> Sql:
    """An SQL expression: the contract's value where the text is one of these other values, whatever its case and blanks."""
    if not values:
        return text
    cases = joined(" ", (
        sql("when {given} then {value}", given=literal(folded(given)), value=literal(value)) for given, value in values.items()
    ))  # fmt: skip
    plain = sql("lower(trim(regexp_replace({text}, '\\s+', ' ', 'g')))", text=text)
    return sql("case {plain} {cases} else {text} end", plain=plain, cases=cases, text=text)
