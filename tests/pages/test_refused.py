"""A delivery that was not accepted: a report for those who fix it, a sentence for everybody else, whatever the note holds."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

from components.page_list import PAGES
from components.roles import demo_readers
from data.store import REFUSED
from queries.access.rights import may_open
from tests.app_driver import files, html, say, text
from tests.components.test_refusals import NOTE
from tests.pages.test_pages import run

READERS = ("officer", "governor", "analyst", "director:Eastern")
SCRIPTS = {page.id: page.script for page in PAGES}
HURT = "<img src=x onerror=alert(1)>"
SSN = "123-45-6789"
HOSTILE = {
    "html": {
        "source": HURT, "delivered_on": "2026-11-20", "at": HURT, "faults": [HURT],
        "problems": [dict.fromkeys(NOTE["problems"][0], HURT), {"problem": HURT, "follows_from": HURT, "row_numbers": [HURT]}],
        "report": {"notices": [HURT], "tables": {HURT: {"read": 5, "reasons": {HURT: 5}, "notices": [HURT]}}},
    },
    "wrong types": {
        "source": 7, "delivered_on": ["2026-11-20"], "at": {}, "faults": "enrollments", "problems": {"problem": "x"},
        "report": [1, 2],
    },
    "wrong types within": {
        "faults": [None, 3, {"a": 1}, ["b"]], "problems": [None, 1, [], {"rows": "many", "row_numbers": {"a": 1}, "problem": 5}],
        "report": {"tables": {"enrollments": {"read": "all", "accepted": -1, "reasons": ["x"], "notices": "no"}, "x": 3}},
    },
    "very long": {
        "source": "s" * 100_000, "delivered_on": "9" * 100_000, "faults": ["f " * 50_000] + ["f " * 500] * 3_000,
        "problems": [{"problem": "p" * 100_000, "row_numbers": [*range(1, 100_000, 2)], "value": "v" * 100_000}] + [{"problem": "p"}] * 3_000,
    },
    "nothing": {},
    "names people": {"delivered_on": "2026-11-20", "faults": [f"row 3: {SSN} is ann@example.org"], "problems": [{"problem": "An id.", "value": SSN}]},
}  # fmt: skip


@pytest.fixture(scope="module")
def store(demo_store, tmp_path_factory) -> Path:
    """A copy of the demo store, for notes."""
    return Path(shutil.copytree(demo_store, tmp_path_factory.mktemp("refused") / "store"))


@pytest.fixture
def note(store, use_store):
    """Writes refused.json into the store, for one test."""
    use_store(store)
    path = store / REFUSED

    def write(content: object) -> Path:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    yield write
    path.unlink(missing_ok=True)


def banner(page) -> str:
    return " ".join(re.findall(r'<div class="banner (?:notice|refused)" role="note">(.*?)</div>', html(page)))


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("page_id", SCRIPTS)
def test_each_page_tells_each_reader_what_it_means_for_them(page_id, who, note):
    note(NOTE)
    if not may_open(demo_readers(("Eastern",))[who], page_id):
        assert "was not accepted" not in text(run(SCRIPTS[page_id], **{"as": who}))
        return
    page = run(SCRIPTS[page_id], **{"as": who})
    assert not page.exception
    if who in ("officer", "analyst"):
        assert "The November 20 delivery was not accepted: 2 problems." in banner(page)
        assert ('href="/data_quality' in banner(page)) == (page_id != "data_quality")
    else:
        assert banner(page) == "<p>The November 20 delivery was not accepted; you are looking at November 13.</p>"
    if page_id != "data_quality":
        assert "Provider Name" not in html(page)
        assert "column provider" not in html(page)


@pytest.mark.parametrize("who", ["officer", "analyst"])
def test_the_report_is_on_the_page_of_those_who_may_see_it(who, note):
    note(NOTE)
    page = run(SCRIPTS["data_quality"], **{"as": who})
    page_text = text(page)
    assert "The November 20, 2026 delivery was not accepted" in page_text
    assert "The column provider is missing." in page_text
    assert "Rename a column." in page_text
    assert "What follows from these" in page_text
    assert "More than 2% of funding" in page_text
    assert (
        page_text.index("was not accepted")
        < page_text.index("What was read of it")
        < page_text.index("What changed since")
    )
    assert "The delivery of November 13, 2026 is on screen" in page_text


def test_its_files_say_that_they_are_of_another_delivery(note):
    note(NOTE)
    page = run(SCRIPTS["data_quality"], region="Eastern", **{"as": "analyst"})
    say(page, "save:problems", True)
    (file,) = files(page)
    (row,) = csv.DictReader(io.StringIO(file["text"]))
    assert (row["delivery"], row["as_of"], row["region"]) == ("2026-11-20 (not accepted)", "2026-11-20", "")
    assert (row["synthetic_data"], row["role"]) == ("yes", "Analyst")
    assert file["name"].startswith("2026-11-20_data-quality_problems_")
    assert "delivery-2026-11-20-not-accepted" in file["name"]


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_note_hurts_nobody(content, who, note):
    note(content)
    for page_id in ("overview", "data_quality"):
        page = run(SCRIPTS[page_id], **{"as": who})
        assert not page.exception
        page_text = html(page)
        assert "<img" not in page_text
        assert SSN not in page_text
        assert "ann@example.org" not in page_text
        assert not re.search(r"\bnan\b|\bNone\b|undefined", text(page))
        assert max(map(len, text(page).split())) < 500
        if page_id == "overview":
            assert "was not accepted" in banner(page)
            assert "&lt;img" not in banner(page), "nothing of the note but its date and a count"


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\x00", '{"faults": ' * 5_000])
def test_a_note_that_cannot_be_read_is_still_a_refusal(content, note):
    note(content)
    assert "was not accepted; you are looking at November 13, 2026." in banner(
        run("dashboard.py", **{"as": "governor"})
    )
    page = run(SCRIPTS["data_quality"], **{"as": "analyst"})
    assert not page.exception
    assert "cannot be read. Check the delivery again" in text(page)


@pytest.mark.parametrize("who", READERS[:3])
@pytest.mark.parametrize("page_id", ["overview", "data_quality"])
def test_a_first_delivery_that_was_not_accepted(page_id, who, tmp_path, use_store):
    use_store(tmp_path)
    (tmp_path / REFUSED).write_text(json.dumps(NOTE))
    page = run(SCRIPTS[page_id], **{"as": who})
    page_text = text(page)
    assert not page.exception
    may_see = may_open(demo_readers()[who], "data_quality")
    assert ("The column provider is missing." in page_text) == (may_see and page_id == "data_quality")
    if not may_see and page_id == "overview":
        assert "The November 20, 2026 delivery was not accepted; there is nothing to show yet." in page_text
    if may_see and page_id == "overview":
        assert "2 problems" not in page_text or "Data quality lists them." in page_text
    if may_see and page_id == "data_quality":
        say(page, "save:problems", True)
        assert files(page)[0]["text"].count("2026-11-20 (not accepted)") == 1
