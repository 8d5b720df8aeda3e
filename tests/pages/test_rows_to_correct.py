"""The analyst downloads the rows that a delivery left out, to send them back; nobody else does, and it says nothing else of a resident."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from data.excluded_rows import read
from tests.app_driver import files, html, say, text
from tests.pages.test_pages import run

PAGE, BUTTON = "pages/data_quality.py", "Download the rows to correct (CSV)"
LINK = "Why rows were excluded"


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def test_the_analyst_saves_each_excluded_row_with_each_reason(demo_store):
    page = run(PAGE, **{"as": "analyst"})
    assert BUTTON in text(page) and "--problems" not in text(page)
    assert LINK + ", and the rows to send back" in text(page)
    (file,) = files(say(page, "save:rows-to-correct", True))
    rows = list(csv.DictReader(io.StringIO(file["text"])))
    folder = Path(demo_store) / "deliveries" / page_delivery(rows) / "quarantine"
    expected = 0
    for path in folder.glob("*.csv"):
        stored = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
        expected += sum(len(row["reasons"].split("; ")) for row in stored)
        assert {row["Row"] for row in rows if row["Table"] == path.stem} == {row["row"] for row in stored}
    assert len(rows) == expected > 0
    assert all(row["Id"] and row["File"] and row["Problem"] and row["How to fix it"] for row in rows)
    town = next(row for row in rows if row["Problem"] == "The town is not a known name (town)")
    assert town["Column"] == "town" and town["Value"] and town["delivery"] == page_delivery(rows)


def page_delivery(rows: list[dict[str, str]]) -> str:
    return rows[0]["delivery"]


def test_the_file_holds_nothing_else_about_a_resident(demo_store):
    (file,) = files(say(run(PAGE, **{"as": "analyst"}), "save:rows-to-correct", True))
    for path in Path(demo_store).glob("deliveries/2026-11-13/quarantine/enrollments.csv"):
        for row in csv.DictReader(path.open(encoding="utf-8", newline="")):
            assert row["participant_id"] not in file["text"]
    assert not {"participant_id", "veteran", "woman", "disability"} & set(file["text"].partition("\n")[0].split(","))


def test_others_read_how_the_operator_writes_them():
    page = run(PAGE, **{"as": "officer"})
    assert BUTTON not in text(page) and "save:rows-to-correct" not in html(page)
    assert "--problems FOLDER" in text(page)
    assert LINK in text(page) and "rows to send back" not in text(page)


def test_files_of_other_headings_are_read_as_far_as_they_go(tmp_path, monkeypatch):
    folder = tmp_path / "deliveries" / "2026-11-13" / "quarantine"
    folder.mkdir(parents=True)
    (folder / "enrollments.csv").write_text("Client,Org,file,row,reasons\n7,North,a.csv,12,unknown town\ncut,off\n")
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path))
    (row,) = read("2026-11-13")
    assert (row.table, row.file, row.row, row.key, row.sender, row.column, row.value) == (
        "enrollments", "a.csv", "12", "", "", "town", "",
    )  # fmt: skip
    assert row.how_to_fix
