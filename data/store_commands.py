"""Commands for the store: roll back, list, verify, repair, back up, restore, prune, pin."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from data import backup, commands, published, publishing, repair, retention, store, terminal
from data.errors import ACCEPTED, REFUSED, UsageError, counted

Run = Callable[[argparse.Namespace], int]


def add_parsers(every: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add these commands to the command line."""

    def add(name: str, run: Run, about: str) -> argparse.ArgumentParser:
        command = every.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        command.set_defaults(run=run)
        return command

    add("rollback", _rollback, "put the previous delivery back on screen")
    listing = add("deliveries", _deliveries, "list the published deliveries")
    listing.add_argument("--json", action="store_true", help="print the list as JSON")
    verify = add("verify", _verify, "compare every published file with its digest, and every table with its report")
    verify.add_argument("--json", action="store_true", help="print what is wrong as JSON")
    add("repair", _repair, "rebuild the store's list of deliveries if it is lost or damaged")
    back_up = add("backup", _back_up, "write the store to one file")
    back_up.add_argument("file", metavar="FILE", type=Path, help="a .tar, or a .tar.gz for a compressed one")
    back_up.add_argument("--overwrite", action="store_true", help="replace the file if it exists")
    restore = add("restore", _restore, "fill the store from a backup, after checking every file in it")
    restore.add_argument("file", metavar="FILE", type=Path)
    restore.add_argument("--replace", action="store_true", help="first move the store's content to a folder inside it")
    prune = add("prune", _prune, "remove the oldest deliveries beyond the number to keep")
    prune.add_argument("--keep", metavar="N", type=int, help=f"how many to keep (default: {retention.SETTING})")
    prune.add_argument("--dry-run", action="store_true", help="only print which would be removed")
    prune.add_argument(
        "--unfinished", action="store_true", help="remove no delivery, but what an attempt to publish on Spark left that stopped"
    )  # fmt: skip
    pin = add("pin", _pin, "keep a delivery whatever the number to keep")
    pin.add_argument("delivery", metavar="ID")
    pin.add_argument("--because", metavar="WHY", default="", help="why it must be kept")
    pin.add_argument("--remove", action="store_true", help="no longer keep it")


def _rollback(options: argparse.Namespace) -> int:
    left, now = publishing.rollback(waiting=commands.wait)
    options.is_done = True
    commands.note("rolled_back", delivery=left, what=f"{now} is on screen again")
    terminal.put(
        f"Rolled back: {now} is on screen again. {left} stays in the store. To show it again, publish its export again."
    )
    return ACCEPTED


def _deliveries(options: argparse.Namespace) -> int:
    every = published.deliveries()
    if options.json:
        commands.print_json([asdict(entry) for entry in every])
        return ACCEPTED
    lines = [] if every else ["Nothing has been published yet."]
    for entry in every:
        state = "on screen" if entry.is_current else "rolled back" if entry.rolled_back else ""
        state = state if entry.is_listed else "not listed"
        rows = ", ".join(f"{number:,} {name}" for name, number in entry.rows.items())
        layout = f"layout {entry.layout}; " if entry.layout else ""
        when = entry.published_at[:16].replace("T", " ") or "at an unknown time"
        lines.append(f"{entry.delivery:14} {state:12} published {when} UTC; {layout}{rows}")
    terminal.put("\n".join(lines))
    return ACCEPTED


def _verify(options: argparse.Namespace) -> int:
    where, broken_list = store.store_path(), ""
    try:
        faults = repair.verify(where)
    except store.StoreDamagedError as error:
        faults, broken_list = repair.check_folders(where, store.DeliveryList()), str(error)
    damaged = {name: why for name, why in faults.items() if why}
    if options.json:
        commands.print_json(faults)
    elif not faults:
        terminal.put("Nothing has been published yet. There is nothing to verify.")
    else:
        lines = [
            f"{name}: every file and every count matches what was published." for name in faults if not faults[name]
        ]
        terminal.put("\n".join([*lines, *(sentence for why in damaged.values() for sentence in why)]))
        if damaged:
            terminal.put_error(f"{counted(len(damaged), 'delivery is', 'deliveries are')} damaged. Restore a backup (python -m data"
                               " restore FILE --replace) or publish the export again.")  # fmt: skip
    if broken_list:
        terminal.put_error(broken_list)
    return REFUSED if damaged or broken_list else ACCEPTED


def _repair(options: argparse.Namespace) -> int:
    repaired = repair.repair(store.store_path(), waiting=commands.wait)
    options.is_done = True
    if repaired.is_new:
        commands.note("repaired", delivery=repaired.listed.current or "", what="the store's list was rebuilt")
    terminal.put("\n".join([repair.summary(repaired), *repaired.notices]))
    return ACCEPTED


def _back_up(options: argparse.Namespace) -> int:
    faults = backup.back_up(store.store_path(), options.file, overwrite=options.overwrite, waiting=commands.wait)
    commands.note("backed_up", what=options.file.name)
    terminal.put(f"Wrote {options.file}. It holds residents' records. Keep it as private as the store.")
    if faults:
        terminal.put_error("\n".join(["Some deliveries are damaged and were backed up as they are:", *faults]))
    return REFUSED if faults else ACCEPTED


def _restore(options: argparse.Namespace) -> int:
    restored = backup.restore(store.store_path(), options.file, replace=options.replace, waiting=commands.wait)
    options.is_done = True
    commands.note("restored", delivery=restored.listed.current or "", what=options.file.name)
    shown = f"{restored.listed.current} is on screen" if restored.listed.current else "nothing is on screen"
    moved = f" The store's earlier content is in {restored.moved_to}." if restored.moved_to else ""
    terminal.put(f"Restored {counted(len(restored.listed.ids), 'delivery', 'deliveries')}: {shown}.{moved}")
    return ACCEPTED


def _prune(options: argparse.Namespace) -> int:
    if options.unfinished:
        return _remove_unfinished(options)
    keep = options.keep if options.keep is not None else retention.setting()
    if keep is None:
        raise UsageError(f"Set how many deliveries to keep with --keep N or {retention.SETTING}.")
    if options.dry_run:
        pruned = retention.prune(store.store_path(), keep, dry_run=True, waiting=commands.wait)
        terminal.put("\n".join(commands.pruned_sentences(pruned, keep, dry_run=True)))
    else:
        commands.prune_and_print(keep)
    return ACCEPTED


def _remove_unfinished(options: argparse.Namespace) -> int:
    if options.keep is not None or options.dry_run:
        raise UsageError("--unfinished goes with no other option.")
    had_any = publishing.remove_unfinished(store.store_path(), waiting=commands.wait)
    terminal.put(
        "Removed what the cluster had finished. The next publish on Spark starts from the beginning." if had_any
        else "No attempt to publish on Spark left anything."
    )  # fmt: skip
    return ACCEPTED


def _pin(options: argparse.Namespace) -> int:
    if options.remove:
        retention.unpin(store.store_path(), options.delivery)
        terminal.put(f"{options.delivery} is no longer pinned.")
    else:
        retention.pin(store.store_path(), options.delivery, options.because)
        terminal.put(f"{options.delivery} is pinned. It will not be removed.")
    return ACCEPTED
