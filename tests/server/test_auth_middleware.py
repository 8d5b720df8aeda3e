"""Test the auth middleware around a stand-in for Streamlit: hosts, closed routes, headers and cookies of every response."""

from __future__ import annotations

import gzip
import json
import re
import time
from pathlib import Path

import plotly
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from components import auth_session, style
from components.html_view import component
from components.page_list import PAGES
from queries.access.viewer import Viewer
from server import cookies, document, sign_in, static_assets
from server.auth_middleware import CLOSED, KEEP_SECONDS, PUBLIC, AuthMiddleware
from server.headers import content_policy, inline_scripts, secured, security_headers

ORIGIN, SECRET = "https://dashboard.example.gov", "s" * 40
COOKIE, CHANNEL = "_streamlit_user", "wss://dashboard.example.gov/_stcore/stream"


async def stand_in(scope, receive, send):
    """Stand in for Streamlit: answer with the path, and set a cookie as Streamlit does."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "open"})
        await receive()
        return
    headers = [
        (b"content-type", b"text/plain"),
        (b"set-cookie", b"_streamlit_user=x; HttpOnly; Max-Age=2592000; Path=/"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"inside " + scope["path"].encode()})


@pytest.fixture
def guarded(monkeypatch):
    """Sign-in is set up; officer@example.gov is the officer."""
    auth = {"redirect_uri": f"{ORIGIN}/oauth2callback", "cookie_secret": SECRET, "client_id": "x"}
    monkeypatch.setattr(auth_session, "get_secrets_auth_section", lambda: auth)
    monkeypatch.setattr(cookies.streamlit_websocket, "get_cookie_secret", lambda: SECRET)
    people = {"officer@example.gov": Viewer("officer")}
    monkeypatch.setattr(auth_session.roles, "reader_for", lambda claims: people.get(claims.get("email")))
    return TestClient(AuthMiddleware(stand_in, hosts=["dashboard.example.gov"]), base_url=ORIGIN)


def signed(**changes):
    claims = {
        "origin": ORIGIN,
        "is_logged_in": True,
        "sub": "1",
        "email": "officer@example.gov",
        "iat": time.time() - 60,
    }
    return {"Cookie": f"{COOKIE}={create_signed_value(SECRET, COOKIE, json.dumps({**claims, **changes})).decode()}"}


PATHS = [*PUBLIC, *CLOSED, "/static/js/x.js", "/", "/equity", "/tomorrow", "/media/1.csv", "/_stcore/anything", "/sign-in",
         "/auth/logout", "/oauth2callback", "/component/x", "/../etc/passwd", "/%2e%2e/x"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["nobody", "officer", "stranger"])
def test_every_answer_carries_the_headers(guarded, monkeypatch, path, who):
    monkeypatch.setattr(sign_in, "generate_login_redirect_url", lambda provider: "/auth/login?provider=x")
    headers = {"nobody": {}, "officer": signed(), "stranger": signed(email="x@example.com")}[who]
    answer = guarded.get(path, headers=headers, follow_redirects=False)
    for name, value in security_headers(is_secure=True).items():
        assert answer.headers[name] == value
    assert path.startswith("/static/") or answer.headers["cache-control"] == "no-store"
    for cookie in answer.headers.get_list("set-cookie"):
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite" in cookie


def test_the_policy_allows_only_streamlits_scripts():
    policy = dict(part.split(" ", 1) for part in content_policy().split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == " ".join(("'self'", *inline_scripts()))
    assert len(inline_scripts()) == 1
    assert policy["connect-src"] == "'self'"
    assert "http" not in content_policy()


@pytest.mark.parametrize("path", CLOSED)
def test_closed_routes_are_closed_to_everybody(guarded, path):
    assert guarded.get(path, headers=signed()).status_code == 404
    assert guarded.get(path + "/x", headers=signed()).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(guarded, method):
    assert guarded.request(method, "/", headers=signed()).status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost", "dashboard.example.gov.evil.example", ""])
def test_only_listed_hosts_are_answered(guarded, host):
    answer = guarded.get("/healthz", headers={"Host": host})
    assert answer.status_code == 400
    assert "inside" not in answer.text
    with pytest.raises(WebSocketDisconnect), guarded.websocket_connect(CHANNEL, headers={"Host": host, **signed()}):
        pass


def test_a_listed_host_may_carry_a_port_and_capitals(guarded):
    assert guarded.get("/healthz", headers={"Host": "Dashboard.Example.GOV:8443"}).status_code == 200


@pytest.mark.parametrize(
    "path", [*(page.path for page in PAGES), "/tomorrow", "/pages/x.py", "/media/1.csv", "/component/x"]
)
def test_nothing_behind_the_middleware_reaches_a_stranger(guarded, path):
    for headers, status in (({}, 401), (signed(email="x@example.com"), 403), (signed(iat=time.time() - 9 * 3600), 401)):
        answer = guarded.get(path, headers=headers)
        assert answer.status_code == status
        assert "inside" not in answer.text
        assert "<script" not in answer.text
    assert guarded.get(path, params={"region": "Eastern"}, headers=signed()).text == f"inside {path}"


OFFICER, DIRECTOR, GOVERNOR = Viewer("officer"), Viewer("director", "North Central"), Viewer("governor")


@pytest.mark.parametrize(
    ("viewer", "first"), [(OFFICER, "/equity"), (DIRECTOR, "/my_region?region=North+Central"), (Viewer("analyst"), "/data_quality")]
)  # fmt: skip
def test_the_bare_address_leads_each_role_to_its_first_page(guarded, monkeypatch, viewer, first):
    monkeypatch.setattr(auth_session.roles, "reader_for", lambda claims: viewer)
    answer = guarded.get("/", headers=signed(), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, first)
    assert guarded.get(first, headers=signed(), follow_redirects=False).status_code == 200


def test_the_front_page_is_the_first_page_of_the_governors_office(guarded, monkeypatch):
    monkeypatch.setattr(auth_session.roles, "reader_for", lambda claims: GOVERNOR)
    assert guarded.get("/", headers=signed(), follow_redirects=False).text == "inside /"


def test_the_first_page_is_under_the_prefix(prefixed):
    answer = prefixed.get("/workforce/", headers=signed(), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/workforce/equity")


@pytest.mark.parametrize(
    ("address", "headers"),
    [("/?region=Eastern", {}), ("/regions", {}), ("/", {"Cache-Control": "max-age=0"}), ("/", {"Sec-Fetch-Site": "same-origin"})],
)  # fmt: skip
def test_a_link_and_a_reload_win_over_the_role(guarded, address, headers):
    answer = guarded.get(address, headers={**signed(), **headers}, follow_redirects=False)
    assert answer.status_code == 200
    assert answer.text.startswith("inside /")


def test_the_bare_address_stays_for_those_who_are_not_signed_in(guarded):
    assert guarded.get("/", follow_redirects=False).status_code == 401
    assert guarded.get("/", headers=signed(email="x@example.com"), follow_redirects=False).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [{"is_logged_in": False}, {"origin": "https://evil.example"}, {"sub": ""}, {"iat": None}, {"iat": "soon"},
     {"iat": time.time() + 86_400}, {"iat": 0}, {"email_verified": False, "email": None}],
)  # fmt: skip
def test_an_incomplete_sign_in_counts_as_none(guarded, changes):
    assert guarded.get("/", headers=signed(**changes)).status_code in (401, 403)
    with pytest.raises(WebSocketDisconnect), guarded.websocket_connect(CHANNEL, headers=signed(**changes)):
        pass


def test_the_channel_opens_for_the_signed_in_and_closes_when_the_session_ends(guarded, monkeypatch):
    monkeypatch.setattr("server.auth_middleware.GRACE_SECONDS", 0)
    almost_over = time.time() - auth_session.session_hours() * 3600 + 6
    with guarded.websocket_connect(CHANNEL, headers=signed(iat=almost_over)) as channel:
        assert channel.receive_text() == "open"
        with pytest.raises(WebSocketDisconnect):
            channel.receive_text()


def test_signing_out_ends_the_sign_in_everywhere(guarded):
    headers = signed(nonce="one-time")
    assert guarded.get("/equity", headers=headers).status_code == 200
    guarded.get("/auth/logout", headers=headers)
    assert guarded.get("/equity", headers=headers).status_code == 401
    assert guarded.get("/equity", headers=signed(nonce="another")).status_code == 200
    assert "officer" not in auth_session._path().read_text()


def test_cookies_leave_secure_short_and_out_of_scripts_reach():
    lines = secured(["_streamlit_user=x; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"], is_secure=True, longest=100)
    assert lines == ["_streamlit_user=x; Max-Age=100; Path=/; SameSite=lax; HttpOnly; Secure"]
    token = secured(["_streamlit_xsrf=2|a|b; Path=/"], is_secure=True, longest=100)
    assert token == ["_streamlit_xsrf=2|a|b; Path=/; SameSite=Lax; Secure"]
    assert secured(["x=; Max-Age=0"], is_secure=False, longest=100) == ["x=; Max-Age=0; SameSite=Lax; HttpOnly"]


def test_a_cookie_outlives_its_session_only_to_say_so(guarded):
    cookie = guarded.get("/equity", headers=signed()).headers["set-cookie"]
    assert f"Max-Age={int(auth_session.session_hours() * 3600) + KEEP_SECONDS}" in cookie


@pytest.mark.parametrize(
    "requested",
    ["https://evil.example", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/%2f%2fevil.example", "/equity/..//x",
     "javascript:alert(1)", "/nowhere", "", "/equity#x\r\nSet-Cookie: a=b\r\n", "http://[", "/" * 5000, "/equity?" + "a=1&" * 99],
)  # fmt: skip
def test_sign_in_returns_only_to_pages_of_the_dashboard(requested):
    address = sign_in.page_address(requested)
    assert address in ("/", "/equity")
    assert "\n" not in address


def test_the_return_address_keeps_the_filters():
    assert (
        sign_in.page_address("/regions?region=Eastern&as_of=2024-06-28") == "/regions?region=Eastern&as_of=2024-06-28"
    )
    assert sign_in.page_address("/?region=North Central") == "/?region=North+Central"
    assert sign_in.return_address('dashboard_way_back="/regions?region=Eastern"') == "/regions?region=Eastern"
    assert sign_in.return_address('dashboard_way_back="//evil.example"; x=y') == "/"
    assert sign_in.return_address("") == "/"


def test_the_sign_in_page_writes_nothing_it_was_given(guarded):
    page = guarded.get("/equity?region=<script>alert(1)</script>").text
    assert "<script" not in page
    assert "alert(1)" not in page.replace("alert%25281%2529", "")


def test_browsers_cache_the_chart_library_and_only_readers_get_it(guarded):
    assert "private" in static_assets.script(Request({"type": "http", "headers": []})).headers["cache-control"]
    packed = static_assets.script(Request({"type": "http", "headers": [(b"accept-encoding", b"gzip")]}))
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == component.LIBRARY.read_bytes()
    assert guarded.get(component.ADDRESS, headers=signed()).text == f"inside {component.ADDRESS}"
    assert "cache-control" not in guarded.get(component.ADDRESS, headers=signed()).headers, "its header does not change"
    assert "inside" not in guarded.get(component.ADDRESS).text


def test_the_chart_script_is_of_the_version_that_checks_the_figures():
    bundle = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    assert re.search(r"plotly\.js v([\d.]+)", bundle.read_text(encoding="utf-8")[:200])[1] == component.VERSION
    assert "MIT" in component.LIBRARY.read_text(encoding="utf-8")[:300]
    assert (component.LIBRARY.parent / "LICENSE").is_file()


# Under a path of the host


@pytest.fixture
def prefixed(guarded, monkeypatch):
    monkeypatch.setenv("DASHBOARD_PREFIX", "workforce/")
    return guarded


@pytest.mark.parametrize("path", ["/workforce/", "/workforce/equity", "/workforce/_stcore/host-config", "/healthz"])
def test_paths_under_the_prefix_pass(prefixed, path):
    assert prefixed.get(path, params={"region": "Eastern"}, headers=signed()).text == f"inside {path}"


@pytest.mark.parametrize("path", ["/equity", "/workforcex/equity", "/_stcore/host-config", "/static/x.js", "/sign-in"])
def test_other_paths_get_status_404(prefixed, path):
    assert prefixed.get(path, headers=signed()).status_code == 404
    with pytest.raises(WebSocketDisconnect), prefixed.websocket_connect(CHANNEL, headers=signed()):
        pass


def test_the_root_of_the_host_leads_to_the_front_page(prefixed):
    answer = prefixed.get("/", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/workforce/"


@pytest.mark.parametrize("path", CLOSED)
def test_closed_routes_are_closed_under_the_prefix_too(prefixed, path):
    assert prefixed.get(f"/workforce{path}", headers=signed()).status_code == 404


def test_the_pages_before_the_dashboard_link_under_the_prefix(prefixed, monkeypatch):
    monkeypatch.setattr(sign_in, "generate_login_redirect_url", lambda provider: "/workforce/auth/login?provider=x")
    stranger = prefixed.get("/workforce/regions?region=Eastern")
    assert stranger.status_code == 401
    assert (
        'href="/workforce/sign-in?provider=default&amp;to=%2Fworkforce%2Fregions%3Fregion%3DEastern"' in stranger.text
    )
    begun = prefixed.get(
        "/workforce/sign-in?provider=default&to=/workforce/regions%3Fregion%3DEastern", follow_redirects=False
    )
    assert begun.headers["location"].startswith("/workforce/")
    assert "Path=/workforce/oauth2callback" in begun.headers["set-cookie"]
    assert (
        sign_in.return_address('dashboard_way_back="/workforce/regions?region=Eastern"')
        == "/workforce/regions?region=Eastern"
    )
    for elsewhere in (
        "/regions",
        "//evil.example",
        "/workforcex/regions",
        "https://evil.example/workforce/regions",
        "",
    ):
        assert sign_in.page_address(elsewhere) == "/workforce/", elsewhere
    assert 'href="/workforce/auth/logout"' in prefixed.get("/workforce/", headers=signed(email="x@example.com")).text


# The script that watches the connection


def test_every_page_loads_the_script_that_watches_the_connection(monkeypatch):
    page = b"<!DOCTYPE html><html><head><title>Streamlit</title></head><body></body></html>"

    async def streamlit(scope, receive, send):
        assert not {name for name, _ in scope["headers"]} & {b"accept-encoding", b"if-none-match", b"range"}
        start = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"text/html"), (b"content-length", b"%d" % len(page))],
        }
        await send(start)
        await send({"type": "http.response.body", "body": page[:20], "more_body": True})
        await send({"type": "http.response.body", "body": page[20:]})

    monkeypatch.setattr(auth_session, "get_secrets_auth_section", dict)
    monkeypatch.setattr(document, "links", lambda: '<link rel="modulepreload" href="./view.js">')
    client = TestClient(AuthMiddleware(streamlit, hosts=["dashboard.example.gov"]), base_url=ORIGIN)
    answer = client.get("/regions", headers={"if-none-match": "x", "range": "bytes=0-1"})
    assert answer.text == page.decode().replace(
        "<head>", f'<head><script src="./{document.address()}"></script>'
    ).replace("</head>", '<link rel="modulepreload" href="./view.js"></head>').replace(
        "</body>", f'<link rel="stylesheet" href=".{style.ADDRESS}"></body>'
    ).replace("Streamlit", "Workforce dashboard")
    assert int(answer.headers["content-length"]) == len(answer.content)
    packed = static_assets.connection_script(Request({"type": "http", "headers": [(b"accept-encoding", b"gzip")]}))
    assert gzip.decompress(packed.body) == document.script()
    assert "dashboardConnection" in document.script().decode()
    sheet = static_assets.stylesheet(Request({"type": "http", "headers": []}))
    assert sheet.media_type == "text/css"
    assert sheet.body == style.STYLESHEET


def test_other_responses_do_not_change(guarded):
    assert guarded.get("/regions", headers=signed()).text == "inside /regions"


def test_a_channel_that_sends_text_is_closed_with_a_single_log_line(guarded, monkeypatch, caplog):
    with guarded.websocket_connect(CHANNEL, headers=signed()) as channel:
        assert channel.receive_text() == "open"
        channel.send_text("hello")
        with pytest.raises(WebSocketDisconnect) as closed:
            channel.receive_text()
    assert closed.value.code == 1003
    assert len(caplog.text.splitlines()) == 1
    assert "Traceback" not in caplog.text
