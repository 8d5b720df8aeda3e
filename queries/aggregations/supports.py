"""Aggregations by support: events with and without each."""

from __future__ import annotations

from queries.aggregations.events import Events

SUPPORTS = ("child_care", "transportation", "technology")
ANY = "any"
WITH_ANY = (ANY, *SUPPORTS)


def _unnested(text: str) -> str:
    """List rows of `text` once for each support whose answer is known."""
    received = "case support " + " ".join(f"when '{name}' then {name}" for name in SUPPORTS) + " end"
    listed = ", ".join(f"'{name}'" for name in SUPPORTS)
    return (
        f"(\n    select *, {received} as received\n    from (\n{text}\n)"
        f"\n    cross join (select unnest([{listed}]) as support)\n    where {received} is not null\n)"
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
    known = events.selected("resident", *SUPPORTS, f"{events.success} as success")
    rows = _unnested(f"select\n    {known}\n{events.rows}\n    and ({events.success}) is not null")
    return (
        f"select\n    {events.first('support', 'received')},\n    {columns}\nfrom (\n    select {events.first('support', 'received')},"
        " count(*) filter (where success) as successes, count(*) as trials"
        f"\nfrom {rows}\n    group by {events.first('support', 'received')}, resident\n)"
        f"\ngroup by {events.first('support', 'received')}\norder by {events.first('support', 'received')}"
    )


def strata_by_support(events: Events) -> str:
    """Events with and without each support among residents who are alike in what is recorded of them.

    Alike: the same initiative, sector, region and answers about groups. One row for each key, support and the four counts that a
    stratum can have; `strata` says how many have them.
    """
    stratum = "initiative, sector, region, member_bits, answered_bits"
    counts = f"count(*) filter (where {events.success}) as successes", f"count({events.success}) as trials"
    alike = events.selected(stratum, *SUPPORTS, *counts)
    rows = _unnested(f"select\n    {alike}\n{events.rows}\n    and ({events.success}) is not null\n    group by all")
    names = "successes_with, known_with, successes_without, known_without"
    sums = ",\n    ".join(
        f"cast(coalesce(sum({what}) filter (where {side}received), 0) as bigint) as {name}_{which}"
        for which, side in (("with", ""), ("without", "not "))
        for name, what in (("successes", "successes"), ("known", "trials"))
    )
    return (
        f"select\n    {events.first('support', names)}, count(*) as strata\nfrom (\n    select {events.first('support')},\n    {sums}"
        f"\nfrom {rows}\n    group by {events.first('support')}, {stratum}\n)"
        f"\ngroup by {events.first('support', names)}\norder by {events.first('support', names)}"
    )
