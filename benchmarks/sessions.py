"""Measure many readers at once: sessions that click every two seconds and check every figure they get.

`python -m benchmarks.sessions STORE [--seconds 60] [--counts 1 25 100]` runs only this part and prints JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from benchmarks.figures import ratio, spread
from benchmarks.reader import Run, Session
from benchmarks.served import Served, stop_cleanly
from queries import Question, Scope, ask, listing

COUNTS = (1, 25, 100)
SECONDS = 60
EVERY = 2.0  # seconds between a reader's clicks
_OPENING_AT_ONCE = 4  # readers who open their first page at the same time
# The pages that readers open, and the measures whose totals they must show. Every other figure of a page is compared with what a
# single reader gets.
PAGES = {
    "/": ("residents_enrolled", "completions"),
    "/regions": ("residents_enrolled", "in_training"),
    "/sectors": ("residents_enrolled", "completions"),
    "/equity": (),
}

Expected = dict[tuple[str, str], Run]


def difference(run: Run, expected: Run) -> str:
    """Return the first difference between a run and the expected run, or "" if there is none."""
    if run.mark == expected.mark:
        return ""
    results, expected_texts = run.texts, expected.texts
    for result, expected_text in zip(results, expected_texts, strict=False):
        if result != expected_text:
            return f"{result[:200]} where {expected_text[:200]} is right"
    return "" if len(results) == len(expected_texts) else f"{len(results)} texts where {len(expected_texts)} are right"


async def expected(url: str, regions: Sequence[str]) -> Expected:
    """Open every page for every region as a single reader, and check the totals against `queries.ask`."""
    results: Expected = {}
    for page, measures in PAGES.items():
        session = Session(url, page)
        await session.open()
        for region in regions:
            run = results[page, region] = await session.choose("Region", region)
            page_text = " ".join(run.texts)
            for measure in measures:
                value = f"{ask(Question(measure), Scope(region=region)).total.value:,.0f}"
                if value not in page_text:
                    raise RuntimeError(f"{page} does not show {value}, the {measure} of {region}")
        await session.close()
    return results


async def _reader(
    number: int, url: str, expected_runs: Expected, log: dict[str, Any], until: Callable[[], float]
) -> None:
    page = list(PAGES)[number % len(PAGES)]
    regions = [region for shown, region in expected_runs if shown == page]
    session = Session(url, page)
    try:
        async with log["door"]:
            await session.open()
        log["open"] += 1
        await log["all open"].wait()
        due = time.monotonic() + EVERY * (number * 0.618 % 1)  # spread evenly for any number of readers
        turn = number
        while due < until():
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            turn += 1
            region = regions[turn % len(regions)]
            run = await session.choose("Region", region)
            log["ms"].append(run.ms)
            log["looked into"] += run.mark != expected_runs[page, region].mark
            if mistake := difference(run, expected_runs[page, region]):
                log["wrong"].append(f"{page} {region}: {mistake}")
            due = max(due + EVERY, time.monotonic())
        await log["all over"].wait()
    except Exception as error:
        log["errors"].append(f"{page}: {type(error).__name__}: {error}"[:300])
    finally:
        log["over"] += 1
        await session.close()


async def crowd(dashboard: Served, expected_runs: Expected, count: int, seconds: float) -> dict[str, Any]:
    """Run `count` readers for `seconds`. Returns the times of their clicks, wrong numbers, errors and memory."""
    log: dict[str, Any] = {"ms": [], "wrong": [], "errors": [], "open": 0, "over": 0, "looked into": 0}
    log |= {"all open": asyncio.Event(), "all over": asyncio.Event(), "door": asyncio.Semaphore(_OPENING_AT_ONCE)}
    ends, before, worked, began = [0.0], dashboard.memory(), time.process_time(), time.monotonic()
    tasks = [asyncio.create_task(_reader(n, dashboard.url, expected_runs, log, lambda: ends[0])) for n in range(count)]
    while log["open"] + log["over"] < count:
        await asyncio.sleep(0.1)
    opened = dashboard.memory()
    ends[0] = time.monotonic() + seconds
    log["all open"].set()
    await asyncio.sleep(min(3 * EVERY, seconds))  # each reader has clicked by now, so its session has its full size
    begun = dashboard.memory()
    await asyncio.sleep(max(0.0, ends[0] - time.monotonic()))
    ended = dashboard.memory()
    log["all over"].set()
    await asyncio.gather(*tasks)
    return {
        "sessions": count,
        "seconds": seconds,
        "clicks": len(log["ms"]),
        **(spread(log["ms"]) if log["ms"] else {}),
        "looked_into": log["looked into"],
        "errors": log["errors"],
        "wrong": log["wrong"],
        "readers_cpu": round((time.process_time() - worked) / (time.monotonic() - began), 2),
        "memory_before_mb": round(before),
        "memory_open_mb": round(opened),
        "memory_clicked_mb": round(begun),
        "memory_after_mb": round(ended),
        "mb_a_session": round((begun - before) / count, 2),
        "growth_mb": round(ended - begun, 1),
    }


def measure(
    store: Path, folder: Path, *, counts: Sequence[int] = COUNTS, seconds: float = SECONDS
) -> list[dict[str, Any]]:
    """Run every number of readers in turn on a server with prepared answers, smallest first."""
    os.environ["DASHBOARD_STORE"] = str(store)
    regions = [str(row["region"]) for row in listing("regions", Scope())]
    dashboard = Served(store, folder)
    try:
        dashboard.wait_until_prepared()
        expected_runs = asyncio.run(expected(dashboard.url, regions))
        results = [asyncio.run(crowd(dashboard, expected_runs, count, seconds)) for count in sorted(counts)]
    finally:
        dashboard.stop()
    for result in results:
        result["ratio_to_one"] = (
            ratio(result["p95"], results[0]["p95"]) if "p95" in result and "p95" in results[0] else None
        )
    return results


def main() -> int:
    """Run this part and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sessions", description="Many readers at once.")
    parser.add_argument("store", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    options = parser.parse_args()
    stop_cleanly()
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(sys.stderr):
        results = measure(options.store, Path(folder), counts=options.counts, seconds=options.seconds)
    print(json.dumps(results, indent=1))
    return int(any(result["errors"] or result["wrong"] for result in results))


if __name__ == "__main__":
    sys.exit(main())
