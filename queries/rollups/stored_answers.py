"""Answers kept whole: what the pages ask first of online courses and of initiatives met, for the state and for each region.

These know one filter, the region, so the rows of their queries can be kept as they are: found by the query and its parameters.
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

LEARNED = (None, "platform", "subject", "eligibility")
# what is counted of which rows, and the tails and breakdowns it is asked with
KEPT: tuple[tuple[Source, str, tuple[tuple[str, str | None], ...]], ...] = (
    (
        MEETINGS,
        "meetings",
        tuple((agg, None) for agg in ("count_residents", "residents_in_several", "residents_by_path")),
    ),
    (
        COURSES,
        "registrations",
        (
            *((agg, by) for agg in ("count_rows", "count_residents") for by in (*LEARNED, "region")),
            ("count_rows", "quarter"),
        ),
    ),
    (COURSES, "claimant_registrations", (("count_residents", None), ("count_residents", "subject"))),
    (COURSES, "courses_completed", (*(("count_rows", by) for by in LEARNED), ("sum_of_rows", None))),
    (COURSES, "course_credits", (("count_rows", None),)),
    (COURSES, "course_completion_rate", tuple(("rate_of_rows", by) for by in LEARNED)),
    (
        COURSES,
        "learners_going_on",
        (("rate_of_residents", None), ("median_of_rows", None), ("successes_of_residents", "sector")),
    ),
)

BY_LEARNER = ("learners_going_on",)  # what looks at all of a learner's rows: a region's are not some of the state's


def keep(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Ask everything in `KEPT` of a store in the making and keep the rows in tally_kept."""
    connection.execute("create table store.tally_kept (asked varchar, rows varchar)")
    connection.execute("create temp type asked_regions as enum (select region from ref_regions order by region)")
    regions = [region for (region,) in connection.execute("select region from ref_regions order by region").fetchall()]
    for source, fact, asked in KEPT:
        for region in (None, *regions):
            filters = {"as_of": as_of, "region": region, "since": None, "until": None}
            if region is None or fact in BY_LEARNER:
                _gather(connection, source, fact, filters)
            for agg, by in asked:
                parts = {
                    "counted": "select * from asked_of where $region is null or region = $region",
                    "named": read("sql/base", source.named),
                    "keyed": read("sql/base", "keyed"),
                }
                query = chain(parts, read("sql/aggregations", agg))
                found = connection.execute(query, used(query, {**filters, "by": by}))
                names = [column[0] for column in found.description or []]
                rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
                whole = compose(base=source.base, fact=fact, named=source.named, agg=agg)
                key = _key(whole, used(whole, {**filters, "by": by}))
                connection.execute(
                    "insert into tally_kept values ($asked, $rows)", {"asked": key, "rows": json.dumps(rows)}
                )


def _gather(connection: duckdb.DuckDBPyConnection, source: Source, fact: str, filters: Mapping[str, Any]) -> None:
    """What is counted, as the temporary table asked_of, with regions as numbers for texts: every region is looked for many times."""
    connection.execute("drop table if exists asked_of")
    steps = {source.base: read("sql/base", source.base), "counted": read("sql/facts", fact)}
    gathered = chain(steps, "select * replace (cast(region as asked_regions) as region) from counted")
    gathering = f"create temp table asked_of as\n{gathered}"
    connection.execute(gathering, used(gathering, filters))


def kept(store: Store, query: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The rows of a query as they were kept, None where they were not."""
    found = _all(store).get(_key(query, parameters)) if _all(store) else None
    return json.loads(found) if found is not None else None


@lru_cache(maxsize=8)
def _all(store: Store) -> dict[str, str]:
    there = store.rows("select table_name from information_schema.tables where table_name = 'tally_kept'")
    return {row["asked"]: row["rows"] for row in store.rows("select asked, rows from tally_kept")} if there else {}


def _key(query: str, parameters: Mapping[str, Any]) -> str:
    said = json.dumps([query, dict(parameters)], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()
