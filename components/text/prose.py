"""Write plain sentences from answers. No Streamlit: pages use this module, and briefs can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from components import periods
from components.text.format import COUNTS, Number, day, format_value, known, people, points, share
from queries.access.rights import WITHHELD
from queries.models import Answer, Row
from queries.privacy.suppression import is_hidden

_IRREGULAR = {"person": "people", "is": "are", "has": "have", "was": "were"}
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
Cell = Number | str | date | None
R = TypeVar("R", bound=Row)


def join(parts: Sequence[str], last: str = "and") -> str:
    """Join parts into a list: ["a", "b", "c"] gives "a, b, and c"; two parts get no comma. Empty parts are left out."""
    parts = [part for part in parts if part]
    if len(parts) < 3:
        return f" {last} ".join(parts)
    return f"{', '.join(parts[:-1])}, {last} {parts[-1]}"


def noun(n: Number | None, singular: str, plural_form: str | None = None) -> str:
    """Return the noun that goes with a number: "resident" for 1, "residents" otherwise."""
    if known(n) and people(n) == "1":
        return singular
    if plural_form or singular in _IRREGULAR:
        return plural_form or _IRREGULAR[singular]
    return f"{singular[:-1]}ies" if singular.endswith("y") and singular[-2] not in "aeiou" else f"{singular}s"


def plural(n: Number | None, singular: str, plural_form: str | None = None) -> str:
    """Write a number with its noun: "1,108 residents", "1 resident", "no residents"."""
    if not known(n):
        return f"an unknown number of {noun(2, singular, plural_form)}"
    return f"{'no' if n == 0 else people(n)} {noun(n, singular, plural_form)}"


def in_words(n: int) -> str:
    """Spell out whole numbers under ten: 3 is "three"."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else people(n)


def capital(text: str) -> str:
    """Capitalize the first letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Lower the first letter and leave the rest as it is."""
    return text[:1].lower() + text[1:]


def residents(answer: Answer) -> str:
    """Write the total of an answer as "1,108 residents"; without a number, say so or give the reason."""
    row = answer.rows[0] if answer.rows else None
    if row is None or not known(row.value):
        return _unknown_number(row, "residents")
    return capital(plural(row.value, "resident"))


def _unknown_number(row: Row | None, who: str) -> str:
    """Write people without a number: "Fewer than 10 residents" where the number is hidden."""
    if row is not None and is_hidden(row) and str(row.note).startswith("fewer than"):
        return f"{capital(str(row.note))} {who}"
    return f"An unknown number of {who}"


def have(answer: Answer) -> str:
    """Return "has" or "have", to go with a count of residents."""
    return "has" if answer.total.value == 1 else "have"


def by_size(rows: Sequence[Row]) -> list[Row]:
    """Sort rows by value, largest first; rows without a value come last."""
    return sorted(rows, key=lambda row: (not known(row.value), -(row.value if known(row.value) else 0), str(row.key)))


def hidden_rows(answer: Answer) -> list[Row]:
    """Return the rows hidden from this reader. If there are any, do not say who has least or how many there are."""
    return [row for row in answer.rows if is_hidden(row)]


def ranked(answer: Answer) -> list[Row]:
    """Return the rows with a value and a real category, largest first."""
    rows = [row for row in answer.rows if known(row.value) and not _is_unknown(row.key)]
    return sorted(rows, key=lambda row: (-(row.value or 0), row.key))


def largest(answer: Answer) -> Row | None:
    """Return the row with the largest value, or None."""
    return next(iter(ranked(answer)), None)


def most_and_fewest(answer: Answer, labels: Mapping[str, str] | None = None, *, numbers: bool = False) -> str:
    """Say where a count is largest and smallest: "most in Healthcare, fewest in Green jobs".

    Ties are named, and where all rows are equal, or only one has a value, the text says so. Rows hidden from this reader
    may be the smallest, so then only the largest is named.
    """
    rows, labels = ranked(answer), labels or {}
    if not rows:
        return "there are too few to show" if hidden_rows(answer) else "there is nothing to compare yet"

    def name(row: Row) -> str:
        text = labels.get(row.key, row.key)
        return f"{text} ({format_value(row.value, answer.measure.unit)})" if numbers else text

    if any(row.note == WITHHELD for row in answer.rows):
        return f"{join([name(row) for row in rows])}; the others are {WITHHELD}"
    if hidden_rows(answer):
        return f"most in {name(rows[0])}"
    if len(rows) == 1:
        is_count = answer.measure.unit in COUNTS
        return f"all of it is in {name(rows[0])}" if is_count else f"only {name(rows[0])} has a value"
    top = [row for row in rows if row.value == rows[0].value]
    bottom = [row for row in rows if row.value == rows[-1].value]
    if len(top) == len(rows):
        equal = in_words(len(rows)) if len(rows) > 2 else join([name(row) for row in rows])
        return f"{equal} have the same number"
    last = f"{in_words(len(bottom))} others" if len(bottom) > 2 else join([name(row) for row in bottom])
    return f"most in {join([name(row) for row in top])}, fewest in {last}"


