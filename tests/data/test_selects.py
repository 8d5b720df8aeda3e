"""Messages about a layout's selects name the select and the files, and never quote DuckDB."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from data import layouts
from data.errors import RefusedError
from tests.data.deliveries import check
from tests.data.read_tables import RAW_WORDS

BEGINNING = "-- one row per person\nselect id as enrollment_id, id as participant_id, 'SkillUp CT' as initiative,\n"


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("id,day\nP1,2024-01-02\nP2,1985-01-02\nP3,Mary Jones\n")
    return path


def faults(layout: Path, people: Path, rest: str) -> list[str]:
    (layout / "enrollments.sql").write_text(BEGINNING + rest)
    return check(people, f"layout={layout}", "date=2024-06-30").faults


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("day as applied_on from rawe", ", line 3: there is no table “rawe”. The tables are people."),
        ("dya as applied_on from raw", ", line 3: no table that it reads has a column “dya”."),
        ("x.day as applied_on from raw", ", line 3: it reads no table called “x”."),
        ("parse(day) as applied_on from raw", ", line 3: there is no function “parse”."),
        ("day as applied_on form raw", ", line 3: it is not valid SQL at or near “form”."),
        ("cast(day as date) as applied_on from raw", ": a value cannot be cast to the type in the select."),
        ("day as applied_on from raw where sum(id) > 1", ": it cannot be run on these files. The log has the details."),
        ("day as applied_on from read_csv('/etc/passwd')", ": it reads a file. A select can read only the tables of"),
    ],
)
def test_a_select_that_cannot_run(layout, people, rest, sentence):
    (fault,) = faults(layout, people, rest)
    assert fault.startswith("Layout elsewhere, enrollments.sql")
    assert sentence in fault
    assert not any(word in fault for word in RAW_WORDS)
    assert "Jones" not in fault


def test_the_engines_words_are_in_the_log_without_the_values_it_quotes(layout, people, caplog):
    caplog.set_level("INFO", "dashboard.data")
    faults(layout, people, "cast(day as date) as applied_on from raw")
    assert "enrollments.sql: ConversionException" in caplog.text
    assert "Jones" not in caplog.text


def test_a_layout_says_from_which_date_on_its_dates_are_good(layout, people):
    text = "try_cast(day as date) as applied_on from raw where id <> 'P3'"
    (layout / "enrollments.sql").write_text(BEGINNING + text)
    options = (f"layout={layout}", "date=2024-06-30", "most_quarantined=60")
    assert check(people, *options).tables["enrollments"].reasons == {"applied_on before 1990": 1}
    (layout / "settings.toml").write_text("earliest_date = 1985-01-03\n")
    assert check(people, *options).tables["enrollments"].reasons == {"applied_on before 1985-01-03": 1}
    (layout / "settings.toml").write_text("earliest_date = 1970-01-01\n")
    assert check(people, *options).tables["enrollments"].reasons == {}
    assert layouts.find(str(layout)).earliest == date(1970, 1, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("earliest_date = 'long ago'", "earliest_date must be a date"),
        ("earliest_date = 1970-01-01T00:00:00", "earliest_date must be a date"),
        ("earliest = 1970-01-01", "earliest is not a setting here"),
        ("header_hint = 7", "header_hint must be text in quotation marks"),
        ("earliest_date 1970", "is not valid TOML"),
    ],
)
def test_settings_that_cannot_be_understood(layout, text, sentence):
    (layout / "enrollments.sql").write_text("select 1")
    (layout / "settings.toml").write_text(text)
    with pytest.raises(RefusedError, match=r"^settings\.toml of the layout elsewhere") as refused:
        layouts.find(str(layout))
    assert sentence in refused.value.faults[0]


def test_a_workbook_and_a_zip_file_under_a_layout(layout, tmp_path):

    book = openpyxl.Workbook()
    for cells in (["id", "day"], ["P1", date(2024, 1, 2)], [], ["P2", date(2024, 1, 3)]):
        book.worksheets[0].append(cells)
    book.save(tmp_path / "people.xlsx")
    (layout / "enrollments.sql").write_text(BEGINNING + "day as applied_on from people")
    report = check(tmp_path / "people.xlsx", f"layout={layout}", "date=2024-06-30")
    assert report.accepted
    assert report.tables["enrollments"].accepted == 2
    assert report.notices == ["people.xlsx: Skipped 1 empty row (row 3)."]
