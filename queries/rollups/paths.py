"""Residents by the initiatives they took part in, from `rollup_paths`: in all, in several, and by path, on any date."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from queries.compiler import QuerySpec
from queries.database import SqlRow, Store

FACT = "meetings"
# by aggregation, with the columns of its query in queries/aggregations/rows.py
QUERIES: Mapping[str, str] = {
    "count_residents": "select cast(sum(residents) as bigint) as numerator\n{rows}\nhaving sum(residents) > 0",
    "residents_in_several": (
        "select\n    cast(coalesce(sum(residents) filter (where is_of_several), 0) as bigint) as numerator,"
        "\n    cast(sum(residents) as bigint) as denominator\n{rows}\nhaving sum(residents) > 0"
    ),
    "residents_by_path": (
        "select path as key, cast(sum(residents) as bigint) as numerator\n{rows} and is_of_several"
        "\ngroup by path\nhaving sum(residents) > 0\norder by sum(residents) desc, path"
    ),
}
_ROWS = "from rollup_paths\nwhere region is not distinct from $region and met_on <= $as_of"


def rows(store: Store, spec: QuerySpec) -> list[SqlRow] | None:
    """Return the rows of a question as its own query returns them; None where they cannot be counted here."""
    scope = spec.scope
    is_narrower = bool(spec.by or scope.since or scope.until or set(scope.filters) - {"region"})
    if spec.fact != FACT or spec.agg not in QUERIES or is_narrower or not _has_paths(store):
        return None
    query = QUERIES[spec.agg].format(rows=_ROWS)
    return store.rows(query, {"region": scope.region, "as_of": scope.as_of})


@lru_cache(maxsize=8)
def _has_paths(store: Store) -> bool:
    """Return whether the store has the table. One without rollups has not."""
    return bool(store.rows("select 1 from information_schema.tables where table_name = 'rollup_paths'"))
