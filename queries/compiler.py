"""The compiler: writes the query of a question with only the columns, filters and joins that it needs.

Columns and expressions come from dimensions.toml and facts.toml, never from a reader. What a reader chooses is always a
parameter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

from queries.aggregations import AGGREGATIONS
from queries.aggregations.events import Events
from queries.aggregations.listed import PLACED
from queries.aggregations.supports import SUPPORTS
from queries.dimensions import DIMENSIONS, MODELS, PERIODS
from queries.registry import Fact, facts
from queries.scope import Scope

FOLDER = Path(__file__).parent
_PARAMETER = re.compile(r"\$(\w+)")
SIDES = {
    "in": "member_bits & $group > 0",
    "out": "answered_bits & ~member_bits & $group > 0",
    "undisclosed": "~answered_bits & $group > 0",
}
# a support was received: `any` is one of the three, where those not answered count as not received
_RECEIVED = {name: name for name in SUPPORTS} | {
    "any": f"({' or '.join(f'coalesce({name}, false)' for name in SUPPORTS)})"
}
V = TypeVar("V")
Value = str | int | float | bool | date | None


@dataclass(frozen=True)
class Query:
    """SQL with named parameters, each of them used."""

    text: str
    parameters: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class QuerySpec:
    """What a query counts.

    Attributes:
        fact: An entry of facts.toml.
        agg: A function of queries/aggregations/.
        by: The breakdown; None for a total.
        scope: The filters.
        bits: The bit of each group in `member_bits`.
        of_group: The one group that an aggregation by group returns; None for all.
        support: For facts about supports: which one, or "any".
        received: For facts about supports: with it or without it.
    """

    fact: str
    agg: str
    by: str | None
    scope: Scope
    bits: Mapping[str, int]
    of_group: str | None = None
    support: str = "any"
    received: bool | None = None


@cache
def read(folder: str, name: str) -> str:
    """The text of queries/<folder>/<name>.sql."""
    return (FOLDER / folder / f"{name}.sql").read_text(encoding="utf-8").strip()


def write(spec: QuerySpec) -> Query:
    """Return the query of a question, with its parameters."""
    text = _text(facts()[spec.fact].says, spec.agg, events_of(spec))
    return Query(text, used(text, parameters_of(spec)))


def parameters_of(spec: QuerySpec) -> dict[str, Value]:
    """Return every parameter that a query of this kind may name."""
    scope = spec.scope
    values: dict[str, Value] = {name: getattr(scope, name) for name in MODELS[facts()[spec.fact].model].filters}
    values |= {"as_of": scope.as_of, "since": scope.since, "until": scope.until}
    return values | {"group": spec.bits.get(scope.group or ""), "of_group": spec.of_group, "received": spec.received}


def events_of(spec: QuerySpec) -> Events:
    """Return the counted rows of a question."""
    scope = spec.scope
    return _events(
        fact_id=spec.fact,
        agg=spec.agg,
        by=spec.by,
        filters=tuple(scope.filters),
        side=scope.group_side if scope.group else "",
        is_since=scope.since is not None,
        is_until=scope.until is not None and scope.as_of is not None and scope.until < scope.as_of,
        is_of_group=spec.of_group is not None,
        support=spec.support,
    )


@cache
def _text(says: str, agg: str, events: Events) -> str:
    return f"-- {says}\n{AGGREGATIONS[agg](events)}"


def as_table(name: str, query: Query) -> Query:
    """Return the statement that stores the rows of a query in a temporary table of this name."""
    return Query(f"create or replace temp table {name} as\n{query.text}", query.parameters)


@cache
def rows_view(catalog: str, fact_id: str, needs: tuple[str, ...]) -> str:
    """Return the statement of the view `<catalog>_rows`: every row of the fact's table in one attached delivery.

    Columns: those of the table, `id`, `sender`, the provider or recipient that the row names, and `is_recorded`, whether the row
    has the date and every needed column of the event. A column that is empty while the event counts, such as the exit of somebody
    in training, is not needed.

    Args:
        catalog: The name that the delivery is attached under.
        fact_id: An entry of facts.toml.
        needs: The `table.column` names that the measure needs.
    """
    fact = facts()[fact_id]
    columns = (need.partition(".")[2] for need in needs)
    required = [fact.date, *(column for column in columns if f"{column} is null" not in fact.where)]
    recorded = " and ".join(f"({expression}) is not null" for expression in required)
    sender = DIMENSIONS["provider"].columns.get(fact.model, "null")
    return (
        f"create or replace temp view {catalog}_rows as\n"
        f"select *, {MODELS[fact.model].row_id} as id, cast({sender} as varchar) as sender, {recorded} as is_recorded\nfrom {catalog}.{fact.model}"
    )


@cache
def _events(
    *,
    fact_id: str,
    agg: str,
    by: str | None,
    filters: tuple[str, ...],
    side: str,
    is_since: bool,
    is_until: bool,
    is_of_group: bool,
    support: str,
) -> Events:
    fact = filled(fact_id, support)
    model, where = MODELS[fact.model], fact.where
    conditions = [condition(name, fact.model, side) for name in filters if fact.model in DIMENSIONS[name].columns]
    table, day = model.id, fact.date
    if model.rows:  # the filters go where the events are found, not after
        rows = f"(select *, rowid as place from {model.table})" if agg in PLACED else model.table
        table = model.rows.replace("{table}", rows).replace("{filters}", "".join(f" and {c}" for c in conditions))
        conditions = []
    ends = [f"{day} <= $as_of"] if fact.first or not is_until else []
    period = ["{day} >= $since"] * is_since + ["{day} <= $until"] * is_until
    if fact.first and agg not in PLACED:
        inner = "\n    and ".join([*filter(None, [where]), *ends, *conditions])
        place = "" if by is None or by in PERIODS or DIMENSIONS[by].is_membership else f", {key_of(by, fact, day)}"
        columns, ending = f"*, min({day}) over (partition by resident{place})", ""
        if agg == "count_residents" and (by is None or by in PERIODS):  # nothing else of the rows is needed
            columns, ending = f"resident, min({day})", "\n    group by resident"
        table = f"(\n    select {columns} as first_on\n    from {table}\n    where {inner}{ending}\n)"
        day, where, ends, conditions = "first_on", "", [], []
        period = period or ["{day} is not null"]
    if by == "group":
        table, conditions = f"{table}\ncross join ref_groups", [*conditions, "member_bits & bit > 0"]
        conditions += ["group_id = $of_group"] if is_of_group else []
    listed = [*filter(None, [where]), *ends, *(end.replace("{day}", day) for end in period), *conditions]
    return Events(
        table=table,
        conditions=tuple(listed),
        key=key_of(by, fact, day),
        date=day,
        success=fact.success,
        amount=fact.amount,
        inside=fact.inside,
        trials=fact.trials,
        row_id=model.row_id,
        place="place" if model.rows else "rowid",
        group="\nwhere group_id = $of_group" if is_of_group and by != "group" else "",
    )


def filled(fact_id: str, support: str) -> Fact:
    """Return a fact with the support that its expressions are about, where they are about one."""
    fact, received = facts()[fact_id], _RECEIVED[support]
    return replace(
        fact, where=fact.where.replace("{support}", received), success=fact.success.replace("{support}", received)
    )


def condition(name: str, model: str, side: str) -> str:
    """Return the condition of a filter; `side` is the side of the group that a filter on a group keeps."""
    dimension = DIMENSIONS[name]
    return SIDES[side] if dimension.is_membership else f"{dimension.columns[model]} = ${name}"


def key_of(by: str | None, fact: Fact, day: str) -> str:
    """Return the expression of a breakdown's key, with `day` as the date; "" without a breakdown."""
    if by is None:
        return ""
    if by in PERIODS:
        return PERIODS[by].key.replace("{date}", day)
    if DIMENSIONS[by].is_membership:
        return "group_id"
    return f"coalesce({DIMENSIONS[by].columns[fact.model]}, '{MODELS[fact.model].empty}')"


def used(query: str, parameters: Mapping[str, V]) -> dict[str, V]:
    """Those of the parameters that the query names (DuckDB refuses the others)."""
    names = _names(query)
    return {name: value for name, value in parameters.items() if name in names}


@lru_cache(maxsize=1_000)
def _names(query: str) -> frozenset[str]:
    code = "\n".join(line.split("--", 1)[0] for line in query.splitlines())
    return frozenset(_PARAMETER.findall(code))
