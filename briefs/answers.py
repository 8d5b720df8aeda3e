"""Ask for a document: questions under one scope, with the reader's rights, each answer recorded. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import scipy.special  # noqa: F401 - loaded before there are threads: two that load it at the same time break it

from briefs.model import BriefError, Facts
from briefs.numbers import AskedAnswer
from components import periods
from components.choices import Choices
from components.comparison import Comparison
from components.scoped_answers import FilterValue, ScopedAnswers, choices_from, without_nearest
from components.text import prose, withdrawn
from components.url_state import COMPARISONS
from data import store
from queries import Answer, Change, Delivery, Question, Scope, ask, current_delivery_id, listing
from queries.access.rights import name_of
from queries.changed import are_alike, changed, previous_delivery
from queries.database import delivery, open_store
from queries.dimensions import FILTERS
from queries.instances import retried
from queries.privacy.family import nearest_scope

MOST_COMPARED = 500_000  # rows of a table whose deliveries are compared while a reader waits for a document
NO_COMPARISON = "A document cannot be compared with “{value}”. Choose one of: {values}."
_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="document")
_ALWAYS_STATED = ("initiative", "region")  # filters that a document names where nothing is chosen


@dataclass(frozen=True)
class Recorded:
    """What was asked for a document so far: answers by question and scope, and changes since the previous delivery."""

    answers: dict[tuple[Question, Scope], AskedAnswer] = field(default_factory=dict)
    changes: dict[tuple[str, Scope], Change | None] = field(default_factory=dict)


@dataclass(frozen=True)
class DocumentAnswers(ScopedAnswers):
    """Answers for one document and its reader."""

    scope: Scope
    delivery: Delivery
    choices: Choices
    compared_with: str | None = None
    recorded: Recorded = field(default_factory=Recorded)

    def under(self, scope: Scope) -> DocumentAnswers:
        """Return the same reader's answers under other filters, recorded in the same place."""
        return replace(self, scope=scope)

    def answer(self, question: Question, scope: Scope) -> Answer:
        """Answer a question under a scope of the document's reader, once."""
        if (question, scope) not in self.recorded.answers:
            answer = without_nearest(ask(question, scope))
            self.recorded.answers[question, scope] = AskedAnswer(question=question, answer=answer)
        return self.recorded.answers[question, scope].answer

    def ask_all(self, questions: Mapping[str, Question], **changes: FilterValue) -> dict[str, Answer]:
        """Answer independent questions, two at a time, each under its name. changes: fields of the scope to change."""
        scope, answers = self.scope.but(**changes), self.recorded.answers
        new = [question for question in dict.fromkeys(questions.values()) if (question, scope) not in answers]
        for question, answer in zip(new, _POOL.map(lambda each: without_nearest(ask(each, scope)), new), strict=True):
            answers[question, scope] = AskedAnswer(question=question, answer=answer)
        return {name: answers[question, scope].answer for name, question in questions.items()}

    def listing(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a listing under the document's scope. Do not change them."""
        return listing(name, self.scope)

    def changed(self, measure_id: str, **changes: FilterValue) -> Change | None:
        """Return why a total differs from the previous delivery's; None where there is none. changes: filters to change."""
        scope = self.scope.but(**changes)
        if (measure_id, scope) not in self.recorded.changes:
            _, before = self.other_deliveries()
            change = changed(measure_id, before.id, scope, most_rows=MOST_COMPARED) if before else None
            self.recorded.changes[measure_id, scope] = change
        return self.recorded.changes[measure_id, scope]

    def other_deliveries(self) -> tuple[Delivery | None, Delivery | None]:
        """Return the newest delivery and the one before this one, each None where there is none of the same kind."""
        history = store.history(store.store_path())
        newest = retried(lambda: delivery(open_store(current_delivery_id())))
        before = retried(lambda: previous_delivery(self.delivery.id, history))
        return newest if are_alike(newest, self.delivery) else None, before

    def facts(self, period: str = "", *, comparison: Comparison | None = None) -> Facts:
        """Return what every page of the document states.

        Args:
            period: The period in words, where it is not that of the filters.
            comparison: What the document's figures are compared with. It is stated where the reader chose one.
        """
        scope, viewer = self.scope, self.scope.viewer
        labels = self.choices.labels_of(scope.filters)
        stated = [
            labels.get(name) or prose.lower_first(dimension.all)
            for name, dimension in FILTERS.items()
            if name in labels or name in _ALWAYS_STATED
        ]
        return Facts(
            as_of=self.as_of,
            delivery=self.delivery,
            scope=scope,
            filters=tuple(stated),
            labels=labels,
            period=period or periods.described(scope.since, scope.until) or "all time",
            reader=name_of(viewer) if viewer else "",
            comparison=comparison if self.compared_with else None,
        )


def withdrawn_words(shown: Delivery) -> str:
    """Say that an earlier delivery is shown than one that was taken back; "" where that is not so."""
    root = store.store_path()
    left = store.withdrawn(root)
    return withdrawn.words(left, shown.delivered_on) if left and shown.id == store.current_id(root) else ""


def answers_under(scope: Scope, *, compared_with: str | None = None) -> DocumentAnswers:
    """Return the answers for a document under a scope, with names spelled as in the reference tables.

    Args:
        scope: The filters, the date, the delivery and the reader.
        compared_with: What its numbers are compared with (components/comparison.py); None for the default.

    Raises:
        AskError: A filter has an unknown value, or a protected reader cannot ask under these filters.
        BriefError: There is nothing like `compared_with` to compare with.
        NothingPublished: Nothing has been published yet.
    """
    current = current_delivery_id()
    delivery_id = scope.delivery or current
    about = retried(lambda: delivery(open_store(delivery_id)))
    plain = Scope(delivery=delivery_id)
    spelled = ask(Question("residents_enrolled"), scope.but(viewer=None, delivery=delivery_id)).scope
    is_latest = scope.as_of is None or scope.as_of >= about.delivered_on
    scope = scope.but(**spelled.filters, delivery=delivery_id, as_of=None if is_latest else scope.as_of)
    if sentence := nearest_scope(scope, current=current, delivered_on=about.delivered_on).sentence:
        raise BriefError(sentence)
    choices = choices_from(lambda name: listing(name, plain), about.delivered_on)
    return DocumentAnswers(scope, about, choices, _spelled(compared_with, choices) if compared_with else None)


def _spelled(compared_with: str, choices: Choices) -> str:
    """Return what to compare with as an address spells it.

    Raises:
        BriefError: It is neither a comparison nor a region.
    """
    values = (*COMPARISONS, *choices.labels("region"))
    known = next((value for value in values if value.casefold() == compared_with.casefold()), None)
    if known is None:
        raise BriefError(NO_COMPARISON.format(value=compared_with[:40], values=", ".join(values)))
    return known
