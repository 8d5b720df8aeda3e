"""Measure common questions under many scopes, each asked for the first time, against two floors.

The first floor is a count(distinct participant_id) over the delivery's raw Parquet. The second is the row-level query of the
answer, run in DuckDB on the published store. `python -m benchmarks.questions DELIVERY STORE` prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.delivering import files
from benchmarks.figures import ratios, spread
from queries import Answer, Question, Scope, ask, current_delivery_id, listing

QUESTIONS = (
    Question("residents_enrolled"), Question("residents_enrolled", "region"), Question("residents_enrolled", "town"),
    Question("residents_new", "month"), Question("completion_rate", "sector"), Question("completion_rate", "program"),
    Question("placement_rate"), Question("wage_gain"), Question("participation_share"), Question("gap_residents"),
    Question("outcome_ratio"), Question("pace", "initiative"), Question("expended", "category"),
)  # fmt: skip
_RAW = "select count(distinct participant_id) from read_parquet($files)"


def scopes() -> list[Scope]:
    """Return scopes as readers choose them, each with a different date so that no question is asked twice."""
    first = {
        field: str(listing(name, Scope())[0][column])
        for field, name, column in (
            ("initiative", "initiatives", "initiative"), ("sector", "sectors", "sector"), ("group", "groups", "group_id"),
        )
    }  # fmt: skip
    latest = ask(Question("residents_enrolled")).delivery.delivered_on
    chosen: list[dict[str, Any]] = [
        {}, first, {"initiative": first["initiative"]}, {"sector": first["sector"]}, {"group": first["group"]},
        *({"region": str(row["region"])} for row in listing("regions", Scope())),
        {"since": latest - timedelta(days=365)},
    ]  # fmt: skip
    return [Scope(as_of=latest - timedelta(days=3 + 17 * n), **fields) for n, fields in enumerate(chosen)]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Run a function. Returns the ms it took and its result."""
    began = time.perf_counter()
    figures = work()
    return (time.perf_counter() - began) * 1000, figures


def straight(answer: Answer, rows: duckdb.DuckDBPyConnection) -> Callable[[], Any] | None:
    """Return a function that runs the answer's query in DuckDB, or None if the answer has no query."""
    if answer.status != "ok" or not answer.query:
        return None
    return lambda: rows.cursor().execute(answer.query, dict(answer.parameters)).fetchall()


def measure(delivery: Path, store: Path) -> dict[str, Any]:
    """Measure every question under every scope once, in turn with the floors."""
    os.environ["DASHBOARD_STORE"] = str(store)
    parquet = files(delivery, "enrollments")
    raw = duckdb.connect()
    rows = duckdb.connect(str(store / "deliveries" / current_delivery_id() / "store.duckdb"), read_only=True)
    ask(Question("residents_enrolled"))  # opens the store
    took: dict[str, list[float]] = {"raw": [], "ask": [], "straight": []}
    each: dict[str, list[float]] = {}
    skipped = set()
    for scope in scopes():
        for question in QUESTIONS:
            name = f"{question.measure} by {question.by or 'nothing'}"
            ms, answer = timed(partial(ask, question, scope))
            if answer.status not in ("ok", "empty"):
                continue  # does not apply under this scope: refused without a query
            each.setdefault(name, []).append(ms)
            took["ask"].append(ms)
            query = straight(answer, rows)
            try:
                took["straight"] += [timed(query)[0]] if query else []
            except duckdb.Error as error:
                skipped.add(f"{name}: {str(error).splitlines()[0][:120]}")
        took["raw"].append(timed(lambda: raw.execute(_RAW, {"files": parquet}).fetchall())[0])
    figures: dict[str, Any] = {name: spread(values) for name, values in took.items()}
    return figures | {
        "ratio_to_raw": ratios(figures["ask"], figures["raw"]),
        "ratio_to_straight": ratios(figures["ask"], figures["straight"]),
        "each": {name: spread(values) for name, values in each.items()},
        "skipped": sorted(skipped),
    }


def main() -> int:
    """Measure a store and print JSON."""
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
