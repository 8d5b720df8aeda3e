"""A layout drafted from another system's files reads those files and lists what is unclear as questions."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data import aliases, drafting, layouts
from data.cli import main
from data.errors import UsageError
from tests.data.deliveries import check, tables, write
from tests.data.test_aliases import hand_off


def test_a_draft_reads_the_files_that_it_was_drafted_from(tmp_path):
    path = hand_off(tmp_path)
    made = drafting.draft_layout("theirs", path, tmp_path)
    text = made.read_text(encoding="utf-8")
    assert '"enrollments.provider" = ["Provider Name"]' in text
    assert '"DROPPED" = "withdrew"' in text
    assert 'dates = "month first"' in text
    assert 'money = "dollars"' in text
    assert "the values do not show whether the month or the day comes first" in text
    assert check(path, f"layout={made.parent}").accepted


def test_a_draft_of_a_single_file_and_its_open_questions(tmp_path):
    frame = tables()["enrollments"].rename(columns={"provider": "School", "sector": "Industry", "town": "Hometown"})
    frame["Industry"] = "Gardening"
    frame["shoe size"] = 9
    frame.to_csv(tmp_path / "people.csv", index=False)
    text = drafting.draft_layout("theirs", tmp_path / "people.csv", tmp_path).read_text(encoding="utf-8")
    assert '"enrollments.provider" = ["School"]' in text
    assert '"enrollments.sector" = ["Industry"]' in text
    assert '# "Gardening" = ""   # no similar name' in text
    assert "no column looks like town" in text
    assert "the column “shoe size” is not used" in text
    layouts.find(str(tmp_path / "theirs"))


def test_a_draft_holds_nothing_that_identifies_a_person(tmp_path):
    frame = tables()["enrollments"].assign(**{"123-45-6789": "x"})
    frame.loc[3, "sector"] = "jane@example.org"
    frame.to_csv(tmp_path / "people.csv", index=False)
    text = drafting.draft_layout("theirs", tmp_path / "people.csv", tmp_path).read_text(encoding="utf-8")
    assert "123-45-6789" not in text
    assert "jane@example.org" not in text
    assert "P0001" not in text


def test_files_that_cannot_be_drafted(tmp_path):
    (tmp_path / "taken").mkdir()
    pd.DataFrame({"a": [1], "b": [2]}).to_csv(tmp_path / "odd.csv", index=False)
    for name, source, sentence in (
        ("taken", tmp_path / "odd.csv", "already exists"), ("new", tmp_path / "nowhere", "nothing at"),
        ("new", tmp_path / "odd.csv", "looks like a table of the contract"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=sentence):
            drafting.draft_layout(name, source, tmp_path)
    assert not (tmp_path / "new").exists()


def test_names_and_values_with_quotes_are_written_as_toml(tmp_path):
    frame = tables()["enrollments"].rename(columns={"provider": 'Provider "N\\a"'})
    frame.to_csv(tmp_path / "enrollments.csv", index=False)
    made = drafting.draft_layout("theirs", tmp_path / "enrollments.csv", tmp_path)
    layout = layouts.find(str(made.parent))
    assert layout.aliases is not None
    assert layout.aliases.columns["enrollments.provider"] == ['Provider "N\\a"']
    assert made.name == aliases.FILE


def test_the_commands_of_a_newcomer(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    assert main(["template", str(tmp_path / "empty")]) == 0
    assert main(["template", str(tmp_path / "empty")]) == 2
    assert "not an empty folder" in capsys.readouterr().err
    day = tmp_path / "2026-11-20"
    (tmp_path / "empty").rename(day)
    assert main(["check", str(day), "--max-quarantined", "100"]) == 0, (
        "each table of a template has one row, which is not counted"
    )
    assert "the template's example row" in capsys.readouterr().out
    assert main(["layout", "new", "a b", "--from", str(day), "--into", str(tmp_path)]) == 2
    assert main(["layout", "new", "mine", "--from", str(write(tmp_path, tables())), "--into", str(tmp_path)]) == 0
    assert Path(tmp_path / "mine" / aliases.FILE).is_file()


def test_the_workbook_of_the_template_is_read_back(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    assert main(["template", str(tmp_path / "empty")]) == 0
    assert (
        main(
            [
                "check",
                str(tmp_path / "empty" / "about" / "delivery.xlsx"),
                "--date",
                "2026-11-20",
                "--max-quarantined",
                "100",
            ]
        )
        == 0
    )
