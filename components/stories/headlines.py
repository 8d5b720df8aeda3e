"""The front page in words: the lead, and the sentences to quote at a podium."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components import sentences
from components.numbers import day, dollars, known, people, share


def lead(*, enrolled: Any, pace: Any, by_sector: Any) -> str:
    """The answer first: how many, on pace or not, who leads and trails."""
    text = f"{sentences.residents(enrolled)} {have(enrolled)} enrolled as of {day(enrolled.as_of)}"
    row = pace.total
    if known(row.value):
        same = row.numerator == enrolled.total.value
        text += f"; {pace.scope.initiative or 'enrollment'} is {against_target(row, with_count=not same)}"
    if by_sector.status == "ok" and len(by_sector.rows) > 1:
        text += f"; {sentences.leads_and_trails(by_sector)}"
    return text + "."


def have(answer: Any) -> str:
    """Has or have, to go with a count of residents."""
    return "has" if answer.total.value == 1 else "have"


def against_target(row: Any, *, with_count: bool = True) -> str:
    """Pace in words a podium can use: past the target, or ahead of or behind its schedule."""
    target, enrolled = row.extra["target"], row.numerator
    if enrolled >= target:
        return f"past its target of {people(target)}" + (f", with {people(enrolled)} enrolled" if with_count else "")
    if row.value >= 2:
        return f"ahead of schedule: {people(enrolled)} of the {people(target)} targeted by {day(row.extra['due_on'])}"
    return f"{sentences.pace(row.value)} to its target of {people(target)} by {day(row.extra['due_on'])}"


def quotes(*, enrolled: Any, recent: Any, completion: Any, completions: Any, credentials: Any, placements: Any, expended: Any,
           allocated: Any, pace: Any, regions: Any) -> list[str]:  # fmt: skip
    """Sentences that can be read out as they stand; each names its date or period, and none is made without its number."""
    where = enrolled.scope.initiative or "no-cost job training"
    if enrolled.scope.region:
        where += f" in {enrolled.scope.region}"
    said = []
    if known(enrolled.total.value):
        more = f", {people(recent.total.value)} of them in the last 90 days" if known(recent.total.value) else ""
        said.append(f"As of {day(enrolled.as_of)}, {sentences.plural(enrolled.total.value, 'resident')} "
                    f"{have(enrolled)} enrolled in {where}{more}.")  # fmt: skip
    if known(completion.total.value):
        row = completion.total
        said.append(f"{share(row.value)} of those who finished or left training completed it: "
                    f"{people(row.numerator)} of {people(row.denominator)} exits.")  # fmt: skip
    if known(credentials.total.value) and known(completions.total.value):
        said.append(f"Residents have completed {sentences.plural(completions.total.value, 'program')} "
                    f"and earned {sentences.plural(credentials.total.value, 'credential')}.")  # fmt: skip
    if known(placements.total.value):
        said.append(f"{people(placements.total.value)} exits from training have led to a job.")
    if known(expended.total.value) and known(allocated.total.value) and allocated.total.value:
        said.append(f"{dollars(expended.total.value)} of the {dollars(allocated.total.value)} allocated has been spent "
                    f"({share(expended.total.value / allocated.total.value)}).")  # fmt: skip
    if known(pace.total.value):
        said.append(f"{pace.scope.initiative} is {against_target(pace.total)}.")
    if regions.status == "ok" and len(regions.rows) > 1:
        first = sentences.best(regions)
        if first:
            said.append(f"{first.key} has enrolled the most residents of the state’s regions: {people(first.value)}.")
    return said


def pace_context(row: Any) -> str:
    """The small line under the pace figure."""
    if not known(row.value):
        return ""
    return f"{people(row.numerator)} enrolled; the schedule asks {people(round(row.denominator))} of {people(row.extra['target'])}"


def projection(row: Any) -> str:
    """Where the present rate leads, in one sentence; empty where it cannot be said."""
    extra = row.extra
    if not known(extra.get("projection")):
        return ""
    low, high = round(extra["projection_low"]), round(extra["projection_high"])
    text = (f"At the rate of the last 26 weeks, {people(extra['weekly'])} a week, {people(round(extra['projection']))} residents "
            f"will have enrolled by {day(extra['due_on'])} (likely between {people(low)} and {people(high)})")  # fmt: skip
    if extra.get("weekly_needed"):
        text += f"; the target needs {people(round(extra['weekly_needed'], 1))} a week from now"
    return text + "."


def schedule(targets: Sequence[dict[str, Any]], *, initiative: str | None) -> list[tuple[Any, float]]:
    """The target line of a trend: the schedule in force at each date, as (date, residents asked)."""
    rows = [
        row
        for row in targets
        if row["measure"] == "residents_enrolled"
        and row["initiative"] == initiative
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
    return f"{sentences.plural(sum(row.value for row in by_month.rows), 'resident')} enrolled in {initiative} so far"


def trend_words(by_month: Any, initiative: str) -> str:
    """The trend in words: where it begins, where it stands, its busiest month."""
    rows = by_month.rows
    busiest = max(rows, key=lambda row: row.value)
    whole = sum(row.value for row in rows)
    return (f"Residents enrolled in {initiative}, each counted once at the first enrollment, month by month from {month_name(rows[0].key)}: "
            f"{people(whole)} by {day(by_month.as_of)}. The busiest month was {month_name(busiest.key)} with {people(busiest.value)}.")  # fmt: skip


def month_name(key: str) -> str:
    """2022-10 as October 2022."""
    from datetime import date

    return f"{date.fromisoformat(key + '-01'):%B %Y}"


def where_title(answer: Any, what: str) -> str:
    """The finding over residents by sector or region."""
    first = sentences.best(answer)
    if first is None:
        return f"No {what} has residents yet"
    return f"{sentences.capital(sentences.leads_and_trails(answer, numbers=True))}"


def where_words(answer: Any, what: str) -> str:
    """The bars in words, and why they can add to more than the total."""
    rows = sentences.ranked(answer)
    listed = sentences.join([f"{row.key} {people(row.value)}" for row in rows])
    return f"Residents enrolled by {what}: {listed}. A resident enrolled under two counts once in each and once in the total."
