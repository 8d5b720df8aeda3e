"""The command line: the parser, and how each command ends. commands.py and store_commands.py hold the commands.

Every command ends with sentences and an exit code, never with a traceback: 0 accepted, 1 refused, 2 wrong use,
130 stopped. What is printed about the store, and the exit code, depend on the store's list before and after the command.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from typing import NoReturn

import duckdb

from data import commands, create_commands, publishing, store, store_commands, terminal
from data.cluster.engine import ClusterError
from data.delivery_urls import without_secrets
from data.duckdb_sql import is_full, is_stopped
from data.errors import ACCEPTED, REFUSED, STOPPED, WRONG_USE, RefusedError, UsageError, first_line
from data.private_files import private_umask
from data.store import DeliveryList, StoreDamagedError

log = logging.getLogger("dashboard.data")


def main(arguments: Sequence[str] | None = None, *, prepare: publishing.Prepare = publishing.nothing) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: The command line; None for the process's own.
        prepare: The last step of publishing, run on the new database.
    """
    terminal.use_any_encoding()
    options = _parser().parse_args(arguments)
    options.prepare, options.is_done = prepare, False
    before = _list()
    try:
        with private_umask():
            code: int = options.run(options)
        return code
    except UsageError as error:
        return _end(str(error), WRONG_USE)
    except (RefusedError, StoreDamagedError) as error:
        faults = error.faults if isinstance(error, RefusedError) else [str(error)]
        if getattr(options, "json", False):
            commands.print_json({"accepted": False, "faults": faults, "tables": {}})
        return _end("\n".join(faults), REFUSED)
    except KeyboardInterrupt:
        return _failed("Stopped.", options, before, STOPPED)
    except Exception as error:  # whatever broke, the analyst gets a sentence and no traceback
        if is_stopped(error):
            return _failed("Stopped.", options, before, STOPPED)
        log.debug("a command failed", exc_info=True)
        return _failed(_sentence(error), options, before, REFUSED)


def _sentence(error: Exception) -> str:
    """Describe an error that the reader did not cause."""
    if isinstance(error, ClusterError):
        return str(error)
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror or error}{place}."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this."
    if isinstance(error, duckdb.Error):
        return "The disk or the memory is full." if is_full(error) else f"The database stopped: {first_line(error)}."
    return f"An unexpected error stopped the command ({type(error).__name__}: {first_line(error)})."


def _failed(sentence: str, options: argparse.Namespace, before: DeliveryList | None, code: int) -> int:
    """Print what went wrong and whether the store changed. A command that finished its work before the error succeeded."""
    after = _list()
    if after == before and not options.is_done:
        return _end(f"{sentence} The store was not changed.", code)
    if after is None:
        return _end(f"{sentence} The store's list cannot be read now. To rebuild it: python -m data repair", code)
    shown = f"{after.current} is on screen" if after.current else "nothing is on screen"
    if options.is_done:
        return _end(f"{sentence} The command had already done its work: {shown}.", ACCEPTED)
    return _end(f"{sentence} The store changed in the meantime: {shown}.", code)


def _list() -> DeliveryList | None:
    """Return the store's list, or None if it cannot be read."""
    try:
        return store.read_list(store.store_path())
    except (StoreDamagedError, ValueError, OSError):
        return None


def _end(sentence: str, code: int) -> int:
    terminal.put_error(sentence)
    return code


class _Parser(argparse.ArgumentParser):
    """A parser whose messages about wrong use do not repeat what may be a password in an address."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and a message, and exit."""
        super().error(without_secrets(message))


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = _Parser(
        prog="python -m data", description="Check and publish deliveries, roll back, and back up the store.",
        epilog="Exit codes: 0 accepted, 1 refused, 2 wrong use. DASHBOARD_STORE names the store (default: store/).",
    )  # fmt: skip
    every = parser.add_subparsers(required=True, metavar="COMMAND")
    create_commands.add_parsers(every)
    commands.add_parsers(every)
    store_commands.add_parsers(every)
    return parser
