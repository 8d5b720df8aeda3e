"""A funnel plot: how far each rate lies from what is expected of it, by the number it rests on, with its limits."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    LINE_HEIGHT,
    UNCHECKED,
    Chart,
    grid_axis,
    layout,
    note,
    safe,
    text_width,
    wrapped,
)
from components.charts.ticks import range_ticks, value_ticks
from components.data_table import Table
from components.memoize import memoize
from components.palette import ACCENT, BAD, CONTEXT, faded
from components.text.format import axis, known, people, points, share
from components.text.narratives.providers import finding_of
from components.text.prose import lower_first
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict

_HEIGHT = 380  # pixels
_CALLED = (FunnelVerdict.LOWER, FunnelVerdict.HIGHER)


@memoize
def funnel(rows: Sequence[FunnelRow], *, table: Table, remark: str = "") -> Chart:
    """Draw one dot a row: its rate less the expected rate, over its exits, between its 95% and 99.8% limits.

    Filled dots lie outside the 99.8% limits and are named: diamonds below, circles above. Rows without a value are in the
    table only.

    Args:
        rows: Rows of a funnel measure.
        table: The table behind the chart.
        remark: A remark a reader needs to read it right.
    """
    drawn = sorted((row for row in rows if _is_drawn(row)), key=lambda row: row.denominator or 0)
    if not drawn:
        text = note("Too few to draw", x=0.5, y=0.5, xref="paper", yref="paper")
        return Chart(go.Figure([], layout(120, annotations=[text]), **UNCHECKED), table, remark)
    traces = [
        *(
            go.Scatter(
                **UNCHECKED,
                x=[row.denominator for row in drawn],
                y=[_from_expected(row, name) for row in drawn],
                mode="lines",
                hoverinfo="skip",
                line={"color": faded(CONTEXT, 0.8), "width": 1.5, "dash": dash},
            )
            for name, dash in _LIMITS.items()
        ),
        _dots([row for row in drawn if row.verdict not in _CALLED], CONTEXT, "circle-open"),
        _dots([row for row in drawn if row.verdict == FunnelVerdict.HIGHER], ACCENT, "circle"),
        _dots([row for row in drawn if row.verdict == FunnelVerdict.LOWER], BAD, "diamond"),
    ]
    return Chart(go.Figure(traces, _look(drawn), **UNCHECKED), table, remark)


_LIMITS = {"low_998": "solid", "high_998": "solid", "low_95": "dot", "high_95": "dot"}


def _is_drawn(row: FunnelRow) -> bool:
    return known(row.value) and known(row.expected) and known(row.denominator)


def _from_expected(row: FunnelRow, field: str) -> float:
    """Return a rate of the row less its expected rate."""
    return float(getattr(row, field)) - float(row.expected or 0)


def _dots(rows: Sequence[FunnelRow], color: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        **UNCHECKED,
        x=[row.denominator for row in rows],
        y=[_from_expected(row, "value") for row in rows],
        mode="markers",
        marker={"color": color, "symbol": symbol, "size": 10, "line": {"width": 2, "color": color}},
        hovertext=[_hover(row) for row in rows],
        hovertemplate=HOVER,
        customdata=[row.key for row in rows],
    )


def _hover(row: FunnelRow) -> str:
    return safe(
        f"{row.key}: {share(row.value)} ({people(row.numerator)} of {people(row.denominator)} exits); "
        f"expected {share(row.expected)}; 99.8% limits {share(row.low_998)} to {share(row.high_998)}; {lower_first(finding_of(row))}"
    )


def _look(rows: Sequence[FunnelRow]) -> dict[str, object]:
    heights = [_from_expected(row, field) for row in rows for field in ("value", *_LIMITS)]
    low, high = min(*heights, -0.05), max(*heights, 0.05)
    padding = (high - low) * 0.06
    low, high = low - padding, high + padding
    most = float(rows[-1].denominator or 1) * 1.04
    tick_values, tick_texts = value_ticks(most, "exits")
    vertical = range_ticks(low, high, "points")
    left = text_width([axis(low, "points"), axis(high, "points")]) + 10
    return layout(
        _HEIGHT,
        left=left,
        right=12,
        top=LINE_HEIGHT + 10,
        bottom=LINE_HEIGHT * 2 + 14,
        xaxis=grid_axis(range=[0, most], tickvals=tick_values, ticktext=tick_texts),
        yaxis=grid_axis(range=[low, high], **vertical),
        shapes=[_zero_line()],
        annotations=[
            note("Points above or below what is expected", x=0, xref="paper", y=1, yref="paper", xanchor="left",
                 yanchor="bottom", yshift=2),
            note("Exits", x=1, xref="paper", y=0, yref="paper", xanchor="right", yanchor="top", yshift=-20),
            *_names(rows, most),
        ],
    )  # fmt: skip


def _zero_line() -> dict[str, object]:
    line = {"color": CONTEXT, "width": 1.5, "dash": "dash"}
    return {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": 0, "y1": 0, "layer": "below", "line": line}


def _names(rows: Sequence[FunnelRow], most: float) -> list[dict[str, object]]:
    """Name the dots outside the 99.8% limits, on the side with more room."""
    return [
        note(
            f"{wrapped(row.key, 22, 2)}<br>{safe(points(_from_expected(row, 'value')))}",
            x=row.denominator,
            y=_from_expected(row, "value"),
            xanchor="left" if float(row.denominator or 0) < most / 2 else "right",
            align="left",
            xshift=10 if float(row.denominator or 0) < most / 2 else -10,
        )
        for row in rows
        if row.verdict in _CALLED
    ]
