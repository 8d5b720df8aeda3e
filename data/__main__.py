"""The command line: `python -m data COMMAND`. `python -m data --help` lists the commands.

Exit codes: 0 accepted, 1 refused, 2 wrong use.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from data import cli
from data.progress import Progress, silent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Only this module knows both sides: it tells publishing which rollups the queries need and what protected readers may see.
    """
    return cli.main(arguments, prepare=_prepare)


def _prepare(database: Path, progress: Progress = silent) -> None:
    from queries import rollups
    from queries.privacy import release

    rollups.prepare(database, progress)
    release.prepare(database, progress)


if __name__ == "__main__":
    sys.exit(main())
