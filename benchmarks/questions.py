"""What common questions take under many scopes, none of them asked before, beside two floors.

One floor is one count(distinct participant_id) over the delivery's raw Parquet. The other is the row-level query that the
answer names, straight in DuckDB on the published store. `python -m benchmarks.questions DELIVERY STORE` prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
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
    """Scopes as readers choose them; every date is its own, so that no question is asked twice."""
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
    """How many ms a piece of work takes, and what it gives."""
    began = time.perf_counter()
    found = work()
    return (time.perf_counter() - began) * 1000, found


def straight(answer: Answer, rows: duckdb.DuckDBPyConnection) -> Callable[[], Any] | None:
    """The answer's own query on the published rows, past all of Python; None where the answer has none."""
    if answer.status != "ok" or not answer.query:
        return None
    return lambda: rows.cursor().execute(answer.query, dict(answer.parameters)).fetchall()


def measure(delivery: Path, store: Path) -> dict[str, Any]:
    """Every question under every scope, once, in turn with the floors."""
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
            ms, answer = timed(lambda asked=question, under=scope: ask(asked, under))
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
    found: dict[str, Any] = {name: spread(values) for name, values in took.items()}
    return found | {
        "ratio_to_raw": ratios(found["ask"], found["raw"]),
        "ratio_to_straight": ratios(found["ask"], found["straight"]),
        "each": {name: spread(values) for name, values in each.items()},
        "skipped": sorted(skipped),
    }


def main() -> int:
    """Measure one store, in a process of its own."""
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
