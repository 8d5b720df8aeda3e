"""SQL that converts other formats of dates and amounts to the contract's.

Layouts choose them (aliases.py). `check` also tries them on values that it refuses, to say what the format seems to be. It
never uses such a guess as the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from data.duckdb_sql import Sql, joined, literal, sql
from data.match_names import folded

Dates = Literal["iso", "month first", "day first"]
Money = Literal["plain", "dollars"]

# Two-digit years come first, because %Y would read 26 as the year 26.
_FORMATS: dict[str, tuple[str, ...]] = {
    "month first": ("%m/%d/%y", "%m-%d-%y", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%B %d, %Y", "%b %d, %Y",
                    "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S"),
    "day first": ("%d/%m/%y", "%d-%b-%y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y"),
}  # fmt: skip
# Dollar signs, thousands separators, and parentheses around negative amounts, as accountants write them.
_DOLLARS = r"^\s*(\()?\s*(-)?\s*\$?\s*(-)?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?\s*(?:USD)?\s*(\))?\s*$"


def read_date(text: Sql, order: Dates) -> Sql:
    """Return SQL for the ISO date of a text in that order of day and month; other texts are unchanged."""
    if order == "iso":
        return text
    formats = Sql("[" + joined(", ", map(literal, _FORMATS[order])) + "]")
    # A text without a digit is not a date, although DuckDB reads `infinity` and `epoch` as dates.
    return sql(
        "coalesce(case when regexp_matches({text}, '[0-9]') then strftime(try_strptime(trim({text}), {formats}), '%Y-%m-%d') end,"
        " {text})",
        text=text, formats=formats,
    )  # fmt: skip


def read_money(text: Sql, money: Money) -> Sql:
    """Return SQL for the plain amount of a text in dollars; other texts are unchanged."""
    if money == "plain":
        return text
    return sql(
        "case when regexp_matches({text}, {pattern}) then"
        " case when contains({text}, '-') or contains({text}, '(') then '-' else '' end"
        " || regexp_replace({text}, '[^0-9.]', '', 'g') else {text} end",
        text=text, pattern=literal(_DOLLARS),
    )  # fmt: skip


def read_values(text: Sql, values: Mapping[str, str]) -> Sql:
    """Return SQL that replaces values by the contract's, ignoring case and white space; other texts are unchanged."""
    if not values:
        return text
    cases = joined(" ", (
        sql("when {given} then {value}", given=literal(folded(given)), value=literal(value)) for given, value in values.items()
    ))  # fmt: skip
    plain = sql("lower(trim(regexp_replace({text}, '\\s+', ' ', 'g')))", text=text)
    return sql("case {plain} {cases} else {text} end", plain=plain, cases=cases, text=text)
