"""How counted rows are added up: each function writes the shortest SQL for one aggregation.

All take the `Events` that the compiler made of a fact, a breakdown and the filters. Every query gives one row for each key (and group,
support, month … as its docstring says); without a breakdown there is no column `key`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

IN, OUT, UNKNOWN = "member_bits & bit > 0", "answered_bits & ~member_bits & bit > 0", "answered_bits & bit = 0"
PLACES = ("sector", "region", "provider", "program")
SUPPORTS = ("child_care", "transportation", "technology")
MONTH = "year({date}) * 12 + month({date}) - 1"


@dataclass(frozen=True, kw_only=True)
class Events:
    """The counted rows of a question, as pieces of SQL: see `queries.facts.Fact` for what each means."""

    table: str
    where: str
    key: str
    date: str
    success: str
    amount: str
    inside: str
    trials: str
    group: str  # the condition that limits ref_groups to one group, or ""

    @property
    def rows(self) -> str:
        """FROM and WHERE."""
        return f"from {self.table}\nwhere {self.where}"

    def first(self, *columns: str) -> str:
        """The first columns of a select list or a group by: the key, where there is one, and these."""
        return ", ".join((*(["key"] if self.key else []), *columns))

    def selected(self, *columns: str) -> str:
        """The same with the key's expression."""
        return ",\n    ".join((*([f"{self.key} as key"] if self.key else []), *columns))


def _simple(events: Events, *columns: str, where: str = "") -> str:
    rows = events.rows + (f"\n    and {where}" if where else "")
    if not events.key:
        return f"select\n    {events.selected(*columns)}\n{rows}\nhaving count(*) > 0"
    return f"select\n    {events.selected(*columns)}\n{rows}\ngroup by key\norder by key"


def count_rows(events: Events) -> str:
    """Counted rows."""
    return _simple(events, "count(*) as numerator")


def count_residents(events: Events) -> str:
    """Distinct residents; a resident under two keys counts once under each."""
    return _simple(events, "count(distinct resident) as numerator")


def successes_of_residents(events: Events) -> str:
    """Distinct residents with a success."""
    return _simple(events, "count(distinct resident) as numerator", where=events.success)


def rate_of_rows(events: Events) -> str:
    """Successes of counted rows; rows whose success is not known yet (null) are left out of the rate and counted apart."""
    return _simple(
        events,
        f"count(*) filter (where {events.success}) as numerator",
        f"count({events.success}) as denominator",
        f"count(*) - count({events.success}) as unknown",
    )


def rate_of_residents(events: Events) -> str:
    """Distinct residents with a success, of distinct residents."""
    return _simple(
        events,
        f"count(distinct resident) filter (where {events.success}) as numerator",
        "count(distinct resident) as denominator",
    )


def rate_of_sums(events: Events) -> str:
    """One sum over another."""
    return _simple(
        events,
        f"cast(coalesce(sum({events.amount}), 0) as bigint) as numerator",
        f"cast(coalesce(sum({events.trials}), 0) as bigint) as denominator",
    )


def sum_of_rows(events: Events) -> str:
    """The sum of an amount, and how many rows it was added up from."""
    return _simple(events, f"cast(coalesce(sum({events.amount}), 0) as double) as value", "count(*) as rows")


def sum_of_dollars(events: Events) -> str:
    """Dollars, with the corrections (negative amounts) among them shown apart."""
    return _simple(
        events,
        f"cast(sum({events.amount}) as double) as value",
        f"cast(coalesce(sum({events.amount}) filter (where {events.amount} < 0), 0) as double) as corrections",
        "count(*) as transactions",
    )


def median_of_rows(events: Events) -> str:
    """The median amount with its quartiles and how many rows have one; for a fact with a promised range, how many lie in it.

    The cast matters: a median of decimals is rounded to their two places.
    """
    amount = f"cast({events.amount} as double)"
    return _simple(
        events,
        *(
            f"quantile_cont({amount}, {q}) as {name}"
            for q, name in ((0.5, "value"), (0.25, "quartile_low"), (0.75, "quartile_high"))
        ),
        "count(*) as denominator",
        *([f"count(*) filter (where {events.inside}) as inside"] if events.inside else []),
        where=f"{events.amount} is not null",
    )


def participation(events: Events) -> str:
    """Residents of each group, residents who answered, and all residents. One row for each key and group."""
    return (
        f"select\n    {events.first('group_id')},\n    count(*) filter (where {IN}) as numerator,"
        "\n    count(*) filter (where answered_bits & bit > 0) as denominator,\n    count(*) as everyone"
        f"\nfrom (\n    select distinct\n    {events.selected('resident', 'member_bits', 'answered_bits')}\n{events.rows}\n)"
        f"\ncross join ref_groups{events.group}\ngroup by {events.first('group_id', 'bit')}\norder by {_order(events, 'bit')}"
    )


