"""Which facts are rolled up, and how their counts change with the as-of date."""

from __future__ import annotations

from collections.abc import Iterator

from queries.aggregations.supports import WITH_ANY
from queries.compiler import filled
from queries.dimensions import DIMENSIONS
from queries.registry import Fact, facts

MODEL = "enrollments"
TOO_MANY = ("town", "intake")  # with these, the rollups would have as many rows as there are residents
PLACES = tuple(
    d.columns[MODEL] for d in DIMENSIONS.values() if MODEL in d.columns and d.id not in TOO_MANY and not d.is_membership
)
VALUES = ("n", "successes", "known")


def rolled_name(fact_id: str, support: str) -> str | None:
    """Return the name under which a fact is rolled up, or None if it is not: medians, and the two sides of a support."""
    fact = facts()[fact_id]
    if fact.model != MODEL or fact.amount or "$received" in fact.where:
        return None
    return f"{fact_id} {support}" if "{support}" in fact.success else fact_id


def rolled_facts() -> Iterator[tuple[str, Fact]]:
    """Yield every fact that is rolled up, with its name."""
    for fact_id in facts():
        variants = {rolled_name(fact_id, support): filled(fact_id, support) for support in WITH_ANY}
        yield from ((name, fact) for name, fact in variants.items() if name)


def change_rows(fact: Fact, columns: str, table: str) -> str:
    """Return SQL for what each row of a fact adds to the counts, from which day on.

    Args:
        fact: The fact.
        columns: Further columns, separated by commas.
        table: The table of enrollments.

    Returns:
        A query with one row per enrollment and day on which it may count differently: the columns, `day` (the fact's date),
        `seen_on` (from this as-of date on), and the changes of `n`, `successes` and `known`.
    """
    seen = fact.days()
    selects = []
    for number, day in enumerate(seen):
        now, before = values_on(fact, f"({day})"), values_on(fact, f"({seen[number - 1]})") if number else None
        changes = [f"{value} - {before[name]}" if before else value for name, value in now.items()]
        listed = ", ".join(f"{change} as {name}" for name, change in zip(VALUES, changes, strict=True))
        selects.append(
            f"select {columns}, {fact.date} as day, {day} as seen_on, {listed} from {table} where {fact.date} is not null"
        )
    return "\nunion all\n".join(selects)


def values_on(fact: Fact, day: str) -> dict[str, str]:
    """Return what a row counts for on a day, as SQL by name: 1, or 0. day: an expression, in parentheses unless it is a name."""
    where = f"({fact.where or 'true'})".replace("$as_of", day)
    success = f"({fact.success or 'null'})".replace("$as_of", day)
    conditions = (where, f"{where} and {success}", f"{where} and {success} is not null")
    return {name: f"cast(coalesce({text}, false) as integer)" for name, text in zip(VALUES, conditions, strict=True)}
