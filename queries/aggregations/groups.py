"""Aggregations by underrepresented group: those in it, those known not to be, and those who did not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from queries.aggregations.events import Events, order
from queries.aggregations.supports import SUPPORTS

IN, OUT = "member_bits & bit > 0", "answered_bits & ~member_bits & bit > 0"
_SIDE = f"case when {IN} then 'in' when {OUT} then 'out' else 'undisclosed' end as side"
SIDE_SUMS = ("successes", "known", "hh", "hm", "mm")
PLACES = ("sector", "region", "provider", "program")
_SIDE_COLUMNS = {side: [(name, f"{name}_{side}") for name in SIDE_SUMS] for side in ("in", "out", "undisclosed")}
_NO_SIDES = {column: 0 for columns in _SIDE_COLUMNS.values() for _, column in columns}
MONTH = "year({date}) * 12 + month({date}) - 1"


def participation(events: Events) -> str:
    """Residents of each group, residents who answered, and all residents. One row for each key and group."""
    return (
        f"select\n    {events.first('group_id')},\n    cast(coalesce(sum(residents) filter (where {IN}), 0) as bigint) as numerator,"
        "\n    cast(coalesce(sum(residents) filter (where answered_bits & bit > 0), 0) as bigint) as denominator,"
        f"\n    cast(sum(residents) as bigint) as everyone\nfrom {_answers(events)}\ncross join ref_groups{events.group}"
        f"\ngroup by {events.first('group_id', 'bit')}\norder by {order(events, 'bit')}"
    )


def _answers(events: Events) -> str:
    """Residents by what they answered about every group: fewer rows than residents, so that groups are joined to fewer."""
    return (
        f"(\n    select {events.first('member_bits', 'answered_bits')}, count(*) as residents"
        f"\n    from (\n    select distinct\n    {events.selected('resident', 'member_bits', 'answered_bits')}\n{events.rows}\n)"
        "\n    group by all\n)"
    )


def participation_by_pair(events: Events) -> str:
    """Residents in two groups at once, residents who answered about both, and all residents. One row for each key and pair."""
    both = "one.bit | other.bit"
    columns = ",\n    ".join(
        f"cast(coalesce(sum(residents) filter (where {bits} & ({both}) = ({both})), 0) as bigint) as {name}"
        for name, bits in (("numerator", "member_bits"), ("denominator", "answered_bits"))
    )
    return (
        f"select\n    {events.first('one.group_id', 'other.group_id as other_id')},\n    {columns},"
        "\n    cast(sum(residents) as bigint) as everyone"
        f"\nfrom {_answers(events)}\ncross join ref_groups as one\ninner join ref_groups as other on one.bit < other.bit"
        f"\ngroup by {events.first('one.group_id', 'other.group_id', 'one.bit', 'other.bit')}"
        f"\norder by {order(events, 'one.bit', 'other.bit')}"
    )


def _patterns(events: Events) -> str:
    """What a rate counts, added up for each resident, then for all residents with the same answers about groups.

    hh, hm and mm allow for residents counted several times (Rao and Scott 1992). A resident's answers are the same on every
    row: any will do.
    """
    residents = events.selected(
        "resident",
        "any_value(member_bits) as member_bits",
        "any_value(answered_bits) as answered_bits",
        f"count(*) filter (where {events.success}) as successes",
        f"count({events.success}) as trials",
    )
    sums = (
        "count(*) filter (where trials > 0) as residents, sum(successes) as successes, sum(trials) as known,"
        "\n    sum(successes * successes) as hh, sum(successes * trials) as hm, sum(trials * trials) as mm"
    )
    return (
        f"(\n    select {events.first('member_bits', 'answered_bits')}, {sums}"
        f"\n    from (\n    select\n    {residents}\n{events.rows}\n    group by {events.first('resident')}\n)\n    group by all\n)"
    )


_SUMS = ",\n    ".join(f"cast(sum({name}) as bigint) as {name}" for name in SIDE_SUMS)


def rate_by_side(events: Events) -> str:
    """A rate for those in a group, those known not to be in it, and the undisclosed. One row for each key, group and side."""
    return (
        f"select\n    {events.first('group_id')},\n    {_SIDE},\n    {_SUMS}"
        f"\nfrom {_patterns(events)}\ncross join ref_groups{events.group}"
        f"\ngroup by {events.first('group_id', 'bit', 'side')}\norder by {order(events, 'bit', 'side')}"
    )


def rate_by_answers(events: Events) -> str:
    """A rate by what residents answered about every group. One row for each key and combination of answers."""
    cell = events.first("member_bits", "answered_bits")
    return f"select\n    {cell},\n    {_SUMS}\nfrom {_patterns(events)}\ngroup by {cell}\norder by {cell}"


def rate_by_pair(events: Events) -> str:
    """A rate for those in two groups at once and for those known not to be in both. One row for each key, pair and side."""
    is_in = "member_bits & one.bit > 0 and member_bits & other.bit > 0"
    is_out = "answered_bits & ~member_bits & (one.bit | other.bit) > 0"
    side = f"case when {is_in} then 'in'\n    when {is_out} then 'out' else 'undisclosed' end as side"
    residents = f"cast(coalesce(sum(residents) filter (where {is_in}), 0) as bigint) as residents"
    return (
        f"select\n    {events.first('one.group_id', 'other.group_id as other_id')},\n    {side},\n    {residents},\n    {_SUMS}"
        f"\nfrom {_patterns(events)}\ncross join ref_groups as one\ninner join ref_groups as other on one.bit < other.bit"
        f"\ngroup by {events.first('one.group_id', 'other.group_id', 'one.bit', 'other.bit', 'side')}"
        f"\norder by {order(events, 'one.bit', 'other.bit', 'side')}"
    )


def by_sides(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Join the rows of the sides of each key and group, or pair: successes_in, known_out and so on; 0 for a side without rows."""
    joined: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in rows:
        identity = row.get("key"), row["group_id"], row.get("other_id")
        sides = joined.get(identity)
        if sides is None:
            sides = joined[identity] = dict(zip(("key", "group_id", "other_id"), identity, strict=True)) | _NO_SIDES
        for name, column in _SIDE_COLUMNS[row["side"]]:
            sides[column] = row[name]
        if row["side"] == "in" and "residents" in row:
            sides["residents"] = row["residents"]
    return list(joined.values())


