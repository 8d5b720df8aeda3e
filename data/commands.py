"""Commands for deliveries: check and publish."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from data import (
    audit_log,
    layouts,
    problem_files,
    publishing,
    retention,
    store,
    terminal,
    validate,
)
from data.cluster import choice
from data.delivery import Delivery, describe
from data.delivery_copy import local_delivery
from data.delivery_urls import PROTOCOLS, label, location
from data.errors import ACCEPTED, REFUSED, RefusedError, counted
from data.masking import masked
from data.progress import progress_bar
from data.publishing import PublishOptions, write_rows
from data.release_report import release_sentences
from data.remote_files import NotCopiedError
from data.report import Report
from data.work_folder import work_folder

# the names of files and folders whose Parquet is not copied from an address
Staying = Callable[[argparse.Namespace, layouts.Layout | None], Collection[str]]
_CHECK_STEPS, _PUBLISH_STEPS, _PREPARE_STEPS = 19, 24, 38


def add_parsers(every: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add these commands to the command line."""
    _add_delivery(every, "check", _check, "report what is wrong with a delivery, without changing anything")
    publish = _add_delivery(
        every, "publish", _publish, "check a delivery and, if it is accepted, show it on the dashboard"
    )
    publish.add_argument("--allow-older", action="store_true", help="publish even if a newer delivery is on screen")
    publish.add_argument(
        "--without-rows", action="store_true",
        help="leave residents' rows out of the store: counts made ahead answer; where rows are needed, a sentence says so (docs/scale.md)",
    )  # fmt: skip
    choice.add_arguments(publish)


