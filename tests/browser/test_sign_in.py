"""Sign in through an OpenID Connect provider in a browser: every role, and everyone who must not get in."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from components import auth_session, navigation
from components.page_list import PAGES
from queries.access import rights
from tests.browser.look import lead, open_at, settle
from tests.browser.provider import PEOPLE, SECRET, STRANGER, UNCHECKED, guarded, sign_in
from tests.browser.shared_page import WINDOW

pytestmark = pytest.mark.browser
COOKIE = "_streamlit_user"


@pytest.fixture(scope="module")
def dashboard(demo_store, tmp_path_factory):
    with guarded(demo_store, tmp_path_factory.mktemp("guarded")) as setup:
        yield setup


@pytest.fixture(scope="module")
def serving(dashboard):
    running = dashboard.serve()
    yield running
    running.stop()


@pytest.fixture
def someone(browser, page):
    """Return a function that opens a page for another person: the first time the page that tests share, then a context of their own."""
    unused, contexts = [page], []

    def new():
        if unused:
            return unused.pop()
        contexts.append(browser.new_context(viewport=WINDOW))
        return contexts[-1].new_page()

    yield new
    for context in contexts:
        context.close()


def enter(page, server, who, path="/"):
    page.goto(server.url + path)
    sign_in(page, who)
    return page


def events(dashboard):
    lines = [line for path in Path(dashboard.folder, "log").glob("*.jsonl") for line in path.read_text().splitlines()]
    return sorted((json.loads(line) for line in lines), key=lambda event: event["at"])


def claims(server, **changes):
    """Return the claims in the cookie of an officer who signs in now."""
    officer = {"is_logged_in": True, "sub": "x", "email": "officer@example.gov", "email_verified": True}
    return {"origin": server.url, **officer, "iat": time.time(), **changes}


def signed(server, secret, **changes):
    return create_signed_value(secret, COOKIE, json.dumps(claims(server, **changes))).decode()


def cookie(server, value):
    return {"name": COOKIE, "value": value, "url": server.url}


def cookie_of(page):
    return next(entry for entry in page.context.cookies() if entry["name"] == COOKIE)


@pytest.mark.parametrize("who", PEOPLE)
def test_each_role_sees_the_pages_it_may_open(dashboard, serving, someone, who):
    earlier = len(events(dashboard))
    page = enter(someone(), serving, who)
    settle(page)
    role, _, region = PEOPLE[who].partition(":")
    viewer = rights.viewer(role, region or None)
    menus = page.locator("nav.pages > ul > li > :is(a, span)").all_inner_texts()
    regions, data = (
        ("My region" if region else "Regions"),
        ("Data" if rights.may_open(viewer, "activity") else "Definitions"),
    )
    assert menus == ["Overview", regions, "Results", "Equity", "Money", data]
    assert page.url == serving.url + navigation.first_address(viewer)
    assert who in page.locator("[data-testid=stSidebar]").inner_text()
    assert not page.get_by_role("combobox", name="View as").count()
    closed = [entry for entry in PAGES if not rights.may_open(viewer, entry.id)]
    for entry in closed:
        open_at(page, serving.url + entry.path)
        assert page.locator(".empty").inner_text().startswith("You don’t have access")
        assert not page.locator(".lead, table, .plot").count()
    signed = [event for event in events(dashboard)[earlier:] if event["account"] == who]
    assert signed[0]["event"] == "signed_in" and signed[0]["role"] == PEOPLE[who]
    assert [event["page"] for event in signed if event["event"] == "denied"] == [entry.id for entry in closed]


def test_sign_in_returns_to_the_page_that_was_opened(serving, someone):
    page = someone()
    path = "/regions?region=Eastern&as_of=2024-06-28"
    page.goto(serving.url + path)
    assert page.locator("h1").inner_text() == "Sign in" and "Eastern" not in page.locator("main").inner_text()
    sign_in(page, "officer@example.gov")
    settle(page)
    assert page.url == serving.url + path and "June 28, 2024" in lead(page)


def test_a_link_to_the_overview_and_a_reload_of_it_win_over_the_role(serving, someone):
    page = settle(enter(someone(), serving, "officer@example.gov"))
    assert page.locator("h1").inner_text() == "Equity"
    page.get_by_role("link", name="Overview", exact=True).click()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Overview'")
    settle(page)
    assert page.url == serving.url + "/"
    page.reload()
    settle(page)
    assert page.locator("h1").inner_text() == "Overview"
    open_at(page, serving.url + "/?region=Eastern")
    assert page.locator("h1").inner_text() == "Overview"


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/%2f%2fevil.example", "javascript:alert(1)"]
)
def test_sign_in_never_redirects_to_another_host(serving, someone, to):
    page = someone()
    page.goto(f"{serving.url}/sign-in?provider=default&to={quote(to)}")
    page.get_by_role("button", name="officer@example.gov", exact=True).click()
    settle(page)
    assert page.url == serving.url + "/equity", "the first page of the officer"


@pytest.mark.parametrize("who", [STRANGER, UNCHECKED])
def test_signed_in_but_no_role(dashboard, serving, someone, who):
    page = enter(someone(), serving, who, "/equity")
    assert page.locator("h1").inner_text() == "Signed in, but no role here"
    assert not page.locator(".stApp, script").count()
    assert any(event["event"] == "denied" and event["why"] == "no role" for event in events(dashboard))
    page.get_by_role("link", name="Sign out").click()
    assert not [entry for entry in page.context.cookies(serving.url) if entry["name"] == COOKIE]


def test_a_role_taken_away_ends_at_the_next_click(dashboard, serving, someone):
    page = settle(enter(someone(), serving, "eastern@example.org"))
    try:
        dashboard.give({who: role for who, role in PEOPLE.items() if who != "eastern@example.org"})
        page.get_by_role("link", name="Results", exact=True).click()
        page.wait_for_function("() => document.querySelector('.empty')?.innerText.includes('no role')")
        assert not page.locator(".lead").count()
    finally:
        dashboard.give(PEOPLE)


def test_signing_out_ends_every_tab_and_a_copied_cookie(serving, someone):
    page = settle(enter(someone(), serving, "analyst@example.gov"))
    other = page.context.new_page()
    open_at(other, serving.url + "/sectors")
    copied = cookie_of(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_function("() => !document.querySelector('.stApp')")
    other.get_by_role("link", name="Regions", exact=True).click()
    other.wait_for_function("() => document.querySelector('.empty')?.innerText.includes('signed out')")
    assert not other.locator(".lead").count()
    thief = someone()
    thief.context.add_cookies([copied])
    thief.goto(serving.url + "/")
    assert thief.locator("h1").inner_text() == "Sign in"


def test_forged_foreign_and_tampered_cookies_are_refused(serving, someone):
    good = settle(enter(someone(), serving, "officer@example.gov"))
    value = cookie_of(good)["value"]
    assert fetch(serving.url + "/", Cookie=f"{COOKIE}={value}")[0] == 200
    port = serving.url.rsplit(":", 1)[1]
    bad = {
        "another secret": signed(serving, "not-the-secret-" + "x" * 40),
        "another address": signed(serving, SECRET, origin=f"http://localhost:{port}"),
        "tampered": ("A" if value[10] != "A" else "B").join((value[:10], value[11:])),
        "unsigned": json.dumps(claims(serving)),
        "not signed in": signed(serving, SECRET, is_logged_in=False),
        "from tomorrow": signed(serving, SECRET, iat=time.time() + 86_400),
        "without a time": signed(serving, SECRET, iat=None),
    }
    for name, forged in bad.items():
        status, body, _ = fetch(serving.url + "/", Cookie=f"{COOKIE}={forged}")
        assert status == 401 and "<h1>Sign in</h1>" in body and "<script" not in body, name


def test_an_expired_session_has_to_sign_in_again(serving, someone):
    """The cookie is so old that the session ends while the page is open."""
    page = someone()
    began_at = time.time() - auth_session.session_hours() * 3600 + 8
    page.context.add_cookies([cookie(serving, signed(serving, SECRET, iat=began_at))])
    open_at(page, serving.url + "/regions?region=Eastern")
    assert page.locator(".lead").count() == 1
    page.wait_for_function("() => document.querySelector('.empty')?.innerText.includes('has ended')", timeout=40_000)
    page.locator(".lead").wait_for(state="detached")
    page.get_by_role("link", name="Sign in again").click()
    assert "Your session ended" in page.locator("main").inner_text()
    sign_in(page, "officer@example.gov")
    settle(page)
    assert page.url == serving.url + "/regions?region=Eastern"


def test_a_cold_deep_link_after_a_restart_needs_no_second_sign_in(serving, someone):
    page = settle(enter(someone(), serving, "officer@example.gov"))
    serving.restart()
    open_at(page, serving.url + "/sectors?region=Eastern")
    assert page.locator("h1").inner_text() == "Sectors" and "Eastern" in page.locator(".scope-line").inner_text()
    stranger = someone()
    stranger.goto(serving.url + "/sectors?region=Eastern")
    assert stranger.locator("h1").inner_text() == "Sign in"


def test_two_people_in_two_browsers_at_once(serving, someone):
    northwest = settle(enter(someone(), serving, "northwest@example.org", "/regions?region=Northwest"))
    analyst = settle(enter(someone(), serving, "analyst@example.gov", "/regions?region=Northwest"))
    for page, who in ((northwest, "northwest@example.org"), (analyst, "analyst@example.gov")) * 2:
        page.get_by_role("link", name="Results", exact=True).click()
        page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Sectors'")
        settle(page)
        sidebar = page.locator("[data-testid=stSidebar]").inner_text()
        assert [account for account in PEOPLE if account in sidebar] == [who]
        page.go_back()
        page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Regions'")
        settle(page)


def test_a_signed_in_reader_cannot_view_as_another_role(serving, someone):
    page = settle(enter(someone(), serving, "northwest@example.org", "/?as=officer"))
    assert "View as “officer” is not a reader to choose here" in " ".join(page.locator(".banner").all_inner_texts())
    assert "Board director, Northwest" in page.locator("[data-testid=stSidebar]").inner_text()


def test_every_address_needs_sign_in(serving):
    """Whatever a page does, no address shows more than the sign-in page to someone who is signed out."""
    paths = [entry.path for entry in PAGES] + ["/tomorrow", "/pages/equity.py", "/equity/", "/media/x.csv", "/a/b/c"]
    for path in paths:
        status, body, _ = fetch(serving.url + path)
        assert status == 401 and "<script" not in body and "Sign in" in body, path


def test_a_download_goes_to_its_reader_only_and_is_logged(dashboard, serving, someone):
    page = settle(enter(someone(), serving, "officer@example.gov", "/regions"))
    requests = []
    page.on("request", lambda request: requests.append(request.url) if not request.url.startswith("blob:") else None)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").first.click()
    assert download.value.path().stat().st_size > 0
    assert not requests, "the file has no address that another reader could open"
    last = [event for event in events(dashboard) if event["event"] == "downloaded"][-1]
    assert last["account"] == "officer@example.gov" and last["what"].endswith(".csv") and last["page"] == "regions"


OPEN_WEBSOCKET = """url => new Promise(done => {
  const channel = new WebSocket(url, "streamlit");
  channel.onopen = () => done("open");
  channel.onerror = () => done("closed");
})"""


def test_the_websocket_is_closed_until_sign_in(serving, someone):
    page = someone()
    page.goto(serving.url)
    stream = serving.url.replace("http", "ws") + "/_stcore/stream"
    assert page.evaluate(OPEN_WEBSOCKET, stream) == "closed"
    sign_in(page, "officer@example.gov")
    settle(page)
    assert page.evaluate(OPEN_WEBSOCKET, stream) == "open"


def test_the_audit_log_holds_no_filters(dashboard, serving, someone):
    settle(enter(someone(), serving, "officer@example.gov", "/equity?group=veteran&region=Eastern"))
    names = {"at", "event", "account", "role", "page", "what", "why", "delivery", "store"}
    for event in events(dashboard):
        assert set(event) <= names and not re.search("veteran|Eastern$", json.dumps({**event, "role": ""}))


def fetch(url, **headers):
    """Return status, body and headers of an address, as a client without a browser gets them."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace"), error.headers
