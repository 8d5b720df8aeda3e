"""A group's gap taken apart: who is where, how they fare there, and the few places that carry most of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from queries.calculators.equity import NOBODY_ANSWERED, by_group, not_supplied_groups
from queries.calculators.outcomes import compared
from queries.context import QueryContext
from queries.models import Row
from queries.statistics import Cell, decompose
from queries.statistics.nested_decomposition import NestedCell, NestedPart, cell_parts, nested
from queries.statistics.significance import discoveries, p_of_difference
from queries.verdicts import ENOUGH, RATE, TOO_FEW, Compared, can_be_said

DECOMPOSED_BY = ("region", "sector", "program")
ALONE_MOST = 0.2  # of exits, in places where only one side is
LEVELS = ("sector", "region", "provider")  # in the order in which a gap is followed, from what a resident chooses first


def decomposition(context: QueryContext) -> list[Row]:
    """The gap and its parts. Without a breakdown: one row a group and dimension (`part`), extra between and within.

    With one: one row a group and place, whose values add up to the gap. A resident's enrollments are the unit.
    """
    places = [context.by] if context.by not in (None, "group") else list(DECOMPOSED_BY)
    found: list[Row] = []
    for place in places:
        cells: dict[str, list[Cell]] = {}
        for key, group, raw in by_group(replace(context, by=place), "rate_by_side"):
            cells.setdefault(group, []).append(
                Cell(key, raw["successes_in"], raw["known_in"], raw["successes_out"], raw["known_out"])
            )
        for group in context.groups():
            found += _parts(context, group, str(place), cells.get(group, []))
    return found + not_supplied_groups(context)


def _parts(context: QueryContext, group: str, place: str, cells: list[Cell]) -> list[Row]:
    parts = decompose(cells)
    if parts is None:
        if not cells:
            return []
        return [Row(key=group, group=group, part=place, value=None, note=NOBODY_ANSWERED)]
    between, within = sum(part.between for part in parts), sum(part.within for part in parts)
    if context.by in (None, "group"):
        extra = {"between": between, "within": within}
        return [Row(key=group, group=group, part=place, value=between + within, extra=extra)]
    return [
        Row(
            key=part.key,
            group=group,
            part=place,
            value=part.between + part.within,
            extra={"between": part.between, "within": part.within, "gap": between + within},
        )
        for part in parts
    ]


def parts(context: QueryContext) -> list[Row]:
    """One row a group and part: what mix between sectors, then regions, then providers makes of the gap, and the rest.

    key and part: a level of `LEVELS`, or "within". A level cut so fine that over `ALONE_MOST` of the exits have nobody of the
    other side in their place is left out, and stays in "within". value, low, high: points as fractions; they add up to `extra["gap"]`.
    `extra["p_adjusted"]` allows for all parts of all groups, which are one family.
    """
    found: list[Row] = []
    everyone = replace(context, scope=context.scope.but(group=None))
    overall = dict(_overall(everyone))
    for group, cells in nested_cells(everyone, LEVELS):
        one = overall[group]
        inside, outside = one.inside, one.outside
        made = _deep_enough(cells, effects=(inside.effect, outside.effect))
        reason = can_be_said(one)
        if made is None or reason:
            found.append(Row(key=group, group=group, value=None, note=reason or NOBODY_ANSWERED))
            continue
        extra = {"gap": (inside.rate or 0) - (outside.rate or 0), "rate_in": inside.rate, "rate_out": outside.rate}
        extra |= {"known_in": inside.trials, "known_out": outside.trials}
        found += [
            Row(key=p.level, group=group, part=p.level, value=p.value, low=p.low, high=p.high, extra=extra)
            for p in made
        ]
    adjusted = discoveries([_chance(row) for row in found], rate=RATE)
    wanted = set(context.groups())
    judged = [replace(row, extra={**row.extra, "p_adjusted": p}) for row, p in zip(found, adjusted, strict=True)]
    return [row for row in judged if row.group in wanted] + not_supplied_groups(context)


def _deep_enough(cells: Sequence[NestedCell], *, effects: tuple[float, float]) -> list[NestedPart] | None:
    """The parts down to the last level whose places mostly hold both sides; finer ones would call within between."""
    for depth in range(len(LEVELS), 0, -1):
        cut = [replace(cell, levels=cell.levels[:depth]) for cell in cells]
        made = nested(cut, levels=LEVELS[:depth], effects=effects)
        if made is None or depth == 1 or made[depth - 1].alone <= ALONE_MOST:
            return made
    return None


def _chance(row: Row) -> float | None:
    """The two-sided p-value of a part against nothing, from its normal interval; None without a part or a width."""
    if row.value is None or row.low is None or row.high is None or row.high - row.low < 1e-9:
        return None
    return p_of_difference(row.value, (row.high - row.low) / 2)


def cells(context: QueryContext) -> list[Row]:
    """One row a group, program and region: what the place adds to the gap, in points as fractions; adds up to it.

    key: program; part: region. Places with under 30 exits of either side count in the sum and say so in `note`.
    """
    found: list[Row] = []
    for group, listed in nested_cells(context, ("program", "region")):
        by_levels = {cell.levels: cell for cell in listed}
        for part in cell_parts(listed) or []:
            cell = by_levels[part.levels]
            program, region = part.levels
            few = min(cell.known_in, cell.known_out) < ENOUGH
            found.append(
                Row(
                    key=program,
                    group=group,
                    part=region,
                    value=part.between + part.within,
                    numerator=cell.successes_in / cell.known_in if cell.known_in else None,
                    denominator=cell.successes_out / cell.known_out if cell.known_out else None,
                    note=TOO_FEW if few else None,
                    extra={
                        "between": part.between,
                        "within": part.within,
                        "successes_in": cell.successes_in,
                        "known_in": cell.known_in,
                        "successes_out": cell.successes_out,
                        "known_out": cell.known_out,
                    },
                )
            )
    return found + not_supplied_groups(context)


def _overall(context: QueryContext) -> Iterator[tuple[str, Compared]]:
    for _, group, raw in by_group(replace(context, by=None), "rate_by_side"):
        yield group, compared(raw)


def nested_cells(context: QueryContext, levels: Sequence[str]) -> Iterator[tuple[str, list[NestedCell]]]:
    """(group, its cells): one cell for each combination of the levels that has anybody known."""
    missing = {row["group_id"] for row in context.listing("groups") if not row["is_supplied"]}
    everyone = context.scope.but(group=None)
    summed: dict[str, dict[tuple[str, ...], list[int]]] = {}
    for raw in context.rows(by=None, agg="cells_by_side", scope=everyone, of_group=context.scope.group):
        if raw["group_id"] in missing:
            continue
        at = summed.setdefault(raw["group_id"], {}).setdefault(tuple(raw[level] for level in levels), [0, 0, 0, 0])
        for place, name in enumerate(("successes_in", "known_in", "successes_out", "known_out")):
            at[place] += int(raw[name])
    for group, found in summed.items():
        yield group, [NestedCell(key, *counts) for key, counts in found.items()]
