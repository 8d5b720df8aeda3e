"""Decide what a reader may see of every answer, from the table in queries/access/policy.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict, cast

from queries.access.viewer import CLEARANCES, MIN_COUNT, PROTECTED, Viewer
from queries.calculators.registry import calculator_of
from queries.context import QueryContext
from queries.dimensions import DIMENSIONS, FILTERS
from queries.scope import AskError

TABLE = Path(__file__).with_name("policy.toml")
WITHHELD = "not part of your view"
EXACT_ONLY = "These counts of residents are often small. They are only for readers whose role sees exact counts."

DOMAINS = {"funding": "money", "awards": "money", "courses": "online", "openings": "jobs"}
ABOUT_THE_DELIVERY = frozenset({"check_notices", "check_reasons", "check_tables", "unknowns"})
REFERENCE = frozenset(
    {"areas", "benchmarks", "deadlines", "intake", "programs", "supplied", "targets", "towns"}
    | {dimension.reference for dimension in FILTERS.values()}
)


class _RoleEntry(TypedDict):
    """One [role.…] section of policy.toml."""

    label: str
    first_page: str
    clearance: str
    has_region: bool


class _Policy(TypedDict):
    """The content of policy.toml."""

    role: Mapping[str, _RoleEntry]
    subject: Mapping[str, Mapping[str, str]]
    pages: Mapping[str, str]


class NotAllowed(AskError):  # noqa: N818 - a refusal, not an error; pages import it by this name
    """The reader may not see this table. The message is a sentence for the reader."""


@dataclass(frozen=True)
class View:
    """What a reader may see of one answer.

    Attributes:
        refusal: Why the question is not answered, in a sentence. None if it is answered.
        is_protected: Whether small counts are suppressed.
        exempt: Keys whose rows the reader may see exactly even so.
        withheld: Keys whose rows only say that they are not part of the reader's view.
    """

    refusal: str | None = None
    is_protected: bool = False
    exempt: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Role:
    """One role: a column of the policy table."""

    id: str
    label: str
    first_page: str
    clearance: str
    has_region: bool


@cache
def _table() -> _Policy:
    return cast("_Policy", tomllib.loads(TABLE.read_text(encoding="utf-8")))


@cache
def roles() -> Mapping[str, Role]:
    """Return every role by id, in the order of the policy table."""
    return {name: Role(name, **entry) for name, entry in _table()["role"].items()}


def subjects() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of the policy table by id: `what` in words, an answer for each role, and the refusal in `otherwise`."""
    return _table()["subject"]


def viewer(role: str, region: str | None = None, clearance: str | None = None, *, min_count: int = MIN_COUNT) -> Viewer:
    """Return a reader of this role.

    Args:
        role: A role id of the policy table.
        region: The region of a role that has one.
        clearance: Exact or protected. The role's clearance by default.
        min_count: Counts of people below this are suppressed for a protected reader.

    Raises:
        AskError: There is no such role or clearance, or the region is missing or out of place.
    """
    known = roles().get(role)
    if known is None:
        raise AskError(f"There is no role “{role[:40]}”. Choose one of: {', '.join(roles())}.")
    if known.has_region != bool(region):
        raise AskError(f"The role {role} {'needs a region' if known.has_region else 'has no region'}.")
    if clearance not in (None, *CLEARANCES):
        raise AskError(f"A clearance is one of: {', '.join(CLEARANCES)}.")
    return Viewer(role, region, clearance or known.clearance, min_count)


def name_of(viewer: Viewer) -> str:
    """Return a reader's name for the screen, such as "Board director, Northwest"."""
    label = roles()[viewer.role].label
    return f"{label}, {viewer.region}" if viewer.region else label


def answer_to(viewer: Viewer, subject: str, *, region: str | None = None) -> str:
    """Return a reader's clearance for a subject under a region filter: exact, protected, or no."""
    answer = subjects()[subject].get(viewer.role, "no")
    if answer == "own region":
        answer = "yes" if is_home_region(viewer, region) else "no"
    return viewer.clearance if answer == "yes" else answer


def is_home_region(viewer: Viewer, region: str | None) -> bool:
    """Return whether a region is the one the reader's board is responsible for."""
    return bool(viewer.region and region and viewer.region.casefold() == region.casefold())


