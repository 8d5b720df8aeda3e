"""Why a number changed: the difference of one count or sum between two deliveries, in parts that add up to it exactly.

Both deliveries are counted under the same filters. The present one is also counted on the earlier one's day. What it counts
after that day is new. What the two deliveries count differently on that day was revised: reported late, corrected, removed,
excluded, or, for distinct residents, merged. Rows are matched by their ids in the exports, residents by the rows they share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from data.masking import masked
from queries import delivery_pair
from queries.access.rights import NotAllowed, answer_to, subjects
from queries.access.viewer import EXACT
from queries.context import QueryContext
from queries.database import open_store
from queries.instances import retried
from queries.models import Answer, AnswerStatus, Delivery
from queries.privacy.family import counts_people
from queries.registry import Measure, measure
from queries.scope import Question, Scope
from queries.service import ask

TYPES = frozenset({"counted", "money", "slfrf"})
MOST_ROWS = 1_000  # of each part, in a listing
NOT_A_COUNT = "{label} is not a count or a sum of dated events, so its change has no parts."
NOT_RELEASED = "What changed between deliveries is not shown to protect residents’ privacy: the difference could be a small number."
OTHER_KIND = "Deliveries {before} and {now} are of different kinds, so their rows cannot be compared."
NOT_EARLIER = "Delivery {before} is not earlier than {now}, so there is nothing to compare."


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
        previous: The total in the earlier delivery; None without numbers.
        current: The total in the present delivery; None without numbers.
        parts: The reasons, one of each kind. They add up to `current` less `previous`.
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
    knows_excluded: bool = True

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


def can_be_compared(entry: Measure) -> bool:
    """Return whether a measure is a count or a sum of dated events, so that its change has parts."""
    has_ids = entry.model in delivery_pair.MODELS_WITH_IDS
    return entry.type in TYPES and entry.agg in delivery_pair.LISTED and has_ids


def previous_delivery(present: Delivery, published: Sequence[Delivery]) -> str | None:
    """Return the id of the last delivery of the same kind published before this one, or None.

    A demo is not compared with real data, nor one layout with another.

    Args:
        present: The delivery on screen.
        published: Every delivery, oldest first.
    """
    ids = [delivery.id for delivery in published]
    earlier = published[: ids.index(present.id)] if present.id in ids else ()
    return next((delivery.id for delivery in reversed(earlier) if _kind(delivery) == _kind(present)), None)


def changed(measure_id: str, since: str, scope: Scope = Scope()) -> Change:
    """Return why a total differs from the one in an earlier delivery, under the same filters.

    A protected reader gets no number about people: the difference could be a small one.

    Args:
        measure_id: The measure.
        since: The earlier delivery.
        scope: The filters and the reader.

    Raises:
        AskError: Unknown measure, filter value or delivery; the message is a sentence.
        NothingPublished: Nothing has been published yet.
        StoreDamagedError: The store cannot be read.
    """
    return retried(lambda: _changed(measure(measure_id), since, scope))


def changed_rows(change: Change) -> list[ChangedRow]:
    """Return the rows behind each part, at most MOST_ROWS of each.

    Raises:
        NotAllowed: The rows are not part of the reader's view.
    """
    viewer = change.scope.viewer
    if viewer is not None and answer_to(viewer, "data_health") != EXACT:
        raise NotAllowed(str(subjects()["data_health"]["otherwise"]))
    if change.status is not AnswerStatus.OK:
        return []
    return retried(lambda: _rows(change))


def _changed(entry: Measure, since: str, scope: Scope) -> Change:
    present = ask(Question(entry.id), scope)
    earlier = ask(Question(entry.id), scope.but(delivery=since))
    status, note = _status(earlier, present)
    change = Change(
        measure=entry, status=status, note=note, scope=present.scope, before=earlier.delivery, now=present.delivery,
        before_as_of=earlier.as_of, as_of=present.as_of,
    )  # fmt: skip
    if status is not AnswerStatus.OK:
        return change
    before, now = _contexts(change)
    key = ("changed", entry.id, now.scope, before.store.file)
    parts, knows_excluded = now.store.get_or_compute(key, lambda: _parts(before, now))
    previous, current = (Decimal(str(answer.total.value or 0)) for answer in (earlier, present))
    if sum((part.change for part in parts), previous) != current:
        raise AssertionError(f"{entry.id}: the parts do not add up to the change from {since}")
    return replace(change, previous=previous, current=current, parts=parts, knows_excluded=knows_excluded)


def _status(earlier: Answer, present: Answer) -> tuple[AnswerStatus, str | None]:
    """Return whether a change can be shown, and a sentence if not."""
    entry, ids = present.measure, {"before": earlier.delivery.id, "now": present.delivery.id}
    if not can_be_compared(entry):
        return AnswerStatus.NOT_APPLICABLE, NOT_A_COUNT.format(label=entry.label)
    is_protected = present.hidden_below is not None or earlier.hidden_below is not None
    if is_protected and counts_people(entry):
        return AnswerStatus.NOT_RELEASED, NOT_RELEASED
    for answer in (present, earlier):
        if answer.status not in (AnswerStatus.OK, AnswerStatus.EMPTY):
            return answer.status, answer.note
    if _kind(earlier.delivery) != _kind(present.delivery):
        return AnswerStatus.NOT_APPLICABLE, OTHER_KIND.format(**ids)
    is_later = earlier.delivery.delivered_on > present.delivery.delivered_on
    if is_later or earlier.delivery.id == present.delivery.id:
        return AnswerStatus.NOT_APPLICABLE, NOT_EARLIER.format(**ids)
    return AnswerStatus.OK, None


def _kind(delivery: Delivery) -> tuple[str | None, bool]:
    return delivery.layout, delivery.is_synthetic


def _contexts(change: Change) -> tuple[QueryContext, QueryContext]:
    scope = change.scope.but(viewer=None)
    before = scope.but(as_of=change.before_as_of, delivery=change.before.id)
    return (
        QueryContext(change.measure, None, before, open_store(change.before.id), change.before),
        QueryContext(change.measure, None, scope, open_store(change.now.id), change.now),
    )


def _parts(before: QueryContext, now: QueryContext) -> tuple[tuple[Part, ...], bool]:
    with delivery_pair.compared(before, now) as connection:
        amounts = {row.pop("kind"): row for row in delivery_pair.rows(connection, "parts")}
    kinds = (kind for kind in PartKind if kind.value in amounts)
    return tuple(Part(kind=kind, **amounts[kind.value]) for kind in kinds), delivery_pair.knows_excluded(now)


def _rows(change: Change) -> list[ChangedRow]:
    with delivery_pair.compared(*_contexts(change)) as connection:
        rows = delivery_pair.rows(connection, "rows", {"most": MOST_ROWS})
    return [
        ChangedRow(
            kind=PartKind(row["kind"]),
            id=masked(row["id"]),
            change=row["change"],
            columns=row["columns"],
            reasons=row["reasons"],
        )
        for row in rows
    ]
