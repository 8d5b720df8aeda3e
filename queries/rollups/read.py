"""Answer a question from the rollups."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from queries.compiler import QuerySpec
from queries.database import SqlRow, Store
from queries.registry import facts
from queries.rollups import paths, pieces, repeated
from queries.rollups.facts import MODEL
from queries.rollups.piece import total
from queries.rollups.question import RollupQuestion
from queries.sides import Counts, compared, rows_of


def rows(store: Store, spec: QuerySpec, delivered_on: date, *, has_rows: bool = True) -> list[SqlRow] | None:
    """Return the rows of a query, as the query itself returns them; None if the rollups cannot answer it or there are none.

    Args:
        store: The delivery's tables.
        spec: The question.
        delivered_on: The delivery's date.
        has_rows: Whether residents' rows may be read, too.
    """
    if facts()[spec.fact].model != MODEL:
        return paths.rows(store, spec)
    if not _has_rollups(store):
        return None
    spec = replace(spec, scope=spec.scope.but(as_of=spec.scope.as_of or delivered_on, viewer=None))
    question = RollupQuestion(spec=spec, delivered_on=delivered_on, has_rows=has_rows)
    if not question.is_possible:
        return None
    key = ("rollups", spec.fact, spec.agg, spec.by, spec.scope, spec.of_group, spec.support)
    return [dict(row) for row in store.get_or_compute(key, lambda: _counted(store, question))]


def _counted(store: Store, question: RollupQuestion) -> list[SqlRow]:
    sides = compared(question.spec)
    if question.is_rolled:
        counted = [pieces.months(store, question, sides)]
        counted += [pieces.days(store, question, sides)] if question.cut_months else []
    else:
        counted = [pieces.rows(store, question, sides)]
    counted += [repeated.of_several(store, question, sides)] if question.counts_residents else []
    answer = total(counted, len(sides))
    counts: Counts = answer.counts.tolist()
    return rows_of(question.spec, answer.keys, counts)


@lru_cache(maxsize=8)
def _has_rollups(store: Store) -> bool:
    return bool(store.rows("select 1 from information_schema.tables where table_name = 'rollup_counts'"))
