"""Which cells of a table must be hidden so that no small count is shown, nor had by subtraction. Counts in, verdicts out.

Two things are kept: a small count is hidden, and where the rest of its line (a row or column whose total is shown) would
give it away, further cells of the line are hidden with it, the smallest first (complementary cell suppression: Hundepool
et al., Statistical Disclosure Control, 2012, chapter 4). A reader is taken to know the total and the rule.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

PRIMARY, SECONDARY, UNSPECIFIED = "few", "beside", "vague"


@dataclass(frozen=True)
class Cell:
    """One row of an answer. counts: the counts of people it shows or gives away. lines: the totals it is part of.
    is_open: never hidden (the reader knows it). is_gone: not shown in any case, and nothing is known of it."""

    counts: tuple[int, ...]
    lines: tuple[Hashable, ...] = ()
    is_open: bool = False
    is_gone: bool = False


def is_small(count: float | None, min_count: int) -> bool:
    """Whether a count is of somebody, but of fewer than may be shown."""
    return count is not None and 0 < count < min_count


def hidden(cells: Sequence[Cell], min_count: int) -> Mapping[int, str]:
    """The places of the cells to hide, each with why: FEW (it is small), BESIDE (it would give another away), VAGUE (small or
    beside a small one: all there is in its line is hidden, and saying which is small would give it away)."""
    found = {
        at: PRIMARY
        for at, cell in enumerate(cells)
        if not (cell.is_open or cell.is_gone) and any(is_small(n, min_count) for n in cell.counts)
    }
    lines: dict[Hashable, list[int]] = {}
    for at, cell in enumerate(cells):
        for line in cell.lines:
            lines.setdefault(line, []).append(at)
    vague: set[int] = set()
    again = bool(found)
    while again:
        again = False
        for members in lines.values():
            while exposed([(cells[at], found.get(at)) for at in members if at in found or cells[at].is_gone], min_count):
                more = _next(cells, members, found)
                if more is None:
                    gone = [at for at in members if at in found]
                    vague.update(gone if len(gone) > 1 else ())  # alone, it is as small as its total
                    break
                found[more] = SECONDARY
                again = True
    return {at: UNSPECIFIED if at in vague else why for at, why in found.items()}


def _next(cells: Sequence[Cell], members: Sequence[int], found: Mapping[int, str]) -> int | None:
    """The smallest cell of a line that can still be hidden; cells of nobody hide nothing."""
    left = [at for at in members if at not in found and not cells[at].is_open and not cells[at].is_gone]
    left = [at for at in left if any(cells[at].counts)]
    return min(left, key=lambda at: (sum(cells[at].counts), at), default=None)


def exposed(members: Sequence[tuple[Cell, str | None]], min_count: int) -> bool:
    """Whether the hidden cells of one line, whose sum is known, give a small count away: alone or together."""
    few = sum(why == PRIMARY for _, why in members)
    if not few or any(cell.is_gone for cell, _ in members):
        return False
    for place in range(len(members[0][0].counts)):
        whole = sum(cell.counts[place] for cell, _ in members)
        if is_small(whole, min_count):
            return True
        if not any(why == PRIMARY and is_small(cell.counts[place], min_count) for cell, why in members):
            continue
        alone, single = len(members) == 1, len(members[0][0].counts) == 1
        if alone or (single and _is_certain(whole, small=few - 1, large=len(members) - few, min_count=min_count)):
            return True
    return False


def _is_certain(whole: int, *, small: int, large: int, min_count: int) -> bool:
    """Whether only one count from 1 to fewest − 1 fits beside so many counts known to be small, and so many known not to be."""
    least = small + min_count * large
    most = whole if large else small * (min_count - 1)
    return min(min_count - 1, whole - least) <= max(1, whole - most)
