"""A fiscal year's months (or quarters) as columns in front of those of the year before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations, repeat

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    UNCHECKED,
    Chart,
    Part,
    column_axis,
    hidden_axis,
    layout,
    note,
    safe,
    text_width,
)
from components.charts.year_data import YearValues, years_of
from components.data_table import Table
from components.memoize import memoize
from components.palette import ACCENT, CONTEXT, faded
from components.text.format import format_value
from components.text.period_labels import days_label, period_label
from queries import Answer
from queries.periods import days_of

_HEIGHT = 215  # pixels
_WIDTH = 0.62  # of a column; last year's stands half behind this year's
_SHIFT = 0.16
_LAST_LABEL = 0.32  # right of the middle of a period, where last year's column shows beside this year's
_LAST_SIZE = 12  # pixels, smaller than this year's
_LABEL_HEIGHT = 16  # pixels
_LAST_COLOR = faded(CONTEXT, 0.45)
_PLOT_HEIGHT = _HEIGHT - 30 - 28


@memoize
def year_over_year(answer: Answer, day: date | None = None) -> Chart:
    """Draw a column a period for the fiscal year of a day, by default the answer's, in front of the same period of the year before.

    This year's columns carry their values, and last year's where the chart is wide enough. The period that is not over is lighter.
    """
    this, last = years_of(answer, day)
    unit = answer.measure.unit
    positions = list(range(len(this.keys)))
    names = [period_label(key).rsplit(" ", 1)[0] for key in this.keys]
    top = max([value for value in (*this.values, *last.values) if value is not None], default=0) * 1.15 or 1
    is_open = [days_of(key, answer.by or "month")[1] > answer.as_of for key in this.keys]
    colors = [faded(ACCENT, 0.55) if still_open else ACCENT for still_open in is_open]
    traces = [
        _columns(last, unit, [position + _SHIFT for position in positions], _LAST_COLOR),
        _columns(this, unit, [position - _SHIFT for position in positions], colors),
    ]
    notes = [
        note(f"<b>{safe(format_value(value, unit))}</b>", x=position - _SHIFT, y=value, yanchor="bottom")
        for position, value in zip(positions, this.values, strict=True)
        if value is not None and not this.notes[position]
    ]
    notes += _last_labels(this, last, unit, top=top)
    notes += _hidden_labels(this, last)
    look = layout(
        _HEIGHT,
        top=30,
        bottom=28,
        barmode="overlay",
        annotations=[*notes, _legend(this.name, last.name)],
        yaxis=hidden_axis(range=[0, top]),
        xaxis=column_axis(len(names), positions, [safe(name) for name in names]),
    )
    columns: dict[str, list[object]] = {
        "Month" if answer.by == "month" else "Quarter": [*map(_row_name, names, this.keys, is_open, repeat(answer))],
        **{
            year.label: [text or value for value, text in zip(year.values, year.notes, strict=True)]
            for year in (this, last)
        },
    }
    table = Table.from_columns(columns, {this.label: unit, last.label: unit})
    return Chart(go.Figure(traces, look, **UNCHECKED), table)


def _row_name(name: str, key: str, is_open: bool, answer: Answer) -> str:
    """Name a period in the table: "Nov", or "Nov (this year to Nov 13)" where last year's number is of more days."""
    first, last = days_of(key, answer.by or "month")[0], answer.as_of
    return f"{name} (this year to {days_label(last, last)[:-6]})" if is_open and first <= last else name


def _columns(year: YearValues, unit: str, x: Sequence[float], color: str | Sequence[str]) -> go.Bar:
    hover = [
        safe(f"{period_label(key)}: {text or format_value(value, unit)}")
        for key, value, text in zip(year.keys, year.values, year.notes, strict=True)
    ]
    return go.Bar(
        **UNCHECKED,
        x=list(x),
        y=[value or 0 for value in year.values],
        width=_WIDTH,
        marker={"color": color},
        hovertext=hover,
        hovertemplate=HOVER,
    )


def _last_labels(this: YearValues, last: YearValues, unit: str, *, top: float) -> list[Part]:
    """Return the values over last year's columns, for a plot on which no two labels touch (`static/charts.js`)."""
    middles = [position + (_LAST_LABEL if this.values[position] else _SHIFT) for position in range(len(last.values))]
    values = [(position - _SHIFT, value) for position, value in enumerate(this.values)]
    values += [*zip(middles, last.values, strict=True)]
    labels = [
        (x, value / top * _PLOT_HEIGHT, text_width([format_value(value, unit)]))
        for x, value in values
        if value is not None
    ]
    widest_column = max(
        (
            (width + other_width) / 2 / abs(x - other_x)
            for (x, height, width), (other_x, other_height, other_width) in combinations(labels, 2)
            if abs(height - other_height) < _LABEL_HEIGHT
        ),
        default=0,
    )
    return [
        note(
            safe(format_value(value, unit)),
            x=x,
            y=value,
            yanchor="bottom",
            font={"size": _LAST_SIZE},
            name=f"{widest_column * len(last.keys):.0f}",
        )
        for x, value in zip(middles, last.values, strict=True)
        if value is not None
    ]


def _hidden_labels(this: YearValues, last: YearValues) -> list[Part]:
    """Return a mark where a column is hidden, which would look like nobody."""
    labels = []
    for position in range(len(this.keys)):
        places = [x for year, x in ((this, -_SHIFT), (last, _LAST_LABEL)) if year.is_hidden(position)]
        if places:
            x = position + sum(places) / len(places)
            labels.append(note("<i>hidden</i>", x=x, y=0, yanchor="bottom", font={"size": _LAST_SIZE}))
    return labels


def _legend(this: str, last: str) -> Part:
    """Return the names of the two years in their colors, above the plot."""
    text = f"<b><span style='color:{ACCENT}'>■</span> {this}</b>   <span style='color:{_LAST_COLOR}'>■</span> {last}"
    return note(text, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=8)
