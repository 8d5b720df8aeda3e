"""Describe the news of a period: how many enrolled, against the other side of a comparison, and the money that must be spent."""

from __future__ import annotations

from datetime import date

from components.comparison import Compared
from components.periods import in_words
from components.text import changed, growth, prose, scope_words
from components.text.format import day, dollars, format_value, known, people, share, tenths
from components.text.narratives.funding import budget_of
from components.text.scope_words import chosen
from queries.arithmetic import share_of
from queries.calculators.burn import BurnRow
from queries.change import Change
from queries.models import Answer, AnswerStatus, Suppression
from queries.periods import key_of
from queries.verdicts import ENOUGH

LATE_DAYS = 90  # after the end of a period, in which its records may still arrive
LATE = "Records reported late can still raise the newer number."


def lead(
    flow: Answer,
    compared: Compared | None,
    *,
    total: str,
    money: str,
    who: str = "residents",
    no_earlier_year: str = "",
) -> tuple[str, str]:
    """Answer the front page's question in a sentence, and say more. What cannot be shown for privacy does not come first.

    Args:
        flow: Residents enrolled for the first time, in a period.
        compared: What that is compared with.
        total: The sentence about all time.
        money: The sentence about what is left to spend.
        who: Whom the numbers are about.
        no_earlier_year: Why nothing is compared in a program's first year; else "".
    """
    news = enrolled(flow, compared, who=who)
    if no_earlier_year and flow.status == AnswerStatus.OK:
        news += f" There is {no_earlier_year}."
    if flow.status == AnswerStatus.NOT_RELEASED:
        return total, f"Recent first enrollments are not shown. {news} {money}"
    if flow.total.suppression is Suppression.PRIVACY:
        return total, f"{news} {money}"
    return news, f"{total} {money}" if total != news else money  # both are the reason where a reader may see neither


def enrolled(flow: Answer, compared: Compared | None, *, who: str = "residents") -> str:
    """Say how many enrolled for the first time in a period, and how many more or fewer that is than in another one."""
    if flow.status != "ok" and flow.note:
        return flow.note
    when = prose.capital(in_words(flow.scope.since, flow.scope.until, flow.as_of))
    if flow.total.suppression is Suppression.PRIVACY:
        place = chosen(flow.scope)
        return f"How many {who} enrolled for the first time{place} {prose.lower_first(when)} is hidden for privacy."
    text = f"{when}, {prose.lower_first(prose.total_of(flow, who))} enrolled for the first time{chosen(flow.scope)}."
    difference = against(flow, compared)
    if compared is None or not difference:
        return text
    is_over = (flow.as_of - (flow.scope.until or flow.as_of)).days > LATE_DAYS
    late = "" if is_over or compared.comparison.is_place else f" {LATE}"
    return f"{text} {difference}{late}"


def against(flow: Answer, compared: Compared | None) -> str:
    """Compare a count with another one: "That is 64% fewer than the 598 in the same days a year earlier."; "" without both."""
    if compared is None:
        return ""
    now, other = flow.total.value, compared.answer.total.value
    if not known(now) or not known(other):
        return ""
    words = compared.comparison.words
    if compared.comparison.is_place:
        return f"{prose.capital(words)}, {people(other) if other else 'none'} did."
    if now == other:
        return f"That is the same as {words}."
    if not now or not other:
        return f"There {prose.noun(other, 'was', 'were')} {people(other) if other else 'none'} {words}."
    more = "more" if now > other else "fewer"
    return f"That is {growth.size(now, other, 'residents')} {more} than the {people(other)} {words}."


def per_resident(rate: Answer, compared: Compared | None) -> str:
    """Compare a region with another place by its size: "Per 10,000 residents, 31.4 have enrolled in Eastern and 30.8 in the state".

    "" where another time is compared with, or a rate is not known.

    Args:
        rate: Residents enrolled per 10,000 residents, of all time.
        compared: The same in the place that the reader compares with.
    """
    if compared is None or not compared.comparison.is_place:
        return ""
    here, there = rate.total.value, compared.answer.total.value
    if not known(here) or not known(there):
        return ""
    return (
        f"Per 10,000 residents, {tenths(here)} have enrolled{chosen(rate.scope)} and {tenths(there)} "
        f"{compared.comparison.words}."
    )


