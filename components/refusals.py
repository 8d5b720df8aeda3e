"""Read the file that publishing writes about a delivery it did not accept (store/refused.json), without trusting its contents.

What is missing or of a wrong type is left empty. Texts are cut to one line and masked, because they contain values of the delivery's
files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath

from components.url_state import shortened
from data.masking import masked
from queries.instances import FileState

MAX_ITEMS = 2_000  # faults, problems, row numbers: the workbook of `check --problems` has all
_SENTENCE, _VALUE, _NAME = 400, 120, 60
_COUNTS = ("read", "accepted", "quarantined", "duplicates", "skipped")
# the texts of a problem, and the most letters of each
_TEXTS = {
    "table": _NAME, "file": _NAME, "column": _NAME, "value": _VALUE, "problem": _SENTENCE, "how_to_fix": _SENTENCE,
    "suggestion": _VALUE, "follows_from": _SENTENCE,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Rows with one problem.

    Attributes:
        rows: how many; None where it is not recorded.
        row_numbers: of the first rows.
        value: of the first row.
        follows_from: the problem that causes this one; "" for a cause.
    """

    table: str = ""
    file: str = ""
    rows: int | None = None
    row_numbers: tuple[int, ...] = ()
    column: str = ""
    value: str = ""
    problem: str = ""
    how_to_fix: str = ""
    suggestion: str = ""
    follows_from: str = ""


@dataclass(frozen=True, kw_only=True)
class TableCounts:
    """What was read of one table of a delivery that was not accepted."""

    table: str
    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    skipped: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The last attempt to publish, which was not accepted. Two are equal if they were read from the same state of the file."""

    source: str = field(default="", compare=False)
    delivered_on: date | None = None
    tried_on: date | None = None
    is_synthetic: bool | None = field(default=None, compare=False)
    faults: tuple[str, ...] = field(default=(), compare=False)
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    tables: tuple[TableCounts, ...] = field(default=(), compare=False)
    notices: tuple[str, ...] = field(default=(), compare=False)
    file: FileState | None = None

    @property
    def causes(self) -> tuple[Problem, ...]:
        """The problems that follow from no other."""
        return tuple(problem for problem in self.problems if not problem.follows_from)

    @property
    def consequences(self) -> tuple[Problem, ...]:
        """The problems that go away with their cause."""
        return tuple(problem for problem in self.problems if problem.follows_from)

    @property
    def count(self) -> int:
        """How many problems kept it from being accepted: the sentences of the check, else the causes."""
        return len(self.faults) or len(self.causes)


def read(content: Mapping[str, object], file: FileState | None = None) -> Refusal:
    """Return the refusal in the contents of a refused.json. Never raises. file: the state of the file they were read from."""
    report = _mapping(content.get("report"))
    source = PurePath(_text(content.get("source"), 4000).replace("\\", "/")).name
    synthetic = report.get("is_synthetic")
    return Refusal(
        source=shortened(source, _NAME),
        delivered_on=_day(content.get("delivered_on")),
        tried_on=_day(content.get("at")),
        is_synthetic=synthetic if isinstance(synthetic, bool) else None,
        faults=_sentences(content.get("faults")) or _sentences(report.get("faults")),
        problems=tuple(_problem(each) for each in _list(content.get("problems")) if isinstance(each, dict)),
        tables=tuple(
            _table(name, counts) for name, counts in _mapping(report.get("tables")).items() if isinstance(counts, dict)
        ),
        notices=_sentences(report.get("notices")),
        file=file,
    )


def unreadable(file: FileState) -> Refusal:
    """Return the refusal for a file that cannot be read."""
    return Refusal(faults=("The list of what was wrong with it cannot be read. Check the delivery again.",), file=file)


def _problem(content: Mapping[str, object]) -> Problem:
    numbers = tuple(number for each in _list(content.get("row_numbers")) if (number := _count(each)))
    texts = {name: _text(content.get(name), most) for name, most in _TEXTS.items()}
    return Problem(rows=_count(content.get("rows")) or len(numbers) or None, row_numbers=numbers, **texts)


def _table(name: str, content: Mapping[str, object]) -> TableCounts:
    counts = {name: _count(content.get(name)) or 0 for name in _COUNTS}
    reasons = {_text(reason, _SENTENCE): _count(rows) for reason, rows in _mapping(content.get("reasons")).items()}
    return TableCounts(
        table=_text(name, _NAME),
        **counts,
        reasons=tuple((reason, rows) for reason, rows in reasons.items() if reason and rows)[:MAX_ITEMS],
        notices=_sentences(content.get("notices")),
    )


def _sentences(value: object) -> tuple[str, ...]:
    return tuple(text for each in _list(value) if (text := _text(each, _SENTENCE)))


def _text(value: object, most: int) -> str:
    """Return a text or a number as one masked line; "" for anything else."""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return ""
    return shortened(masked(str(value)[: most * 8]), most)


def _count(value: object) -> int | None:
    """Return a number of rows, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 <= value < 10**12 and value == int(value) else None


def _day(value: object) -> date | None:
    """Return the date of a date or time in ISO format, or None."""
    try:
        return datetime.fromisoformat(value).date() if isinstance(value, str) else None
    except ValueError:
        return None


def _list(value: object) -> Iterable[object]:
    return value[:MAX_ITEMS] if isinstance(value, list) else ()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
