"""Write the store of a new delivery again without residents' rows, so that not even free blocks of the file hold them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from data.duckdb_sql import Sql, attach, connect, detach, run
from data.progress import Progress, silent
from data.store import RESIDENT_TABLES

_COLUMNS = {
    "rollup_repeated": "* exclude (town, intake)",  # which no question to the rollups reads
    "delivery": "* replace (false as has_rows)",
}


def leave_out_rows(database: Path, progress: Progress = silent) -> None:
    """Replace a store that nobody reads yet by one without residents' rows. It has its rollups.

    Residents with several enrollments have numbers of this store alone, in place of ids.

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
