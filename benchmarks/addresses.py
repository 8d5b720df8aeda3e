"""Choose addresses whose answers nobody has asked for: other filters, and other dates, for every page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from benchmarks.results import Kind
from components.page_list import PAGES, PageEntry
from queries import Question, Scope, ask, listing

_ADDRESSES = 2  # for each page: eight sectors and three initiatives make 24 pairs, enough for twelve pages
_DAYS_BACK = 31  # of the first past date; the next ones are further back
_DAYS_APART = 13
_MONTHS_BACK = 6


@dataclass(frozen=True, kw_only=True)
class Known:
    """What readers can choose in the published delivery."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    initiatives: tuple[str, ...]
    latest: date


def known() -> Known:
    """Return what readers can choose in the published delivery."""

    def names(table: str, column: str) -> tuple[str, ...]:
        return tuple(str(row[column]) for row in listing(table, Scope()))

    return Known(
        regions=names("regions", "region"),
        sectors=names("sectors", "sector"),
        initiatives=names("initiatives", "initiative"),
        latest=ask(Question("residents_enrolled")).delivery.delivered_on,
    )


def numbered_pages() -> list[PageEntry]:
    """Return the pages with a region to choose, first those that share the pairs of a sector and an initiative."""
    return sorted(
        (page for page in PAGES if "region" in page.filters),
        key=lambda page: not {"sector", "initiative"} <= set(page.filters),
    )


def new_addresses(kind: Kind, page: int, filters: Collection[str], choices: Known) -> Iterator[str]:
    """Yield the query strings under which every region of a page is a new question.

    Args:
        kind: Three filters (the region is the third), a past date, or both.
        page: The page's number. Pages share answers, so each gets other filters or another date.
        filters: The labels of the filters that the page has.
        choices: What readers can choose.
    """
    for turn in range(_ADDRESSES):
        number = _ADDRESSES * page + turn
        query: dict[str, str] = {}
        if kind != Kind.PAST:
            query |= _two_filters(number, filters, choices)
        if kind != Kind.THREE_FILTERS:
            back = _DAYS_BACK + _DAYS_APART * (2 * number + (kind == Kind.PAST))
            query["as_of"] = (choices.latest - timedelta(days=back)).isoformat()
        yield "?" + urlencode(query)


def _two_filters(number: int, filters: Collection[str], choices: Known) -> dict[str, str]:
    """Return a sector and an initiative, or the beginning of the period in place of one that the page does not have."""
    sectors, initiatives = choices.sectors, choices.initiatives
    query = {}
    if "Sector" in filters:
        query["sector"] = sectors[number % len(sectors)]
    if "Initiative" in filters:
        query["initiative"] = initiatives[number // len(sectors) % len(initiatives)]
    if len(query) < 2:
        months = choices.latest.year * 12 + choices.latest.month - 1 - _MONTHS_BACK - number
        query["from"] = date(months // 12, months % 12 + 1, 1).isoformat()
    return query
