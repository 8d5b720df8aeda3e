"""Measure the time and memory of publishing, compared with reading the same Parquet once, each in a separate process.

`python -m benchmarks.delivering read|publish DELIVERY` is such a process; it prints JSON. Peak memory is read while it runs,
because the figure that the system reports for a child that has ended includes its parent's. It needs Linux, and is 0 elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread

import duckdb

from benchmarks.results import Published
from data.delivery import describe
from data.demo import make
from data.progress import Progress
from data.publishing import PublishOptions, publish
from queries import rollups
from queries.privacy import release
from tests.conftest import ROOT

TABLES = ("enrollments", "completions")
_READ = (
    "select bit_xor(hash(columns(*))) from read_parquet($files, union_by_name = true)"  # every value of every column
)


def prepare(size: int, folder: Path) -> tuple[Path, float]:
    """Make a demo of this size in `folder`. Returns its last delivery and the seconds it took."""
    began = time.perf_counter()
    *earlier, last = make(folder / "demo", residents=size)
    took = time.perf_counter() - began
    for delivery in earlier:
        shutil.rmtree(delivery)
    return last, round(took, 1)


def files(delivery: Path, table: str) -> list[str]:
    """Return the Parquet files of a table of a delivery."""
    return sorted(str(path) for path in delivery.rglob("*.parquet") if table in path.relative_to(delivery).parts[0])


def measure(delivery: Path, store: Path) -> Published:
    """Measure publishing a delivery into a new store, and reading its Parquet."""
    read = _in_process("read", delivery, store)
    published = _in_process("publish", delivery, store)
    return Published(
        seconds=published["seconds"] - published["protecting"],
        protecting_seconds=published["protecting"],
        peak_mb=published["publishing_mb"],
        protecting_peak_mb=published["peak_mb"],
        read_seconds=read["seconds"],
        read_peak_mb=read["peak_mb"],
        parquet_mb=_megabytes(delivery.rglob("*.parquet")),
        store_mb=_megabytes(store.rglob("*")),
    )


def _in_process(what: str, delivery: Path, store: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.delivering", what, str(delivery)],
        cwd=ROOT,
        env={**os.environ, "DASHBOARD_STORE": str(store)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The {what} of {delivery} failed: {(done.stdout + done.stderr)[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _read(delivery: Path) -> dict[str, float]:
    with duckdb.connect() as raw:
        for table in TABLES:
            raw.execute(_READ, {"files": files(delivery, table)}).fetchall()
    return {}


def _publish(delivery: Path, peak: _Peak) -> dict[str, float]:
    """Publish, and return how many seconds of it went into deciding what protected readers see, and the memory until then."""
    figures = dict[str, float]()

    def prepare(database: Path, progress: Progress, *, has_rows: bool) -> None:
        rollups.prepare(database, progress, has_rows=has_rows)
        began, figures["publishing_mb"] = time.perf_counter(), peak.mb
        release.prepare(database, progress)
        figures["protecting"] = time.perf_counter() - began

    report = publish(describe(delivery), PublishOptions(prepare=prepare))
    if not report.accepted:
        sys.exit("\n".join(report.faults))
    return figures


class _Peak:
    """The most memory that this process and those it started had at once, in MB."""

    def __init__(self) -> None:
        self.mb, self._ended = 0.0, Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> float:
        """Stop watching, and return it."""
        self._ended.set()
        self._thread.join()
        return self.mb

    def _watch(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._ended.wait(0.2)
            self.mb = max(self.mb, sum(map(_memory_mb, [os.getpid(), *_children()])))


def _children() -> list[int]:
    lists = Path("/proc/self/task").glob("*/children")
    return [int(process) for file in lists for process in file.read_text().split()]


def _memory_mb(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:  # it has ended
        return 0.0
    # of what processes share, such as libraries, each has its part
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def _megabytes(paths: Iterable[Path]) -> float:
    return round(sum(path.stat().st_size for path in paths if path.is_file()) / 1e6, 1)


def main() -> int:
    """Read or publish, and print the time and memory it took."""
    delivery, peak = Path(sys.argv[2]), _Peak()
    began = time.perf_counter()
    figures = _publish(delivery, peak) if sys.argv[1] == "publish" else _read(delivery)
    figures |= {"seconds": time.perf_counter() - began, "peak_mb": peak.end()}
    print(json.dumps({name: round(figure, 3) for name, figure in figures.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
