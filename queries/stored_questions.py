"""Answers that a store without residents' rows keeps: what only rows could answer of the questions that pages open with.

Every measure is asked by every breakdown without a filter, and by those in `UNDER_FILTERS` under each region and each initiative, on the
delivery's date; its total also a year before. Of each question, the rows of those queries are kept that the rollups do not answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Unpack

from data.duckdb_sql import attach, connect, detach, insert, sql
from data.progress import Progress, silent
from queries import instances, listings, rollups
from queries.calculators.registry import calculator_of
from queries.compiler import QuerySpec, write
from queries.context import QueryContext, QueryOptions
from queries.database import SqlRow, Store, delivery
from queries.dimensions import FILTERS
from queries.models import AnswerStatus, Delivery
from queries.periods import years_after
from queries.reference import reference_rows
from queries.registry import measures
from queries.rows_left_out import NEVER_ANSWERED, reads_rows
from queries.scope import OUTCOMES, Scope
from queries.service import breakdowns_of, status_of

FILTERED = ("region", "initiative")
UNDER_FILTERS = (None, "sector", "town", "intake", "group", "month")
# types of measures whose queries do not depend on the rates that they compare
ONLY_COMPARE = ("gap_by_step", "outcome_ratio")


@dataclass(frozen=True)
class _RecordingContext(QueryContext):
    """A context that answers as a store without rows does, and otherwise from rows: it records which these are, by query."""

    recorded: dict[str, str] = field(default_factory=dict)

    def rows(self, *, by: str | None, **options: Unpack[QueryOptions]) -> list[SqlRow]:
        """Run the query, but return nothing to measures that only compare: they took half of the time, and their rows are not kept."""
        rows = super().rows(by=by, **options)
        return [] if self.measure.type in ONLY_COMPARE and options.get("agg") == "rate_by_side" else rows

    def _counted_rows(self, spec: QuerySpec) -> list[SqlRow]:
        query = write(spec)
        rows = super()._counted_rows(spec)
        if reads_rows(query.text):
            self.recorded[rollups.stored_key(query.text, query.parameters)] = json.dumps(rows)
        return rows


def store_questions(database: Path, progress: Progress = silent) -> None:
    """Write what only residents' rows can answer into rollup_answers.

    Args:
        database: A store that nobody reads yet, with its rollups and with residents' rows.
        progress: Receives a sentence.
    """
    progress("Keeping the answers that only residents’ rows can give")
    try:
        recorded = _recorded(Store("", instances.file_state(database.resolve())))
    finally:
        instances.close(database.resolve())
    with (
        TemporaryDirectory(prefix="answers-", dir=database.parent.parent) as work,
        closing(connect(Path(work))) as connection,
    ):
        attach(connection, database, "store")
        connection.execute("set disabled_compression_methods = ''")
        connection.execute(
            "delete from store.rollup_answers where question in (select unnest($keys))", {"keys": list(recorded)}
        )
        insert(connection, sql("store.{name}", name="rollup_answers"), list(recorded.items()))
        detach(connection, "store")


def _recorded(store: Store) -> dict[str, str]:
    """Return the rows of every query to keep, as JSON, by the key of the query."""
    about = replace(delivery(store), has_rows=False)
    everything = Scope(as_of=about.delivered_on, delivery=about.id)
    filtered = [
        everything.but(**{name: row[FILTERS[name].reference_key]})
        for name in FILTERED
        for row in reference_rows(store, FILTERS[name].reference)
    ]
    recorded = dict[str, str]()
    for scope in (everything, *filtered):
        query, parameters = listings.query_of("unknowns", scope, store)
        recorded[rollups.stored_key(query, parameters)] = json.dumps(store.rows(query, parameters))
    questions = [context for context in _contexts(store, about, everything) if _record(context, recorded)]
    for context in questions:
        for scope in filtered if context.by in UNDER_FILTERS else ():
            _record(replace(context, scope=scope), recorded)
        for scope in (everything, *filtered) if context.by is None else ():
            _record(replace(context, scope=scope.but(as_of=years_after(about.delivered_on, -1))), recorded)
    return recorded


def _contexts(store: Store, about: Delivery, scope: Scope) -> Iterator[_RecordingContext]:
    """Yield every question without a filter."""
    for entry in measures().values():
        outcomes = (None, *OUTCOMES) if calculator_of(entry).takes_outcome else (None,)
        if entry.id not in NEVER_ANSWERED:
            for by, outcome in product(breakdowns_of(entry), outcomes):
                yield _RecordingContext(entry, by, scope, store, about, outcome)


def _record(context: _RecordingContext, recorded: dict[str, str]) -> bool:
    """Answer a question and add what only rows could answer of it. Return whether there is any."""
    rows = dict[str, str]()
    if status_of(context)[0] == AnswerStatus.OK:
        calculator_of(context.measure).function(replace(context, recorded=rows))
    recorded.update(rows)
    return bool(rows)
