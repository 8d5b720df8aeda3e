"""What the command line does. Whatever happens ends in sentences and an exit code, never in a traceback."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from data import building, checking, layouts, publishing, record, store
from data.delivery import Delivery, describe
from data.engine import is_full
from data.faults import Refused, WrongUse, counted, first_line
from data.progress import Bar, Progress, silent, watched
from data.report import Report

ACCEPTED, REFUSED, WRONG_USE, STOPPED = 0, 1, 2, 130
_CHECK_STEPS, _PUBLISH_STEPS = 19, 24
_PREPARE_STEPS = 36


def main(arguments: Sequence[str] | None = None, *, prepare: publishing.Prepare = publishing.nothing) -> int:
    """Runs one command and returns its exit code. `prepare` is the last thing publishing does to a new store."""
    asked = _parser().parse_args(arguments)
    asked.prepare = prepare
    try:
        code = asked.run(asked)
        sys.stdout.flush()
        return code
    except WrongUse as error:
        return _say(str(error), WRONG_USE)
    except Refused as error:
        if getattr(asked, "json", False):
            print(json.dumps({"accepted": False, "faults": error.faults, "tables": {}}, indent=1, ensure_ascii=False))
        return _say("\n".join(error.faults), REFUSED)
    except KeyboardInterrupt:
        return _say("Stopped. The store is as it was.", STOPPED)
    except BrokenPipeError:
        # Whoever was reading (head, less) has gone; keep Python from complaining about it on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ACCEPTED
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        return _say(f"{error.strerror or error}{where}. The store is as it was.", REFUSED)
    except MemoryError:
        return _say("There is not enough memory for this. The store is as it was.", REFUSED)
    except duckdb.Error as error:
        why = (
            "The disk or the memory is full" if is_full(error) else f"The database could not go on: {first_line(error)}"
        )
        return _say(f"{why}. The store is as it was.", REFUSED)
    except Exception as error:  # the last net: an analyst gets a sentence, whatever broke
        return _say(f"Something unforeseen went wrong ({type(error).__name__}: {first_line(error)})."
                    " The store is as it was.", REFUSED)  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data", description="Deliveries of exports: make a demo, check, publish, go back.",
        epilog="Exit codes: 0 accepted, 1 refused, 2 wrong use. DASHBOARD_STORE names the store (default: store/).",
    )  # fmt: skip
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="make a synthetic history of three deliveries")
    demo.add_argument("out", metavar="OUT", type=Path, help="the folder to make them in")
    demo.add_argument("--residents", metavar="N", type=_whole, help="residents in the last delivery (default: 12,000)")
    demo.add_argument("--seed", metavar="S", type=_whole, help="another whole number is another history")
    demo.set_defaults(run=_demo)

    for name, run, about in (
        ("check", _check, "say what is good and bad in a delivery; changes nothing"),
        ("publish", _publish, "check a delivery and, if it is good, put it on screen"),
    ):
        command = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        command.add_argument("delivery", metavar="DELIVERY", type=Path, help="its folder, or under a layout one file")
        command.add_argument(
            "--layout", metavar="NAME|PATH", help="the layout that turns its columns into the contract's"
        )
        command.add_argument("--date", metavar="YYYY-MM-DD", help="the date of the delivery, if its name does not say")
        command.add_argument(
            "--max-quarantined", metavar="PERCENT", type=_percent, default=checking.MOST_QUARANTINED,
            help="refuse when more than this share of a table is quarantined (default: 2)",
        )  # fmt: skip
        command.add_argument(
            "--quarantine", metavar="FOLDER", type=Path,
            help="also write the quarantined rows there, whatever becomes of the delivery",
        )  # fmt: skip
        command.add_argument("--json", action="store_true", help="print the report as JSON")
        command.set_defaults(run=run)
        if name == "publish":
            command.add_argument("--allow-older", action="store_true", help="also if a newer delivery is on screen")

    back = commands.add_parser("rollback", help="put the delivery before the current one back on screen")
    back.set_defaults(run=_rollback)
    every = commands.add_parser("deliveries", help="list what has been published")
    every.add_argument("--json", action="store_true", help="print the list as JSON")
    every.set_defaults(run=_deliveries)
    return parser


def _demo(asked: argparse.Namespace) -> int:
    from data import demo

    options = {name: getattr(asked, name) for name in ("residents", "seed") if getattr(asked, name) is not None}
    with _bar(asked, 1) as progress:

        def tell(done: int, total: int) -> None:
            progress("Making residents", done / total)

        try:
            made = demo.make(asked.out, **options, progress=tell)
        except (ValueError, FileExistsError, NotADirectoryError) as error:
            raise WrongUse(str(error)) from None
    print("Synthetic deliveries, labeled as such:")
    print("\n".join(f"  {path}" for path in made))
    return ACCEPTED


def _check(asked: argparse.Namespace) -> int:
    delivery, layout = _given(asked)
    with tempfile.TemporaryDirectory(prefix="check-") as work, _bar(asked, _CHECK_STEPS) as progress:
        checked = checking.check(
            delivery, layout=layout, work=Path(work), most_quarantined=asked.max_quarantined, progress=progress
        )
        try:
            if asked.quarantine:
                building.write_quarantine(checked, asked.quarantine)
        finally:
            checked.connection.close()
    return _tell(asked, checked.report, "Accepted: this delivery can be published.")


def _publish(asked: argparse.Namespace) -> int:
    delivery, layout = _given(asked)
    try:
        with _bar(asked, _PUBLISH_STEPS + _PREPARE_STEPS) as progress:
            report = publishing.publish(
                delivery, layout=layout, allow_older=asked.allow_older, most_quarantined=asked.max_quarantined,
                quarantine=asked.quarantine, prepare=asked.prepare, progress=progress, waiting=_waiting,
            )  # fmt: skip
    except Refused:
        _write_down("denied", what=asked.delivery.name, why="the delivery was refused")
        raise
    _write_down("published", delivery=report.delivery)
    where = store.delivery_folder(store.store_path(), report.delivery)
    quarantined = sum(table.quarantined for table in report.tables.values())
    kept = f" Quarantined rows are in {where / 'quarantine'}." if quarantined else ""
    return _tell(asked, report, f"Published: {report.delivery} is now on screen.{kept}")


def _rollback(asked: argparse.Namespace) -> int:
    left, now = publishing.rollback(waiting=_waiting)
    _write_down("rolled_back", delivery=left, what=f"{now} is on screen again")
    print(f"Rolled back: {now} is on screen again. {left} is kept, and publishing it again brings it back.")
    return ACCEPTED


def _deliveries(asked: argparse.Namespace) -> int:
    found = publishing.deliveries()
    if asked.json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return ACCEPTED
    if not found:
        print("Nothing has been published yet.")
    for one in found:
        state = "on screen" if one["is_current"] else "rolled back" if one["rolled_back"] else ""
        rows = ", ".join(f"{number:,} {name}" for name, number in one["rows"].items())
        layout = f"layout {one['layout']}; " if one["layout"] else ""
        when = one["published_at"][:16].replace("T", " ")
        print(f"{one['delivery']:14} {state:12} published {when} UTC; {layout}{rows}")
    return ACCEPTED


def _given(asked: argparse.Namespace) -> tuple[Delivery, layouts.Layout | None]:
    layout = layouts.find(asked.layout) if asked.layout else None
    return describe(asked.delivery, asked=asked.date, single_file=layout is not None), layout


def _tell(asked: argparse.Namespace, report: Report, accepted: str) -> int:
    if asked.json:
        print(json.dumps(report.as_json(), indent=1, ensure_ascii=False))
    else:
        print(report.as_text())
        if report.accepted:
            print(f"\n{accepted}")
        else:
            print(f"\nRefused for {counted(len(report.faults), 'reason')}; what is on screen stays as it is.")
    return ACCEPTED if report.accepted else REFUSED


def _write_down(event: str, **details: object) -> None:
    """Put into the record of use what the operator did. The account is the one on this machine."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        account = "unknown"  # a user number without a name, as in a container
    record.write(event, account=account, role="operator", **details)


class _bar:
    """A progress bar for the length of a block, where somebody can see it."""

    def __init__(self, asked: argparse.Namespace, steps: int) -> None:
        self._bar = Bar(steps) if watched() and not getattr(asked, "json", False) else None

    def __enter__(self) -> Progress:
        return self._bar or silent

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.close()


def _waiting() -> None:
    print("Another publish or rollback is running; waiting for it to end.", file=sys.stderr)


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


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
