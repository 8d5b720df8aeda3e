"""Times and durations of which the type, and not the value, says what they mean."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import validate
from data.delivery import describe
from data.report import Report
from tests.data.deliveries import DAY, check, tables, with_optional

MIDNIGHT = datetime(2023, 1, 2)


def write(folder: Path, table: str, column: str, values: pa.Array, *, parts: int = 1) -> Path:
    """Write a good delivery with other values in a column: in one file, or in the last of two part files."""
    out = folder / DAY
    out.mkdir()
    for name, frame in with_optional(tables()).items():
        made = pa.Table.from_pandas(frame, preserve_index=False)
        if name != table:
            pq.write_table(made, out / f"{name}.parquet")
            continue
        changed = made.slice(made.num_rows - len(values))
        changed = changed.set_column(made.column_names.index(column), column, values)
        (out / name).mkdir()
        pq.write_table(changed, out / name / "b.parquet")
        if parts == 2:
            pq.write_table(made.slice(0, made.num_rows - len(values)), out / name / "a.parquet")
    return out


def utc(*moments: datetime) -> pa.Array:
    return pa.array(moments, pa.timestamp("us", "UTC"))


def applied_on(delivery: Path) -> tuple[Report, set[date]]:
    """Check a delivery. Returns the report and the days on which residents applied."""
    with tempfile.TemporaryDirectory() as work:
        checked = validate.check(describe(delivery), layout=None, work=Path(work))
        rows = checked.connection.execute("select distinct applied_on from accepted_enrollments").fetchall()
        checked.connection.close()
    return checked.report, {day for (day,) in rows}


@pytest.mark.parametrize(
    ("values", "example"),
    [
        (utc(*[MIDNIGHT] * 60), "2023-01-02 00:00:00+00"),
        (pa.array(["2023-01-02T00:00:00.000Z", "2023-01-02"] * 30), "2023-01-02T00:00:00.000Z"),
    ],
)
def test_days_at_midnight_utc_are_not_moved_to_the_day_before(tmp_path, values, example):
    delivery = write(tmp_path, "enrollments", "applied_on", values)
    report, days = applied_on(delivery)
    assert report.accepted
    assert report.tables["enrollments"].notices == [
        f"applied_on: all times are midnight UTC, so they were read as days: “{example}” in row 1 of b.parquet in"
        " enrollments/ is “2023-01-02”."
    ]
    assert days == {date(2023, 1, 2)}


@pytest.mark.parametrize(
    ("values", "day"),
    [
        (utc(*[MIDNIGHT] * 59, MIDNIGHT + timedelta(hours=1)), date(2023, 1, 1)),
        (utc(*[MIDNIGHT + timedelta(hours=5)] * 60), date(2023, 1, 2)),
        (pa.array(["2023-01-01 19:00:00-05"] * 60), date(2023, 1, 1)),
        (pa.array(["2023-01-02 00:00:00"] * 60), date(2023, 1, 2)),
    ],
)
def test_other_times_are_days_in_the_time_zone(tmp_path, values, day):
    report, days = applied_on(write(tmp_path, "enrollments", "applied_on", values))
    assert report.accepted
    assert not report.tables["enrollments"].notices
    assert days == {day}


def test_parts_with_and_without_a_time_zone_are_refused(tmp_path):
    delivery = write(tmp_path, "enrollments", "applied_on", utc(*[datetime(2023, 1, 2, 12)] * 30), parts=2)
    assert check(delivery).faults == [
        "enrollments: applied_on has times with a time zone in b.parquet in enrollments/ and without one in a.parquet in"
        " enrollments/. Export all parts alike."
    ]


def test_a_duration_is_not_a_number(tmp_path):
    delivery = write(tmp_path, "courses", "hours", pa.array([timedelta(hours=4)] * 50))
    assert check(delivery).faults == [
        "courses: the column hours of b.parquet in courses/ is a duration. Write it as a number."
    ]


def test_a_duration_in_a_column_that_is_not_read_does_not_matter(tmp_path):
    delivery = write(tmp_path, "courses", "hours", pa.array([4.5] * 50))
    path = delivery / "courses" / "b.parquet"
    pd.read_parquet(path).assign(spent=pd.Timedelta(hours=4)).to_parquet(path)
    assert check(delivery).accepted
