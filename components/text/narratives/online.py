"""Online learning in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.text import prose
from components.text.format import known, people, share
from components.text.period_labels import named

COMPARED = ("learners", "registrations", "courses_completed", "course_completion_rate")
UNITS = {
    "Learners": "residents", "Claimants": "residents", "Registrations": "rows", "Completed": "rows", "Completion rate": "share",
    "Open positions": "positions",
}  # fmt: skip
WENT_ON = "A learner went on when the first CareerConneCT enrollment came on or after the first course registration."
CROSSWALK = (
    "Subjects and sectors are not the same thing: each subject is set beside the sector whose jobs ask for it most plainly, "
    "an assumption and not a finding."
)
# Plain readings of the subjects' names; digital literacy serves every sector and is set beside none.
SECTOR_OF = {
    "Manufacturing": "Manufacturing",
    "Information technology": "Information technology",
    "Business analysis": "Business services",
    "Project management": "Business services",
    "Office skills": "Business services",
}


def lead(*, learners: Any, completed: Any, going_on: Any) -> str:
    """The page's answer: how many learn, what they finish, how many go on."""
    if learners.status != "ok":
        return learners.note or "Nobody has registered yet."
    text = f"{prose.residents(learners)} {'has' if learners.total.value == 1 else 'have'} taken free online courses {prose.when(learners)}"
    if known(completed.total.value):
        text += f" and completed {people(completed.total.value)} of them"
    row = going_on.total
    if known(row.value):
        text += f"; {people(row.numerator)} ({share(row.value)}) went on to CareerConneCT"
    return text + "."


def credit_context(completed: Any) -> str:
    """What the courses with credit are part of."""
    return f"of {people(completed.total.value)} completed" if known(completed.total.value) else ""


def first(answer: Any, does: str) -> str:
    """The finding over bars: who is first, with the number."""
    row = prose.best(answer)
    return f"{row.key} {does}: {people(row.value)}" if row else "Nothing to compare yet"


def busiest(by_quarter: Any) -> str:
    """The finding over registrations by quarter."""
    row = prose.best(by_quarter)
    return (
        f"The busiest quarter was {named(row.key)}: {people(row.value)} registrations"
        if row
        else "No registrations yet"
    )


def by_platform_table(answers: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """One row a platform, subject and eligibility, with the four measures of COMPARED."""
    found = []
    for by, (learners, registrations, completed, rate) in answers.items():
        for row in prose.by_size(learners.rows):
            found.append(
                {
                    "By": prose.capital(by),
                    "Name": prose.capital(row.key),
                    "Learners": prose.told(row),
                    "Registrations": prose.cell(registrations, row.key),
                    "Completed": prose.cell(completed, row.key),
                    "Completion rate": prose.cell(rate, row.key),
                }
            )
    return found


def against_hiring(by_subject: Any, open_positions: Any) -> list[dict[str, Any]]:
    """One row a subject: the claimants who take it, the sector set beside it, and that sector's open positions."""
    found = []
    for row in [*prose.ranked(by_subject), *prose.held_back(by_subject)]:
        sector = SECTOR_OF.get(row.key)
        found.append(
            {
                "Subject": row.key,
                "Claimants": prose.told(row),
                "Sector set beside it": sector or "every sector",
                "Open positions": prose.cell(open_positions, sector) if sector else "not compared",
            }
        )
    return found
