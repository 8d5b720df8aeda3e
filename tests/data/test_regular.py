"""Pipes, devices and broken links are refused in a sentence and never opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data import layouts
from data.delivery import describe
from data.errors import RefusedError, UsageError
from tests.data import text_tables
from tests.data.deliveries import check


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return text_tables.write(tmp_path)


@pytest.mark.parametrize(
    "name", ["enrollments.csv", "courses.parquet", "courses.csv.gz", "targets.csv", "x.zip", "x.xlsx"]
)
def test_a_pipe_in_a_delivery(delivery, name):
    (delivery / name).unlink(missing_ok=True)
    os.mkfifo(delivery / name)
    assert check(delivery).faults == [f"{name} is a pipe, not a regular file. Send the file itself."]


@pytest.mark.parametrize(
    ("target", "why"),
    [("/dev/zero", "is a device, not a regular file"), ("nowhere", "is a link to a file that does not exist")],
)
def test_a_link(delivery, target, why):
    (delivery / "enrollments.csv").unlink()
    (delivery / "enrollments.csv").symlink_to(target)
    assert f"enrollments.csv {why}" in check(delivery).faults[0]


def test_a_link_to_a_regular_file_is_that_file(delivery, tmp_path):
    (delivery / "enrollments.csv").rename(tmp_path / "elsewhere.csv")
    (delivery / "enrollments.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert check(delivery).accepted


def test_a_pipe_among_the_parts(delivery):
    (delivery / "courses").mkdir()
    os.mkfifo(delivery / "courses" / "part-0.parquet")
    assert "part-0.parquet in courses/ is a pipe, not a regular file" in check(delivery).faults[0]


def test_a_pipe_that_is_not_a_table_is_reported_unopened(delivery):
    os.mkfifo(delivery / "notes.txt")
    report = check(delivery)
    assert report.accepted
    assert report.notices == ["Not read: “notes.txt”."]


def test_a_pipe_as_delivery_json_and_as_the_delivery(delivery, tmp_path):
    os.mkfifo(delivery / "delivery.json")
    with pytest.raises(RefusedError, match=r"delivery\.json is a pipe"):
        describe(delivery)
    os.mkfifo(tmp_path / "pirl.csv")
    with pytest.raises(UsageError, match=r"pirl\.csv is a pipe"):
        describe(tmp_path / "pirl.csv", single_file=True)


@pytest.mark.parametrize(
    "name", ["columns.csv", "settings.toml", "enrollments.sql", "codes.csv", "reference/regions.csv"]
)
def test_a_pipe_in_a_layout(tmp_path, name):
    folder = tmp_path / "layout"
    (folder / "reference").mkdir(parents=True)
    if name != "enrollments.sql":
        (folder / "enrollments.sql").write_text("select 1")
    os.mkfifo(folder / name)
    (tmp_path / "people.csv").write_text("a\n1\n")
    try:
        layouts.find(str(folder))
        faults = check(tmp_path / "people.csv", f"layout={folder}", "date=2024-01-01").faults
    except RefusedError as refused:
        faults = refused.faults
    assert any("is a pipe, not a regular file" in fault for fault in faults), faults
