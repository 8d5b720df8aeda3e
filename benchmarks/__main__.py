"""`python -m benchmarks [SIZE ...]`: measures every size, prints tables, writes bench/out/bench.json. `make bench` does this.

Exit code 1 for a wrong number or an error, never for being slow.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit

from benchmarks import clicks, delivering, report, sessions
from benchmarks.served import Served, stop_cleanly
from components.page_list import PAGES
from queries import Question, Scope, ask, listing
from tests.conftest import ROOT

SIZES = (12_000, 1_000_000)
PARTS = ("publish", "questions", "pages", "loads", "sessions")
OUT = ROOT / "bench" / "out" / "bench.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for."""
    asked = _parser().parse_args(arguments)
    stop_cleanly()
    os.environ.pop("DASHBOARD_SECRETS", None)
    found: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "streamlit": streamlit.__version__,
        "sizes": [],
        "sessions": [],
        "errors": [],
    }
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        for size in sorted(asked.sizes):
            folder = (asked.keep or Path(temporary)) / str(size)
            folder.mkdir(parents=True, exist_ok=True)
            one: dict[str, Any] = {"residents": size}
            found["sizes"].append(one)
            try:
                _measure(one, folder, asked)
                if "sessions" in asked.only and size == max(asked.sizes):
                    _say("many readers")
                    found["sessions"] = sessions.measure(
                        folder / "store", folder, counts=asked.counts, seconds=asked.seconds
                    )
            except Exception as error:
                found["errors"].append(f"{size:,} residents: {type(error).__name__}: {error}")
                print(found["errors"][-1], file=sys.stderr)
            _write(found)
    found["minutes"] = round((time.perf_counter() - began) / 60, 1)
    found["targets"] = report.targets(found)
    _write(found)
    print(report.text(found))
    print(f"Written to {OUT.relative_to(ROOT)}")
    return int(report.is_wrong(found))


def _measure(one: dict[str, Any], folder: Path, asked: argparse.Namespace) -> None:
    """One size, into `one`."""
    store, size = folder / "store", one["residents"]
    os.environ["DASHBOARD_STORE"] = str(store)
    kept = sorted((folder / "demo").glob("20*"))
    _say(f"{size:,} residents: making the delivery")
    delivery, one["demo_seconds"] = (kept[-1], None) if kept else delivering.prepare(size, folder)
    if "publish" in asked.only or not store.exists():
        _say("publishing")
        shutil.rmtree(store, ignore_errors=True)
        one["publish"] = delivering.measure(delivery, store)
    if "questions" in asked.only:
        _say("asking")
        command = [sys.executable, "-m", "benchmarks.questions", str(delivery), str(store)]
        one["questions"] = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    if {"pages", "loads"} & set(asked.only):
        _in_browser(one, folder, asked)


def _in_browser(one: dict[str, Any], folder: Path, asked: argparse.Namespace) -> None:
    dashboard, floor = Served(folder / "store", folder), Served(folder / "store", folder, floor=True)
    sectors = [str(row["sector"]) for row in listing("sectors", Scope())]
    initiative = str(listing("initiatives", Scope())[0]["initiative"])
    try:
        _say("working out ahead")
        one["ahead_seconds"] = dashboard.prepared()
        with clicks.browser() as browser:
            if "pages" in asked.only:
                empty, _ = clicks.opened(browser, floor.url + "/")
                one["pages"] = {}
                for number, entry in enumerate(page for page in PAGES if not asked.pages or page.id in asked.pages):
                    _say(f"clicking: {entry.name}")
                    uncommon = "?" + urlencode({"sector": sectors[number % len(sectors)], "initiative": initiative})
                    one["pages"][entry.id] = clicks.measure(browser, entry, dashboard, empty, uncommon, asked.rounds)
                empty.context.close()
            if "loads" in asked.only:
                _say("loading")
                wanted = f"{ask(Question('residents_enrolled')).total.value:,.0f}"
                one["load"] = clicks.loads(browser, dashboard, floor, wanted)
        one["incidents"] = dashboard.incidents()
    finally:
        dashboard.stop()
        floor.stop()


def _say(what: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {what} …", file=sys.stderr, flush=True)


def _write(found: dict[str, Any]) -> None:
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1), encoding="utf-8")


def _whole(text: str) -> int:
    return int(text.replace("_", "").replace(",", ""))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="How long everything takes, as ratios to floors."
    )
    parser.add_argument(
        "sizes", metavar="SIZE", nargs="*", type=_whole, default=SIZES, help="residents (default: 12000 1000000)"
    )
    parser.add_argument(
        "--seconds", type=float, default=sessions.SECONDS, help="how long each crowd clicks (default: 60)"
    )
    parser.add_argument(
        "--counts", type=int, nargs="+", default=sessions.COUNTS, help="sessions in a crowd (default: 1 25 100)"
    )
    parser.add_argument("--rounds", type=int, default=clicks.ROUNDS, help="rounds over a page's filter (default: 9)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these parts alone")
    parser.add_argument("--pages", nargs="+", choices=[page.id for page in PAGES], help="these pages alone")
    parser.add_argument(
        "--keep", type=Path, help="a folder to keep deliveries and stores in, and to find them in again"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
