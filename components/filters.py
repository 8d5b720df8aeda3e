"""The filters in the sidebar. The address is the truth: widgets are set from it on every run and write back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from components import periods
from components.address import LISTS, Address, Choices, build

EVERY = {"initiative": "All initiatives", "region": "All regions", "sector": "All sectors", "group": "All residents"}
LABELS = {"initiative": "Initiative", "region": "Region", "sector": "Sector", "group": "Group"}
_CUSTOM = "period-custom"


def write(values: Mapping[str, Any], extras: Mapping[str, Any]) -> None:
    """Put a view into the address bar."""
    st.query_params.from_dict(build(values, extras))


def draw(address: Address, choices: Choices, applying: Sequence[str]) -> None:
    """Draw the filters that apply to this page, in the current container, and the button that clears them."""
    values, extras = dict(address.values), dict(address.extras)
    for name in (n for n in LISTS if n in applying):
        _list_filter(name, values, extras, choices)
    if "period" in applying:
        _period_filter(values, extras, choices)
    if "as_of" in applying:
        st.session_state["filter-as_of"] = min(values.get("as_of") or choices.latest, choices.latest)
        st.date_input(
            "As of",
            key="filter-as_of",
            format="MM/DD/YYYY",
            min_value=date(1990, 1, 1),
            max_value=choices.latest,
            on_change=_dates_changed,
            args=(values, extras, choices),
            help="Everything is shown as it stood at the end of this day.",
        )
    st.button(
        "Clear filters",
        key="filter-clear",
        on_click=_clear,
        args=(values, extras),
        width="stretch",
        disabled=not any(value for name, value in values.items() if name != "as"),
    )


def _list_filter(name: str, values: dict, extras: dict, choices: Choices) -> None:
    key, labels = f"filter-{name}", dict(choices.of(name))
    st.session_state[key] = values.get(name, "")
    st.selectbox(
        LABELS[name],
        ["", *labels],
        key=key,
        on_change=_list_changed,
        args=(name, values, extras),
        format_func=lambda value: labels.get(value, EVERY[name]),
    )


def _list_changed(name: str, values: dict, extras: dict) -> None:
    write(values | {name: st.session_state[f"filter-{name}"]}, extras)


def _period_filter(values: dict, extras: dict, choices: Choices) -> None:
    offered = periods.presets(choices.earliest, choices.latest)
    chosen = periods.matching(offered, values.get("from"), values.get("to"))
    if st.session_state.get(_CUSTOM) and chosen.id != "all":
        chosen = periods.CUSTOM
    labels = {period.id: period.label for period in offered}
    st.session_state["filter-period"] = chosen.id
    st.selectbox(
        "Period",
        list(labels),
        key="filter-period",
        on_change=_period_changed,
        args=(offered, values, extras, choices),
        format_func=lambda value: labels[value],
    )
    if chosen.id != "custom":
        return
    for name, label in (("from", "From"), ("to", "To")):
        st.session_state[f"filter-{name}"] = values.get(name)
        st.date_input(
            label,
            value=None,
            key=f"filter-{name}",
            format="MM/DD/YYYY",
            min_value=date(1990, 1, 1),
            max_value=date(2100, 12, 31),
            on_change=_dates_changed,
            args=(values, extras, choices),
        )


def _period_changed(offered: list[periods.Period], values: dict, extras: dict, choices: Choices) -> None:
    chosen = next(p for p in offered if p.id == st.session_state["filter-period"])
    st.session_state[_CUSTOM] = chosen.id == "custom"
    ends = {"from": chosen.since, "to": chosen.until}
    if chosen.id == "custom":
        ends = {"from": values.get("from") or choices.earliest, "to": values.get("to") or choices.latest}
    write(values | ends, extras)


def _dates_changed(values: dict, extras: dict, choices: Choices) -> None:
    state, changed = st.session_state, dict(values)
    for name in ("from", "to"):
        if f"filter-{name}" in state:
            changed[name] = state[f"filter-{name}"]
    if changed.get("from") and changed.get("to") and changed["from"] > changed["to"]:
        changed["from"], changed["to"] = changed["to"], changed["from"]
    if "filter-as_of" in state:
        as_of = state["filter-as_of"]
        changed["as_of"] = None if as_of in (None, choices.latest) else as_of
    write(changed, extras)


def _clear(values: dict, extras: dict) -> None:
    st.session_state[_CUSTOM] = False
    write({"as": values.get("as")}, extras)


def view_as(address: Address, readers: Mapping[str, str]) -> None:
    """The open demo's switch between readers, in the current container. readers: id to name, the default first."""
    first = next(iter(readers))
    st.session_state["view-as"] = address.values.get("as", first)

    def changed() -> None:
        chosen = st.session_state["view-as"]
        write(dict(address.values) | {"as": None if chosen == first else chosen}, dict(address.extras))

    st.selectbox(
        "View as",
        list(readers),
        key="view-as",
        on_change=changed,
        format_func=lambda value: readers[value],
        help="This open demo needs no sign-in: look at it as any of its readers would.",
    )
