"""The difference of a total between two deliveries, and the parts that it consists of: what `queries.changed` returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from queries.models import AnswerStatus, Delivery
from queries.registry import Measure
from queries.scope import Scope


class PartKind(StrEnum):
    """Why a total differs from the one in an earlier delivery."""

    NEW = "new"  # happened after the earlier delivery's date
    ENDED = "ended"  # no longer counts since that date, as somebody in training who exited
    LATE = "late"  # happened by that date, but was not in the earlier delivery
    CORRECTED = "corrected"  # recorded in both, and counted in one only, or with another amount
    REMOVED = "removed"  # not in the present delivery
    EXCLUDED = "excluded"  # accepted in one delivery, excluded in the other
    MERGED = "merged"  # residents who are one person in the present delivery, or one who is several


LABELS = {
    PartKind.NEW: "New since then",
    PartKind.ENDED: "Ended since then",
    PartKind.LATE: "Reported late",
    PartKind.CORRECTED: "Corrected",
    PartKind.REMOVED: "Removed",
    PartKind.EXCLUDED: "Excluded or accepted again",
    PartKind.MERGED: "Residents merged or split",
}
REVISIONS = tuple(kind for kind in PartKind if kind not in (PartKind.NEW, PartKind.ENDED))


@dataclass(frozen=True, kw_only=True)
class Part:
    """One reason for a change, in the measure's unit: what it added to the total and what it took away, both zero or more."""

    kind: PartKind
    added: Decimal = Decimal()
    removed: Decimal = Decimal()

    @property
    def change(self) -> Decimal:
        """What the part adds to the total; below zero where it takes away."""
        return self.added - self.removed


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What stands behind a part, in rows of the exports, or in residents where those are counted.

    Attributes:
        kind: The part.
        name: Why rows were excluded, which column was corrected, or else whose rows they are. None where they name nobody.
        added: How many add to the total; of exclusions, how many are accepted again.
        removed: How many take away from it; of exclusions, how many are excluded now.
        units: How many are in the part, whatever their names. One with several names counts under each.
    """

    kind: PartKind
    name: str | None
    added: int
    removed: int
    units: int

    @property
    def count(self) -> int:
        """How many of the part have this name."""
        return self.added + self.removed


@dataclass(frozen=True, kw_only=True)
class Change:
    """The difference of one total between two deliveries.

    Attributes:
        measure: What is counted.
        status: Whether the reader gets the numbers, and if not, why.
        note: A sentence that says why not.
        scope: The filters, with names spelled as in the reference tables.
        before: The earlier delivery.
        now: The present delivery.
        before_as_of: The day that the earlier total is counted on.
        as_of: The day that the present total is counted on.
        previous: The total in the earlier delivery; None without one. It may be known where the deliveries cannot be compared.
        current: The total in the present delivery; likewise.
        parts: The reasons, one of each kind. They add up to `current` less `previous`.
        causes: What stands behind the parts, the largest of each part first; empty for readers who may not see rows.
        knows_excluded: Whether excluded rows could be told from removed ones. If not, `removed` holds both.
    """

    measure: Measure
    status: AnswerStatus
    note: str | None
    scope: Scope
    before: Delivery
    now: Delivery
    before_as_of: date
    as_of: date
    previous: Decimal | None = None
    current: Decimal | None = None
    parts: tuple[Part, ...] = ()
    causes: tuple[Cause, ...] = ()
    knows_excluded: bool = True

    @classmethod
    def failed(cls, measure: Measure, scope: Scope, *, before: Delivery, now: Delivery, note: str) -> Change:
        """Return a change without numbers that could not be computed; `note` is a sentence."""
        as_of = min(scope.as_of or now.delivered_on, now.delivered_on)
        return cls(
            measure=measure, status=AnswerStatus.FAILED, note=note, scope=scope, before=before, now=now,
            before_as_of=min(as_of, before.delivered_on), as_of=as_of,
        )  # fmt: skip

    def part(self, *kinds: PartKind) -> Part:
        """Return the part of this kind; of several kinds, their sum."""
        parts = [part for part in self.parts if part.kind in kinds]
        added = sum((part.added for part in parts), Decimal())
        return Part(kind=kinds[0], added=added, removed=sum((part.removed for part in parts), Decimal()))

    def label(self, kind: PartKind) -> str:
        """Return what a part is called."""
        return "Removed or excluded" if kind is PartKind.REMOVED and not self.knows_excluded else LABELS[kind]


@dataclass(frozen=True, kw_only=True)
class ChangedRow:
    """One row of the exports behind a part, or the first row of a resident.

    Attributes:
        kind: The part.
        id: The row's id, with what could be a Social Security number or an e-mail address masked.
        change: What it adds to the total.
        columns: The columns that differ between the deliveries, for a correction.
        reasons: Why it was excluded.
    """

    kind: PartKind
    id: str
    change: Decimal
    columns: str | None
    reasons: str | None


MEANINGS: Mapping[PartKind, str] = {
    PartKind.NEW: "Dated after the earlier delivery, so it could not count yet.",
    PartKind.ENDED: "Counted on the day of the earlier delivery, and no longer does: for example, the training ended.",
    PartKind.LATE: "On or before the day of the earlier delivery, but first reported since.",
    PartKind.CORRECTED: "Recorded in both deliveries, with other values now.",
    PartKind.REMOVED: "In the earlier delivery, and not in the export of the later one.",
    PartKind.EXCLUDED: "Accepted in one delivery, and excluded in the other because it broke a rule.",
    PartKind.MERGED: "Rows of two residents now belong to one resident, or the other way around.",
}
_MOST_NAMES = 2  # that share the first place in a sentence


def behind(change: Change, kind: PartKind, *, in_words: Callable[[str], str] = str) -> str:
    """Say what most of a part has in common: a rule, a column, a provider; "" where the data does not say or the reader may not see it.

    Args:
        change: The change.
        kind: The part.
        in_words: Writes a name as readers know it.
    """
    causes = [cause for cause in change.causes if cause.kind is kind]
    if not any(cause.name for cause in causes):
        return ""
    most = [cause for cause in causes if cause.count == causes[0].count]
    what, counted = _what(change, kind), _counted(causes[0].units, change)
    names = [in_words(cause.name) if cause.name else f"no {what} recorded" for cause in most]
    if len(most) > _MOST_NAMES and most[0].count < most[0].units:
        return f"No {what} stands out: none has more than {most[0].count:,} of {counted}."
    if len(most) > _MOST_NAMES:
        return f"{len(most)} {what}s in {'all ' * (most[0].units > 1)}{counted}: {'; '.join(names)}."
    each = " each" if len(most) > 1 else ""
    text = f"Most common {what}{'s' * (len(most) > 1)}: {' and '.join(names)}. {most[0].count:,}{each} of {counted}"
    if kind is PartKind.EXCLUDED and len(most) == 1:
        text += f": {most[0].removed:,} excluded now, {most[0].added:,} accepted again"
    return f"{text}."


def _what(change: Change, kind: PartKind) -> str:
    """Name what the causes of a part are: a rule, a column, or who the rows are of."""
    if kind in (PartKind.EXCLUDED, PartKind.CORRECTED):
        return "rule" if kind is PartKind.EXCLUDED else "corrected column"
    return "recipient" if change.measure.model in ("funding", "awards") else "provider"


def _counted(units: int, change: Change) -> str:
    """Write a number of rows, or of residents where those are counted."""
    unit = "residents" if change.measure.agg == "count_residents" else "rows"
    return f"1 {unit[:-1]}" if units == 1 else f"{units:,} {unit}"