def may_open(viewer: Viewer, page_id: str) -> bool:
    """Return whether the page is part of the reader's view. Nobody may open a page that the policy does not list."""
    subject = _table()["pages"].get(page_id)
    return subject is not None and answer_to(viewer, subject) != "no"


def may_write_notes(viewer: Viewer) -> bool:
    """Return whether the reader may write dated notes and remove them."""
    return answer_to(viewer, "notes") != "no"


def may_read_queries(viewer: Viewer | None) -> bool:
    """Return whether the SQL behind a number is part of the reader's view. None is the operator, who has the files."""
    return viewer is None or answer_to(viewer, "queries") != "no"


def why_no_query() -> str:
    """Return the sentence for a reader who may not read queries."""
    return str(subjects()["queries"]["otherwise"])


def why_closed(page_id: str) -> str:
    """Return the sentence for a reader who may not open a page."""
    subject = _table()["pages"].get(page_id)
    return str(subjects()[subject]["otherwise"]) if subject else "This page is not part of your view."


def view(context: QueryContext) -> View:
    """Return what the reader may see of the answer to a question."""
    who = context.scope.viewer
    if who is None:
        return View()
    answers = {subject: answer_to(who, subject, region=context.scope.region) for subject in subjects_of(context, who)}
    withheld_subjects = _withheld_subjects(context, who, answers)
    for subject, answer in answers.items():
        if answer == "no" and subject not in withheld_subjects:
            return View(refusal=str(subjects()[subject]["otherwise"]))
    if PROTECTED not in answers.values() and not withheld_subjects:
        return View()
    if calculator_of(context.measure).is_exact_only:
        return View(refusal=EXACT_ONLY)
    home_keys = _home_keys(context, who)
    keys = frozenset(_keys(context)) if withheld_subjects else frozenset()
    exact = who.clearance != PROTECTED
    return View(is_protected=True, exempt=home_keys if exact else frozenset(), withheld=keys - home_keys)


def subjects_of(context: QueryContext, who: Viewer) -> Iterator[str]:
    """Yield the policy subjects that a question touches: the place, the topic, and how close it comes to individuals."""
    calculator, by, region = calculator_of(context.measure), context.by, context.scope.region
    if context.measure.model in DOMAINS:
        yield DOMAINS[context.measure.model]
    groups = bool(context.scope.group) or by == "group" or calculator.is_about_groups
    prefix = "groups_" if groups else ""
    if by == "region" and not is_home_region(who, region):
        yield f"{prefix}other_region"
    yield prefix + ("state" if region is None else "own_region" if is_home_region(who, region) else "other_region")
    if not groups:
        return
    for name in (by, *context.scope.filters):
        if name in DIMENSIONS and DIMENSIONS[name].group_subject:
            yield DIMENSIONS[name].group_subject
    if calculator.shows_programs:
        yield "groups_by_program"
    if calculator.compares_pairs:
        yield "several_groups"


def _withheld_subjects(context: QueryContext, who: Viewer, answers: Mapping[str, str]) -> set[str]:
    """Return the subjects that are refused only for the other regions of a breakdown, whose rows are then withheld."""
    other = "groups_other_region"
    if context.by == "region" and context.scope.region is None and who.region and answers.get(other) == "no":
        return {other}
    return set()


def _home_keys(context: QueryContext, who: Viewer) -> frozenset[str]:
    if who.region is None or context.by not in ("region", "town"):
        return frozenset()
    if context.by == "region":
        return frozenset(key for key in _keys(context) if is_home_region(who, key))
    return frozenset(row["town"] for row in context.listing("towns") if is_home_region(who, row["region"]))


def _keys(context: QueryContext) -> list[str]:
    return [*(row["region"] for row in context.listing("regions")), "Not recorded", "Not assigned"]


def of_listing(name: str, who: Viewer | None) -> str | None:
    """Return a reader's clearance for a listing.

    Returns:
        Exact or protected. None for reference tables, which count nobody, and without a reader.

    Raises:
        NotAllowed: The listing is not part of the reader's view.
    """
    if who is None or name in REFERENCE:
        return None
    answer = answer_to(who, "data_health") if name in ABOUT_THE_DELIVERY else "no"
    if answer == "no":
        raise NotAllowed(str(subjects()["data_health"]["otherwise"]))
    return answer
