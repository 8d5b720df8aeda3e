"""Ask what the overview shows, for the page and for the documents made of it. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.compared_answers import (
    compared,
    comparison_of,
    news_period,
    no_earlier_year,
    questions_of,
    with_compared,
    within,
)
from components.comparison import Compared, Comparison
from components.every_region import with_every_region
from components.periods import in_words
from components.release_limits import comparable_measure, finest_period
from components.revisions import Revision, revised, revision_of
from components.scoped_answers import ScopedAnswers
from components.text import first_time, prose
from components.text.narratives import headlines, news
from queries import Answer, Change, Question, Scope


@dataclass(frozen=True)
class Part:
    """A measure of all time, what happened of it in the recent period or the reader's, and what that is compared with.

    Attributes:
        ever: The measure of all time.
        recent: In the period.
        compared: What the period is compared with.
        context: What else to know about the period; next to a total, what goes before its name.
    """

    ever: Answer
    recent: Answer
    compared: Compared | None
    context: str = ""


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The answers of the overview.

    Attributes:
        who: Whom the numbers are about: "residents", or the group chosen.
        when: The recent period in words: "since July 1, 2026".
        has_period: Whether the reader chose that period. The figures are then those of the period.
        period: The shortest unit of time that the reader can break numbers of people down by: "month" or "quarter".
        enrolled: Residents enrolled; lately, those enrolled for the first time.
        completions: Completions.
        expended: Dollars spent.
        rate: Residents enrolled per 10,000 residents, of all time; compared with another place only.
        with_job: Residents with a job, of those who finished; not compared, and asked for the reader's period only.
        allocated: Dollars allocated.
        pace: Enrollment against its target, for the main initiative.
        burn: Dollars of the last 90 days, for the main initiative.
        by_period: Residents enrolled for the first time, by period.
        rates: Residents enrolled per 10,000 residents, by region.
        overdue: Enrollments past their planned end without an exit.
        revision: How the total of residents enrolled was revised; None where it was not.
        revisions: The mark of each headline figure that was revised, by the measure of all time.
        comparison: What the recent numbers are compared with; None where nothing fits.
        no_earlier_year: Why nothing is compared in a program's first year; else "".
        change: Why a total differs from the previous delivery's; None where that is not asked.
    """

    who: str
    when: str
    has_period: bool
    period: str
    enrolled: Part
    completions: Part
    expended: Part
    rate: Part
    with_job: Part
    allocated: Answer
    pace: Answer
    burn: Answer
    by_period: Answer
    rates: Answer
    overdue: Answer
    revision: Revision | None
    revisions: Mapping[str, str]
    comparison: Comparison | None
    no_earlier_year: str
    change: Change | None

    def lead(self) -> tuple[str, str]:
        """Answer the page's question in a sentence, and say more."""
        total = headlines.lead(enrolled=self.enrolled.ever, pace=self.pace, who=self.who)
        if self.revision is not None and self.revision.is_large:
            total += f" The total was {prose.lower_first(self.revision.words)}."
        money = news.must_be_spent(self.burn)
        places = news.per_resident(self.rate.ever, self.rate.compared)
        return news.lead(
            self.enrolled.recent,
            self.enrolled.compared,
            total=f"{places} {total}".lstrip(),
            money=money,
            who=self.who,
            no_earlier_year=self.no_earlier_year,
        )

    def since_previous(self) -> str:
        """Say what changed since the previous delivery, and how many enrollments are past their planned end."""
        return news.since_previous(self.change, self.overdue, who=self.who)


def overview_of(view: ScopedAnswers) -> Overview:
    """Ask for the answers of the overview under the filters of a page or a document."""
    period = news_period(view)
    ever, lately = within(view, since=None, until=None), within(view, since=period.since, until=period.until)
    initiative, unit = view.main_initiative, finest_period(view.scope)
    view.ask_ahead(_questions(ever, lately, initiative=initiative, unit=unit))
    new = lately.ask("residents_new")
    has_period = bool(view.scope.since or view.scope.until)
    when = in_words(period.since, period.until, view.as_of)
    everyone = lately.ask("residents_enrolled")
    enrolled = Part(
        ever.ask("residents_enrolled"),
        new,
        compared(lately, "residents_new"),
        first_time.with_earlier(new, everyone) if has_period else first_time.new_of(new, everyone),
    )
    completions, expended = (
        Part(ever.ask(measure), lately.ask(measure), compared(lately, measure))
        for measure in ("completions", "expended")
    )
    rate = ever.ask("enrolled_per_10000")
    finished = ever.ask("finishers_with_job")
    with_job = Part(finished, lately.ask("finishers_with_job") if has_period else finished, None)
    revisions = {
        part.ever.measure.id: revised(ever, part.recent if has_period else part.ever, is_numerator=part is with_job)
        for part in (enrolled, completions, with_job, expended)
    }
    # comparing two deliveries takes long: only for the state, as of the delivery
    is_compared = not (view.scope.filters or view.scope.as_of)
    return Overview(
        who=view.who,
        when=when,
        has_period=has_period,
        period=unit,
        enrolled=enrolled,
        completions=completions,
        expended=expended,
        rate=Part(rate, rate, compared(ever, "enrolled_per_10000", is_place=True)),
        with_job=with_job,
        allocated=ever.ask("allocated"),
        pace=ever.ask("pace", initiative=initiative),
        burn=ever.ask("burn", initiative=initiative),
        by_period=ever.ask("residents_new", by=unit),
        rates=with_every_region(ever.ask("enrolled_per_10000", by="region", region=None), view),
        overdue=ever.ask("in_training_overdue"),
        revision=revision_of(ever, enrolled.ever),
        revisions=revisions,
        comparison=comparison_of(lately),
        no_earlier_year=no_earlier_year(lately),
        change=ever.changed(comparable_measure(view.scope)) if is_compared else None,
    )


def _questions(
    ever: ScopedAnswers, lately: ScopedAnswers, *, initiative: str, unit: str
) -> list[tuple[Question, Scope]]:
    """Return what is asked below and for the page's first screen. unit: the shortest unit of time that the reader can ask by."""
    return [
        *with_compared(lately, headlines.RECENT),
        *questions_of(lately, ("residents_enrolled",)),
        *with_compared(ever, ("enrolled_per_10000",), is_place=True),
        *questions_of(ever, headlines.TOTALS),
        *questions_of(ever, ("pace", "burn"), initiative=initiative),
        *questions_of(ever, ("residents_new", "completions"), by=unit),
        *questions_of(ever, ("expended",), by="month"),
        *questions_of(ever, ("enrolled_per_10000",), by="region", region=None),
        *questions_of(ever, ("residents_new",), since=ever.days_ago(89), until=ever.as_of),
    ]


def headline_data(view: ScopedAnswers, overview: Overview) -> headlines.HeadlineData:
    """Ask for the rest of what the ready-to-use sentences say."""
    ever = within(view, since=None, until=None)
    return headlines.HeadlineData(
        who=overview.who,
        enrolled=overview.enrolled.ever,
        recent=view.ask("residents_new", since=view.days_ago(89), until=view.as_of),
        completion=ever.ask("completion_rate"),
        cohort=ever.ask("cohort_completion_rate"),
        completions=overview.completions.ever,
        credentials=ever.ask("credentials"),
        with_job=overview.with_job.ever,
        expended=overview.expended.ever,
        allocated=overview.allocated,
        pace=overview.pace,
        rate=overview.rate.ever,
        rates=overview.rates,
    )
