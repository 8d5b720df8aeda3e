"""Commands that create files: a demo, an empty delivery, a draft of a layout."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from data import demo, drafting, publishing, store, template, terminal
from data.commands import wait
from data.delivery import describe
from data.delivery_copy import local_delivery
from data.delivery_urls import PROTOCOLS, location
from data.errors import ACCEPTED, RefusedError, UsageError
from data.progress import progress_bar
from data.publishing import PublishOptions


def add_parsers(every: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add these commands to the command line."""
    demo_parser = every.add_parser("demo", help="make a synthetic history of three deliveries")
    demo_parser.add_argument("out", metavar="OUT", type=Path, help="the folder to make them in")
    demo_parser.add_argument(
        "--residents", metavar="N", type=_integer, help="residents in the last delivery (default: 12,000)"
    )
    demo_parser.add_argument(
        "--seed", metavar="S", type=_integer, help="a whole number; another seed gives another history"
    )
    demo_parser.add_argument("--publish", action="store_true", help="also publish them, if the store is empty")
    demo_parser.add_argument(
        "--unless-published", action="store_true", help="do nothing if something is already published"
    )
    demo_parser.set_defaults(run=_demo)
    template_for = every.add_parser("template", help="write an empty delivery to fill in, and a data dictionary")
    template_for.add_argument("folder", metavar="FOLDER", type=Path, help="an empty or new folder")
    template_for.set_defaults(run=_template)
    layout = every.add_parser("layout", help="draft a layout for another system's files")
    actions = layout.add_subparsers(required=True, metavar="ACTION")
    new = actions.add_parser("new", help="draft aliases.toml from sample files, with open questions in comments")
    new.add_argument("name", metavar="NAME", help="the layout's name, or the path of its new folder")
    new.add_argument(
        "--from", dest="source", metavar="FILES", type=location, required=True,
        help=f"a delivery or a single file, here or at {PROTOCOLS}",
    )  # fmt: skip
    new.add_argument(
        "--into", metavar="FOLDER", type=Path, help="the folder to create it in (default: the current one)"
    )
    new.set_defaults(run=_new_layout)


def _demo(options: argparse.Namespace) -> int:
    if options.publish or options.unless_published:
        where = store.store_path()
        if store.read_list(where).current is not None:
            if options.unless_published:
                return ACCEPTED
            raise RefusedError([f"A delivery is already published in {where}. Use another store for the demo:"
                           " DASHBOARD_STORE=demo-store make run"])  # fmt: skip
    size = {name: getattr(options, name) for name in ("residents", "seed") if getattr(options, name) is not None}
    with progress_bar(1, is_shown=True) as progress:

        def show(done: int, total: int) -> None:
            progress("Making residents", done / total)

        try:
            created = demo.make(options.out, **size, progress=show)
        except (ValueError, FileExistsError, NotADirectoryError) as error:
            raise UsageError(str(error)) from None
    terminal.put("\n".join(["Synthetic deliveries:", *(f"  {path}" for path in created)]))
    for path in created if options.publish else ():
        # what protected readers may see is solved for the delivery that is shown: it takes longest
        prepare = options.prepare if path == created[-1] else publishing.nothing
        publishing.publish(describe(path), PublishOptions(prepare=prepare), waiting=wait)
    if options.publish:
        terminal.put(f"Published: {store.current_id(store.store_path())} is now on screen.")
    return ACCEPTED


def _template(options: argparse.Namespace) -> int:
    paths = template.write(options.folder)
    terminal.put(
        "\n".join([f"Created an empty delivery. For instructions, read {paths[0]}.", *(f"  {path}" for path in paths)])
    )
    return ACCEPTED


def _new_layout(options: argparse.Namespace) -> int:
    name, into = Path(options.name).name, options.into or Path(options.name).parent
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise UsageError("A layout's name may have only letters, digits, - and _. It may be a path.")
    with local_delivery(options.source, single_file=True, is_shown=True) as (source, _):
        path = drafting.draft_layout(name, source, into)
    terminal.put(f"Drafted {path}. Every entry is a guess. Correct it, then run:\n"
                 f"  python -m data check {options.source} --layout {path.parent}")  # fmt: skip
    return ACCEPTED


def _integer(text: str) -> int:
    digits = text.replace(",", "").replace("_", "")
    if not digits.isdecimal() or len(digits) > 12:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(digits)
