"""Small numbers, first line: what a protected reader gets in place of a count of 1 to 9, in every answer, at the door.

A row is shown whole or hidden whole. It is hidden where a count of people it shows, or that its numbers give away (the
misses of a rate, the people behind a median or a cost), is from 1 to `min_count` − 1; and where a hidden row of the same answer
could be worked out from it and a shown total. Nobody (0) and everybody are shown. What is not declared in queries/privacy/rules.py
is not shown at all.

The seam for what comes later: this looks at one answer. It does not yet stop a reader from subtracting answers of different
filters, dates or deliveries. Whatever does will stand between `protect` and `ask`, which alone knows reader, scope and rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from queries.access.rights import WITHHELD, View
from queries.context import QueryContext
from queries.models import Row
from queries.privacy.cells import Counts, Shape
from queries.privacy.patterns import PRIMARY, SECONDARY, UNSPECIFIED, Cell, exposed, hidden, is_small
from queries.privacy.rules import counted_people, shape_of
from queries.scope import PERIODS

SECONDARY_NOTE = "hidden to protect a smaller number"
UNSPECIFIED_NOTE = "too few to show apart"
UNDECLARED = "not shown to this role"
SIDE = " on one side"
IN_TIME = PERIODS[:-1]


def primary_note(min_count: int) -> str:
    """What stands in the place of a small count: "fewer than 10"; where the row as a whole is large enough, but not those
    who hit, or missed, or did not disclose, "fewer than 10 on one side"."""
    return f"fewer than {min_count}"


def is_hidden(row: Row) -> bool:
    """Whether a row's number is held back, and not merely missing."""
    note = row.note or ""
    return row.value is None and (note.startswith("fewer than ") or note in (SECONDARY_NOTE, UNSPECIFIED_NOTE, WITHHELD))


def protect(context: QueryContext, rows: Sequence[Row], view: View) -> list[Row]:
    """The rows as a protected reader may see them, in their order. view: from `queries.access.rights.view`."""
    viewer, shape = context.scope.viewer, shape_of(context.measure)
    if viewer is None or not view.is_protected:
        return list(rows)
    if shape is None:
        return [Row(key=row.key, group=row.group, part=row.part, value=None, note=UNDECLARED) for row in rows]
    min_count = viewer.min_count
    found, wholes = _found(context, rows, shape, view, min_count)
    notes = {PRIMARY: primary_note(min_count), SECONDARY: SECONDARY_NOTE, UNSPECIFIED: UNSPECIFIED_NOTE}
    shown = list(rows)
    for at, why in found.items():
        side = SIDE if why == PRIMARY and wholes[at] >= min_count else ""
        shown[at] = _without(rows[at], shape, notes[why] + side)
    shown = [_without(row, shape, WITHHELD) if row.key in view.withheld else row for row in shown]
    for names, counts in shape.alone.items():
        shown = _alone(context, rows, shown, names=names, counts=counts, view=view, min_count=min_count)
    shown = [_declared(row, shape) if row.key not in view.exempt else row for row in shown]
    shown = _without_charts(_without_neighbors(_of_the_highest(context, shown), shape))
    return running(context, rows, [_rounded(context, row) for row in shown], found, min_count)


def _found(
    context: QueryContext, rows: Sequence[Row], shape: Shape, view: View, min_count: int
) -> tuple[dict[int, str], Sequence[float]]:
    """Which rows are hidden and why, and how many people each row is about. A cost is hidden where its people are,
    whatever rows its dollars have."""
    if context.measure.type != "cost":
        listed = shape.looks(context, rows) if shape.looks else [shape.counts(row) for row in rows]
        cells = _cells(context, rows, shape, listed, view)
        return dict(hidden(cells, min_count)), [sum(cell.counts) for cell in cells]
    people = counted_people(context)
    behind = hidden(_cells(context, people, shape, [(row.value,) for row in people], view), min_count)
    why = {people[at].key: reason for at, reason in behind.items()}
    return {at: why[row.key] for at, row in enumerate(rows) if row.key in why}, [0] * len(rows)


def _cells(
    context: QueryContext, rows: Sequence[Row], shape: Shape, listed: Sequence[Sequence[float | None]], view: View
) -> list[Cell]:
    return [
        Cell(
            tuple(round(count or 0) for count in counts),
            tuple(shape.lines(context, row)),
            is_open=row.key in view.exempt,
            is_gone=row.key in view.withheld,
        )
        for row, counts in zip(rows, listed, strict=True)
    ]


def _without(row: Row, shape: Shape, note: str) -> Row:
    """The row without its numbers, but for those that count nobody."""
    return Row(
        key=row.key,
        group=row.group,
        part=row.part,
        value=None,
        numerator=row.numerator if "numerator" in shape.keeps else None,
        denominator=row.denominator if "denominator" in shape.keeps else None,
        note=note,
        extra={name: value for name, value in row.extra.items() if name in shape.free and name != "cumulative"},
    )


