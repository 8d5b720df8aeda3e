"""Write plain sentences from answers. No Streamlit: pages use this module, and briefs can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from components.text.format import COUNTS, Number, day, known, people, share
from queries.models import REASONS, Answer, AnswerStatus, Row, Suppression
from queries.privacy.suppression import HIDDEN, is_hidden
from queries.verdicts import ENOUGH

_IRREGULAR = {"person": "people", "is": "are", "has": "have", "was": "were"}
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
Cell = Number | str | date | None
R = TypeVar("R", bound=Row)


def join(parts: Sequence[str], last: str = "and") -> str:
    """Join parts into a list: ["a", "b", "c"] gives "a, b, and c"; two parts get no comma. Empty parts are left out."""
    parts = [part for part in parts if part]
    if len(parts) < 3:
        return f" {last} ".join(parts)
    return f"{', '.join(parts[:-1])}, {last} {parts[-1]}"


def in_sentences(items: Sequence[str], size: int) -> str:
    """Write a long list as sentences that can be read aloud: "A 3; B 2. C 1.". size: items in a sentence."""
    return " ".join(f"{'; '.join(items[at : at + size])}." for at in range(0, len(items), size))


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


def plural_in_words(n: int, singular: str) -> str:
    """Write a small count with its noun: "three groups", "one group"."""
    return f"{in_words(n)} {noun(n, singular)}"


def in_words(n: int) -> str:
    """Spell out whole numbers under ten: 3 is "three"."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else people(n)


def ordinal(n: int) -> str:
    """Spell out a rank from 1: 3 is "third"; above ten, "number 11"."""
    return _ORDINALS[n - 1] if n <= len(_ORDINALS) else f"number {n}"


def nth(n: int) -> str:
    """Write a rank with its ending: 3 is "3rd", 12 is "12th"."""
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def capital(text: str) -> str:
    """Capitalize the first letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Lower the first letter and leave the rest as it is; of an abbreviation, such as "BIPOC residents", all of it."""
    return text if text[:2].isupper() and text[:2].isalpha() else text[:1].lower() + text[1:]


def residents(answer: Answer) -> str:
    """Write the total of an answer as "1,108 residents"; without a number, say so or give the reason."""
    row = answer.rows[0] if answer.rows else None
    if row is None or not known(row.value):
        return _unknown_number(row, "residents")
    return capital(plural(row.value, "resident"))


def _unknown_number(row: Row | None, who: str) -> str:
    """Write people without a number: "A number of residents (hidden for privacy)" where it is hidden."""
    if row is not None and row.suppression is Suppression.PRIVACY:
        return f"A number of {who} ({HIDDEN})"
    return f"An unknown number of {who}"


def did(answer: Answer, verb: str, *, is_many: bool | None = None) -> str:
    """Return "have enrolled" or "has enrolled", to go with a count of residents; of a period, "enrolled".

    Args:
        answer: The count.
        verb: What they did, as "enrolled".
        is_many: Whether the subject is plural, where it is not the count.
    """
    if answer.scope.since:  # nobody "has enrolled on July 1, 2025"
        return verb
    is_plural = answer.total.value != 1 if is_many is None else is_many
    return f"{'have' if is_plural else 'has'} {verb}"


def has_values(answer: Answer) -> bool:
    """Return whether any row has a number that can be shown."""
    return any(known(row.value) for row in answer.rows)


def by_size(rows: Sequence[R]) -> list[R]:
    """Sort rows by value, largest first; rows without a value come last."""
    return sorted(rows, key=lambda row: (not known(row.value), -(row.value if known(row.value) else 0), str(row.key)))


def hidden_rows(answer: Answer) -> list[Row]:
    """Return the rows hidden from this reader. If there are any, do not say who has least or how many there are."""
    return [row for row in answer.rows if is_hidden(row)]


def ranked(answer: Answer) -> list[Row]:
    """Return the rows with a value and a real category, largest first."""
    rows = [row for row in answer.rows if known(row.value) and not is_unrecorded(row)]
    return sorted(rows, key=lambda row: (-(row.value or 0), row.key))


