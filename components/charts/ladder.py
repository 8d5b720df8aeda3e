"""Two dots a step, a group and the others, joined by a line: where a group falls behind, and by how many people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    UNCHECKED,
    Chart,
    Part,
    grid_axis,
    layout,
    name_axis,
    note,
    safe,
    text_width,
    wrapped,
)
from components.charts.row_layout import name_width, reason_notes, row_centers
from components.charts.ticks import range_ticks
from components.data_table import Table
from components.memoize import memoize
from components.palette import ACCENT, CONTEXT
from components.text.format import interval, known, people, ratio, share
from queries.calculators.gap_by_step import StepRow

_MIN_HEIGHT = 44  # pixels a step
_LEGEND = 30  # pixels above the plot
_OTHERS = "Others"


@dataclass(frozen=True)
class _Rung:
    """One step that can be drawn: both rates as fractions, its height in the plot, and whether the difference is sure."""

    group: float
    others: float
    y: float
    hover: str
    is_sure: bool


@memoize
def ladder(steps: Sequence[StepRow], *, labels: Mapping[str, str], group_name: str, sure: Collection[str]) -> Chart:
    """Draw the rates of a group and of the others at each step; a hollow dot may differ by chance.

    Args:
        steps: One row a step, in their order.
        labels: Names of the steps by row key.
        group_name: Whose rates the colored dots are.
        sure: Keys of the steps whose difference is unlikely to be chance.
    """
    names = [wrapped(labels.get(row.key, row.key)) for row in steps]
    reasons = ["" if _is_drawn(row) else wrapped(row.note or "not known", 30) for row in steps]
    texts = [_value_text(row, is_sure=row.key in sure) for row in steps]
    centers, height = row_centers(names, reasons, texts, min_height=_MIN_HEIGHT)
    rungs = [
        _Rung(
            row.numerator or 0,
            row.denominator or 0,
            y,
            safe(_hover(row, labels.get(row.key, row.key), group_name)),
            row.key in sure,
        )
        for row, y in zip(steps, centers, strict=True)
        if _is_drawn(row)
    ]
    ends = [end for rung in rungs for end in (rung.group, rung.others)]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    padding = (high - low or 1) * 0.08
    span = (max(low - padding, 0), min(high + padding, 1.05))
    values = [
        note(text, x=1, xref="paper", y=y, xanchor="left", align="left", xshift=8)
        for text, y in zip(texts, centers, strict=True)
        if text
    ]
    look = layout(
        height + _LEGEND + 34,
        left=name_width(names),
        right=text_width(texts) + 14,
        top=_LEGEND,
        bottom=28,
        annotations=[
            *values,
            *reason_notes(reasons, centers, x=span[0], shift=None),
            *_legend(group_name, left=name_width(names)),
        ],
        xaxis=grid_axis(range=list(span), nticks=5, **range_ticks(*span, "share")),
        yaxis=name_axis(names, centers, height),
    )
    traces = [_lines(rungs), _dots(rungs, [rung.others for rung in rungs], CONTEXT, is_group=False)]
    traces.append(_dots(rungs, [rung.group for rung in rungs], ACCENT, is_group=True))
    return Chart(go.Figure(traces, look, **UNCHECKED), _table(steps, labels, group_name))


def _is_drawn(row: StepRow) -> bool:
    return known(row.numerator) and known(row.denominator)


def _value_text(row: StepRow, *, is_sure: bool) -> str:
    """Return both rates and, where the group is clearly behind, how many more people its others' rate would make."""
    if not _is_drawn(row):
        return ""
    text = f"<b>{share(row.numerator)}</b>, others {share(row.denominator)}"
    if is_sure and known(row.lost) and round(row.lost) > 0:
        text += f"<br>{people(round(row.lost))} more at that rate"
    return text


def _hover(row: StepRow, name: str, group_name: str) -> str:
    text = f"{name}. {group_name}: {share(row.numerator)}; others: {share(row.denominator)}; ratio {ratio(row.value)}"
    span = interval(row.low, row.high, "ratio")
    return f"{text} (95% interval {span})" if span else text


def _lines(rungs: Sequence[_Rung]) -> go.Scatter:
    """Return the lines between the dots of each step, as a single trace with gaps."""
    x = [end for rung in rungs for end in (rung.group, rung.others, None)]
    y = [end for rung in rungs for end in (rung.y, rung.y, None)]
    return go.Scatter(**UNCHECKED, x=x, y=y, mode="lines", line={"color": CONTEXT, "width": 2.5}, hoverinfo="skip")


def _dots(rungs: Sequence[_Rung], x: Sequence[float], color: str, *, is_group: bool) -> go.Scatter:
    symbols = ["circle" if rung.is_sure or not is_group else "circle-open" for rung in rungs]
    return go.Scatter(
        **UNCHECKED,
        x=list(x),
        y=[rung.y for rung in rungs],
        mode="markers",
        marker={"color": color, "symbol": symbols, "size": 13, "line": {"width": 2.5, "color": color}},
        hovertext=[rung.hover for rung in rungs],
        hovertemplate=HOVER,
        cliponaxis=False,
    )


def _legend(group_name: str, *, left: int) -> list[Part]:
    """Return the names of both dots above the plot, from the left edge of the chart. left: pixels of its left margin."""
    text = f"<b><span style='color:{ACCENT}'>●</span> {safe(group_name)}</b>   <span style='color:{CONTEXT}'>●</span> {_OTHERS}"
    return [note(text, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", xshift=-left, yshift=6)]


def _table(steps: Sequence[StepRow], labels: Mapping[str, str], group_name: str) -> Table:
    columns: dict[str, Sequence[object]] = {
        "Step": [labels.get(row.key, row.key) for row in steps],
        group_name: [row.numerator if _is_drawn(row) else row.note for row in steps],
        _OTHERS: [row.denominator if _is_drawn(row) else row.note for row in steps],
    }
    return Table.from_columns(columns, {group_name: "share", _OTHERS: "share"})
