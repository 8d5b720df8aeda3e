"""Rank the regions: by a rate as far as chance allows, by a share of dollars exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from components.text import prose
from components.text.format import known, share
from components.text.narratives.region_data import LINES, RATES, Line, RegionData, row_of, side_of, value_of
from queries.models import Answer, AnswerStatus
from queries.privacy.suppression import is_hidden
from queries.statistics.ranks import rank_range

NOT_RANKED = "not ranked"
WHY_HIDDEN = (
    "Where your role does not see every region’s number, no region is ranked. Small numbers are hidden to protect residents’ privacy, and a "
    "rank would tell something of them."
)


class Rank(NamedTuple):
    """The best and the worst rank that a region can have, and among how many regions."""

    best: int
    worst: int
    of: int


def rank_of(data: RegionData, line: Line) -> Rank | None:
    """Return the rank of the region of `data`; None where it is not ranked.

    Rates are ranked as far as chance allows. Dollars are counted exactly, so only equal shares share ranks. Counts, medians and
    costs are not ranked. A region with nobody to count has no rate and no rank, and leaves the others theirs. A number hidden from
    the reader leaves nobody a rank: it could be told from the others.
    """
    if not _is_rankable(data, line) or _hidden(data, line):
        return None
    return _of_dollars(data, line) if line.share_of else _of_rates(data, line)


def rank_cell(data: RegionData, line: Line) -> str:
    """Write the rank of the region of `data`: "2nd to 4th of 5"; of dollars "tied for 2nd of 5"; or that it is not ranked.

    Where a hidden number is why, it says how many can be compared: "not ranked: 3 of 5 regions shown".
    """
    rank = rank_of(data, line)
    if rank is None:
        count, hidden = len(data.regions), _hidden_for_privacy(data, line)
        return f"{NOT_RANKED}: {count - hidden} of {count} regions shown" if hidden else NOT_RANKED
    if rank.best == rank.worst:
        return f"{prose.nth(rank.best)} of {rank.of}"
    if line.share_of:  # dollars are counted, so equal shares are equal
        return f"tied for {prose.nth(rank.best)} of {rank.of}"
    return f"{prose.nth(rank.best)} to {prose.nth(rank.worst)} of {rank.of}"


def in_a_sentence(rank: Rank | None, regions: Sequence[str]) -> str:
    """Write a rank by the enrollment rate; "" for none, and for one that could be any."""
    if rank is None or (rank.best, rank.worst) == (1, rank.of):
        return ""
    best, worst = prose.ordinal(rank.best), prose.ordinal(rank.worst)
    ranks = best
    if rank.worst > rank.best:
        ranks = f"{best} or {worst}" if rank.worst == rank.best + 1 else f"between {best} and {worst}"
    with_rate = "" if rank.of == len(regions) else " with a rate"
    return f"By that rate it is {ranks} of {prose.in_words(rank.of)} regions{with_rate}."


def why_hidden(data: RegionData) -> str:
    """Say why a table of ranks lacks some that it could have; "" where it lacks none for privacy."""
    lines = [line for line in LINES if data.by_region.keys() >= set(_measures(line))]
    return WHY_HIDDEN if any(_hidden_for_privacy(data, line) for line in lines) else ""


def _is_rankable(data: RegionData, line: Line) -> bool:
    """Return whether a measure is one that is ranked, and the region one of those compared."""
    return bool(line.share_of or line.measure in RATES) and data.region in data.regions


def _hidden(data: RegionData, line: Line) -> int:
    """Return how many regions have a number that is, or could be, hidden from the reader."""
    return sum(any(_is_hidden(data.by_region[each], region) for each in _measures(line)) for region in data.regions)


def _hidden_for_privacy(data: RegionData, line: Line) -> int:
    """Return how many regions' numbers the reader does not see, where only that keeps the regions from being ranked; else 0.

    Where the numbers by region are hidden as a whole, that of the reader's own region can still be shown.
    """
    answers = [data.by_region[each] for each in _measures(line)] if _is_rankable(data, line) else []
    if not all(answer.status in (AnswerStatus.OK, AnswerStatus.NOT_RELEASED) for answer in answers):
        return 0
    totals = [data.totals.get(each) for each in _measures(line)]
    is_shown = all(total and total.scope.region == data.region and known(total.total.value) for total in totals)
    return sum(
        any(_is_hidden(answer, region) for answer in answers)
        for region in data.regions
        if not (is_shown and region == data.region)
    )


def _measures(line: Line) -> tuple[str, ...]:
    return tuple(filter(None, (line.measure, line.share_of)))


def _is_hidden(answer: Answer, region: str) -> bool:
    """Return whether a region's number is, or could be, hidden. Protected readers get no row of some regions without anybody."""
    row = row_of(answer, region)
    return answer.hidden_below is not None if row is None else is_hidden(row)


def _of_dollars(data: RegionData, line: Line) -> Rank | None:
    shares = {region: value_of(data.by_region, line, region) for region in data.regions}
    values = {region: value for region, value in shares.items() if known(value)}
    here = values.get(data.region)
    if here is None or len(values) < 2:
        return None
    before = sum(value > here and share(value) != share(here) for value in values.values())
    return Rank(before + 1, before + sum(share(value) == share(here) for value in values.values()), len(values))


def _of_rates(data: RegionData, line: Line) -> Rank | None:
    rows = {region: row_of(data.by_region[line.measure], region) for region in data.regions}
    sides = {region: side_of(row) for region, row in rows.items() if row is not None and known(row.value)}
    ranked = {region: side for region, side in sides.items() if side is not None}
    if data.region not in ranked or len(ranked) < 2 or len(ranked) < len(sides):
        return None
    return Rank(*rank_range(list(ranked.values()), list(ranked).index(data.region)), len(ranked))
