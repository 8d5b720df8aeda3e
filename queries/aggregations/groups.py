"""Aggregations by underrepresented group: those in it, those known not to be, and those who did not say."""

from __future__ import annotations

from dataclasses import replace

from queries.aggregations.events import Events, order

IN, OUT, UNKNOWN = "member_bits & bit > 0", "answered_bits & ~member_bits & bit > 0", "answered_bits & bit = 0"
PLACES = ("sector", "region", "provider", "program")
MONTH = "year({date}) * 12 + month({date}) - 1"


def participation(events: Events) -> str:
    """Residents of each group, residents who answered, and all residents. One row for each key and group."""
    return (
        f"select\n    {events.first('group_id')},\n    count(*) filter (where {IN}) as numerator,"
        "\n    count(*) filter (where answered_bits & bit > 0) as denominator,\n    count(*) as everyone"
        f"\nfrom (\n    select distinct\n    {events.selected('resident', 'member_bits', 'answered_bits')}\n{events.rows}\n)"
        f"\ncross join ref_groups{events.group}\ngroup by {events.first('group_id', 'bit')}\norder by {order(events, 'bit')}"
    )


def _residents(events: Events, *columns: str) -> str:
    """What a rate counts, added up for each resident. A resident's answers are the same on every row: any will do."""
    return (
        "(\n    select\n    "
        + events.selected(
            "resident",
            *columns,
            "any_value(member_bits) as member_bits",
            "any_value(answered_bits) as answered_bits",
            f"count(*) filter (where {events.success}) as successes",
            f"count({events.success}) as trials",
        )
        + f"\n{events.rows}\n    group by {events.first('resident')}\n)"
    )


def _sums(side: str, condition: str) -> list[str]:
    """Sums of one side. hh, hm and mm allow for residents counted several times (Rao and Scott 1992)."""
    names = {
        f"successes_{side}": "successes", f"known_{side}": "trials", f"hh_{side}": "successes * successes",
        f"hm_{side}": "successes * trials", f"mm_{side}": "trials * trials",
    }  # fmt: skip
    return [f"coalesce(sum({what}) filter (where {condition}), 0) as {name}" for name, what in names.items()]


def rate_by_side(events: Events) -> str:
    """A rate for those in a group, for those known not to be in it, and for the undisclosed. One row for each key and group."""
    columns = [*_sums("in", IN), *_sums("out", OUT), *_sums("undisclosed", UNKNOWN)[:2]]
    return (
        f"select\n    {events.first('group_id')},\n    " + ",\n    ".join(columns)
        + f"\nfrom {_residents(events)}\ncross join ref_groups{events.group}"
        f"\ngroup by {events.first('group_id', 'bit')}\norder by {order(events, 'bit')}"
    )  # fmt: skip


def rate_by_pair(events: Events) -> str:
    """A rate for those in two groups at once and for those known not to be in both. One row for each key and pair of groups."""
    is_in = "member_bits & one.bit > 0 and member_bits & other.bit > 0"
    is_out = "(answered_bits & ~member_bits & one.bit > 0 or answered_bits & ~member_bits & other.bit > 0)"
    columns = [
        f"count(*) filter (where {is_in} and trials > 0) as residents",
        *_sums("in", is_in),
        *_sums("out", is_out),
        *_sums("undisclosed", f"not ({is_in}) and not {is_out}")[:2],
    ]
    return (
        f"select\n    {events.first('one.group_id', 'other.group_id as other_id')},\n    " + ",\n    ".join(columns)
        + f"\nfrom {_residents(events)}\ncross join ref_groups as one\ninner join ref_groups as other on one.bit < other.bit"
        f"\ngroup by {events.first('one.group_id', 'other.group_id', 'one.bit', 'other.bit')}"
        f"\norder by {order(events, 'one.bit', 'other.bit')}"
    )  # fmt: skip


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
    columns = ",\n    ".join(_two_sides(replace(events, success="success")))
    return (
        f"select\n    group_id, {', '.join(PLACES)},\n    {columns}"
        f"\nfrom (\n    select {places}, member_bits, answered_bits, {events.success} as success\n{events.rows}\n)"
        f"\ncross join ref_groups{events.group}\ngroup by group_id, bit, {', '.join(PLACES)}\norder by bit, {', '.join(PLACES)}"
    )


def exits_by_side(events: Events) -> str:
    """Successes of a rate on both sides of one group. One row for each key and month (months counted from year 0)."""
    month = MONTH.format(date=events.date)
    return (
        "select\n    " + events.selected(f"{month} as month_number", *_two_sides(events))
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
