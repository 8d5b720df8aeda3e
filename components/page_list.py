"""The pages, in the order a reader meets them. Adding a page: one file in `pages/`, one entry here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from queries.dimensions import MODELS

PERIOD, AS_OF = "period", "as_of"


def filters_of(model: str, *, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the filters of a page about one model of queries/dimensions.toml, except those in `without`."""
    return tuple(name for name in (*MODELS[model].filters, PERIOD, AS_OF) if name not in without)


class PageEntry(NamedTuple):
    """One page.

    Attributes:
        id: Its id, which is also the last part of its address.
        name: In the navigation, and the heading of the page.
        script: The file.
        filters: Those that apply. The others stay in the address.
        formerly: Ids the page had before. Links and lines of the audit log may still hold them.
    """

    id: str
    name: str
    script: str
    filters: tuple[str, ...] = filters_of("enrollments")
    formerly: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where the page lives: "/" for the front page, else "/id"."""
        return "/" if self.script == "dashboard.py" else f"/{self.id}"


PAGES = (
    PageEntry(
        "overview", "Overview", "dashboard.py", filters_of("enrollments", without=(PERIOD,)), formerly=("headlines",)
    ),
    PageEntry("my_region", "My region", "pages/my_region.py"),
    PageEntry("regions", "Regions", "pages/regions.py"),
    PageEntry("sectors", "Sectors", "pages/sectors.py"),
    PageEntry("providers", "Providers", "pages/providers.py", filters_of("enrollments", without=("group",))),
    PageEntry(
        "online_courses", "Online courses", "pages/online_courses.py", filters_of("courses"), formerly=("online",)
    ),
    PageEntry("job_openings", "Job openings", "pages/job_openings.py", filters_of("openings"), formerly=("jobs",)),
    PageEntry("support_services", "Support services", "pages/support_services.py", formerly=("supports",)),
    PageEntry("equity", "Equity", "pages/equity.py"),
    PageEntry("one_group", "One group", "pages/one_group.py", formerly=("gap",)),
    PageEntry(
        "gap_plan", "Gap plan", "pages/gap_plan.py", filters_of("enrollments", without=(PERIOD,)), formerly=("plan",)
    ),
    PageEntry("money", "Money", "pages/money.py", filters_of("funding"), formerly=("funding",)),
    PageEntry(
        "data_quality",
        "Data quality",
        "pages/data_quality.py",
        filters_of("enrollments", without=("group", PERIOD)),
        formerly=("data_health",),
    ),
    PageEntry("activity", "Activity", "pages/activity.py", (), formerly=("usage",)),
    PageEntry("definitions", "Definitions", "pages/definitions.py", ()),
)
TITLE = "Workforce dashboard"
_BY_ID = {page.id: page for page in PAGES}


def entry(page_id: str) -> PageEntry:
    """The page with this id. KeyError for an id that is not listed: a mistake in the code, not in the address."""
    return _BY_ID[page_id]


def moved() -> Mapping[str, PageEntry]:
    """Return the pages that had another address, by that address: {"/gap": the page One group, …}."""
    return {f"/{old}": page for page in PAGES for old in page.formerly}


def page_at(path: str | None) -> PageEntry | None:
    """Return the page that has this address, or had it before; None for an address of no page."""
    return {**moved(), **{page.path: page for page in PAGES}}.get(path or "")
