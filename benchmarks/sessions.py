"""Many readers at once: sessions that click every two seconds, each checked for every figure it is shown.

`python -m benchmarks.sessions STORE [--seconds 60] [--counts 1 25 100]` runs it alone and prints JSON.
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
EVERY = 2.0  # seconds from one click of a reader to the next
_AT_THE_DOOR = 4  # readers who open their first page at the same time
# Pages that readers are on, and the measures whose totals must stand on them, as people write them. Every other figure of
# a page is held against what a reader alone was shown.
PAGES = {
    "/": ("residents_enrolled", "completions"),
    "/regions": ("residents_enrolled", "in_training"),
    "/sectors": ("residents_enrolled", "completions"),
    "/equity": (),
}

Expected = dict[tuple[str, str], Run]


def wrong(run: Run, expected: Run) -> str:
    """The first thing that reads otherwise than it should; "" where all is right."""
    if run.mark == expected.mark:
        return ""
    found, should = run.texts, expected.texts
    for one, other in zip(found, should, strict=False):
        if one != other:
            return f"{one[:200]} where {other[:200]} is right"
    return "" if len(found) == len(should) else f"{len(found)} texts where {len(should)} are right"


async def expected(url: str, regions: Sequence[str]) -> Expected:
    """What every page shows of every region, asked by one reader alone and held against `queries.ask`."""
    found: Expected = {}
    for page, measures in PAGES.items():
        session = Session(url, page)
        await session.open()
        for region in regions:
            run = found[page, region] = await session.choose("Region", region)
            said = " ".join(run.texts)
            for measure in measures:
                value = f"{ask(Question(measure), Scope(region=region)).total.value:,.0f}"
                if value not in said:
                    raise RuntimeError(f"{page} does not show {value}, the {measure} of {region}")
        await session.close()
    return found


async def _reader(number: int, url: str, right: Expected, told: dict[str, Any], until: Callable[[], float]) -> None:
    page = list(PAGES)[number % len(PAGES)]
    regions = [region for shown, region in right if shown == page]
    session = Session(url, page)
    try:
        async with told["door"]:
            await session.open()
        told["open"] += 1
        await told["all open"].wait()
        due = time.monotonic() + EVERY * (number * 0.618 % 1)  # spread evenly, however many they are
        turn = number
        while due < until():
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            turn += 1
            region = regions[turn % len(regions)]
            run = await session.choose("Region", region)
            told["ms"].append(run.ms)
            told["looked into"] += run.mark != right[page, region].mark
            if mistake := wrong(run, right[page, region]):
                told["wrong"].append(f"{page} {region}: {mistake}")
            due = max(due + EVERY, time.monotonic())
        await told["all over"].wait()
    except Exception as error:
        told["errors"].append(f"{page}: {type(error).__name__}: {error}"[:300])
    finally:
        told["over"] += 1
        await session.close()


async def crowd(dashboard: Served, right: Expected, count: int, seconds: float) -> dict[str, Any]:
    """So many readers for so many seconds: how long their clicks took, what was wrong, what they weigh."""
    told: dict[str, Any] = {"ms": [], "wrong": [], "errors": [], "open": 0, "over": 0, "looked into": 0}
    told |= {"all open": asyncio.Event(), "all over": asyncio.Event(), "door": asyncio.Semaphore(_AT_THE_DOOR)}
    ends, before, worked, began = [0.0], dashboard.memory(), time.process_time(), time.monotonic()
    tasks = [asyncio.create_task(_reader(n, dashboard.url, right, told, lambda: ends[0])) for n in range(count)]
    while told["open"] + told["over"] < count:
        await asyncio.sleep(0.1)
    opened = dashboard.memory()
    ends[0] = time.monotonic() + seconds
    told["all open"].set()
    await asyncio.sleep(min(3 * EVERY, seconds))  # each has clicked: what a session holds, it holds now
    begun = dashboard.memory()
    await asyncio.sleep(max(0.0, ends[0] - time.monotonic()))
    ended = dashboard.memory()
    told["all over"].set()
    await asyncio.gather(*tasks)
    return {
        "sessions": count,
        "seconds": seconds,
        "clicks": len(told["ms"]),
        **(spread(told["ms"]) if told["ms"] else {}),
        "looked_into": told["looked into"],
        "errors": told["errors"],
        "wrong": told["wrong"],
        "readers_own_cpu": round((time.process_time() - worked) / (time.monotonic() - began), 2),
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
    """Every crowd in turn on one server that has the answers, smallest first."""
    os.environ["DASHBOARD_STORE"] = str(store)
    regions = [str(row["region"]) for row in listing("regions", Scope())]
    dashboard = Served(store, folder)
    try:
        dashboard.prepared()
        right = asyncio.run(expected(dashboard.url, regions))
        found = [asyncio.run(crowd(dashboard, right, count, seconds)) for count in sorted(counts)]
    finally:
        dashboard.stop()
    for one in found:
        one["ratio_to_one"] = ratio(one["p95"], found[0]["p95"]) if "p95" in one and "p95" in found[0] else None
    return found


def main() -> int:
    """Run alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sessions", description="Many readers at once.")
    parser.add_argument("store", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    asked = parser.parse_args()
    stop_cleanly()
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(sys.stderr):
        found = measure(asked.store, Path(folder), counts=asked.counts, seconds=asked.seconds)
    print(json.dumps(found, indent=1))
    return int(any(one["errors"] or one["wrong"] for one in found))


if __name__ == "__main__":
    sys.exit(main())
