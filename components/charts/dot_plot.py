"""Dots with their intervals, against a reference line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from components.charts import base as c
from components.charts import figure as go
from components.charts import row_layout as lay
from components.charts.base import Chart
from components.charts.row_layout import Reference
from components.memoize import kept
from components.palette import ACCENT, BAD, CONTEXT
from components.text.format import format_value, known, value_of


@kept
def dots(
    data: Any,
    *,
    measure: Any = None,
    labels: Mapping[str, str] | None = None,
    reference: Reference | None = (1.0, "Parity"),
    screen: Reference | None = None,
    highlight: str | None = None,
    sort: bool = True,
    flagged: Sequence[str] = (),
    sure: Collection[str] | None = None,
    key_name: str = "",
) -> Chart:
    """A value with its 95% interval a row, against a reference line: filled where the interval leaves the line, hollow
    where the difference could be chance. sure: the keys to fill instead, where many comparisons are allowed for.
    screen: a second, dotted line. flagged: keys marked with a diamond.
    """
    rows, about = c.rows_of(data, measure)
    labels = labels or {}
    if sort:
        rows = sorted(rows, key=lambda r: (not known(r.value), r.value if known(r.value) else 0, str(r.key)))
    names, centre = [c.wrapped(labels.get(r.key, r.key)) for r in rows], reference[0] if reference else None
    reasons = ["" if known(r.value) else c.wrapped(value_of(r, about), 30) for r in rows]
    places, height = lay.places_of(names, reasons)
    shown = [(r, y) for r, y in zip(rows, places, strict=True) if known(r.value)]
    clear = [
        r.key in sure if sure is not None else not known(r.low) or centre is None or not r.low <= centre <= r.high
        for r, _ in shown
    ]
    colors = [
        BAD if r.key in flagged else ACCENT if sure or r.key == highlight else CONTEXT
        for (r, _), sure in zip(shown, clear, strict=True)
    ]
    symbols = [
        "diamond" if r.key in flagged else "circle" if sure else "circle-open"
        for (r, _), sure in zip(shown, clear, strict=True)
    ]
    traces: list[Any] = [
        go.Scatter(x=[r.low, r.high], y=[y, y], mode="lines", line={"color": color, "width": 2.5}, hoverinfo="skip")
        for (r, y), color in zip(shown, colors, strict=True)
        if known(r.low) and known(r.high)
    ]
    traces.append(go.Scatter(
        x=[r.value for r, _ in shown], y=[y for _, y in shown], mode="markers",
        marker={"color": colors, "symbol": symbols, "size": 12, "line": {"width": 2.5, "color": colors}},
        hovertext=[c.describe(r, about, labels.get(r.key, r.key)) for r, _ in shown],
        hovertemplate="%{hovertext}<extra></extra>"))  # fmt: skip
    texts = [value_of(r, about) for r, _ in shown]
    marks: list[float] = [v for r, _ in shown for v in (r.value, r.low, r.high) if known(v)]
    lines = [(value, name) for value, name in filter(None, (screen, reference)) if known(value)]
    marks += [line[0] for line in lines]
    low, high = (min(marks), max(marks)) if marks else (0, 1)
    room = (high - low or 1) * 0.06
    notes = [lay.value_note(text, y, None) for text, (_, y) in zip(texts, shown, strict=True)]
    notes += [
        c.note(reason, x=low, y=y, xanchor="left", align="left")
        for reason, y in zip(reasons, places, strict=True)
        if reason
    ]
    shapes = [c.vertical(line[0], dash="dot" if line == screen else "solid") for line in lines]
    for level, line in enumerate(lines):
        where = (line[0] - low) / ((high - low) or 1)
        notes.append(
            c.note(
                f"{c.safe(line[1])} {format_value(line[0], about.unit)}",
                x=line[0],
                y=1,
                yref="paper",
                yanchor="bottom",
                xanchor="left" if where < 0.3 else "right" if where > 0.7 else "center",
                yshift=2 + level * (c.LINE + 1),
            )
        )
    figure = go.Figure(
        traces,
        c.layout(
            height + 34 + 18 * len(lines),
            left=lay.left(names),
            right=c.text_width(texts) + 14,
            top=6 + 18 * len(lines),
            bottom=28,
            shapes=shapes,
            annotations=notes,
            xaxis=c.grid_axis(
                range=[low - room, high + room], nticks=5, **lay.ticks(low - room, high + room, about.unit)
            ),
            yaxis=c.name_axis(names, places, 0, height),
        ),
    )
    return Chart(figure, c.table_of(rows, about, labels, key_name))
