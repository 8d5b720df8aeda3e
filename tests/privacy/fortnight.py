"""Attack on two deliveries that are two weeks apart: the numbers saved from one, subtracted from those of the next.

    python -m tests.privacy.fortnight DELIVERY

publishes the delivery as it would have been two weeks earlier, then the delivery, and prints what each measure gives away
(`make attack`). Records reported late are missing from the earlier one.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from data.__main__ import main as data_command  # data.cli's decides nothing about protected readers
from tests.privacy import attack

LATE = 40  # enrollments that the earlier delivery lacks, whatever their date; at most a tenth of all
MEASURES = (*attack.COUNTS, "applications", "residents_applied", "starts", "credentials", "placements")
# the date of a row, and those after which its other columns are empty
DATES = {
    "enrollments": ("applied_on", ("enrolled_on", "started_on")),
    "completions": ("exited_on", ("credential_on", "employed_on")),
    "courses": ("registered_on", ("completed_on",)),
    "openings": ("posted_on", ("closed_on",)),
    "funding": ("posted_on", ()),
}


def earlier(delivery: Path, folder: Path) -> Path:
    """Write a delivery as it would have been two weeks earlier, and return its folder."""
    until = pd.Timestamp(delivery.name) - pd.Timedelta(days=14)
    made = shutil.copytree(delivery, folder / until.date().isoformat())
    late = pd.Series(dtype=object)
    for table, (day, others) in DATES.items():
        for path in sorted((made / table).glob("*.parquet")):
            rows = pd.read_parquet(path)
            rows = rows[~(_days(rows, day) > until)]
            for other in others:
                rows.loc[_days(rows, other) > until, other] = None
            if table == "enrollments":
                late = rows["enrollment_id"].sample(min(LATE, len(rows) // 10), random_state=2026)
            if "enrollment_id" in rows:
                rows = rows[~rows["enrollment_id"].isin(late)]
            rows.to_parquet(path, index=False)
    description = json.loads((made / "delivery.json").read_text(encoding="utf-8"))
    description["delivered_on"] = made.name
    (made / "delivery.json").write_text(json.dumps(description), encoding="utf-8")
    return made


def _days(rows: pd.DataFrame, column: str) -> pd.Series:
    return pd.to_datetime(rows[column], errors="coerce")


def attacked(delivery: Path, work: Path) -> Iterator[attack.Outcome]:
    """Publish both deliveries below `work`, solved and audited, and yield what the numbers saved of each measure give away."""
    first, second = work / "first", work / "second"
    _publish(earlier(delivery, work), first)
    shutil.copytree(first, second)
    _publish(delivery, second)
    for measure in MEASURES:
        yield attack.saved_numbers(str(first), str(second), measure)


def _publish(delivery: Path, store: Path) -> None:
    os.environ["DASHBOARD_STORE"] = str(store)
    # a demo's wrong rows are more than 2% of few
    if data_command(["publish", str(delivery), "--max-quarantined", "100"]):
        raise SystemExit(f"{delivery} was not published.")


def main(delivery: str) -> int:
    failed, tried = False, 0
    with tempfile.TemporaryDirectory() as work:
        for outcome in attacked(Path(delivery), Path(work)):
            print(outcome, *outcome.examples[:3], flush=True)
            failed = failed or bool(outcome.recovered or outcome.narrowed)
            tried += outcome.tried
    if not tried:
        raise SystemExit("No number changed by a few: nothing was attacked.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
