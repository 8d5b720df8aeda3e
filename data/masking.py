"""Hide what could identify a person before a value is written anywhere: Social Security numbers and e-mail addresses.

One definition of each shape, in two spellings: Python's for sentences, DuckDB's (masking_sql.py) for rules and for files of
rows. The last two digits stay, so that an analyst who has the file and the row can recognize the value.
"""

from __future__ import annotations

import re
import sys
import unicodedata

# Patterns know ASCII alone: compiling one that knows every script takes DuckDB 15 ms, and a check compiles a hundred. So other
# scripts' digits are read as ASCII ones first, and what is not ASCII counts as a gap or as a letter of an address.
DIGITS = "".join(c for n in range(128, sys.maxunicode + 1) if (c := chr(n)).isdecimal())
ASCII_DIGITS = "".join(str(unicodedata.decimal(digit)) for digit in DIGITS)
_GAP = "[^0-9A-Za-z]"
_LETTER = r"[^\x00-\x24\x26\x28-\x2a\x2c\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]"  # of an address; . % + ' - _ are some
_PART = r"[^\x00-\x2c\x2e\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]"  # of a domain, between dots

# Three, two and four digits, with blanks or punctuation between the groups.
SHAPE = f"[0-9]{{3}}{_GAP}{{1,4}}[0-9]{{2}}{_GAP}{{1,4}}[0-9]{{2}}([0-9]{{2}})"
BARE = "[0-9]{7}([0-9]{2})"  # the same nine digits with nothing between them
EMAIL = rf"{_LETTER}+@{_PART}+(?:\.{_PART}+)+"

_TO_ASCII = str.maketrans(DIGITS, ASCII_DIGITS)
_SSN = re.compile(f"(?<![0-9])(?:{SHAPE}|{BARE})(?![0-9])")
_ADDRESS = re.compile(EMAIL)
HIDDEN_ADDRESS = "***@***"
HIDDEN = "***-**-**"  # followed by the last two digits


def masked(text: str) -> str:
    """A text with Social Security numbers and e-mail addresses hidden: `SSN 123-45-6789` becomes `SSN ***-**-**89`.

    Nine digits with nothing between them count as one too, because a sentence does not know which column they are from.
    """
    if "@" in text:
        text = _ADDRESS.sub(HIDDEN_ADDRESS, text)
    read = text if text.isascii() else text.translate(_TO_ASCII)
    hidden = _SSN.sub(lambda number: HIDDEN + (number[1] or number[2]), read)
    return text if hidden == read else hidden
