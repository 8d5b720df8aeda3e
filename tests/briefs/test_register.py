"""The register: what leaves is written down, and its numbers are made again after later deliveries and a rollback."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from briefs import register
from briefs.__main__ import main as briefs_command
from briefs.friday import friday
from briefs.register_lines import digest_of, from_line, to_line
from briefs.reproduce import reproduce
from data import store as stores
from data.__main__ import main as data_command
from queries import Goal, Question, Scope, ask
from queries.access import rights
from tests.briefs.conftest import numbers_behind, viewer

IDS = ("2022-10-07", "2024-06-28", "2026-11-13")


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


@pytest.fixture
def store(demo_store, tmp_path, use_store):
    """A store with the demo's deliveries, the first two of them on record; the second is on screen."""
    folder = tmp_path / "store"
    shutil.copytree(demo_store, folder)  # no links: they would change the state of files that other tests read
    put_on_screen(folder, 2)
    use_store(folder)
    return folder


def put_on_screen(folder, count):
    """Write the list as publishing leaves it after so many deliveries: they never change themselves."""
    write_list(folder, IDS[:count])


def write_list(folder, history):
    """Write the list of deliveries, the last of which is on screen."""
    content = {"delivery": history[-1], "history": list(history), "rolled_back": []}
    (folder / stores.CURRENT).write_text(json.dumps(content))


def publish_brief(role, region=None):
    document = friday(Scope(viewer=viewer(role), region=region))
    recorded = register.record("friday.pdf", document.answers, account="a@example.gov", role=role)
    assert recorded is not None
    return document, register.find(recorded.id)


@pytest.mark.parametrize(("role", "region"), [("officer", "Eastern"), ("governor", None), ("director:Northwest", None)])
def test_a_brief_is_made_again_number_by_number_after_two_deliveries_and_a_rollback(store, log, role, region):
    put_on_screen(store, 1)
    document, publication = publish_brief(role, region)
    assert publication.delivery == IDS[0] and numbers_behind(document)
    put_on_screen(store, 2)
    assert_made_again(document, publication, current=IDS[1])
    put_on_screen(store, 3)
    assert_made_again(document, publication, current=IDS[2])
    assert data_command(["rollback"]) == 0
    assert_made_again(document, publication, current=IDS[1])


def assert_made_again(document, publication, *, current):
    """Check that every number of a document is the same again, while a later delivery with other numbers is on screen."""
    result = reproduce(publication)
    assert (result.differences, result.number_count, result.current) == ((), len(numbers_behind(document)), current)
    assert result.changes
    for number in numbers_behind(document):
        source = number.source
        answer = ask(source.question, source.scope, current=IDS[0])
        row = next(
            row for row in answer.rows if (row.key, row.group, row.part) == (source.key, source.group, source.part)
        )
        assert row.value == number.value


def test_what_later_deliveries_changed_is_listed_number_by_number(store, log):
    _, publication = publish_brief("officer")
    before = ask(Question("residents_enrolled")).total.value
    put_on_screen(store, 3)
    now = ask(Question("residents_enrolled")).total.value
    result = reproduce(publication)
    assert f"Residents enrolled: {before:,.0f}, now {now:,.0f}" in result.changes
    lines = "\n".join(result.lines())
    assert "friday.pdf" in lines and f"Reproduced: all {result.number_count:,} numbers are the same again." in lines


def test_a_number_that_differs_is_reported(store, log):
    _, publication = publish_brief("officer")
    first, *others = publication.questions
    forged = replace(publication, questions=(replace(first, digest="0" * 16), *others))
    result = reproduce(forged)
    assert len(result.differences) == 1 and "NOT reproduced:" in result.lines()


def test_a_line_says_what_left_for_whom_and_holds_no_number(store, log):
    document, publication = publish_brief("governor")
    (path,) = (log / "register").glob("*.jsonl")
    (line,) = path.read_text().splitlines()
    data = json.loads(line)
    assert (data["file"], data["account"], data["role"], data["delivery"]) == (
        "friday.pdf", "a@example.gov", "governor", IDS[1],
    )  # fmt: skip
    assert data["version"].startswith("0.") and "+" in data["version"]
    assert "value" not in line and str(int(numbers_behind(document)[0].value)) not in line
    assert publication.questions[0].scope.viewer == rights.viewer("governor")
    assert path.stat().st_mode & 0o077 == 0, "only its owner reads it"


def test_lines_survive_being_written_and_read(store, log):
    scope = Scope(viewer=rights.viewer("officer"), group="woman")
    question = Question("closing_plan", "region", goal=Goal(value=0.4, what="participation_share"))
    answers = [register.AskedAnswer(question=question, answer=ask(question, scope))]
    written = register.record("plan.csv", answers, account="a")
    assert from_line(to_line(written)) == written == register.find(written.id)
    assert reproduce(written).differences == ()


def test_damaged_lines_are_skipped(store, log):
    _, publication = publish_brief("officer")
    (path,) = (log / "register").glob("*.jsonl")
    path.write_text(f"{{torn\n{{}}\n{path.read_text()}")
    assert [each.id for each in register.publications()] == [publication.id]
    assert register.find("no-such-id") is None


def test_nothing_is_recorded_for_a_file_without_numbers(log):
    assert register.record("activity.csv", (), account="a") is None
    assert list(register.publications()) == []


def test_the_digest_depends_on_every_number_and_not_on_the_last_digits_of_a_sum(store):
    answer = ask(Question("residents_enrolled", "region"))
    first, *others = answer.rows

    def digest_with(value):
        return digest_of(replace(answer, rows=(replace(first, value=value), *others)))

    assert digest_with(first.value + 1) != digest_of(answer)
    assert digest_with(first.value * (1 + 1e-13)) == digest_of(answer)


def test_the_command_line_registers_what_it_makes_and_makes_it_again(store, log, tmp_path, capsys):
    assert briefs_command(["make", "slides", "--as", "governor", "-o", str(tmp_path)]) == 0
    assert briefs_command(["published"]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.endswith("2024-06-28_slides_governors-office_synthetic.pptx")
    assert briefs_command(["reproduce", line.split()[0]]) == 0
    assert "numbers are the same again." in capsys.readouterr().out


def test_an_id_that_the_register_does_not_have_is_refused_with_a_sentence(log, capsys):
    assert briefs_command(["reproduce", "20261128-00000000"]) == 2
    assert "The register has no file with the id" in capsys.readouterr().err


def test_a_delivery_that_is_no_longer_in_the_store_gets_a_sentence(store, log, capsys):
    _, publication = publish_brief("officer")
    shutil.rmtree(store / "deliveries" / publication.delivery)
    put_on_screen(store, 3)
    write_list(store, [IDS[0], IDS[2]])
    assert briefs_command(["reproduce", publication.id]) == 2
    assert publication.delivery in capsys.readouterr().err
