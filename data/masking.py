"""Hide what could identify a person before a value is written anywhere: Social Security numbers and e-mail addresses.

One definition of each shape, in two spellings: Python's for sentences, DuckDB's (`define`) for rules and for files of
rows. The last two digits stay, so that an analyst who has the file and the row can recognize the value.
"""

from __future__ import annotations

import re

from duckdb import DuckDBPyConnection as Connection

from data.engine import literal, run

# Three, two and four digits of any script, with blanks or punctuation between the groups.
_SHAPE = r"{digit}{{3}}{gap}{{1,4}}{digit}{{2}}{gap}{{1,4}}{digit}{{2}}({digit}{{2}})"
_BARE = r"{digit}{{7}}({digit}{{2}})"  # the same nine digits with nothing between them
_EMAIL = r"[{letter}.%+'-]+@[{letter}-]+(?:\.[{letter}-]+)+"
_PYTHON = {"digit": r"\d", "gap": r"[\W_]", "letter": r"\w"}
_DUCKDB = {"digit": r"\p{Nd}", "gap": r"[^\p{L}\p{N}]", "letter": r"\p{L}\p{N}_"}

_SSN = re.compile(rf"(?<!\d)(?:{_SHAPE.format(**_PYTHON)}|{_BARE.format(**_PYTHON)})(?!\d)")
_ADDRESS = re.compile(_EMAIL.format(**_PYTHON))
_HIDDEN_ADDRESS = "***@***"
HIDDEN = "***-**-**"  # followed by the last two digits


def masked(text: str) -> str:
    """A text with Social Security numbers and e-mail addresses hidden: `SSN 123-45-6789` becomes `SSN ***-**-**89`.

    Nine digits with nothing between them count as one too, because a sentence does not know which column they are from.
    """
    if "@" in text:
        text = _ADDRESS.sub(_HIDDEN_ADDRESS, text)
    return _SSN.sub(lambda found: HIDDEN + (found[1] or found[2]), text)


def define(connection: Connection) -> None:
    """Make the SQL macros of this module, which the rules and the quarantine files use.

    looks_like_ssn(t): whether a text holds a separated number. mask_separated(t): hides those and e-mail addresses.
    mask_all(t): hides nine bare digits as well, for columns that hold no amounts.
    """
    # RE2 has no look-around: the characters around a number are matched and put back. Two numbers that share one
    # character between them need a second pass.
    around = r"(^|[^\p{Nd}])%s([^\p{Nd}]|$)"
    separated, bare = (literal(around % shape.format(**_DUCKDB)) for shape in (_SHAPE, _BARE))
    parts = {
        "separated": separated, "bare": bare, "hidden": literal(rf"\1{HIDDEN}\2\3"),
        "address": literal(_EMAIL.format(**_DUCKDB)), "hidden_address": literal(_HIDDEN_ADDRESS),
    }  # fmt: skip
    run(
        connection,
        "create or replace macro looks_like_ssn(t) as strlen(t) > 10 and regexp_matches(t, {separated})",
        **parts,
    )
    run(
        connection,
        "create or replace macro hide_addresses(t) as"
        " case when contains(t, '@') then regexp_replace(t, {address}, {hidden_address}, 'g') else t end",
        **parts,
    )
    run(
        connection,
        "create or replace macro hide_separated(t) as case when looks_like_ssn(t) then"
        " regexp_replace(regexp_replace(t, {separated}, {hidden}, 'g'), {separated}, {hidden}, 'g') else t end",
        **parts,
    )
    run(
        connection,
        "create or replace macro hide_bare(t) as case when strlen(t) > 8 then"
        " regexp_replace(regexp_replace(t, {bare}, {hidden}, 'g'), {bare}, {hidden}, 'g') else t end",
        **parts,
    )
    run(connection, "create or replace macro mask_separated(t) as hide_separated(hide_addresses(t))")
    run(connection, "create or replace macro mask_all(t) as hide_bare(mask_separated(t))")
