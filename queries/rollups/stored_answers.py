"""Stored answers: the rows of what pages ask first about online courses and initiatives, for the state and each region.

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

from queries.compiler import chain, compose, read, used
from queries.database import Store
from queries.sources import COURSES, MEETINGS, Source

LEARNER_BREAKDOWNS = (None, "platform", "subject", "eligibility")
# the facts of each source, with the aggregations and breakdowns that pages ask for
STORED: tuple[tuple[Source, str, tuple[tuple[str, str | None], ...]], ...] = (
    (
        MEETINGS,
        "meetings",
        tuple((agg, None) for agg in ("count_residents", "residents_in_several", "residents_by_path")),
    ),
    (
        COURSES,
        "registrations",
        (
            *((agg, by) for agg in ("count_rows", "count_residents") for by in (*LEARNER_BREAKDOWNS, "region")),
            ("count_rows", "quarter"),
        ),
    ),
    (COURSES, "claimant_registrations", (("count_residents", None), ("count_residents", "subject"))),
    (COURSES, "courses_completed", (*(("count_rows", by) for by in LEARNER_BREAKDOWNS), ("sum_of_rows", None))),
    (COURSES, "course_credits", (("count_rows", None),)),
    (COURSES, "course_completion_rate", tuple(("rate_of_rows", by) for by in LEARNER_BREAKDOWNS)),
    (
        COURSES,
        "learners_going_on",
        (("rate_of_residents", None), ("median_of_rows", None), ("successes_of_residents", "sector")),
    ),
)

# facts that look at all rows of a learner: the rows of a region are not a subset of the state's
BY_LEARNER = ("learners_going_on",)


def store_answers(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Run every query of `STORED` on a store that is being built, and write the rows into tally_kept."""
    connection.execute("create table store.tally_kept (asked varchar, rows varchar)")
    connection.execute("create temp type region_names as enum (select region from ref_regions order by region)")
    regions = [region for (region,) in connection.execute("select region from ref_regions order by region").fetchall()]
    for source, fact, aggregations in STORED:
        for region in (None, *regions):
            filters = {"as_of": as_of, "region": region, "since": None, "until": None}
            if region is None or fact in BY_LEARNER:
                _materialize_fact(connection, source, fact, filters)
            for agg, by in aggregations:
                _store_answer(connection, source, fact, agg, {**filters, "by": by})


def _store_answer(
    connection: duckdb.DuckDBPyConnection, source: Source, fact: str, agg: str, parameters: Mapping[str, Any]
) -> None:
    steps = {
        "fact": "select * from fact_rows where $region is null or region = $region",
        "dimension": read("sql/base", source.dimension),
        "with_dimension": read("sql/base", "with_dimension"),
    }
    query = chain(steps, read("sql/aggregations", agg))
    result = connection.execute(query, used(query, parameters))
    columns = [column[0] for column in result.description or []]
    rows = [dict(zip(columns, values, strict=True)) for values in result.fetchall()]
    page_query = compose(base=source.base, fact=fact, dimension=source.dimension, agg=agg)
    key = _key(page_query, used(page_query, parameters))
    connection.execute("insert into tally_kept values ($asked, $rows)", {"asked": key, "rows": json.dumps(rows)})


def _materialize_fact(
    connection: duckdb.DuckDBPyConnection, source: Source, fact: str, filters: Mapping[str, Any]
) -> None:
    """Write the fact's rows into the temporary table fact_rows, with regions as an enum because each is filtered many times."""
    connection.execute("drop table if exists fact_rows")
    steps = {source.base: read("sql/base", source.base), "fact": read("sql/facts", fact)}
    query = chain(steps, "select * replace (cast(region as region_names) as region) from fact")
    statement = f"create temp table fact_rows as\n{query}"
    connection.execute(statement, used(statement, filters))


def stored_rows(store: Store, query: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return the stored rows of a query, or None if the store does not hold them."""
    rows = _stored_answers(store).get(_key(query, parameters)) if _stored_answers(store) else None
    return json.loads(rows) if rows is not None else None


@lru_cache(maxsize=8)
def _stored_answers(store: Store) -> dict[str, str]:
    tables = store.rows("select table_name from information_schema.tables where table_name = 'tally_kept'")
    return {row["asked"]: row["rows"] for row in store.rows("select asked, rows from tally_kept")} if tables else {}


def _key(query: str, parameters: Mapping[str, Any]) -> str:
    text = json.dumps([query, dict(parameters)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
