"""What measures are counted from: which rows, which breakdowns and filters those rows know, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queries.scope import PERIODS

TIME = PERIODS[:-1]


@dataclass(frozen=True)
class Source:
    """One kind of rows. base and named name files in queries/sql/base; breakdowns map to the columns they need supplied
    (any of them will do; none = always there); filters are those fields of the scope that the rows know."""

    what: str
    base: str
    named: str
    breakdowns: Mapping[str | None, tuple[str, ...]]
    filters: tuple[str, ...]


def _of(**columns: tuple[str, ...]) -> dict[str | None, tuple[str, ...]]:
    found: dict[str | None, tuple[str, ...]] = {None: ()}
    found.update(columns)
    found.update({period: () for period in TIME})
    return found


PEOPLE = Source(
    "residents",
    "scoped",
    "named_residents",
    _of(
        initiative=("enrollments.initiative",),
        region=("enrollments.town", "enrollments.region"),
        town=("enrollments.town",),
        sector=("enrollments.sector",),
        group=(),
        program=("enrollments.program",),
        provider=("enrollments.provider",),
        intake=("enrollments.referred_by",),
        weeks_back=(),
    ),
    ("initiative", "region", "sector", "group"),
)
DOLLARS = Source(
    "dollars",
    "ledger",
    "named_dollars",
    _of(initiative=(), region=("funding.region",), sector=("funding.sector",), provider=(), category=()),
    ("initiative", "region", "sector"),
)
COURSES = Source(
    "online courses",
    "registrations",
    "named_registrations",
    _of(platform=(), subject=(), course=(), eligibility=(), region=("courses.town",), town=("courses.town",)),
    ("region",),
)
OPENINGS = Source(
    "openings",
    "postings",
    "named_postings",
    _of(sector=(), employer=(), source=(), region=("openings.town",), town=("openings.town",)),
    ("region", "sector"),
)
MEETINGS = Source(
    "initiatives",
    "meetings",
    "named_meetings",
    _of(initiative=(), region=("enrollments.town", "enrollments.region")),
    ("region",),
)
SOURCES: Mapping[str, Source] = {
    "enrollments": PEOPLE,
    "funding": DOLLARS,
    "courses": COURSES,
    "openings": OPENINGS,
    "meetings": MEETINGS,
}
