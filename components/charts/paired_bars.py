"""Two bars a name: a required monthly rate above the present one, labeled at the bars, without a legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    UNCHECKED,
    Chart,
    hidden_axis,
    layout,
    name_axis,
    note,
    safe,
    text_width,
    wrapped,
)
from components.charts.row_layout import name_width, row_centers
from components.data_table import Table
from components.memoize import memoize
from components.palette import ACCENT, CONTEXT
from components.text.format import known, people, tenths

_NAMES = ("needed", "now")
_BAR_HEIGHT, _STEP = 15, 19  # pixels: the bars of a pair stand closer together than two pairs


@memoize
def paired_bars(
    data: Mapping[str, tuple[float | None, float | None]],
    *,
    key_name: str = "Name",
) -> Chart:
    """Draw a pair of bars a name, the first in the accent color, the second grey.

    Args:
        data: The two monthly rates by name; None where one is not known.
        key_name: Heading of the table's first column.
    """
    labels = [wrapped(key) for key in data]
    centers, height = row_centers(labels, min_height=2 * _STEP + 16)
    write = tenths if any("." in people(rate) for pair in data.values() for rate in pair) else people  # equal decimals
    traces, notes, texts = [], [], []
    for position, (name, color) in enumerate(zip(_NAMES, (ACCENT, CONTEXT), strict=True)):
        rates = [pair[position] for pair in data.values()]
        words = [f"{write(rate)} {name}" if known(rate) else "not known" for rate in rates]
        y = [center + (position - 0.5) * _STEP for center in centers]
        hover = [safe(f"{key}: {text}") for key, text in zip(data, words, strict=True)]
        traces.append(_trace(rates, y, name, color, hover))
        bold = [f"<b>{text}</b>" for text in words] if position == 0 else words
        notes += [
            note(text, x=rate if known(rate) else 0, y=center, xanchor="left", xshift=4)
            for text, rate, center in zip(bold, rates, y, strict=True)
        ]
        texts += words
    known_rates = [rate for pair in data.values() for rate in pair if known(rate)]
    look = layout(
        height + 8,
        left=name_width(labels),
        right=text_width(texts) + 14,
        top=4,
        bottom=4,
        barmode="overlay",
        annotations=notes,
        xaxis=hidden_axis(range=[0, max([*known_rates, 0]) or 1]),
        yaxis=name_axis(labels, centers, height),
    )
    titles = [f"{name.capitalize()} per month" for name in _NAMES]
    columns: dict[str, list[object]] = {key_name: list(data)}
    columns |= {title: [pair[position] for pair in data.values()] for position, title in enumerate(titles)}
    return Chart(go.Figure(traces, look, **UNCHECKED), Table.from_columns(columns, dict.fromkeys(titles, "residents")))


def _trace(rates: Sequence[float | None], y: Sequence[float], name: str, color: str, hover: Sequence[str]) -> go.Bar:
    return go.Bar(
        **UNCHECKED,
        name=name,
        x=[rate if known(rate) else 0 for rate in rates],
        y=y,
        orientation="h",
        width=_BAR_HEIGHT,
        marker={"color": color},
        hovertext=hover,
        hovertemplate=HOVER,
    )
