"""Measure common questions under many scopes, each asked for the first time, against two floors.

The first floor is a count(distinct participant_id) over the delivery's raw Parquet. The second is the row-level query of the
answer, run in DuckDB on the published store. `python -m benchmarks.questions DELIVERY STORE` prints JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import duckdb

from benchmarks.delivering import files
from benchmarks.figures import Spread, spread
from benchmarks.results import Questions
from queries import Answer, Question, Scope, ask, current_delivery_id, listing
from queries.database import SqlRow, Store
from tests.conftest import ROOT

T = TypeVar("T")
Executed = tuple[str, Mapping[str, object]]  # a query and its parameters

QUESTIONS = (
    Question("residents_enrolled"), Question("residents_enrolled", "region"), Question("residents_enrolled", "town"),
    Question("residents_new", "month"), Question("completion_rate", "sector"), Question("completion_rate", "program"),
    Question("placement_rate"), Question("wage_gain"), Question("participation_share"), Question("gap_residents"),
    Question("outcome_ratio"), Question("pace", "initiative"), Question("expended", "category"),
)  # fmt: skip
_RAW = "select count(distinct participant_id) from read_parquet($files)"


def scopes() -> list[Scope]:
    """Return scopes as readers choose them, each with a different date so that no question is asked twice."""
    regions = [str(row["region"]) for row in listing("regions", Scope())]
    initiative = str(listing("initiatives", Scope())[0]["initiative"])
    sector = str(listing("sectors", Scope())[0]["sector"])
    group = str(listing("groups", Scope())[0]["group_id"])
    latest = ask(Question("residents_enrolled")).delivery.delivered_on
    chosen = [
        Scope(), Scope(initiative=initiative, sector=sector, group=group), Scope(initiative=initiative), Scope(sector=sector),
        Scope(group=group), *(Scope(region=region) for region in regions), Scope(since=latest - timedelta(days=365)),
    ]  # fmt: skip
    return [scope.but(as_of=latest - timedelta(days=3 + 17 * n)) for n, scope in enumerate(chosen)]


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Run a function. Returns the ms it took and its result."""
    began = time.perf_counter()
    result = work()
    return (time.perf_counter() - began) * 1000, result


@contextmanager
def recorded() -> Iterator[list[Executed]]:
    """Yield a list that gets every query that stores run from now on."""
    executed: list[Executed] = []
    run = Store.run

    def recording(self: Store, query: str, parameters: Mapping[str, object] | None = None) -> list[SqlRow]:
        executed.append((query, dict(parameters or {})))
        return run(self, query, parameters)

    Store.run = recording  # type: ignore[method-assign]
    try:
        yield executed
    finally:
        Store.run = run  # type: ignore[method-assign]


class _Straight:
    """The queries behind answers, run in DuckDB on the published store."""

    def __init__(self, store: Path) -> None:
        path = store / "deliveries" / current_delivery_id() / "store.duckdb"
        self._rows = duckdb.connect()  # one of its own: the store's has settings that a second connection cannot share
        self._rows.execute(f"attach '{path}' as store (read_only); use store")
        self.ms: list[float] = []
        self.planning: list[float] = []
        self.skipped: set[str] = set()

    def run(self, name: str, answer: Answer) -> None:
        """Run an answer's query, if it has one."""
        if answer.status == "ok" and answer.query:
            self._timed(name, answer.query, answer.parameters, self.ms)

    def plan(self, name: str, executed: Executed) -> None:
        """Plan a query without running it."""
        query, parameters = executed
        self._timed(name, f"explain {query}", parameters, self.planning)

    def _timed(self, name: str, query: str, parameters: Mapping[str, object], times: list[float]) -> None:
        try:
            ms, _ = timed(lambda: self._rows.execute(query, dict(parameters)).fetchall())
        except duckdb.Error as error:
            self.skipped.add(f"{name}: {str(error).splitlines()[0][:120]}")
        else:
            times.append(ms)


def measure(delivery: Path, store: Path) -> Questions:
    """Measure every question under every scope once, in turn with the floors."""
    os.environ["DASHBOARD_STORE"] = str(store)
    parquet, raw, straight = files(delivery, "enrollments"), duckdb.connect(), _Straight(store)
    raw_times: list[float] = []
    queries: list[float] = []
    letters: list[float] = []
    each: dict[str, list[float]] = {}
    all_scopes = scopes()  # this also opens the store
    for scope in all_scopes:
        for question in QUESTIONS:
            name = f"{question.measure} by {question.by or 'nothing'}"
            with recorded() as executed:
                ms, answer = timed(partial(ask, question, scope))
            if answer.status not in ("ok", "empty"):
                continue  # does not apply under this scope: refused without a query
            each.setdefault(name, []).append(ms)
            queries.append(len(executed))
            letters += [len(query) for query, _ in executed]
            straight.run(name, answer)
            for entry in executed:
                straight.plan(name, entry)
        raw_times.append(timed(lambda: raw.execute(_RAW, {"files": parquet}).fetchall())[0])
    return Questions(
        ask=spread([ms for times in each.values() for ms in times]),
        raw=spread(raw_times),
        straight=spread(straight.ms),
        planning=spread(straight.planning),
        letters=spread(letters),
        queries=spread(queries),
        each={name: spread(times) for name, times in each.items()},
        skipped=sorted(straight.skipped),
    )


def in_process(delivery: Path, store: Path) -> Questions:
    """Measure in a new process, which has asked nothing yet."""
    command = [sys.executable, "-m", "benchmarks.questions", str(delivery), str(store)]
    result = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    spreads = ("ask", "raw", "straight", "planning", "letters", "queries")
    return Questions(
        **{name: Spread(**result[name]) for name in spreads},
        each={name: Spread(**fields) for name, fields in result["each"].items()},
        skipped=result["skipped"],
    )


def main() -> int:
    """Measure a store and print JSON."""
    print(json.dumps(asdict(measure(Path(sys.argv[1]), Path(sys.argv[2])))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
