"""Controls as HTML: a list, a choice, a day, a number, a button.

They are the browser's own, so that keyboards, phones and screen readers know them. Each calls its handler with what the reader chose.
Handlers write the address; what a control shows follows the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup

from components import html_view
from components.html_view import EventHandler
from components.style import readable

_MAX_LABEL = 80
_LONGEST_NEXT_TO_LABEL = 31  # letters of an option in the sidebar; a list with a longer one stands below its label


def pick_list(
    name: str, label: str, options: Mapping[str, str], chosen: str, handler: EventHandler, *, help_text: str = ""
) -> Markup:
    """Return a list to choose one option from. options: value to label."""
    event = html_view.on_event(name, handler)
    labels = _labels(options)
    return html_view.render(
        "select",
        name=name,
        label=label,
        options=labels,
        chosen=chosen,
        event=event,
        help=help_text,
        is_long=max(map(len, labels.values()), default=0) > _LONGEST_NEXT_TO_LABEL,
    )


def choice(name: str, label: str, options: Mapping[str, str], chosen: str, handler: EventHandler) -> Markup:
    """Return a few options in a row. options: value to label."""
    event = html_view.on_event(name, handler)
    return html_view.render("choice", name=name, label=label, options=_labels(options), chosen=chosen, event=event)


def day(
    name: str,
    label: str,
    value: date | None,
    handler: EventHandler,
    *,
    earliest: date,
    latest: date,
    help_text: str = "",
) -> Markup:
    """Return a field for a date between two days, both included."""
    limits = {"min": str(earliest), "max": str(latest)}
    text = "" if value is None else str(value)
    event = html_view.on_event(name, handler)
    return html_view.render(
        "input", name=name, label=label, type="date", value=text, limits=limits, event=event, help=help_text
    )


def number(
    name: str, label: str, value: float | None, handler: EventHandler, *, low: float, high: float, help_text: str = ""
) -> Markup:
    """Return a field for a number between two numbers, both included, in steps of a hundredth."""
    limits = {"min": f"{low:g}", "max": f"{high:g}", "step": "0.01"}
    text = "" if value is None else f"{value:g}"
    event = html_view.on_event(name, handler)
    return html_view.render(
        "input", name=name, label=label, type="number", value=text, limits=limits, event=event, help=help_text
    )


def button(name: str, label: str, handler: EventHandler, *, is_disabled: bool = False) -> Markup:
    """Return a button."""
    event = html_view.on_event(name, handler)
    return html_view.render("button", label=readable(label), event=event, is_disabled=is_disabled)


def _labels(options: Mapping[str, str]) -> dict[str, str]:
    return {value: readable(label, _MAX_LABEL) for value, label in options.items()}
