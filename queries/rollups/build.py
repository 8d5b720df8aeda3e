"""Write the rollups of a new store when it is published."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from data.duckdb_sql import attach, connect, detach, fetch_row, open_read_only
from data.progress import Progress, silent
from queries.compiler import read
from queries.rollups.facts import PLACES, change_rows, rolled_facts
from queries.rollups.question import held_months
from queries.rollups.stored_answers import store_answers

# columns that no counted fact reads; of the places, facts read the initiative
UNUSED = ", ".join(
    ["enrollment_id", "resident", "town", "intake", "stackable", "hourly_wage_before", "hourly_wage_after"]
    + [place for place in PLACES if place != "initiative"]
)
MIN_COUNT = 200_000  # enrollments; a smaller delivery is answered from its rows as fast as from rollups


def prepare(
    database: Path, progress: Progress = silent, *, has_rows: bool = True, min_count: int | None = None
) -> bool:
    """Write the rollups into a store that nobody reads yet.

    Args:
        database: The store's DuckDB file.
        progress: Receives a sentence for each step.
        has_rows: Whether the store keeps residents' rows. If not, it gets rollups in any case, also by day for some months.
        min_count: The fewest enrollments for which rollups are written; `MIN_COUNT` by default.

    Returns:
        Whether the store got rollups.
    """
    with open_read_only(database) as connection:
        (enrollments,) = fetch_row(connection, "select count(*) from enrollments")
    if has_rows and enrollments < (MIN_COUNT if min_count is None else min_count):
        return False
    with (
        TemporaryDirectory(prefix="rollups-", dir=database.parent.parent) as work,
        closing(connect(Path(work))) as connection,
    ):
        attach(connection, database, "store")
        connection.execute("set disabled_compression_methods = ''")
        connection.execute("set search_path = 'memory,store'")
        (as_of,) = fetch_row(connection, "select delivered_on from delivery")
        progress("Counting events by place, month and group")
        _count(connection, as_of, has_rows=has_rows)
        progress("Gathering the applications of residents with several")
        connection.execute(read("rollups/sql", "repeated"))
        progress("Counting paths and online courses")
        connection.sql(read("rollups/sql", "paths")).create("store.rollup_paths")
        # stored answers need the store's rows with their ids, as pages read them
        connection.execute("set search_path = 'store'")
        store_answers(connection, as_of)
        connection.execute("use memory")
        detach(connection, "store")
    return True


def _count(connection: duckdb.DuckDBPyConnection, as_of: date, *, has_rows: bool) -> None:
    """Write rollup_counts, and rollup_days for a store without rows.

    While counting, a number stands for a place, because grouping by numbers is fast.
    """
    places, joins = (
        ", ".join(PLACES),
        " and ".join(f"places.{place} is not distinct from enrollments.{place}" for place in PLACES),
    )
    connection.execute(
        f"create table store.rollup_places as select row_number() over ()::smallint as place, * from (select distinct {places} from enrollments)"
    )
    connection.execute(
        f"create temp table encoded as select place, enrollments.* exclude ({UNUSED})"
        f" from enrollments inner join rollup_places as places on {joins}"
    )
    connection.execute(read("rollups/sql", "counts"))
    if not has_rows:
        connection.execute(read("rollups/sql", "days"))
    for name, fact in rolled_facts():
        changes = change_rows(fact, "place, member_bits, answered_bits", "encoded")
        connection.execute(f"create or replace temp view changes as {changes}")
        connection.execute(read("rollups/sql", "patterns"), {"as_of": as_of})
        connection.execute(read("rollups/sql", "sides"), {"fact": name})
        if not has_rows:
            months = sorted(held_months(as_of))
            connection.execute(read("rollups/sql", "held_days"), {"fact": name, "months": months, "as_of": as_of})
