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
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from benchmarks.figures import ratio, spread
from benchmarks.reader import Run, Session
from benchmarks.results import Crowd
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


@dataclass
class _Log:
    """What the readers of a crowd have done so far, and when they may go on."""

    url: str
    expected: Expected
    ends_at: float = 0.0  # on time.monotonic's clock; set once all have opened their page
    ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    opened: int = 0
    finished: int = 0
    all_opened: asyncio.Event = field(default_factory=asyncio.Event)
    all_finished: asyncio.Event = field(default_factory=asyncio.Event)
    openings: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_OPENING_AT_ONCE))


def difference(run: Run, expected: Run) -> str:
    """Return the first difference between a run and the expected run, or "" if there is none."""
    if run.mark == expected.mark:
        return ""
    results, expected_texts = run.texts, expected.texts
    for result, expected_text in zip(results, expected_texts, strict=False):
        if result != expected_text:
            return f"{result[:200]} where {expected_text[:200]} is right"
    return "" if len(results) == len(expected_texts) else f"{len(results)} texts where {len(expected_texts)} are right"


async def expected_runs(url: str, regions: Sequence[str]) -> Expected:
    """Open every page for every region as a single reader, and check the totals against `queries.ask`."""
    results: Expected = {}
    for page, measures in PAGES.items():
        session = Session(url, page)
        await session.open()
        for region in (*regions, *regions):  # the second time from the server's cache, as for the readers who follow
            run = results[page, region] = await session.choose("Region", region)
            page_text = " ".join(run.texts)
            for measure in measures:
                value = f"{ask(Question(measure), Scope(region=region)).total.value:,.0f}"
                if value not in page_text:
                    raise RuntimeError(f"{page} does not show {value}, the {measure} of {region}")
        await session.close()
    return results


async def _reader(number: int, log: _Log) -> None:
    page = list(PAGES)[number % len(PAGES)]
    regions = [region for shown, region in log.expected if shown == page]
    session = Session(log.url, page)
    try:
        async with log.openings:
            await session.open()
        log.opened += 1
        await log.all_opened.wait()
        due = time.monotonic() + EVERY * (number * 0.618 % 1)  # spread evenly for any number of readers
        turn = number
        while due < log.ends_at:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            turn += 1
            region = regions[turn % len(regions)]
            run = await session.choose("Region", region)
            log.ms.append(run.ms)
            if mistake := difference(run, log.expected[page, region]):
                log.wrong.append(f"{page} {region}: {mistake}")
            due = max(due + EVERY, time.monotonic())
        await log.all_finished.wait()
    except Exception as error:
        log.errors.append(f"{page}: {type(error).__name__}: {error}"[:300])
    finally:
        log.finished += 1
        await session.close()


async def crowd(dashboard: Served, expected: Expected, count: int, seconds: float) -> Crowd:
    """Run `count` readers for `seconds`."""
    log = _Log(dashboard.url, expected)
    before, worked, began = dashboard.memory(), time.process_time(), time.monotonic()
    tasks = [asyncio.create_task(_reader(number, log)) for number in range(count)]
    while log.opened + log.finished < count:
        await asyncio.sleep(0.1)
    opened = dashboard.memory()
    log.ends_at = time.monotonic() + seconds
    log.all_opened.set()
    await asyncio.sleep(min(3 * EVERY, seconds))  # each reader has clicked by now, so its session has its full size
    clicked = dashboard.memory()
    await asyncio.sleep(max(0.0, log.ends_at - time.monotonic()))
    after = dashboard.memory()
    log.all_finished.set()
    await asyncio.gather(*tasks)
    return Crowd(
        sessions=count,
        seconds=seconds,
        ms=spread(log.ms) if log.ms else None,
        errors=log.errors,
        wrong=log.wrong,
        readers_cpu=round((time.process_time() - worked) / (time.monotonic() - began), 2),
        memory_before_mb=round(before),
        memory_open_mb=round(opened),
        memory_clicked_mb=round(clicked, 1),
        memory_after_mb=round(after, 1),
    )


def measure(store: Path, folder: Path, *, counts: Sequence[int] = COUNTS, seconds: float = SECONDS) -> list[Crowd]:
    """Run every number of readers in turn on a server, smallest first."""
    os.environ["DASHBOARD_STORE"] = str(store)
    regions = [str(row["region"]) for row in listing("regions", Scope())]
    dashboard = Served(store, folder)
    try:
        expected = asyncio.run(expected_runs(dashboard.url, regions))
        crowds = [asyncio.run(crowd(dashboard, expected, count, seconds)) for count in sorted(counts)]
    finally:
        dashboard.stop()
    single = crowds[0].ms
    return [
        replace(each, ratio_to_single=ratio(each.ms.p95, single.p95) if each.ms and single else None) for each in crowds
    ]


def main() -> int:
    """Run this part and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sessions", description="Many readers at once.")
    parser.add_argument("store", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    options = parser.parse_args()
    stop_cleanly()
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(sys.stderr):
        crowds = measure(options.store, Path(folder), counts=options.counts, seconds=options.seconds)
    print(json.dumps([asdict(crowd) for crowd in crowds], indent=1))
    return int(any(crowd.errors or crowd.wrong for crowd in crowds))


if __name__ == "__main__":
    sys.exit(main())
