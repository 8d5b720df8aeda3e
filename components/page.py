"""One page as one viewer sees it: a page script asks, writes and draws through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NoReturn

import streamlit as st
from markupsafe import Markup

from components import (
    banners,
    cached_queries,
    controls,
    html_view,
    navigation,
    page_contents,
    page_guard,
    share,
    style,
    url_state,
)
from components import filters as sidebar
from components.choices import Choices
from components.page_list import PageEntry
from components.page_parameters import HIGHEST, LOWEST
from components.refusals import Refusal
from components.release_limits import with_plan
from components.scoped_answers import FilterValue, ScopedAnswers
from components.text.format import day as day_words
from components.url_state import UrlState, iso_day
from queries import Answer, Change, Delivery, Question, Scope


@dataclass(frozen=True)
class Page(ScopedAnswers):
    """One page: its entry in the list, filters with the viewer, delivery with what can be chosen in it, and address."""

    entry: PageEntry
    scope: Scope
    delivery: Delivery
    choices: Choices
    url_state: UrlState

    @property
    def extras(self) -> Mapping[str, str]:
        """The page's own valid parameters."""
        return self.url_state.extras

    @property
    def shared(self) -> share.SharedPage:
        """What the files of this page state about it."""
        return share.shared_page(self, self.entry)

    @property
    def compared_with(self) -> str | None:
        """What the reader compares with, from the address."""
        return self.url_state.text(url_state.COMPARE)

    def under(self, scope: Scope) -> Page:
        """Return this page with other filters for its questions."""
        return replace(self, scope=scope)

    def answer(self, question: Question, scope: Scope) -> Answer:
        """Answer a question for this page's viewer, from the cache if possible. Never raises."""
        answer = cached_queries.ask(question, scope, self.delivery, self.as_of)
        if answer.status == "not_allowed":
            page_guard.log_denied(question.measure)
        return answer

    def ask_ahead(self, questions: Iterable[tuple[Question, Scope]]) -> None:
        """Prepare the answers to what comes next (`components.compared_answers.questions_of`). The sidebar is drawn in the meantime."""
        html_view.draw()
        cached_queries.ask_ahead(list(questions), self.delivery, self.as_of)

    def listing(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a listing (regions, towns, targets, check_tables, …) under this page's scope. Do not change them."""
        return cached_queries.listing(name, self.scope, self.delivery.id)

    def listing_of(self, delivery: Delivery, name: str) -> list[dict[str, Any]]:
        """Return the rows of a listing in another delivery; a protected reader gets none about a delivery."""
        return cached_queries.listing(name, self.scope.but(delivery=delivery.id), delivery.id)

    def history(self) -> list[str]:
        """Return the ids of the published deliveries, oldest first."""
        return cached_queries.history()

    def changed(self, measure_id: str, **changes: FilterValue) -> Change | None:
        """Return why a total differs from the previous delivery's; None where there is none. changes: filters to change."""
        return cached_queries.changed(measure_id, self.scope.but(**changes), self.delivery)

    def other_deliveries(self) -> tuple[Delivery | None, Delivery | None]:
        """Return the newest delivery and the one before this one, each None where there is none of the same kind."""
        return cached_queries.newest(self.delivery), cached_queries.previous(self.delivery)

    def refusal(self) -> Refusal | None:
        """Return the last attempt to publish if it was not accepted. For the page that lists its problems only."""
        return cached_queries.refusal()

    def lead(self, sentence: str, more: str = "") -> None:
        """Draw the answer to the page's question, large, under the heading, and what else to know, smaller."""
        page_contents.add_lead(sentence, more)
        html_view.paragraph(style.readable(sentence), "lead")
        html_view.paragraph(style.readable(more), "lead-more")

    def section(self, title: str, words: str = "") -> None:
        """Draw a second-level heading with a line of text under it."""
        style.heading(2, title)
        if words:
            html_view.paragraph(style.readable(words), "section-words")

    def end_first_screen(self) -> None:
        """Say that what comes next is below the first window, of 1440 × 900 pixels: what is above is drawn while the rest is computed."""
        html_view.flush()

    def side_by_side(self) -> AbstractContextManager[None]:
        """Draw what is added inside side by side where there is room."""
        return html_view.container('<div class="beside">', "</div>")

    def native(self) -> AbstractContextManager[None]:
        """Draw Streamlit's own elements here: `with page.native(): st.write(…)`. The page is then not cached."""
        return html_view.native_elements()

    def note(self, *texts: str, is_content: bool = False) -> None:
        """Draw small, quiet text, a paragraph each. is_content: it is what readers come for, in the size and color of text."""
        for text in texts:
            html_view.paragraph(text, "text" if is_content else "quiet")

    def parameters(self, **changes: FilterValue) -> dict[str, str]:
        """Return the filters of the address with some changed. A page's own parameters do not travel to other pages."""
        return url_state.build(url_state.changed(self.url_state.values, changes))

    def finding(
        self,
        sentence: str,
        page_id: str,
        label: str,
        *,
        page_values: Mapping[str, str | None] | None = None,
        **changes: FilterValue,
    ) -> None:
        """Draw one sentence of a list, with a link to the page that shows more of it.

        Args:
            sentence: the finding.
            page_id: the page that the link leads to.
            label: of the link.
            page_values: parameters of that page.
            changes: filters to change.
        """
        page_contents.add_point(sentence)
        link = self._anchor(page_id, label, page_values, changes)
        html_view.add(html_view.render("finding", sentence=style.readable(sentence), link=link))

    def link_to(
        self, page_id: str, label: str, *, page_values: Mapping[str, str | None] | None = None, **changes: FilterValue
    ) -> None:
        """Draw a link to another page that keeps the filters, some changed. page_values: parameters of that page."""
        html_view.paragraph(self._anchor(page_id, label, page_values, changes))

    def _anchor(
        self, page_id: str, label: str, page_values: Mapping[str, str | None] | None, changes: Mapping[str, FilterValue]
    ) -> Markup:
        label, changes = with_plan(self, page_id, label, changes)
        parameters = url_state.build(url_state.changed(self.url_state.values, changes), page_values)
        return navigation.anchor(page_id, label, parameters)

    def put(self, **changes: FilterValue) -> None:
        """Change filters in an event handler: writes the address before the page runs again."""
        sidebar.write(url_state.changed(self.url_state.values, changes), self.extras)

    def choose(self, name: str, label: str, options: Mapping[str, str], default: str | None = None) -> str:
        """Draw a choice that is kept in the address (declare `name` in `extras`), and return what is chosen.

        Args:
            name: the page parameter.
            label: of the choice.
            options: value to label, at most about six.
            default: what is chosen where the address says nothing; the first option if None.
        """
        default = default or next(iter(options))
        chosen = self.extras.get(name, default)
        chosen = chosen if chosen in options else default
        html_view.add(controls.choice(f"choice-{name}", label, options, chosen, self._writer(name, default)))
        return chosen

    def offer(self, name: str, value: str, label: str) -> None:
        """Draw a button that sets a filter on this page."""
        html_view.paragraph(controls.button(f"offer-{name}-{value}", label, lambda _: self.put(**{name: value})))

    def percent(self, name: str, label: str, default: float | None) -> float | None:
        """Draw a percentage kept in the address (declared with `page_parameters.percent`); return a fraction, None for the default."""
        value = self.extras.get(name)
        shown = float(value) if value else None if default is None else round(default * 100, 2)
        clamped = None if shown is None else min(max(shown, LOWEST), HIGHEST)
        help_text, write = f"Between {LOWEST:g} and {HIGHEST:g}.", self._writer(name)
        field = controls.number(f"own-{name}", label, clamped, write, low=LOWEST, high=HIGHEST, help_text=help_text)
        html_view.add(field)
        return float(value) / 100 if value else None

    def day(self, name: str, label: str, default: date, *, earliest: date, latest: date) -> date | None:
        """Draw a date kept in the address (declared with `page_parameters.iso_date`); return it, None for the default.

        A date in the address that is not between the two days gets a notice, and the default is shown.
        """
        value, write = self.extras.get(name), self._writer(name)
        chosen = iso_day(value) if value else None
        if chosen is not None and not earliest <= chosen <= latest:
            why = f"is not from {day_words(earliest)} to {day_words(latest)}"
            banners.dropped([url_state.Dropped(name, str(value), why)])
            chosen = None
        html_view.add(controls.day(f"own-{name}", label, chosen or default, write, earliest=earliest, latest=latest))
        return chosen

    def _writer(self, name: str, default: str | None = None) -> html_view.EventHandler:
        """Return the handler that writes a page parameter to the address; the default is not written."""

        def write(value: object) -> None:
            sidebar.write(self.url_state.values, {**self.extras, name: None if value == default else value})

        return write

    def placeholder(self) -> AbstractContextManager[None]:
        """Reserve a place here, to be filled later inside of the context manager that this returns."""
        return html_view.placeholder()

    def here(self, **page_values: object) -> str:
        """Return the full address of this view with these parameters of the page, to be sent to somebody."""
        others = {name: value for name, value in self.extras.items() if name not in page_values}
        params = url_state.build(self.url_state.values, {**page_values, **others})
        return cached_queries.origin() + url_state.url(self.entry.path, params)

    def stop(self) -> NoReturn:
        """Draw what was added, and end the script."""
        self.end()
        st.stop()

    def end(self) -> None:
        """Draw what was added, with the file that the reader asked for. The last line of every page."""
        share.send_page(self.shared)
        html_view.end()

    def controls(self) -> AbstractContextManager[None]:
        """Draw the controls that are added inside side by side where there is room."""
        return html_view.container('<div class="controls">', "</div>")
