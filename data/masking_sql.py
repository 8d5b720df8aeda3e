"""The masking of masking.py as SQL macros, for rules and for files of rows."""

from __future__ import annotations

from duckdb import DuckDBPyConnection as Connection

from data.engine import literal, run
from data.masking import ASCII_DIGITS, BARE, DIGITS, EMAIL, HIDDEN, HIDDEN_ADDRESS, SHAPE


def define(connection: Connection) -> None:
    """Make the SQL macros of this module, which the rules and the quarantine files use.

    looks_like_ssn(t): whether a text holds a separated number. mask_separated(t): hides those and e-mail addresses.
    mask_all(t): hides nine bare digits as well, for columns that hold no amounts.
    """
    # RE2 has no look-around: the characters around a number are matched and put back. Two numbers that share one
    # character between them need a second pass.
    separated, bare = (literal(f"(^|[^0-9]){shape}([^0-9]|$)") for shape in (SHAPE, BARE))
    parts = {
        "separated": separated, "bare": bare, "hidden": literal(rf"\1{HIDDEN}\2\3"),
        "address": literal(EMAIL), "hidden_address": literal(HIDDEN_ADDRESS),
        "digits": literal(DIGITS), "ascii_digits": literal(ASCII_DIGITS),
    }  # fmt: skip
    twice = "regexp_replace(regexp_replace(digits_of(t), {shape}, {{hidden}}, 'g'), {shape}, {{hidden}}, 'g')"
    for macro in (
        "digits_of(t) as case when strlen(t) = length(t) then t else translate(t, {digits}, {ascii_digits}) end",
        "looks_like_ssn(t) as strlen(t) > 10 and regexp_matches(digits_of(t), {separated})",
        "hide_addresses(t) as"
        " case when contains(t, '@') then regexp_replace(t, {address}, {hidden_address}, 'g') else t end",
        f"hide_separated(t) as case when looks_like_ssn(t) then {twice.format(shape='{separated}')} else t end",
        "hide_bare(t) as case when strlen(t) > 8 and regexp_matches(digits_of(t), {bare})"
        f" then {twice.format(shape='{bare}')} else t end",
        "mask_separated(t) as hide_separated(hide_addresses(t))",
        "mask_all(t) as hide_bare(mask_separated(t))",
    ):
        run(connection, f"create or replace macro {macro}", **parts)