def _alone(
    context: QueryContext,
    rows: Sequence[Row],
    shown: Sequence[Row],
    *,
    names: tuple[str, ...],
    counts: Counts,
    view: View,
    min_count: int,
) -> list[Row]:
    """Hide one extra by itself where it is small, with as many others of it as it takes; rows hidden whole have none."""
    shape = shape_of(context.measure)
    assert shape is not None
    cells = _cells(context, rows, shape, [counts(row) for row in rows], view)
    cells = [replace(cell, is_gone=is_hidden(row)) for cell, row in zip(cells, shown, strict=True)]
    without: dict[str, Any] = dict.fromkeys(names)
    small = hidden(cells, min_count)
    return [
        replace(row, extra={**row.extra, **without}) if at in small and names[0] in row.extra else row
        for at, row in enumerate(shown)
    ]


def _declared(row: Row, shape: Shape) -> Row:
    """The row without the numbers among its extras that nobody has declared."""
    kept = {name: value for name, value in row.extra.items() if name in shape.declared or not _is_number(value)}
    return row if len(kept) == len(row.extra) else replace(row, extra=kept)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _of_the_highest(context: QueryContext, rows: Sequence[Row]) -> list[Row]:
    """Rows name the group with the highest rate, and its rate: only where that group's own row is shown beside them."""
    placed = context.by not in (None, "group")
    told = {(row.group, row.part, row.key if placed else None) for row in rows if row.value is not None}
    names = ("highest_rate", "screen_ratio", "screen_low", "screen_high")
    return [
        row
        if (row.extra.get("highest_group"), row.part, row.key if placed else None) in told
        else replace(row, extra={name: value for name, value in row.extra.items() if name not in names})
        for row in rows
    ]


NEIGHBORS = {"completed": "credential", "completion_rate": "credential_rate"}


def _without_neighbors(rows: Sequence[Row], shape: Shape) -> list[Row]:
    """Credentials are counted of completions: where a group's completions are hidden, what they are counted of tells them."""
    gone = {(row.group, NEIGHBORS[row.part], _place(row)) for row in rows if is_hidden(row) and row.part in NEIGHBORS}
    return [
        _without(row, shape, SECONDARY_NOTE) if (row.group, row.part, _place(row)) in gone and not is_hidden(row) else row
        for row in rows
    ]


def _place(row: Row) -> str | None:
    """The key, where it is not the group or the step itself."""
    return None if row.key in (row.group, row.part) else row.key


def _without_charts(rows: Sequence[Row]) -> list[Row]:
    """A control chart's center and limits pool every period: none is told where one of its periods is hidden."""
    names = ("center", "limit_low", "limit_high", "signal")
    gone = {(row.group, row.part) for row in rows if is_hidden(row)}
    return [
        replace(row, extra={name: value for name, value in row.extra.items() if name not in names})
        if (row.group, row.part) in gone and "center" in row.extra
        else row
        for row in rows
    ]


def _rounded(context: QueryContext, row: Row) -> Row:
    """Points of a gap as they are read, to a tenth: more places would tell the counts behind them."""
    if context.measure.unit != "points" or row.value is None:
        return row
    ends = [None if end is None else round(end, 3) for end in (row.low, row.high)]
    extra = {name: round(value, 3) if isinstance(value, float) else value for name, value in row.extra.items()}
    return replace(row, value=round(row.value, 3), low=ends[0], high=ends[1], extra=extra)


def running(context: QueryContext, rows: Sequence[Row], shown: Sequence[Row], found: dict[int, str], min_count: int) -> list[Row]:
    """Counts over time with `extra["cumulative"]`: the sum so far, where what is hidden since it was last told, and what is
    hidden after it, is each too many to give a small count away; None elsewhere. One row a period, oldest first."""
    if context.by not in IN_TIME or context.measure.denominator or context.measure.type not in ("counted", "slfrf", "gone_on"):
        return list(shown)
    values = [round(row.value or 0) for row in rows]
    since: list[int] = []
    so_far, told = 0, []
    for at, row in enumerate(shown):
        so_far += values[at]
        since += [at] if at in found else []
        ahead = [later for later in found if later > at]
        can_tell = (
            so_far >= min_count and _is_safe(since, values, found, min_count) and _is_safe(ahead, values, found, min_count)
        )
        since = [] if can_tell else since
        told.append(replace(row, extra={**row.extra, "cumulative": so_far if can_tell else None}))
    return told


def _is_safe(places: Sequence[int], values: Sequence[int], found: dict[int, str], min_count: int) -> bool:
    """Whether the sum of some hidden periods can be told."""
    if not places:
        return True
    whole = sum(values[at] for at in places)
    return not is_small(whole, min_count) and not exposed([(Cell((values[at],)), found[at]) for at in places], min_count)
