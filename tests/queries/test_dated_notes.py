"""Dated notes: what a mistake in notes.csv says, which chart a note belongs to, and that they reach pages and documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from briefs.catalog import make
from queries import Question, Scope, ask
from queries.__main__ import main
from queries.access.rights import viewer
from queries.dated_notes import MOST_SHOWN, notes_for, read_notes
from queries.models import Suppression
from queries.note_rules import LONGEST
from tests.app_driver import text
from tests.briefs.pdf_text import reader, words
from tests.pages.test_pages import run

HEAD = "date,text,measure,filter,value,author\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return a function that writes lines to notes.csv."""
    path = tmp_path / "notes.csv"
    monkeypatch.setenv("DASHBOARD_NOTES", str(path))
    return lambda *lines: path.write_text(HEAD + "".join(f"{line}\n" for line in lines))


@pytest.fixture
def demo(demo_store, use_store):
    use_store(demo_store)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("soon,Closed.,,,,", "its date is not written as 2026-03-03"),
        ("2026-03-03,,,,,", "its text must be one line"),
        (f"2026-03-03,{'x' * (LONGEST + 1)},,,,", "its text must be one line"),
        ("2026-03-03,Ask ann@example.gov.,,,,", "Social Security number, an e-mail address or a telephone number"),
        (
            "2026-03-03,Resident 123-45-6789 left.,,,,",
            "Social Security number, an e-mail address or a telephone number",
        ),
        ("2026-03-03,Call 860-555-0100.,,,,", "or a telephone number"),
        ("2026-03-03,The trainee born in 1990 left.,,,,", "a date of birth"),
        ("2026-03-03,Only three older veterans came.,,,,", "fewer than ten people: “three older veterans”"),
        ("2026-03-03,Closed.,luck,,,", "there is no such measure"),
        ("2026-03-03,Closed.,,shoe,9,", "its filter must be one of initiative"),
        ("2026-03-03,Closed.,,region,,", "a filter and its value go together"),
        ("2026-03-03,Closed.,,,,ann,more", "more cells than the first line"),
    ],
)
def test_a_row_with_a_mistake_is_not_shown(write, line, fault):
    write(line, "2026-03-04,The office moved.,,region,Eastern,ann")
    content = read_notes()
    assert [note.text for note in content.notes] == ["The office moved."]
    (sentence,) = content.faults
    assert sentence.startswith("Line 2 of notes.csv is not shown: ")
    assert fault in sentence
    assert "123-45" not in sentence


@pytest.mark.parametrize("content", ["", "when,what\n", '"', "\0", HEAD + '2026-03-03,"open'])
def test_a_file_that_is_no_table_of_notes_shows_none(write, tmp_path, content):
    write()
    (tmp_path / "notes.csv").write_text(content)
    assert read_notes().notes == ()
    assert read_notes().faults


def test_without_a_file_there_are_no_notes(monkeypatch, tmp_path):
    monkeypatch.setenv("DASHBOARD_NOTES", str(tmp_path / "none.csv"))
    assert read_notes().notes == read_notes().faults == ()


@pytest.mark.usefixtures("demo")
def test_a_note_belongs_to_answers_about_its_measure_value_and_day(write):
    write(
        "2026-03-03,About Eastern.,,region,eastern,",
        "2026-03-02,About credentials.,credentials,,,",
        "2026-03-01,A date only.,,,,",
        "2027-01-01,Not yet.,credentials,,,",
    )

    def texts(measure: str, by: str | None = None, **filters: object) -> list[str]:
        return [note.text for note in notes_for(ask(Question(measure, by), Scope(**filters)))]

    assert texts("credentials") == ["About credentials."]
    assert texts("credentials", region="Eastern") == ["About Eastern.", "About credentials."]
    assert texts("credentials", region="Northwest") == ["About credentials."]
    assert texts("residents_enrolled", "region") == ["About Eastern."]
    assert texts("residents_enrolled", "region", region="Northwest") == []
    assert texts("residents_enrolled", "month") == ["A date only."]
    assert texts("credentials", "month", since=date(2026, 3, 2)) == ["About credentials."]
    assert texts("credentials", "month", as_of=date(2026, 2, 1)) == []


@pytest.mark.usefixtures("demo")
def test_a_note_about_a_hidden_row_is_not_shown(write):
    answer = ask(Question("residents_enrolled", "provider"), Scope(viewer=viewer("governor")))
    hidden, shown, *_ = answer.rows
    hidden = replace(hidden, value=None, suppression=Suppression.PRIVACY)
    write(f'2026-03-03,Closed.,,provider,"{hidden.key}",', f'2026-03-02,Moved.,,provider,"{shown.key}",')
    assert [note.text for note in notes_for(answer)] == ["Closed.", "Moved."]
    assert [note.text for note in notes_for(replace(answer, rows=(hidden, shown)))] == ["Moved."]


@pytest.mark.usefixtures("demo")
def test_notes_stand_under_charts_and_follow_the_file(write):
    write("2026-03-03,The Eastern office moved.,,region,Eastern,ann")
    page_text = text(run("pages/regions.py"))
    assert "Note, March 3, 2026, Eastern: The Eastern office moved." in page_text
    write("2026-03-03,The Eastern office closed.,,region,Eastern,ann")
    page_text = text(run("pages/regions.py"))
    assert "The Eastern office closed." in page_text
    assert "moved" not in page_text


@pytest.mark.usefixtures("demo")
def test_a_note_about_a_group_has_its_name_and_not_its_id(write):
    write("2026-03-03,Intake forms changed.,,group,opportunity_youth,ann")
    page_text = text(run("pages/regions.py", group="opportunity_youth"))
    assert "Note, March 3, 2026, Opportunity youth: Intake forms changed." in page_text
    assert ", opportunity_youth:" not in page_text


@pytest.mark.usefixtures("demo")
def test_a_friday_brief_with_the_longest_notes_fits_its_page(write):
    write(*(f"2026-03-0{day},{'A long note about this. ' * 6}The end {day}.,,region,Eastern," for day in range(1, 6)))
    content = make("friday", Scope(viewer=viewer("governor"))).content
    pages: PdfReader = reader(content)
    assert len(pages.pages) == 1
    assert words(content).count("The end") == MOST_SHOWN


@pytest.mark.usefixtures("demo")
def test_the_command_lists_notes_and_mistakes(write, capsys):
    write("2026-03-03,Closed.,,region,Atlantis,ann", "soon,Closed.,,,,")
    assert main(["notes"]) == 0
    printed = capsys.readouterr().out
    assert "2026-03-03  Atlantis  Closed.  (ann)" in printed
    assert "this delivery has no region “Atlantis”" in printed
    assert "Line 3 of notes.csv is not shown" in printed
