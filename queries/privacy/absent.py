"""What nobody reveals: zeros, and names that a breakdown leaves out because nobody is there.

On the day that a known resident enrolled, a count of zero for a group says as much as a name. So a zero is shown only
where every group of people that it is part of is large, and a breakdown lists every name of the delivery.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar, cast

from queries.calculators.counts import CountRow
from queries.calculators.registry import calculator_of, rows_of
from queries.context import QueryContext
from queries.dimensions import DIMENSIONS, TIME
from queries.models import Row
from queries.notes import NOBODY_TO_COUNT
from queries.scope import Scope

R = TypeVar("R", bound=Row)


def with_every_name(context: QueryContext, rows: Sequence[R]) -> list[R]:
    """Return the rows with a row for each name that the delivery has without the filters, in the order that these have then.

    Rows of counts and rates are added as zeros; others hold nothing but their names. Where such a row stands must not tell it from
    the other hidden rows.
    """
    if not _lists_names(context):
        return list(rows)
    present = {identity_of(row) for row in rows}
    every = {identity_of(row): row for row in _every_row(context)}
    missing = (row for name, row in every.items() if name not in present)
    result = [*rows, *(cast("R", _nobody(context, row)) for row in missing)]
    if context.by in TIME:
        return sorted(result, key=lambda row: row.key)
    places = {name: at for at, name in enumerate(every)}
    return sorted(result, key=lambda row: places.get(identity_of(row), len(places)))


def _every_row(context: QueryContext) -> Iterator[Row]:
    """Yield the rows without the filters: of a region, its towns, and those without a town if the delivery has any in any region."""
    scope = _open(context)
    yield from rows_of(replace(context, scope=scope))
    if context.by == "town" and scope.region:
        everywhere = rows_of(replace(context, scope=scope.but(region=None)))
        yield from (row for row in everywhere if row.key == context.model.empty)


def _lists_names(context: QueryContext) -> bool:
    """Return whether rows are names: not the parts of a gap, nor the periods of a group, which have no gaps between them."""
    return context.by in DIMENSIONS or not calculator_of(context.measure).is_about_groups


def _open(context: QueryContext) -> Scope:
    closed: dict[str, None] = {name: None for name, dimension in DIMENSIONS.items() if dimension.filters}
    public = {context.by, "region" if context.by == "town" else None}  # which towns a region has is no secret
    if calculator_of(context.measure).is_about_groups:
        public.add("group")  # the group is what the rows are about
    closed = {name: None for name in closed if name not in public}
    period = {} if context.by in TIME else {"since": None, "until": None}
    return context.scope.but(**closed, **period, group_side="in")


def identity_of(row: Row) -> tuple[Hashable, ...]:
    """Return what a row is about, to find it among the rows of another answer to the same question."""
    return row.key, row.group, row.part, getattr(row, "received", None)


def _nobody(context: QueryContext, row: R) -> R:
    empty = type(row)(key=row.key, value=None, group=row.group, part=row.part)
    if not isinstance(row, CountRow):
        return empty
    received = {"received": row.received} if hasattr(row, "received") else {}
    if context.measure.denominator is None:
        return replace(empty, value=0, numerator=row.numerator and 0, **received)
    return replace(empty, numerator=0, denominator=0, note=NOBODY_TO_COUNT, **received)


@dataclass(frozen=True)
class Surroundings:
    """The larger groups of people that the rows of an answer are part of: the same question with one dimension fewer.

    Attributes:
        context: The question.
        large: The size from which a group is large enough to show that nobody of it is in a row.
    """

    context: QueryContext
    large: int

    def may_show_zero(self, row: Row) -> bool:
        """Return whether every group of people that a row is part of is large."""
        return all(sizes.get(key, 0) >= self.large for sizes in self._sizes for key in _keys_in(sizes, row))

    @cached_property
    def _sizes(self) -> list[dict[str, float]]:
        """People by key, for each question with one dimension fewer; the key of a question without a breakdown is ""."""
        return [_people_by_key(context) for context in self._questions()]

    def _questions(self) -> Iterator[QueryContext]:
        context, scope = self.context, self.context.scope
        for name, dimension in DIMENSIONS.items():
            if dimension.filters and getattr(scope, name):
                fewer: dict[str, None] = {name: None}
                yield replace(context, scope=scope.but(**fewer, **({"group_side": "in"} if name == "group" else {})))
        if context.by is not None and context.by not in TIME:
            yield replace(context, by=None)


def _keys_in(sizes: dict[str, float], row: Row) -> tuple[str]:
    return ("",) if "" in sizes else (row.key,)


def _people_by_key(context: QueryContext) -> dict[str, float]:
    """Return the people behind each row; several rows of one key stand for the same people, so the largest counts."""
    disclosure = calculator_of(context.measure).disclosure_of(context.measure)
    if disclosure is None:
        return {}
    sizes: dict[str, float] = {}
    for row in rows_of(context):
        key = "" if context.by is None else row.key
        sizes[key] = max(sizes.get(key, 0), sum(count or 0 for count in disclosure.counts_in(row)))
    return sizes
