"""The whole resident: unduplicated across initiatives, and the ways between them."""

from __future__ import annotations

from typing import Any

from components.text import prose
from components.text.format import known, people
from queries.calculators.paths import OTHER_PATHS as OTHER_WAYS

# online courses and openings know neither initiative, sector nor group
EVERYONE = {"initiative": None, "sector": None, "group": None}


def words(scope: Any) -> str:
    """What the section is about, and which of the filters it cannot follow."""
    text = "Online courses and the jobs portal beside the programs."
    ignored = [name for name in ("initiative", "sector", "group") if getattr(scope, name)]
    return f"{text} All residents, whatever the {prose.join(ignored, 'or')} chosen." if ignored else text


def across(anywhere: Any, several: Any) -> str:
    """ "14,700 residents in any initiative, 844 in more than one"; empty where it cannot be said."""
    if not known(anywhere.total.value) or not known(several.total.value):
        return ""
    return (
        f"{prose.residents(anywhere)} took part in any initiative, each counted once; "
        f"{people(several.total.numerator)} in more than one (an online course is part of SkillUp CT)."
    )


def also(learners: Any, positions: Any) -> list[str]:
    """What online learning and the jobs portal add, one sentence each; says so where they are not supplied."""
    online = (
        f"{prose.residents(learners)} took free online courses."
        if known(learners.total.value) or prose.held_back(learners)
        else f"Online courses: {learners.reason or learners.note}."
    )
    jobs = (
        f"Employers offered {people(positions.total.value)} positions on the jobs portal and by hiring commitments."
        if known(positions.total.value)
        else f"Openings and hiring commitments: {positions.reason or positions.note}."
    )
    return [online, jobs]


def ways_title(paths: Any) -> str:
    """The finding over the ways between initiatives."""
    row = next((row for row in prose.ranked(paths) if row.key != OTHER_WAYS), None)
    return (
        f"The most walked way is {row.key}: {people(row.value)} residents" if row else "No way is walked by ten or more"
    )
