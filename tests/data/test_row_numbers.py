"""A large file is cast by several threads. Its rows keep their numbers: each excluded row is shown with its own reason."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from data import build_store, validate
from data.delivery import describe
from tests.data.deliveries import tables, write

PARTS, ROWS, BAD = 4, 200_000, (3, 77_777, 199_998)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory):
    """Return a delivery with four parts of many row groups. In each, three rows have a town that says where they are."""
    made = tables()
    folder = write(tmp_path_factory.mktemp("large"), {name: made[name] for name in ("completions", "funding")})
    (folder / "enrollments").mkdir()
    each = made["enrollments"].iloc[np.arange(ROWS) % 60].reset_index(drop=True)
    for part in range(PARTS):
        numbers = pd.Series(range(part * ROWS, (part + 1) * ROWS))
        rows = each.assign(
            enrollment_id="E" + numbers.astype(str),
            participant_id="P" + (numbers // 2).astype(str),
            program=["Welding", "WELDING", "Robotics", "Sewing"] * (ROWS // 4),
        )
        for row in BAD:
            rows.loc[row, "town"] = f"Nowhere {part} {row}"
        path = folder / "enrollments" / f"part-{part}.parquet"
        rows.to_parquet(path, index=False, row_group_size=25_000)
        assert pq.ParquetFile(path).num_row_groups > 7
    return folder


def test_excluded_rows_of_a_large_delivery_are_the_rows_that_break_a_rule(delivery, tmp_path):
    checked = validate.check(describe(delivery), layout=None, work=tmp_path, most_quarantined=100.0)
    written = build_store.write_quarantine(checked, tmp_path / "rows")
    checked.connection.close()
    with next(path for path in written if path.stem == "enrollments").open(encoding="utf-8") as file:
        rows = [(row["town"], row["file"], int(row["row"])) for row in csv.DictReader(file)]
    assert rows == [
        (f"Nowhere {part} {row}", f"part-{part}.parquet in enrollments/", row + 1)
        for part in range(PARTS)
        for row in BAD
    ]
    shown = {
        (problem.value, problem.row_numbers) for problem in checked.report.problems if problem.table == "enrollments"
    }
    assert shown == {(f"Nowhere {part} {row}", (row + 1,)) for part in range(PARTS) for row in BAD}
