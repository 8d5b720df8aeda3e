"""The controls of a sheet, as HTML: a list, a choice, a day, a number, a button. The browser's own, so that keyboards, phones and
screen readers know them.

Each says what was chosen to its act; the address is the truth, and what is on screen follows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from components import html_view
from components.html_view import EventHandler
from components.style import escape, readable


def pick_list(name: str, label: str, options: Mapping[str, str], chosen: str, do: EventHandler, help_: str = "") -> str:
    """A list to choose one of. options: value to label."""
    items = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(readable(text, 80))}</option>'
        for value, text in options.items()
    )
    return _field(
        name,
        label,
        f'<select id="{escape(name)}" data-value="{escape(chosen)}" {html_view.on_event(name, do)}>{items}</select>',
        help_,
    )


def choice(name: str, label: str, options: Mapping[str, str], chosen: str, do: EventHandler) -> str:
    """A few choices side by side."""
    said = html_view.on_event(name, do)
    items = "".join(
        f'<label><input type="radio" name="{escape(name)}" value="{escape(value)}" data-value="{escape(value)}" '
        f"{said}{' checked' if value == chosen else ''}><span>{escape(readable(text, 80))}</span></label>"
        for value, text in options.items()
    )
    return f'<fieldset class="choice"><legend>{escape(label)}</legend><div>{items}</div></fieldset>'


def day(name: str, label: str, value: date | None, do: EventHandler, *, earliest: date, latest: date, help_: str = "") -> str:
    """A date between two days, both included."""
    return _input(name, label, "date", value, do, f'min="{earliest}" max="{latest}"', help_)


def number(name: str, label: str, value: float | None, do: EventHandler, *, low: float, high: float, help_: str = "") -> str:
    """A number between two, both included, by hundredths."""
    shown = None if value is None else f"{value:g}"
    return _input(name, label, "number", shown, do, f'min="{low:g}" max="{high:g}" step="0.01"', help_)


def button(name: str, label: str, do: EventHandler, *, is_off: bool = False) -> str:
    """A button."""
    return f'<button type="button" class="button" {html_view.on_event(name, do)}{" disabled" if is_off else ""}>{escape(readable(label))}</button>'


def _input(name: str, label: str, kind: str, value: Any, do: EventHandler, more: str, help_: str) -> str:
    text = "" if value is None else escape(value)
    said = html_view.on_event(name, do)
    return _field(
        name,
        label,
        f'<input id="{escape(name)}" type="{kind}" value="{text}" data-value="{text}" {more} {said}>',
        help_,
    )


def _field(name: str, label: str, control: str, help_: str) -> str:
    after = f'<p class="help">{escape(help_)}</p>' if help_ else ""
    return f'<div class="field"><label for="{escape(name)}">{escape(label)}</label>{control}{after}</div>'
