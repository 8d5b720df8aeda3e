"""What the command lines of questions and of documents share: filters, roles, and exit codes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

from data.duckdb_sql import is_stopped
from data.store import StoreDamagedError
from data.terminal import put_error, use_any_encoding
from queries.access import rights
from queries.access.accounts import AccessError, read_access
from queries.access.viewer import CLEARANCES, Viewer
from queries.database import NothingPublished
from queries.dimensions import FILTERS
from queries.instances import StoreReplaced
from queries.listings import listing
from queries.scope import AskError, Scope

EXIT_CODES = "Exit codes: 0 done, 1 nothing published or the store cannot be read, 2 wrong use."


def run(command: Callable[[], None]) -> int:
    """Run a command and return its exit code. Every error becomes a sentence.

    Returns:
        0 if done, 1 if nothing is published or the store cannot be read, 2 for wrong use.
    """
    use_any_encoding()
    try:
        command()
        return 0
    except (NothingPublished, StoreDamagedError) as error:
        put_error(str(error))
        return 1
    except AccessError as error:
        put_error(str(error))
        return 1 if error.is_unreadable else 2
    except AskError as error:
        put_error(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    except StoreReplaced:
        put_error("The store changed while it was being read. Ask again.")
        return 1
    except Exception as error:  # an analyst gets a sentence, whatever went wrong
        if is_stopped(error):
            return 130
        put_error(f"The command could not be run ({type(error).__name__}: {str(error).partition(chr(10))[0]}).")
        return 1


def add_scope(parser: argparse.ArgumentParser) -> None:
    """Add the filters, the date, the delivery and the role, which several commands take."""
    for name, dimension in FILTERS.items():
        parser.add_argument(f"--{name}", help=f"only this {dimension.words}; {dimension.all.lower()} if not given")
    parser.add_argument("--delivery", help="a published delivery; the current one if not given")
    parser.add_argument(
        "--from", dest="since", type=iso_date, metavar="DATE", help="first day of the period, YYYY-MM-DD"
    )
    parser.add_argument("--to", dest="until", type=iso_date, metavar="DATE", help="last day of the period")
    parser.add_argument("--as-of", type=iso_date, metavar="DATE", help="events after this day have not happened yet")
    parser.add_argument(
        "--as", dest="role", metavar="ROLE[:REGION]", help="show what a role sees: officer, director:Northwest"
    )
    parser.add_argument("--clearance", choices=CLEARANCES, help="with --as; the role's usual clearance if not given")


def scope_of(options: argparse.Namespace) -> Scope:
    """Return the scope that a command's options describe.

    Raises:
        AskError: There is no such role, or a clearance without a role.
        AccessError: access.toml cannot be used.
    """
    scope = Scope(
        since=options.since,
        until=options.until,
        as_of=options.as_of,
        delivery=options.delivery,
        viewer=_viewer(options),
    )
    return scope.but(**{name: getattr(options, name) for name in FILTERS})


def _viewer(options: argparse.Namespace) -> Viewer | None:
    """Return the reader whose view to show; None for the operator, who has the files anyway."""
    if options.role is None and options.clearance:
        raise AskError("A clearance goes with a role: --as ROLE.")
    if options.role is None:
        return None
    return viewer_of(options.role, options.clearance, delivery=options.delivery)


def viewer_of(text: str, clearance: str | None, *, delivery: str | None = None) -> Viewer:
    """Return the reader with a role as it is written: "director:Northwest".

    Args:
        text: The role, with a region if it has one.
        clearance: Of the reader; the role's usual clearance if None.
        delivery: The delivery that has to have the region; the current one if None.

    Raises:
        AskError: There is no such role, clearance, region or delivery.
        AccessError: access.toml cannot be used.
        NothingPublished: There is no delivery yet that could have the region.
    """
    role, _, region = text.partition(":")
    viewer = rights.viewer(role, region or None, clearance, min_count=read_access().min_count)
    if viewer.region:
        regions = [row["region"] for row in listing("regions", Scope(delivery=delivery))]
        if not any(rights.is_home_region(viewer, each) for each in regions):
            raise AskError(f"There is no region “{region[:40]}”. Choose one of: {', '.join(regions)}.")
    return viewer


def iso_date(text: str) -> date:
    """Return a date like 2026-11-13, for argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:20]} is not a date like 2026-11-13") from None
