"""Sources: the kinds of rows that measures are counted from, with their breakdowns and filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queries.scope import PERIODS

TIME = PERIODS[:-1]  # the calendar periods, without weeks back


@dataclass(frozen=True)
class Source:
    """One kind of row that measures are counted from.

    Attributes:
        what: What the rows are, in words.
        base: The file in queries/sql/base with the rows in scope.
        dimension: The file in queries/sql/base with the values of the breakdown.
        breakdowns: Each breakdown, with the columns of which a delivery must supply one (none: always there).
        filters: The fields of the scope that the rows record.
    """

    what: str
    base: str
    dimension: str
    breakdowns: Mapping[str | None, tuple[str, ...]]
    filters: tuple[str, ...]


def _breakdowns(**columns: tuple[str, ...]) -> dict[str | None, tuple[str, ...]]:
    """Return these breakdowns with those that every source has: none, and the calendar periods."""
    breakdowns: dict[str | None, tuple[str, ...]] = {None: ()}
    return breakdowns | columns | {period: () for period in TIME}


PEOPLE = Source(
    "residents",
    "enrollments_as_of",
    "dimension_of_residents",
    _breakdowns(
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
    "funding_as_of",
    "dimension_of_dollars",
    _breakdowns(initiative=(), region=("funding.region",), sector=("funding.sector",), provider=(), category=()),
    ("initiative", "region", "sector"),
)
COURSES = Source(
    "online courses",
    "registrations_as_of",
    "dimension_of_registrations",
    _breakdowns(platform=(), subject=(), course=(), eligibility=(), region=("courses.town",), town=("courses.town",)),
    ("region",),
)
OPENINGS = Source(
    "openings",
    "openings_as_of",
    "dimension_of_openings",
    _breakdowns(sector=(), employer=(), source=(), region=("openings.town",), town=("openings.town",)),
    ("region", "sector"),
)
MEETINGS = Source(
    "initiatives",
    "initiative_contacts",
    "dimension_of_contacts",
    _breakdowns(initiative=(), region=("enrollments.town", "enrollments.region")),
    ("region",),
)
SOURCES: Mapping[str, Source] = {
    "enrollments": PEOPLE,
    "funding": DOLLARS,
    "courses": COURSES,
    "openings": OPENINGS,
    "meetings": MEETINGS,
}
