"""The command `python -m briefs send`, for cron or a systemd timer."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.mailing import ledger
from briefs.mailing.sending import Run, Status, into_folder
from briefs.mailing.settings import read_subscriptions
from briefs.mailing.transport import Transport, password_of
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


def run(options: argparse.Namespace) -> None:
    """Run the command.

    Raises:
        AskError: The settings have mistakes, or another run is sending.
        SystemExit: A message that was due could not be sent; exit code 1.
    """
    if options.all and options.dry_run is None:
        raise BriefError("--all goes with --dry-run FOLDER.")
    content, today = read_subscriptions(), options.now or date.today()
    if options.dry_run is not None:
        deliver = into_folder(options.dry_run, today)
        book = ledger.read_only()
        _carry_out(Run(content=content, ledger=book, deliver=deliver, today=today, is_dry=True, sends_all=options.all))
        return
    transport = Transport(content.mail)
    password_of(content.mail)  # before anything is recorded as being sent
    with ledger.opened() as book:
        _carry_out(
            Run(
                content=content,
                ledger=book,
                deliver=lambda message, subscription: transport.send(message, subscription.recipient),
                today=today,
            )
        )


def _carry_out(run_of_today: Run) -> None:
    """Send what is due, print a line for each subscription that was, and a summary."""
    number, total = Counter[Status](), len(run_of_today.content.subscription)
    for result in run_of_today.results():
        number[result.status] += 1
        if result.status is not Status.NOT_DUE:
            shown = put_error if result.status in (Status.FAILED, Status.STOPPED) else put
            shown(f"{result.subscription.id}: {result.words}")
    failed = number[Status.FAILED] + number[Status.STOPPED]
    verb = "written" if run_of_today.is_dry else "sent"
    put(
        f"{counted(total, 'subscription')}: {number[Status.SENT]:,} {verb}, {number[Status.NOT_DUE]:,} not due, "
        f"{number[Status.WITHHELD]:,} without a role, {failed:,} failed, {total - number.total():,} not tried."
    )
    if failed:
        raise SystemExit(1)
