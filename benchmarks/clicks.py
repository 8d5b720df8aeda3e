"""Measure the time from a click until everything is painted, for every page and for the floor, in turn in the same browser.

The server has prepared the usual answers. A page's first round over its filter therefore shows prepared answers, every later round
a cached page, and a round under two unusual filters, on a separate page, answers that are asked for the first time. painted.js
defines painted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.figures import ratios, spread
from benchmarks.served import Served
from components import roles
from components.page_list import PageEntry
from queries import Scope, listing
from tests.browser.conftest import FLAGS
from tests.browser.find import HELP, installed

QUIET_MS = 100  # ms without a change after a click before the page counts as painted
LOAD_QUIET_MS = 700  # the same after a load: scripts may still arrive while nothing changes
ROUNDS, CHOICES = 9, 5  # rounds over at most this many choices: prepared once, then cached
CLICK_KINDS = ("prepared", "cached", "first time")
_PAINTED = Path(__file__).with_name("painted.js").read_text(encoding="utf-8")
_TIMEOUT_MS = 180_000


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser that the tests use."""
    path = installed()
    if path is None:
        raise RuntimeError(HELP)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


def opened(on: Browser, url: str, wanted: str = "") -> tuple[Page, dict[str, float]]:
    """Open a page in a new browser context.

    Returns:
        The page, and how long its load took in ms: until `painted`, and until `wanted` was `readable`.
    """
    page = on.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(_TIMEOUT_MS)
    page.add_init_script(f"window.benchWanted = {wanted!r};\n{_PAINTED}")
    page.goto(url)
    return page, page.evaluate(f"bench.loaded({LOAD_QUIET_MS})")


def click(page: Page, label: str, option: str) -> float:
    """Choose an option of the list with this label, native or Streamlit's. Returns the ms until everything is painted."""
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
    took = page.evaluate("bench.clicked")["painted"]
    if page.locator("[data-testid=stException]").count():
        raise RuntimeError(f"{page.url} broke after {label}: {option}")
    return float(took)


def options(entry: PageEntry, page: Page) -> tuple[str, list[str]]:
    """Return what to click through on a page: all regions or, without such a filter, the readers who may open it."""
    regions = [str(row["region"]) for row in listing("regions", Scope())][:CHOICES]
    if page.get_by_role("combobox", name="Region").count():
        return "Region", regions
    readers = roles.demo_readers(tuple(regions)).values()
    return "View as", [roles.name_of(reader) for reader in readers if roles.may_open(reader, entry.id)][
        CHOICES - 1 :: -1
    ]


def measure(
    on: Browser, entry: PageEntry, dashboard: Served, floor: Page, unusual_filters: str, rounds: int = ROUNDS
) -> dict[str, Any]:
    """Measure a page: clicks of each kind, clicks on the floor in between, and the server's time in each."""
    took: dict[str, list[float]] = {kind: [] for kind in (*CLICK_KINDS, "floor")}
    shares: dict[str, list[dict[str, float]]] = {kind: [] for kind in CLICK_KINDS}
    floors = [str(row["region"]) for row in listing("regions", Scope())]
    first: dict[str, float] = {}
    for address, kinds in (("", ["prepared", *["cached"] * (rounds - 1)]), (unusual_filters, ["first time"])):
        page, load = opened(on, dashboard.url + entry.path + address)
        first = first or load
        label, choices = options(entry, page)
        before = len(dashboard.runs())
        clicked = [kind for kind in kinds for _ in range(CHOICES)]
        for turn, kind in enumerate(clicked):
            # a filter with fewer choices repeats them in the first round
            actual = "cached" if kind == "prepared" and turn >= len(choices) else kind
            took[actual].append(click(page, label, choices[turn % len(choices)]))
            took["floor"].append(click(floor, "Region", floors[turn % len(floors)]))
            clicked[turn] = actual
        runs = dashboard.runs()[before:]
        page.context.close()
        if len(runs) != len(clicked):
            raise RuntimeError(f"{entry.id}: {len(clicked)} clicks made {len(runs)} runs")
        for kind, run in zip(clicked, runs, strict=True):
            shares[kind].append(run)
    figures: dict[str, Any] = {name: spread(values) for name, values in took.items()}
    return figures | {
        "clicked": label,
        "first_load_ms": round(first["painted"]),
        "ratio": {kind: ratios(figures[kind], figures["floor"]) for kind in CLICK_KINDS},
        "server": {kind: spread([run["ms"] for run in shares[kind]]) for kind in CLICK_KINDS},
        "kilobytes": round(spread([run["bytes"] for run in shares["cached"]])["median"] / 1000, 1),
        "times": {name: [round(value, 1) for value in values] for name, values in took.items()},
    }


def loads(on: Browser, dashboard: Served, floor: Served, wanted: str, times: int = 5) -> dict[str, Any]:
    """Measure first loads of the front page and of the floor, in turn, each in a new browser context."""
    took: dict[str, list[float]] = {"readable": [], "painted": [], "floor": []}
    for _ in range(times):
        page, load = opened(on, dashboard.url + "/", wanted)
        page.context.close()
        if not load["readable"]:
            raise RuntimeError(f"The front page never showed its number, {wanted}")
        took["readable"].append(load["readable"])
        took["painted"].append(load["painted"])
        page, load = opened(on, floor.url + "/")
        page.context.close()
        took["floor"].append(load["painted"])
    figures: dict[str, Any] = {name: spread(values) for name, values in took.items()}
    return figures | {
        "ratio_readable": ratios(figures["readable"], figures["floor"])["median"],
        "ratio_painted": ratios(figures["painted"], figures["floor"])["median"],
        "times": {name: [round(value) for value in values] for name, values in took.items()},
    }
