"""Click to everything painted, for every page, against the floor: clicks on the two take turns in one browser.

The server has had its time to work out ahead what readers ask first. So a page's first round over the filter is of answers
worked out ahead, every later one of a page kept, and a round under two filters of its own, on a page of its own, of answers never
asked for. What painted means is said in painted.js.
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
from tests.browser.find import HOW, installed

STILL = 100  # ms without a change after a click; a page that changes again within is not painted before that
LOADED_STILL = 700  # after a load: scripts may still be on their way while nothing moves
ROUNDS, CHOICES = 9, 5  # rounds over at most so many choices: once asked ahead, then kept
KINDS = ("ahead", "kept", "never asked")
_PAINTED = Path(__file__).with_name("painted.js").read_text(encoding="utf-8")
_GIVE_UP = 180_000


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser the tests use."""
    path = installed()
    if path is None:
        raise RuntimeError(HOW)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


def opened(on: Browser, url: str, wanted: str = "") -> tuple[Page, dict[str, float]]:
    """A page in a browser that has never seen it, and what its load took in ms: `painted`, and `readable` when `wanted`
    could first be read."""
    page = on.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(_GIVE_UP)
    page.add_init_script(f"window.benchWanted = {wanted!r};\n{_PAINTED}")
    page.goto(url)
    return page, page.evaluate(f"bench.loaded({LOADED_STILL})")


def click(page: Page, label: str, option: str) -> float:
    """Choose an option of the list with this label, the browser's own or Streamlit's; ms from the choice to everything painted."""
    box = page.get_by_role("combobox", name=label)
    if box.evaluate("box => box.nodeName") == "SELECT":
        page.evaluate(f"bench.arm({STILL}, 'change')")
        box.select_option(label=option)
    else:
        box.click()
        choice = page.get_by_role("option", name=option, exact=True)
        choice.wait_for()
        page.evaluate(f"bench.arm({STILL}, 'pointerup')")
        choice.click()
    took = page.evaluate("bench.clicked")["painted"]
    if page.locator("[data-testid=stException]").count():
        raise RuntimeError(f"{page.url} broke after {label}: {option}")
    return float(took)


def options(entry: PageEntry, page: Page) -> tuple[str, list[str]]:
    """What to click through on a page: all regions, or where it has no such filter, the readers it opens for."""
    regions = [str(row["region"]) for row in listing("regions", Scope())][:CHOICES]
    if page.get_by_role("combobox", name="Region").count():
        return "Region", regions
    readers = roles.demo_readers(tuple(regions)).values()
    return "View as", [roles.name_of(one) for one in readers if roles.may_open(one, entry.id)][CHOICES - 1 :: -1]


def measure(
    on: Browser, entry: PageEntry, dashboard: Served, floor: Page, uncommon: str, rounds: int = ROUNDS
) -> dict[str, Any]:
    """One page: the first round's clicks, the later ones', those under an address's filters that nobody has asked for, the
    floor's in between, and the server's share of each."""
    took: dict[str, list[float]] = {kind: [] for kind in (*KINDS, "floor")}
    shares: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    floors = [str(row["region"]) for row in listing("regions", Scope())]
    first: dict[str, float] = {}
    for address, kinds in (("", ["ahead", *["kept"] * (rounds - 1)]), (uncommon, ["never asked"])):
        page, load = opened(on, dashboard.url + entry.path + address)
        first = first or load
        label, choices = options(entry, page)
        before = len(dashboard.runs())
        clicked = [kind for kind in kinds for _ in range(CHOICES)]
        for turn, kind in enumerate(clicked):
            kind = "kept" if kind == "ahead" and turn >= len(choices) else kind
            took[kind].append(click(page, label, choices[turn % len(choices)]))
            took["floor"].append(click(floor, "Region", floors[turn % len(floors)]))
            clicked[turn] = kind
        runs = dashboard.runs()[before:]
        page.context.close()
        if len(runs) != len(clicked):
            raise RuntimeError(f"{entry.id}: {len(clicked)} clicks made {len(runs)} runs")
        for kind, run in zip(clicked, runs, strict=True):
            shares[kind].append(run)
    found: dict[str, Any] = {name: spread(values) for name, values in took.items()}
    return found | {
        "clicked": label,
        "first_load_ms": round(first["painted"]),
        "ratio": {kind: ratios(found[kind], found["floor"]) for kind in KINDS},
        "server": {kind: spread([run["ms"] for run in shares[kind]]) for kind in KINDS},
        "kilobytes": round(spread([run["bytes"] for run in shares["kept"]])["median"] / 1000, 1),
        "times": {name: [round(value, 1) for value in values] for name, values in took.items()},
    }


def loads(on: Browser, dashboard: Served, floor: Served, wanted: str, times: int = 5) -> dict[str, Any]:
    """First loads of the front page and of the floor, in turn, each in a browser context that has seen nothing."""
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
    found: dict[str, Any] = {name: spread(values) for name, values in took.items()}
    return found | {
        "ratio_readable": ratios(found["readable"], found["floor"])["median"],
        "ratio_painted": ratios(found["painted"], found["floor"])["median"],
        "times": {name: [round(value) for value in values] for name, values in took.items()},
    }
