"""The command `python -m briefs send`, for cron or a systemd timer."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.mailing import ledger
from briefs.mailing.sending import Result, Run, Status, into_folder
from briefs.mailing.settings import Subscriptions, read_subscriptions
from briefs.mailing.transport import Transport
from briefs.model import BriefError
from data.errors import counted
from data.terminal import put, put_error
from queries.command_line import iso_date

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_command(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a parser."""
    send = commands.add_parser("send", help="send the documents that subscriptions.toml says are due, by e-mail")
    send.add_argument(
        "--dry-run", type=Path, metavar="FOLDER", help="write the messages to a folder in place of sending them"
    )
    send.add_argument("--all", action="store_true", help="with --dry-run: every message, due or not")
    send.add_argument("--now", type=iso_date, metavar="DATE", help="the day to go by; today if not given")


def run(options: argparse.Namespace) -> bool:
    """Run the command. Returns False for any other command.

    Raises:
        AskError: The settings have mistakes, or another run is sending.
        SystemExit: A message that was due could not be sent; exit code 1.
    """
    if options.command != "send":
        return False
    if options.all and options.dry_run is None:
        raise BriefError("--all goes with --dry-run FOLDER.")
    content, today = read_subscriptions(), options.now or date.today()
    results = _dry(content, today, options) if options.dry_run else _sent(content, today)
    for result in results:
        if result.status is Status.NOT_DUE:
            continue
        shown = put_error if result.status in (Status.FAILED, Status.STOPPED) else put
        shown(f"{result.subscription.id}: {result.words}")
    _summarize(results, of=len(content.subscription), is_dry=options.dry_run is not None)
    return True


def _sent(content: Subscriptions, today: date) -> list[Result]:
    transport = Transport(content.mail)
    with ledger.opened() as opened:
        run_of_today = Run(
            content=content,
            ledger=opened,
            deliver=lambda message, subscription: transport.send(message, subscription.recipient),
            today=today,
        )
        return list(run_of_today.results())


def _dry(content: Subscriptions, today: date, options: argparse.Namespace) -> list[Result]:
    deliver = into_folder(options.dry_run, today)
    dry_run = Run(
        content=content,
        ledger=ledger.read_only(),
        deliver=deliver,
        today=today,
        is_dry=True,
        sends_all=options.all,
    )
    return list(dry_run.results())


def _summarize(results: list[Result], *, of: int, is_dry: bool) -> None:
    number = {status: sum(result.status is status for result in results) for status in Status}
    failed = number[Status.FAILED] + number[Status.STOPPED]
    verb = "written" if is_dry else "sent"
    put(
        f"{counted(of, 'subscription')}: {number[Status.SENT]:,} {verb}, {number[Status.NOT_DUE]:,} not due, "
        f"{number[Status.WITHHELD]:,} without a role, {failed:,} failed, {of - len(results):,} not tried."
    )
    if failed:
        raise SystemExit(1)
