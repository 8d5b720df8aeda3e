"""The filters in the sidebar. They are drawn from the address on every run, and write what the reader chooses back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import streamlit as st
from markupsafe import Markup

from components import comparison, controls, html_view, periods, read_log
from components.choices import Choices
from components.html_view import Choice
from components.url_state import COMPARE, UrlState, build, iso_day
from queries import Scope
from queries.dimensions import FILTERS
from queries.privacy.family import is_limited

_CUSTOM = "period-custom"  # key in the session state
_FIRST, _LAST = date(1990, 1, 1), date(2100, 12, 31)


def write(values: Mapping[str, object], extras: Mapping[str, object]) -> None:
    """Write these filters and page parameters to the address bar."""
    st.query_params.from_dict(build(values, extras))


@dataclass(frozen=True)
class _Filters:
    """The filters of one run, with the handlers of their controls. Handlers are shared by sessions and refer to none."""

    state: UrlState
    choices: Choices
    scope: Scope
    recent: periods.Period | None = None

    @property
    def is_limited(self) -> bool:
        """Whether the viewer can choose only the periods of queries/privacy/family.toml, and no date."""
        return is_limited(self.scope)

    def list_filter(self, name: str) -> Markup:
        """Return the list of one filter of queries/dimensions.toml, such as the regions."""
        dimension = FILTERS[name]
        options = {"": dimension.all, **self.choices.labels(name)}
        chosen = str(self.state.values.get(name, ""))
        return controls.pick_list(f"filter-{name}", dimension.label, options, chosen, partial(self._change, name))

    def period_filter(self) -> list[Markup]:
        """Return the list of periods, and two days where the reader chooses dates."""
        presets = periods.presets(self.choices.earliest, self.choices.latest)
        if self.recent:
            presets[0] = presets[0]._replace(label="All time and recent")
        chosen = periods.matching(presets, self.state.day("from"), self.state.day("to"))
        if self.is_limited:
            presets = [p for p in presets if p.id == "all" or periods.kind_of(p.since, p.until)]
            if chosen.id == "custom":  # a whole period, but an older one than those offered
                chosen = periods.of_days(self.state.day("from"), self.state.day("to"))
                presets.append(chosen)
        elif read_log.read(_CUSTOM, lambda: bool(st.session_state.get(_CUSTOM))) and chosen.id != "all":
            chosen = periods.CUSTOM
        options = {period.id: period.label for period in presets}
        period_list = controls.pick_list(
            "filter-period", "Period", options, chosen.id, partial(self._change_period, presets)
        )
        if chosen.id != "custom":
            return [period_list]
        days = [
            controls.day(
                f"filter-{name}",
                label,
                self.state.day(name),
                partial(self._change_day, name),
                earliest=_FIRST,
                latest=_LAST,
            )
            for name, label in (("from", "From"), ("to", "To"))
        ]
        return [period_list, *days]

    def as_of_filter(self) -> Markup:
        """Return the day as of which everything is shown."""
        latest = self.choices.latest
        return controls.day(
            "filter-as_of",
            "As of",
            min(self.state.day("as_of") or latest, latest),
            partial(self._change_day, "as_of"),
            earliest=_FIRST,
            latest=latest,
            help_text="Everything as it stood at the end of this day.",
        )

    def comparison_list(self) -> list[Markup]:
        """Return the list of what the numbers are compared with, also where that is one thing; nothing where nothing fits."""
        scope = self.scope
        if scope.since is None and self.recent:
            scope = scope.but(since=self.recent.since, until=self.recent.until)
        as_of = scope.as_of or self.choices.latest
        options = comparison.options(
            scope,
            as_of=as_of,
            earliest=self.choices.first_day(scope.initiative),
            regions=list(self.choices.labels("region")),
        )
        if not options:
            return []
        if comparison.YEAR not in options:
            options = {"": "Nothing", **options}  # the default is a year earlier, and there is none
        first = next(iter(options))
        chosen = self.state.text(COMPARE) or first
        chosen = chosen if chosen in options else first
        return [controls.pick_list("filter-compare", "Compare", options, chosen, partial(self._change, COMPARE))]

    def clear_button(self) -> Markup:
        """Return the button that clears all filters."""
        is_open = not any(value for name, value in self.state.values.items() if name != "as")
        return controls.button("filter-clear", "Clear filters", self._clear, is_disabled=is_open)

    def _change(self, name: str, value: object) -> None:
        write({**self.state.values, name: value}, self.state.extras)

    def _change_period(self, presets: Sequence[periods.Period], value: object) -> None:
        chosen = next((period for period in presets if period.id == value), None)
        if chosen is None:
            return
        st.session_state[_CUSTOM] = chosen.id == "custom"
        ends = {"from": chosen.since, "to": chosen.until}
        if chosen.id == "custom":
            ends = {
                "from": self.state.day("from") or self.choices.earliest,
                "to": self.state.day("to") or self.choices.latest,
            }
        write({**self.state.values, **ends}, self.state.extras)

    def _change_day(self, name: str, value: object) -> None:
        days = {each: self.state.day(each) for each in ("from", "to", "as_of")} | {name: iso_day(str(value))}
        since, until = days["from"], days["to"]
        if since and until and since > until:
            days["from"], days["to"] = until, since
        if days["as_of"] == self.choices.latest:
            days["as_of"] = None
        write({**self.state.values, **days}, self.state.extras)

    def _clear(self, _: Choice) -> None:
        st.session_state[_CUSTOM] = False
        write({"as": self.state.values.get("as")}, self.state.extras)


def draw(
    state: UrlState, choices: Choices, applying: Sequence[str], *, scope: Scope, recent: periods.Period | None = None
) -> None:
    """Draw the filters that apply to this page, and the button that clears them.

    Args:
        state: The address.
        choices: What the filters may be.
        applying: The filters that apply.
        scope: The address as a scope, with the viewer.
        recent: The period of the page's news while the reader chooses none; None on other pages.
    """
    filters = _Filters(state, choices, scope, recent)
    parts = [filters.list_filter(name) for name in FILTERS if name in applying]
    if "period" in applying:
        parts += filters.period_filter()
    if COMPARE in applying:
        parts += filters.comparison_list()
    if "as_of" in applying and not filters.is_limited:
        parts.append(filters.as_of_filter())
    html_view.add(html_view.render("filters", controls=[*parts, filters.clear_button()]))
