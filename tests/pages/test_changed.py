"""What changed since the previous delivery, as the page about the data shows it and as the other pages may ask for it."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest

from components import cached_queries
from components.page_list import PAGES
from components.text import changed as words
from queries import Scope, ask, database, measure
from queries.access import rights
from queries.changed import changed
from queries.models import AnswerStatus
from queries.scope import AskError, Question
from tests.app_driver import files, html, say, text
from tests.pages.test_pages import run

SCRIPT = next(page.script for page in PAGES if page.id == "data_quality")


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)
    database.ANSWERS.clear()


@pytest.mark.parametrize("filters", [{}, {"region": "Eastern"}])
def test_the_table_adds_up_to_the_answers(filters):
    page = run(SCRIPT, **filters, **{"as": "analyst"})
    say(page, "save:changed", True)
    (file,) = files(page)
    rows = list(csv.DictReader(io.StringIO(file["text"])))
    assert [row["Measure"] for row in rows]
    for row, measure_id in zip(rows, words.COUNTS, strict=True):
        parts = [int(row[name]) for name in words.COLUMNS if re.fullmatch(r"-?\d+", row[name])]
        assert row["Unit"] == ("residents" if measure(measure_id).agg == "count_residents" else "rows")
        assert int(row["Previous delivery (June 28, 2024)"]) + sum(parts) == int(row["This delivery"])
        assert int(row["This delivery"]) == ask(Question(measure_id), Scope(**filters)).total.value


def test_the_page_says_why_each_part_changed():
    page = run(SCRIPT, **{"as": "analyst"})
    say(page, "save:changed-why", True)
    (file,) = files(page)
    rows = list(csv.DictReader(io.StringIO(file["text"])))
    assert {row["Measure"] for row in rows} >= {measure(name).label for name in ("completions", "expended")}
    providers = {
        row["provider"] for row in database.open_store("2026-11-13").rows("select distinct provider from enrollments")
    }
    (new,) = (row for row in rows if (row["Measure"], row["Part"]) == ("Completions", "New since then"))
    assert new["What it means"].startswith("Dated after the earlier delivery")
    assert (
        re.fullmatch(r"Most common provider: (.*)\. [\d,]+ of [\d,]+ rows\.", new["What stands behind it"])[1]
        in providers
    )


def test_a_large_delivery_is_not_compared_while_a_page_waits(monkeypatch):
    monkeypatch.setattr(cached_queries, "MOST_COMPARED", 10_000)
    page = run(SCRIPT, **{"as": "analyst"})
    assert text(page).count("too large to compare while a page waits") == 1  # the ledger is smaller
    assert "not computed" in text(page)


def test_the_first_delivery_has_nothing_to_be_compared_with(demo_store, tmp_path, use_store):
    store = Path(shutil.copytree(demo_store, tmp_path / "store"))
    (store / "current.json").write_text('{"delivery": "2022-10-07", "history": ["2022-10-07"], "rolled_back": []}')
    use_store(store)
    page = run(SCRIPT, **{"as": "analyst"})
    assert "there is nothing to compare with" in text(page)
    assert "table-changed" not in html(page)


def test_a_page_gets_a_change_within_the_readers_rights():
    shown = database.delivery(database.open_store("2026-11-13"))
    officer, governor = (Scope(viewer=rights.viewer(role)) for role in ("officer", "governor"))
    change = cached_queries.changed("completions", officer, shown)
    assert change.parts == changed("completions", "2024-06-28").parts
    assert cached_queries.changed("completions", officer, shown) is change
    hidden = cached_queries.changed("completions", governor, shown)
    assert (hidden.status, hidden.parts, words.line(hidden)) == (AnswerStatus.NOT_RELEASED, (), "")


def test_what_cannot_be_compared_has_a_reason_and_no_numbers(monkeypatch):
    shown = database.delivery(database.open_store("2026-11-13"))
    officer = Scope(viewer=rights.viewer("officer"))
    failed = [
        cached_queries.changed("completions", Scope(), shown),
        cached_queries.changed("completions", officer.but(region="Nowhere"), shown),
    ]
    assert [change.status for change in failed] == [AnswerStatus.FAILED] * 2
    assert "incident" in failed[0].note
    assert "There is no region" in failed[1].note
    new_provider = next(
        row["provider"]
        for row in database.open_store("2026-11-13").rows("select distinct provider from enrollments order by 1 desc")
    )
    with monkeypatch.context() as patch:
        patch.setattr("queries.changed.ask", refusing_earlier(ask))
        change = cached_queries.changed("completions", officer.but(provider=new_provider), shown)
    assert (change.status, change.parts, words.line(change)) == (AnswerStatus.NOT_APPLICABLE, (), "")
    assert "2024-06-28 cannot be counted under these filters" in change.note


def refusing_earlier(answer):
    """Answer as the service does, but not for an earlier delivery: as if it did not have the provider."""

    def refuse(question: Question, scope: Scope):
        if scope.delivery != "2026-11-13":
            raise AskError("There is no provider “New”.")
        return answer(question, scope)

    return refuse