def _add_delivery(
    every: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    about: str,
) -> argparse.ArgumentParser:
    command = every.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    command.add_argument(
        "delivery", metavar="DELIVERY", type=location,
        help=f"a folder, zip file or workbook, here or at {PROTOCOLS}; with a layout, any single file",
    )  # fmt: skip
    command.add_argument("--layout", metavar="NAME|PATH", help="the layout that converts its columns to the contract's")
    command.add_argument("--date", metavar="YYYY-MM-DD", help="the date of the delivery, if its name does not have it")
    command.add_argument(
        "--max-quarantined", metavar="PERCENT", type=_percent, default=validate.MOST_QUARANTINED,
        help="refuse a delivery with a larger share of quarantined rows in a table (default: 2)",
    )  # fmt: skip
    command.add_argument(
        "--quarantine", metavar="FOLDER", type=Path,
        help="write the quarantined rows there, whether the delivery is accepted or not",
    )  # fmt: skip
    command.add_argument(
        "--problems", metavar="FOLDER", type=Path,
        help="write the excluded rows there, with a workbook and an e-mail text for each sender",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    command.set_defaults(run=run)
    return command


def _check(options: argparse.Namespace) -> int:
    with (
        _given(options) as (delivery, layout),
        work_folder() as work,
        progress_bar(_CHECK_STEPS, is_shown=not options.json) as progress,
    ):
        checked = validate.check(
            delivery, layout=layout, work=work, most_quarantined=options.max_quarantined, progress=progress
        )
        try:
            write_rows(checked, quarantine=options.quarantine, problems=options.problems)
        finally:
            checked.connection.close()
    return _print_report(options, checked.report, f"Accepted: this delivery can be published{_how(checked.delivery)}.")


def _how(delivery: Delivery) -> str:
    """Say that a delivery is older than the one on screen; "" for any other, and where the store's list cannot be read."""
    root = store.store_path()
    try:
        newer = publishing.newer_on_screen(delivery, root, store.current_id(root))
    except store.StoreDamagedError:
        return ""
    return (
        f" with --allow-older: it is dated {delivery.delivered_on}, before the current one ({newer})" if newer else ""
    )


def _publish(options: argparse.Namespace) -> int:
    keep = retention.setting()
    try:
        with (
            choice.chosen_rows(options) as make_rows,
            _given(options, choice.staying) as (delivery, layout),
            progress_bar(_PUBLISH_STEPS + _PREPARE_STEPS, is_shown=not options.json) as progress,
        ):
            report = publishing.publish(
                delivery,
                PublishOptions(
                    layout=layout, allow_older=options.allow_older, most_quarantined=options.max_quarantined,
                    quarantine=options.quarantine, problems=options.problems, prepare=options.prepare, make_rows=make_rows,
                    has_rows=not options.without_rows,
                ),
                progress=progress, waiting=wait,
            )  # fmt: skip
    except (RefusedError, store.StoreDamagedError) as error:
        why = "the delivery was refused" if isinstance(error, RefusedError) else "the store's list cannot be read"
        why = "the delivery could not be copied" if isinstance(error, NotCopiedError) else why
        note("refused", what=label(options.delivery), why=why)
        raise
    options.is_done = report.accepted
    if not report.accepted:
        note("refused", what=label(options.delivery), why=counted(len(report.faults), "fault"))
        return _print_report(options, report, "")
    note("published", delivery=report.delivery, what=label(options.delivery))
    folder = store.delivery_folder(store.store_path(), report.delivery)
    quarantined = sum(table.quarantined for table in report.tables.values())
    rows = f" Excluded rows are in {folder / store.QUARANTINE}." if quarantined else ""
    rows = f" Its store has no residents’ rows.{rows}" if options.without_rows else rows
    shares = release_sentences(folder / store.DATABASE)
    code = _print_report(options, report, "\n".join([f"Published: {report.delivery} is now on screen.{rows}", *shares]))
    if keep is not None:
        prune_and_print(keep, as_json=options.json)
    return code


def prune_and_print(keep: int, *, as_json: bool = False) -> None:
    """Remove the deliveries beyond the number to keep, write that to the audit log, and print which ones."""
    pruned = retention.prune(store.store_path(), keep, waiting=wait)
    for name in pruned.removed:
        note("removed", delivery=name, why=f"only {keep} deliveries are kept")
    if not as_json:
        terminal.put("\n".join(pruned_sentences(pruned, keep)))


def pruned_sentences(pruned: retention.Pruned, keep: int, *, dry_run: bool = False) -> list[str]:
    """Return sentences about what was removed, and what was kept beyond the number and why."""
    verb = "Would be removed" if dry_run else "Removed"
    lines = [f"{verb}: {', '.join(pruned.removed)} (the store keeps {keep} deliveries)."] if pruned.removed else []
    lines += [f"{name} was kept: {why}." for name, why in pruned.exempt.items()]
    return lines or [f"The store keeps {keep} deliveries. There is nothing to remove."]


@contextmanager
def _given(
    options: argparse.Namespace, staying: Staying = lambda _options, _layout: ()
) -> Iterator[tuple[Delivery, layouts.Layout | None]]:
    """Yield the delivery and the layout that the command line names.

    A delivery at an address is copied first, but for the Parquet files under the names that `staying` gives.
    """
    layout = layouts.find(options.layout) if options.layout else None
    any_file, names = layout is not None, staying(options, layout)
    copying = local_delivery(options.delivery, single_file=any_file, is_shown=not options.json, staying=names)
    with copying as (path, in_place):
        delivery = describe(path, requested_date=options.date, single_file=any_file)
        yield replace(delivery, in_place=in_place), layout


def _print_report(options: argparse.Namespace, report: Report, accepted: str) -> int:
    if options.json:
        print_json(report.as_json())
    else:
        refused = f"Refused for {counted(len(report.faults), 'reason')}. What is on screen has not changed."
        end = accepted if report.accepted else refused
        if report.problems and not options.problems:
            end += f"\nFor a workbook of the excluded rows and an e-mail to each sender: {_again(options)} --problems FOLDER"
        elif options.problems and report.problems:
            end += f"\nThe excluded rows are in {options.problems}, masked: all in {problem_files.WORKBOOK}, by sender in senders/."
        terminal.put(f"{report.as_text()}\n\n{end}")
    return ACCEPTED if report.accepted else REFUSED


def _again(options: argparse.Namespace) -> str:
    """Return the command that checks the same delivery with the same options."""
    given = [f" --{name} {shlex.quote(str(value))}" for name in ("layout", "date") if (value := getattr(options, name))]
    return f"python -m data check {shlex.quote(str(options.delivery))}{''.join(given)}"


def print_json(content: object) -> None:
    """Print JSON for programs."""
    terminal.put(json.dumps(content, indent=1, ensure_ascii=False))


def note(event: str, **details: object) -> None:
    """Write what the operator did to the audit log, under the account on this machine."""
    audit_log.write(
        event,
        account=audit_log.operator_account(),
        role="operator",
        **{name: masked(str(value)) for name, value in details.items()},
    )


def wait() -> None:
    """Print that another command is changing the store."""
    terminal.put_error("Another command is changing the store. Waiting for it to finish.")


def _percent(text: str) -> float:
    try:
        number = float(text.rstrip("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 0 to 100")
    return number
