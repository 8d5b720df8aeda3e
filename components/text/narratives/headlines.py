"""The front page in words: the lead, and the sentences to quote at a podium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from components.text import prose
from components.text.format import day, dollars, known, people, share
from components.text.narratives.sectors import cohort_differs

FEWEST_WEEKS = 13  # a projection of years from less than a quarter would be a guess


def lead(*, enrolled: Any, pace: Any, by_sector: Any, who: str = "residents") -> str:
    """The answer first: how many, on pace or not, who leads and trails."""
    if enrolled.status == "not_allowed":
        return str(enrolled.note)
    text = f"{prose.counted(enrolled, who)} {have(enrolled)} enrolled {prose.when(enrolled)}"
    row = pace.total
    if known(row.value):
        same = row.numerator == enrolled.total.value
        text += f"; {pace.scope.initiative or 'enrollment'} is {against_target(row, with_count=not same)}"
    if by_sector.status == "ok" and len(by_sector.rows) > 1:
        text += f"; {prose.leads_and_trails(by_sector)}"
    return text + "."


def have(answer: Any) -> str:
    """Has or have, to go with a count of residents."""
    return "has" if answer.total.value == 1 else "have"


def against_target(row: Any, *, with_count: bool = True) -> str:
    """Pace in words a podium can use: past the target, or ahead of or behind its schedule."""
    target, enrolled = row.target, row.numerator
    if enrolled >= target:
        return f"past its target of {people(target)}" + (f", with {people(enrolled)} enrolled" if with_count else "")
    if row.value >= 2:
        return f"ahead of schedule: {people(enrolled)} of the {people(target)} targeted by {day(row.due_on)}"
    return f"{prose.pace(row.value)} to its target of {people(target)} by {day(row.due_on)}"


@dataclass(frozen=True)
class HeadlineData:
    """The answers the quotes are made of, and whom they are about ("residents", or a group's name)."""

    who: str
    enrolled: Any
    recent: Any
    completion: Any
    cohort: Any
    completions: Any
    credentials: Any
    placements: Any
    expended: Any
    allocated: Any
    pace: Any
    regions: Any


def quotes(told: HeadlineData) -> list[str]:
    """Sentences that can be read out as they stand: each names its date and its filters, none is made without its number."""
    scope, who = told.enrolled.scope, told.who
    at = f"As of {day(told.enrolled.as_of)}"
    program = scope.initiative or ("these programs" if told.enrolled.delivery.layout else "no-cost job training")
    place = "".join([f" in {scope.sector}" if scope.sector else "", f" in {scope.region}" if scope.region else ""])
    said = []
    if known(told.enrolled.total.value):
        recent = told.recent.total.value
        more = f", {people(recent)} of them in the last 90 days" if known(recent) else ""
        count = prose.counted(told.enrolled, who)
        said.append(f"{at}, {count} {have(told.enrolled)} enrolled in {program}{place}{more}.")
    row, cohort = told.completion.total, told.cohort.total
    if known(row.value):
        apart = cohort_differs(told.completion, told.cohort)
        whole = f"; of all whose planned end has passed, {share(cohort.value)} have completed" if apart else ""
        said.append(
            f"{at}, {share(row.value)} of {who} who finished or left {program}{place} completed it "
            f"({people(row.numerator)} of {people(row.denominator)} exits){whole}."
        )
    if known(told.credentials.total.value) and known(told.completions.total.value):
        said.append(
            f"{at}, {who} have completed {prose.plural(told.completions.total.value, 'program')} "
            f"and earned {prose.plural(told.credentials.total.value, 'credential')} in {program}{place}."
        )
    if known(told.placements.total.value):
        said.append(
            f"{at}, {people(told.placements.total.value)} exits of {who} from {program}{place} have led to a job."
        )
    spent, allocated = told.expended.total.value, told.allocated.total.value
    if known(spent):
        of = (
            f" of the {dollars(allocated)} allocated, {share(spent / allocated)},"
            if known(allocated) and allocated
            else ""
        )
        said.append(f"{at}, {dollars(spent)}{of} has been spent on {program}{place}.")
    if known(told.pace.total.value):
        said.append(f"{at}, {told.pace.scope.initiative} is {against_target(told.pace.total)}.")
    rows = prose.ranked(told.regions) if told.regions.status == "ok" else []
    if len(rows) > 1 and rows[0].value > rows[1].value:
        said.append(f"{at}, {rows[0].key} has enrolled the most {who} in {program}{place}: {people(rows[0].value)}.")
    return [prose.capital(sentence) for sentence in said]


def pace_context(row: Any) -> str:
    """The small line under the pace figure."""
    if not known(row.value):
        return ""
    return f"{people(row.numerator)} enrolled; the schedule asks {people(round(row.denominator))} of {people(row.target)}"


def projection(pace: Any) -> str:
    """Where the present rate leads, in one sentence; empty where it cannot be said."""
    row = pace.total
    if not known(row.projection) or row.weeks < FEWEST_WEEKS:
        return ""
    low, high = round(row.projection_low), round(row.projection_high)
    text = (f"At the rate of the last {row.weeks} weeks, {people(row.weekly)} a week, {people(round(row.projection))} residents "
            f"will have enrolled in {pace.scope.initiative} by {day(row.due_on)} (likely between {people(low)} and {people(high)})")  # fmt: skip
    if row.weekly_needed:
        text += f"; the target needs {people(round(row.weekly_needed, 1))} a week from now"
    return text + "."


def schedule(targets: Sequence[dict[str, Any]], *, initiative: str | None, as_of: date) -> list[tuple[Any, float]]:
    """The target line of a trend: the schedule in force on the day, as (date, residents asked)."""
    rows = [
        row
        for row in targets
        if row["measure"] == "residents_enrolled"
        and row["initiative"] == initiative
        and row["set_on"] <= as_of
        and not (row["region"] or row["sector"] or row["group_id"])
    ]
    if not rows:
        return []
    newest = rows[-1]
    return [(newest["starts_on"], 0.0), (newest["due_on"], float(newest["value"]))]


def trend_title(pace: Any, by_month: Any, initiative: str) -> str:
    """The finding over the trend."""
    if known(pace.total.value):
        return f"{initiative} is {against_target(pace.total)}"
    whole = _whole(by_month)
    if whole is None:
        return f"Enrollment in {initiative}, month by month"
    return f"{prose.plural(whole, 'resident')} enrolled in {initiative} so far"


def _whole(by_month: Any) -> float | None:
    """All months together; None where it cannot be told."""
    if not prose.held_back(by_month):
        return sum(row.value for row in by_month.rows)
    return by_month.rows[-1].cumulative


def trend_words(by_month: Any, initiative: str) -> str:
    """The trend in words: where it begins, where it stands, its busiest month."""
    rows, whole, busiest = by_month.rows, _whole(by_month), prose.best(by_month)
    text = f"Residents enrolled in {initiative}, each counted once at the first enrollment, month by month from {month_name(rows[0].key)}"
    text += f": {people(whole)} by {day(by_month.as_of)}." if known(whole) else "."
    if prose.held_back(by_month):
        text += " Small months are not shown apart: the line goes on from one sum that can be told to the next."
    if busiest:
        text += f" The busiest month was {month_name(busiest.key)} with {people(busiest.value)}."
    return text


def month_name(key: str) -> str:
    """2022-10 as October 2022."""
    return f"{date.fromisoformat(key + '-01'):%B %Y}"


def where_title(answer: Any, what: str) -> str:
    """The finding over residents by sector or region."""
    first = prose.best(answer)
    if first is None:
        return f"Too few residents to show by {what}" if prose.held_back(answer) else f"No {what} has residents yet"
    return f"{prose.capital(prose.leads_and_trails(answer, numbers=True))}"


def where_words(answer: Any, what: str) -> str:
    """The bars in words, and why they can add to more than the total."""
    rows = prose.ranked(answer)
    listed = prose.join([f"{row.key} {people(row.value)}" for row in rows])
    listed = "; ".join([listed, *(f"{row.key}: {row.note}" for row in prose.held_back(answer))]).removeprefix("; ")
    return f"Residents enrolled by {what}: {listed}. A resident enrolled under two counts once in each and once in the total."
