"""Write the store of a new delivery again without residents' rows, so that not even free blocks of the file hold them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from data.duckdb_sql import Sql, attach, connect, detach, run
from data.progress import Progress, silent
from data.store import RESIDENT_TABLES

# Rollups correct counts by the applications of residents with several: these columns no question to the rollups reads.
_UNREAD = ("town", "intake", "stackable", "hourly_wage_before", "hourly_wage_after")
_SECOND = tuple(f"other_{name}" for name in ("town", "intake", "stackable"))
_NUMBERED = "dense_rank() over (order by resident) as resident, row_number() over (order by resident, enrollment_id) as enrollment_id"
_COLUMNS = {
    "rollup_pairs": f"* exclude ({', '.join([*_UNREAD[:3], *_SECOND])})",
    "rollup_more": f"* exclude ({', '.join(_UNREAD)}) replace ({_NUMBERED})",
    "delivery": "* replace (false as has_rows)",
}


def leave_out_rows(database: Path, progress: Progress = silent) -> None:
    """Replace a store that nobody reads yet by one without residents' rows. It has its rollups.

    Ids of residents and of their enrollments are replaced by numbers of this store alone.

    Args:
        database: The store's DuckDB file.
        progress: Receives a sentence.
    """
    progress("Writing the store without residents’ rows")
    with (
        TemporaryDirectory(prefix="without-rows-", dir=database.parent.parent) as work,
        closing(connect(Path(work))) as connection,
    ):
        written = Path(work) / database.name
        attach(connection, database, "store")
        attach(connection, written, "written")
        connection.execute("set disabled_compression_methods = ''")
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'store' order by table_name"
        )
        for (name,) in tables.fetchall():
            if name not in RESIDENT_TABLES:
                columns = Sql(_COLUMNS.get(name, "*"))
                run(
                    connection,
                    "create table written.{name} as select {columns} from store.{name}",
                    name=name,
                    columns=columns,
                )
        detach(connection, "written")
        detach(connection, "store")
        written.replace(database)
