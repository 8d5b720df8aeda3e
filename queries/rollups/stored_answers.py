"""Stored answers: the rows of what pages ask first about online courses, for the state and each region.

These measures have one filter, the region, so the store can hold the rows of their queries. A query finds its rows by its text
and parameters.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import duckdb

from queries.compiler import QuerySpec, Value, write
from queries.database import Store
from queries.scope import Scope

LEARNER_BREAKDOWNS = (None, "platform", "subject", "eligibility")
# facts, with the aggregations and breakdowns that pages ask for
STORED: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "registrations": (
        *((agg, by) for agg in ("count_rows", "count_residents") for by in (*LEARNER_BREAKDOWNS, "region")),
        ("count_rows", "quarter"),
    ),
    "claimant_registrations": (("count_residents", None), ("count_residents", "subject")),
    "courses_completed": (*(("count_rows", by) for by in LEARNER_BREAKDOWNS), ("sum_of_rows", None)),
    "course_credits": (("count_rows", None),),
    "course_completion_rate": (*(("rate_of_rows", by) for by in LEARNER_BREAKDOWNS), ("rate_with_repeats", None)),
    "learners_going_on": (("rate_of_residents", None), ("median_of_rows", None), ("successes_of_residents", "sector")),
}


def store_answers(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Run every query of `STORED` on a store that is being built, and write the rows into rollup_answers."""
    connection.execute("create table store.rollup_answers (question varchar, rows varchar)")
    regions = [region for (region,) in connection.execute("select region from ref_regions order by region").fetchall()]
    for fact, aggregations in STORED.items():
        for region in (None, *regions):
            for agg, by in aggregations:
                query = write(QuerySpec(fact=fact, agg=agg, by=by, scope=Scope(as_of=as_of, region=region), bits={}))
                result = connection.execute(query.text, dict(query.parameters))
                columns = [column[0] for column in result.description or []]
                rows = [dict(zip(columns, values, strict=True)) for values in result.fetchall()]
                entry = {"question": stored_key(query.text, query.parameters), "rows": json.dumps(rows)}
                connection.execute("insert into rollup_answers values ($question, $rows)", entry)


def stored_rows(store: Store, query: str, parameters: Mapping[str, Value]) -> list[dict[str, Any]] | None:
    """Return the stored rows of a query, or None if the store does not hold them."""
    rows = _stored_answers(store).get(stored_key(query, parameters)) if _stored_answers(store) else None
    return json.loads(rows) if rows is not None else None


@lru_cache(maxsize=8)
def _stored_answers(store: Store) -> dict[str, str]:
    tables = store.rows("select table_name from information_schema.tables where table_name = 'rollup_answers'")
    return (
        {row["question"]: row["rows"] for row in store.rows("select question, rows from rollup_answers")}
        if tables
        else {}
    )


def stored_key(query: str, parameters: Mapping[str, Value]) -> str:
    """Return what the rows of a query are stored under."""
    text = json.dumps([query, dict(parameters)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
