"""Test where old addresses, and the bare front page, lead."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from components.page_list import PAGES, moved, page_at
from server import redirects, sign_in

FORMER = {
    "/headlines": "/", "/gap": "/one_group", "/plan": "/gap_plan", "/supports": "/support_services", "/online": "/online_courses",
    "/jobs": "/job_openings", "/funding": "/money", "/data_health": "/data_quality", "/usage": "/activity",
}  # fmt: skip


@pytest.fixture(params=["", "/state/workforce"])
def client(request, monkeypatch):
    monkeypatch.setenv("DASHBOARD_PREFIX", request.param)
    return TestClient(Starlette(routes=redirects.routes()), follow_redirects=False), request.param


def test_every_former_address_is_listed():
    assert {path: page.path for path, page in moved().items()} == FORMER
    assert not set(FORMER) & {page.path for page in PAGES}, "an address leads to one page"


@pytest.mark.parametrize("path", FORMER)
def test_a_former_address_redirects_and_keeps_the_filters(client, path):
    browser, prefix = client
    for query in ("", "?region=North+Central&group=woman&utm=%0d%0aX%3A1"):
        answer = browser.get(prefix + path + query)
        assert answer.status_code == 308
        assert answer.headers["location"] == prefix + FORMER[path] + query
    assert browser.head(prefix + path).status_code == 308
    assert browser.get(f"/elsewhere{path}").status_code == 404


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/tomorrow", "/?region=Eastern&no_page=tomorrow"),
        ("/a/b/<c>", "/?region=Eastern&no_page=a%2Fb%2F%3Cc%3E"),
        ("/overview", "/?region=Eastern"),
        ("/My-Region", "/my_region?region=Eastern"),
        ("/FUNDING/", "/money?region=Eastern"),
        ("/money", None),
        ("/money/", None),
        ("/funding", None),
        ("/", None),
    ],
)
def test_an_address_of_no_page_leads_to_the_page_it_means_or_is_mentioned_on_the_overview(path, leads_to):
    headers = [(b"accept", b"text/html,*/*;q=0.8"), (b"host", b"localhost")]
    scope = {"type": "http", "path": path, "query_string": b"region=Eastern", "headers": headers}
    response = redirects.to_a_page(HTTPConnection(scope), path)
    assert (response.headers["location"] if response else None) == leads_to
    assert redirects.to_a_page(HTTPConnection({**scope, "headers": headers[1:]}), path) is None, (
        "not opened by a person"
    )


def test_signing_in_leads_from_a_former_address_to_the_page():
    assert sign_in.page_address("/gap?group=woman") == "/one_group?group=woman"
    assert sign_in.page_address("/gap/x") == "/"


def test_an_address_of_no_page_finds_no_page():
    assert page_at("/tomorrow") is None
    assert page_at(None) is None
    assert page_at("/") is page_at("/headlines")
