"""The command line: `python -m data COMMAND`; `python -m data --help` lists the commands.

Exit codes: 0 accepted, 1 refused, 2 wrong use.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from data import cli
from queries import rollups


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. Here, at the door, publishing learns what the questions want prepared."""
    return cli.main(arguments, prepare=rollups.prepare)


if __name__ == "__main__":
    sys.exit(main())
