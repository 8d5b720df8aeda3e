"""The service: `ask` computes every number that a page, a brief or the command line shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from queries import notes
from queries.access import rights
from queries.calculators.registry import ShownQuery, calculator_of, rows_of
from queries.compiler import Query
from queries.context import QueryContext
from queries.database import Store, current_delivery_id, delivery, open_store, supplied
from queries.dimensions import FILTERS, MODELS, Model
from queries.instances import retried
from queries.models import Answer, AnswerStatus, Row
from queries.periods import day_words
from queries.privacy import family, held, joint, suppression, undisclosed
from queries.privacy.rule import rule_for
from queries.reference import reference_rows
from queries.registry import Measure, measure
from queries.rows_left_out import RowsNeeded, sentence
from queries.scope import SIDES, AskError, Question, Scope

Refusal = tuple[AnswerStatus, str | None]
MAX_VALUES = 12  # of a filter, listed in a sentence
OK: Refusal = (AnswerStatus.OK, None)


def ask(question: Question, scope: Scope = Scope(), *, current: str | None = None) -> Answer:
    """Answer one question under one scope.

    What the delivery does not supply, what makes no sense, and what the reader may not see are statuses of the answer,
    not errors. What a reader may see is decided here and nowhere else.

    Args:
        question: The question.
        scope: The filters and the reader.
        current: The delivery that was on screen when a protected reader was answered, to repeat that answer. None for the one
            that is on screen now.

    Raises:
        AskError: Unknown measure, breakdown, filter value or delivery; the message is a sentence.
        NothingPublished: Nothing has been published yet.
        StoreDamagedError: The store cannot be read.
    """
    return retried(lambda: _answer(question, scope, current))


def breakdowns_of(entry: Measure) -> tuple[str | None, ...]:
    """Return what a measure can be broken down by; None stands for its total."""
    return calculator_of(entry).dimensions or tuple(MODELS[entry.model].breakdowns)


def _answer(question: Question, scope: Scope, current: str | None) -> Answer:
    context = _context(question, scope)
    view = rights.view(context)
    nearest = None
    if view.is_protected and not view.refusal:
        nearest = family.nearest_question(context, current=current or current_delivery_id())
        if nearest.changes:
            context = _context(replace(question, by=nearest.by), nearest.scope)
            view = rights.view(context)
    limits = rule_for(scope.viewer) if scope.viewer and view.is_protected else None
    calculator = calculator_of(context.measure)
    status, note = (AnswerStatus.NOT_ALLOWED, view.refusal) if view.refusal else status_of(context)
    if status == AnswerStatus.OK and undisclosed.is_not_disclosed(context, is_protected=limits is not None):
        status, note = AnswerStatus.NOT_DISCLOSED, notes.GROUP_NOT_DISCLOSED
    rows: Sequence[Row] = ()
    try:
        rows = rows_of(context) if status == AnswerStatus.OK else ()
        rows = suppression.protect(context, rows, view) if status == AnswerStatus.OK else ()
        if status == AnswerStatus.OK and limits is None and undisclosed.nobody_answered(context, rows):
            rows, status, note = (), AnswerStatus.NOT_DISCLOSED, notes.NOBODY_HERE_ANSWERED
        if status == AnswerStatus.OK:
            rows = undisclosed.with_silent(context, rows, is_protected=limits is not None)
    except RowsNeeded:
        rows, status = (), AnswerStatus.NEEDS_ROWS
        is_nearest = nearest is not None and nearest.changes  # then it is said first which question this is
        why = sentence(context.measure.label, context.by, context.scope, context.delivery.delivered_on)
        note = None if is_nearest else why
    if status == AnswerStatus.OK and not rows and undisclosed.no_group_is_known(context):
        status, note = AnswerStatus.NOT_DISCLOSED, notes.NO_GROUP_DISCLOSED
    if status == AnswerStatus.OK and not rows:
        status, note = AnswerStatus.EMPTY, notes.nothing_recorded(context.measure.label, context.as_of, context.scope)
        if limits and family.counts_people(context.measure):  # that nobody is there would tell what a hidden zero is
            status, note = AnswerStatus.NOT_RELEASED, notes.NOBODY_OR_FEW
    query = _shown_query(context, status) if rights.may_read_queries(scope.viewer) else Query("", {})
    return Answer(
        measure=context.measure,
        goal=calculator.goal(rows) if calculator.goal else None,
        by=context.by,
        scope=context.scope,
        rows=tuple(rows),
        status=status,
        note=note
        or (nearest.sentence if nearest else None)
        or (joint.totals_only(context, limits) or held.held_sentence(context, rows, limits) if limits else None),
        is_nearest=bool(nearest and nearest.changes),
        as_of=context.as_of,
        delivery=context.delivery,
        query=query.text,
        hidden_below=limits.min_count if limits else None,
        parameters=query.parameters,
    )


def _context(question: Question, scope: Scope) -> QueryContext:
    entry = measure(question.measure)
    store = open_store(scope.delivery or current_delivery_id())
    about = delivery(store)
    as_of = min(scope.as_of or about.delivered_on, about.delivered_on)
    scope = _checked(scope, store).but(as_of=as_of, delivery=store.id)
    return QueryContext(entry, question.by, scope, store, about, question.outcome, question.goal)


def _shown_query(context: QueryContext, status: AnswerStatus) -> Query:
    """Return the SQL behind an answer; a breakdown that the model does not record is left out."""
    calculator = calculator_of(context.measure)
    if calculator.shown_query:
        shown = calculator.shown_query(context)
    else:  # a group is compared with residents outside it, whom a filter on the group would leave out
        counted = context.for_all_groups() if calculator.is_about_groups else context
        shown = ShownQuery(counted, context.outcome or context.measure.fact, context.measure.agg)
    is_broken_down = status in (AnswerStatus.OK, AnswerStatus.EMPTY) and (
        context.by != "group" or calculator.joins_groups
    )
    return shown.context.query(
        by=(context.by if is_broken_down else None) or calculator.default_by,
        fact=shown.fact,
        agg=shown.agg,
        of_group=context.scope.group,
        received=True,
    )


def _checked(scope: Scope, store: Store) -> Scope:
    """Return the scope with names spelled as in the reference tables; case does not matter, labels are ids too."""
    if scope.group_side not in SIDES:
        raise AskError(f"A side of a group is one of: {', '.join(SIDES)}.")
    if scope.since and scope.until and scope.since > scope.until:
        raise AskError("The period ends before it begins.")
    spelled: dict[str, str] = {}
    for name, value in scope.filters.items():
        dimension = FILTERS[name]
        rows, key = reference_rows(store, dimension.reference), dimension.reference_key
        names = {str(row[column]).casefold(): row[key] for row in rows for column in (key, *dimension.also)}
        if value.strip().casefold() not in names:
            known = [str(row[key]) for row in rows[:MAX_VALUES]]
            known += [f"and {len(rows) - MAX_VALUES} more"] if len(rows) > MAX_VALUES else []
            raise AskError(f"There is no {dimension.words} “{value[:40]}”. Choose one of: {', '.join(known)}.")
        spelled[name] = names[value.strip().casefold()]
    return scope.but(**spelled)


def status_of(context: QueryContext) -> Refusal:
    """Return whether the question can be answered at all: the status, and a sentence if not."""
    check = calculator_of(context.measure).check
    return _not_applicable(context) or _not_supplied(context) or (check(context) if check else None) or OK


def _not_applicable(context: QueryContext) -> Refusal | None:
    calculator, label = calculator_of(context.measure), context.measure.label
    if context.by not in breakdowns_of(context.measure):
        return AnswerStatus.NOT_APPLICABLE, notes.cannot_break_down(label, context.by)
    if context.by == "group" and calculator.joins_groups and context.scope.group and context.scope.group_side != "in":
        return AnswerStatus.NOT_APPLICABLE, notes.only_members_by_group(label)
    for name in context.scope.filters:
        if name not in context.model.filters:
            return AnswerStatus.NOT_APPLICABLE, notes.cannot_filter(label, name, context.model.words)
    if calculator.is_undated and context.as_of < context.delivery.delivered_on:
        return AnswerStatus.NOT_APPLICABLE, notes.only_on_delivery_date(label, day_words(context.delivery.delivered_on))
    if context.outcome and not calculator.takes_outcome:
        return AnswerStatus.NOT_APPLICABLE, notes.takes_no_outcome(label)
    return None


def _not_supplied(context: QueryContext) -> Refusal | None:
    """Return a sentence if the delivery lacks the columns of the measure, the breakdown, a filter or the group."""
    entries = (context.measure, measure(context.outcome)) if context.outcome else (context.measure,)
    for entry in entries:
        if not set(entry.needs) <= supplied(context.store):
            return AnswerStatus.NOT_SUPPLIED, notes.columns_missing(entry.label)
    if lacking := _lacking(context):
        return AnswerStatus.NOT_SUPPLIED, lacking
    if context.scope.group in context.groups_not_supplied():
        return AnswerStatus.NOT_SUPPLIED, notes.GROUP_NOT_SUPPLIED
    return None


def _lacking(context: QueryContext) -> str | None:
    """Return a sentence if a breakdown or filter has no column: nothing is recorded that way, which is not zero."""
    columns_supplied = supplied(context.store)
    for name in (context.by, *context.scope.filters):
        for model in _models(context):
            columns = model.breakdowns.get(name, ())
            if columns and not columns_supplied & set(columns):
                return notes.dollars_missing(name) if model.words == "dollars" else notes.breakdown_missing(name)
    return None


def _models(context: QueryContext) -> tuple[Model, ...]:
    """Return the models of an answer: a cost also divides by what is counted of people."""
    if context.measure.per:
        return context.model, MODELS[measure(context.measure.per).model]
    return (context.model,)
