"""The filters in the sidebar. The address is the truth: controls are drawn from it on every run and write back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from components import controls, periods, style
from components.url_state import LISTS, Choices, UrlState, build, iso_day

EVERY = {"initiative": "All initiatives", "region": "All regions", "sector": "All sectors", "group": "All residents"}
LABELS = {"initiative": "Initiative", "region": "Region", "sector": "Sector", "group": "Group"}
_CUSTOM = "period-custom"
_FIRST, _LAST = date(1990, 1, 1), date(2100, 12, 31)


def write(values: Mapping[str, Any], extras: Mapping[str, Any]) -> None:
    """Put a view into the address bar."""
    st.query_params.from_dict(build(values, extras))


def is_custom() -> bool:
    """Whether this reader gives the period day by day."""
    return bool(st.session_state.get(_CUSTOM))


def draw(address: UrlState, choices: Choices, applying: Sequence[str]) -> None:
    """Draw the filters that apply to this page, and the button that clears them."""
    values, extras = dict(address.values), dict(address.extras)
    parts = [_list_filter(name, values, extras, choices) for name in LISTS if name in applying]
    if "period" in applying:
        parts.append(_period_filter(values, extras, choices))
    if "as_of" in applying:
        parts.append(
            controls.day(
                "filter-as_of",
                "As of",
                min(values.get("as_of") or choices.latest, choices.latest),
                lambda text: _date_chosen("as_of", text, values, extras, choices),
                earliest=_FIRST,
                latest=choices.latest,
                help_="Everything as it stood at the end of this day.",
            )
        )
    is_open = not any(value for name, value in values.items() if name != "as")
    parts.append(controls.button("filter-clear", "Clear filters", lambda _: _clear(values, extras), is_off=is_open))
    style.block(f'<div class="filters"><p class="side-heading">Filters</p>{"".join(parts)}</div>')


def _list_filter(name: str, values: dict, extras: dict, choices: Choices) -> str:
    return controls.pick_list(
        f"filter-{name}",
        LABELS[name],
        {"": EVERY[name], **dict(choices.of(name))},
        values.get(name, ""),
        lambda value: write(values | {name: value}, extras),
    )


def _period_filter(values: dict, extras: dict, choices: Choices) -> str:
    offered = periods.presets(choices.earliest, choices.latest)
    chosen = periods.matching(offered, values.get("from"), values.get("to"))
    if is_custom() and chosen.id != "all":
        chosen = periods.CUSTOM
    parts = [
        controls.pick_list(
            "filter-period",
            "Period",
            {period.id: period.label for period in offered},
            chosen.id,
            lambda value: _period_chosen(value, offered, values, extras, choices),
        )
    ]
    for name, label in (("from", "From"), ("to", "To")) if chosen.id == "custom" else ():
        parts.append(
            controls.day(
                f"filter-{name}",
                label,
                values.get(name),
                partial(_date_chosen, name, values=values, extras=extras, choices=choices),
                earliest=_FIRST,
                latest=_LAST,
            )
        )
    return "".join(parts)


def _period_chosen(value: str, offered: list[periods.Period], values: dict, extras: dict, choices: Choices) -> None:
    chosen = next((period for period in offered if period.id == value), None)
    if chosen is None:
        return
    st.session_state[_CUSTOM] = chosen.id == "custom"
    ends = {"from": chosen.since, "to": chosen.until}
    if chosen.id == "custom":
        ends = {"from": values.get("from") or choices.earliest, "to": values.get("to") or choices.latest}
    write(values | ends, extras)


def _date_chosen(name: str, text: str, values: dict, extras: dict, choices: Choices) -> None:
    changed = values | {name: iso_day(str(text))}
    if changed.get("from") and changed.get("to") and changed["from"] > changed["to"]:
        changed["from"], changed["to"] = changed["to"], changed["from"]
    if changed.get("as_of") == choices.latest:
        changed["as_of"] = None
    write(changed, extras)


def _clear(values: dict, extras: dict) -> None:
    st.session_state[_CUSTOM] = False
    write({"as": values.get("as")}, extras)


def view_as(address: UrlState, readers: Mapping[str, str]) -> None:
    """The open demo's switch between readers. readers: id to name, the default first."""
    first = next(iter(readers))

    def changed(value: str) -> None:
        write(dict(address.values) | {"as": None if value == first else value}, dict(address.extras))

    style.block(
        controls.pick_list("view-as", "View as", readers, address.values.get("as", first), changed,
                           "This open demo needs no sign-in: look at it as any of its readers would.")
    )  # fmt: skip
