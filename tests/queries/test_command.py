"""The command line an analyst uses: what it prints, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from queries.__main__ import main
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_json_rows_carry_everything(capsys):
    code, out, _ = run(capsys, "measure", "completion_rate", "--by", "sector", "--group", "woman", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["measure"] == "completion_rate"
    assert answer["is_synthetic"] is True
    row = next(row for row in answer["rows"] if row["key"] == "CDL licensing")
    assert row["value"] == row["numerator"] / row["denominator"]
    assert row["low"] < row["value"] < row["high"]
    assert row["as_of"] == "2026-11-13"
    assert row["delivery"] == "2026-11-13"


def test_the_announced_figure(capsys):
    arguments = ("measure", "residents_enrolled", "--initiative", "CareerConneCT", "--as-of", "2022-10-07", "--json")
    assert json.loads(run(capsys, *arguments)[1])["rows"][0]["value"] == 1108


def test_a_date_after_the_delivery_is_not_taken_without_a_word(capsys):
    words = (
        "The date January 1, 2030 is after the delivery of November 13, 2026: the numbers are as of November 13, 2026."
    )
    late = ("--as-of", "2030-01-01")
    assert words in run(capsys, "measure", "completion_rate", *late)[1].splitlines()
    assert json.loads(run(capsys, "measure", "completion_rate", *late, "--json")[1])["note"] == words
    change = ("changed", "credentials", "--since", "2024-06-28")
    assert run(capsys, *change, *late)[1].startswith(words)
    assert json.loads(run(capsys, *change, *late, "--json")[1])["note"] == words
    assert "is after the delivery" not in run(capsys, *change)[1]


def test_a_table_states_its_unit_and_the_goal_of_a_plan(capsys):
    arguments = ("measure", "closing_plan", "--group", "woman", "--goal", "0.4", "--due", "2027-12-31")
    lines = run(capsys, *arguments)[1].splitlines()
    assert lines[1] == "Filters: group woman · goal: participation_share 0.4 by 2027-12-31"
    assert " · unit: residents · " in lines[2]
    assert "goal" not in run(capsys, "measure", "completion_rate")[1]


@pytest.mark.parametrize(
    ("period", "note"),
    [
        (("--from", "2027-01-01"), "The period begins after November 13, 2026, so nothing in it can be counted yet."),
        (("--to", "2026-12-31"), "The period is not over: the numbers are those up to November 13, 2026."),
        (("--to", "2026-11-13"), None),
    ],
)
def test_a_note_says_that_a_period_is_not_over(capsys, period, note):
    assert json.loads(run(capsys, "measure", "residents_enrolled", *period, "--json")[1])["note"] == note
    text = run(capsys, "measure", "residents_enrolled", *period)[1]
    assert (note in text) if note else ("The period" not in text)


def test_every_measure_is_listed_with_its_definition(capsys):
    code, out, _ = run(capsys, "measures", "--json")
    assert code == 0
    assert json.loads(out)["pace"]["definition"].endswith(".")


def test_a_person_gets_a_table(capsys):
    code, out, _ = run(
        capsys, "measure", "residents_enrolled", "--by", "region", "--from", "2024-01-01", "--to", "2024-12-31"
    )
    assert code == 0
    assert "synthetic data" in out
    assert "North Central" in out


@pytest.mark.parametrize(
    "arguments",
    [("measure", "nonsense"), ("measure", "pace", "--region", "Atlantis"), ("measure", "pace", "--delivery", "x/y")],
)
def test_wrong_use_gets_a_sentence_and_two(capsys, arguments):
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert not out
    assert err.strip().endswith(".")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments", [("measure", "pace", "--by", "shoe size"), ("measure", "pace", "--as-of", "soon"), ()]
)
def test_unknown_options_exit_with_two(arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_nothing_published_gets_a_sentence(capsys, use_store, tmp_path):
    use_store(tmp_path)
    code, _, err = run(capsys, "measure", "pace")
    assert code == 1
    assert "No delivery has been published yet" in err


def test_a_plan_takes_a_goal(capsys):
    arguments = ("measure", "closing_plan", "--group", "disability", "--by", "region", "--due", "2027-12-31")
    code, out, _ = run(capsys, *arguments, "--goal", "0.11", "--json")
    rows = json.loads(out)["rows"]
    assert code == 0
    assert len(rows) == 5
    assert {row["extra"]["goal"] for row in rows} == {0.11}
    assert run(capsys, *arguments, "--goal", "11")[0] == 2
    assert "closing_plan" in run(capsys, "measures")[1]


# A store that cannot be read, and a terminal that cannot be written to


def damage_list(store):
    (store / "current.json").write_text('{"delivery": "2026')


def remove_list(store):
    (store / "current.json").unlink()


def remove_database(store):
    (store / "deliveries" / "2026-11-13" / "store.duckdb").unlink()


def cut_database(store):
    os.truncate(store / "deliveries" / "2026-11-13" / "store.duckdb", 100_000)


def garble_database(store):
    path = store / "deliveries" / "2026-11-13" / "store.duckdb"
    content = bytearray(path.read_bytes())
    for at in range(20_000, len(content), 20_000):
        content[at : at + 16] = b"\0" * 16
    path.write_bytes(content)


def another_version(store):
    (store / "deliveries" / "2026-11-13" / "manifest.json").write_text('{"format": 99}')


def name_a_folder(store):
    (store / "current.json").unlink()
    (store / "current.json").mkdir()


DAMAGES = {
    damage_list: "repair",
    remove_list: "repair",
    name_a_folder: "repair",
    remove_database: "there is no such file",
    cut_database: "cannot be read",
    garble_database: "cannot be read",
    another_version: "published by another version of the dashboard",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("arguments", [("measure", "residents_enrolled", "--by", "region", "--json"),
                                       ("measure", "completion_rate", "--as", "governor")])  # fmt: skip
def test_an_unreadable_store_gets_a_sentence_and_exit_code_1(
    capsys, demo_store, use_store, tmp_path, damage, arguments
):
    store = shutil.copytree(demo_store, tmp_path / "store")
    use_store(store)
    damage(store)
    code, out, err = run(capsys, *arguments)
    assert code == 1
    assert not out
    assert DAMAGES[damage] in err
    assert "Traceback" not in err


def test_what_nobody_foresaw_is_a_sentence_too(capsys, monkeypatch):
    monkeypatch.setattr("queries.__main__.ask", lambda *_: 1 / 0)
    code, out, err = run(capsys, "measure", "pace")
    assert code == 1
    assert not out
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err


def in_shell(redirection: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    command = f'"{sys.executable}" -m queries measures {redirection}'
    env = {**os.environ, **settings}
    return subprocess.run(["bash", "-c", command], cwd=ROOT, env=env, capture_output=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("redirection", "settings"),
    [("", {"PYTHONIOENCODING": "ascii"}), (">&-", {}), ("> /dev/full", {}), ("| head -1; exit ${PIPESTATUS[0]}", {}),
     (">&- 2>&-", {})],
)  # fmt: skip
def test_the_terminal_does_not_decide_the_exit_code(redirection, settings):
    done = in_shell(redirection, **settings)
    assert done.returncode == 0
    assert done.stderr == b""


def test_a_change_is_printed_with_the_parts_that_add_up(capsys):
    arguments = ("changed", "credentials", "--since", "2024-06-28", "--region", "Eastern")
    code, out, _ = run(capsys, *arguments)
    assert code == 0
    numbers, _, why = out.partition("\n\nWhy\n")
    assert [line.split()[-1] for line in numbers.splitlines()[2:]] == ["770", "+376", "+4", "1,150"]
    assert why.endswith("Most common provider: Stonebridge Code School (demo). 2 of 4 rows.\n")
    _, out, _ = run(capsys, *arguments, "--rows", "--json")
    change = json.loads(out)
    assert (change["before"]["value"], change["now"]["value"], len(change["rows"])) == (770, 1150, 380)
    _, out, _ = run(capsys, *arguments, "--rows")
    assert len(re.findall(r"^  E\S+  \+1$", out, re.MULTILINE)) == 380


def test_a_change_is_not_printed_for_a_protected_reader(capsys):
    arguments = ("changed", "completions", "--since", "2024-06-28", "--as", "governor")
    code, out, _ = run(capsys, *arguments)
    assert code == 0
    assert "not shown to protect residents’ privacy" in out
    assert not re.search(r"\d{3}", out.replace("2024-06-28", ""))
    code, out, error = run(capsys, *arguments, "--rows")
    assert (code, out) == (2, "")
    assert "for the analysts" in error


def test_a_number_is_printed_with_what_it_is_restricted_to(capsys):
    arguments = ("measure", "provider_limits", "--of", "placement_rate", "--region", "Eastern", "--from", "2025-07-01")
    _, out, _ = run(capsys, *arguments)
    assert "Filters: region Eastern, from 2025-07-01 · outcome: placement_rate\n" in out
    answer = json.loads(run(capsys, *arguments, "--json")[1])
    assert answer["outcome"] == "placement_rate"
    assert (answer["filters"], answer["since"], answer["until"]) == ({"region": "Eastern"}, "2025-07-01", None)
    assert "Filters: none\n" in run(capsys, "measure", "completions")[1]


def test_a_protected_reader_gets_the_filters_that_were_answered(capsys):
    arguments = (
        "measure",
        "placement_rate",
        "--region",
        "Eastern",
        "--as",
        "director:Northwest",
        "--from",
        "2026-11-03",
    )
    _, out, _ = run(capsys, *arguments)
    assert "Filters: region Eastern\n" in out
