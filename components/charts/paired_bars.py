"""Two bars a name, what is asked above what is: one comparison, labeled at the bars, no legend."""

from __future__ import annotations

from collections.abc import Mapping

from components.charts import base as c
from components.charts import figure as go
from components.charts import row_layout as lay
from components.charts.base import Chart
from components.memoize import kept
from components.palette import ACCENT, CONTEXT
from components.tables import Table
from components.text.format import a_month, known

THICK, STEP = 15, 19  # pixels: a pair stands closer together than two names


@kept
def paired(
    data: Mapping[str, tuple[float | None, float | None]],
    *,
    names: tuple[str, str] = ("asked", "now"),
    unit: str = "residents",
    key_name: str = "Name",
) -> Chart:
    """{name: (first, second)}, both a month: the first in the accent, the second grey, each with its value and its name."""
    keys = list(data)
    labels = [c.wrapped(key) for key in keys]
    places, height = lay.places_of(labels, least=2 * STEP + 16)
    values = [value for pair in data.values() for value in pair if known(value)]
    traces, notes, texts = [], [], []
    for side, (said, color) in enumerate(zip(names, (ACCENT, CONTEXT), strict=True)):
        at = [place + (side - 0.5) * STEP for place in places]
        lengths = [data[key][side] for key in keys]
        words = [f"{a_month(value)} {said}" if known(value) else "not known" for value in lengths]
        texts += words
        traces.append(
            go.Bar(
                name=said,
                x=[value if known(value) else 0 for value in lengths],
                y=at,
                orientation="h",
                width=THICK,
                marker={"color": color},
                hovertext=[c.safe(f"{key}: {word}") for key, word in zip(keys, words, strict=True)],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
        notes += [
            c.note(
                f"<b>{word}</b>" if not side else word, x=value if known(value) else 0, y=y, xanchor="left", xshift=4
            )
            for word, value, y in zip(words, lengths, at, strict=True)
        ]
    figure = go.Figure(
        traces,
        c.layout(
            height + 8,
            left=lay.left(labels),
            right=c.text_width(texts) + 14,
            top=4,
            bottom=4,
            barmode="overlay",
            annotations=notes,
            xaxis=c.quiet_axis(range=[0, max([*values, 0]) or 1]),
            yaxis=c.name_axis(labels, places, 0, height),
        ),
    )
    titles = [f"{name.capitalize()} a month" for name in names]
    columns = {key_name: keys} | {title: [data[k][i] for k in keys] for i, title in enumerate(titles)}
    return Chart(figure, Table(columns, {title: unit for title in titles}))
