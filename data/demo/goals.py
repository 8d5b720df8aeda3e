"""The demo's targets.csv: the two published enrollment targets, and invented equity targets that are labeled as such.

Connecticut has published no equity target. The project's own file has none, and none may be copied from here.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from data.demo import plan
from data.reference import FOLDER
from data.targets import COUNTS, FILE

SET_BY = "Synthetic demo"
SOURCE = "Invented for the demonstration: no equity target of Connecticut has been published"


def write_targets(folder: Path, delivered_on: date) -> None:
    """Write FOLDER/targets.csv with the targets set by a delivery's date, oldest first within a target."""
    with (FOLDER / FILE).open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        header = list(reader.fieldnames or [])
        rows = [row for row in reader if row["measure"] in COUNTS]
    for target in plan.EQUITY_TARGETS:
        due = {"due_on": plan.EXPEND_BY.isoformat(), "set_by": SET_BY, "source": SOURCE}
        rows.append(dict.fromkeys(header, "") | {"initiative": "CareerConneCT"} | due | target)
    with (folder / FILE).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if row["set_on"] <= delivered_on.isoformat())
