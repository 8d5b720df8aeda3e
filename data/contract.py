"""The export contract as data: tables, columns, which may be empty, keys and closed lists of values.

Everything that reads a delivery uses it. A layout may have other groups than Connecticut's seven, so `tables(groups)`
makes the enrollments table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Kind = Literal["text", "date", "boolean", "money", "number", "count"]

GROUPS = ("bipoc", "disability", "reentry", "opportunity_youth", "veteran", "immigrant", "woman")
LONGEST_TEXT = 200
EXAMPLE = "EXAMPLE"  # the key of the template's example row, which is never counted
EARLIEST = date(1990, 1, 1)  # earlier dates are mistakes, unless a layout sets another date


@dataclass(frozen=True)
class Column:
    """A column of the contract.

    Attributes:
        name: Its header.
        kind: Its type.
        optional: Whether cells may be empty.
        essential: Whether even a layout must supply it.
        names: The list of known names that its values are matched to.
    """

    name: str
    kind: Kind = "text"
    optional: bool = False
    essential: bool = False
    names: str | None = None


@dataclass(frozen=True)
class Table:
    """A table of a delivery. A `required` table may be missing only under a layout."""

    name: str
    key: str
    columns: tuple[Column, ...]
    required: bool = True

    def column(self, name: str) -> Column | None:
        """Return the column with that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


# Lists of names that are not reference tables, such as outcomes and ledger categories.
CLOSED: dict[str, tuple[str, ...]] = {
    "outcome": ("completed", "withdrew", "excluded"),
    "category": ("training", "child care", "transportation", "technology", "outreach", "administration"),
    "kind": ("allocated", "obligated", "expended"),
    "platform": ("Metrix", "180 Skills"),
    "eligibility": ("unemployment claimant", "student"),
    "opening_source": ("jobs portal", "hiring commitment"),
}
# Lists of names that are reference tables: list → (table, column).
REFERENCED: dict[str, tuple[str, str]] = {
    "initiative": ("initiatives", "initiative"),
    "sector": ("sectors", "sector"),
    "town": ("towns", "town"),
    "region": ("regions", "region"),
    "intake": ("intake_organizations", "intake"),
}

_WORDS: dict[str, Kind] = {
    "date": "date", "boolean": "boolean", "money": "money", "number": "number", "count": "count",
}  # fmt: skip


def _columns(*lines: str) -> tuple[Column, ...]:
    """Parse columns written as `name[?][!] [kind | =list]`: `?` optional, `!` essential, `=list` matched to names."""
    result = []
    for line in lines:
        name, _, rest = line.partition(" ")
        result.append(
            Column(
                name=name.strip("?!"),
                kind=_WORDS.get(rest, "text"),
                optional="?" in name,
                essential="!" in name,
                names=rest[1:] if rest.startswith("=") else None,
            )
        )
    return tuple(result)


_BEFORE_GROUPS = _columns(
    "enrollment_id!", "participant_id!", "initiative! =initiative", "program", "provider", "sector? =sector",
    "town? =town", "region? =region", "referred_by? =intake", "applied_on! date", "enrolled_on? date",
    "started_on? date", "planned_end_on? date",
)  # fmt: skip
_AFTER_GROUPS = _columns("child_care boolean", "transportation boolean", "technology boolean")

_ENROLLMENTS = Table("enrollments", "enrollment_id", ())
_OTHERS = (
    Table("completions", "enrollment_id", _columns(
        "enrollment_id!", "exited_on! date", "outcome =outcome", "credential?", "credential_on? date",
        "stackable? boolean", "employed_on? date", "employed_q2? boolean", "employed_q4? boolean",
        "hourly_wage_before? money", "hourly_wage_after? money",
    )),
    Table("funding", "transaction_id", _columns(
        "transaction_id!", "award_id", "recipient", "initiative =initiative", "sector? =sector",
        "region? =region", "category =category", "kind! =kind", "amount! money", "posted_on! date",
    )),
    Table("courses", "registration_id", _columns(
        "registration_id!", "participant_id!", "platform =platform", "course", "subject",
        "eligibility =eligibility", "town? =town", "registered_on! date", "completed_on? date", "hours? number",
        "credit_earned boolean",
    ), required=False),
    Table("openings", "opening_id", _columns(
        "opening_id!", "employer", "source =opening_source", "sector =sector", "town? =town", "positions! count",
        "posted_on! date", "closed_on? date", "filled count", "filled_by_participants count",
    ), required=False),
)  # fmt: skip

KEYS = {table.name: table.key for table in (_ENROLLMENTS, *_OTHERS)}
TABLE_NAMES = tuple(KEYS)


def tables(groups: Iterable[str] = GROUPS) -> dict[str, Table]:
    """Return the contract's tables by name, with a nullable boolean column in enrollments for each group."""
    group_columns = tuple(Column(group, "boolean", optional=True) for group in groups)
    enrollments = replace(_ENROLLMENTS, columns=_BEFORE_GROUPS + group_columns + _AFTER_GROUPS)
    return {table.name: table for table in (enrollments, *_OTHERS)}


def for_layout(table: Table) -> Table:
    """Return the table as a layout must supply it: only the essential columns are required and may not be empty."""
    return replace(table, columns=tuple(replace(c, optional=not c.essential) for c in table.columns))
