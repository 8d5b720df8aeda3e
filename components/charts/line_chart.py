"""Lines over time, each named at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from components.charts import line_annotations
from components.charts.base import (
    HOVER,
    LINE_HEIGHT,
    UNCHECKED,
    Chart,
    Part,
    Rows,
    grid_axis,
    hidden_axis,
    layout,
    line_count,
    note,
    rows_and_measure,
    safe,
    text_width,
    wrapped,
)
from components.charts.line_annotations import Point
from components.charts.line_data import Line, lines_of, period_table
from components.charts.ticks import value_ticks
from components.memoize import memoize
from components.palette import ACCENT, CONTEXT, colors_for, faded
from components.text.format import format_value, known
from components.text.period_labels import in_time, time_ticks
from queries import Row

_HEIGHT = 300  # pixels
_BELOW = 6  # pixels by which dates stand lower, so that the first one is clear of the zero
_BOTTOM = 26 + _BELOW  # pixels below the zero line


@dataclass(frozen=True)
class _Target:
    """A dashed line of (day, value) points, oldest first; with `steps`, each value holds until the next."""

    points: Sequence[tuple[date, float]]
    name: str
    steps: bool


@dataclass(frozen=True)
class _EndLabel:
    """The label at the right end of a line, at the height of the line's last value."""

    value: float
    text: str


@memoize
def line_chart(
    data: Rows | Mapping[str, Rows],
    *,
    measure: str | None = None,
    cumulative: bool = False,
    target: Sequence[tuple[date, float]] = (),
    target_name: str = "Target",
    steps: bool = False,
) -> Chart:
    """Draw lines over time, each named at its end with its last complete value; 95% intervals are shaded.

    Rows of type `PeriodRow` also show incomplete periods and signals.

    Args:
        data: An answer or rows for one line without a name, or a mapping of names to them.
        measure: Id of the measure, for rows.
        cumulative: Whether to add the periods up.
        target: Points (day, value) of a dashed line.
        target_name: Name of that line.
        steps: Whether each target value holds until the next point; else the points are joined.
    """
    series = data if isinstance(data, Mapping) else {"": data}
    resolved = {name: rows_and_measure(entry, measure) for name, entry in series.items()}
    rows = {name: line for name, (line, _) in resolved.items()}
    about = next((about for _, about in resolved.values()), None)
    unit = about.unit if about else ""
    lines = lines_of(series, rows, cumulative=cumulative)
    goal = _Target(sorted(target), target_name, steps) if target else None
    colors = {"": ACCENT, **colors_for(name for name in series if name)}
    figure = _figure(lines, rows, goal, unit=unit, colors=colors, band=not cumulative)
    table = period_table(lines, rows, label=about.label if about else "", unit=unit, target_name=target_name)
    return Chart(figure, table)


def _figure(
    lines: Sequence[Line],
    rows: Mapping[str, Sequence[Row]],
    target: _Target | None,
    *,
    unit: str,
    colors: Mapping[str, str],
    band: bool,
) -> go.Figure:
    traces = [trace for line in lines for trace in _line_traces(line, colors[line.name], unit, band=band)]
    if target:
        traces.append(
            go.Scatter(
                **UNCHECKED,
                x=[day for day, _ in target.points],
                y=[value for _, value in target.points],
                mode="lines",
                hoverinfo="skip",
                line={"color": CONTEXT, "width": 2, "dash": "dash", "shape": "hv" if target.steps else "linear"},
            )
        )
    top = _highest(lines, target, band=band) * 1.08 or 1
    shading = line_annotations.shading([pair for line in rows.values() for pair in in_time(line)]) if traces else None
    head = 30 if shading else 10
    labels = _end_labels(lines, target, unit)
    notes = _spread(labels, plot_height=_HEIGHT - _BOTTOM - head, top=top)
    notes += [] if traces else [note("Too few to draw over time", x=0.5, y=0.5, xref="paper", yref="paper")]
    notes += [signal for line in lines for signal in line_annotations.signal_notes(line.points)]
    notes += [shading.label] if shading else []
    tick_values, tick_texts = value_ticks(top, unit)
    look = layout(
        _HEIGHT,
        left=text_width(tick_texts) + 8,
        right=text_width([label.text for label in labels]) + 16,
        top=head,
        bottom=_BOTTOM,
        annotations=notes,
        shapes=[shading.area] if shading else [],
        yaxis=grid_axis(range=[0, top], side="left", tickvals=tick_values, ticktext=tick_texts),
        xaxis=_time_axis([day for trace in traces for day in trace.x if day], last=shading.end if shading else None),
    )
    return go.Figure(traces, look, **UNCHECKED)


