"""Show a chart on a page: its finding as a heading, its words, the figure, and the table behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial

import streamlit as st

from components import banners, drawn_scope, html_view, picks, read_log, style, tables
from components.charts.base import Chart
from components.charts.text_alternative import text_alternative
from components.data_table import Table
from components.file_facts import Facts
from components.provenance import how_made
from components.text.note_words import note_line
from queries import Answer
from queries.dated_notes import label_of, notes_for, notes_state

_OPEN_TABLES = "tables-open"  # session state: by key, whether a reader has opened the table


def show(
    chart: Chart,
    *,
    title: str,
    words: str,
    name: str,
    how: Answer | None = None,
    rows: Sequence[Mapping[str, object]] | None = None,
    units: Mapping[str, str] | None = None,
    facts: Facts | None = None,
    picks_by: str | None = None,
    period: str = "",
) -> None:
    """Show a chart.

    Args:
        chart: The chart.
        title: Its finding, as a heading.
        words: A line on how to read it, on screen; "" where the title says it all.
        name: Name of the chart, unique on the page, and of its file.
        how: The answer it rests on. If that holds nothing to show, the reason stands in the chart's place.
        rows: A fuller table than the chart's own.
        units: Units of that table's columns.
        facts: What the file says besides the answer's filters, such as the outcome a reader chose.
        picks_by: The filter that a click on a mark sets, where that is not the answer's breakdown.
        period: The period that it draws, where that is not the answer's.
    """
    words = style.readable(words)
    with chart_section(name, how, facts, period=period):
        style.heading(3, title)
        if how is not None and not banners.explain(how, needs_number=rows is None):
            return
        html_view.paragraph(words, "section-words")
        picked = picks.row_filter(how, picks_by)
        on_pick = picked.pick if picked else None
        if chart.table.row_count:  # without a mark there is nothing to draw: the title and the words say why
            html_view.add(html_view.plot(chart.figure, words=text_alternative(chart.table), name=name, on_pick=on_pick))
        html_view.paragraph(chart.remark, "quiet")
        table = Table.from_rows(rows, units) if rows else chart.table
        table_below(table, name=name, how=how, facts=facts, words=words, chart=chart)


def show_ahead(chart: Chart, *, name: str) -> None:
    """Send a chart that `show` puts on the page later, so that the browser draws it while the rest is computed.

    Worth it for a chart in the first window, as the first thing that a page asks for.
    """
    if chart.table.row_count:
        html_view.draw_ahead({name: chart.figure})


def chart_section(
    name: str, how: Answer | None = None, facts: Facts | None = None, *, period: str = ""
) -> AbstractContextManager[None]:
    """Return the container of one chart. name: unique on the page. The other arguments are those of `show`."""
    scope = drawn_scope.attribute(how, facts, period=period)
    return html_view.container(f'<section class="chart" data-name="chart-{style.escape(name)}"{scope}>', "</section>")


def table_below(
    table: Table,
    *,
    name: str,
    how: Answer | None = None,
    facts: Facts | None = None,
    words: str = "",
    chart: Chart | None = None,
) -> None:
    """Put what stands under every chart: dated notes, where it comes from, and its table with the file.

    The table is made when a reader opens it, since most readers never do. The heading above it is its name for screen readers.
    """
    _draw_notes(how)
    key = f"table-{name}"
    event, is_shown = html_view.on_event(key, lambda value: _set_open(key, bool(value))), is_open(key)
    state = " open data-made" if is_shown else ""
    title = html_view.section_name()
    tables.note_table(table, name=name, title=title, words=words, how=how, facts=facts, chart=chart)
    label = html_view.render("summary", label="Show data", subject=title)
    start = f'<div class="beneath"><details class="see" {event}{state}>{label}'
    with html_view.container(start, f"</details>{how_made(how, subject=title)}</div>"):
        if is_shown:
            tables.draw(table, alt=title, picked=picks.row_filter(how))
            tables.download(table, name=name, how=how, facts=facts)


def is_open(key: str) -> bool:
    """Return whether this reader has the table open."""
    return read_log.read(("open table", key), partial(_read_open, key))


def _read_open(key: str) -> bool:
    return bool(st.session_state.get(_OPEN_TABLES, {}).get(key, False))


def _set_open(key: str, is_shown: bool) -> None:
    st.session_state[_OPEN_TABLES] = {**st.session_state.get(_OPEN_TABLES, {}), key: is_shown}


def _draw_notes(answer: Answer | None) -> None:
    """Draw the dated notes that concern an answer. The page is made again when the file changes."""
    read_log.read("notes", notes_state)
    for note in notes_for(answer) if answer is not None else ():
        html_view.paragraph(note_line(note, label_of(note)), "quiet")
