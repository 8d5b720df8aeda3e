"""Describe the groups that a plan can be for, before there is a plan."""

from __future__ import annotations

from collections.abc import Mapping

from components.text import prose
from components.text.format import known
from components.text.narratives.compared_groups import no_goal
from components.text.scope_words import chosen
from queries.models import Answer, Row
from queries.privacy.suppression import is_hidden
from queries.scope import Scope

SHORT_WORDS = (
    "How many more residents of each group must enroll to reach its target, or its benchmark where no target is set."
)


def short(gaps: Answer) -> list[Row]:
    """Return the rows of the groups short of their target or benchmark, the widest gap first."""
    return [row for row in prose.by_size(gaps.rows) if known(row.value) and row.value > 0]


def short_title(gaps: Answer) -> str:
    """Write the title of the chart of these gaps."""
    return f"Residents short of a target or benchmark{chosen(gaps.scope)}, by group"


def behind(gaps: Answer, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (group, words) for each group short of its target or benchmark, the widest gap first."""
    return [
        (row.key, f"{labels.get(row.key, row.key)}: {prose.plural(row.value, 'resident')} short today")
        for row in short(gaps)
    ]


def not_here(scope: Scope, widened: str, *, who: str) -> str:
    """Say where a protected reader sees a plan: not under these filters. widened: what is chosen without them."""
    place = chosen(scope)
    return f"To protect residents’ privacy, your role sees no plan for {who}{place}. It sees the plan for {widened} together."


def choose(gaps: Answer, nouns: Mapping[str, str], *, widened: str = "") -> str:
    """Write the lead before a group is chosen.

    It counts only. Which gaps could be chance depends on all comparisons of the equity page, which says so.

    Args:
        gaps: The gap of each group.
        nouns: Group id to its name in the middle of a sentence.
        widened: Where a protected reader sees plans, if not under these filters: "all regions".
    """
    if gaps.status != "ok":
        return gaps.note or "There is nobody to plan for yet."
    place, when = chosen(gaps.scope), prose.when(gaps)
    wider = f"Your role sees plans for {widened} together." if widened else ""
    how = wider or "Choose a group to see what would close its gap."
    any_group = wider or "To plan for a group anyway, choose it in the filters."
    groups = [nouns.get(group, group) for group, _ in behind(gaps, nouns)]
    count = prose.plural_in_words(len(groups), "group")
    if not any(known(row.value) or is_hidden(row) for row in gaps.rows):
        return f"{prose.capital(no_goal(gaps.rows))}{place} {when}, so no gap can be counted. {any_group}"
    if not groups:
        counted = sum(known(row.value) for row in gaps.rows)
        if not counted:
            first = "No gap between a group and its target or benchmark can be shown"
        elif counted == 1:
            first = "The only group that can be counted is not short of its target or benchmark"
        else:
            first = (
                f"Of the {prose.in_words(counted)} groups that can be counted, none is short of its target or benchmark"
            )
        return f"{first}{place} {when}. {any_group}"
    has, whose = prose.noun(len(groups), "has"), "its" if len(groups) == 1 else "their"
    return (
        f"{prose.capital(when)}, {count}{place} {has} fewer residents enrolled than {whose} target or benchmark calls for: "
        f"{prose.join(groups)}. {how} The equity page says which gaps could be chance."
    )
