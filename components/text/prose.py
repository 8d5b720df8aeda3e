"""Plain sentences from answers. No Streamlit: pages use it, and briefs can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.periods import described
from components.text.format import COUNTS, MISSING, day, format_value, known, people, points, share
from queries.access.rights import WITHHELD
from queries.privacy.suppression import is_hidden

_IRREGULAR = {"person": "people", "is": "are", "has": "have", "was": "were"}
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def join(parts: Sequence[str], last: str = "and") -> str:
    """["a", "b", "c"] to "a, b, and c"; two without a comma."""
    parts = [part for part in parts if part]
    if len(parts) < 3:
        return f" {last} ".join(parts)
    return f"{', '.join(parts[:-1])}, {last} {parts[-1]}"


def noun(n: Any, one: str, many: str | None = None) -> str:
    """The noun for a number: noun(1, "resident") is "resident"."""
    if known(n) and people(n) == "1":
        return one
    return (
        many or _IRREGULAR.get(one) or (one[:-1] + "ies" if one.endswith("y") and one[-2] not in "aeiou" else one + "s")
    )


def plural(n: Any, one: str, many: str | None = None) -> str:
    """plural(1108, "resident") is "1,108 residents"; plural(0, …) is "no residents"."""
    if not known(n):
        return f"an unknown number of {noun(2, one, many)}"
    return f"{'no' if n == 0 else people(n)} {noun(n, one, many)}"


def in_words(n: int) -> str:
    """Whole numbers under ten in words: in_words(3) is "three"."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else people(n)


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def residents(answer: Any) -> str:
    """The total of an answer as "1,108 residents"; without a number, its reason as a clause."""
    row = answer.rows[0] if answer.rows else None
    if row is None or not known(row.value):
        return _unknown_number(row, "residents")
    return capital(plural(row.value, "resident"))


def _unknown_number(row: Any, who: str) -> str:
    """Residents without a number: "Fewer than 10 residents" where it is hidden."""
    if row is not None and is_hidden(row) and str(row.note).startswith("fewer than"):
        return f"{capital(row.note)} {who}"
    return f"An unknown number of {who}"


def by_size(rows: Sequence[Any]) -> list[Any]:
    """Rows with the largest value first, those without a number last."""
    return sorted(rows, key=lambda r: (not known(r.value), -(r.value if known(r.value) else 0), str(r.key)))


def held_back(answer: Any) -> list[Any]:
    """The rows whose number is hidden from this reader: nothing may be said about who is least, or how many there are."""
    return [row for row in answer.rows if is_hidden(row)]


def ranked(answer: Any) -> list[Any]:
    """The rows that have a value and are a real category, largest first."""
    rows = [r for r in answer.rows if known(r.value) and not _unknown(r.key)]
    return sorted(rows, key=lambda r: (-r.value, r.key))


def best(answer: Any) -> Any | None:
    """The row with the largest value, or None."""
    return next(iter(ranked(answer)), None)


def worst(answer: Any) -> Any | None:
    """The row with the smallest value, or None."""
    return next(iter(reversed(ranked(answer))), None)


def leads_and_trails(answer: Any, labels: Mapping[str, str] | None = None, *, numbers: bool = False) -> str:
    """Who leads and who trails, as a clause: "Healthcare leads, Green jobs trails"; one row, or all equal, is said."""
    rows, labels = ranked(answer), labels or {}
    if not rows:
        return "there are too few to show" if held_back(answer) else "there is nothing to compare yet"

    def name(row: Any) -> str:
        text = labels.get(row.key, row.key)
        return f"{text} ({format_value(row.value, answer.measure.unit)})" if numbers else text

    if any(row.note == WITHHELD for row in answer.rows):
        return f"{join([name(row) for row in rows])}; the others are {WITHHELD}"
    if held_back(answer):
        return f"{name(rows[0])} leads"
    if len(rows) == 1:
        return (
            f"all of it is in {name(rows[0])}" if answer.measure.unit in COUNTS else f"only {name(rows[0])} has a value"
        )
    top = [r for r in rows if r.value == rows[0].value]
    low = [r for r in rows if r.value == rows[-1].value]
    if len(top) == len(rows):
        return f"{in_words(len(rows))} are level" if len(rows) > 2 else f"{join([name(r) for r in rows])} are level"
    lead = join([name(r) for r in top]) + (" leads" if len(top) == 1 else " lead")
    if len(low) > 2:
        return f"{lead}, {in_words(len(low))} others trail"
    return f"{lead}, {join([name(r) for r in low])}" + (" trails" if len(low) == 1 else " trail")


