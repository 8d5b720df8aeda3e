"""The Friday brief of the Governor's office: one page with the answer, four figures, a chart, the regions and three sentences."""

from __future__ import annotations

from briefs.answers import answers_under
from briefs.blocks import Block, Figure, Figures, Sentences, SentenceStyle
from briefs.elements import enrollment_charts, figure
from briefs.model import BriefError, Document, footnotes
from briefs.numbers import people_of
from components.overview_data import Overview, headline_data, overview_of
from components.overview_figures import overview_figures
from components.text import changed
from components.text.narratives import headlines, news
from queries.models import Answer, AnswerStatus
from queries.scope import Scope

TITLE = "Friday brief"
QUOTES = 3


def friday(scope: Scope, compared_with: str | None = None) -> Document:
    """Ask for the Friday brief under a scope.

    Args:
        scope: The filters, the date, the delivery and the reader.
        compared_with: What the figures are compared with: see `answers_under`.

    Raises:
        AskError: A filter has an unknown value, or the reader cannot ask under these filters.
        BriefError: There is nothing to report under these filters.
        NothingPublished: Nothing has been published yet.
    """
    view = answers_under(scope, compared_with=compared_with)
    overview = overview_of(view)
    total = overview.enrolled.ever
    if total.status not in (AnswerStatus.OK, AnswerStatus.EMPTY):
        raise BriefError(total.note or "There is nothing to report under these filters.")
    lead, more = overview.lead()
    blocks: list[Block] = [Figures(_figures(overview)), *enrollment_charts(overview.by_period, overview.rates, view)]
    if overview.has_period:
        blocks.append(Sentences(items=(news.below(view.as_of),)))
    if text := overview.since_previous():
        title = "Since the previous delivery" if changed.line(overview.change) else "To watch"
        blocks.append(Sentences(items=(text,), title=title))
    quotes = headlines.podium(headline_data(view, overview))[:QUOTES]
    if quotes:
        blocks.append(Sentences(items=tuple(quotes), style=SentenceStyle.QUOTES, title="Ready-to-use sentences"))
    return Document(
        title=TITLE,
        lead=lead,
        more=more,
        blocks=tuple(blocks),
        facts=view.facts(f"all time and {overview.when}", comparison=overview.comparison),
        footnotes=footnotes(_defined(overview)),
        answers=tuple(view.recorded.answers.values()),
        most_pages=1,
    )


def _figures(overview: Overview) -> tuple[Figure, ...]:
    """Return people enrolled, completions, people with a job and dollars spent, each with what it is compared with."""
    return tuple(
        figure(
            each.answer,
            each.words,
            number=people_of(each.answer) if each.is_numerator and each.words.is_number else None,
        )
        for each in overview_figures(overview)
    )


def _defined(overview: Overview) -> list[Answer]:
    """Return the answers whose measures the footnotes define."""
    parts = (overview.enrolled, overview.completions, overview.with_job, overview.expended)
    return [*(part.ever for part in parts), overview.rates]
