"""One page as one reader sees it: what a page script asks, says and draws through."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import streamlit as st

from components import cached_queries, controls, html_view, navigation, page_guard, page_parameters, style, url_state
from components import filters as sidebar
from components.page_list import PageEntry, entry
from components.refusals import Refusal
from components.url_state import Choices, UrlState
from queries import Goal, Question, Scope


@dataclass(frozen=True)
class Page:
    """One page as one reader sees it: what is asked about (`scope`), what can be chosen, and the delivery on screen."""

    entry: PageEntry
    scope: Scope
    delivery: Any
    choices: Choices
    url_state: UrlState
    stamp: str = ""  # of the delivery's file, looked at once a run
    _is_begun: list[bool] = field(default_factory=list)  # whether a section was begun

    @property
    def as_of(self) -> date:
        """The date in effect: the reader's, else the delivery's."""
        return self.scope.as_of or self.delivery.delivered_on

    @property
    def extras(self) -> Mapping[str, str]:
        """The page's own valid parameters."""
        return self.url_state.extras

    @property
    def main_initiative(self) -> str:
        """The initiative to speak of where one is needed: the reader's, else the one paid from the recovery funds."""
        rows = self.listing("initiatives")
        flagship = next((row["initiative"] for row in rows if row["is_slfrf"]), rows[0]["initiative"] if rows else "")
        return self.scope.initiative or flagship

    @property
    def who(self) -> str:
        """Whom the numbers are about: "residents", or the group chosen, as in "veterans"."""
        return self.noun(self.scope.group)

    def noun(self, group: str | None) -> str:
        """A group in the middle of a sentence: "residents with disabilities"; "residents" for None."""
        nouns = {row["group_id"]: row["member_noun"] for row in self.listing("groups")}
        return nouns.get(group or "", group or "residents")

    def days_ago(self, days: int) -> date:
        """The date so many days before the date in effect."""
        return self.as_of - timedelta(days=days)

    def ask(
        self,
        measure_id: str,
        by: str | None = None,
        *,
        outcome: str | None = None,
        goal: Goal | None = None,
        **changes: Any,
    ) -> Any:
        """The answer under this page's scope, with `changes` to it; `outcome`: the outcome a gap is taken of; `goal`: what a
        plan is to reach. Cached across readers; never raises."""
        question = Question(measure_id, by, outcome, goal)
        answer = cached_queries.ask(question, self.scope.but(**changes), self.delivery, self.as_of, self.stamp)
        if answer.status == "not_allowed":
            page_guard.denied(measure_id, "not part of this view")
        return answer

    def listing(self, name: str) -> list[dict[str, Any]]:
        """Rows of a listing (regions, towns, targets, check_tables, …) under this page's scope, as plain dicts."""
        return cached_queries.listing(name, self.scope, self.delivery.id, self.stamp)

    def audit_events(self) -> list[dict[str, Any]]:
        """The last events of the record of use, newest first: at, event, account, role and details, as text. None for
        whoever may not open its page."""
        return page_guard.audit_events(self.scope.viewer)

    def history(self) -> list[str]:
        """Ids of the deliveries published, oldest first."""
        return cached_queries.history()

    def delivery_of(self, delivery_id: str) -> Any:
        """Another published delivery: id, date, layout, whether it is synthetic."""
        return cached_queries.delivery_of(delivery_id)

    def refusal(self) -> Refusal | None:
        """The last attempt, if it was not accepted. For the page that lists its problems: other readers are not shown them."""
        return cached_queries.refusal()

    def lead(self, sentence: str) -> None:
        """The answer to the page's question, large, under the heading."""
        style.block(f'<p class="lead">{style.escape(style.readable(sentence))}</p>')

    def section(self, title: str, words: str = "") -> None:
        """A second-level heading, with a line of words under it. What stands before the first is drawn by then: readers have
        the answer while the rest is worked out."""
        if not self._is_begun:
            html_view.flush()
            self._is_begun.append(True)
        style.heading(2, title)
        if words:
            style.block(f'<p class="section-words">{style.escape(style.readable(words))}</p>')

    def beside(self) -> AbstractContextManager[None]:
        """What is drawn inside stands side by side where there is room."""
        return html_view.container('<div class="beside">', "</div>")

    def note(self, *texts: str) -> None:
        """Small, quiet words, a paragraph each."""
        for text in texts:
            style.block(f'<p class="quiet">{style.escape(text)}</p>')

    def parameters(self, **changes: Any) -> dict[str, str]:
        """The filters of the address bar with `changes` made; a page's own parameters do not travel to other pages."""
        return url_state.build(url_state.changed(self.url_state.values, changes))

    def finding(
        self, sentence: str, page_id: str, label: str, *, page_values: Mapping[str, str] | None = None, **changes: Any
    ) -> None:
        """One sentence of a list, with a link to the page that shows more of it. changes: filters; page_values: that page's
        parameters."""
        parameters = url_state.build(url_state.changed(self.url_state.values, changes), page_values)
        said, way = style.escape(style.readable(sentence)), navigation.anchor(page_id, label, parameters)
        style.block(f'<div class="finding"><p>{said}</p>{way}</div>')

    def link(self, page_id: str | None = None, **changes: Any) -> str:
        """The address of a page under these filters: "/regions?region=Eastern"."""
        return url_state.url(entry(page_id or self.entry.id).path, self.parameters(**changes))

    def link_to(self, page_id: str, label: str, *, page_values: Mapping[str, str | None] | None = None, **changes: Any) -> None:
        """Draw a link to another page that keeps the filters, with `changes` made; page_values: that page's parameters."""
        parameters = url_state.build(url_state.changed(self.url_state.values, changes), page_values)
        style.block(f"<p>{navigation.anchor(page_id, label, parameters)}</p>")

    def put(self, **changes: Any) -> None:
        """Change filters from an act of the reader's: writes the address bar before the page runs again."""
        sidebar.write(url_state.changed(self.url_state.values, changes), dict(self.extras))

    def choose(self, name: str, label: str, options: Mapping[str, str], default: str | None = None) -> str:
        """Draw a choice of the page's own, kept in the address (declare `name` in `extras`), and return what is chosen.

        options: value to label, at most about six. default: the first option where not said.
        """
        default = default or next(iter(options))
        chosen = self.extras.get(name, default)
        chosen = chosen if chosen in options else default

        def changed(value: str) -> None:
            sidebar.write(self.url_state.values, {**self.extras, name: None if value == default else value})

        style.block(controls.choice(f"choice-{name}", label, options, chosen, changed))
        return chosen

    def offer(self, name: str, value: str, label: str) -> None:
        """Draw a button that sets a filter on this page."""
        style.block(f"<p>{controls.button(f'offer-{name}-{value}', label, lambda _: self.put(**{name: value}))}</p>")

    def percent(self, name: str, label: str, default: float | None) -> float | None:
        """Draw a percentage of the page's own, kept in the address (declare `name` in `extras` with `own.percent`);
        returns a fraction, None where the default that is shown stands."""
        return page_parameters.draw_percent(self, name, label, default)

    def day(self, name: str, label: str, default: date, *, earliest: date, latest: date) -> date | None:
        """Draw a date of the page's own, kept in the address (declare `name` in `extras` with `own.iso_date`); None where
        the default that is shown stands."""
        return page_parameters.draw_day(self, name, label, default, earliest, latest)

    def spot(self) -> AbstractContextManager[None]:
        """A place kept for what is said later: `with spot: …`."""
        return html_view.placeholder()

    def here(self, **own_parameters: Any) -> str:
        """The whole address of this view with these parameters of the page's own, to be sent to somebody."""
        params = url_state.build(
            self.url_state.values, {**own_parameters, **{k: v for k, v in self.extras.items() if k not in own_parameters}}
        )
        return cached_queries.origin() + url_state.url(self.entry.path, params)

    def stop(self) -> None:
        """Nothing more on this page: draw what has been said, and end its script."""
        self.end()
        st.stop()

    def end(self) -> None:
        """Draw what has been said. The last line of every page."""
        html_view.end()

    def controls(self) -> AbstractContextManager[None]:
        """Choices side by side where there is room: `with page.controls(): …`."""
        return html_view.container('<div class="controls">', "</div>")
