"""Aggregations by support: events with and without each."""

from __future__ import annotations

from queries.aggregations.events import Events

SUPPORTS = ("child_care", "transportation", "technology")


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
