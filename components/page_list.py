"""The pages, in the order a reader meets them. Adding a page: one file in `pages/`, one entry here."""

from __future__ import annotations

from typing import NamedTuple

from queries.dimensions import MODELS

PERIOD, AS_OF, COMPARE = "period", "as_of", "compare"


def filters_of(model: str, *, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the filters of a page about one model of queries/dimensions.toml, except those in `without`."""
    return tuple(name for name in (*MODELS[model].filters, PERIOD, AS_OF, COMPARE) if name not in without)


class PageEntry(NamedTuple):
    """One page.

    Attributes:
        id: Its id, which is also the last part of its address.
        name: In the navigation.
        script: The file.
        heading: Of the page.
        filters: Those that apply. The others stay in the address.
        has_news: Whether the page leads with a recent period while the reader chooses none.
    """

    id: str
    name: str
    script: str
    heading: str
    filters: tuple[str, ...] = filters_of("enrollments")
    has_news: bool = False

    @property
    def path(self) -> str:
        """Where the page lives: "/" for the front page, else "/id"."""
        return "/" if self.script == "dashboard.py" else f"/{self.id}"


PAGES = (
    PageEntry("headlines", "Headlines", "dashboard.py", "Headlines", has_news=True),
    PageEntry("regions", "Regions", "pages/regions.py", "Regions"),
    PageEntry("sectors", "Sectors", "pages/sectors.py", "Sectors"),
    PageEntry(
        "providers",
        "Providers",
        "pages/providers.py",
        "Providers",
        filters_of("enrollments", without=("group", COMPARE)),
    ),
    PageEntry("equity", "Equity", "pages/equity.py", "Equity", filters_of("enrollments", without=(COMPARE,))),
    PageEntry("gap", "Inside a gap", "pages/gap.py", "Inside a gap", filters_of("enrollments", without=(COMPARE,))),
    PageEntry(
        "plan",
        "Closing the gap",
        "pages/plan.py",
        "Closing the gap",
        filters_of("enrollments", without=(PERIOD, COMPARE)),
    ),
    PageEntry(
        "supports",
        "Supports",
        "pages/supports.py",
        "Supportive services",
        filters_of("enrollments", without=(COMPARE,)),
    ),
    PageEntry("online", "Online learning", "pages/online.py", "Online learning", filters_of("courses")),
    PageEntry("jobs", "Jobs", "pages/jobs.py", "Jobs", filters_of("openings")),
    PageEntry("funding", "Funding", "pages/funding.py", "Funding", filters_of("funding")),
    PageEntry(
        "data_health",
        "Data health",
        "pages/data_health.py",
        "Data health",
        filters_of("enrollments", without=("group", PERIOD, COMPARE)),
    ),
    PageEntry("usage", "Audit log", "pages/usage.py", "Audit log", ()),
    PageEntry("definitions", "Definitions", "pages/definitions.py", "Definitions", ()),
)
TITLE = "Workforce dashboard"


def entry(page_id: str) -> PageEntry:
    """The page with this id. KeyError for an id that is not listed: a mistake in the code, not in the address."""
    return {page.id: page for page in PAGES}[page_id]
