"""The command line: the parser, and how every command ends. What the commands do is in commands.py and store_commands.py.

Whatever happens ends in sentences and an exit code, never in a traceback: 0 accepted, 1 refused, 2 wrong use, 130 stopped.
The words about the store, and the exit code, follow from what the store's list says before and after a command.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence

import duckdb

from data import commands, publishing, store, store_commands, terminal
from data.duckdb_sql import is_full
from data.errors import Refused, WrongUse, first_line
from data.exit_codes import ACCEPTED, REFUSED, STOPPED, WRONG_USE
from data.private_files import private_umask
from data.store import DeliveryList, StoreDamaged

log = logging.getLogger("dashboard.data")


def main(arguments: Sequence[str] | None = None, *, prepare: publishing.Prepare = publishing.nothing) -> int:
    """Run one command and return its exit code. `prepare` is the last thing publishing does to a new store."""
    terminal.use_any_encoding()
    options = _parser().parse_args(arguments)
    options.prepare, options.is_done = prepare, False
    before = _list()
    try:
        with private_umask():
            code: int = options.run(options)
        return code
    except WrongUse as error:
        return _end(str(error), WRONG_USE)
    except (Refused, StoreDamaged) as error:
        faults = error.faults if isinstance(error, Refused) else [str(error)]
        if getattr(options, "json", False):
            commands.print_json({"accepted": False, "faults": faults, "tables": {}})
        return _end("\n".join(faults), REFUSED)
    except KeyboardInterrupt:
        return _failed("Stopped.", options, before, STOPPED)
    except Exception as error:  # the last net: an analyst gets a sentence, whatever broke
        log.debug("a command failed", exc_info=True)
        return _failed(_sentence(error), options, before, REFUSED)


def _sentence(error: Exception) -> str:
    """What to say of an error that is nobody's fault who reads it."""
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror or error}{place}."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this."
    if isinstance(error, duckdb.Error):
        return "The disk or the memory is full." if is_full(error) else f"The database stopped: {first_line(error)}."
    return f"Something unforeseen went wrong ({type(error).__name__}: {first_line(error)})."


def _failed(sentence: str, options: argparse.Namespace, before: DeliveryList | None, code: int) -> int:
    """Say what went wrong and what became of the store: a command that got as far as the switch did what it was asked."""
    after = _list()
    if after == before and not options.is_done:
        return _end(f"{sentence} The store is as it was.", code)
    if after is None:
        return _end(f"{sentence} The store's list cannot be read now: python -m data repair.", code)
    shown = f"{after.current} is on screen" if after.current else "nothing is on screen"
    if options.is_done:
        return _end(f"{sentence} That was after the store changed: {shown}.", ACCEPTED)
    return _end(f"{sentence} Meanwhile the store changed: {shown}.", code)


def _list() -> DeliveryList | None:
    """The store's list; None where it cannot be read."""
    try:
        return store.read_list(store.store_path())
    except (StoreDamaged, ValueError, OSError):
        return None


def _end(sentence: str, code: int) -> int:
    terminal.put_error(sentence)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data", description="Deliveries of exports: make a demo, check, publish, go back, back up.",
        epilog="Exit codes: 0 accepted, 1 refused, 2 wrong use. DASHBOARD_STORE names the store (default: store/).",
    )  # fmt: skip
    every = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parsers(every)
    store_commands.add_parsers(every)
    return parser
