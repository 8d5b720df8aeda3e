"""Describe residents across initiatives: each counted once, and the paths between initiatives."""

from __future__ import annotations

from components.text import prose, scope_words
from components.text.format import known, people
from components.text.scope_words import chosen, filters
from queries.calculators.paths import OTHER_PATHS
from queries.models import Answer
from queries.privacy.suppression import HIDDEN, is_hidden
from queries.scope import Scope

# Changes of a scope: online courses and openings do not record every filter.
EVERYONE = scope_words.not_recorded("meetings")
EMPLOYERS = scope_words.not_recorded("openings")
MEASURES = ("residents_any", "residents_in_several", "residents_by_path", "learners")  # under the changes for everyone


def words(scope: Scope) -> str:
    """Say what the section covers, and which of the chosen filters do not apply to it."""
    text = "The training programs, the online courses and the jobs portal."
    exception = ", but positions follow the sector" if scope.sector else ""
    return f"{text} {scope_words.not_applied(scope, 'meetings', exception=exception)}".rstrip()


def across(anywhere: Answer, several: Answer) -> str:
    """Say how many residents took part in any initiative and in more than one; "" without the numbers."""
    if not known(anywhere.total.value) or not known(several.total.value):
        return ""
    return (
        f"{prose.residents(anywhere)} took part in at least one initiative{chosen(anywhere.scope)}, each counted once. "
        f"{people(several.total.numerator) if several.total.numerator else 'Nobody'} took part in more than one."
        f"{'' if anywhere.delivery.layout else ' An online course counts as SkillUp CT.'}"
    )


def also(learners: Answer, positions: Answer) -> list[str]:
    """Say what online courses and the jobs portal add, one sentence each, or why there is no number."""
    if known(learners.total.value) or prose.hidden_rows(learners):
        online = (
            f"How many residents registered for free online courses{filters(learners)} is {HIDDEN}."
            if is_hidden(learners.total)
            else f"{prose.residents(learners)} registered for free online courses{filters(learners)}."
        )
    else:
        online = f"Online courses: {learners.reason or learners.note}."
    if known(positions.total.value):
        count = prose.plural(positions.total.value, "position")
        jobs = f"Employers offered {count}{filters(positions)}, on the jobs portal and through hiring commitments."
    else:
        jobs = f"Job openings and hiring commitments: {positions.reason or positions.note}."
    return [online, jobs]


PATHS = (
    "Residents who took part in more than one initiative, by the order in which they first took part; on the same day, in alphabetical order. "
    "Paths of fewer than ten residents are combined as “Other paths”. A path counts training and online courses alike; "
    "the page Online courses follows only those who took a course."
)


def paths_title(paths: Answer, several: Answer) -> str:
    """State the finding over the paths between initiatives. several: residents who took part in more than one."""
    rows = [row for row in prose.ranked(paths) if row.key != OTHER_PATHS]
    if not rows:
        return f"No path{chosen(paths.scope)} has ten or more residents"
    if len(rows) > 1 and rows[0].value == rows[1].value:
        return f"Paths between initiatives{chosen(paths.scope)}"
    count, base = rows[0].value, several.total.numerator
    of = f"{people(count)} of the {people(base)}" if known(base) and known(count) and base > count else people(count)
    return f"Most common path{chosen(paths.scope)}: {rows[0].key} ({of} residents in more than one initiative)"
