"""The release family: the questions about people that a protected reader can ask, and the nearest one to any other.

The family is closed and small, so that what its answers reveal together can be known: see family.toml, which defines it, and
docs/adr/0006-release-family.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypedDict, cast

from queries.access.rights import answer_to, is_home_region
from queries.access.viewer import PROTECTED
from queries.calculators.counts import MODELS_OF_PEOPLE, POSITIONS_OF_RESIDENTS
from queries.calculators.registry import calculator_of
from queries.context import QueryContext
from queries.dimensions import DIMENSIONS, TIME
from queries.privacy.nearest_period import nearest_period
from queries.privacy.nearest_words import AS_OF_DELIVERY, ON_SCREEN, PEOPLE, in_words, refusal, refused_question
from queries.registry import Measure, facts
from queries.scope import Scope

FILE = Path(__file__).with_name("family.toml")


class _Periods(TypedDict):
    kinds: Sequence[str]
    breakdowns: Mapping[str, str]


class _Dimensions(TypedDict):
    most: int
    most_in_period: int
    left_out_first: Sequence[str]
    apart: Mapping[str, Sequence[str]]


class _FirstUnderFilters(TypedDict):
    measures: Sequence[str]


class _Family(TypedDict):
    """The content of family.toml."""

    periods: _Periods
    dimensions: _Dimensions
    statewide: Mapping[str, Sequence[str]]
    single_dimension: Mapping[str, Sequence[str]]
    group_only: Mapping[str, Sequence[str]]
    first_under_filters: _FirstUnderFilters
    stems: Mapping[str, str]
    includes: Mapping[str, str]
    links: Mapping[str, str]


@dataclass(frozen=True)
class Nearest:
    """The question inside the family that is nearest to another.

    Attributes:
        by: Its breakdown.
        scope: Its filters.
        changes: What is different, a clause each; empty if the question was inside.
        refused: The reader's question in words, where it was outside.
    """

    by: str | None
    scope: Scope
    changes: tuple[str, ...] = ()
    refused: str = PEOPLE

    @property
    def sentence(self) -> str | None:
        """A sentence for the reader about what is different; None if nothing is."""
        return refusal(self.refused, self.changes) if self.changes else None


@cache
def _family() -> _Family:
    return cast("_Family", tomllib.loads(FILE.read_text(encoding="utf-8")))


def nearest_question(context: QueryContext, *, current: str) -> Nearest:
    """Return the question inside the family that is nearest to a protected reader's question.

    Args:
        context: The question.
        current: The delivery on screen.
    """
    if not counts_people(context.measure):
        return Nearest(context.by, context.scope)
    result = _nearest_of_people(context, current)
    calculator = calculator_of(context.measure)
    default = calculator.default_by if calculator.default_by in TIME else None
    shown = {"group": calculator.is_about_groups, "program": calculator.shows_programs}
    breakdowns = dict.fromkeys([*(name for name, is_shown in shown.items() if is_shown), context.by or default or ""])
    is_narrow = any(
        context.measure.type in _family()[name]["types"] for name in ("statewide", "single_dimension", "group_only")
    )
    what = f"numbers on “{context.measure.label}”" if is_narrow else PEOPLE
    by = [name for name in breakdowns if name]
    return replace(result, refused=refused_question(context.scope, result.changes, breakdowns=by, what=what))


def _nearest_of_people(context: QueryContext, current: str) -> Nearest:
    if context.measure.type in _family()["statewide"]["types"]:
        return _undated(context, current, None, most=0)
    dimensions = only_dimensions(context.measure)
    if dimensions is not None:
        return _undated(context, current, context.by if context.by in dimensions else None, most=1)
    if context.measure.type in _family()["group_only"]["types"]:
        by = context.by if context.by in _family()["group_only"]["dimensions"] else None
        return _undated(context, current, by, most=2 if by else 1, fixed=("group",))
    calculator = calculator_of(context.measure)
    by = _family()["periods"]["breakdowns"].get(context.by or "", context.by)
    if by in DIMENSIONS and not DIMENSIONS[by].is_membership and takes_only_filters(context, by):
        by = None
    changes = [f"by {in_words(by)}" if by else "in total"] if by != context.by else []
    inside = {"group": calculator.is_about_groups, "program": calculator.shows_programs, by or "": by in DIMENSIONS}
    fixed = [name for name, counts in inside.items() if counts]
    is_in_period = by in TIME or (by is None and calculator.default_by in TIME)
    result = _nearest_scope(context.scope, current, context.delivery.delivered_on, fixed, is_in_period=is_in_period)
    return replace(result, by=by, changes=(*changes, *result.changes))


def takes_only_filters(context: QueryContext, name: str) -> bool:
    """Return whether a measure can be filtered by a dimension, but not broken down by it: its rows would differ from the filter."""
    is_listed = context.measure.id in _family()["first_under_filters"]["measures"]
    return is_listed and (name in context.model.filters or facts()[context.measure.fact].first)


def only_dimensions(measure: Measure) -> Sequence[str] | None:
    """Return the dimensions of a measure that can be asked for with one of them only, for all time; None for most measures."""
    narrow = _family()["single_dimension"]
    return narrow["dimensions"] if measure.type in narrow["types"] else None


def _undated(context: QueryContext, current: str, by: str | None, *, most: int, fixed: Sequence[str] = ()) -> Nearest:
    """Return the nearest question about all time with this breakdown and at most so many dimensions, the fixed ones among them."""
    changes = [f"by {in_words(by)}" if by else "in total"] if by != context.by else []
    changes += ["for all time"] if context.scope.since or context.scope.until else []
    undated = context.scope.but(since=None, until=None)
    fixed = [*fixed, *([by] if by in DIMENSIONS else [])]
    result = _nearest_scope(undated, current, context.delivery.delivered_on, fixed, is_in_period=False, most=most)
    return Nearest(by, result.scope, (*changes, *result.changes))


def nearest_scope(scope: Scope, *, current: str, delivered_on: date) -> Nearest:
    """Return the filters inside the family that are nearest to a reader's; for an exact reader, the same filters.

    Args:
        scope: The filters, with the reader.
        current: The delivery on screen.
        delivered_on: Its date.
    """
    if not is_limited(scope):
        return Nearest(None, scope)
    result = _nearest_scope(scope, current, delivered_on, (), is_in_period=False)
    return replace(result, refused=refused_question(scope, result.changes))


def is_limited(scope: Scope) -> bool:
    """Return whether the reader is protected under these filters."""
    if scope.viewer is None:
        return False
    home = is_home_region(scope.viewer, scope.region)
    subject = "state" if scope.region is None else "own_region" if home else "other_region"
    return answer_to(scope.viewer, subject, region=scope.region) == PROTECTED


def counts_people(measure: Measure) -> bool:
    """Return whether a measure counts people, and not dollars or positions."""
    return measure.model in MODELS_OF_PEOPLE or measure.id in POSITIONS_OF_RESIDENTS or bool(measure.per)


def stem_of(measure: Measure) -> str:
    """Return the measure that gives its name to the measures that are hidden with this one; by default itself."""
    return _family()["stems"].get(measure.id, measure.id)


def included_in(stem: str) -> str | None:
    """Return the stem whose hidden cells are hidden in this one too; None for most."""
    return _family()["includes"].get(stem)


def is_apart(first: str, second: str) -> bool:
    """Return whether two dimensions cannot be combined; a group may have its id: "group=veteran"."""
    names = {first.partition("=")[0], second.partition("=")[0]}
    apart = _family()["dimensions"]["apart"]
    return any(name in names and names.intersection(others) for name, others in apart.items())


def base_of_link(measure: Measure) -> str | None:
    """Return the measure whose people the rows of another show; None for most."""
    return measure.per or _family()["links"].get(measure.id)


def _nearest_scope(
    scope: Scope,
    current: str,
    delivered_on: date,
    fixed: Sequence[str],
    *,
    is_in_period: bool,
    most: int | None = None,
) -> Nearest:
    changes: list[str] = []
    if scope.delivery not in (None, current):
        changes.append(ON_SCREEN)
    if scope.as_of not in (None, delivered_on):
        changes.append(AS_OF_DELIVERY)
    since, until, words = nearest_period(scope.since, scope.until, delivered_on, _family()["periods"]["kinds"])
    changes += [words] if words else []
    limits = _family()["dimensions"]
    if most is None:
        most = limits["most_in_period"] if is_in_period or since else limits["most"]
    left_out = _left_out(scope, fixed, most)
    if len(fixed) > most and since and not is_in_period:
        # what the question itself consists of is too much for a period, which gives way
        since, until = None, None
        changes = [*(change for change in changes if change != words), "for all time"]
        left_out = _left_out(scope, fixed, limits["most"])
    changes += [f"without the {in_words(name)}" for name in left_out]
    closed: dict[str, None] = dict.fromkeys(left_out)
    side: dict[str, str] = {"group_side": "in"} if "group" in closed else {}
    result = scope.but(**closed, **side, since=since, until=until, as_of=None, delivery=current)
    return Nearest(None, result if changes else scope, tuple(changes))


def _left_out(scope: Scope, fixed: Sequence[str], most: int) -> list[str]:
    """Return the filters to leave out so that no more than `most` dimensions remain with those of the question itself."""
    filters = [n for n, each in DIMENSIONS.items() if each.filters and getattr(scope, n) and n not in fixed]
    order = list(_family()["dimensions"]["left_out_first"])
    if scope.viewer is not None and is_home_region(scope.viewer, scope.region):
        order = [*(name for name in order if name != "region"), "region"]
    filters.sort(key=lambda name: order.index(name) if name in order else -1)
    apart = [name for name in filters if any(is_apart(name, other) for other in fixed)]
    filters = [name for name in filters if name not in apart]
    left_out = [*apart, *filters[: max(len(filters) + len(fixed) - most, 0)]]
    remaining = [name for name in filters if name not in left_out]
    return left_out + [name for name in remaining[:1] if any(is_apart(name, other) for other in remaining[1:])]
