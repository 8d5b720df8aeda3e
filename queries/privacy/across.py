"""Many questions from one reading: the tables of the family ask for every value of a filter and for every side of every group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Unpack

import numpy as np

from queries.axes import Axis, Numbers, side_of
from queries.compiler import QuerySpec, write
from queries.context import QueryContext, QueryOptions
from queries.database import SqlRow
from queries.dimensions import MODELS, Model
from queries.privacy.crosstabs import COUNTED, KNOWN, SUCCESSES, CountedRows, Crosstab, Dimensions, crosstabs_of
from queries.privacy.tables import Address, period_of, tables_of, unshown_tables_of
from queries.registry import facts
from queries.scope import SIDES

# The columns of each aggregation, from rows or residents that count, those with a known success, and those with a success.
_COUNT = {"numerator": (COUNTED,)}
_RATE = {"numerator": (SUCCESSES,), "denominator": (KNOWN,), "unknown": (COUNTED, KNOWN)}  # of two, the difference
_COLUMNS: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "count_rows": _COUNT,
    "count_residents": _COUNT,
    "rate_of_rows": _RATE,
    "rate_of_residents": {"numerator": (SUCCESSES,), "denominator": (COUNTED,)},
    "rate_of_known_residents": _RATE,
    "successes_of_residents": {"numerator": (SUCCESSES,)},
    "median_of_rows": {"denominator": (COUNTED,), "inside": (SUCCESSES,)},
}
_MEDIANS = frozenset({"median_of_rows"})
_ONCE = frozenset({"count_residents", "successes_of_residents", "rate_of_residents", "rate_of_known_residents"})
_SUCCESSFUL = frozenset({"successes_of_residents"})  # have no row where nobody succeeded


@dataclass(frozen=True)
class _RegionCounts:
    """The counts of every region by further dimensions.

    Attributes:
        axes: The axes of these dimensions.
        regions: Where each region is along its axis.
        counts: An axis for each dimension, then one of regions, and a last one with people, or with successes and failures.
    """

    axes: Mapping[str, Axis]
    regions: Axis
    counts: Numbers

    def of(self, address: Address, side: str) -> Mapping[str, tuple[int, ...]]:
        """Return the counts of a cell in each region; empty where a dimension does not have its value."""
        values = dict(address)
        places = []
        for name, axis in self.axes.items():
            at = axis.get(side_of(values[name], side) if name == "group" else values[name])
            if at is None:
                return {}
            places.append(at)
        counts = self.counts[tuple(places)].tolist()
        return {region: tuple(counts[at]) for region, at in self.regions.items()}


class AcrossContext(QueryContext):
    """A context whose counts in whole periods come from crosstabs. The rows are the same, but medians have no value.

    The pattern only needs the number of people behind a median.
    """

    def rows(self, *, by: str | None, **options: Unpack[QueryOptions]) -> list[SqlRow]:
        """Return the rows of a question, from the crosstabs where they hold the answer."""
        spec = self._spec(by, options)
        crosstab = self._crosstab(spec)
        if crosstab is None:
            return super().rows(by=by, **options)
        rows = list(_rows_in(crosstab, spec))
        return rows if by else [{"key": "Total", **row} for row in rows]

    def in_regions(self, address: Address, side: str) -> Mapping[str, tuple[int, ...]]:
        """Return the counts of a cell in each region: people, or successes and failures. Empty where no crosstab has them.

        Args:
            address: A cell of the family.
            side: The side of its group.
        """
        names = tuple(sorted({"region", *(name for name, _ in address)}))
        if names not in self._by_region:
            self._by_region[names] = self._counts_by_region(names)
        counts = self._by_region[names]
        return counts.of(address, side) if counts else {}

    @cached_property
    def _by_region(self) -> dict[Dimensions, _RegionCounts | None]:
        """What `in_regions` read before, by its dimensions: it is asked for hundreds of thousands of cells."""
        return {}

    def _counts_by_region(self, names: Dimensions) -> _RegionCounts | None:
        """Return the counts by these dimensions, which include region; None where no crosstab has them."""
        if self.measure.type != "counted" or "region" not in self.model.filters or self.model.rows:
            return None
        spec = self._spec(None, {})
        crosstab = self._crosstabs_of(spec).get(names) if spec.agg in _COLUMNS else None
        if crosstab is None:
            return None
        base, *_ = _COLUMNS[spec.agg].get("denominator", (COUNTED,))
        is_rate = "denominator" in _COLUMNS[spec.agg] and spec.agg not in _MEDIANS
        successes, counted = crosstab.counts[..., SUCCESSES], crosstab.counts[..., base if is_rate else COUNTED]
        parts = np.stack([successes, counted - successes] if is_rate else [counted], axis=-1)
        axes = {name: axis for name, axis in crosstab.axes.items() if name != "region"}
        return _RegionCounts(axes, crosstab.axes["region"], np.moveaxis(parts, names.index("region"), -2))

    def _crosstab(self, spec: QuerySpec) -> Crosstab | None:
        """Return the counts by the filters and the breakdown of a question; None if there are no such counts."""
        model, filters = _model_of(spec), spec.scope.filters
        period = period_of(spec.scope)
        is_free = period is None and bool(spec.scope.since or spec.scope.until)
        if is_free or not model.table or spec.agg not in _COLUMNS or model.empty in filters.values():
            return None
        if facts()[spec.fact].first and period and spec.by:
            return None  # a row of a breakdown differs from the same filter
        dimensions = [] if model.rows else list(filters)
        dimensions += [name for name in (spec.by, period and period[0]) if name]
        if not dimensions:
            return None  # a delivery with few people needs no more than this number
        return self._crosstabs_of(spec).get(tuple(sorted(dimensions)))

    def _crosstabs_of(self, spec: QuerySpec) -> Mapping[Dimensions, Crosstab]:
        """Return the counts by the dimensions of every table of the family, and by these and region. Groups have no id here."""
        # the rows of a model that is no table depend on the filters
        read = tuple(spec.scope.filters.items()) if _model_of(spec).rows else ()
        key = "crosstabs", self.measure.id, spec.fact, spec.agg, spec.support, spec.received, spec.scope.as_of, read
        return self.store.get_or_compute(key, lambda: self._crosstabs(spec))

    def _crosstabs(self, spec: QuerySpec) -> Mapping[Dimensions, Crosstab]:
        model, agg = _model_of(spec), "placed_amounts" if spec.agg in _MEDIANS else "placed_rows"
        scope = spec.scope.but(since=None, until=None)
        names = {
            tuple(sorted(name.partition("=")[0] for name in table))
            for table in tables_of(self) | unshown_tables_of(self)
        }
        if model.rows:
            names = {each for each in names if len(each) < 2}
        else:
            names |= {tuple(sorted({"region", *each})) for each in names if ("region",) in names and "town" not in each}
            opened: dict[str, None] = dict.fromkeys(scope.filters)
            scope = scope.but(**opened, group_side="in")
        query = write(replace(spec, agg=agg, by=None, of_group=None, scope=scope))
        rows = CountedRows.of(self.store, model.table, query)
        parts = rows.by_resident(is_first=facts()[spec.fact].first) if spec.agg in _ONCE else [rows]
        return crosstabs_of(parts, names, spec.bits)


def _model_of(spec: QuerySpec) -> Model:
    return MODELS[facts()[spec.fact].model]


def _rows_in(crosstab: Crosstab, spec: QuerySpec) -> Iterator[SqlRow]:
    """Yield the rows of a question, in the order of their keys."""
    period = period_of(spec.scope)
    values = {**spec.scope.filters, **(dict([period]) if period else {})}
    index: list[int | slice] = []
    keys: list[tuple[str, int]] = []
    for name, axis in crosstab.axes.items():
        if name == spec.by:
            index.append(slice(None))
            keys = _keys(axis, spec)
        else:
            value = values[name]
            at = axis.get(side_of(value, spec.scope.group_side) if name == "group" else value)
            if at is None:
                return
            index.append(at)
    counts = crosstab.counts[tuple(index)]
    if spec.by is None:
        keys, counts = [("", 0)], counts[np.newaxis]
    present = SUCCESSES if spec.agg in _SUCCESSFUL else COUNTED
    for key, at in keys:
        if counts[at, present]:
            yield ({"key": key} if spec.by else {}) | _columns(counts[at], spec)


def _keys(axis: Axis, spec: QuerySpec) -> list[tuple[str, int]]:
    """Return the keys of a breakdown and where they are along its axis, in their order; of groups, those in them."""
    if spec.by != "group":
        return list(axis.items())
    return [(group, axis[side_of(group, SIDES[0])]) for group in sorted(spec.bits) if spec.of_group in (None, group)]


def _columns(counts: Numbers, spec: QuerySpec) -> SqlRow:
    """Return the columns of one row. A median has no value."""
    row: SqlRow = {"value": None} if spec.agg in _MEDIANS else {}
    for name, (of, *without) in _COLUMNS[spec.agg].items():
        if name != "inside" or facts()[spec.fact].inside:
            row[name] = int(counts[of]) - sum(int(counts[each]) for each in without)
    return row
