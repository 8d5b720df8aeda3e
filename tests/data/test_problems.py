"""A single check finds everything that is wrong with a delivery, says how to fix it, and sorts it by sender."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data import aliases, cast_columns, contract, duckdb_sql, problem_files, problems, quarantine
from data.cli import main
from data.report import Report
from tests.data.deliveries import check, tables, write
from tests.data.test_aliases import HAND_OFF, hand_off


def test_a_single_check_lists_every_kind_of_fault(tmp_path):
    path = hand_off(tmp_path)
    (path / "Student Export.csv").rename(path / "enrollments.csv")
    report = check(path)
    faults = "\n".join(report.faults)
    assert "the required column provider is missing" in faults
    assert "Is provider “Provider Name”?" in faults
    assert "the required column exited_on is missing" in faults
    assert "Is exited_on “Exit Date”?" in faults
    for column in ("applied_on", "enrolled_on", "started_on", "planned_end_on"):
        assert re.search(
            rf"enrollments: {column} is written with the month (or the day )?first.* in 60 rows, such as “0\d/02/2023” in row 2",
            faults,
        )
    assert "completions: exited_on is written with the month" in faults
    assert "funding: posted_on is written" in faults
    assert (
        "funding: amount is written with signs or commas in 52 rows, such as “$1,000.00” in row 2 of funding.csv"
        in faults
    )
    outcomes = [p for p in report.problems if p.column == "outcome"]
    assert [(p.rows, p.problem, p.value, p.suggestion) for p in outcomes] == [
        (15, "unknown outcome", "DROPPED", "withdrew"), (15, "unknown outcome", "Finished", "completed"),
    ]  # fmt: skip
    assert set(report.tables["enrollments"].reasons) == set(), "what was read tentatively breaks no rule"
    assert report.tables["completions"].reasons == {"unknown outcome": 30}


def test_fixing_the_listed_faults_makes_the_delivery_acceptable(tmp_path):
    path = hand_off(tmp_path)
    (path / "Student Export.csv").rename(path / "enrollments.csv")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / aliases.FILE).write_text(HAND_OFF, encoding="utf-8")
    assert not check(path).accepted
    assert check(path, f"layout={tmp_path / 'mine'}").accepted


def test_causes_stand_before_consequences(tmp_path):
    made = tables()
    made["enrollments"].loc[:39, "sector"] = "Astrology"
    report = check(write(tmp_path, made))
    assert [(p.table, p.rows, p.follows_from) for p in report.problems] == [
        ("enrollments", 40, ""), ("completions", 20, "follows from 40 excluded enrollments"),
    ]  # fmt: skip
    assert "follows from 40 excluded enrollments" in report.as_text()


def test_problems_of_the_same_size_stand_in_the_order_of_their_rows(tmp_path):
    made = tables()
    names = ["Zen", "Yoga", "Alchemy", "Magic", "Tarot", "Charms"]
    made["enrollments"].loc[: len(names) - 1, "sector"] = names
    report = check(write(tmp_path, made), "most_quarantined=100")
    assert [p.value for p in report.problems if p.problem == "unknown sector"] == names


def test_a_missing_table_is_a_single_fault(tmp_path):
    path = write(tmp_path, tables())
    (path / "enrollments.parquet").unlink()
    report = check(path)
    assert len(report.faults) == 1
    assert report.tables["completions"].accepted == 30


def test_an_unreadable_column_is_a_single_fault(tmp_path):
    made = tables()
    made["enrollments"]["applied_on"] = "soon"
    made["enrollments"].loc[3, "sector"] = "Astrology"
    report = check(write(tmp_path, made), "most_quarantined=50")
    (fault,) = report.faults
    assert "the column applied_on cannot be read as a date: “soon” in row 1 of enrollments.parquet" in fault
    assert report.tables["enrollments"].reasons == {"unknown sector": 1}


def test_an_amount_that_cannot_be_read_breaks_no_other_rule(tmp_path):
    made = tables()
    made["funding"]["amount"] = "much"
    (fault,) = check(write(tmp_path, made)).faults
    assert "the column amount cannot be read as a dollar amount" in fault


@pytest.mark.parametrize(
    "days", [("01/13/2023", "month first"), ("13/01/2023", "day first"), ("01/02/2023", "which is not clear")]
)
def test_the_date_order_is_stated_only_if_it_is_clear(tmp_path, days):
    written, words = days
    made = tables()
    made["enrollments"]["applied_on"] = written
    faults = [fault for fault in check(write(tmp_path, made)).faults if "applied_on is written" in fault]
    assert len(faults) == 1
    assert words in faults[0]


def test_no_date_order_is_stated_for_a_format_that_has_none(tmp_path):
    made = tables()
    made["enrollments"]["applied_on"] = "2023-01-02 12:00:00 AM"
    (fault,) = check(write(tmp_path, made)).faults
    assert "cannot be read as a date: “2023-01-02 12:00:00 AM” in row 1" in fault


def reasons_of_the_code() -> set[str]:
    """Return every reason for which a row can be excluded, from the rules and the casts."""
    words: set[str] = {quarantine.EXAMPLE_ROW, "expense beyond its award's obligation"}
    words |= {quarantine.CONFLICT.format(key=key) for key in contract.KEYS.values()}
    for name in contract.TABLE_NAMES:
        text = duckdb_sql.sql_file("rules", f"{name}.sql")
        words |= {reason.replace("{earliest}", "1990") for reason in re.findall(r'as "([^"]+)"', text)}
    for table in contract.tables().values():
        for column in table.columns:
            words.add(f"{column.name} is empty")
            words |= (
                {f"{column.name} is not {cast_columns.KIND_WORDS[column.kind]}"} if column.kind != "text" else set()
            )
    return words


def test_every_reason_has_a_fix_and_a_column():
    columns = {column.name for table in contract.tables().values() for column in table.columns}
    last = problems._fixes()[-1][1].how
    reasons = reasons_of_the_code()
    assert len(reasons) > 40
    for reason in reasons:
        fix = problems.fix_for(reason)
        assert fix.how != last, f"fixes.toml has no entry for {reason}"
        assert fix.column in (*columns, ""), f"{reason} is about {fix.column}"
        assert fix.column or any(word in reason for word in ("before", "without", "never", "example")), reason


def test_the_template_s_example_row_is_never_counted(tmp_path):
    made = tables()
    for name, frame in made.items():
        frame.loc[len(frame)] = frame.iloc[0]
        frame.loc[len(frame) - 1, contract.KEYS[name]] = contract.EXAMPLE
    report = check(write(tmp_path, made), "most_quarantined=10")
    assert report.tables["enrollments"].reasons == {quarantine.EXAMPLE_ROW: 1}
    assert report.tables["funding"].reasons == {quarantine.EXAMPLE_ROW: 1}
    assert report.tables["enrollments"].accepted == 60


def broken_delivery(folder: Path) -> Path:
    """Write rows that break rules, from two providers and an unknown sender, with values to mask."""
    made = tables()
    enrollments = made["enrollments"]
    enrollments.loc[30:, "provider"] = "Éclair College [A/B]"
    enrollments.loc[[3, 33], "sector"] = ["Astrology", "=cmd|' /C calc'!A0"]
    enrollments.loc[35, "participant_id"] = "123-45-6789"
    enrollments.loc[36, "town"] = "jane@example.org"
    made["completions"].loc[20, "outcome"] = "Dropped"
    made["funding"].loc[5, "category"] = "yachts"
    return write(folder, made)


def test_problem_rows_go_to_their_senders(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    path, out = broken_delivery(tmp_path), tmp_path / "out"
    assert main(["check", str(path), "--problems", str(out)]) == 1
    assert f"The excluded rows are in {out}" in capsys.readouterr().out
    book = openpyxl.load_workbook(out / problem_files.WORKBOOK)
    assert book.sheetnames[0] == "Summary"
    assert set(book.sheetnames[1:]) == {
        "Éclair College  A B",
        "Provider (test)",
        "Funding file maintainer",
    }
    rows = list(book["Éclair College  A B"].iter_rows(min_row=2, values_only=True))
    by_problem = {row[6]: row for row in rows}
    assert by_problem["unknown outcome"][:6] == (
        "completions",
        "completions.parquet",
        21,
        "E0040",
        "outcome",
        "Dropped",
    )
    assert by_problem["unknown outcome"][8] == "withdrew"
    assert by_problem["unknown town"][5] == "***@***"
    assert by_problem["unknown sector"][5] == "=cmd|' /C calc'!A0"
    assert book["Éclair College  A B"]["F2"].data_type == "s"
    assert by_problem["participant_id looks like a Social Security number, not a pseudonym"][5] == "***-**-**89"
    letters = {p.name: p.read_text(encoding="utf-8") for p in (out / "senders").glob("*.txt")}
    (letter,) = [text for name, text in letters.items() if "clair" in name]
    assert "not counted until corrected" in letter
    assert "- 1 row of completions: unknown outcome “Dropped”" in letter
    assert "Did you mean “withdrew”?" in letter
    assert letter.startswith("Subject: Delivery of 2024-06-28: "), "another sender's rows are not theirs"
    assert "Astrology" not in letter, "another sender's rows are not theirs"
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) >= 4, "the workbook and a letter for each sender"
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"123-45-6789" not in file.read_bytes()
        assert b"jane@example.org" not in file.read_bytes()


def test_a_good_delivery_has_no_problem_rows(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    assert main(["publish", str(write(tmp_path, tables())), "--problems", str(tmp_path / "out")]) == 0
    assert [p.name for p in (tmp_path / "out").iterdir()] == [problem_files.WORKBOOK]


def test_the_report_lists_problems_with_their_rows(tmp_path):
    text = check(broken_delivery(tmp_path)).as_text()
    assert "unknown outcome “Dropped”" in text
    assert "row 21 of completions.parquet" in text
    assert "Did you mean “withdrew”?" in text


def test_rows_of_csv_files_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    path = write(tmp_path, tables())
    frame = pd.read_parquet(path / "enrollments.parquet")
    frame.loc[10, "sector"] = "Astrology"
    (path / "enrollments.parquet").unlink()
    lines = frame.to_csv(index=False).splitlines()
    lines[5:5] = [",,,", ""]
    (path / "enrollments.csv").write_text("\n".join(["Enrollments of June", *lines]) + "\n", encoding="utf-8")
    report: Report = check(path, "most_quarantined=50")
    (problem,) = [p for p in report.problems if p.problem == "unknown sector"]
    text = (path / "enrollments.csv").read_text(encoding="utf-8").splitlines()
    assert "Astrology" in text[problem.row_numbers[0] - 1]
