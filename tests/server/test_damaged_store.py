"""Test unreadable stores of every kind: a calm page with an incident number and a reason, status 503, and recovery."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from components import auth_session, page_guard, roles, store_state
from data.store import CURRENT, MANIFEST, REPORT, database
from queries import Question, Scope, ask
from queries.access.viewer import Viewer
from queries.database import ANSWERS, DeliveryUnreadable
from server import health
from server.auth_middleware import AuthMiddleware
from tests.app_driver import text
from tests.damages import DATABASE, LIST, MAY_OPEN, not_allowed, scribble
from tests.pages.test_pages import run
from tests.server.test_auth_middleware import stand_in

NEWEST, MIDDLE = "2026-11-13", "2024-06-28"
HOST = "http://127.0.0.1"


@pytest.fixture
def store(demo_store, tmp_path, use_store, monkeypatch) -> Path:
    copied = shutil.copytree(demo_store, tmp_path / "store")
    use_store(copied)
    monkeypatch.setattr(auth_session, "get_secrets_auth_section", dict)
    monkeypatch.setattr(store_state, "_last", store_state._LastFault())
    ANSWERS.clear()
    return copied


@pytest.fixture
def client() -> TestClient:
    return TestClient(AuthMiddleware(Starlette(routes=health.ROUTES), hosts=["127.0.0.1"]), base_url=HOST)


@pytest.fixture
def pages() -> TestClient:
    return TestClient(AuthMiddleware(stand_in, hosts=["127.0.0.1"]), base_url=HOST)


def incident_on_calm_page(answer, store: Path, title: str) -> str:
    """Check the page and return its incident number."""
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert f"<h1>{title}</h1>" in answer.text
    assert "Traceback" not in answer.text
    assert str(store) not in answer.text
    assert answer.headers["retry-after"] == "15"
    assert 'http-equiv="refresh"' in answer.text
    assert "Try again" in answer.text
    return re.search(r"Incident ([0-9a-f]{6}) in the log", answer.text)[1]


@pytest.mark.parametrize("damage", [name for name in DATABASE if name not in MAY_OPEN])
def test_a_damaged_database(store, client, pages, caplog, damage):
    path = database(store, NEWEST)
    intact = Path(shutil.copyfile(path, store / "good"))
    assert pages.get("/regions").text == "inside /regions"
    assert client.get("/readyz").status_code == 200
    DATABASE[damage](path)
    number = incident_on_calm_page(pages.get("/regions?region=Eastern"), store, "The numbers cannot be read just now")
    assert number in caplog.text
    assert str(path) in caplog.text, "the log has the details"
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["missing"] == [f"the published delivery does not open: incident {number}"]
    opened = run("pages/regions.py")
    page_text = text(opened)
    assert not opened.exception
    assert f"Incident {number}" in page_text
    assert "cannot be read just now" in page_text
    assert str(store) not in page_text
    assert pages.get(f"/regions?delivery={MIDDLE}").status_code == 200
    earlier = text(run("pages/regions.py", delivery=MIDDLE))
    assert "earlier delivery" in earlier
    assert "June 28, 2024" in earlier
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    intact.rename(path)
    assert pages.get("/regions").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert "cannot be read" not in text(run("pages/regions.py"))


@pytest.mark.parametrize("damage", LIST)
def test_a_damaged_list(store, client, pages, damage):
    content = (store / CURRENT).read_bytes()
    LIST[damage](store / CURRENT)
    is_list = damage != "names what is not there"
    title = "The store’s list cannot be read" if is_list else "The numbers cannot be read just now"
    number = incident_on_calm_page(pages.get("/"), store, title)
    (missing,) = client.get("/readyz").json()["missing"]
    assert missing.endswith(f"incident {number}")
    assert ("list" in missing) == is_list
    opened = text(run("dashboard.py"))
    assert title in opened
    assert "No delivery has been published" not in opened
    assert "make demo" not in opened
    (store / CURRENT).rmdir() if (store / CURRENT).is_dir() else (store / CURRENT).unlink(missing_ok=True)
    (store / CURRENT).write_bytes(content)
    assert pages.get("/").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("name", ["", "deliveries"])
def test_a_store_that_may_not_be_read(store, client, pages, name):
    with not_allowed(store / name):
        answer, ready = pages.get("/"), client.get("/readyz")
    incident_on_calm_page(answer, store, re.search("<h1>(.*?)</h1>", answer.text)[1])
    assert ready.status_code == 503
    assert "incident" in ready.json()["missing"][-1], "after an audit log that cannot be written"
    assert pages.get("/").status_code == 200


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"format": "one"}', b'{"tables": 3}'])
@pytest.mark.parametrize("name", [REPORT, MANIFEST])
def test_a_damaged_report_or_manifest_takes_no_number_away(store, client, pages, name, content):
    (database(store, NEWEST).parent / name).write_bytes(content)
    database(store, NEWEST).touch()
    assert pages.get("/").status_code == 200
    assert client.get("/readyz").status_code == 200
    opened = run("pages/regions.py")
    assert not opened.exception
    assert "cannot be read" not in text(opened)


def test_a_store_of_another_version_must_be_published_again(store, client, pages):
    (database(store, NEWEST).parent / MANIFEST).write_text('{"format": 99}')
    database(store, NEWEST).touch()
    incident_on_calm_page(pages.get("/"), store, "The numbers have to be published again")
    assert "another version" in client.get("/readyz").json()["missing"][0]
    assert "published by another version of the dashboard" in text(run("dashboard.py"))


def test_the_same_fault_is_logged_once_however_often_it_is_met(store, client, pages, caplog):
    (store / CURRENT).write_text("")
    numbers = {re.search(r"Incident (\w+)", pages.get("/").text)[1] for _ in range(5)}
    assert len(numbers) == 1
    assert caplog.text.count(f"incident {numbers.pop()}") == 1


@pytest.mark.parametrize(("role", "may_repair"), [("analyst", True), ("officer", False), ("governor", False)])
def test_only_an_analyst_sees_the_command(store, pages, monkeypatch, role, may_repair):
    (store / CURRENT).write_text("")
    monkeypatch.setattr(auth_session, "get_secrets_auth_section", lambda: {"redirect_uri": f"{HOST}/oauth2callback"})
    monkeypatch.setattr(
        auth_session, "session_of", lambda *_: auth_session.AuthSession("ok", "a@b.gov", Viewer(role), 2e10)
    )
    page_text = pages.get("/").text
    assert ("python -m data repair" in page_text) == may_repair
    assert "list cannot be read" in page_text
    assert roles.may_repair(None) is False


def test_nothing_published_names_commands_to_whoever_can_use_them(store, monkeypatch):
    shutil.rmtree(store)
    assert "make demo" in text(run("dashboard.py"))
    monkeypatch.setattr(auth_session, "serves_loopback_only", lambda: False)
    page_text = text(run("dashboard.py"))
    assert "No delivery has been published yet" in page_text
    assert "make demo" not in page_text
    assert "python -m" not in page_text


def test_damage_in_the_middle_is_a_note_at_each_number_and_recovers(store):
    """The damage shows when that part is read: the page still opens, and a note replaces the numbers computed from it."""
    path = database(store, NEWEST)
    intact = Path(shutil.copyfile(path, store / "good"))
    places = [at for step in (100_000, 20_000) for at in range(step, path.stat().st_size, step)]
    assert any(breaks_a_number_only(path, intact, at) for at in places)
    opened = run("pages/regions.py")
    assert not opened.exception
    assert re.search("[Ii]ncident [0-9a-f]{6}", text(opened))
    assert "Regions" in text(opened)
    intact.replace(path)
    assert "ncident" not in text(run("pages/regions.py"))


def breaks_a_number_only(path: Path, intact: Path, at: int) -> bool:
    """Write a few bytes of garbage. Returns whether the page still opens and one of its numbers cannot be computed."""
    shutil.copyfile(intact, path)
    scribble(path, at, 4)
    try:
        if store_state.current_fault() is None:
            for measure_id in ("residents_enrolled", "completion_rate", "expended"):
                ask(Question(measure_id), Scope(delivery=NEWEST))
    except DeliveryUnreadable:
        return True
    return False


def test_an_error_in_the_middleware_shows_a_calm_page(store, pages, monkeypatch, caplog):
    monkeypatch.setattr(store_state, "current_fault", lambda _: 1 / 0)
    answer = pages.get("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert re.search(r"incident ([0-9a-f]{6})", answer.text)[1] in caplog.text
    assert answer.headers["content-security-policy"]


def test_an_unreadable_store_does_not_close_the_open_demo(store, pages, monkeypatch):
    """The open demo must know that its numbers are synthetic. If it cannot read them, it says so."""
    monkeypatch.setattr(page_guard, "why_closed", lambda: 1 / 0)
    (store / CURRENT).write_text("")
    incident_on_calm_page(pages.get("/"), store, "The store’s list cannot be read")
