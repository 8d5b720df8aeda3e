"""Describe online courses: who takes them, what they finish, and who goes on to a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.text import prose, reliability
from components.text.format import known, people, share
from components.text.scope_words import chosen
from queries.models import Answer

CARDS = ("learners", "registrations", "courses_completed", "course_completion_rate", "course_hours", "course_credits")
BREAKDOWNS = ("platform", "subject", "eligibility")
COMPARED = ("learners", "registrations", "courses_completed", "course_completion_rate")
UNITS = {
    "Learners": "residents", "Claimants": "residents", "Registrations": "registrations", "Completed": "registrations", "Completion rate": "share",
    "Open positions": "positions",
}  # fmt: skip
WENT_ON = (
    "A learner went on if the first CareerConneCT enrollment came on or after the first course registration. "
    "The paths on Overview also count residents who came from other SkillUp CT training."
)
CROSSWALK = (
    "Course subjects are not sectors. Each subject is matched with the sector whose jobs most plainly use it, which is an "
    "assumption."
)
# Digital literacy is used in every sector, so it is matched with none.
SECTOR_OF = {
    "Manufacturing": "Manufacturing",
    "Information technology": "Information technology",
    "Business analysis": "Business services",
    "Project management": "Business services",
    "Office skills": "Business services",
}


def lead(*, learners: Answer, completed: Answer, going_on: Answer) -> str:
    """Answer the page's question: how many learn, what they finish, and how many go on."""
    if learners.status != "ok":
        return learners.note or "Nobody has registered yet."
    where = f" for free online courses{chosen(learners.scope)} {prose.when(learners)}"
    text = prose.people_who(learners, "registered", where)
    if known(completed.total.value):
        text += f". {prose.capital(_courses(completed))}"
    row = going_on.total
    if known(row.value) and row.denominator:
        base = prose.plural(row.denominator, "learner")
        is_part = going_on.scope.since or going_on.scope.until  # others who registered then had registered before
        if row.numerator:
            start = "Of those who registered for the first time, " if is_part else ""
            text += f". {start}{people(row.numerator)} of {base} ({share(row.value)}) went on to CareerConneCT"
        else:
            of = f"{base} who registered for the first time" if is_part else base
            text += f". Of {of}, nobody has gone on to CareerConneCT"
    return f"{text}."


def _courses(completed: Answer) -> str:
    """Say how many courses were completed, which may be others than those registered for in a period."""
    value = completed.total.value
    return f"{prose.plural(value, 'course')} {prose.noun(value, 'was', 'were')} completed"


def credit_context(completed: Answer) -> str:
    """Say how many completed courses the courses with credit are part of."""
    return f"of {people(completed.total.value)} completed" if known(completed.total.value) else ""


def by_platform_table(answers: Mapping[str, Sequence[Answer]]) -> list[dict[str, prose.Cell]]:
    """Return one table row a platform, subject and eligibility. answers: breakdown to the measures of COMPARED, in order."""
    return [
        {
            "By": prose.capital(by),
            "Name": prose.capital(row.key),
            "Learners": prose.cell_of(row),
            "Registrations": prose.cell(registrations, row.key),
            "Completed": prose.cell(completed, row.key),
            "Completion rate": prose.cell(rate, row.key),
            "Reliability": reliability.of_rows({"Completion rate": rate.row(row.key)}),
        }
        for by, (learners, registrations, completed, rate) in answers.items()
        for row in prose.by_size(learners.rows)
    ]


def hiring_table(by_subject: Answer, open_positions: Answer) -> list[dict[str, prose.Cell]]:
    """Return one table row a subject: the claimants who take it, its matched sector, and that sector's open positions."""
    rows: list[dict[str, prose.Cell]] = []
    for row in [*prose.ranked(by_subject), *prose.hidden_rows(by_subject)]:
        sector = SECTOR_OF.get(row.key)
        rows.append(
            {
                "Subject": row.key,
                "Claimants": prose.cell_of(row),
                "Matched sector": sector or "every sector",
                "Open positions": prose.cell(open_positions, sector) if sector else "not compared",
            }
        )
    return rows
