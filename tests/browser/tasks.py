"""What the scripts of readers' tasks share: a reader who counts clicks, how far away an answer may be, and the demo in pandas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from components.text import format
from tests.browser.look import open_at, settle
from tests.queries import independent
from tests.queries.test_measures import read

TODAY = date(2026, 11, 13)  # the day of the demo's last delivery
SCREEN = 900  # pixels of the window's height
MOST_CLICKS = 3
# The bottom of an element, in pixels from the top of the page.
BOTTOM = """element => element.getBoundingClientRect().bottom
  + (element.closest('[data-testid=stMain]')?.scrollTop ?? 0)"""
# The text of an element without what only screen readers read.
SEEN = """element => {
  const spoken = [...element.querySelectorAll('.visually-hidden')];
  for (const each of spoken) each.style.display = 'none';
  const text = element.innerText;
  for (const each of spoken) each.style.display = '';
  return text;
}"""


class Reader:
    """A reader at a first screen, who clicks at most three times and scrolls at most one screen."""

    def __init__(self, page):
        self.page, self.clicks = page, 0
        self.start = 0.0  # how far the page was scrolled where the reader's scrolling began

    def see(self, locator) -> str:
        """Return the text of an element that is at most one screen of scrolling away."""
        assert self._is_within_reach(locator)
        return locator.evaluate(SEEN)

    def see_at_once(self, locator) -> str:
        """Return the text of an element that is on the screen without scrolling."""
        assert locator.evaluate(BOTTOM) <= SCREEN
        return locator.evaluate(SEEN)

    def click(self, locator) -> None:
        """Click an element that is at most one screen of scrolling away."""
        self._count()
        assert self._is_within_reach(locator)
        locator.click()

    def jump(self, link: str, to) -> None:
        """Follow a link to an element further down the same page."""
        self.click(self.page.get_by_role("link", name=link))
        settle(self.page)
        self.start = to.evaluate("element => element.closest('[data-testid=stMain]').scrollTop")
        assert self.start > 0

    def follow(self, link, heading: str) -> None:
        """Follow a link to another page."""
        self.click(link)
        self._arrive(heading)

    def open_menu(self, name: str, heading: str) -> None:
        """Follow a link of the navigation."""
        self.follow(self.page.get_by_role("link", name=name, exact=True), heading)

    def search(self, text: str, heading: str) -> None:
        """Type into the search box and press Enter, which counts as a click."""
        self._count()
        box = self.page.get_by_role("combobox", name="Search")
        box.fill(text)
        box.press("Enter")
        self._arrive(heading)

    def choose(self, label: str, option: str, *, parameter: str) -> None:
        """Choose from a list of the sidebar, and wait until the address has its parameter and the page is complete."""
        self._count()
        self.page.get_by_label(label, exact=True).select_option(label=option)
        self.page.wait_for_url(lambda url: f"{parameter}=" in url)
        settle(self.page)

    def row(self, table: str, first: str) -> list[str]:
        """Return the cells after the first of one row of a table, which must be within reach."""
        row = self.page.locator(
            f'section[data-name="{table}"] tbody tr', has=self.page.get_by_role("rowheader", name=first, exact=True)
        )
        self.see(row)
        return [text.strip() for text in row.locator("td").all_inner_texts()]

    def _is_within_reach(self, locator) -> bool:
        return locator.evaluate(BOTTOM) <= self.start + 2 * SCREEN

    def _count(self) -> None:
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS

    def _arrive(self, heading: str) -> None:
        self.page.wait_for_function("name => document.querySelector('h1')?.innerText === name", arg=heading)
        settle(self.page)
        self.start = 0.0


def reading(page, url: str) -> Reader:
    """Open a first screen."""
    return Reader(open_at(page, url))


def enrolled_people(rows: pd.DataFrame) -> int:
    """Count the residents who enrolled."""
    return int(rows.loc[rows["enrolled_on"].notna(), "participant_id"].nunique())


def first_enrolled(rows: pd.DataFrame, since: str, until: str) -> int:
    """Count the residents whose first enrollment of these rows is between two days, both included."""
    return int(rows.groupby("participant_id")["enrolled_on"].min().between(since, until).sum())


def exits(frame: pd.DataFrame, day: date = TODAY, **filters: object) -> pd.DataFrame:
    """Return the exits that completed or withdrew by a day."""
    view = independent.as_of_view(frame, day).query("outcome in ['completed', 'withdrew']")
    for column, value in filters.items():
        view = view[view[column] == value]
    return view


def completion_rate(frame: pd.DataFrame, day: date = TODAY, **filters: object) -> str:
    """Return the share of exits that were completions, as the pages write it."""
    return format.share((exits(frame, day, **filters)["outcome"] == "completed").mean())


def ledger(store: Path, folder: Path) -> pd.DataFrame:
    """Read the accepted funding rows of a delivery of the demo."""
    rows = read(folder, "funding").drop_duplicates()
    refused = pd.read_csv(store / "deliveries" / folder.name / "quarantine" / "funding.csv", dtype=str)
    rows = rows[~rows["transaction_id"].isin(set(refused["transaction_id"]))]
    return rows.assign(amount=rows["amount"].astype(float), posted_on=pd.to_datetime(rows["posted_on"]))
