"""The Friday brief of the Governor's office: one page with the answer, four figures, a chart, the regions and three sentences."""

from __future__ import annotations

from briefs.answers import answers_under
from briefs.blocks import Block, Figure, Figures, Sentences, SentenceStyle
from briefs.elements import enrollment_charts, figure, footnotes
from briefs.model import BriefError, Document
from components.overview_data import Overview, headline_data, overview_of
from components.text.figure_words import figure_words
from components.text.narratives import headlines, news
from queries.models import Answer, AnswerStatus
from queries.scope import Scope

NAME, TITLE = "friday", "Friday brief"
QUOTES = 3


def friday(scope: Scope) -> Document:
    """Ask for the Friday brief under a scope.

    Raises:
        AskError: A filter has an unknown value, or the reader cannot ask under these filters.
        BriefError: There is nothing to report under these filters.
        NothingPublished: Nothing has been published yet.
    """
    view = answers_under(scope)
    overview = overview_of(view)
    total = overview.enrolled.ever
    if total.status not in (AnswerStatus.OK, AnswerStatus.EMPTY):
        raise BriefError(total.note or "There is nothing to report under these filters.")
    lead, more = overview.lead()
    rates = view.ask("enrolled_per_10000", by="region", region=None, since=None, until=None)
    blocks: list[Block] = [Figures(_figures(overview)), *enrollment_charts(overview.by_period, rates, view)]
    if text := overview.since_previous():
        title = "Since the previous delivery" if overview.change else "To watch"
        blocks.append(Sentences(items=(text,), title=title))
    quotes = headlines.podium(headline_data(view, overview))[:QUOTES]
    if quotes:
        blocks.append(Sentences(items=tuple(quotes), style=SentenceStyle.QUOTES, title="Ready-to-use sentences"))
    return Document(
        name=NAME,
        title=TITLE,
        lead=lead,
        more=more,
        blocks=tuple(blocks),
        facts=view.facts(f"all time and {overview.when}"),
        footnotes=footnotes(_defined(overview, rates), {"expended": news.SPENT}),
        answers=tuple(view.recorded.answers.values()),
        changes=tuple(change for change in view.recorded.changes.values() if change),
        most_pages=1,
    )


def _figures(overview: Overview) -> tuple[Figure, ...]:
    enrolled, completions, expended, with_job = (
        overview.enrolled,
        overview.completions,
        overview.expended,
        overview.with_job,
    )
    words = (
        figure_words(
            enrolled.ever, flow=enrolled.recent, flow_words=f"new {overview.when}", compared=enrolled.compared
        ),
        figure_words(
            completions.ever, flow=completions.recent, flow_words=overview.when, compared=completions.compared
        ),
        figure_words(with_job, value=news.job_value(with_job), context=news.job_context(with_job)),
        figure_words(
            expended.ever,
            label=news.SPENT,
            flow=expended.recent,
            flow_words=overview.when,
            compared=expended.compared,
            context=news.spent_context(expended.ever, overview.allocated),
        ),
    )
    answers = (enrolled.ever, completions.ever, with_job, expended.ever)
    return tuple(figure(answer, each) for answer, each in zip(answers, words, strict=True))


def _defined(overview: Overview, rates: Answer) -> list[Answer]:
    """Return the answers whose measures the footnotes define."""
    return [overview.enrolled.ever, overview.completions.ever, overview.with_job, overview.expended.ever, rates]
