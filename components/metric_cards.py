"""Headline figures: a number, what changed, what it means, and how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components import style
from components.provenance import how_made
from components.text import format


@dataclass(frozen=True)
class Figure:
    """One headline figure, ready to draw. `is_number` is False where a reason stands in the number's place; `tone` is
    "good", "bad" or "" (no direction is good, or no change)."""

    label: str
    value: str
    is_number: bool
    delta: str = ""
    since: str = ""
    tone: str = ""
    context: str = ""
    how: Any = None


def figure(
    answer: Any,
    *,
    label: str | None = None,
    before: Any = None,
    since: str = "",
    context: str = "",
    row: Any = None,
    value: str | None = None,
) -> Figure:
    """A figure from an answer's total, or from one of its rows.

    before: the answer (or row) to compare with; since: what that was, in words ("since last quarter"). context: a small
    line under it; a share without one gets its numerator, denominator and interval. value: other words for the number.
    """
    row, measure = row or answer.total, answer.measure
    if answer.status != "ok" or not format.known(row.value):
        reason = value or format.MISSING if value else (row.note or answer.note or format.MISSING)
        return Figure(label or measure.label, reason[:1].upper() + reason[1:], False, context=context, how=answer)
    delta, tone = "", ""
    then = before.total if hasattr(before, "total") else before
    if then is not None and format.known(then.value):
        delta, tone = _change(row.value - then.value, measure, getattr(answer, "hidden_below", None))
    return Figure(
        label or measure.label,
        value or format.value_of(row, measure),
        True,
        delta,
        since if delta else "",
        tone,
        context or _counted(row, measure),
        answer,
    )


def _change(difference: float, measure: Any, hidden_below: int | None) -> tuple[str, str]:
    """The change in words ("up 212") and whether that is good or bad."""
    text = format.change(difference, measure.unit)
    if hidden_below and measure.unit in format.COUNTS and 0 < abs(difference) < hidden_below:
        text = f"fewer than {hidden_below}"
    if text == "0" or text.startswith("0 "):
        return "no change", ""
    up = difference > 0
    tone = "" if not measure.better else ("good" if up == (measure.better == "up") else "bad")
    return f"{'up' if up else 'down'} {text.lstrip('+−')}", tone


def _counted(row: Any, measure: Any) -> str:
    if measure.unit != "share" or None in (row.numerator, row.denominator):
        return ""
    text = f"{format.people(row.numerator)} of {format.people(row.denominator)}"
    span = format.interval(row.low, row.high)
    return f"{text} · 95% interval {span}" if span else text


def headline_row(figures: Sequence[Figure], *, name: str) -> None:
    """Draw figures side by side: two a row on a phone, all in one row where there is room. name: unique on the page."""
    cards = "".join(f'<div class="card">{_card(one)}{how_made(one.how)}</div>' for one in figures)
    style.block(f'<div class="figures" data-name="{style.escape(name)}">{cards}</div>')


def _card(one: Figure) -> str:
    size = "" if len(one.value) <= 9 else " long"
    parts = [
        f'<p class="label">{style.escape(one.label)}</p>',
        f'<p class="value{size if one.is_number else " reason"}">{style.escape(one.value)}</p>',
    ]
    if one.delta:
        mark = {"up": "▲ ", "do": "▼ "}.get(one.delta[:2], "")
        parts.append(
            f'<p class="delta {one.tone}"><b><span aria-hidden="true">{mark}</span>{style.escape(one.delta)}</b> '
            f"{style.escape(one.since)}</p>"
        )
    if one.context:
        parts.append(f'<p class="context">{style.escape(one.context)}</p>')
    return f'<div class="figure">{"".join(parts)}</div>'
