"""The regions next to each other: enrollment per 10,000 residents as a bar, and the last twelve months as a sparkline."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from components import drawn_scope, html_view, picks, style
from components.page import Page
from components.provenance import how_made
from components.release_limits import finest_period
from components.sparkline import trend_column
from components.text.format import known, tenths
from components.text.prose import is_unrecorded
from queries import Answer, Question, Row
from queries.privacy.suppression import is_hidden

_WIDEST = 70  # percent of the cell, so that the number fits next to the bar


@dataclass(frozen=True)
class _Region:
    """One row. width: of the bar, in percent of its cell. trend: empty where no region has a line."""

    name: Markup | str
    value: str
    width: float
    trend: Markup


def listed(rates: Answer) -> list[Row]:
    """Return the regions, highest rate first. A hidden one, which may have nobody, has no population; neither have the unrecorded."""
    rows = [row for row in rates.rows if known(row.denominator) or (is_hidden(row) and not is_unrecorded(row))]
    return sorted(rows, key=lambda row: (not known(row.value), -(row.value or 0), row.key))


def region_strip(page: Page, rates: Answer, *, title: str) -> None:
    """Draw one row a region. rates: enrollment per 10,000 residents by region."""
    rows = listed(rates)
    picked = picks.row_filter(rates)
    largest = max((row.value for row in rows if known(row.value)), default=0.0) or 1.0
    by = finest_period(page.scope)
    scopes = [page.scope.but(region=row.key, since=None, until=None) for row in rows]
    questions = [(Question("residents_new", by), scope) for scope in scopes]
    page.ask_ahead(questions)
    answers = [page.answer(question, scope) for question, scope in questions]
    names = [f"Residents enrolled for the first time in {row.key}" for row in rows]
    trends = trend_column(answers, names)
    regions = [
        _Region(
            name=picked.button(row.key, f"pick strip: {row.key}") if picked else row.key,
            value=tenths(row.value) if known(row.value) else str(row.note or "not known"),
            width=round(_WIDEST * row.value / largest, 1) if known(row.value) else 0.0,
            trend=trend,
        )
        for row, trend in zip(rows, trends or [Markup()] * len(rows), strict=True)
    ]
    scope = drawn_scope.attribute(rates)
    with html_view.container(f'<section class="region-strip" data-name="region-strip"{scope}>', "</section>"):
        style.heading(3, title)
        html_view.add(
            html_view.render("region_strip", title=title, regions=regions, period=by, has_trends=bool(trends))
        )
        html_view.add(how_made(rates, subject=title))