def share_of_exits(row: Row) -> str:
    """Write a share of exits with their number: "84% of 2,411 exits"; where that is few, as counts: "2 of 2 exits"."""
    if known(row.numerator) and known(row.denominator) and row.denominator < ENOUGH:
        return f"{people(row.numerator)} of {plural(row.denominator, 'exit')}"
    base = plural(row.denominator, "exit") if known(row.denominator) else "exits"
    return f"{share(row.value)} of {base}"


def part_of(row: Row, events: str, verb: str) -> str:
    """Say what part of some events ended so: "84% of exits led to a job (42 of 50)"; of few, in counts."""
    base = f"{people(row.numerator)} of {people(row.denominator)}"
    if (row.denominator or 0) < ENOUGH:
        return f"{base} {events} {verb}"
    return f"{share(row.value)} of {events} {verb} ({base})"


def is_of_several(row: Row) -> bool:
    """Return whether a rate is of more than one: of a single person or exit there is nothing to quote."""
    return known(row.value) and known(row.denominator) and row.denominator > 1


def pace(value: Number | None) -> str:
    """Write a pace ratio in words: 1.04 is "4% ahead of schedule", 0.9 "10% behind schedule", 1 "on schedule"."""
    if not known(value):
        return "pace not known"
    difference = value - 1
    if abs(difference) < 0.005:
        return "on schedule"
    return f"{share(abs(difference), 0)} {'ahead of' if difference > 0 else 'behind'} schedule"


def is_unrecorded(row: Row) -> bool:
    """Return whether a row stands for those without a category, such as "Not recorded"."""
    return str(row.key).lower().startswith(("not ", "unknown"))


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
    measure = answer.measure
    adds_up = measure.unit in COUNTS or (measure.unit == "dollars" and not measure.per)
    is_answered = answer.status in (AnswerStatus.OK, AnswerStatus.EMPTY)
    if row is None and is_answered and answer.hidden_below is None and adds_up:
        return 0  # every reader but a protected one gets only the rows that count somebody, and dollars only where some are
    return (row.note if row is not None else answer.reason) or REASONS[AnswerStatus.EMPTY]


def cell_of(row: Row) -> Cell:
    """Return a row's value for a table cell: the reason where it is hidden, None where it is merely missing."""
    return row.note if is_hidden(row) else row.value


def when(answer: Answer) -> str:
    """Say when an answer holds: "as of November 13, 2026" or "from July 1, 2025 to June 30, 2026".

    A period that is not over ends on the date shown, "so far". One day is "on July 1, 2026".
    """
    since, until, as_of = answer.scope.since, answer.scope.until, answer.as_of
    if since and since > as_of:
        return f"in the period from {day(since)}, after {day(as_of)}"
    is_over = until is not None and until <= as_of
    last = until if until is not None and is_over else as_of
    end = day(last)
    text = (
        f"on {end}"
        if since == last
        else f"from {day(since)} to {end}"
        if since
        else f"until {end}"
        if until
        else f"as of {end}"
    )
    return text if until is None or is_over else f"{text} so far"


def total_of(answer: Answer, who: str = "residents") -> str:
    """Write the total of an answer with the people it counts: "1,108 residents", "25 veterans"."""
    if who == "residents":
        return residents(answer)
    value = answer.total.value
    return count_of(value, who) if known(value) else _unknown_number(answer.total, who)


def people_who(answer: Answer, verb: str, rest: str, *, who: str = "residents") -> str:
    """Write how many people did something, as the start of a sentence: "1,108 residents have enrolled in Eastern".

    Where the number is hidden, say so as a person would: "How many residents have enrolled in Eastern is hidden for privacy".

    Args:
        answer: The count.
        verb: What they did, as "enrolled".
        rest: Where and when, with a space before it.
        who: Whom it counts.
    """
    if is_hidden(answer.total):
        return f"How many {who} {did(answer, verb, is_many=True)}{rest} is {HIDDEN}"
    return f"{total_of(answer, who)} {did(answer, verb)}{rest}"


def count_of(value: float, who: str) -> str:
    """Write a count to begin a sentence: "25 veterans"; "1 resident among veterans"; "No known veterans", as not all disclose it."""
    if who == "residents":
        return capital(plural(value, "resident"))
    return f"1 resident among {who}" if value == 1 else f"{people(value) if value else 'No known'} {who}"
