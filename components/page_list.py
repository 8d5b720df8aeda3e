"""The pages, in the order a reader meets them. Adding a page: one file in `pages/`, one entry here."""

from __future__ import annotations

from typing import NamedTuple


class PageEntry(NamedTuple):
    """id (also the last part of its address), name in the navigation, script, and the heading of the page."""

    id: str
    name: str
    script: str
    heading: str

    @property
    def path(self) -> str:
        """Where the page lives: "/" for the front page, else "/id"."""
        return "/" if self.script == "dashboard.py" else f"/{self.id}"


PAGES = (
    PageEntry("headlines", "Headlines", "dashboard.py", "Headlines"),
    PageEntry("regions", "Regions", "pages/regions.py", "Regions"),
    PageEntry("sectors", "Sectors", "pages/sectors.py", "Sectors"),
    PageEntry("providers", "Providers", "pages/providers.py", "Providers"),
    PageEntry("equity", "Equity", "pages/equity.py", "Equity"),
    PageEntry("gap", "Inside a gap", "pages/gap.py", "Inside a gap"),
    PageEntry("plan", "Closing the gap", "pages/plan.py", "Closing the gap"),
    PageEntry("supports", "Supports", "pages/supports.py", "Supportive services"),
    PageEntry("online", "Online learning", "pages/online.py", "Online learning"),
    PageEntry("jobs", "Jobs", "pages/jobs.py", "Jobs"),
    PageEntry("funding", "Funding", "pages/funding.py", "Funding"),
    PageEntry("data_health", "Data health", "pages/data_health.py", "Data health"),
    PageEntry("usage", "Audit log", "pages/usage.py", "Audit log"),
    PageEntry("definitions", "Definitions", "pages/definitions.py", "Definitions"),
)
TITLE = "Workforce dashboard"


def entry(page_id: str) -> PageEntry:
    """The page with this id. KeyError for an id that is not listed: a mistake in the code, not in the address."""
    return {page.id: page for page in PAGES}[page_id]
