"""What a reader may see, decided once, for every question: the table of queries/access/policy.toml, held to at the door."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from queries.access.viewer import CLEARANCES, MIN_COUNT, PROTECTED, Viewer
from queries.calculators.registry import calculator_of
from queries.context import QueryContext
from queries.scope import AskError

TABLE = Path(__file__).with_name("policy.toml")
WITHHELD = "not part of your view"
ANSWERS = ("yes", "protected", "own region", "no")

DOMAINS = {"funding": "money", "courses": "online", "openings": "jobs"}
ABOUT_THE_DELIVERY = frozenset({"check_notices", "check_reasons", "check_tables", "unknowns"})
REFERENCE = frozenset(
    {"benchmarks", "deadlines", "groups", "initiatives", "intake", "outline", "regions", "sectors", "supplied"}
    | {"targets", "towns"}
)  # fmt: skip


class NotAllowed(AskError):
    """A table this reader may not see; its message is a sentence for the reader."""


@dataclass(frozen=True)
class View:
    """What becomes of one question. refusal: why it is not answered. is_protected: small numbers are hidden; but in the
    rows of the keys `exempt`, which the reader may see exactly. withheld: keys whose rows say only that they are not theirs."""

    refusal: str | None = None
    is_protected: bool = False
    exempt: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Role:
    """One column of the table."""

    id: str
    label: str
    clearance: str
    has_region: bool


@cache
def _table() -> dict:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


@cache
def roles() -> Mapping[str, Role]:
    """Every role by id, in the order of the table."""
    return {name: Role(name, **entry) for name, entry in _table()["role"].items()}


def subjects() -> Mapping[str, Mapping[str, str]]:
    """The rows of the table by id: `what` in words, an answer for each role, and `otherwise`."""
    return _table()["subject"]


def viewer(role: str, region: str | None = None, clearance: str | None = None, *, min_count: int = MIN_COUNT) -> Viewer:
    """A reader of this role, with the role's clearance where none is given. Raises AskError for what no reader can be."""
    known = roles().get(role)
    if known is None:
        raise AskError(f"There is no role “{role[:40]}”. Choose one of: {', '.join(roles())}.")
    if known.has_region != bool(region):
        raise AskError(f"The role {role} {'needs a region' if known.has_region else 'has no region'}.")
    if clearance not in (None, *CLEARANCES):
        raise AskError(f"A clearance is one of: {', '.join(CLEARANCES)}.")
    return Viewer(role, region, clearance or known.clearance, min_count)


def name_of(viewer: Viewer) -> str:
    """What a reader is called: "Board director, Northwest"."""
    label = roles()[viewer.role].label
    return f"{label}, {viewer.region}" if viewer.region else label


def answer_to(viewer: Viewer, subject: str, *, region: str | None = None) -> str:
    """The clearance a reader has for a subject while the region filter is `region`: exact, protected, or no."""
    said = subjects()[subject].get(viewer.role, "no")
    if said == "own region":
        said = "yes" if is_own(viewer, region) else "no"
    return viewer.clearance if said == "yes" else said


def is_own(viewer: Viewer, region: str | None) -> bool:
    """Whether a region is the reader's own."""
    return bool(viewer.region and region and viewer.region.casefold() == region.casefold())


def may_open(viewer: Viewer, page_id: str) -> bool:
    """Whether the page is part of the reader's view. A page the table does not list is nobody's."""
    subject = _table()["pages"].get(page_id)
    return subject is not None and answer_to(viewer, subject) != "no"


def why_closed(page_id: str) -> str:
    """The sentence for a reader who may not open a page."""
    subject = _table()["pages"].get(page_id)
    return str(subjects()[subject]["otherwise"]) if subject else "This page is not part of your view."


def view(context: QueryContext) -> View:
    """What the reader of a run may see of its answer."""
    who = context.scope.viewer
    if who is None:
        return View()
    told = {subject: answer_to(who, subject, region=context.scope.region) for subject in subjects_of(context, who)}
    beside = _beside(context, who, told)
    for subject, answer in told.items():
        if answer == "no" and subject not in beside:
            return View(refusal=str(subjects()[subject]["otherwise"]))
    if PROTECTED not in told.values() and not beside:
        return View()
    own = _own_keys(context, who)
    keys = frozenset(_keys(context)) if beside else frozenset()
    exact = who.clearance != PROTECTED
    return View(is_protected=True, exempt=own if exact else frozenset(), withheld=keys - own)


def subjects_of(context: QueryContext, who: Viewer) -> Iterator[str]:
    """The rows of the table one question touches: where, about what, and how close to a person."""
    calculator, by, region = calculator_of(context.measure), context.by, context.scope.region
    if context.measure.model in DOMAINS:
        yield DOMAINS[context.measure.model]
    groups = bool(context.scope.group) or by == "group" or calculator.is_about_groups
    prefix = "groups_" if groups else ""
    if by == "region" and not is_own(who, region):
        yield f"{prefix}other_region"
    yield prefix + ("state" if region is None else "own_region" if is_own(who, region) else "other_region")
    if not groups:
        return
    if by == "town":
        yield "groups_by_town"
    if by in ("program", "provider", "intake") or calculator.shows_programs:
        yield "groups_by_program"
    if calculator.compares_pairs:
        yield "several_groups"


def _beside(context: QueryContext, who: Viewer, told: Mapping[str, str]) -> set[str]:
    """Subjects that are refused for the other rows of a breakdown by region only: those rows are withheld, one's own stays."""
    other = "groups_other_region"
    if context.by == "region" and context.scope.region is None and who.region and told.get(other) == "no":
        return {other}
    return set()


def _own_keys(context: QueryContext, who: Viewer) -> frozenset[str]:
    if who.region is None or context.by not in ("region", "town"):
        return frozenset()
    if context.by == "region":
        return frozenset(key for key in _keys(context) if is_own(who, key))
    return frozenset(row["town"] for row in context.listing("towns") if is_own(who, row["region"]))


def _keys(context: QueryContext) -> list[str]:
    return [*(row["region"] for row in context.listing("regions")), "Not recorded", "Not assigned"]


def of_listing(name: str, who: Viewer | None) -> str | None:
    """The clearance a reader has for a listing: exact, protected; None for a table that counts nobody, or no reader.

    Raises NotAllowed where the listing is not part of the reader's view.
    """
    if who is None or name in REFERENCE:
        return None
    answer = answer_to(who, "data_health") if name in ABOUT_THE_DELIVERY else "no"
    if answer == "no":
        raise NotAllowed(str(subjects()["data_health"]["otherwise"]))
    return answer
