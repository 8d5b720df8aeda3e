"""Horizontal bars, and the ladder from applied to employed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from components.charts import base as c
from components.charts import figure as go
from components.charts import row_layout as lay
from components.charts.base import Chart
from components.charts.row_layout import Reference
from components.memoize import kept
from components.palette import ACCENT, CONTEXT, color_of
from components.tables import Table
from components.text.format import MISSING, known, people, share, value_of


@kept
def bars(
    data: Any,
    *,
    measure: Any = None,
    labels: Mapping[str, str] | None = None,
    highlight: str | None = None,
    reference: Reference | None = None,
    limit: int | None = None,
    sort: bool = True,
    whiskers: bool = True,
    colors: Mapping[str, str] | None = None,
    key_name: str = "",
) -> Chart:
    """Horizontal bars, longest first, each with its value; rows without one say why.

    highlight: the key drawn in the accent, the others grey. reference: (value, name) of a thin line to compare with.
    limit: how many to draw (the table has all). whiskers: draw 95% intervals where the rows have them.
    """
    rows, about = c.rows_of(data, measure)
    labels = labels or {}
    if sort:
        rows = sorted(rows, key=lambda r: (not known(r.value), -(r.value if known(r.value) else 0), str(r.key)))
    table, drawn = c.table_of(rows, about, labels, key_name), rows[:limit] if limit else rows
    names = [c.wrapped(labels.get(r.key, r.key)) for r in drawn]
    reasons = ["" if known(r.value) else c.wrapped(value_of(r, about), 30) for r in drawn]
    places, height = lay.places_of(names, reasons)
    whisker = whiskers and any(known(r.low) and known(r.high) for r in drawn)
    ends = [max(v for v in (r.value, r.high if whisker else None, 0) if known(v)) for r in drawn]
    starts = [min(v for v in (r.value, 0) if known(v)) for r in drawn]
    top = max([*ends, reference[0] if reference and known(reference[0]) else 0], default=0) or 1
    if highlight is not None:
        fills = [ACCENT if r.key == highlight else CONTEXT for r in drawn]
    else:
        fills = [color_of(r.key, dict(colors or {})) for r in drawn]
    texts = [value_of(r, about) if known(r.value) else "" for r in drawn]
    in_column = bool(reference) or whisker or min(starts, default=0) < 0
    traces: list[Any] = [go.Bar(
        x=[r.value if known(r.value) else 0 for r in drawn], y=places, orientation="h", width=lay.BAR,
        marker={"color": fills}, hovertext=[c.describe(r, about, labels.get(r.key, r.key)) for r in drawn],
        hovertemplate="%{hovertext}<extra></extra>", error_x=lay.whiskers_of(drawn) if whisker else None)]  # fmt: skip
    notes = [
        lay.value_note(text, place, end if not in_column else None)
        for text, place, end in zip(texts, places, ends, strict=True)
    ]
    notes += [
        c.note(reason, x=0, y=place, xanchor="left", align="left", xshift=4)
        for reason, place in zip(reasons, places, strict=True)
        if reason
    ]
    shapes: list[dict[str, Any]] = []
    if reference and reference[0] is not None and known(reference[0]):
        shapes, label = lay.reference_line(reference[0], reference[1], about.unit, min(starts, default=0), top)
        notes.append(label)
    lowest = min(starts, default=0)
    figure = go.Figure(
        traces,
        c.layout(
            height + (34 if shapes else 8),
            left=lay.left(names),
            right=c.text_width(texts) + 14,
            top=30 if shapes else 4,
            bottom=4,
            xaxis=c.quiet_axis(range=[lowest * 1.05, top * (1.02 if in_column else 1.0)]),
            yaxis=c.name_axis(names, places, 0, height),
            shapes=shapes,
            annotations=[n for n in notes if n],
        ),
    )
    remark = f"{len(drawn)} of {len(rows)} are drawn; the table has all." if len(drawn) < len(rows) else ""
    return Chart(figure, table, remark)


@kept
def ladder(steps: Sequence[tuple[str, Any]], *, noun: str = "residents") -> Chart:
    """The steps residents take, each with its count and the share of the step before that got there.

    steps: (label, count or Answer) in order. A step without a count says why and the next one is not compared with it.
    """
    counts, reasons = [], []
    for _, step in steps:
        row = step.total if hasattr(step, "rows") else None
        value = row.value if row is not None else step if not hasattr(step, "rows") else None
        counts.append(value if known(value) else None)
        reasons.append(
            (getattr(row, "note", None) or getattr(step, "note", None) or MISSING) if row is not None else MISSING
        )
    onward = [None] + [
        now / before if known(now) and known(before) and before and now <= before else None
        for before, now in pairwise(counts)
    ]
    names = [c.wrapped(label, 16) for label, _ in steps]
    places, height = lay.places_of(names, least=48)
    texts = [people(n) if n is not None else "" for n in counts]
    below = [f"{share(s)} of step before" if s is not None else "" for s in onward]
    top = max([n for n in counts if n is not None], default=1) or 1
    hover = [
        c.safe(f"{label}: {people(n)} {noun}" + (f", {share(s)} of the step before" if s is not None else ""))
        for (label, _), n, s in zip(steps, counts, onward, strict=True)
    ]
    bar = go.Bar(
        x=[n or 0 for n in counts],
        y=places,
        orientation="h",
        width=lay.BAR,
        hovertext=hover,
        marker={"color": ACCENT},
        hovertemplate="%{hovertext}<extra></extra>",
    )
    notes = [
        c.note(
            f"<b>{text}</b>" + (f"<br>{more}" if more else ""),
            x=1,
            xref="paper",
            y=place,
            xanchor="left",
            align="left",
            xshift=8,
        )
        for text, more, place in zip(texts, below, places, strict=True)
        if text
    ]
    notes += [
        c.note(c.wrapped(reason, 26), x=0, y=place, xanchor="left", align="left", xshift=4)
        for reason, n, place in zip(reasons, counts, places, strict=True)
        if n is None
    ]
    figure = go.Figure(
        [bar],
        c.layout(
            height,
            left=lay.left(names),
            right=max(c.text_width(texts), 134) + 10,
            top=4,
            bottom=4,
            xaxis=c.quiet_axis(range=[0, top]),
            yaxis=c.name_axis(names, places, 0, height),
            annotations=notes,
        ),
    )
    columns: dict[str, Any] = {
        "Step": [label for label, _ in steps],
        noun.capitalize(): [n if n is not None else why for n, why in zip(counts, reasons, strict=True)],
        "Share of the step before": onward,
        "Share of the first step": [n / counts[0] if n is not None and counts[0] else None for n in counts],
    }
    units = {noun.capitalize(): "residents", "Share of the step before": "share", "Share of the first step": "share"}
    return Chart(figure, Table(columns, units, missing=""))
