"""`python -m benchmarks [SIZE ...]`: measures every size, prints tables, writes bench/out/bench.json. `make bench` does this.

Exit code 1 for a wrong number or an error, never for being slow.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import streamlit

from benchmarks import clicks, delivering, questions, report, sessions
from benchmarks.addresses import known, numbered_pages
from benchmarks.results import Results, Size
from benchmarks.served import Served, stop_cleanly
from queries import Question, ask
from tests.conftest import ROOT

SIZES = (12_000, 1_000_000)
PARTS = ("publish", "questions", "pages", "loads", "sessions")
OUT = ROOT / "bench" / "out" / "bench.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the requested parts."""
    options = _parser().parse_args(arguments)
    stop_cleanly()
    os.environ.pop("DASHBOARD_SECRETS", None)
    results = Results(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        cores=os.cpu_count(),
        system=platform.platform(),
        python=platform.python_version(),
        streamlit=streamlit.__version__,
    )
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        for residents in sorted(options.sizes):
            folder = (options.keep or Path(temporary)) / str(residents)
            folder.mkdir(parents=True, exist_ok=True)
            size = Size(residents=residents)
            results.sizes.append(size)
            try:
                _measure(size, folder, options)
            except Exception as error:
                results.errors.append(f"{size.label}: {type(error).__name__}: {error}")
                print(results.errors[-1], file=sys.stderr)
            _write(results)
    results.minutes = round((time.perf_counter() - began) / 60, 1)
    results.targets = report.targets(results)
    _write(results)
    print(report.text(results))
    print(f"Written to {OUT.relative_to(ROOT)}")
    return int(results.has_errors)


def _measure(size: Size, folder: Path, options: argparse.Namespace) -> None:
    """Measure a size and add its figures to it."""
    store = folder / "store"
    os.environ["DASHBOARD_STORE"] = str(store)
    deliveries = sorted((folder / "demo").glob("20*"))
    _report(f"{size.label}: making the delivery")
    delivery, size.demo_seconds = (deliveries[-1], None) if deliveries else delivering.prepare(size.residents, folder)
    if "publish" in options.only or not store.exists():
        _report("publishing")
        shutil.rmtree(store, ignore_errors=True)
        size.published = delivering.measure(delivery, store)
    if "questions" in options.only:
        _report("asking")
        size.questions = questions.in_process(delivery, store)
    if {"pages", "loads"} & set(options.only):
        _in_browser(size, folder, options)
    if "sessions" in options.only:
        _report("many readers")
        size.crowds = sessions.measure(store, folder, counts=options.counts, seconds=options.seconds)


def _in_browser(size: Size, folder: Path, options: argparse.Namespace) -> None:
    dashboard, floor = Served(folder / "store", folder), Served(folder / "store", folder, floor=True)
    try:
        with clicks.started() as browser:
            if "pages" in options.only:
                empty, _ = clicks.opened(browser, floor.url + "/", clicks.FLOOR_TEXT)
                bench = clicks.Bench(browser, dashboard, empty, known())
                for number, entry in enumerate(numbered_pages()):
                    if not options.pages or entry.id in options.pages:
                        _report(f"clicking: {entry.name}")
                        size.pages[entry.id] = bench.measure(entry, number)
                empty.context.close()
            if "loads" in options.only:
                _report("loading")
                wanted = f"{ask(Question('residents_enrolled')).total.value:,.0f}"
                size.loads = clicks.loads(browser, dashboard, floor, wanted)
        size.incidents = dashboard.incidents()
    finally:
        dashboard.stop()
        floor.stop()


def _report(what: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {what} …", file=sys.stderr, flush=True)


def _write(results: Results) -> None:
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(asdict(results), indent=1), encoding="utf-8")


def _integer(text: str) -> int:
    return int(text.replace("_", "").replace(",", ""))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure how long everything takes, as ratios to floors."
    )
    parser.add_argument(
        "sizes", metavar="SIZE", nargs="*", type=_integer, default=SIZES, help="residents (default: 12000 1000000)"
    )
    parser.add_argument(
        "--seconds", type=float, default=sessions.SECONDS, help="how long each crowd clicks (default: 60)"
    )
    parser.add_argument(
        "--counts", type=int, nargs="+", default=sessions.COUNTS, help="sessions in a crowd (default: 1 25 100)"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="only these parts")
    parser.add_argument("--pages", nargs="+", choices=[page.id for page in numbered_pages()], help="only these pages")
    parser.add_argument("--keep", type=Path, help="a folder for deliveries and stores, to reuse them")
    return parser


if __name__ == "__main__":
    sys.exit(main())
