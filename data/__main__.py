"""The command line: `python -m data COMMAND`. `python -m data --help` lists the commands.

Exit codes: 0 accepted, 1 refused, 2 wrong use.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from data import cli
from data.progress import Progress, silent
from data.without_rows import leave_out_rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Only this module knows both sides: it tells publishing which rollups the queries need and what protected readers may see.
    """
    return cli.main(arguments, prepare=prepare)


def prepare(database: Path, progress: Progress = silent, *, has_rows: bool = True) -> None:
    """Finish a new database before anybody reads it: see `data.publishing.Prepare`."""
    from queries import rollups, stored_questions
    from queries.privacy import release

    rollups.prepare(database, progress, has_rows=has_rows)
    release.prepare(database, progress)  # reads residents' rows
    if not has_rows:
        stored_questions.store_questions(database, progress)
        leave_out_rows(database, progress)


if __name__ == "__main__":
    sys.exit(main())
