"""The headline figures of the overview in words: totals with what is new, or the reader's period with the totals. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from components.overview_data import Overview, Part
from components.text.figure_words import FigureWords, figure_words
from components.text.narratives import news
from queries.models import Answer


@dataclass(frozen=True, kw_only=True)
class OverviewFigure:
    """A headline figure: its words, the answer that its number is from, and whether it is what that rate counts."""

    words: FigureWords
    answer: Answer
    is_numerator: bool = False


def overview_figures(overview: Overview) -> tuple[OverviewFigure, ...]:
    """Return people enrolled, completions, people with a job and dollars spent, each with what it is compared with.

    Without a period, the number is the total of all time, and what is new stands below. Where the reader chose a
    period, the number is that of the period, and the total stands below.
    """
    spent = news.spent_context(overview.expended.ever, overview.allocated)
    return (
        _figure(overview, overview.enrolled),
        _figure(overview, overview.completions),
        _with_job(overview),
        _figure(overview, overview.expended, context=spent),
    )


def _figure(overview: Overview, part: Part, *, context: str = "") -> OverviewFigure:
    """Return the figure of a count or a sum. context: about the total."""
    mark = overview.revisions[part.ever.measure.id]
    if not overview.has_period:
        words = figure_words(
            part.ever,
            flow=part.recent,
            flow_words=f"{part.context} {overview.when}".lstrip(),
            compared=part.compared,
            context=context,
            revised=mark,
        )
        return OverviewFigure(words=_dated(words, overview), answer=part.ever)
    words = figure_words(
        part.recent,
        label=f"{part.recent.measure.label} {overview.when}",
        compared=part.compared,
        context=" · ".join(filter(None, (part.context, news.in_all(part.ever, context)))),
        revised=mark,
    )
    return OverviewFigure(words=_dated(words, overview), answer=part.recent)


def _dated(words: FigureWords, overview: Overview) -> FigureWords:
    """Say in a program's first year why nothing is compared."""
    return replace(words, since=words.since or overview.no_earlier_year) if words.is_number else words


def _with_job(overview: Overview) -> OverviewFigure:
    """Return how many of those who finished got a job."""
    part = overview.with_job
    answer = part.recent if overview.has_period else part.ever
    words = figure_words(
        answer,
        label=f"Finished {overview.when} and got a job" if overview.has_period else None,
        value=news.job_value(answer),
        context=news.job_context(answer),
        revised=overview.revisions[part.ever.measure.id],
    )
    if overview.has_period:  # after what is not known yet, which is of the period
        words = replace(words, context=" · ".join(filter(None, (words.context, news.in_all(part.ever)))))
    return OverviewFigure(words=words, answer=answer, is_numerator=True)
