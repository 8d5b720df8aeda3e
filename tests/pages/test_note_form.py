"""Dated notes written on a page: who may, what is refused, where they show, and that each step is recorded."""

from __future__ import annotations

import json
import stat

import pytest

from briefs.catalog import make
from components import auth_session, note_form
from data import audit_log
from queries import Scope, written_notes
from queries.dated_notes import read_notes
from tests.app_driver import html, say, send, text, views
from tests.briefs.conftest import viewer
from tests.briefs.pdf_text import words
from tests.pages.test_pages import run

PAGE = "pages/data_quality.py"
NOTE = {"date": "2026-03-03", "text": "The Eastern office moved.", "measure": "", "about": "Region: Eastern"}


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store, monkeypatch, tmp_path):
    use_store(demo_store)
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    monkeypatch.setattr(auth_session, "serves_loopback_only", lambda: True)


def submit(page, **changes: str):
    """Send the form as a browser does, with some fields changed."""
    return say(page, note_form.WRITE, json.dumps(NOTE | changes))


def events() -> list[dict[str, str]]:
    return [event for event in audit_log.read() if event["event"] == "noted"]


def test_a_note_is_saved_shown_and_recorded_with_who_and_when():
    page = submit(run(PAGE, **{"as": "officer"}))
    assert "Saved. It stands under the charts it concerns." in text(page)
    (saved,) = written_notes.written()
    assert (saved.note.filter, saved.note.value, saved.role) == ("region", "Eastern", "officer")
    assert saved.note.author == auth_session.DEMO_ACCOUNT
    assert f"Written by {saved.note.author}" in text(page)
    (event,) = events()
    assert (event["account"], event["role"], event["what"]) == (saved.note.author, "officer", f"wrote {saved.id}")
    assert "Eastern" not in str(event)
    assert stat.S_IMODE(written_notes.path().stat().st_mode) == 0o600
    line = "Note, March 3, 2026, Eastern: The Eastern office moved."
    assert line in text(run("pages/regions.py", **{"as": "governor"}))
    assert line in words(make("friday", Scope(viewer=viewer("governor"))).content)


def test_the_sentence_is_shown_once_and_the_form_is_empty_again():
    page = run(PAGE, **{"as": "analyst"})
    assert 'data-name="note-form-0"' in html(page)
    submit(page)
    assert 'data-name="note-form-1"' in html(page) and "Saved." in text(page)
    assert "Saved." not in text(page.run())


REFUSED = [
    ({"text": "Ask ann@example.gov."}, "looks as if it held a Social Security number, an e-mail address"),
    ({"text": "Resident 123-45-6789 left."}, "looks as if it held a Social Security number"),
    ({"text": "Only 3 residents came."}, "counted fewer than ten people: “3 residents”"),
    ({"text": ""}, "its text must be one line"),
    ({"date": "soon"}, "its date is not written as 2026-03-03"),
    ({"measure": "luck"}, "there is no such measure"),
    ({"about": "Region: Atlantis"}, "has nothing called “Region: Atlantis”"),
]


def test_a_note_with_a_mistake_or_personal_data_is_refused_with_a_sentence():
    page = run(PAGE, **{"as": "analyst"})
    for changes, sentence in REFUSED:
        submit(page, **changes)
        assert sentence in text(page) and "The note was not saved" in text(page), changes
        assert 'data-name="note-form-0"' in html(page), "the fields stay as they are"
        assert "123-45" not in text(page) and "ann@" not in text(page)
    assert written_notes.written() == () and not events()


def test_what_is_not_the_form_is_refused():
    page = run(PAGE, **{"as": "analyst"})
    for value in ("", "[]", "{}", "null", '{"date": 1}', "x" * 3_000, True):
        say(page, note_form.WRITE, value)
        assert note_form.INCOMPLETE in text(page) and not page.exception, value
    assert written_notes.written() == ()


def test_the_same_note_is_saved_once():
    page = submit(submit(run(PAGE, **{"as": "analyst"})))
    assert "the same note is there already" in text(page)
    assert len(written_notes.written()) == 1


def test_a_removed_note_is_no_longer_shown_and_stays_on_record():
    page = submit(run(PAGE, **{"as": "analyst"}))
    (saved,) = written_notes.written()
    say(page, f"{note_form.REMOVE}-{saved.id}", True)
    assert "Removed. Note, March 3, 2026, Eastern" in text(page)
    assert read_notes().notes == ()
    assert "office moved" not in text(run("pages/regions.py", **{"as": "governor"}))
    first, second = written_notes.path().read_text().splitlines()
    assert json.loads(first)["text"] == NOTE["text"] and json.loads(second)["removes"] == saved.id
    assert [event["what"] for event in events()] == [f"removed {saved.id}", f"wrote {saved.id}"]


@pytest.mark.parametrize("role", ["governor", "director:Northwest"])
def test_readers_without_the_right_can_write_nothing(role):
    page = run("pages/regions.py", **{"as": role})
    assert "note-form" not in html(page) and "note-form" not in html(run(PAGE, **{"as": role}))
    before = run(PAGE, **{"as": "analyst"})
    before.query_params["as"] = role
    before.session_state["guard-viewer"] = page.session_state["guard-viewer"]
    view = next(
        element.proto.id for element in before.get("bidi_component") if "note-form" in element.proto.bytes.decode()
    )
    after = send(before, view, [note_form.WRITE, json.dumps(NOTE)])
    assert written_notes.written() == () and not after.exception


def test_an_open_demo_that_other_machines_reach_takes_no_notes(monkeypatch):
    monkeypatch.setattr(auth_session, "serves_loopback_only", lambda: False)
    page = run(PAGE, **{"as": "analyst"})
    assert "note-form" not in html(page) and views(page)


def test_a_disk_that_takes_nothing_is_reported_and_the_page_goes_on(tmp_path):
    (tmp_path / "log").mkdir(exist_ok=True)
    (tmp_path / "log" / written_notes.FOLDER).write_text("a file in the place of the folder")
    page = submit(run(PAGE, **{"as": "analyst"}))
    assert "the file of notes cannot be written" in text(page) and not page.exception
    assert not written_notes.is_writable()


def test_damaged_lines_are_skipped_and_the_next_note_starts_a_line():
    submit(run(PAGE, **{"as": "analyst"}))
    path = written_notes.path()
    path.write_text(path.read_text() + '{"removes": 1}\n[]\n{"id": "x", "text": "torn')
    submit(run(PAGE, **{"as": "analyst"}), text="Another note.")
    assert [each.note.text for each in written_notes.written()] == ["Another note.", NOTE["text"]]


def test_a_line_that_somebody_changed_is_checked_again():
    submit(run(PAGE, **{"as": "analyst"}))
    path = written_notes.path()
    path.write_text(path.read_text().replace("office moved", "call ann@example.gov"))
    assert written_notes.written() == ()
