"""Groups about which nobody has answered: who is in them is not disclosed, so nobody counted is not zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from queries.calculators.registry import AnyCalculator, calculator_of, rows_of
from queries.context import QueryContext
from queries.models import Row, Suppression
from queries.notes import NOBODY_ANSWERED, NOT_DISCLOSED, NOT_SUPPLIED
from queries.registry import measure
from queries.scope import Scope


def groups_without_answers(context: QueryContext) -> frozenset[str]:
    """Return the groups that the delivery has a column for, and about which none of its residents has answered."""

    def count() -> frozenset[str]:
        applied = replace(
            context, measure=measure("residents_applied"), by=None, outcome=None, goal=None,
            scope=Scope(as_of=context.delivery.delivered_on, delivery=context.delivery.id),
        )  # fmt: skip
        rows = applied.rows(by=None, agg="participation")
        silent = {row["group_id"] for row in rows if row["everyone"] and not row["denominator"]}
        return frozenset(silent - context.groups_not_supplied())

    return context.store.get_or_compute("groups without answers", count)


def is_not_disclosed(context: QueryContext, *, is_protected: bool) -> bool:
    """Return whether the question is about a group about which nobody in the delivery has answered.

    A measure that compares groups says itself how many did not disclose, and what they could change, unless that is hidden.
    """
    scope = context.scope
    if scope.group is None or scope.group_side == "undisclosed":
        return False
    compares = calculator_of(context.measure).is_about_groups and not is_protected
    return not compares and scope.group in groups_without_answers(context)


def no_group_is_known(context: QueryContext) -> bool:
    """Return whether a breakdown by group has no row because nothing is disclosed or supplied of any of its groups."""
    if context.by != "group" or not calculator_of(context.measure).joins_groups:
        return False
    return set(context.groups()) <= context.groups_not_supplied() | groups_without_answers(context)


def nobody_answered(context: QueryContext, rows: Sequence[Row]) -> bool:
    """Return whether rows count nobody in a group because nobody under the filters has answered about it.

    Args:
        context: The question, about a group.
        rows: Its rows, of which nothing is hidden.
    """
    if not _counts_members(context) or any(map(_is_anybody, rows)):
        return False
    return not _keys_of(context, "out") and bool(_keys_of(context, "undisclosed"))


def with_silent(context: QueryContext, rows: Sequence[Row], *, is_protected: bool) -> Sequence[Row]:
    """Return rows with one for each region, or group, about whose residents nothing is disclosed or supplied.

    Args:
        context: The question.
        rows: Its rows, as the reader may see them.
        is_protected: Whether small numbers are hidden from the reader.
    """
    calculator = calculator_of(context.measure)
    if is_protected and calculator.is_about_groups:
        return _not_hidden_but_silent(context, rows)
    if context.by == "group" and calculator.joins_groups:
        missing, silent = context.groups_not_supplied(), groups_without_answers(context)
        notes = {
            group: NOT_SUPPLIED if group in missing else NOT_DISCLOSED
            for group in context.groups()
            if group in missing | silent
        }
        return _added(calculator, rows, notes)
    if is_protected or context.by != "region" or not _counts_members(context):
        return rows
    absent = {row["region"] for row in context.listing("regions")} - {row.key for row in rows if _is_anybody(row)}
    if absent:
        absent = (absent - _keys_of(context, "out")) & _keys_of(context, "undisclosed")
    return _added(calculator, rows, dict.fromkeys(sorted(absent), NOT_DISCLOSED))


def _not_hidden_but_silent(context: QueryContext, rows: Sequence[Row]) -> Sequence[Row]:
    """Say of hidden rows about groups that nobody has answered, where that is so: a fact of the delivery, not of a resident."""
    if not any(row.suppression is Suppression.PRIVACY for row in rows):
        return rows
    silent = groups_without_answers(context)
    return [
        row.but(suppression=None, note=NOBODY_ANSWERED)
        if row.group in silent and row.suppression is Suppression.PRIVACY
        else row
        for row in rows
    ]


def _counts_members(context: QueryContext) -> bool:
    is_of_members = context.scope.group is not None and context.scope.group_side == "in"
    return is_of_members and calculator_of(context.measure).joins_groups and context.by != "group"


def _keys_of(context: QueryContext, side: str) -> set[str]:
    """Return where a question counts somebody on another side of its group."""
    return {row.key for row in rows_of(replace(context, scope=context.scope.but(group_side=side))) if _is_anybody(row)}


def _is_anybody(row: Row) -> bool:
    return bool(row.denominator if row.denominator is not None else row.value)


def _added(calculator: AnyCalculator, rows: Sequence[Row], notes: dict[str, str]) -> list[Row]:
    parts = dict.fromkeys(row.part for row in rows)
    return [row for row in rows if row.key not in notes] + [
        calculator.row(key=key, value=None, part=part, note=note) for key, note in notes.items() for part in parts
    ]
