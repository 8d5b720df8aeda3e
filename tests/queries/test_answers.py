"""Answers: typed rows, and answers that could not be computed."""

from __future__ import annotations

from datetime import date

import pytest

from queries import Answer, AnswerStatus, Question, Row, Scope, ask, measure
from queries.access.rights import viewer
from queries.calculators.gap import GapRow
from queries.calculators.pace import PaceRow
from queries.models import Suppression


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(demo_store))


def test_rows_have_the_class_of_their_measure():
    answer = ask(Question("gap_residents"))
    assert answer.rows_of(GapRow) == answer.rows
    assert answer.total_of(GapRow).share_of_target
    with pytest.raises(TypeError, match="GapRow, not of PaceRow"):
        answer.rows_of(PaceRow)


def test_an_answer_without_rows_has_a_total_of_its_class():
    answer = ask(Question("gap_residents", "employer"))
    assert answer.status == AnswerStatus.NOT_APPLICABLE == "not_applicable"
    assert not answer.rows
    assert answer.total_of(GapRow).note == "does not apply here"
    assert answer.total_of(GapRow).target is None


def test_a_row_says_why_a_value_is_hidden():
    scope = Scope(region="Northwest", initiative="CareerConneCT", viewer=viewer("governor"))
    hidden = [row for row in ask(Question("residents_enrolled", "town"), scope).rows if row.suppression]
    assert hidden
    assert all(row.value is None and row.note for row in hidden)
    assert Suppression.PRIVACY in {row.suppression for row in hidden}


@pytest.mark.parametrize("measure_id", ["completions", "a measure of tomorrow"])
def test_a_failed_answer_is_an_answer(measure_id):
    delivery = ask(Question("completions")).delivery
    answer = Answer.failed(Question(measure_id, "region"), Scope(), delivery, date(2026, 1, 1), "Try again.")
    assert (answer.status, answer.by, answer.rows, answer.measure.id) == ("failed", "region", (), measure_id)
    assert answer.reason == answer.total.note == "Try again."
    assert answer.row("Northwest") is None


def test_a_former_id_still_works():
    assert measure("together") is measure("intersections")
    assert ask(Question("together")).measure.id == "intersections"


def test_the_total_of_no_rows_says_why():
    assert isinstance(ask(Question("completions", "category")).total, Row)
