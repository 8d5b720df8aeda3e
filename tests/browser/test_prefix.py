"""Serve the dashboard under a path of its host: every link, script and redirect stays under it, sign-in included."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from components.page_list import PAGES
from tests.browser.conftest import free_port
from tests.browser.look import settle, wait_for_words
from tests.browser.provider import guarded, sign_in

pytestmark = pytest.mark.browser
PREFIX = "/state/workforce"
ADDRESSES = "() => [...document.querySelectorAll('a[href], script[src], link[href], img[src]')].map(e => new URL(e.getAttribute('href') ?? e.src, location).href)"


def test_everything_stays_under_the_prefix(demo_store, browser, tmp_path):
    port = free_port()
    root = f"http://127.0.0.1:{port}{PREFIX}"
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page, requested, failed = context.new_page(), [], []
    page.on("request", lambda request: requested.append(request.url))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    with guarded(demo_store, tmp_path, DASHBOARD_PREFIX=PREFIX) as dashboard:
        serving = dashboard.serve("prefixed", origin=root, port=port)
        try:
            page.goto(f"{root}/regions?region=Eastern")
            assert page.locator("h1").inner_text() == "Sign in"
            sign_in(page, "analyst@example.gov")
            settle(page)
            assert page.url == f"{root}/regions?region=Eastern", "sign-in returns to the page that was opened"
            for entry in PAGES:
                page.goto(f"{root}{entry.path}", wait_until="domcontentloaded")
                wait_for_words(page)
                addresses = [urlsplit(href) for href in page.evaluate(ADDRESSES)]
                links = [link for link in addresses if link.netloc == f"127.0.0.1:{port}"]
                assert links and all(link.path.startswith(f"{PREFIX}/") for link in links), entry.id
            page.get_by_role("link", name="Results", exact=True).click()
            page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Sectors'")
            settle(page)
            assert urlsplit(page.url).path == f"{PREFIX}/sectors"
            page.get_by_role("button", name="Sign out").click()
            page.wait_for_function("() => !document.querySelector('.stApp')")
            page.goto(f"{root}/")
            assert page.locator("h1").inner_text() == "Sign in", page.url
        finally:
            serving.stop()
            context.close()
    ours = [url for url in requested if urlsplit(url).netloc == f"127.0.0.1:{port}"]
    assert any("/library/plotly" in url for url in ours) and any("/library/connection" in url for url in ours)
    assert not [url for url in failed if "/library/" in url or "/static/" in url]
