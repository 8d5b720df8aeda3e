"""The one door: every number a page, a brief or the command line shows is asked for here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from queries.access import rights
from queries.calculators import (
    counts,
    equity,
    gaps,
    intersections,
    money,
    outcomes,
    over_time,
    pace,
    planning,
    supports,
)
from queries.compiler import used
from queries.context import QueryContext
from queries.database import Store, current_delivery_id, delivery, open_store, supplied
from queries.instances import retried
from queries.models import Answer, Row
from queries.privacy import suppression
from queries.registry import Measure, measure
from queries.scope import SIDES, AskError, Question, Scope
from queries.sources import COURSES, DOLLARS, SOURCES, TIME, Source

KINDS: Mapping[str, Callable[[QueryContext], list[Row]]] = {
    "counted": counts.counted,
    "supports": supports.supports,
    "support_sides": supports.support_sides,
    "supports_association": supports.supports_association,
    "slfrf": counts.slfrf,
    "participation": equity.participation,
    "representation": equity.representation,
    "gap": equity.gap,
    "outcome_ratio": outcomes.outcome_ratio,
    "gap_by_step": outcomes.gap_by_step,
    "decomposition": gaps.decomposition,
    "gap_parts": gaps.parts,
    "gap_cells": gaps.cells,
    "together": intersections.together,
    "participation_over_time": over_time.participation_over_time,
    "outcome_over_time": over_time.outcome_over_time,
    "closing_plan": planning.closing_plan,
    "pace": pace.pace,
    "money": money.money,
    "burn": money.burn,
    "cost": money.cost,
    "paths": counts.paths,
    "gone_on": counts.counted,
    "undated": counts.counted,
}
OF_AN_OUTCOME = ("gap_parts", "gap_cells", "together", "outcome_over_time")
COST_BY = (None, "initiative", "region", "sector", *TIME)
PACE_BY = (None, *pace.FIELDS)
BY_NAMED = (
    "counted",
    "supports",
    "support_sides",
    "supports_association",
    "slfrf",
)  # by group, the resident’s groups name the rows


def ask(question: Question, scope: Scope = Scope()) -> Answer:
    """Answer one question under one scope.

    Raises AskError, with a sentence, for an unknown measure, breakdown, filter value or delivery; NothingPublished where
    nothing has been published; StoreDamaged where the store cannot be read. What the delivery does not supply, what makes no sense, or what the reader may not see, is a
    status, not an error. What is not shown to this reader is decided here and nowhere else.
    """
    return retried(lambda: _answer(question, scope))


def _answer(question: Question, scope: Scope) -> Answer:
    asked = measure(question.measure)
    store = open_store(scope.delivery or current_delivery_id())
    about = delivery(store)
    as_of = min(scope.as_of or about.delivered_on, about.delivered_on)
    context = QueryContext(
        asked,
        question.by,
        _checked(scope, store).but(as_of=as_of, delivery=store.id),
        store,
        about,
        question.outcome,
        question.goal,
    )
    view = rights.view(context)
    status, note = ("not_allowed", view.refusal) if view.refusal else _standing(context)
    rows = _counted(context) if status == "ok" else ()
    rows = suppression.protect(context, rows, view)
    if status == "ok" and not rows:
        status, note = "empty", "Nothing has been recorded for this yet."
    grouped = question.by if asked.type in BY_NAMED else None
    seen, steps = (planning.everybody(context), planning.steps(context)) if asked.type == "closing_plan" else (context, {})
    query = context.query(by=grouped, **steps)
    return Answer(
        measure=asked,
        goal=planning.goal_of(rows) if asked.type == "closing_plan" else None,
        by=question.by,
        scope=context.scope,
        rows=tuple(rows),
        status=status,
        note=note,
        as_of=as_of,
        delivery=about,
        query=query,
        hidden_below=scope.viewer.min_count if scope.viewer and view.is_protected else None,
        parameters=used(
            query,
            seen.parameters(
                by=question.by or over_time.DEFAULT.get(asked.type),
                of_group=context.scope.group,
                support="any",
                received=True,
            ),
        ),
    )


def _counted(context: QueryContext) -> Sequence[Row]:
    """All rows of an answer, as they are before anything is hidden: for no reader, and so once for all of them."""
    of_all = replace(context, scope=context.scope.but(viewer=None))
    key = (context.measure.id, context.by, of_all.scope, context.outcome, context.goal)
    return context.store.once(key, lambda: tuple(KINDS[context.measure.type](of_all)))


def _checked(scope: Scope, store: Store) -> Scope:
    """The scope with names as the reference tables spell them; groups by id or label, matched without regard to case."""
    from queries.listings import listing_rows

    if scope.group_side not in SIDES:
        raise AskError(f"A side of a group is one of: {', '.join(SIDES)}.")
    if scope.since and scope.until and scope.since > scope.until:
        raise AskError("The period ends before it begins.")
    found = {}
    for field, listing, columns in (
        ("initiative", "initiatives", ("initiative", "label")),
        ("region", "regions", ("region", "board")),
        ("sector", "sectors", ("sector",)),
        ("group", "groups", ("group_id", "label")),
    ):
        wanted = getattr(scope, field)
        if wanted is None:
            continue
        rows = listing_rows(store, listing)
        names = {str(row[column]).casefold(): row[columns[0]] for row in rows for column in columns}
        if wanted.strip().casefold() not in names:
            known = ", ".join(str(row[columns[0]]) for row in rows[:12])
            raise AskError(f"There is no {field} “{wanted[:40]}”. Choose one of: {known}.")
        found[field] = names[wanted.strip().casefold()]
    return scope.but(**found)


def _standing(context: QueryContext) -> tuple[str, str | None]:
    """Whether the question can be answered at all: (status, sentence)."""
    asked, by, scope, source = context.measure, context.by, context.scope, context.source
    allowed = {
        "cost": COST_BY,
        "pace": PACE_BY,
        "supports_association": supports.ASSOCIATED_BY,
        "paths": (None,),
        "closing_plan": planning.PLACES,
        "participation_over_time": over_time.EVERY,
        "outcome_over_time": over_time.EVERY,
        "gone_on": (*COURSES.breakdowns, "sector"),
    }.get(asked.type, (None, "group") if asked.type in OF_AN_OUTCOME else tuple(source.breakdowns))
    if by not in allowed:
        return "not_applicable", f"{asked.label} cannot be broken down by {_words(by)}: it is not recorded that way."
    for name in ("initiative", "region", "sector", "group"):
        if getattr(scope, name) and name not in source.filters:
            return (
                "not_applicable",
                f"{asked.label} cannot be had for one {name}: {source.what} are not recorded that way.",
            )
    if asked.type == "undated" and context.as_of < context.delivery.delivered_on:
        day = context.delivery.delivered_on.isoformat()
        return "not_applicable", f"{asked.label}: what is filled carries no date, so it can be told only as of {day}."
    if context.outcome and asked.type not in OF_AN_OUTCOME:
        return "not_applicable", f"{asked.label} is not taken of an outcome."
    brought = supplied(context.store)
    for needed in (asked, measure(context.outcome)) if context.outcome else (asked,):
        if not set(needed.needs) <= brought:
            return "not_supplied", _not_supplied(needed)
    if lacking := _lacking(context, brought):
        return "not_supplied", lacking
    missing = {row["group_id"] for row in context.listing("groups") if not row["is_supplied"]}
    if scope.group in missing:
        return "not_supplied", "This delivery does not say who is in this group: not supplied."
    return planning.standing(context) if asked.type == "closing_plan" else ("ok", None)


def _lacking(context: QueryContext, brought: frozenset[str]) -> str | None:
    """A sentence where the breakdown or a filter rests on a column that this delivery does not bring, or that is empty in
    every row: nothing is recorded that way, which is not zero."""
    filters = [name for name in ("region", "sector") if getattr(context.scope, name)]
    for name in (context.by, *filters):
        for source in _rests_on(context):
            columns = source.breakdowns.get(name, ())
            if columns and not brought & set(columns):
                if source is DOLLARS:
                    return f"No dollars are recorded by {_words(name)} in this delivery: not supplied."
                return f"This delivery does not say the {_words(name)}: not supplied."
    return None


def _rests_on(context: QueryContext) -> tuple[Source, ...]:
    """The kinds of rows that an answer is made from: a cost divides dollars by what is counted of people."""
    if context.measure.type == "cost":
        return context.source, SOURCES[measure(money.COST_OF[context.measure.id]).model]
    return (context.source,)


def _not_supplied(asked: Measure) -> str:
    return f"{asked.label}: not supplied. This delivery does not bring what it is counted from."


def _words(by: str | None) -> str:
    return {"fiscal_year": "fiscal year", "intake": "intake organization"}.get(by or "", by or "")
