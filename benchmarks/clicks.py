"""Measure the time from a click until everything in the window is painted, for every page and for the floor, in turn.

Clicks are told apart by how much of the answer exists already (`results.Kind`): shown before in this browser; known to the server but
new to the browser, with a new browser context for every click; or never asked by anybody. painted.js defines painted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.addresses import Known, new_addresses
from benchmarks.figures import spread
from benchmarks.results import NEW_QUESTIONS, Clicks, Kind, Loads, PageClicks
from benchmarks.served import Run, Served
from components.page_list import PageEntry
from tests.browser.conftest import FLAGS
from tests.browser.find import HELP, installed

QUIET_MS = 100  # ms without a change in the window after a click before the page counts as painted
LOAD_QUIET_MS = 700  # the same after a load: scripts may still arrive while nothing changes
SAMPLES = 10  # clicks of each kind on each page: twice on each region
LOADS = 7
WINDOW: ViewportSize = {"width": 1440, "height": 900}
REGION = FLOOR_TEXT = "Region"  # the label of the list that is clicked
_PAINTED = Path(__file__).with_name("painted.js").read_text(encoding="utf-8")
_TIMEOUT_MS = 180_000


@dataclass
class _Samples:
    """The clicks of one kind so far, in ms, and the server's runs."""

    painted: list[float] = field(default_factory=list)
    scrolled: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def clicks(self) -> Clicks:
        return Clicks(
            painted=spread(self.painted),
            scrolled=spread(self.scrolled),
            floor=spread(self.floor),
            server=spread([run.ms for run in self.runs]),
            times=[round(ms, 1) for ms in self.painted],
        )


@dataclass
class Bench:
    """A browser, the dashboard and the floor, and what readers can choose."""

    browser: Browser
    dashboard: Served
    floor: Page
    choices: Known

    def measure(self, entry: PageEntry, number: int) -> PageClicks:
        """Measure clicks of every kind on one page. number: the page's place in the list of pages."""
        page, choices = self._open(entry), self.choices.regions
        for choice in choices:
            self._click(page, REGION, choice)  # the server and this browser keep the answers from now on
        taken = {Kind.IN_BROWSER: _Samples()}
        for turn in range(SAMPLES):
            self._sample(taken[Kind.IN_BROWSER], page, choices[turn % len(choices)])
        filters = page.get_by_role("combobox").evaluate_all("boxes => boxes.map(box => box.labels?.[0]?.innerText)")
        page.context.close()

        taken[Kind.ON_SERVER] = _Samples()
        for turn in range(SAMPLES):
            page = self._open(entry)
            self._sample(taken[Kind.ON_SERVER], page, choices[turn % len(choices)])
            page.context.close()

        for kind in NEW_QUESTIONS:
            taken[kind] = _Samples()
            for query in new_addresses(kind, number, filters, self.choices):
                page = self._open(entry, query)
                for choice in choices:
                    self._sample(taken[kind], page, choice)
                page.context.close()
        return PageClicks(
            clicked=REGION,
            kilobytes=round(spread([run.bytes for run in taken[Kind.ON_SERVER].runs]).median / 1000, 1),
            kinds={kind: samples.clicks() for kind, samples in taken.items()},
        )

    def _open(self, entry: PageEntry, query: str = "") -> Page:
        """Open a page in a new browser context."""
        page, _ = opened(self.browser, self.dashboard.url + entry.path + query, entry.name)
        return page

    def _sample(self, samples: _Samples, page: Page, choice: str) -> None:
        """Click on a page and on the floor."""
        before = len(self.dashboard.runs())
        painted, settled = self._click(page, REGION, choice)
        samples.painted.append(painted)
        samples.runs += (runs := self.dashboard.runs()[before:])
        if len(runs) != 1:
            raise RuntimeError(f"{page.url}: a click made {len(runs)} runs")
        samples.scrolled.append(settled + float(page.evaluate("bench.scrollThrough()")))
        regions = self.choices.regions
        samples.floor.append(self._click(self.floor, REGION, regions[len(samples.floor) % len(regions)])[0])

    def _click(self, page: Page, label: str, option: str) -> tuple[float, float]:
        """Choose an option of the list with this label, native or Streamlit's.

        Returns:
            The ms until the window is painted, and until the page has settled.
        """
        box = page.get_by_role("combobox", name=label)
        if box.evaluate("box => box.nodeName") == "SELECT":
            page.evaluate(f"bench.arm({QUIET_MS}, 'change')")
            box.select_option(label=option)
        else:
            box.click()
            choice = page.get_by_role("option", name=option, exact=True)
            choice.wait_for()
            page.evaluate(f"bench.arm({QUIET_MS}, 'pointerup')")
            choice.click()
        took: dict[str, float] = page.evaluate("bench.clicked")
        if page.locator("[data-testid=stException]").count():
            raise RuntimeError(f"{page.url} broke after {label}: {option}")
        return took["painted"], took["settled"]


@contextmanager
def started() -> Iterator[Browser]:
    """Start the browser that the tests use."""
    path = installed()
    if path is None:
        raise RuntimeError(HELP)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def opened(browser: Browser, url: str, wanted: str) -> tuple[Page, dict[str, float]]:
    """Open a page in a new browser context, which has nothing in its cache. wanted: text that the page shows once it is readable.

    Returns:
        The page, and how long its load took in ms: until `painted`, until `settled`, and until `wanted` was `readable`.
    """
    page = browser.new_context(viewport=WINDOW).new_page()
    page.set_default_timeout(_TIMEOUT_MS)
    page.add_init_script(f"window.benchWanted = {json.dumps(wanted)};\n{_PAINTED}")
    page.goto(url)
    times: dict[str, float] = page.evaluate(f"bench.loaded({LOAD_QUIET_MS})")
    return page, times


def loads(browser: Browser, dashboard: Served, floor: Served, wanted: str) -> Loads:
    """Measure first loads of the front page and of the floor, in turn. wanted: a number on the front page."""
    readable, painted, floors = [], [], []
    for _ in range(LOADS):
        page, times = opened(browser, dashboard.url + "/", wanted)
        page.context.close()
        readable.append(times["readable"])
        painted.append(times["painted"])
        page, times = opened(browser, floor.url + "/", FLOOR_TEXT)
        page.context.close()
        floors.append(times["painted"])
    return Loads(readable=spread(readable), painted=spread(painted), floor=spread(floors))