def _two_sides(events: Events) -> list[str]:
    success = events.success
    return [
        f"count(*) filter (where {success} and {IN}) as successes_in",
        f"count({success}) filter (where {IN}) as known_in",
        f"count(*) filter (where {success} and {OUT}) as successes_out",
        f"count({success}) filter (where {OUT}) as known_out",
    ]


def cells_by_side(events: Events) -> str:
    """A rate for those in a group and for those known not to be in it, by group, sector, region, provider and program."""
    places = ", ".join(f"coalesce({place}, 'Not recorded') as {place}" for place in PLACES)
    counts = f"count(*) filter (where {events.success}) as successes, count({events.success}) as known"
    columns = ",\n    ".join(
        f"cast(coalesce(sum({name}) filter (where {condition}), 0) as bigint) as {name}_{side}"
        for side, condition in (("in", IN), ("out", OUT))
        for name in ("successes", "known")
    )
    return (
        f"select\n    group_id, {', '.join(PLACES)},\n    {columns}"
        f"\nfrom (\n    select {places}, member_bits, answered_bits, {counts}\n{events.rows}\n    group by all\n)"
        f"\ncross join ref_groups{events.group}\ngroup by group_id, bit, {', '.join(PLACES)}\norder by bit, {', '.join(PLACES)}"
    )


def cells_by_answers(events: Events) -> str:
    """A rate among residents alike in place, answers about groups and supports. One row for each key and such a cell."""
    supports = ", ".join(SUPPORTS)
    cell = f"{', '.join(PLACES)}, member_bits, answered_bits, {supports}"
    columns = events.selected(
        *(f"coalesce({place}, 'Not recorded') as {place}" for place in PLACES),
        f"member_bits, answered_bits, {supports}",
        f"{events.success} as success",
    )
    return (
        f"select\n    {events.first(cell)},\n    count(*) filter (where success) as successes, count(*) as trials"
        f"\nfrom (\n    select\n    {columns}\n{events.rows}\n)\nwhere success is not null"
        f"\ngroup by {events.first(cell)}\norder by {events.first(cell)}"
    )


def exits_by_side(events: Events) -> str:
    """Successes and trials of a rate on both sides of one group, and all events inside it, known or not.

    One row for each key and month (months counted from year 0).
    """
    month, inside = MONTH.format(date=events.date), f"count(*) filter (where {IN}) as exits_in"
    return (
        "select\n    " + events.selected(f"{month} as month_number", *_two_sides(events), inside)
        + f"\nfrom {events.table}\ncross join ref_groups\nwhere {events.where}{events.group.replace('where', 'and')}"
        f"\ngroup by {events.first('month_number')}\norder by {events.first('month_number')}"
    )  # fmt: skip


def intake_by_side(events: Events) -> str:
    """Residents at their first enrollment under the filters and the key, by side of one group. One row for each key and month."""
    month = MONTH.format(date=events.date)
    residents = events.selected(
        "resident", "any_value(member_bits) as member_bits", "any_value(answered_bits) as answered_bits",
        f"min({month}) as month_number",
    )  # fmt: skip
    return (
        f"select\n    {events.first('month_number')},\n    count(*) filter (where {IN}) as inside,"
        f"\n    count(*) filter (where {OUT}) as outside,\n    count(*) filter (where ~answered_bits & bit > 0) as undisclosed"
        f"\nfrom (\n    select\n    {residents}\n{events.rows}\n    group by {events.first('resident')}\n)"
        f"\ncross join ref_groups{events.group}\ngroup by {events.first('month_number')}\norder by {events.first('month_number')}"
    )
