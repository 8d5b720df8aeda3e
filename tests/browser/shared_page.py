"""One page of the browser that tests use in turn: a page of a new context would load and compile Streamlit's scripts again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

WINDOW = {"width": 1440, "height": 900}


def make_new(page: Page, resting_at: str) -> None:
    """Leave a page as a new context would open it: 1440 by 900, light, and nothing kept of what was done on it.

    Args:
        page: The page. Nothing but `page.route` may have been set on it that stays with it.
        resting_at: An address without scripts on the host of the dashboard: for another host the browser would start a new process.
    """
    for other in page.context.pages:
        if other != page:
            other.close()
    page.unroute_all()
    page.goto(resting_at)
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.context.clear_cookies()
    page.context.clear_permissions()
    page.emulate_media(media="null", color_scheme="light", forced_colors="null", reduced_motion="null")
    page.set_viewport_size(WINDOW)
    page.mouse.move(0, 0)


@contextmanager
def listening(page: Page, **handlers: Callable[..., object]) -> Iterator[None]:
    """Listen to events of a page, by their names, for as long as a test takes."""
    for event, handler in handlers.items():
        page.on(event, handler)
    yield
    for event, handler in handlers.items():
        page.remove_listener(event, handler)
