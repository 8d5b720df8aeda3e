"""Go through a page with the keyboard: every stop of the Tab key, and what Enter, Space, arrows and Escape do there."""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import Locator, Page

from tests.browser.look import settle

MOST_STOPS = 600  # a page has fewer; more is a trap

# The controls that the Tab key reaches: of a radio group one, and of what is closed nothing.
CONTROLS = """() => {
  const seen = new Set();
  return [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]')].filter(e => {
    if (e.disabled || e.tabIndex < 0 || !e.checkVisibility({visibilityProperty: true})) return false;
    if (e.type !== 'radio') return true;
    return !seen.has(e.name) && seen.add(e.name);
  }).map((e, i) => (e.dataset.stop = e.type === 'radio' ? e.name : i, e.dataset.stop));
}"""
# Notes at each press of the Tab key where the keyboard is, whether a ring shows it there, whether that is in the window, and its place
# on the page. The page notes it, because a question from here at each stop takes twice the time.
RECORD = """() => {
  window.stops = [];
  const scrolled = (e, side) => e ? e[side] + scrolled(e.parentElement, side) : 0;
  const note = ({key}) => {
    const here = document.activeElement;
    if (key !== 'Tab' || here === document.body) return;
    const shown = here.type === 'radio' ? here.nextElementSibling : here;
    const style = getComputedStyle(shown);
    const {top, bottom, left, right} = shown.getBoundingClientRect();
    const [x, y] = ['scrollLeft', 'scrollTop'].map(side => scrolled(here.parentElement, side));
    window.stops.push({
      stop: here.type === 'radio' ? here.name : here.dataset.stop ?? here.dataset.testid ?? here.nodeName,
      name: (here.ariaLabel ?? here.textContent).slice(0, 60),
      hasRing: here.closest('.map') ? parseFloat(getComputedStyle(here.querySelector('.border')).strokeWidth) > 8
        : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      isInWindow: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
      part: here.closest('.map') ? 'map' : here.closest('[data-testid=stMain]') ? 'main' : 'side',
      top: top + y, bottom: bottom + y, left: left + x, right: right + x,
    });
  };
  addEventListener('keydown', note, true);
}"""
# What changes the address: a kind of control, where it is, and the key that operates it.
CHOICES = (
    ("choice", "[data-testid=stMain] .choice input:checked", "ArrowRight"),
    ("map", ".map a:not([aria-current])", "Enter"),
    ("list", "[data-testid=stSidebar] .filters select", "ArrowDown"),
)
IS_AT_END = f"() => document.activeElement === document.body || window.stops.length > {MOST_STOPS}"


def walk(page: Page) -> list[str]:
    """Press Tab through the whole page; return what is wrong: a control not reached, a stop without a ring, an order unlike the screen's."""
    controls = page.evaluate(CONTROLS)
    page.evaluate(RECORD)
    page.keyboard.press("Shift")  # the browser shows a ring to those who use the keyboard
    page.evaluate("() => document.querySelector('[data-stop]').focus()")
    for _ in range(len(controls) // 10 + 1):
        for _ in range(10):
            page.keyboard.down("Tab")
        if page.evaluate(IS_AT_END):
            break
    while not page.evaluate(IS_AT_END):
        page.keyboard.press("Tab")
    stops = page.evaluate("() => window.stops")
    first_round = stops[
        : next((i for i, stop in enumerate(stops) if i and stop["stop"] == stops[0]["stop"]), len(stops))
    ]
    faults = [f"not reached: {control}" for control in set(controls) - {stop["stop"] for stop in stops}]
    faults += [f"no ring: {stop['name']}" for stop in first_round if not stop["hasRing"]]
    faults += [f"out of the window: {stop['name']}" for stop in first_round if not stop["isInWindow"]]
    for before, after in pairwise(first_round):
        if before["part"] == after["part"] != "map" and _goes_back(before, after):
            faults.append(f"order: {after['name']} comes after {before['name']}")
    return faults


def _goes_back(before: dict, after: dict) -> bool:
    """Return whether a stop lies before the stop that the keyboard comes from: above it in its column, or left of it in its row."""
    is_above = after["bottom"] <= before["top"] + 1 and after["left"] < before["right"]
    shared = min(before["bottom"], after["bottom"]) - max(before["top"], after["top"])
    is_in_row = shared > min(before["bottom"] - before["top"], after["bottom"] - after["top"]) / 2
    return is_above or (is_in_row and after["right"] <= before["left"] + 1)


def operate(page: Page) -> dict[str, bool]:
    """Operate the first of each kind of control on the page; return whether each did what it is for, by kind."""
    done: dict[str, bool] = {}
    for kind, key in ((".share", "Enter"), (".how", "Space"), (".see", "Enter")):
        if (details := _first(page, f"[data-testid=stMain] {kind}")) is not None:
            done[kind] = _opens_and_closes(page, details, key)
    if (plot := _first(page, ".plot:has(.hoverlayer)")) is not None:
        plot.press("ArrowRight")
        done["chart"] = plot.locator(".hoverlayer text").count() > 0
        plot.press("Escape")
    if (heading := _first(page, "th button.sort:visible")) is not None:
        heading.press("Enter")
        done["heading"] = heading.evaluate("e => e.closest('th').ariaSort !== null")
    if (region := _first(page, ".map a")) is not None:
        region.press("ArrowRight")
        done["town"] = page.locator(".map .current").count() == 1
    for kind, css, key in CHOICES:
        if (control := _first(page, css)) is not None:
            before = page.url
            control.press(key)
            page.wait_for_url(lambda url, before=before: url != before)
            settle(page)
            done[kind] = True
    return done


def _first(page: Page, css: str) -> Locator | None:
    locator = page.locator(css)
    return locator.first if locator.count() else None


def _opens_and_closes(page: Page, details: Locator, key: str) -> bool:
    """Open with a key and close with Escape, which puts the focus back; on the way, whatever opens or sorts inside."""
    summary, inner = details.locator("> summary"), details.locator("details > summary")
    summary.press(key)
    page.wait_for_function("e => e.open && e.children.length > 1", arg=details.element_handle())
    settle(page)
    is_ok = True
    if inner.count():
        inner.press("Enter")
        is_ok = inner.evaluate("e => e.parentElement.open")
        inner.press("Escape")
        is_ok &= inner.evaluate("e => !e.parentElement.open && e === document.activeElement")
    page.keyboard.press("Escape")
    return is_ok and summary.evaluate("e => !e.parentElement.open && e === document.activeElement")
