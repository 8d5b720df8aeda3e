"""The server from outside: the content policy holds, errors reveal nothing, closed addresses are closed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from components.html_view import component
from server.auth_middleware import CLOSED
from server.headers import security_headers
from tests.browser.conftest import Server, free_port, wait_until_healthy
from tests.browser.look import open_at, settle
from tests.conftest import ROOT, publish_hostile

pytestmark = pytest.mark.browser


def fetch(url, method="GET", **headers):
    """Status, body and headers of an address."""
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace"), error.headers


# test_pages watches every page while it draws; here something is done on one of each kind
@pytest.mark.parametrize("path", ["/", "/regions", "/gap_plan?group=woman", "/activity"])
def test_a_page_is_used_under_the_policy(server, page, errors, path):
    open_at(page, server.url + path)
    for summary in page.locator(".how > summary").all()[:1]:
        summary.click()
        page.locator(".how[open] .made dt", has_text="As of").wait_for()
        summary.click()
    for summary in page.locator(".see > summary").all()[:1]:
        summary.click()
        page.locator(".see[open] table").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").first.click()
    assert download.value.path().stat().st_size > 0
    assert errors == []
    assert page.evaluate("() => document.cookie.split('; ').map(c => c.split('=')[0])") in ([], ["_streamlit_xsrf"])


def test_the_policy_is_really_on(server, page, errors):
    open_at(page, server.url + "/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.hurt = 1'; document.body.append(s); }"
    )
    page.evaluate("() => fetch('http://127.0.0.1:9/').catch(() => 0)")
    assert page.evaluate("() => window.hurt") is None
    assert any("inline script" in text for text in errors)
    assert any("127.0.0.1:9" in text for text in errors)


def test_every_route_carries_the_headers(server):
    index = fetch(server.url + "/")[1]
    script = index.split('src=".')[1].split('"')[0]
    for path in ["/", "/equity", "/nowhere", script, "/favicon.png", "/_stcore/health", "/_stcore/host-config", "/healthz", "/readyz",
                 "/media/x", "/static/nothing.js", component.ADDRESS, *CLOSED]:  # fmt: skip
        status, body, headers = fetch(server.url + path)
        assert {name: headers[name] for name in security_headers(is_secure=False)} == security_headers(
            is_secure=False
        ), path
        assert status < 500
        assert path in (script, component.ADDRESS) or "Traceback" not in body
    for path in CLOSED:
        assert fetch(server.url + path)[0] == 404
    assert fetch(server.url + "/_stcore/upload_file/a/b", "PUT")[0] == 405
    assert json.loads(fetch(server.url + "/_stcore/host-config")[1])["allowedOrigins"] == []
    assert fetch(server.url + "/", Host="evil.example")[0] == 400


def test_health_reveals_no_number(server, tmp_path):
    assert fetch(server.url + "/healthz")[1] == '{"status":"alive"}'
    assert fetch(server.url + "/readyz")[1] == '{"status":"ready"}'
    empty = Server(tmp_path / "nothing", tmp_path / "log.txt")
    try:
        assert fetch(empty.url + "/healthz")[0] == 200
        assert fetch(empty.url + "/readyz")[:2] == (
            503,
            '{"status":"not ready","missing":["no delivery is published"]}',
        )
    finally:
        empty.stop()


def test_a_page_that_raises_shows_an_incident_and_nothing_else(demo_store, page, tmp_path):
    """A page is made to raise: the reader gets an incident number, the log its traceback."""
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import sys\n"
        "class Breaks:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'components.text.narratives.sectors':\n"
        "            raise RuntimeError('secret detail of ' + name)\n"
        "sys.meta_path.insert(0, Breaks())\n"
    )
    serving = Server(demo_store, tmp_path / "log.txt", PYTHONPATH=str(tmp_path))
    try:
        page.goto(serving.url + "/sectors")
        settle(page)
        body = page.locator("body").inner_text()
        assert "could not be finished" in body
        assert "incident" in body
        assert "secret" not in body
        assert "Traceback" not in body
        assert "secret detail" in serving.log.read_text()
    finally:
        serving.stop()


def test_the_open_demo_is_seen_as_each_reader_and_the_address_says_so(server, page):
    open_at(page, server.url + "/?as=director:Northwest&region=Northwest")
    assert not page.get_by_role("link", name="Data", exact=True).count()
    page.get_by_role("link", name="Results", exact=True).click()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Sectors'")
    settle(page)
    assert "as=director" in page.url
    assert "region=Northwest" in page.url
    open_at(page, server.url + "/data_quality?as=governor")
    assert page.locator(".empty").inner_text().startswith("You don’t have access")
    open_at(page, server.url + "/?as=king")
    assert "is not a reader to choose here" in page.locator(".banner").last.inner_text()


def test_without_its_server_it_shows_no_real_number(tmp_path, tmp_path_factory, page):
    store, _ = publish_hostile(tmp_path_factory, "some undisclosed")
    serving = Server(store, tmp_path / "log.txt")
    try:
        open_at(page, serving.url + "/")
        assert page.locator(".lead").count() == 1  # real data, this machine only
    finally:
        serving.stop()
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    bare = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DASHBOARD_STORE": str(store)})
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", bare)
        page.goto(f"http://127.0.0.1:{port}/equity")
        settle(page)
        assert "started without its server" in page.locator(".empty").inner_text()
        assert not page.locator(".lead").count()
    finally:
        bare.terminate()
        bare.wait(20)
