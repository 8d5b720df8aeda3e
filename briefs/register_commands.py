"""The register on the command line: `python -m briefs published` and `python -m briefs reproduce ID`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from briefs import register
from briefs.catalog import MadeFile
from briefs.model import BriefError
from briefs.reproduce import reproduce
from components.roles import id_of
from data import audit_log
from data.terminal import put
from queries.scope import Scope

if TYPE_CHECKING:
    from argparse import _SubParsersAction

MOST_LISTED = 50


def add_commands(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to a parser."""
    commands.add_parser("published", help=f"list the last {MOST_LISTED} files that left, newest first")
    again = commands.add_parser("reproduce", help="make the numbers of a file again from its delivery")
    again.add_argument("id", metavar="ID", help="its id in the register; `python -m briefs published` lists them")


def record(made: MadeFile, scope: Scope) -> None:
    """Write that the operator made a file on the command line."""
    role = id_of(scope.viewer) if scope.viewer else ""
    register.record(made.name, made.document.answers, account=audit_log.operator_account(), role=role)


def run(options: argparse.Namespace) -> bool:
    """Run a command of the register. Returns False for any other command.

    Raises:
        BriefError: The register has no such publication.
    """
    if options.command == "published":
        listed = sorted(register.publications(), key=lambda each: each.at, reverse=True)[:MOST_LISTED]
        lines = [f"{each.id}  {each.at}  {each.account}  {each.file}" for each in listed]
        put("\n".join(lines) or "Nothing has left yet.")
    elif options.command == "reproduce":
        publication = register.find(options.id)
        if publication is None:
            raise BriefError(f"The register has no file with the id “{options.id[:40]}”.")
        put("\n".join(reproduce(publication).lines()))
    else:
        return False
    return True
