"""Write the reason for which a row was excluded as readers know it. The stored reasons are made in data/rules/ and data/cast_columns.py."""

from __future__ import annotations

import re

_COLUMNS = {
    "applied_on": "application date", "enrolled_on": "enrollment date", "started_on": "start date", "planned_end_on": "planned end date",
    "exited_on": "exit date", "credential_on": "credential date", "employed_on": "first day of the job", "posted_on": "posting date",
    "registered_on": "registration date", "completed_on": "completion date", "closed_on": "closing date",
    "hourly_wage_before": "hourly wage before the program", "hourly_wage_after": "hourly wage after the program",
    "filled": "number of filled positions", "filled_by_participants": "number of positions filled by participants",
    "positions": "number of positions", "hours": "number of hours", "kind": "kind of transaction", "source": "source of the opening",
    "referred_by": "board or organization",
}  # fmt: skip
_DATES_OUT_OF_ORDER = {
    "enrolled before applied": ("enrolled_on", "applied_on"),
    "started before enrolled": ("started_on", "enrolled_on"),
    "planned end before start": ("planned_end_on", "started_on"),
    "exited before enrolled": ("exited_on", "enrolled_on"),
    "exited before started": ("exited_on", "started_on"),
    "credential before start": ("credential_on", "started_on"),
    "employed before enrolled": ("employed_on", "enrolled_on"),
    "completed before registered": ("completed_on", "registered_on"),
    "closed before posted": ("closed_on", "posted_on"),
}
_OTHERS = {
    "started without being enrolled": "A start date without an enrollment date (started_on, enrolled_on)",
    "credential_on without a credential": "A credential date without a credential (credential_on, credential)",
    "exit of an application that was never enrolled": "An exit from an application without an enrollment date (enrolled_on)",
    "its enrollment was excluded": "Its enrollment was excluded (enrollment_id)",
    "no such enrollment in the delivery": "The delivery has no enrollment with this id (enrollment_id)",
    "sector not valid on applied_on": "The sector was not valid on the application date (sector, applied_on)",
    "more filled than positions": "More filled positions than positions (filled, positions)",
    "more filled by participants than filled": "More positions filled by participants than filled (filled_by_participants, filled)",
    "the template's example row": "The template’s example row",
    "expense beyond its award's obligation": "More is spent than its award’s obligation allows (amount)",
}
_OF_A_COLUMN = (  # the first that matches; {label} and {column} are of the column
    (r"(?P<column>\w+) after the delivery", "The {label} is after the date of the delivery ({column})"),
    (r"(?P<column>\w+_on) before (?P<rest>[\d-]+)", "The {label} is before {rest} ({column})"),
    (r"negative (?P<column>\w+)", "The {label} is negative ({column})"),
    (r"unknown board or organization in (?P<column>referred_by)", "The {label} is not a known name ({column})"),
    (r"unknown (?P<column>\w+)", "The {label} is not a known name ({column})"),
    (
        r"another row has the same (?P<column>\w+) and other content",
        "Another row has the same {label} but different content ({column})",
    ),
    (r"(?P<column>[a-z]\w*) (?P<rest>(?:is|looks like|stands for) .*)", "The {label} {rest} ({column})"),
)


def in_words(reason: str) -> str:
    """Return a stored reason as a reader knows it, with the columns in parentheses; a reason of another form as it is."""
    if reason in _DATES_OUT_OF_ORDER:
        first, second = _DATES_OUT_OF_ORDER[reason]
        return f"The {_label(first)} is before the {_label(second)} ({first}, {second})"
    if reason in _OTHERS:
        return _OTHERS[reason]
    for pattern, words in _OF_A_COLUMN:
        match = re.fullmatch(pattern, reason)
        if match:
            given = match.groupdict()
            return words.format(label=_label(given["column"]), column=given["column"], rest=given.get("rest", ""))
    return reason


def _label(column: str) -> str:
    return _COLUMNS.get(column, re.sub(r" id$", " ID", column.replace("_", " ")))
