"""The one chart grammar, and the one way to show a chart: its finding, its words, the figure, its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import notices, opened, plot, style, tables
from components.bars import bars, ladder
from components.chart import Chart
from components.columns import columns_over_time
from components.dots import dots
from components.how_made import how_made
from components.over_time import trend
from components.paired import paired
from components.parts import money, stacked

__all__ = [
    "Chart",
    "bars",
    "columns_over_time",
    "dots",
    "ladder",
    "money",
    "paired",
    "show",
    "stacked",
    "trend",
]


def show(
    chart: Chart,
    *,
    title: str,
    words: str,
    name: str,
    how: Any = None,
    level: int = 3,
    rows: Sequence[Mapping[str, Any]] | None = None,
    units: Mapping[str, str] | None = None,
) -> None:
    """Show a chart.

    title: its finding, as a heading of this level. words: the text alternative, read out and on screen. name: unique on
    the page; the file's name. how: the answer it rests on; if that is not "ok", the reason stands in the chart's place.
    rows, units: a fuller table than the chart's own to stand beneath it.
    """
    words = style.readable(words)
    with st.container(key=f"chart-{name}", gap="small"):
        with style.together():
            style.heading(level, title)
            if how is not None and not notices.explain(how):
                return
            style.block(f'<p class="section-words">{style.escape(words)}</p>')
        plot.draw(chart.figure, words=words, key=f"plot-{name}")
        with style.together():
            if chart.remark:
                style.block(f'<p class="quiet">{style.escape(chart.remark)}</p>')
            style.block(how_made(how))
        fold(tables.of_rows(rows, units) if rows else chart.table, words=words, name=name, how=how)


def fold(table: tables.Table, *, words: str, name: str, how: Any = None) -> None:
    """What stands under every chart, made when it is opened: its table, with the file."""
    place = st.expander("See the table", key=f"see-{name}", on_change="rerun")
    if opened.is_open(place):
        with place, st.container(key=f"table-{name}"):
            tables.draw(table, alt=words)
            tables.download(table, name=name, facts=tables.facts_of(how))
