"""Questions under one set of filters and for one reader: what a page and a document have in common. No Streamlit here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Self, TypeAlias

from components.choices import Choices
from queries import Answer, AnswerStatus, Change, Delivery, Goal, Question, Scope
from queries.dimensions import FILTERS

FilterValue: TypeAlias = str | date | None
ListingRows: TypeAlias = Sequence[Mapping[str, Any]]
_FIRST_DAYS = timedelta(days=365)  # a delivery spans at least a year


class ScopedAnswers(ABC):
    """Answers under the filters of a page or a document, for its reader.

    Attributes:
        scope: The filters, with the reader.
        delivery: The delivery.
        choices: What filters can be chosen in it.
    """

    scope: Scope
    delivery: Delivery
    choices: Choices

    @property
    def as_of(self) -> date:
        """The date in effect: the reader's, else the delivery's."""
        return self.scope.as_of or self.delivery.delivered_on

    @property
    def main_initiative(self) -> str:
        """The initiative for numbers that need one: the reader's, else the one paid from the recovery funds."""
        rows = self.listing("initiatives")
        flagship = next((row["initiative"] for row in rows if row["is_slfrf"]), rows[0]["initiative"] if rows else "")
        return self.scope.initiative or str(flagship)

    @property
    def who(self) -> str:
        """Whom the numbers are about: "residents", or the group chosen, as in "veterans"."""
        return self.noun(self.scope.group)

    def noun(self, group: str | None) -> str:
        """Return a group as it stands in a sentence: "residents with disabilities"; "residents" for None."""
        nouns = {row["group_id"]: str(row["member_noun"]) for row in self.listing("groups")}
        return nouns.get(group or "", group or "residents")

    def days_ago(self, days: int) -> date:
        """Return the date this many days before the date in effect."""
        return self.as_of - timedelta(days=days)

    @property
    @abstractmethod
    def compared_with(self) -> str | None:
        """What the reader compares with, as `components.comparison.compare_with` takes it; None for the default."""

    @abstractmethod
    def under(self, scope: Scope) -> Self:
        """Return the same reader's answers under other filters."""

    @abstractmethod
    def answer(self, question: Question, scope: Scope) -> Answer:
        """Answer a question under a scope of the same reader."""

    def ask(
        self,
        measure_id: str,
        by: str | None = None,
        *,
        outcome: str | None = None,
        goal: Goal | None = None,
        **changes: FilterValue,
    ) -> Answer:
        """Answer a question under these filters. See the answer's status and note where it has no rows.

        Args:
            measure_id: an id of queries/measures.toml.
            by: the breakdown; None for one total.
            outcome: the outcome a gap is measured in.
            goal: what a plan is to reach.
            changes: fields of the scope to change: `region=None` clears the filter.
        """
        return self.answer(Question(measure_id, by, outcome, goal), self.scope.but(**changes))

    def ask_all(self, questions: Mapping[str, Question], **changes: FilterValue) -> dict[str, Answer]:
        """Answer independent questions, two at a time, each under its name. changes: fields of the scope to change."""
        scope = self.scope.but(**changes)
        self.ask_ahead([(question, scope) for question in questions.values()])
        return {name: self.answer(question, scope) for name, question in questions.items()}

    def ask_ahead(self, questions: Iterable[tuple[Question, Scope]]) -> None:  # noqa: B027 - nothing to do where nobody waits
        """Prepare the answers to questions that come next, two at a time. `ask` gives the same without it."""

    @abstractmethod
    def listing(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a listing (regions, towns, targets, check_tables, …) under these filters. Do not change them."""

    @abstractmethod
    def changed(self, measure_id: str, **changes: FilterValue) -> Change | None:
        """Return why a total differs from the previous delivery's; None where there is none. changes: filters to change."""

    @abstractmethod
    def other_deliveries(self) -> tuple[Delivery | None, Delivery | None]:
        """Return the newest delivery and the one before this one, each None where there is none of the same kind."""


def without_nearest(answer: Answer) -> Answer:
    """Return an answer without rows if it is to another question than the reader's, which would describe it as its own."""
    return replace(answer, rows=(), status=AnswerStatus.NOT_RELEASED, goal=None) if answer.is_nearest else answer


def choices_from(listing: Callable[[str], ListingRows], latest: date) -> Choices:
    """Return what can be chosen in a delivery.

    Args:
        listing: Returns the rows of a listing of the delivery.
        latest: The delivery's date.
    """
    began = {row["initiative"]: row["began_on"] for row in listing("initiatives") if row.get("began_on")}
    return Choices(
        options={
            name: {
                row[dimension.reference_key]: row.get(dimension.option_label) or row[dimension.reference_key]
                for row in listing(dimension.reference)
            }
            for name, dimension in FILTERS.items()
        },
        earliest=min([*began.values(), latest - _FIRST_DAYS]),
        latest=latest,
        began=began,
    )
