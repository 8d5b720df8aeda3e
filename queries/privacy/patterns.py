"""Which cells of a table to hide so that no small count is shown or can be computed by subtraction.

A small count is hidden. Where the rest of its line (a row or column whose total is shown) would reveal it, further cells
of the line are hidden with it, the smallest first (complementary cell suppression: Hundepool et al., Statistical
Disclosure Control, 2012, chapter 4). A reader is assumed to know the total and this rule.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple


class Reason(StrEnum):
    """Why a cell is hidden. Readers are not shown which of them it is."""

    PRIMARY = "primary"  # a count of the cell is small
    SECONDARY = "secondary"  # the cell would reveal a small count of another, or shows a statistic of too few people
    UNSPECIFIED = "unspecified"  # every cell of its line is hidden


SHARING = 2  # so many owners may tell each other what they know
PRIMARY, SECONDARY, UNSPECIFIED = Reason.PRIMARY, Reason.SECONDARY, Reason.UNSPECIFIED


class Cell(NamedTuple):
    """One row of an answer.

    Attributes:
        counts: The counts of people it shows or reveals.
        lines: The totals it is part of.
        is_open: Never hidden, because the reader may see it exactly.
        is_gone: Not shown in any case; the reader knows nothing of it.
        owner: Who may know the cell exactly from elsewhere: the region whose board may.
        is_thin: Hidden although no count is small: it shows a statistic of too few people.
        values: The counts as they are, without what stands for nobody and everybody.
        is_filtered: Whether filters keep it. Others, such as those of a region that is not recorded, are listed under other filters; the
            audit hides more where it has to.
        is_remembered: Readers saw it in an earlier delivery, and it has hardly changed: hiding it now protects little.
    """

    counts: tuple[int, ...]
    lines: tuple[Hashable, ...] = ()
    is_open: bool = False
    is_gone: bool = False
    is_thin: bool = False
    owner: str | None = None
    values: tuple[int, ...] = ()
    is_filtered: bool = True
    is_remembered: bool = False


def is_small(count: float | None, min_count: int) -> bool:
    """Return whether a count is of somebody, but of fewer than may be shown."""
    return count is not None and 0 < count < min_count


def is_hidden_by_itself(cell: Cell, min_count: int) -> bool:
    """Return whether a cell is hidden whatever the others count: one of its counts is small, or its statistic is of too few."""
    return cell.is_thin or any(is_small(count, min_count) for count in cell.counts)


def hidden(cells: Sequence[Cell], min_count: int, hidden_totals: Collection[Hashable] = ()) -> Mapping[int, Reason]:
    """Return the positions of the cells to hide, each with its reason.

    The reason is unspecified where every cell of a line is hidden: saying which one is small would reveal it.

    Args:
        cells: The cells.
        min_count: Counts from 1 to below this are small.
        hidden_totals: Lines whose total is hidden itself: at least one of their cells must be hidden, or the sum would show it.
    """
    reasons = {
        at: PRIMARY if any(is_small(count, min_count) for count in cell.counts) else SECONDARY
        for at, cell in enumerate(cells)
        if not (cell.is_open or cell.is_gone) and is_hidden_by_itself(cell, min_count)
    }
    lines: dict[Hashable, list[int]] = {}
    for at, cell in enumerate(cells):
        for line in cell.lines:
            lines.setdefault(line, []).append(at)
    for line, members in lines.items():
        if line in hidden_totals and not any(at in reasons for at in members):
            more = _next_to_hide(cells, members, reasons)
            reasons |= {} if more is None else {more: SECONDARY}
    unspecified: set[int] = set()
    has_changed = bool(reasons)
    while has_changed:
        has_changed = False
        for members in lines.values():
            while _is_exposed(cells, members, reasons, min_count):
                more = _next_to_hide(cells, members, reasons)
                if more is None:
                    gone = [at for at in members if at in reasons]
                    unspecified.update(gone if len(gone) > 1 else ())  # a single cell is as small as its total
                    break
                reasons[more] = SECONDARY
                has_changed = True
    return {at: UNSPECIFIED if at in unspecified else reason for at, reason in reasons.items()}


def _is_exposed(cells: Sequence[Cell], members: Sequence[int], reasons: Mapping[int, Reason], min_count: int) -> bool:
    unseen = [(cells[at], reasons.get(at)) for at in members if at in reasons or cells[at].is_gone]
    if exposed(unseen, min_count):
        return True
    owners = sorted({cell.owner for cell, _ in unseen if cell.owner is not None})
    return any(
        exposed([(cell, reason) for cell, reason in unseen if cell.owner not in sharing], min_count)
        for count in range(1, SHARING + 1)
        for sharing in combinations(owners, count)
    )


def _next_to_hide(cells: Sequence[Cell], members: Sequence[int], reasons: Mapping[int, Reason]) -> int | None:
    """Return the smallest cell of a line that can still be hidden.

    A cell that counts nobody hides nothing, unless others know all the rest of the line; so it comes last.
    """
    candidates = [
        at
        for at in members
        if at not in reasons
        and not cells[at].is_open
        and not cells[at].is_gone
        and (any(cells[at].counts) or cells[at].owner is not None)
    ]
    return min(
        candidates,
        key=lambda at: (cells[at].is_remembered, not any(cells[at].counts), sum(cells[at].counts), at),
        default=None,
    )


def exposed(members: Sequence[tuple[Cell, Reason | None]], min_count: int) -> bool:
    """Return whether the hidden cells of one line, whose sum is known, reveal a small count."""
    small_cells = sum(reason == PRIMARY for _, reason in members)
    if not small_cells or any(cell.is_gone for cell, _ in members):
        return False
    has_single_count = len(members[0][0].counts) == 1
    for place in range(len(members[0][0].counts)):
        total = sum(cell.counts[place] for cell, _ in members)
        if is_small(total, min_count):
            return True
        if not any(reason == PRIMARY and is_small(cell.counts[place], min_count) for cell, reason in members):
            continue
        if len(members) == 1:
            return True
        large_cells = len(members) - small_cells
        if has_single_count and _is_certain(total, small=small_cells - 1, large=large_cells, min_count=min_count):
            return True
    return False


def _is_certain(total: int, *, small: int, large: int, min_count: int) -> bool:
    """Return whether only one small count fits, with so many other small cells and so many large cells."""
    least = small + min_count * large
    most = total if large else small * (min_count - 1)
    return min(min_count - 1, total - least) <= max(1, total - most)