def must_be_spent(burn: Answer) -> str:
    """Say how much of the recovery funds is left to spend by when; "" where no deadline applies."""
    row = burn.total_of(BurnRow)
    if burn.status != "ok" or row.left is None or row.expend_by is None or row.left <= 0:
        return ""
    days = (row.expend_by - burn.as_of).days
    place = scope_words.within(burn.scope)
    whose = f"{dollars(row.left)} of {burn.scope.initiative}’s {row.left_of} dollars{place}"
    why = ""
    if row.left > (row.available or 0):  # dollars paid back are more than those spent
        whose = f"{dollars(row.left)} of {burn.scope.initiative}{place}"
        why = f" That is more than its {row.left_of} dollars, because corrections exceed the dollars spent."
    if days < 0:
        return f"{whose} are left; the day to spend them by, {day(row.expend_by)}, has passed.{why}"
    return f"{whose} must be spent by {day(row.expend_by)}, {_in_days(days)}, or be returned.{why}"


def _in_days(days: int) -> str:
    return "today" if days == 0 else f"in {prose.plural(days, 'day')}"


def job_value(with_job: Answer) -> str | None:
    """Write how many of those who finished got a job; None where that is not shown."""
    row = with_job.total
    return people(row.numerator) if known(row.value) else None


def job_context(with_job: Answer) -> str:
    """Say what share of those who finished got a job: "74% of 9,931 who finished at least 180 days ago"; of few, only of how many."""
    row = with_job.total
    if not known(row.value):
        return ""
    part = f"{share(row.value)} " if (row.denominator or 0) >= ENOUGH else ""
    those = "one" if row.denominator == 1 else people(row.denominator)
    return f"{part}of the {those} who finished at least {with_job.measure.mature_days} days ago"


def in_all(ever: Answer, context: str = "") -> str:
    """Say what the total is, next to the number of a period: "12,000 in all by November 13, 2026"; "" where it is not shown.

    Args:
        ever: The total.
        context: What follows it: its base, or the share that it is.
    """
    row = ever.total
    if not known(row.value):
        return ""
    number = people(row.numerator) if ever.measure.unit == "share" else format_value(row.value, ever.measure.unit)
    return f"{number} in all by {day(ever.as_of)}{f', {context}' if context else ''}"


def below(as_of: date) -> str:
    """Say what of that which follows the figures of a period is about the period."""
    return (
        "After these figures, the chart of first enrollments shows the fiscal year in which the period ends, and the year before. Everything else after them "
        f"ignores the period: it counts everything as of {day(as_of)}."
    )


def years_drawn(last_day: date) -> str:
    """Name the two fiscal years that the chart of first enrollments draws: "fiscal years 2026 and 2027"."""
    year = int(key_of(last_day, "fiscal_year").removeprefix("FY"))
    return f"fiscal years {year - 1} and {year}"


def spent_context(expended: Answer, allocated: Answer) -> str:
    """Say what share of the dollars allocated is spent, or that more is."""
    spent, budget = expended.total.value, budget_of(allocated)
    if not known(budget) or not known(spent) or not budget or spent <= 0:
        return ""
    if spent > budget:
        return f"more than the {dollars(budget)} allocated"
    return f"{share(share_of(spent, budget))} of {dollars(budget)} allocated"


def overdue(answer: Answer, *, who: str = "residents") -> str:
    """Say how many enrollments are past their planned end without an exit; "" for none."""
    count = answer.total.value
    if answer.status != "ok" or not known(count) or not count:
        return ""
    verb = prose.noun(count, "is", "are")
    enrollments = f"{prose.capital(prose.plural(count, 'enrollment'))}{scope_words.of_whom(who)}{chosen(answer.scope)}"
    return f"{enrollments} {verb} past the planned end date without an exit."


def since_previous(change: Change | None, in_training_overdue: Answer, *, who: str = "residents") -> str:
    """Say what changed since the previous delivery, and how many enrollments are past their planned end."""
    sentences = (changed.line(change), overdue(in_training_overdue, who=who).rstrip("."))
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def chart_title(by_period: Answer, *, who: str = "residents") -> str:
    """Name the chart of this year over last year."""
    return f"{prose.capital(who)} enrolled for the first time{chosen(by_period.scope)}, by {by_period.by}"