def _order(events: Events, *columns: str) -> str:
    return ", ".join((*columns, *(["key"] if events.key else [])))


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
        f"\ngroup by {events.first('group_id', 'bit')}\norder by {_order(events, 'bit')}"
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
        f"\norder by {_order(events, 'one.bit', 'other.bit')}"
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


def _by_support(events: Events, *columns: str) -> str:
    """Counted rows once for each support whose answer is known."""
    received = "case support " + " ".join(f"when '{name}' then {name}" for name in SUPPORTS) + " end"
    listed = ", ".join(f"'{name}'" for name in SUPPORTS)
    selected = events.selected("support", f"{received} as received", f"{events.success} as success", *columns)
    return (
        f"(\n    select\n    {selected}\nfrom {events.table}\ncross join (select unnest([{listed}]) as support)"
        f"\nwhere {events.where}\n    and ({events.success}) is not null\n    and {received} is not null\n)"
    )


def residents_by_support(events: Events) -> str:
    """Events with and without each support, and how they spread over residents. One row for each key, support and side."""
    sums = {
        "successes": "successes",
        "trials": "trials",
        "hh": "successes * successes",
        "hm": "successes * trials",
        "mm": "trials * trials",
    }
    columns = ",\n    ".join(f"cast(sum({what}) as bigint) as {name}" for name, what in sums.items())
    return (
        f"select\n    {events.first('support', 'received')},\n    {columns}\nfrom (\n    select {events.first('support', 'received')},"
        " count(*) filter (where success) as successes, count(*) as trials"
        f"\nfrom {_by_support(events, 'resident')}\n    group by {events.first('support', 'received')}, resident\n)"
        f"\ngroup by {events.first('support', 'received')}\norder by {events.first('support', 'received')}"
    )


def strata_by_support(events: Events) -> str:
    """Events with and without each support among residents who are alike in what is recorded of them.

    One row for each key, support and stratum (initiative, sector, region, answers about groups) with both sides, and one for all strata
    with only one side, per side.
    """
    stratum = "initiative, sector, region, member_bits, answered_bits"
    names = ("successes_with", "known_with", "successes_without", "known_without")
    sums = ",\n    ".join(f"cast(sum({name}) as bigint) as {name}" for name in names)
    both = "known_with > 0 and known_without > 0"
    return (
        f"select\n    {events.first('support')},\n    {sums}\nfrom (\n    select {events.first('support')},"
        f" row_number() over (order by {stratum}) as stratum,"
        " count(*) filter (where received and success) as successes_with, count(*) filter (where received) as known_with,"
        " count(*) filter (where not received and success) as successes_without, count(*) filter (where not received) as known_without"
        f"\nfrom {_by_support(events, stratum)}\n    group by {events.first('support')}, {stratum}\n)"
        f"\ngroup by {events.first('support')}, known_with > 0, known_without > 0, case when {both} then stratum end"
        f"\norder by {events.first('support')}, min(stratum)"
    )


def residents_in_several(events: Events) -> str:
    """Residents who took part in more than one initiative, of residents who took part in any."""
    residents = events.selected("resident", "min(initiative) as lowest", "max(initiative) as highest")
    counts = "count(*) filter (where lowest < highest) as numerator, count(*) as denominator"
    ending = "group by key\norder by key" if events.key else "having count(*) > 0"
    return (
        f"select {events.first(counts)}\nfrom (\n    select\n    {residents}\n{events.rows}\n    group by {events.first('resident')}\n)"
        f"\n{ending}"
    )


def residents_by_path(events: Events) -> str:
    """Residents by the initiatives they took part in, in order. One row for each path of two or more initiatives."""
    return (
        "select path as key, count(*) as numerator\nfrom (\n    select string_agg(initiative, ' → ' order by first_on, initiative) as path"
        f"\n    from (\n    select resident, initiative, min({events.date}) as first_on\n{events.rows}\n    group by resident, initiative\n    )"
        "\n    group by resident\n    having count(*) > 1\n)\ngroup by path\norder by count(*) desc, path"
    )


AGGREGATIONS: dict[str, Callable[[Events], str]] = {
    function.__name__: function
    for function in (
        cells_by_side, count_residents, count_rows, exits_by_side, intake_by_side, median_of_rows, participation, rate_by_pair,
        rate_by_side, rate_of_residents, rate_of_rows, rate_of_sums, residents_by_path, residents_by_support, residents_in_several,
        strata_by_support, successes_of_residents, sum_of_dollars, sum_of_rows,
    )
}  # fmt: skip
