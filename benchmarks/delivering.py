"""Measure the time and memory of publishing, compared with reading the same Parquet once, each in a separate process.

`python -m benchmarks.delivering read|publish DELIVERY` is such a process; it prints JSON. Peak memory is measured in
the process itself, because the figure that the system reports for a child includes the parent's.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import duckdb

from benchmarks.results import Published
from data.__main__ import main as data_command
from data.demo import make
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
        seconds=published["seconds"],
        peak_mb=published["peak_mb"],
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


def _read(delivery: Path) -> None:
    with duckdb.connect() as raw:
        for table in TABLES:
            raw.execute(_READ, {"files": files(delivery, table)}).fetchall()


def _publish(delivery: Path) -> None:
    output = StringIO()
    with redirect_stdout(output):
        code = data_command(["publish", str(delivery)])
    if code:
        sys.exit(output.getvalue())


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        peak = (
            next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:")) * 1024
        )
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes where there is no /proc
    unit = 1024 if sys.platform.startswith("linux") else 1
    return (peak + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit) / 1e6


def _megabytes(paths: Iterable[Path]) -> float:
    return round(sum(path.stat().st_size for path in paths if path.is_file()) / 1e6, 1)


def main() -> int:
    """Read or publish, and print the time and memory it took."""
    work: Callable[[Path], None] = {"read": _read, "publish": _publish}[sys.argv[1]]
    began = time.perf_counter()
    work(Path(sys.argv[2]))
    print(json.dumps({"seconds": round(time.perf_counter() - began, 3), "peak_mb": round(_peak_mb(), 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
