"""Rows that a protected reader gets as an earlier delivery has them, because they hardly changed since (earlier.py)."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from data.store import StoreDamagedError
from queries.calculators.registry import rows_of
from queries.context import QueryContext
from queries.database import delivery, open_store
from queries.models import Row
from queries.privacy.absent import identity_of
from queries.privacy.joint import JointPattern, address_in, has_joint_pattern
from queries.privacy.rule import Rule
from queries.scope import AskError

R = TypeVar("R", bound=Row)


def with_earlier_rows(
    context: QueryContext, rows: Sequence[R], rule: Rule, exempt: Collection[str]
) -> tuple[list[R], frozenset[str]]:
    """Return the rows with those of earlier deliveries in their place, and the keys of rows to hide: their delivery is gone.

    Args:
        context: The question.
        rows: The rows as computed.
        rule: The limits.
        exempt: Keys of rows that the reader may see exactly.
    """
    held = {key: since for key, since in held_rows(context, rows, rule).items() if key not in exempt}
    result, gone = [], set()
    for row in rows:
        before = _rows_in(context, held[row.key]).get(identity_of(row)) if row.key in held else row
        if before is None:
            gone.add(row.key)
        result.append(row if before is None else cast("R", before))
    return result, frozenset(gone)


def held_rows(context: QueryContext, rows: Sequence[Row], rule: Rule) -> dict[str, str]:
    """Return the earlier delivery of each row, by key, that is shown as that delivery has it."""
    if not has_joint_pattern(context):
        return {}
    pattern = JointPattern.of(context, rule)
    held = {row.key: pattern.held_from(address_in(context, row.key)) for row in rows}
    return {key: since for key, since in held.items() if since is not None}


def held_sentence(context: QueryContext, rows: Sequence[Row], rule: Rule) -> str | None:
    """Return a sentence that some rows are those of an earlier delivery; None if none are."""
    if not held_rows(context, rows, rule):
        return None
    return f"Counts that changed by fewer than {rule.min_count} since an earlier delivery, and a few others, are shown as in that delivery."


def _rows_in(context: QueryContext, delivery_id: str) -> Mapping[tuple[Hashable, ...], Row]:
    """Return the rows of an earlier delivery, as of its date; none if it is no longer in the store."""
    try:
        store = open_store(delivery_id)
    except (AskError, StoreDamagedError):
        return {}
    about = delivery(store)
    scope = context.scope.but(delivery=delivery_id, as_of=about.delivered_on)
    return {identity_of(row): row for row in rows_of(replace(context, store=store, delivery=about, scope=scope))}
