"""Answers for a machine that asks on behalf of a reader: what the tools of the MCP server return.

Every number comes from `ask`, with the rights of the reader. Nothing from outside becomes SQL: a question consists of ids and of
values that `ask` checks against the registry and the reference tables. Each question is written to the audit log before it is answered.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from data import audit_log, store
from queries import change_lines
from queries.access.viewer import Viewer
from queries.answer_data import as_data, row_as_data
from queries.changed import changed, previous_delivery
from queries.database import current_delivery_id
from queries.dimensions import FILTERS, MODELS
from queries.instances import retried
from queries.models import Answer, Row
from queries.privacy.alarm import QuestionSeries, alarm_limits
from queries.registry import measure, measures
from queries.scope import OFFERED, AskError, Question, Scope
from queries.service import ask, breakdowns_of

MOST_COMPARED = 500_000  # rows of a table whose deliveries are compared while the machine waits
Data = dict[str, object]


@dataclass(frozen=True)
class Caller:
    """Who asks.

    Attributes:
        account: The account in the audit log.
        find_viewer: Returns the reader's rights at this moment. Raises AskError if there are none.
    """

    account: str
    find_viewer: Callable[[], Viewer]


@dataclass(frozen=True, kw_only=True)
class Restriction:
    """The filters of a question, as a machine sends them.

    Attributes:
        filters: Values by dimension: {"region": "Eastern"}.
        since: First day of the period.
        until: Last day of the period.
        as_of: Events after this day have not happened yet.
    """

    filters: Mapping[str, str] | None = None
    since: date | None = None
    until: date | None = None
    as_of: date | None = None

    def scope(self, viewer: Viewer) -> Scope:
        """Return the scope. Raises AskError for a filter that there is not."""
        filters = dict(self.filters or {})
        if unknown := sorted(set(filters) - set(FILTERS)):
            raise AskError(f"There is no filter “{unknown[0][:40]}”. Choose one of: {', '.join(FILTERS)}.")
        scope = Scope(since=self.since, until=self.until, as_of=self.as_of, viewer=viewer)
        return scope.but(**filters)


@dataclass(frozen=True)
class MachineAnswers:
    """The tools, for one caller. Each method raises AskError with a sentence for a question that makes no sense."""

    caller: Caller
    _series: QuestionSeries = field(default_factory=QuestionSeries)

    def list_measures(self) -> list[Data]:
        """Return every measure: id, label, definition, unit, and what it can be broken down and filtered by."""
        self.caller.find_viewer()
        return [
            {
                "id": entry.id,
                "label": entry.label,
                "definition": entry.definition,
                "unit": entry.unit,
                "breakdowns": [name for name in breakdowns_of(entry) if name in OFFERED],
                "filters": list(MODELS[entry.model].filters),
            }
            for entry in measures().values()
        ]

    def ask(self, question: Question, restriction: Restriction) -> Data:
        """Return the answer to a question: the rows, with the question that was answered."""
        return _plain(_answered(self._answer("ask", question, restriction), question, restriction))

    def explain(self, question: Question, restriction: Restriction) -> Data:
        """Return how a number is made: what a page shows this reader under "About this number"."""
        answer = self._answer("explain", question, restriction)
        entry = answer.measure
        return _plain(
            {
                **{name: value for name, value in _answered(answer, question, restriction).items() if name != "rows"},
                "counts": entry.numerator,
                "out_of": entry.denominator,
                "dated_by": entry.dated_by,
                "when_it_counts": entry.mature,
                "source": entry.source,
                "query": answer.query.strip(),
                "parameters": dict(answer.parameters),
            }
        )

    def changed(self, measure_id: str, since_delivery: str | None, restriction: Restriction) -> Data:
        """Return why a total differs from an earlier delivery's. since_delivery: None for the previous of the same kind."""
        question = Question(measure_id)
        scope = self._noted("changed", question, restriction)
        earlier = since_delivery or _previous()
        return _plain(change_lines.as_data(changed(question.measure, earlier, scope, most_rows=MOST_COMPARED)))

    def _answer(self, tool: str, question: Question, restriction: Restriction) -> Answer:
        if question.by is not None and question.by not in OFFERED:
            raise AskError(f"There is no breakdown by “{question.by}”. Choose one of: {', '.join(OFFERED)}.")
        return ask(question, self._noted(tool, question, restriction))

    def _noted(self, tool: str, question: Question, restriction: Restriction) -> Scope:
        """Return the scope of a question, after writing the question to the audit log without its filters."""
        entry, viewer = measure(question.measure), self.caller.find_viewer()
        scope = restriction.scope(viewer)
        what = f"{tool} {entry.id}" + (f" by {question.by}" if question.by else "")
        audit_log.write("queried", account=self.caller.account, role=viewer.id, what=what)
        if self._series.raises_alarm(self.caller.account, scope, time.time()):
            audit_log.write("unusual", account=self.caller.account, role=viewer.id, why=alarm_limits().words)
        return scope


def _answered(answer: Answer, question: Question, restriction: Restriction) -> Data:
    """Return an answer as data, with its filters: they may be the nearest that a protected reader can ask under."""
    rights: Data = {"is_nearest": answer.is_nearest, "counts_hidden_below": answer.hidden_below}
    return {
        **as_data(answer, question.outcome, restriction.as_of),
        **rights,
        "rows": [_row_data(row) for row in answer.rows],
    }


def _row_data(row: Row) -> Data:
    """Return a row as data. In place of a number that is hidden from the reader, it says so."""
    data = row_as_data(row)
    return data | {"value": row.note} if row.suppression else data


def _previous() -> str:
    earlier = retried(lambda: previous_delivery(current_delivery_id(), store.history(store.store_path())))
    if earlier is None:
        raise AskError("There is no earlier delivery of the same kind to compare with.")
    return earlier.id


def _plain(data: Data) -> Data:
    """Return data with dates and enumerations as text, as JSON has them."""
    plain: Data = json.loads(json.dumps(data, default=str))
    return plain
