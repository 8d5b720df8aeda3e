"""The deliveries of the inbox on the page Data quality: for analysts, one check at a time, and its report."""

from __future__ import annotations

import time
from threading import Event

import pytest

from components import auth_session, delivery_checks, page_guard
from components.delivery_checks import _Checks
from data import inbox, store
from data.inbox import CheckError
from tests.app_driver import html, say, text
from tests.components.test_refusals import CAUSE
from tests.conftest import ROOT
from tests.pages.test_pages import run

TABLES = {"enrollments": {"read": 1200, "accepted": 1190, "quarantined": 7, "duplicates": 3, "supplied": True}}
ACCEPTED = {
    "accepted": True,
    "delivered_on": "2026-11-20",
    "faults": [],
    "tables": TABLES,
    "problems": [],
    "notices": [],
}
REFUSED = ACCEPTED | {
    "accepted": False,
    "faults": ["enrollments.csv: the column provider is missing."],
    "problems": [CAUSE],
}


@pytest.fixture
def inbox_folder(monkeypatch, tmp_path, demo_store, use_store):
    """An inbox with two deliveries over the demo, on this machine, with no check yet."""
    use_store(demo_store)
    folder = tmp_path / "inbox"
    for name in ("2026-11-20", "ann@example.org 2026-11-27"):
        (folder / name).mkdir(parents=True)
        (folder / name / "enrollments.csv").write_text("a,b\n1,2\n")
    monkeypatch.setenv(inbox.SETTING, str(folder))
    monkeypatch.setattr(auth_session, "serves_loopback_only", lambda: True)
    monkeypatch.setattr(delivery_checks, "_checks", _Checks())
    return folder


def data_quality(reader="analyst"):
    return run("pages/data_quality.py", **{"as": reader})


def button(page, name):
    """Return the event of the button that checks a delivery."""
    start = html(page).index(f'aria-label="Check {name}"')
    return html(page)[:start].rpartition('data-event="')[2].partition('"')[0]


def wait_for_check():
    deadline = time.monotonic() + 20
    while delivery_checks.is_checking():
        assert time.monotonic() < deadline
        Event().wait(0.01)


def checked(monkeypatch, result):
    """Check the first delivery, which ends with a report or an error, and return the page after it."""

    def check(path, **_):
        if isinstance(result, CheckError):
            raise result
        return result

    monkeypatch.setattr(inbox, "check", check)
    page = data_quality()
    say(page, button(page, "2026-11-20"), True)
    wait_for_check()
    return data_quality()


def test_an_accepted_delivery_says_what_counts_and_how_to_publish_it(monkeypatch, inbox_folder):
    noted = []
    monkeypatch.setattr(page_guard.audit_log, "write", lambda event, **details: noted.append((event, details)))
    page = checked(monkeypatch, ACCEPTED)
    page_text = text(page)
    assert "The check accepted 2026-11-20" in page_text
    assert "1,200 rows read, 7 excluded." in page_text
    assert f"python -m data publish {inbox_folder.resolve() / '2026-11-20'}" in page_text
    assert "Why it was not accepted" not in page_text
    assert "ann@example.org" not in html(page)
    [details] = [details for event, details in noted if event == "checked"]
    assert (details["what"], details["role"]) == ("2026-11-20", "analyst")


@pytest.mark.parametrize(("is_synthetic", "is_refused"), [(True, True), (False, False)])
def test_an_older_delivery_needs_the_option_that_publishing_asks_for(
    monkeypatch, inbox_folder, is_synthetic, is_refused
):
    older = ACCEPTED | {"delivered_on": "2026-11-06", "is_synthetic": is_synthetic}
    page_text = text(checked(monkeypatch, older))
    assert ("It is older than the delivery on screen." in page_text) == is_refused
    assert (f"{inbox_folder.resolve() / '2026-11-20'} --allow-older" in page_text) == is_refused


@pytest.mark.parametrize("is_same", [True, False])
def test_a_delivery_that_was_published_says_so(monkeypatch, inbox_folder, demo_store, is_same):
    report = store.report(demo_store, "2026-11-13")
    if not is_same:
        report["tables"]["funding"]["duplicates"] += 1
    (inbox_folder / "2026-11-13").mkdir()
    page_text = text(checked(monkeypatch, report))
    assert "A delivery of November 13, 2026 is already published (2026-11-13)." in page_text
    assert ("has the same numbers of rows, excluded for the same reasons" in page_text) == is_same
    assert ("differ from this check" in page_text) != is_same
    assert page_text.count("a delivery of the date in its name is published") == 1, "the one that is not checked"


def test_a_refused_delivery_lists_what_to_correct(monkeypatch, inbox_folder):
    page_text = text(checked(monkeypatch, REFUSED))
    assert "The check did not accept 2026-11-20" in page_text and "1 problem must be corrected first" in page_text
    assert all(part in page_text for part in (REFUSED["faults"][0], CAUSE["problem"], CAUSE["how_to_fix"]))
    assert "python -m data publish /" not in page_text


def test_a_check_without_a_report_says_why_and_what_to_run(monkeypatch, inbox_folder):
    page_text = text(checked(monkeypatch, CheckError("The check ended without a report.")))
    assert "The check ended without a report." in page_text
    assert f"python -m data check {inbox_folder.resolve() / '2026-11-20'}" in page_text


def test_a_report_is_dropped_when_the_delivery_changes(monkeypatch, inbox_folder):
    assert "The check accepted" in text(checked(monkeypatch, ACCEPTED))
    (inbox_folder / "2026-11-20" / "funding.csv").write_text("a\n1\n")
    page_text = text(data_quality())
    assert "Changed since its check" in page_text and "The check accepted" not in page_text


def test_a_second_check_waits_for_the_first_to_end(monkeypatch, inbox_folder):
    release = Event()

    def check(path, **_):
        assert release.wait(20)
        return ACCEPTED

    monkeypatch.setattr(inbox, "check", check)
    page = data_quality()
    first, second = button(page, "2026-11-20"), button(page, "***@*** 2026-11-27")
    say(page, first, True)
    other = data_quality()
    assert "Being checked" in text(other) and "disabled" in html(other)
    say(other, second, True)
    assert [each.delivery.name for each in delivery_checks.state().checks] == ["2026-11-20"]
    release.set()
    wait_for_check()


@pytest.mark.parametrize("reader", ["officer", "governor", "director:Eastern"])
def test_other_readers_see_no_inbox(reader, inbox_folder):
    assert "Check a delivery" not in text(data_quality(reader))


def test_an_open_demo_that_others_reach_shows_no_inbox(monkeypatch, inbox_folder):
    monkeypatch.setattr(auth_session, "serves_loopback_only", lambda: False)
    assert "Check a delivery" not in text(data_quality())


def test_without_the_setting_the_page_is_as_before(monkeypatch, inbox_folder):
    monkeypatch.delenv(inbox.SETTING)
    assert "Check a delivery" not in text(data_quality())


def test_an_empty_inbox_says_so(inbox_folder, monkeypatch):
    monkeypatch.setenv(inbox.SETTING, str(ROOT / "tests" / "none"))
    assert "The inbox on the server holds no delivery" in text(data_quality())


def test_the_first_delivery_can_be_checked_before_anything_is_published(inbox_folder, tmp_path, use_store):
    use_store(tmp_path / "empty")
    page = data_quality()
    assert not page.exception
    assert "No delivery has been published yet" in text(page) and button(page, "2026-11-20")
    assert "Check a delivery" not in text(data_quality("officer"))
