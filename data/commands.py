"""The commands about deliveries: make a demo, check one, publish one."""

from __future__ import annotations

import argparse
import getpass
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from data import audit_log, drafting, layouts, problem_files, publishing, retention, store, template, terminal, validate
from data.delivery import Delivery, describe
from data.errors import Refused, WrongUse, counted
from data.exit_codes import ACCEPTED, REFUSED
from data.masking import masked
from data.progress import Bar, Progress, silent, watched
from data.publishing import PublishOptions, write_rows
from data.report import Report
from data.work_folder import work_folder

_CHECK_STEPS, _PUBLISH_STEPS, _PREPARE_STEPS = 19, 24, 36


def add_parsers(every: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add these commands to the command line."""
    made = every.add_parser("demo", help="make a synthetic history of three deliveries")
    made.add_argument("out", metavar="OUT", type=Path, help="the folder to make them in")
    made.add_argument("--residents", metavar="N", type=_whole, help="residents in the last delivery (default: 12,000)")
    made.add_argument("--seed", metavar="S", type=_whole, help="another whole number is another history")
    made.add_argument("--publish", action="store_true", help="also publish them, into a store that has nothing yet")
    made.add_argument("--unless-published", action="store_true", help="do nothing where something is published")
    made.set_defaults(run=_demo)
    template_for = every.add_parser("template", help="write an empty delivery to fill in, with a data dictionary")
    template_for.add_argument("folder", metavar="FOLDER", type=Path, help="a folder that is empty or not there yet")
    template_for.set_defaults(run=_template)
    layout = every.add_parser("layout", help="draft a layout for another system's files")
    actions = layout.add_subparsers(required=True, metavar="ACTION")
    new = actions.add_parser("new", help="draft aliases.toml from files: what it cannot tell is left to you, in comments")
    new.add_argument("name", metavar="NAME", help="the layout's name, or the path of the folder to make")
    new.add_argument("--from", dest="source", metavar="FILES", type=Path, required=True, help="a delivery, or one file")
    new.add_argument("--into", metavar="FOLDER", type=Path, help="the folder to make it in (default: this one)")
    new.set_defaults(run=_new_layout)
    _add_delivery(every, "check", _check, "say what is good and bad in a delivery; changes nothing")
    publish = _add_delivery(every, "publish", _publish, "check a delivery and, if it is good, put it on screen")
    publish.add_argument("--allow-older", action="store_true", help="also if a newer delivery is on screen")


def _add_delivery(
    every: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    about: str,
) -> argparse.ArgumentParser:
    command = every.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    command.add_argument("delivery", metavar="DELIVERY", type=Path, help="its folder, or under a layout one file")
    command.add_argument("--layout", metavar="NAME|PATH", help="the layout that turns its columns into the contract's")
    command.add_argument("--date", metavar="YYYY-MM-DD", help="the date of the delivery, if its name does not say")
    command.add_argument(
        "--max-quarantined", metavar="PERCENT", type=_percent, default=validate.MOST_QUARANTINED,
        help="refuse when more than this share of a table is quarantined (default: 2)",
    )  # fmt: skip
    command.add_argument(
        "--quarantine", metavar="FOLDER", type=Path,
        help="also write the quarantined rows there, whatever becomes of the delivery",
    )  # fmt: skip
    command.add_argument(
        "--problems", metavar="FOLDER", type=Path,
        help="write the excluded rows there, a workbook and the text of an e-mail for each who sent them",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    command.set_defaults(run=run)
    return command


def _demo(options: argparse.Namespace) -> int:
    from data import demo  # loads pandas, which the other commands do without

    if options.publish or options.unless_published:
        where = store.store_path()
        if store.read_list(where).current is not None:
            if options.unless_published:
                return ACCEPTED
            raise Refused([f"A delivery is already published in {where}. For the demo, choose another store:"
                           " DASHBOARD_STORE=demo-store make run"])  # fmt: skip
    size = {name: getattr(options, name) for name in ("residents", "seed") if getattr(options, name) is not None}
    with progress_bar(options, 1) as progress:

        def show(done: int, total: int) -> None:
            progress("Making residents", done / total)

        try:
            made = demo.make(options.out, **size, progress=show)
        except (ValueError, FileExistsError, NotADirectoryError) as error:
            raise WrongUse(str(error)) from None
    terminal.put("\n".join(["Synthetic deliveries, labeled as such:", *(f"  {path}" for path in made)]))
    for path in made if options.publish else ():
        publishing.publish(describe(path), PublishOptions(prepare=options.prepare), waiting=wait)
    if options.publish:
        terminal.put(f"Published: {store.current_id(store.store_path())} is now on screen.")
    return ACCEPTED


def _template(options: argparse.Namespace) -> int:
    paths = template.write(options.folder)
    terminal.put("\n".join([f"An empty delivery to fill in: {paths[0]} says how.", *(f"  {path}" for path in paths)]))
    return ACCEPTED


def _new_layout(options: argparse.Namespace) -> int:
    name, into = Path(options.name).name, options.into or Path(options.name).parent
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise WrongUse("A layout's name has letters, digits, - and _ only; it may be a path.")
    path = drafting.draft(name, options.source, into)
    terminal.put(f"Drafted: {path}. Everything in it is a guess: read and correct it. Then:\n"
                 f"  python -m data check {options.source} --layout {path.parent}")  # fmt: skip
    return ACCEPTED


def _check(options: argparse.Namespace) -> int:
    delivery, layout = _given(options)
    with work_folder() as work, progress_bar(options, _CHECK_STEPS) as progress:
        checked = validate.check(
            delivery, layout=layout, work=work, most_quarantined=options.max_quarantined, progress=progress
        )
        try:
            write_rows(checked, quarantine=options.quarantine, problems=options.problems)
        finally:
            checked.connection.close()
    return _print_report(options, checked.report, "Accepted: this delivery can be published.")


def _publish(options: argparse.Namespace) -> int:
    keep = retention.setting()
    try:
        delivery, layout = _given(options)
        with progress_bar(options, _PUBLISH_STEPS + _PREPARE_STEPS) as progress:
            report = publishing.publish(
                delivery,
                PublishOptions(
                    layout=layout, allow_older=options.allow_older, most_quarantined=options.max_quarantined,
                    quarantine=options.quarantine, problems=options.problems, prepare=options.prepare,
                ),
                progress=progress, waiting=wait,
            )  # fmt: skip
    except (Refused, store.StoreDamaged) as error:
        why = "the delivery was refused" if isinstance(error, Refused) else "the store's list cannot be read"
        note("refused", what=options.delivery.name, why=why)
        raise
    options.is_done = report.accepted
    if not report.accepted:
        note("refused", what=options.delivery.name, why=counted(len(report.faults), "fault"))
        return _print_report(options, report, "")
    note("published", delivery=report.delivery, what=options.delivery.name)
    folder = store.delivery_folder(store.store_path(), report.delivery)
    quarantined = sum(table.quarantined for table in report.tables.values())
    rows = f" Excluded rows are in {folder / store.QUARANTINE}." if quarantined else ""
    code = _print_report(options, report, f"Published: {report.delivery} is now on screen.{rows}")
    if keep is not None:
        prune_and_say(keep, as_json=options.json)
    return code


def prune_and_say(keep: int, *, as_json: bool = False) -> None:
    """Remove deliveries beyond the number to keep, note it in the activity log, and say which."""
    pruned = retention.prune(store.store_path(), keep, waiting=wait)
    for name in pruned.removed:
        note("removed", delivery=name, why=f"only {keep} deliveries are kept")
    if not as_json:
        terminal.put("\n".join(pruned_sentences(pruned, keep)))


def pruned_sentences(pruned: retention.Pruned, keep: int, *, dry_run: bool = False) -> list[str]:
    """What was removed, and what stays beyond the number and why."""
    verb = "Would be removed" if dry_run else "Removed"
    lines = [f"{verb}: {', '.join(pruned.removed)} (the store keeps {keep} deliveries)."] if pruned.removed else []
    lines += [f"{name} stays: {why}." for name, why in pruned.exempt.items()]
    return lines or [f"The store keeps {keep} deliveries; none is to be removed."]


def _given(options: argparse.Namespace) -> tuple[Delivery, layouts.Layout | None]:
    layout = layouts.find(options.layout) if options.layout else None
    return describe(options.delivery, asked=options.date, single_file=layout is not None), layout


def _print_report(options: argparse.Namespace, report: Report, accepted: str) -> int:
    if options.json:
        print_json(report.as_json())
    else:
        refused = f"Refused for {counted(len(report.faults), 'reason')}; what is on screen stays as it is."
        end = accepted if report.accepted else refused
        if report.problems and not options.problems:
            end += f"\nA workbook of these rows, and an e-mail to each who sent them: {_again(options)} --problems FOLDER"
        elif options.problems and report.problems:
            end += f"\nProblem rows are in {options.problems}, masked: {problem_files.WORKBOOK} has all, senders/ each one's."
        terminal.put(f"{report.as_text()}\n\n{end}")
    return ACCEPTED if report.accepted else REFUSED


def _again(options: argparse.Namespace) -> str:
    """The command that checks the same delivery in the same way."""
    given = [f" --{name} {shlex.quote(str(value))}" for name in ("layout", "date") if (value := getattr(options, name))]
    return f"python -m data check {shlex.quote(str(options.delivery))}{''.join(given)}"


def print_json(content: object) -> None:
    """Print something for programs."""
    terminal.put(json.dumps(content, indent=1, ensure_ascii=False))


def note(event: str, **details: object) -> None:
    """Put into the activity log what the operator did. The account is the one on this machine."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        account = "unknown"  # a user number without a name, as in a container
    audit_log.write(event, account=account, role="operator", **{name: masked(str(value)) for name, value in details.items()})


class progress_bar:
    """A progress bar for the length of a block, where somebody can see it."""

    def __init__(self, options: argparse.Namespace, steps: int) -> None:
        self._bar = Bar(steps) if watched() and not getattr(options, "json", False) else None

    def __enter__(self) -> Progress:
        return self._bar or silent

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.close()


def wait() -> None:
    """Say that another writer holds the store."""
    terminal.put_error("Another command is changing the store; waiting for it to end.")


def _percent(text: str) -> float:
    try:
        number = float(text.rstrip("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 0 to 100")
    return number


def _whole(text: str) -> int:
    digits = text.replace(",", "").replace("_", "")
    if not digits.isdecimal() or len(digits) > 12:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(digits)

