"""Say of how many groups a finding is, or of which single one, and why groups cannot be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from components.text import prose
from components.text.format import known, people
from components.text.narratives.answer_data import EquityData, goal_of, share_of_goal
from queries.calculators.gap import GapRow
from queries.calculators.group_shares import RepresentationRow
from queries.models import ComparedRow, Row
from queries.notes import NOBODY_ANSWERED
from queries.privacy.suppression import is_hidden
from queries.verdicts import ABOVE, ALIKE, AT_GOAL, BELOW, FLAGGED, HIGHER, LOWER, SCREENED, TOO_FEW

_JUDGED = (ABOVE, ALIKE, AT_GOAL, BELOW, FLAGGED, HIGHER, LOWER, SCREENED)


def is_judged(row: Row) -> bool:
    """Return whether a comparison has a verdict. A ratio to a population without one is judged by its interval."""
    if isinstance(row, RepresentationRow):
        return known(row.high) and known(row.benchmark)
    return isinstance(row, ComparedRow) and row.verdict in _JUDGED


def none_of(rows: Sequence[Row], noun: Callable[[str | None], str], place: str = "") -> str:
    """Start a sentence about the groups that can be compared: "of the three groups that can be compared, none is".

    Args:
        rows: One or more for each group.
        noun: Returns what a group is called in the middle of a sentence. A single group is called by its name.
        place: The filters.
    """
    judged = {row.group for row in rows if is_judged(row)}
    count = len(judged)
    if count == 1:
        return f"the only group{place} that can be compared, {noun(*judged)}, is not"
    which = "" if count == len({row.group for row in rows}) else " that can be compared"
    return f"of the {prose.in_words(count)} groups{place}{which}, none is"


def no_goal(rows: Sequence[Row]) -> str:
    """Start a sentence where no group has a share and a goal: "there is no target or benchmark", or nobody answered."""
    reasons = {row.note for row in rows}
    if NOBODY_ANSWERED not in reasons:
        return "there is no target or benchmark"
    if reasons == {NOBODY_ANSWERED}:
        return "nobody enrolled has answered a question about groups"
    return "some groups have no answers and the others no target or benchmark"


def nothing_compared(rows: Sequence[Row], what: str = "group") -> str:
    """Start a sentence where no group can be compared: "too few residents to compare any group"."""
    reasons = {row.verdict for row in rows if isinstance(row, ComparedRow) and row.verdict}
    if reasons == {TOO_FEW} and not any(is_hidden(row) for row in rows):
        return f"too few residents to compare any {what}"
    return f"no {what} can be compared"


def below_goals(data: EquityData) -> list[str]:
    """Say which groups are enrolled clearly below their goal, lowest first, and how many more residents each needs.

    Groups that are equally far below the same goal share a sentence, and a population is described once.
    """
    gaps = data.gaps.rows_of(GapRow)
    rows = sorted((row for row in gaps if row.verdict == BELOW), key=lambda row: row.share_of_target or 0)
    equal = groupby(rows, key=lambda row: (share_of_goal(row), goal_of(row)))
    sentences, described = [], set[str | None]()
    for (times, _), same in equal:
        rows_alike = list(same)
        first = rows_alike[0]
        goal = goal_of(first, is_short=first.base in described)
        needed = f"{prose.plural(first.value, 'more person', 'more people')} needed"
        if len(rows_alike) > 1:
            counts = [f"{people(row.value)} more {data.noun(row.group)}" for row in rows_alike]
            needed = f"{prose.join(counts)} needed"
        names = prose.capital(prose.join([data.noun(row.group) for row in rows_alike]))
        sentences.append(f"{names} are enrolled at {times} times their {goal} ({needed}).")
        if first.is_benchmark:
            described.add(first.base)
    return sentences
