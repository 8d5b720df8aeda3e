"""Layouts without SQL: other names for files, columns and values, and other formats of dates and amounts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data import aliases, contract, layouts
from data.errors import RefusedError
from tests.data.deliveries import check, tables, write

HAND_OFF = """
[files]
enrollments = ["Student Export"]
[columns]
"enrollments.provider" = ["Provider Name"]
"completions.exited_on" = ["Exit Date"]
[values."completions.outcome"]
"Dropped" = "withdrew"
"Finished" = "completed"
[reading]
dates = "month first"
money = "dollars"
"""


def hand_off(folder: Path) -> Path:
    """Write a delivery as another system exports it."""
    frames = tables()
    enrollments, completions, funding = frames.values()
    enrollments = enrollments.rename(columns={"provider": "Provider Name"})
    completions = completions.rename(columns={"exited_on": "Exit Date"})
    completions["outcome"] = completions["outcome"].map({"withdrew": "DROPPED", "completed": "Finished"})
    funding["amount"] = funding["amount"].map(lambda amount: f"${amount:,.2f}")
    path = folder / "2024-06-28"
    path.mkdir(parents=True)
    for name, frame in (("Student Export", enrollments), ("completions", completions), ("funding", funding)):
        for column in frame.select_dtypes("datetime").columns:
            frame[column] = frame[column].dt.strftime("%m/%d/%Y")
        frame.to_csv(path / f"{name}.csv", index=False)
    return path


def layout(folder: Path, text: str) -> Path:
    """Write a layout with these aliases and load it, so that its mistakes are raised."""
    made = folder / "other"
    made.mkdir(exist_ok=True)
    (made / aliases.FILE).write_text(text, encoding="utf-8")
    layouts.find(str(made))
    return made


def test_a_hand_off_reads_as_the_contract(tmp_path):
    report = check(hand_off(tmp_path), f"layout={layout(tmp_path, HAND_OFF)}")
    plain = check(write(tmp_path / "plain", tables()))
    assert report.accepted, report.faults
    counts = {name: (t.read, t.accepted, t.quarantined) for name, t in report.tables.items()}
    assert counts == {name: (t.read, t.accepted, t.quarantined) for name, t in plain.tables.items()}


def test_a_value_that_the_aliases_do_not_name_is_still_unknown(tmp_path):
    path = hand_off(tmp_path)
    frame = pd.read_csv(path / "completions.csv")
    frame.loc[0, "outcome"] = "Moved away"
    frame.to_csv(path / "completions.csv", index=False)
    report = check(path, f"layout={layout(tmp_path, HAND_OFF)}", "most_quarantined=10")
    assert report.tables["completions"].reasons == {"unknown outcome": 1}


@pytest.mark.parametrize(("text", "sentence"), [
    ("[columns]\n'enrollments.providers' = ['x']", "“enrollments.providers” is not a column of the contract"),
    ("[values.outcome]\nx = 'y'", "“outcome” is not a column of the contract"),
    ("[files]\nstudents = ['x']", "“students” under [files] is not a table"),
    ("[reading]\ndates = 'day last'", "reading.dates is “day last”; it must be 'iso', 'month first' or 'day first'"),
    ("[reading]\ndate = 'iso'", "reading.date is not a setting here"),
    ("columns = 3", "columns must be a section"),
    ("[columns]\n'enrollments.provider' = 'x'", "columns.enrollments.provider must be a list"),
    ("[columns]\n'enrollments.provider' = ['x']\n'enrollments.program' = ['X ']", "“x” is listed for two columns"),
    ("[columns", "cannot be read"),
])  # fmt: skip
def test_a_mistake_in_the_aliases_is_a_sentence(tmp_path, text, sentence):
    with pytest.raises(RefusedError) as refused:
        layout(tmp_path, text)
    assert sentence in " ".join(refused.value.faults)


def test_two_columns_for_the_same_name_are_a_fault(tmp_path):
    path = hand_off(tmp_path)
    frame = pd.read_csv(path / "Student Export.csv")
    frame["provider"] = "Another"
    frame.to_csv(path / "Student Export.csv", index=False)
    (fault,) = check(path, f"layout={layout(tmp_path, HAND_OFF)}").faults
    assert "which all map to provider. Keep one" in fault


def test_aliases_and_sql_do_not_mix(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "enrollments.sql").write_text("select 1")
    with pytest.raises(RefusedError, match="Keep the aliases or the SQL"):
        layout(tmp_path, HAND_OFF)


def test_aliases_know_a_layouts_groups(tmp_path):
    made = tmp_path / "other" / "reference"
    made.mkdir(parents=True)
    source = Path("data/reference/groups.csv")
    made.joinpath("groups.csv").write_text(
        "\n".join(source.read_text(encoding="utf-8").splitlines()[:3]), encoding="utf-8"
    )
    groups = [c for c in contract.GROUPS if c in made.joinpath("groups.csv").read_text(encoding="utf-8")]
    layout(tmp_path, f"[columns]\n'enrollments.{groups[0]}' = ['x']")
    with pytest.raises(RefusedError, match="is not a column of the contract"):
        layout(tmp_path, "[columns]\n'enrollments.woman' = ['x']")
