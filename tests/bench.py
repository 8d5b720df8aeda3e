"""`make bench`: how long publishing and questions take at three sizes, as ratios measured in one run.

The yardstick of a question is one count(distinct participant_id) over the delivery's raw Parquet; of publishing, reading that
Parquet once. Machines differ and are noisy: compare the ratios, not the times.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import duckdb

from data.__main__ import main as data_command
from data.demo import make

SIZES = (12_000, 120_000, 1_000_000)
QUESTIONS = (
    ("residents_enrolled", None), ("residents_enrolled", "region"), ("completion_rate", "sector"), ("residents_new", "month"),
    ("outcome_ratio", None), ("gap_residents", None), ("pace", "initiative"), ("expended", "category"),
)  # fmt: skip
RUNS = 7


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median time of some runs after one to warm up, in milliseconds."""
    work()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def measure(size: int, folder: Path) -> dict[str, object]:
    """One size: publish the demo's last delivery, then ask."""
    from queries import Question, ask

    delivery = make(folder / "demo", residents=size)[-1]
    os.environ["DASHBOARD_STORE"] = str(folder / "store")
    files = [str(path) for path in delivery.rglob("enrollments*/*.parquet")] or [str(delivery / "enrollments.parquet")]
    raw = duckdb.connect()
    read_once = median(
        lambda: raw.execute(
            "select count(distinct participant_id) from read_parquet($files)", {"files": files}
        ).fetchall()
    )
    began = time.perf_counter()
    with redirect_stdout(StringIO()):
        assert data_command(["publish", str(delivery)]) == 0
    publish = (time.perf_counter() - began) * 1000
    asked = {}
    for measure_id, by in QUESTIONS:
        took = median(lambda question=Question(measure_id, by): ask(question))
        asked[f"{measure_id} by {by or 'nothing'}"] = {"ms": round(took, 1), "ratio": round(took / read_once, 2)}
    return {
        "residents": size,
        "raw_ms": round(read_once, 1),
        "publish_ms": round(publish),
        "publish_ratio": round(publish / read_once, 1),
        "asked": asked,
    }


def main() -> int:
    """Measure every size, print a table and write bench/out/bench.json."""
    sizes = [int(text.replace("_", "")) for text in sys.argv[1:]] or list(SIZES)
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure(size, Path(folder)))
    for one in found:
        print(
            f"{one['residents']:,} residents: raw count {one['raw_ms']} ms, publish {one['publish_ms']} ms ({one['publish_ratio']}×)"
        )
        for name, took in one["asked"].items():
            print(f"    {name:38} {took['ms']:9.1f} ms {took['ratio']:8.2f}× the raw count")
    out = Path("bench/out/bench.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=1))
    print(f"Written to {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
