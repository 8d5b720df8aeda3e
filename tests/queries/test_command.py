"""The command line an analyst uses: what it prints, and with which exit code."""

from __future__ import annotations

import json

import pytest

from queries.__main__ import main


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, in_store):
    in_store.setenv("DASHBOARD_STORE", str(demo_store))


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_json_rows_carry_everything(capsys):
    code, out, _ = run(capsys, "measure", "completion_rate", "--by", "sector", "--group", "woman", "--json")
    answer = json.loads(out)
    assert code == 0 and answer["measure"] == "completion_rate" and answer["is_synthetic"] is True
    row = next(row for row in answer["rows"] if row["key"] == "CDL licensing")
    assert row["value"] == row["numerator"] / row["denominator"] and row["low"] < row["value"] < row["high"]
    assert row["as_of"] == "2026-11-13" and row["delivery"] == "2026-11-13"


def test_the_announced_figure(capsys):
    arguments = ("measure", "residents_enrolled", "--initiative", "CareerConneCT", "--as-of", "2022-10-07", "--json")
    assert json.loads(run(capsys, *arguments)[1])["rows"][0]["value"] == 1108


def test_every_measure_is_listed_with_its_definition(capsys):
    code, out, _ = run(capsys, "measures", "--json")
    assert code == 0 and json.loads(out)["pace"]["definition"].endswith(".")


def test_a_person_gets_a_table(capsys):
    code, out, _ = run(
        capsys, "measure", "residents_enrolled", "--by", "region", "--from", "2024-01-01", "--to", "2024-12-31"
    )
    assert code == 0 and "synthetic data" in out and "North Central" in out


@pytest.mark.parametrize(
    "arguments",
    [("measure", "nonsense"), ("measure", "pace", "--region", "Atlantis"), ("measure", "pace", "--delivery", "x/y")],
)
def test_wrong_use_gets_a_sentence_and_two(capsys, arguments):
    code, out, err = run(capsys, *arguments)
    assert code == 2 and not out and err.strip().endswith(".") and "Traceback" not in err


@pytest.mark.parametrize(
    "arguments", [("measure", "pace", "--by", "shoe size"), ("measure", "pace", "--as-of", "soon"), ()]
)
def test_unknown_options_exit_with_two(arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_nothing_published_is_said(capsys, in_store, tmp_path):
    in_store.setenv("DASHBOARD_STORE", str(tmp_path))
    code, _, err = run(capsys, "measure", "pace")
    assert code == 1 and "No delivery has been published yet" in err


def test_a_plan_is_asked_with_its_goal(capsys):
    arguments = ("measure", "closing_plan", "--group", "disability", "--by", "region", "--due", "2027-12-31")
    code, out, _ = run(capsys, *arguments, "--goal", "0.11", "--json")
    rows = json.loads(out)["rows"]
    assert code == 0 and len(rows) == 5 and {row["extra"]["goal"] for row in rows} == {0.11}
    assert run(capsys, *arguments, "--goal", "11")[0] == 2 and "closing_plan" in run(capsys, "measures")[1]
