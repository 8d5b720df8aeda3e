"""Mask Social Security numbers and e-mail addresses before a value is written anywhere.

Each pattern is defined once. Files of rows are masked by the same functions, called from SQL for the few values that a
cheap test cannot rule out. The last two digits stay, so that an analyst with the file and row can recognize the number.
"""

from __future__ import annotations

import re

HIDDEN = "***-**-**"  # followed by the last two digits
_HIDDEN_ADDRESS = "***@***"
# Three, two and four digits of any script, with blanks or punctuation between the groups.
_SEPARATED = re.compile(r"(?<!\d)\d{3}[\W_]{1,4}\d{2}[\W_]{1,4}\d{2}(\d{2})(?!\d)")
# The same with one gap missing. A nine-digit ZIP code looks like this too, so no rule depends on it.
_HALF = re.compile(r"(?<!\d)(?:\d{3}[\W_]{1,4}\d{4}|\d{5}[\W_]{1,4}\d{2})(\d{2})(?!\d)")
_BARE = re.compile(r"(?<!\d)\d{7}(\d{2})(?!\d)")
_ADDRESS = re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+")
# The cheap test: ASCII text that matches neither of these has nothing to mask.
MAY_BE_NUMBER = "[0-9]{3}[^0-9A-Za-z]{1,4}[0-9]{2}[^0-9A-Za-z]{1,4}[0-9]{4}"
MAY_BE_ANY = "[0-9]{3}[^0-9A-Za-z]{0,4}[0-9]{2}[^0-9A-Za-z]{0,4}[0-9]{4}|@"


def masked(text: str) -> str:
    """Mask Social Security numbers and e-mail addresses: `SSN 123-45-6789` becomes `SSN ***-**-**89`.

    Nine digits in a row are masked too, because a sentence does not know which column they come from.
    """
    return _BARE.sub(rf"{HIDDEN}\1", _HALF.sub(rf"{HIDDEN}\1", masked_amount(text)))


def masked_amount(text: str) -> str:
    """Mask the same, except nine digits in a row, which may be dollars."""
    return masked_number(_ADDRESS.sub(_HIDDEN_ADDRESS, text) if "@" in text else text)


def masked_number(text: str) -> str:
    """Mask Social Security numbers with separators only."""
    return _SEPARATED.sub(rf"{HIDDEN}\1", text)


def holds_number(text: str) -> bool:
    """Return whether a text has a Social Security number with separators."""
    return _SEPARATED.search(text) is not None
