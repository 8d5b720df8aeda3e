"""Hide what could identify a person before a value is written anywhere: Social Security numbers and e-mail addresses.

One definition of each shape. Files of rows are masked by the same functions, called from SQL for the few values that a
cheap look cannot rule out. The last two digits stay, so that an analyst who has the file and the row can recognize them.
"""

from __future__ import annotations

import re

HIDDEN = "***-**-**"  # followed by the last two digits
_HIDDEN_ADDRESS = "***@***"
# Three, two and four digits of any script, with blanks or punctuation between the groups; or nine with nothing between.
_SEPARATED = re.compile(r"(?<!\d)\d{3}[\W_]{1,4}\d{2}[\W_]{1,4}\d{2}(\d{2})(?!\d)")
# The same with one of the gaps missing. A postal code with four more digits has that shape too, so it decides no rule.
_HALF = re.compile(r"(?<!\d)(?:\d{3}[\W_]{1,4}\d{4}|\d{5}[\W_]{1,4}\d{2})(\d{2})(?!\d)")
_BARE = re.compile(r"(?<!\d)\d{7}(\d{2})(?!\d)")
_ADDRESS = re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+")
# What a cheap look rules out: plain ASCII without these holds nothing to hide.
MAY_BE_NUMBER = "[0-9]{3}[^0-9A-Za-z]{1,4}[0-9]{2}[^0-9A-Za-z]{1,4}[0-9]{4}"
MAY_BE_ANY = "[0-9]{3}[^0-9A-Za-z]{0,4}[0-9]{2}[^0-9A-Za-z]{0,4}[0-9]{4}|@"


def masked(text: str) -> str:
    """A text with Social Security numbers and e-mail addresses hidden: `SSN 123-45-6789` becomes `SSN ***-**-**89`.

    Nine digits with nothing between them count as one too, because a sentence does not know which column they are from.
    """
    return _BARE.sub(rf"{HIDDEN}\1", _HALF.sub(rf"{HIDDEN}\1", masked_amount(text)))


def masked_amount(text: str) -> str:
    """The same, but nine digits with nothing between them stay: they may be dollars."""
    return masked_number(_ADDRESS.sub(_HIDDEN_ADDRESS, text) if "@" in text else text)


def masked_number(text: str) -> str:
    """A text with its separated Social Security numbers hidden, and nothing else."""
    return _SEPARATED.sub(rf"{HIDDEN}\1", text)


def holds_number(text: str) -> bool:
    """Whether a text holds a separated Social Security number."""
    return _SEPARATED.search(text) is not None
