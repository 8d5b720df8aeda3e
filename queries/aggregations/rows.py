"""Counts, rates, sums and medians of events."""

from __future__ import annotations

from queries.aggregations.events import Events, simple


def count_rows(events: Events) -> str:
    """Counted rows."""
    return simple(events, "count(*) as numerator")


def count_residents(events: Events) -> str:
    """Distinct residents; a resident under two keys counts once under each."""
    return simple(events, "count(distinct resident) as numerator")


def successes_of_residents(events: Events) -> str:
    """Distinct residents with a success."""
    return simple(events, "count(distinct resident) as numerator", where=events.success)


def rate_of_rows(events: Events) -> str:
    """Successes of counted rows; rows whose success is not known yet (null) are left out of the rate and counted apart."""
    return simple(
        events,
        f"count(*) filter (where {events.success}) as numerator",
        f"count({events.success}) as denominator",
        f"count(*) - count({events.success}) as unknown",
    )


def rate_with_repeats(events: Events) -> str:
    """A rate of rows with what residents counted several times change: Σ h², Σ h m and Σ m² over residents with h successes of m."""
    by_resident = events.selected(
        "resident", f"count(*) filter (where {events.success}) as h", f"count({events.success}) as m"
    )
    sums = (("successes", "h"), ("known", "m"), ("hh", "h * h"), ("hm", "h * m"), ("mm", "m * m"))
    columns = (
        *(f"cast(sum({term}) as bigint) as {name}" for name, term in sums),
        "count(*) filter (where m > 0) as residents_known",
    )
    ending = "group by key\norder by key" if events.key else "having count(*) > 0"
    return (
        f"select\n    {events.first(*columns)}\nfrom (\n    select\n    {by_resident}\n{events.rows}"
        f"\n    group by {events.first('resident')}\n)\n{ending}"
    )


def rate_of_residents(events: Events) -> str:
    """Distinct residents with a success, of distinct residents."""
    return simple(
        events,
        f"count(distinct resident) filter (where {events.success}) as numerator",
        "count(distinct resident) as denominator",
    )


def rate_of_known_residents(events: Events) -> str:
    """Distinct residents with a success, of residents with an event whose success is known; those with none known, apart."""
    known = f"count(distinct resident) filter (where ({events.success}) is not null)"
    return simple(
        events,
        f"count(distinct resident) filter (where {events.success}) as numerator",
        f"{known} as denominator",
        f"count(distinct resident) - {known} as unknown",
    )


def rate_of_sums(events: Events) -> str:
    """One sum over another, and the sums of squares that tell how much less a large row says than as many single ones."""
    return simple(
        events,
        f"cast(coalesce(sum({events.amount}), 0) as bigint) as numerator",
        f"cast(coalesce(sum({events.trials}), 0) as bigint) as denominator",
        *(
            f"cast(coalesce(sum(cast({first} as bigint) * {second}), 0) as bigint) as {name}"
            for name, first, second in (
                ("hh", events.amount, events.amount),
                ("hm", events.amount, events.trials),
                ("mm", events.trials, events.trials),
            )
        ),
    )


def sum_of_rows(events: Events) -> str:
    """The sum of an amount, and how many rows it was added up from."""
    return simple(events, f"cast(coalesce(sum({events.amount}), 0) as double) as value", "count(*) as rows")


def sum_of_dollars(events: Events) -> str:
    """Dollars, with the corrections (negative amounts) among them shown apart."""
    return simple(
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
    return simple(
        events,
        *(
            f"quantile_cont({amount}, {q}) as {name}"
            for q, name in ((0.5, "value"), (0.25, "quartile_low"), (0.75, "quartile_high"))
        ),
        "count(*) as denominator",
        *([f"count(*) filter (where {events.inside}) as inside"] if events.inside else []),
        where=f"{events.amount} is not null",
    )


def residents_in_several(events: Events) -> str:
    """Residents who took part in more than one initiative, of residents who took part in any.

    Only residents who ever took part in several need their initiatives compared, and they are few.
    """
    residents = events.selected("resident", "min(initiative) as lowest", "max(initiative) as highest")
    by_key, ending = (
        ("\ngroup by key", "group by key\norder by key") if events.key else ("", "having sum(residents) > 0")
    )
    return (
        f"select {events.first('cast(sum(several) as bigint) as numerator', 'cast(sum(residents) as bigint) as denominator')}\nfrom ("
        f"\n    select\n    {events.selected('count(distinct resident) as residents', '0 as several')}\n{events.rows}\n    and not in_several{by_key}"
        f"\n    union all\n    select {events.first('count(*)', 'count(*) filter (where lowest < highest)')}"
        f"\n    from (\n    select\n    {residents}\n{events.rows}\n    and in_several\n    group by {events.first('resident')}\n){by_key}\n)"
        f"\n{ending}"
    )


def residents_by_path(events: Events) -> str:
    """Residents by the initiatives they took part in, in order. One row for each path of two or more initiatives."""
    return (
        "select path as key, count(*) as numerator\nfrom (\n    select string_agg(initiative, ' → ' order by first_on, initiative) as path"
        f"\n    from (\n    select resident, initiative, min({events.date}) as first_on\n{events.rows}\n    and in_several\n    group by resident, initiative\n    )"
        "\n    group by resident\n    having count(*) > 1\n)\ngroup by path\norder by count(*) desc, path"
    )
