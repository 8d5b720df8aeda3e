"""Residents by the initiatives they took part in: in all, in several, and by path, on any date.

sql/paths.sql says by day how many more residents have each path from that day on. A large delivery's store holds its rows (`rollup_paths`);
a small one's are computed once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from queries.arrays import read_once
from queries.axes import Flags, Numbers, number_of, row_count
from queries.compiler import QuerySpec, read
from queries.database import SqlRow, Store, delivery

FACT = "meetings"
AGGREGATIONS = ("count_residents", "residents_in_several", "residents_by_path")  # of queries/aggregations/rows.py
MOST_MEETINGS = 200_000  # of a store without rollup_paths: with more, the query of a question is faster
_STORED = "select region, met_on, path, residents from rollup_paths"


@dataclass(frozen=True)
class _Paths:
    """Of each row of sql/paths.sql: its region (as in `regions`; "" for the state), day and path (as in `paths`), and how many residents it adds."""

    regions: list[str]
    paths: list[str]
    are_of_several: Flags
    region: Numbers
    day: Numbers
    path: Numbers
    residents: Numbers


def rows(store: Store, spec: QuerySpec) -> list[SqlRow] | None:
    """Return the rows of a question as its own query returns them; None where they cannot be counted here."""
    scope = spec.scope
    is_narrower = bool(spec.by or scope.since or scope.until or set(scope.filters) - {"region"})
    if spec.fact != FACT or spec.agg not in AGGREGATIONS or is_narrower or not _is_possible(store):
        return None
    read_paths = _paths(store)
    region = read_paths.regions.index(scope.region or "") if (scope.region or "") in read_paths.regions else -1
    is_counted = (read_paths.region == region) & (read_paths.day <= number_of(scope.as_of))
    counts = np.bincount(
        read_paths.path[is_counted], weights=read_paths.residents[is_counted], minlength=len(read_paths.paths)
    ).astype(np.int64)
    several, everyone = int(counts[read_paths.are_of_several].sum()), int(counts.sum())
    if spec.agg == "residents_by_path":
        by_path = [
            {"key": read_paths.paths[at], "numerator": int(counts[at])}
            for at in np.flatnonzero(read_paths.are_of_several & (counts > 0))
        ]
        return sorted(by_path, key=lambda row: (-row["numerator"], row["key"]))
    if not everyone:
        return []
    return [
        {"numerator": several, "denominator": everyone}
        if spec.agg == "residents_in_several"
        else {"numerator": everyone}
    ]


def _paths(store: Store) -> _Paths:
    def read_paths() -> _Paths:
        columns = store.columns(_STORED if _has_paths(store) else read("rollups/sql", "paths"))
        regions, region = np.unique([name or "" for name in columns["region"].tolist()], return_inverse=True)
        paths, path = np.unique([name or "" for name in columns["path"].tolist()], return_inverse=True)
        return _Paths(
            regions=regions.tolist(),
            paths=paths.tolist(),
            are_of_several=np.array([" → " in path for path in paths.tolist()], np.bool_),
            region=region,
            day=np.asarray(columns["met_on"]).astype("datetime64[D]").astype(np.int64),
            path=path,
            residents=np.asarray(columns["residents"]),
        )

    paths: _Paths = read_once(store, ("paths",), read_paths)
    return paths


@lru_cache(maxsize=8)
def _is_possible(store: Store) -> bool:
    return _has_paths(store) or (delivery(store).has_rows and 0 < row_count(store, FACT) <= MOST_MEETINGS)


@lru_cache(maxsize=8)
def _has_paths(store: Store) -> bool:
    """Return whether the store has the table. One without rollups has not."""
    return bool(store.rows("select 1 from information_schema.tables where table_name = 'rollup_paths'"))
