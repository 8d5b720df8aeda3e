"""The pages, in the order a reader meets them. Adding a page: one file in `pages/`, one entry here."""

from __future__ import annotations

from collections.abc import Mapping
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
        name: In the navigation, and the heading of the page.
        script: The file.
        menu: The group of pages it stands in, in the navigation. Pages of a menu are neighbors in `PAGES`.
        filters: Those that apply. The others stay in the address.
        has_news: Whether the page leads with a recent period while the reader chooses none.
        formerly: Ids the page had before. Links and lines of the audit log may still hold them.
        is_for_directors: Whether the navigation lists it only for readers who have a region. Others may open it by a link.
        is_about_delivery: Whether it shows numbers of the delivery on screen.
    """

    id: str
    name: str
    script: str
    menu: str
    filters: tuple[str, ...] = filters_of("enrollments")
    has_news: bool = False
    formerly: tuple[str, ...] = ()
    is_for_directors: bool = False
    is_about_delivery: bool = True

    @property
    def path(self) -> str:
        """Where the page lives: "/" for the front page, else "/id"."""
        return "/" if self.script == "dashboard.py" else f"/{self.id}"


PAGES = (
    PageEntry(
        "overview",
        "Overview",
        "dashboard.py",
        menu="Overview",
        has_news=True,
        formerly=("headlines",),
    ),
    PageEntry(
        "my_region",
        "My region",
        "pages/my_region.py",
        menu="My region",
        is_for_directors=True,
    ),
    PageEntry("regions", "Regions", "pages/regions.py", menu="My region"),
    PageEntry("sectors", "Sectors", "pages/sectors.py", menu="Results"),
    PageEntry(
        "providers",
        "Providers",
        "pages/providers.py",
        menu="Results",
        filters=filters_of("enrollments", without=("group", COMPARE)),
    ),
    PageEntry(
        "online_courses",
        "Online courses",
        "pages/online_courses.py",
        menu="Results",
        filters=filters_of("courses"),
        formerly=("online",),
    ),
    PageEntry(
        "job_openings",
        "Job openings",
        "pages/job_openings.py",
        menu="Results",
        filters=filters_of("openings"),
        formerly=("jobs",),
    ),
    PageEntry(
        "support_services",
        "Support services",
        "pages/support_services.py",
        menu="Results",
        filters=filters_of("enrollments", without=(COMPARE,)),
        formerly=("supports",),
    ),
    PageEntry("equity", "Equity", "pages/equity.py", menu="Equity"),
    PageEntry(
        "one_group",
        "One group",
        "pages/one_group.py",
        menu="Equity",
        filters=filters_of("enrollments", without=(COMPARE,)),
        formerly=("gap",),
    ),
    PageEntry(
        "gap_plan",
        "Gap plan",
        "pages/gap_plan.py",
        menu="Equity",
        filters=filters_of("enrollments", without=(PERIOD, COMPARE)),
        formerly=("plan",),
    ),
    PageEntry("money", "Money", "pages/money.py", menu="Money", filters=filters_of("funding"), formerly=("funding",)),
    PageEntry(
        "data_quality",
        "Data quality",
        "pages/data_quality.py",
        menu="Data",
        filters=filters_of("enrollments", without=("group", PERIOD, COMPARE)),
        formerly=("data_health",),
    ),
    PageEntry(
        "activity",
        "Activity",
        "pages/activity.py",
        menu="Data",
        filters=(),
        formerly=("usage",),
        is_about_delivery=False,
    ),
    PageEntry("definitions", "Definitions", "pages/definitions.py", menu="Data", filters=()),
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


def page_like(path: str) -> PageEntry | None:
    """Return the page that a typed address means, such as /My-Region, or /overview for the front page; None if there is none."""
    typed = path.strip("/").lower().replace("-", "_")
    return _BY_ID.get(typed) or moved().get(f"/{typed}")
