"""Why a number changed: the difference of one count or sum between two deliveries, in parts that add up to it exactly.

Both deliveries are counted under the same filters. The present one is also counted on the earlier one's day. What it counts
after that day is new. What the two deliveries count differently on that day was revised: reported late, corrected, removed,
excluded, or, for distinct residents, merged. Rows are matched by their ids in the exports, residents by the rows they share.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from data.masking import masked
from data.store import RESIDENT_TABLES, StoreDamagedError
from queries import delivery_pair
from queries.access.rights import NotAllowed, answer_to, subjects
from queries.access.viewer import EXACT
from queries.change import Cause, Change, ChangedRow, Part, PartKind
from queries.context import QueryContext
from queries.database import delivery, open_store
from queries.instances import retried
from queries.models import Answer, AnswerStatus, Delivery
from queries.privacy.family import counts_people
from queries.registry import Measure, measure
from queries.rows_left_out import NO_ROWS_IN
from queries.scope import AskError, Question, Scope
from queries.service import ask

TYPES = frozenset({"counted", "money", "slfrf"})
MOST_ROWS = 1_000  # of each part, in a listing
NOT_A_COUNT = "{label} is not a count or a sum of dated events, so its change has no parts."
NOT_RELEASED = "What changed between deliveries is not shown to protect residents’ privacy: the difference could be a small number."
OTHER_KIND = "Deliveries {before} and {now} are of different kinds, so their rows cannot be compared."
OTHER_VALUES = "Delivery {before} cannot be counted under these filters. {error}"
TOO_LARGE = (
    "This delivery is too large to compare while a page waits. On the command line: "
    "python -m queries changed MEASURE --since {before}"
)
NOT_BEFORE = "Delivery {before} does not supply {label} under these filters, so there is nothing to compare with."
NOT_EARLIER = "Delivery {before} is not earlier than {now}, so there is nothing to compare."


def can_be_compared(entry: Measure) -> bool:
    """Return whether a measure is a count or a sum of dated events, so that its change has parts."""
    has_ids = entry.model in delivery_pair.MODELS_WITH_IDS
    return entry.type in TYPES and entry.agg in delivery_pair.LISTED and has_ids


def previous_delivery(delivery_id: str, history: Sequence[str]) -> Delivery | None:
    """Return the last delivery of the same kind published before this one and not dated after it, or None.

    A demo is not compared with real data, nor one layout with another. Deliveries that cannot be read are passed over.

    Args:
        delivery_id: The later delivery.
        history: The ids of published deliveries, oldest first.
    """
    present = delivery(open_store(delivery_id))
    earlier = history[: history.index(delivery_id)] if delivery_id in history else ()
    for other_id in reversed(earlier):
        with suppress(StoreDamagedError):
            other = delivery(open_store(other_id))
            if are_alike(other, present) and other.delivered_on <= present.delivered_on:
                return other
    return None


def changed(measure_id: str, since: str, scope: Scope = Scope(), *, most_rows: int | None = None) -> Change:
    """Return why a total differs from the one in an earlier delivery, under the same filters.

    A protected reader gets no number about people: the difference could be a small one.

    Args:
        measure_id: The measure.
        since: The earlier delivery.
        scope: The filters and the reader.
        most_rows: Larger tables are not compared: ten million rows take minutes. None for no limit.

    Raises:
        AskError: Unknown measure, filter value or delivery; the message is a sentence.
        NothingPublished: Nothing has been published yet.
        StoreDamagedError: The store cannot be read.
    """
    return retried(lambda: _changed(measure(measure_id), since, scope, most_rows))


def changed_rows(change: Change) -> list[ChangedRow]:
    """Return the rows behind each part, at most MOST_ROWS of each.

    Raises:
        NotAllowed: The rows are not part of the reader's view.
    """
    if not _may_see_rows(change.scope):
        raise NotAllowed(str(subjects()["data_health"]["otherwise"]))
    if change.status is not AnswerStatus.OK:
        return []
    return retried(lambda: _rows(change))


def _may_see_rows(scope: Scope) -> bool:
    """Return whether the reader may see rows, and what they have in common."""
    return scope.viewer is None or answer_to(scope.viewer, "data_health") == EXACT


def _changed(entry: Measure, since: str, scope: Scope, most_rows: int | None) -> Change:
    present = ask(Question(entry.id), scope)
    before_delivery = delivery(open_store(since))
    change = Change(
        measure=entry, status=present.status, note=present.note, scope=present.scope, before=before_delivery,
        now=present.delivery, before_as_of=min(present.as_of, before_delivery.delivered_on), as_of=present.as_of,
    )  # fmt: skip
    try:
        earlier = ask(Question(entry.id), scope.but(delivery=since))
    except AskError as error:  # a provider that the earlier delivery does not have, for example
        why = OTHER_VALUES.format(before=since, error=error)
        return replace(change, status=AnswerStatus.NOT_APPLICABLE, note=why, current=_total(present))
    status, note = _status(earlier, present)
    change = replace(change, status=status, note=note)
    if status is AnswerStatus.NOT_SUPPLIED:
        return replace(change, previous=_total(earlier), current=_total(present))
    if status is not AnswerStatus.OK:
        return change
    without = [each.id for each in (change.before, change.now) if not each.has_rows]
    if without and entry.model in RESIDENT_TABLES:
        return replace(change, status=AnswerStatus.NEEDS_ROWS, note=NO_ROWS_IN.format(delivery=without[-1]))
    before, now = _contexts(change)
    if most_rows is not None and any(_size(context) > most_rows for context in (before, now)):
        return replace(change, status=AnswerStatus.FAILED, note=TOO_LARGE.format(before=since))
    key = ("changed", entry.id, now.scope, before.store.file)
    parts, causes, knows_excluded = now.store.get_or_compute(key, lambda: _parts(before, now))
    previous, current = (_total(answer) or Decimal() for answer in (earlier, present))
    if sum((part.change for part in parts), previous) != current:
        raise AssertionError(f"{entry.id}: the parts do not add up to the change from {since}")
    causes = causes if _may_see_rows(scope) else ()
    return replace(
        change, previous=previous, current=current, parts=parts, causes=causes, knows_excluded=knows_excluded
    )


def _total(answer: Answer) -> Decimal | None:
    """Return a total; None where there is none to show."""
    if answer.status is AnswerStatus.EMPTY:
        return Decimal()
    value = answer.total.value if answer.status is AnswerStatus.OK else None
    return None if value is None else Decimal(str(value))


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
            is_before = answer is earlier and answer.status in (AnswerStatus.NOT_SUPPLIED, AnswerStatus.NOT_DISCLOSED)
            return answer.status, NOT_BEFORE.format(
                before=ids["before"], label=entry.label
            ) if is_before else answer.note
    if not are_alike(earlier.delivery, present.delivery):
        return AnswerStatus.NOT_APPLICABLE, OTHER_KIND.format(**ids)
    is_later = earlier.delivery.delivered_on > present.delivery.delivered_on
    if is_later or earlier.delivery.id == present.delivery.id:
        return AnswerStatus.NOT_APPLICABLE, NOT_EARLIER.format(**ids)
    return AnswerStatus.OK, None


def are_alike(left: Delivery, right: Delivery) -> bool:
    """Return whether two deliveries are of the same kind: of one layout, and both a demo or neither."""
    return (left.layout, left.is_synthetic) == (right.layout, right.is_synthetic)


def _contexts(change: Change) -> tuple[QueryContext, QueryContext]:
    scope = change.scope.but(viewer=None)
    before = scope.but(as_of=change.before_as_of, delivery=change.before.id)
    return (
        QueryContext(change.measure, None, before, open_store(change.before.id), change.before),
        QueryContext(change.measure, None, scope, open_store(change.now.id), change.now),
    )


def _size(context: QueryContext) -> int:
    """Return how many rows the measure's table has."""
    tables = {row["table_name"]: row["accepted"] for row in context.listing("check_tables")}
    return int(tables.get(context.measure.model, 0))


def _parts(before: QueryContext, now: QueryContext) -> tuple[tuple[Part, ...], tuple[Cause, ...], bool]:
    with delivery_pair.compared(before, now) as connection:
        amounts = {row.pop("kind"): row for row in delivery_pair.rows(connection, "parts")}
        causes = [Cause(**row | {"kind": PartKind(row["kind"])}) for row in delivery_pair.rows(connection, "causes")]
    kinds = (kind for kind in PartKind if kind.value in amounts)
    parts = tuple(Part(kind=kind, **amounts[kind.value]) for kind in kinds)
    return parts, tuple(causes), delivery_pair.knows_excluded(now)


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
