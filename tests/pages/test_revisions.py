"""A figure that a delivery revised after an earlier one had published it carries a mark, on the page and in the brief."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from briefs.friday import friday
from briefs.pdf.render import to_pdf
from briefs.treasury import treasury
from components.text.changed import exact
from queries import Question, Scope, ask
from queries.change import REVISIONS
from queries.changed import changed
from tests import edge_cases
from tests.app_driver import lead, text
from tests.briefs.conftest import viewer
from tests.briefs.pdf_text import reader, words
from tests.conftest import publish
from tests.pages.test_pages import run
from tests.queries import revised_deliveries

FIRST, SECOND = "2025-03-31", "2025-06-30"
MARK = re.compile(r"Revised from (\S+) to (\S+) as of March 31, 2025")
AS_THEN = Scope(as_of=date(2025, 3, 31))
COUNTS = ("residents_enrolled", "completions", "expended")


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Publish two deliveries, the second revised."""
    *_, folders = revised_deliveries.write_pair(tmp_path_factory.mktemp("pair"), seed=1)
    store = tmp_path_factory.mktemp("pair-store")
    for folder in folders:
        publish(folder, store, "--max-quarantined", "100")
    return store


@pytest.fixture(autouse=True)
def over_the_pair(pair, use_store):
    use_store(pair)


def expected_marks(**filters: str) -> set[tuple[str, str]]:
    """Return from what to what each count was revised, by the parts of its change (tests/queries/test_changed.py)."""
    marks = set()
    for measure_id in COUNTS:
        change = changed(measure_id, FIRST, Scope(**filters))
        before = change.previous or Decimal()
        after = before + change.part(*REVISIONS).change
        unit = change.measure.unit
        if exact(float(before), unit) != exact(float(after), unit):
            marks.add((exact(float(before), unit), exact(float(after), unit)))
    return marks


@pytest.mark.parametrize("filters", [{}, {"region": "Southwest"}], ids=["state", "region"])
def test_each_revised_figure_is_marked_on_the_page_and_in_the_brief(filters):
    expected = expected_marks(**filters)
    assert expected
    page = set(MARK.findall(text(run("dashboard.py", **filters, **{"as": "officer"}))))
    content = to_pdf(friday(Scope(viewer=viewer("officer"), **filters)))
    assert page == set(MARK.findall(words(content))) and expected <= page
    assert len(page - expected) <= 1, "people with a job, which have no parts"
    assert len(reader(content).pages) == 1


def test_people_with_a_job_are_marked_by_their_number():
    before, now = (
        ask(Question("finishers_with_job"), scope).total.numerator for scope in (Scope(delivery=FIRST), AS_THEN)
    )
    marks = set(MARK.findall(words(to_pdf(friday(Scope())))))
    assert ((f"{before:,.0f}", f"{now:,.0f}") in marks) == (before != now)


def test_what_is_hidden_from_a_reader_is_not_marked():
    dollars = {mark for mark in expected_marks() if mark[0].startswith("$")}
    assert dollars
    assert set(MARK.findall(text(run("dashboard.py", **{"as": "governor"})))) == dollars
    assert set(MARK.findall(words(to_pdf(friday(Scope(viewer=viewer("governor"))))))) == dollars


def test_an_older_delivery_says_what_the_newest_has_now():
    now = ask(Question("residents_enrolled"), AS_THEN).total.value
    sentence = f"Since revised to {now:,.0f}, in the delivery of June 30, 2025"
    assert sentence in text(run("dashboard.py", delivery=FIRST, **{"as": "officer"}))
    assert sentence in words(to_pdf(friday(Scope(viewer=viewer("officer"), delivery=FIRST))))


def test_the_treasury_workbook_marks_its_totals():
    figures = treasury(Scope(viewer=viewer("officer"))).blocks[0].items
    assert any(MARK.fullmatch(figure.revised) for figure in figures)


def test_the_lead_says_that_a_large_part_of_the_total_was_revised_away(tmp_path, use_store):
    tables = edge_cases.frames(seed=1, rows=260)
    first = edge_cases.write(tmp_path / FIRST, tables)
    is_left = tables["enrollments"]["participant_id"].str[-1].isin(list("0123"))
    present = tables["enrollments"][is_left]
    exits = tables["completions"]["enrollment_id"].isin(present["enrollment_id"])
    second = edge_cases.write(
        tmp_path / SECOND, {**tables, "enrollments": present, "completions": tables["completions"][exits]}
    )
    for folder in (first, second):
        publish(folder, tmp_path / "store", "--max-quarantined", "100")
    use_store(tmp_path / "store")
    before, now = (
        f"{ask(Question('residents_enrolled'), scope).total.value:,.0f}" for scope in (Scope(delivery=FIRST), Scope())
    )
    sentence = f"The total was revised from {before} to {now} as of March 31, 2025."
    assert sentence in lead(run("dashboard.py", **{"as": "officer"}))
    brief = friday(Scope())
    assert sentence in brief.more and len(reader(to_pdf(brief)).pages) == 1
    later = f"The total was since revised to {now}, in the delivery of June 30, 2025."
    assert later in lead(run("dashboard.py", delivery=FIRST, **{"as": "officer"}))
    assert "revised" not in lead(run("dashboard.py", **{"as": "governor"}))


def test_the_lead_does_not_speak_of_a_small_revision():
    assert "revised" not in lead(run("dashboard.py", **{"as": "officer"}))
