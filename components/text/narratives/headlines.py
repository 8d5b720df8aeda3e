"""Describe the front page: the lead, and sentences ready to use at a podium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from components.text import prose, ranking, scope_words
from components.text.format import day, dollars, known, month, people, share
from components.text.listing_rows import Listing, TargetRow
from components.text.narratives import regions
from components.text.narratives.funding import budget_of
from components.text.narratives.sectors import cohort_differs
from components.text.period_labels import period_label
from components.text.scope_words import chosen, of_whom
from queries.arithmetic import share_of
from queries.calculators.counts import CountRow
from queries.calculators.pace import PaceRow
from queries.models import Answer
from queries.privacy.suppression import is_hidden

# The totals that the overview asks for all time, and for its recent period.
TOTALS = (
    "residents_enrolled", "completions", "completion_rate", "cohort_completion_rate", "credentials",
    "finishers_with_job", "in_training_overdue", "allocated", "expended",
)  # fmt: skip
RECENT = ("residents_new", "completions", "expended")
# docs/statistics.md, "Projection": `benchmarks.projections` measures it
RANGES_HELD = "In tests on demo enrollment, the actual number fell in the first range 71% to 86% of the time, and in the second 91% to 98%."


def lead(*, enrolled: Answer, pace: Answer, who: str = "residents") -> str:
    """Say how many have enrolled in all, and how that compares with the target."""
    if enrolled.status != "ok" and enrolled.note:
        return enrolled.note
    text = prose.people_who(enrolled, "enrolled", f"{chosen(enrolled.scope)} {prose.when(enrolled)}", who=who)
    text = f"{text}." if is_hidden(enrolled.total) else f"In all, {prose.lower_first(text)}."
    row = pace.total_of(PaceRow)
    if not known(row.value):
        return text
    return f"{text} {_target_of(pace)} is {against_target(pace, with_count=row.numerator != enrolled.total.value)}."


def _target_of(pace: Answer) -> str:
    """Name what a target is set for: "CareerConneCT in Eastern"."""
    return (pace.scope.initiative or "Enrollment") + scope_words.within(pace.scope)


def against_target(pace: Answer, *, with_count: bool = True) -> str:
    """Compare enrollment with its target: past the target, short of it after its due date, or ahead of or behind its schedule."""
    row = pace.total_of(PaceRow)
    target, enrolled = row.target or 0, row.numerator or 0
    if enrolled >= target:
        return f"past its target of {people(target)}" + (f", with {people(enrolled)} enrolled" if with_count else "")
    if row.due_on and row.due_on < pace.as_of:
        return f"{people(target - enrolled)} short of its target of {people(target)}, which was due {day(row.due_on)}"
    if (row.value or 0) >= 2:
        return f"ahead of schedule: {people(enrolled)} of the {people(target)} targeted by {day(row.due_on)}"
    return f"{prose.pace(row.value)} toward its target of {people(target)} by {day(row.due_on)}"


@dataclass(frozen=True, kw_only=True)
class HeadlineData:
    """The answers behind the quotes, and whom they are about: "residents", or a group's name.

    `rate` is residents enrolled per 10,000 residents, and `rates` the same by region.
    """

    who: str
    enrolled: Answer
    recent: Answer
    completion: Answer
    cohort: Answer
    completions: Answer
    credentials: Answer
    with_job: Answer
    expended: Answer
    allocated: Answer
    pace: Answer
    rate: Answer
    rates: Answer

    @property
    def at(self) -> str:
        """Say when the numbers hold, at the start of a sentence."""
        return f"As of {day(self.enrolled.as_of)}"

    @property
    def program(self) -> str:
        """Name what the numbers are about, with the filters chosen."""
        return program(self.enrolled)


def quotes(data: HeadlineData) -> list[str]:
    """Write sentences that can be read out as they are. Each names its date and filters; none is made without its number."""
    writers = (
        _enrolled_quote, _completion_quote, _credentials_quote, _job_quote, _spent_quote, _target_quote, _region_quote,
    )  # fmt: skip
    return _dated(data, [write(data) for write in writers])


def podium(data: HeadlineData) -> list[str]:
    """Write the same sentences for a brief that has room for a few, those that are needed most first."""
    writers = (
        _enrolled_quote, _completion_quote, _spent_quote, _target_quote, _credentials_quote, _job_quote, _region_quote,
    )  # fmt: skip
    return _dated(data, [write(data) for write in writers])


def _dated(data: HeadlineData, sentences: Sequence[str]) -> list[str]:
    return [f"{data.at}, {sentence}." for sentence in sentences if sentence]


def _target_quote(data: HeadlineData) -> str:
    return f"{_target_of(data.pace)} is {against_target(data.pace)}" if known(data.pace.total.value) else ""


def _enrolled_quote(data: HeadlineData) -> str:
    if not _is_some(data.enrolled):
        return ""
    new = data.recent.total.value
    those = "All" if new == data.enrolled.total.value != 1 else people(new)
    more = f". {those} of them enrolled for the first time in the last 90 days" if _is_some(data.recent) else ""
    return f"{prose.lower_first(prose.total_of(data.enrolled, data.who))} {prose.did(data.enrolled, 'enrolled')} in {data.program}{more}"


def _completion_quote(data: HeadlineData) -> str:
    row = data.completion.total
    if not prose.is_of_several(row):
        return ""
    text = prose.part_of(row, f"exits{of_whom(data.who)} from {data.program}", "came after finishing the training")
    if cohort_differs(data.completion, data.cohort) and prose.is_of_several(data.cohort.total):
        text += f". {prose.part_of(data.cohort.total, 'enrollments whose planned end has passed', 'were completed')}"
    return text


def _credentials_quote(data: HeadlineData) -> str:
    counts = ((data.completions, "completion"), (data.credentials, "credential"))
    listed = [prose.plural(answer.total.value, name) for answer, name in counts if _is_some(answer)]
    if not listed:
        return ""
    verb = "is" if listed in (["1 completion"], ["1 credential"]) else "are"
    return f"{prose.join(listed)}{of_whom(data.who)} {verb} on record in {data.program}"


def _job_quote(data: HeadlineData) -> str:
    row = data.with_job.total
    if not prose.is_of_several(row):
        return ""
    days = data.with_job.measure.mature_days
    return prose.part_of(row, f"{data.who} who finished {data.program} at least {days} days ago", "got a job")


def _spent_quote(data: HeadlineData) -> str:
    spent, allocated = data.expended.total.value, budget_of(data.allocated)
    if not known(spent) or spent <= 0:
        return ""
    is_part = known(allocated) and 0 < spent <= allocated
    of = f" of the {dollars(allocated)} allocated, {share(share_of(spent, allocated))}," if is_part else ""
    return f"{dollars(spent)}{of} has been spent on {data.program}"


def _region_quote(data: HeadlineData) -> str:
    return regions.highest_rate(data.rates, data.rate, data.program)


def _is_some(answer: Answer) -> bool:
    """Return whether an answer counts anybody, so that there is something to quote."""
    return bool(known(answer.total.value) and answer.total.value)


def projection(pace: Answer) -> str:
    """Describe where enrollment would be at its present rate, with two ranges; "" where the history is too short for one."""
    row = pace.total_of(PaceRow)
    if not known(row.projection):
        return ""
    ends = (row.projection_low_80, row.projection_high_80, row.projection_low, row.projection_high)
    low_80, high_80, low, high = (people(round(end or 0)) for end in ends)
    text = (
        f"Outlook for {day(row.projected_on)}: at the rate of the last {row.weeks} weeks, {people(row.weekly)} a week, "
        f"{prose.plural(round(row.projection), 'resident')} would be enrolled in {program(pace)}. The rate can change. Judging by "
        f"{prose.plural(row.origins, 'earlier projection')}, expect between {low_80} and {high_80} about four times in five. "
        f"Expect between {low} and {high} about 19 times in 20. {RANGES_HELD}"
    )
    if row.weekly_needed:
        text += (
            f" To reach the target of {people(row.target)} by {day(row.due_on)}, "
            f"{people(round(row.weekly_needed, 1))} a week are needed from now on."
        )
    return text


def program(answer: Answer) -> str:
    """Name what an answer is about, with the filters chosen."""
    scope = answer.scope
    name = scope.initiative or ("these programs" if answer.delivery.layout else "no-cost job training")
    return name + scope_words.within(scope)


def schedule(targets: Listing, *, initiative: str | None, as_of: date) -> list[tuple[date, float]]:
    """Return the target line of a trend, (date, residents): from nothing at the start to the target on its due date."""
    rows = [
        row
        for row in cast("Sequence[TargetRow]", targets)
        if row["measure"] == "residents_enrolled"
        and row["initiative"] == initiative
        and row["set_on"] <= as_of
        and not (row["region"] or row["sector"] or row["group_id"])
    ]
    newest = rows[-1] if rows else None
    if newest is None or newest["starts_on"] is None or newest["due_on"] is None:
        return []
    return [(newest["starts_on"], 0.0), (newest["due_on"], float(newest["value"]))]


def trend_title(pace: Answer, by_period: Answer, *, who: str = "residents") -> str:
    """State the finding over the trend."""
    if known(pace.total.value) and pace.total.value:  # without anybody enrolled, the chart is of something else
        return f"{_target_of(pace)} is {against_target(pace)}"
    total = _sum_of_periods(by_period)
    if total is None:
        return f"Enrollment{of_whom(who)}{chosen(by_period.scope)}, {by_period.by} by {by_period.by}"
    return f"{prose.count_of(total, who)} enrolled{chosen(by_period.scope)} by {day(by_period.as_of)}"


def _sum_of_periods(by_period: Answer) -> float | None:
    """Return the sum of all periods; None where hidden periods make it unknown."""
    if not prose.hidden_rows(by_period):
        return sum(row.value or 0 for row in by_period.rows)
    return by_period.rows_of(CountRow)[-1].cumulative


def trend_words(by_period: Answer, *, who: str = "residents") -> str:
    """Describe the trend: where it begins, where it stands, and its busiest month or quarter."""
    rows, total, busiest = by_period.rows, _sum_of_periods(by_period), ranking.leaders(by_period)
    text = f"{prose.capital(who)} enrolled{chosen(by_period.scope)}, each counted once at the first enrollment, by {by_period.by} since {_period_name(rows[0].key)}"
    text += f": {people(total)} by {day(by_period.as_of)}." if known(total) else "."
    if prose.hidden_rows(by_period):
        text += f" {prose.capital(str(by_period.by))}s with small numbers are hidden for privacy; the line connects the totals that can be shown."
    if len(busiest) == 1 < len(prose.ranked(by_period)):
        shown = " of those shown" if ranking.of_those_shown(by_period) else ""
        name = _period_name(busiest[0].key)
        text += f" The busiest {by_period.by}{shown} was {name} with {people(busiest[0].value)}."
    return text


def _period_name(key: str) -> str:
    return period_label(key) if "Q" in key else month(date.fromisoformat(f"{key}-01"))