def compare(value: Number | None, other: Number | None, unit: str = "share") -> str:
    """Compare two values: "4.2 points higher than", "1,200 fewer than", "the same as"."""
    if not (known(value) and known(other)):
        return "not comparable with"
    difference = value - other
    if unit in ("share", "points"):
        text = points(difference).lstrip("+−")
        is_same, words = text.startswith("0 "), ("higher than", "lower than")
    elif unit in COUNTS:
        text, words = people(abs(difference)), ("more than", "fewer than")
        is_same = text == "0"
    else:
        text, words = format_value(abs(difference), unit), ("more than", "less than")
        is_same = not any(digit in text for digit in "123456789")
    return "the same as" if is_same else f"{text} {words[0] if difference > 0 else words[1]}"


def pace(value: Number | None) -> str:
    """Write a pace ratio in words: 1.04 is "4% ahead of schedule", 0.9 "10% behind schedule", 1 "on schedule"."""
    if not known(value):
        return "pace not known"
    difference = value - 1
    if abs(difference) < 0.005:
        return "on schedule"
    return f"{share(abs(difference), 0)} {'ahead of' if difference > 0 else 'behind'} schedule"


def since_then(
    now: Number | None, before: Number | None, unit: str = "residents", *, hidden_below: int | None = None
) -> str:
    """Write a change as a clause: "up 212", "down 4.2 points", "unchanged".

    hidden_below: changes in counts from 1 to below this number read "up fewer than 10".
    """
    if not (known(now) and known(before)):
        return "change not known"
    difference = now - before
    if hidden_below and unit not in ("share", "points") and 0 < abs(difference) < hidden_below:
        return f"{'up' if difference > 0 else 'down'} fewer than {hidden_below}"
    text = points(abs(difference)).lstrip("+") if unit in ("share", "points") else format_value(abs(difference), unit)
    if not any(digit in text for digit in "123456789"):
        return "unchanged"
    return f"{'up' if difference > 0 else 'down'} {text}"


def _is_unknown(key: str) -> bool:
    return str(key).lower().startswith(("not ", "unknown"))


def row_of(
    answer: Answer, row_type: type[R], key: str, *, group: str | None = None, part: str | None = None
) -> R | None:
    """Return the row with this key (and group and part, if given) as a row of this class, or None.

    Raises:
        TypeError: The row is of another class.
    """
    row = answer.row(key, group=group, part=part)
    if row is not None and not isinstance(row, row_type):
        raise TypeError(f"This answer has rows of {type(row).__name__}, not of {row_type.__name__}.")
    return row


def cell(answer: Answer, key: str, *, part: str | None = None) -> Cell:
    """Return the value of a row for a table cell; without one, the reason in words."""
    row = answer.row(key, part=part)
    if row is not None and known(row.value):
        return row.value
    return (row.note if row is not None else answer.reason) or "none recorded"


def cell_of(row: Row) -> Cell:
    """Return a row's value for a table cell: the reason where it is hidden, None where it is merely missing."""
    return row.note if is_hidden(row) else row.value


def when(answer: Answer) -> str:
    """Say when an answer holds: "as of November 13, 2026" or "from July 1, 2025 to June 30, 2026"."""
    since, until = answer.scope.since, answer.scope.until
    if not since and not until:
        return f"as of {day(answer.as_of)}"
    period = periods.described(since, until)
    return f"from {period}" if since and until else period


def total_of(answer: Answer, who: str = "residents") -> str:
    """Write the total of an answer with the people it counts: "1,108 residents", "25 veterans"."""
    if who == "residents":
        return residents(answer)
    value = answer.total.value
    return f"{people(value)} {who}" if known(value) else _unknown_number(answer.total, who)
