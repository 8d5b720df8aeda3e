"""The places behind a gap: exits of a group and of the others in each combination of levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.case_mix import is_place_supplied
from queries.context import QueryContext
from queries.statistics.nested_decomposition import NestedCell

# the order in which a gap is followed: what residents choose first comes first
LEVELS = ("sector", "region", "provider")
COUNT_COLUMNS = ("successes_in", "known_in", "successes_out", "known_out")


def supplied_levels(context: QueryContext) -> tuple[str, ...]:
    """Return the levels that the delivery says. The others are no places: everybody would be in the same one."""
    return tuple(level for level in LEVELS if is_place_supplied(context, level))


def nested_cells(context: QueryContext, levels: Sequence[str]) -> Iterator[tuple[str, list[NestedCell]]]:
    """Yield (group, cells): one cell for each combination of the levels that has exits with a known outcome."""
    missing = context.groups_not_supplied()
    scope = context.scope.but(group=None)
    sums: dict[str, dict[tuple[str, ...], list[int]]] = {}
    for raw in context.rows(by=None, agg="cells_by_side", scope=scope, of_group=context.scope.group):
        if raw["group_id"] in missing:
            continue
        place = tuple(map(raw.__getitem__, levels))
        counts = list(map(int, map(raw.__getitem__, COUNT_COLUMNS)))
        places = sums.setdefault(raw["group_id"], {})
        before = places.get(place)  # of other levels, which the delivery does not say
        places[place] = [each + more for each, more in zip(before, counts, strict=True)] if before else counts
    for group, places in sums.items():
        yield group, [NestedCell(place, *counts) for place, counts in places.items()]
