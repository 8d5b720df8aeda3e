"""Answers: typed rows with the definition, date, query and delivery behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Self, TypeVar

from queries.disclosure import ROLE, Role, derived, public
from queries.registry import Measure, measures, unknown_measure
from queries.scope import Goal, Question, Scope

R = TypeVar("R", bound="Row")


class AnswerStatus(StrEnum):
    """Whether a question could be answered, and if not, why."""

    OK = "ok"
    EMPTY = "empty"
    NOT_SUPPLIED = "not_supplied"
    NOT_DISCLOSED = "not_disclosed"  # nobody under the filters has answered whether they are in the group
    NOT_APPLICABLE = "not_applicable"
    NOT_ALLOWED = "not_allowed"
    NOT_RELEASED = "not_released"  # hidden from a protected reader, or outside the questions that one can ask
    NEEDS_ROWS = "needs_rows"  # the delivery was published without residents' rows, and only these could answer
    FAILED = "failed"


class Suppression(StrEnum):
    """Why a row's numbers are hidden from this reader."""

    PRIVACY = "privacy"  # a count of the row is small, or the row would reveal one; saying which would narrow it down
    WITHHELD = "withheld"  # the row is not part of the reader's view
    UNDECLARED = "undeclared"  # the measure has no disclosure rule


REASONS: Mapping[AnswerStatus, str] = {
    AnswerStatus.NOT_SUPPLIED: "not supplied",
    AnswerStatus.NOT_DISCLOSED: "not disclosed",
    AnswerStatus.NOT_APPLICABLE: "does not apply here",
    AnswerStatus.EMPTY: "nothing recorded yet",
    AnswerStatus.NOT_ALLOWED: "not part of your view",
    AnswerStatus.NOT_RELEASED: "hidden for privacy",
    AnswerStatus.NEEDS_ROWS: "needs residents’ rows",
}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The delivery an answer is computed from. has_rows: whether its store has residents' rows."""

    id: str
    delivered_on: date
    layout: str | None
    is_synthetic: bool
    note: str | None
    published_at: datetime
    has_rows: bool = True


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of an answer.

    Attributes:
        key: The value of the breakdown; "Total" without one.
        value: The number, in the measure's unit (shares and rates as fractions). None if there is none; see `note`.
        numerator: What was counted, where the measure has it.
        denominator: What it was counted of, where the measure has it.
        low: Lower end of the 95% interval.
        high: Upper end of the 95% interval.
        group: The underrepresented group the row is about, for measures of groups.
        part: A second key, such as an outcome, a step or a support.
        note: Why there is no value, or what to know about it.
        suppression: Why the numbers are hidden from this reader. None if they are not.
    """

    key: str = field(metadata={ROLE: Role.PUBLIC})
    value: float | None = field(metadata={ROLE: Role.DERIVED})
    numerator: float | None = derived()
    denominator: float | None = derived()
    low: float | None = derived()
    high: float | None = derived()
    group: str | None = public()
    part: str | None = public()
    note: str | None = public()
    suppression: Suppression | None = public()

    def but(self, **changes: object) -> Self:
        """Return this row with some fields changed, in a quarter of the time that `dataclasses.replace` takes."""
        row = object.__new__(type(self))
        row.__dict__.update(self.__dict__, **changes)
        return row


@dataclass(frozen=True, kw_only=True)
class ComparedRow(Row):
    """A row with a verdict on a difference.

    Attributes:
        verdict: What can be concluded; a value of `queries.verdicts.Verdict`.
        p: P-value of the difference by itself; None where nothing can be concluded.
        p_adjusted: P-value adjusted for all comparisons of the family (Benjamini-Hochberg).
        compared: How many comparisons the family makes.
    """

    verdict: str | None = derived()
    p: float | None = derived()
    p_adjusted: float | None = derived()
    compared: int | None = public()

    def judged(self, *, p_adjusted: float | None, compared: int) -> Self:
        """Return the row with an adjusted p-value and the verdict that follows from it."""
        verdict = self.verdict if p_adjusted is None else self.verdict_at(p_adjusted)
        return self.but(p_adjusted=p_adjusted, compared=compared, verdict=verdict)

    def verdict_at(self, _p_adjusted: float) -> str | None:
        """Return the verdict that follows from an adjusted p-value; here the one that the row has already."""
        return self.verdict


_ROW_TYPES: dict[str, type[Row]] = {}


def register_row_type(measure_type: str, row_type: type[Row]) -> None:
    """Record the row class of a type of measure, for answers that have no rows."""
    _ROW_TYPES[measure_type] = row_type


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one question.

    Attributes:
        measure: The registry entry.
        by: The breakdown; None for a total.
        scope: The filters, with names spelled as in the reference tables.
        rows: One row per key (and group and part, where the measure has them).
        status: Whether the question could be answered.
        note: Why not; if `is_nearest`, how the question answered differs from the reader's. Else None.
        as_of: The day the data is seen from.
        delivery: The delivery on screen.
        query: The SQL behind the numbers; "" for a reader who may not read queries.
        parameters: Its named parameters; empty likewise.
        goal: What a plan was made for, with every default filled in. None for other measures.
        hidden_below: Counts of people under this are hidden in these rows. None if nothing is hidden.
        is_nearest: Whether this answers the nearest question that a protected reader can ask, with its `by` and `scope`.
    """

    measure: Measure
    by: str | None
    scope: Scope
    rows: tuple[Row, ...]
    status: AnswerStatus
    note: str | None
    as_of: date
    delivery: Delivery
    query: str
    parameters: Mapping[str, object]
    goal: Goal | None = None
    hidden_below: int | None = None
    is_nearest: bool = False

    @classmethod
    def failed(cls, question: Question, scope: Scope, delivery: Delivery, as_of: date, note: str) -> Answer:
        """Return an answer without rows for a question that could not be computed; `note` is a sentence."""
        return cls(
            measure=measures().get(question.measure) or unknown_measure(question.measure), by=question.by, scope=scope, rows=(),
            status=AnswerStatus.FAILED, note=note, as_of=as_of, delivery=delivery, query="", parameters={},
        )  # fmt: skip

    @property
    def row_type(self) -> type[Row]:
        """The class of this measure's rows."""
        return _ROW_TYPES.get(self.measure.type, Row)

    @property
    def total(self) -> Row:
        """The first row: the total, if there is no breakdown. A row without a value if there are no rows."""
        return self.rows[0] if self.rows else self.row_type(key="Total", value=None, note=self.reason)

    @property
    def reason(self) -> str | None:
        """Why there are no rows, in a few words for a table cell. None if the status is ok."""
        return None if self.status == AnswerStatus.OK else REASONS.get(self.status, self.note)

    def row(self, key: str, *, group: str | None = None, part: str | None = None) -> Row | None:
        """Return the row with this key (and group and part, if given), or None."""
        rows = (row for row in self.rows if row.key == key)
        return next((row for row in rows if group in (None, row.group) and part in (None, row.part)), None)

    def rows_of(self, row_type: type[R]) -> tuple[R, ...]:
        """Return the rows as rows of this class. TypeError: a row is of another class."""
        return tuple(_checked(row, row_type) for row in self.rows)

    def total_of(self, row_type: type[R]) -> R:
        """Return `total` as a row of this class. TypeError: it is of another class."""
        return _checked(self.total, row_type)


def _checked(row: Row, row_type: type[R]) -> R:
    if not isinstance(row, row_type):
        raise TypeError(f"This answer has rows of {type(row).__name__}, not of {row_type.__name__}.")
    return row
