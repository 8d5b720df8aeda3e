"""The steps residents take, from applied to employed: how many reach each, and the share of the step before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    UNCHECKED,
    Chart,
    Part,
    hidden_axis,
    layout,
    name_axis,
    note,
    safe,
    text_width,
    wrapped,
)
from components.charts.row_layout import BAR_HEIGHT, name_width, reason_notes, row_centers
from components.data_table import Table
from components.memoize import memoize
from components.palette import ACCENT
from components.text.format import MISSING, known, people, share
from queries import Answer

_MIN_NOTE_WIDTH = 118  # pixels: "100% of step before"


@memoize
def step_bars(
    steps: Sequence[tuple[str, Answer | int | None]],
    *,
    noun: str = "residents",
    apart: Collection[str] = (),
    are_same_people: bool = True,
) -> Chart:
    """Draw one bar a step, with its count and the share of the step before that reached it.

    A protected reader gets no share that would say that only a few did not reach a step.

    Args:
        steps: Label and count, or the answer that holds it, in order. A step without a count gives the reason, and the
            next step is not compared with it.
        noun: What is counted.
        apart: Labels of steps that do not follow from the one before, and are not compared with it.
        are_same_people: Whether those at a step were at the one before. Where they need not have been, there are no shares.
    """
    labels = [label for label, _ in steps]
    counts = [_count(step) for _, step in steps]
    reasons = ["" if count is not None else _reason(step) for count, (_, step) in zip(counts, steps, strict=True)]
    shares = [None, *(_share(now, before) for before, now in pairwise(counts))][: len(counts)]
    few = [step.hidden_below or 0 if isinstance(step, Answer) else 0 for _, step in steps]
    shares = [
        None if label in apart or not are_same_people or _is_few(now, before, below) else part
        for label, part, now, before, below in zip(labels, shares, counts, [None, *counts], few, strict=False)
    ]
    table = _table(labels, counts, reasons, shares if are_same_people else None, noun)
    return Chart(_figure(labels, counts, reasons, shares, noun), table)


def _count(step: Answer | int | None) -> float | None:
    value = step if step is None or isinstance(step, int) else step.total.value
    return value if known(value) else None


def _reason(step: Answer | int | None) -> str:
    if step is None or isinstance(step, int):
        return MISSING
    return step.total.note or step.note or MISSING


def _is_few(now: float | None, before: float | None, below: int) -> bool:
    """Return whether the difference between two steps is a number of people that is hidden."""
    return now is not None and before is not None and 0 < before - now < below


def _share(now: float | None, before: float | None) -> float | None:
    """Return the share of the step before; None where a step counts more than the one before it."""
    return now / before if now is not None and before and now <= before else None


def _figure(
    labels: Sequence[str],
    counts: Sequence[float | None],
    reasons: Sequence[str],
    shares: Sequence[float | None],
    noun: str,
) -> go.Figure:
    names = [wrapped(label, 16) for label in labels]
    centers, height = row_centers(names, min_height=48)
    texts = [people(count) if count is not None else "" for count in counts]
    notes: list[Part] = []
    for text, part, y in zip(texts, shares, centers, strict=True):
        more = f"<br>{share(part)} of step before" if part is not None else ""
        if text:
            notes.append(note(f"<b>{text}</b>{more}", x=1, xref="paper", y=y, xanchor="left", align="left", xshift=8))
    notes += reason_notes([wrapped(reason, 26) if reason else "" for reason in reasons], centers)
    trace = go.Bar(
        **UNCHECKED,
        x=[count or 0 for count in counts],
        y=centers,
        orientation="h",
        width=BAR_HEIGHT,
        marker={"color": ACCENT},
        hovertext=[
            safe(
                f"{label}: {people(count)} {noun}" + (f", {share(part)} of the step before" if part is not None else "")
            )
            for label, count, part in zip(labels, counts, shares, strict=True)
        ],
        hovertemplate=HOVER,
    )
    look = layout(
        height,
        left=name_width(names),
        right=max(text_width(texts), _MIN_NOTE_WIDTH) + 10,
        top=4,
        bottom=4,
        xaxis=hidden_axis(range=[0, max([count for count in counts if count is not None], default=1) or 1]),
        yaxis=name_axis(names, centers, height),
        annotations=notes,
    )
    return go.Figure([trace], look, **UNCHECKED)


def _table(
    labels: Sequence[str],
    counts: Sequence[float | None],
    reasons: Sequence[str],
    shares: Sequence[float | None] | None,
    noun: str,
) -> Table:
    """Return the table behind the chart. shares: of the step before; None to leave out the columns of shares."""
    first = counts[0] if counts else None
    columns: dict[str, Sequence[object]] = {
        "Step": labels,
        noun.capitalize(): [reason if count is None else count for count, reason in zip(counts, reasons, strict=True)],
    }
    if shares is not None:
        columns["Share of the step before"] = shares
        columns["Share of the first step"] = [
            count / first if count is not None and first else None for count in counts
        ]
    units = {noun.capitalize(): "residents", "Share of the step before": "share", "Share of the first step": "share"}
    return Table.from_columns(columns, units, missing="")