def more_or_fewer(n: Any, one: str = "resident") -> str:
    """212 to "212 more residents", -3 to "3 fewer residents", 0 to "as many residents"."""
    if not known(n):
        return MISSING
    if round(n) == 0:
        return f"as many {noun(2, one)}"
    return f"{people(abs(n))} {'more' if n > 0 else 'fewer'} {noun(abs(n), one)}"


def compare(value: Any, other: Any, unit: str = "share") -> str:
    """How one value stands to another: "4.2 points higher than", "1,200 fewer than", "the same as"."""
    if not (known(value) and known(other)):
        return "not comparable with"
    difference = value - other
    if unit in ("share", "points"):
        text = points(difference).lstrip("+−")
        same, words = text.startswith("0 "), ("higher than", "lower than")
    elif unit in COUNTS:
        text, words = people(abs(difference)), ("more than", "fewer than")
        same = text == "0"
    else:
        text, words = format_value(abs(difference), unit), ("more than", "less than")
        same = not any(digit in text for digit in "123456789")
    return "the same as" if same else f"{text} {words[0] if difference > 0 else words[1]}"


def pace(value: Any) -> str:
    """A pace ratio in words: 1.04 to "4% ahead of pace", 0.9 to "10% behind pace", 1 to "on pace"."""
    if not known(value):
        return "pace not known"
    off = value - 1
    if abs(off) < 0.005:
        return "on pace"
    return f"{share(abs(off), 0)} {'ahead of' if off > 0 else 'behind'} pace"


def since_then(now: Any, before: Any, unit: str = "residents", *, hidden_below: int | None = None) -> str:
    """A change as a clause: "up 212", "down 4.2 points", "unchanged", "fewer than 10" where such counts are hidden."""
    if not (known(now) and known(before)):
        return "change not known"
    difference = now - before
    if hidden_below and unit not in ("share", "points") and 0 < abs(difference) < hidden_below:
        return f"{'up' if difference > 0 else 'down'} fewer than {hidden_below}"
    if unit in ("share", "points"):
        text = points(abs(difference)).lstrip("+")
    else:
        text = format_value(abs(difference), unit)
    if not any(digit in text for digit in "123456789"):
        return "unchanged"
    return f"{'up' if difference > 0 else 'down'} {text}"


def _unknown(key: str) -> bool:
    return str(key).lower().startswith(("not ", "unknown"))


def cell(answer: Any, key: str, *, part: str | None = None) -> Any:
    """The value of a row for a table's cell, else the reason in words: not supplied, or the row's own."""
    row = answer.row(key, part=part)
    if row is not None and known(row.value):
        return row.value
    return (row.note if row is not None else getattr(answer, "reason", None)) or "none recorded"


def told(row: Any) -> Any:
    """A row's value for a table's cell; its reason where it is held back; None where it is merely missing."""
    return row.note if is_hidden(row) else row.value


def when(answer: Any) -> str:
    """When an answer holds: "as of November 13, 2026", or the period it is about, "from July 1, 2025 to June 30, 2026"."""
    since, until = answer.scope.since, answer.scope.until
    if not since and not until:
        return f"as of {day(answer.as_of)}"
    period = described(since, until)
    return f"from {period}" if since and until else period


def counted(answer: Any, who: str = "residents") -> str:
    """The total of an answer with the people it counts: "1,108 residents", "25 veterans"; capital where it begins."""
    if who == "residents":
        return residents(answer)
    value = answer.total.value
    return f"{people(value)} {who}" if known(value) else _unknown_number(answer.total, who)
