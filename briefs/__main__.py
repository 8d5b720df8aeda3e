"""The command line for documents: `python -m briefs make NAME [--as ROLE] [filters] -o FILE`, `list`, `published`, `reproduce ID`, `send`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from briefs import register_commands
from briefs.catalog import PRODUCTS, make
from briefs.mailing import command as mailing_command
from briefs.model import BriefError
from components.url_state import COMPARE
from data.terminal import put
from queries.command_line import EXIT_CODES, add_scope, run, scope_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: see `queries.command_line.run`."""
    return run(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> None:
    options = _parser().parse_args(arguments)
    if register_commands.run(options) or mailing_command.run(options):
        return
    if options.command == "list":
        put("\n".join(f"{name}: {product.label}" for name, product in PRODUCTS.items()))
    else:
        _make(options)


def _make(options: argparse.Namespace) -> None:
    """Make a document and write it to a file, or into a folder under its default name."""
    scope = scope_of(options)
    made = make(options.name, scope, compared_with=options.compare)
    target = Path(options.output or ".")
    path = target / made.name if target.is_dir() else target
    try:
        path.write_bytes(made.content)
    except OSError as error:
        raise BriefError(f"{path} cannot be written: {error.strerror}.") from error
    register_commands.record(made, scope)
    put(str(path))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m briefs", description="Make documents from the published delivery.", epilog=EXIT_CODES
    )
    commands = parser.add_subparsers(dest="command", required=True)
    single = commands.add_parser("make", help="one document, with what a role may see")
    single.add_argument("name", metavar="NAME", help="a document's name; `python -m briefs list` lists them")
    add_scope(single)
    single.add_argument(
        f"--{COMPARE}", metavar="WITH", help="compare its figures with: year, before, state, or another region"
    )
    single.add_argument(
        "-o", dest="output", metavar="FILE", help="a file, or a folder; the current one if not given"
    )  # fmt: skip
    commands.add_parser("list", help="list every document")
    register_commands.add_commands(commands)
    mailing_command.add_command(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