def _line_traces(line: Line, color: str, unit: str, *, band: bool) -> Iterator[go.Scatter]:
    """Draw a line: its band, its incomplete end, the complete periods, and its signals."""
    hover = [safe(line.hover_text(point, unit)) for point in line.points]
    complete = [(point, text) for point, text in zip(line.points, hover, strict=True) if not point.is_incomplete]
    if band:
        yield from _band(line.points, color)
    yield from line_annotations.incomplete_trace(line.points, color, hover)
    yield go.Scatter(
        **UNCHECKED,
        x=[point.day for point, _ in complete],
        y=[point.value for point, _ in complete],
        mode="lines" if len(complete) > 1 else "markers",
        line={"color": color, "width": 3},
        marker={"color": color, "size": 9},
        hovertext=[text for _, text in complete],
        hovertemplate=HOVER,
    )
    yield from line_annotations.signal_trace(line.points, color, hover)


def _band(points: Sequence[Point], color: str) -> Iterator[go.Scatter]:
    """Shade the 95% intervals of a line that has at least two."""
    ends = [(point.day, point.row.low, point.row.high) for point in points]
    ends = [end for end in ends if known(end[1]) and known(end[2])]
    if len(ends) < 2:
        return
    days = [day for day, _, _ in ends]
    yield go.Scatter(
        **UNCHECKED,
        x=[*days, *reversed(days)],
        y=[*(high for _, _, high in ends), *(low for _, low, _ in reversed(ends))],
        mode="lines",
        hoverinfo="skip",
        fill="toself",
        fillcolor=faded(color, 0.18),
        line={"width": 0},
    )


def _highest(lines: Sequence[Line], target: _Target | None, *, band: bool) -> float:
    """Return the highest value to make room for: a band counts, but not the wide one of a tiny period."""
    highest = 0.0
    for line in lines:
        highest = max([highest, *(point.value for point in line.points)])
        if band:
            ends = [point.row.high for point in line.points if not point.is_incomplete]
            highest = max([highest, *(min(end, 1.5 * highest) for end in ends if known(end))])
    return max([highest, *(value for _, value in target.points)]) if target else highest


def _end_labels(lines: Sequence[Line], target: _Target | None, unit: str) -> list[_EndLabel]:
    ends = [(line.label_value, line.name) for line in lines]
    if target:
        ends.append((target.points[-1][1], target.name))
    return [
        _EndLabel(value, (f"{wrapped(name, 18)}<br>" if name else "") + f"<b>{safe(format_value(value, unit))}</b>")
        for value, name in ends
    ]


def _spread(labels: Sequence[_EndLabel], *, plot_height: int, top: float) -> list[Part]:
    """Push the labels at the ends of lines apart, so that none covers another or leaves the chart.

    Args:
        labels: The labels.
        plot_height: Pixels from the zero line to the top.
        top: Value at the top.
    """
    scale = plot_height / top
    ordered = sorted(labels, key=lambda label: label.value)
    halves = [line_count(label.text) * LINE_HEIGHT / 2 + 2 for label in ordered]
    centers, floor, ceiling = [], -24.0, plot_height + 8.0
    for label, half in zip(ordered, halves, strict=True):
        centers.append(max(label.value * scale, floor + half))
        floor = centers[-1] + half
    for i in reversed(range(len(ordered))):
        centers[i] = min(centers[i], ceiling - halves[i])
        ceiling = centers[i] - halves[i]
    return [
        note(
            label.text,
            x=1,
            xref="paper",
            y=label.value,
            xanchor="left",
            align="left",
            xshift=10,
            yshift=round(center - label.value * scale),
        )
        for label, center in zip(ordered, centers, strict=True)
    ]


def _time_axis(days: Sequence[date], *, last: date | None) -> Part:
    """Return the axis over these days, up to `last` where a part of it is shaded."""
    if not days:
        return hidden_axis()
    span: Part = {"range": [min(days), last]} if last else {}
    ticks = time_ticks(min(days), last or max(days))
    return grid_axis(showgrid=False, ticklabelstandoff=_BELOW, **ticks, **span)
