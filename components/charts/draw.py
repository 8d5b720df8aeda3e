"""The one chart grammar, and the one way to show a chart: its finding, its words, the figure, its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from components import banners, html_view, style, tables
from components.charts.bars import bars, ladder
from components.charts.base import Chart
from components.charts.column_chart import columns_over_time
from components.charts.dot_plot import dots
from components.charts.line_chart import trend
from components.charts.paired_bars import paired
from components.charts.stacked_bars import money, stacked
from components.file_facts import Facts
from components.provenance import how_made

_OPEN = "tables-open"  # by key, whether a reader has opened it
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
    facts: Facts | None = None,
) -> None:
    """Show a chart.

    title: its finding, as a heading of this level. words: the text alternative, read out and on screen. name: unique on
    the page; the file's name. how: the answer it rests on; if that is not "ok", the reason stands in the chart's place.
    rows, units: a fuller table than the chart's own to stand beneath it. facts: what its file says apart from the answer's
    filters, such as the outcome a reader chose.
    """
    words = style.readable(words)
    with section(name):
        style.heading(level, title)
        if how is not None and not banners.explain(how):
            return
        said = style.escape(words)
        style.block(f'<p class="section-words">{said}</p>{html_view.plot(chart.figure, words=said, name=name)}')
        if chart.remark:
            style.block(f'<p class="quiet">{style.escape(chart.remark)}</p>')
        beneath(tables.of_rows(rows, units) if rows else chart.table, words=words, name=name, how=how, facts=facts)


def section(name: str) -> AbstractContextManager[None]:
    """What belongs to one chart. name: unique on the page."""
    return html_view.container(f'<section class="chart" data-name="chart-{style.escape(name)}">', "</section>")


def beneath(
    table: tables.Table, *, words: str, name: str, how: Any = None, facts: Facts | None = None
) -> None:
    """What stands under every chart: how it is made, and its table with the file, made when a reader opens it, since most
    never do."""
    key = f"table-{name}"
    said, made = html_view.on_event(key, lambda value: _opened(key, bool(value))), is_open(key)
    fold = f'<details class="see" {said}{" open data-made" if made else ""}><summary>See the table</summary>'
    with html_view.container(f'<div class="beneath">{fold}', f"</details>{how_made(how)}</div>"):
        if made:
            tables.draw(table, alt=words)
            tables.download(table, name=name, how=how, facts=facts)


def opened() -> frozenset[str]:
    """The keys of the tables this reader has open, on whatever page."""
    return frozenset(key for key, is_open in st.session_state.get(_OPEN, {}).items() if is_open)


def is_open(key: str) -> bool:
    """Whether a reader has this table open."""
    return bool(st.session_state.get(_OPEN, {}).get(key, False))


def _opened(key: str, is_open: bool) -> None:
    st.session_state[_OPEN] = {**st.session_state.get(_OPEN, {}), key: is_open}
