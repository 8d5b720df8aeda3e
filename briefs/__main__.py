"""The command line for documents: `python -m briefs make NAME [--as ROLE] [filters] -o FILE`, `list`, `published`, `reproduce ID`, `send`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from briefs import register
from briefs.catalog import PRODUCTS, make
from briefs.mailing import command as mailing_command
from briefs.model import BriefError
from briefs.reproduce import reproduce
from components.url_state import COMPARE
from data import audit_log
from data.terminal import put, put_error
from queries.answer_data import after_delivery
from queries.command_line import EXIT_CODES, add_scope, run, scope_of

_MOST_LISTED = 50
SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: see `queries.command_line.run`."""
    return run(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> None:
    options = _parser().parse_args(arguments)
    if options.command == "list":
        put("\n".join(f"{name}: {product.label}" for name, product in PRODUCTS.items()))
    elif options.command == "published":
        put("\n".join(_published()) or "Nothing has left yet.")
    elif options.command == "reproduce":
        put("\n".join(_reproduced(options.id)))
    elif options.command == "send":
        mailing_command.run(options)
    else:
        _make(options)


def _make(options: argparse.Namespace) -> None:
    """Make a document and write it to a file, or into a folder under its default name. A path that ends in a slash is a folder."""
    scope = scope_of(options)
    made = make(options.name, scope, compared_with=options.compare)
    target = Path(options.output or ".")
    is_folder = target.is_dir() or str(options.output).endswith(SEPARATORS)
    path = target / made.name if is_folder else target
    try:
        if is_folder:
            target.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.content)
    except OSError as error:
        raise BriefError(f"{path} cannot be written: {error.strerror}.") from error
    role = scope.viewer.id if scope.viewer else ""
    register.record(made.name, made.document.answers, account=audit_log.operator_account(), role=role)
    put(str(path))
    if note := after_delivery(options.as_of, made.document.facts.delivery.delivered_on):
        put_error(note)


def _published() -> list[str]:
    """Return a line for each of the last files that left, newest first."""
    listed = sorted(register.publications(), key=lambda each: each.at, reverse=True)[:_MOST_LISTED]
    return [f"{each.id}  {each.at}  {each.account}  {each.file}" for each in listed]


def _reproduced(publication_id: str) -> list[str]:
    """Make the numbers of a file that left again, and return the lines to print."""
    publication = register.find(publication_id)
    if publication is None:
        raise BriefError(f"The register has no file with the id “{publication_id[:40]}”.")
    return reproduce(publication).lines()


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
        "-o", dest="output", metavar="FILE", help="a file, or a folder, which is made if its name ends in a slash; the current folder if not given"
    )  # fmt: skip
    commands.add_parser("list", help="list every document")
    commands.add_parser("published", help=f"list the last {_MOST_LISTED} files that left, newest first")
    again = commands.add_parser("reproduce", help="make the numbers of a file again from its delivery")
    again.add_argument("id", metavar="ID", help="its id in the register; `python -m briefs published` lists them")
    mailing_command.add_command(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
