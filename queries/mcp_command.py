"""The command `python -m queries serve-mcp`: who the questions are asked for."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from data import audit_log
from queries.access.accounts import read_access, reader_of_account
from queries.access.viewer import CLEARANCES, Viewer
from queries.command_line import viewer_of
from queries.machine_answers import Caller
from queries.scope import AskError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

NOT_INSTALLED = "The MCP server needs the package mcp: pip install -r requirements-mcp.txt"
NO_CALLER = "Say for whom: --as ROLE, or --account with an account of access.toml."


def add_serve_mcp(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a parser."""
    serving = commands.add_parser(
        "serve-mcp", help="answer an assistant's questions over standard input and output (MCP)"
    )
    serving.add_argument(
        "--as", dest="role", metavar="ROLE[:REGION]", help="answer as to this role: officer, director:Northwest"
    )
    serving.add_argument("--clearance", choices=CLEARANCES, help="with --as; the role's usual clearance if not given")
    serving.add_argument("--account", help="answer as to this account of access.toml, with its role at each question")


def serve_mcp(options: argparse.Namespace) -> None:
    """Serve until the client is gone.

    Raises:
        AskError: No caller was given, or the caller has no role, or the package is not installed.
    """
    caller = caller_of(options.account, options.role, options.clearance)
    caller.find_viewer()
    try:
        from queries.mcp_server import serve  # noqa: PLC0415 - needs a package that serving pages does without
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("mcp"):
            raise
        raise AskError(NOT_INSTALLED) from None
    serve(caller)


def caller_of(account: str | None, role: str | None, clearance: str | None = None) -> Caller:
    """Return who asks: an account of access.toml, or a role.

    Raises:
        AskError: Neither or both were given.
    """
    if bool(account) == bool(role):
        raise AskError(NO_CALLER)
    if account:
        return Caller(account, partial(_viewer_of_account, account))
    return Caller(audit_log.operator_account(), partial(viewer_of, role or "", clearance))


def _viewer_of_account(account: str) -> Viewer:
    viewer = reader_of_account(account, read_access())
    if viewer is None:
        raise AskError("This account has no role in access.toml.")
    return viewer
