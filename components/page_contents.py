"""Collect what a page draws while a run of it answers a reader's request for a file: its answer, figures, charts, tables, findings."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

from briefs.contents import FigureText
from briefs.native_charts import ChartKind
from briefs.numbers import AskedAnswer
from components import question_log
from components.charts.base import Chart
from components.data_table import Table, is_number
from queries import Answer
from queries.dimensions import PERIODS


@dataclass(frozen=True, kw_only=True)
class DrawnTable:
    """A table that a page drew or offers below a chart.

    Attributes:
        name: Its name on the page.
        title: Its heading.
        words: The line below.
        table: The values.
        facts: The filters and the rest that its file states (`file_facts.facts_of`).
        chart: The chart above it.
    """

    name: str
    title: str
    words: str
    table: Table
    facts: Mapping[str, object]
    chart: Chart | None = None


@dataclass
class PageContents:
    """What a page drew, in order."""

    lead: list[str] = field(default_factory=list)
    figures: list[FigureText] = field(default_factory=list)
    tables: list[DrawnTable] = field(default_factory=list)
    points: list[str] = field(default_factory=list)


_TIMES = {"Period", *(period.label for period in PERIODS.values())}  # headings of the first column of charts over time
_MOSTLY = 0.8  # of the values that a chart draws
_contents: ContextVar[PageContents | None] = ContextVar("page-contents", default=None)


def start(*, is_wanted: bool) -> None:
    """Start to collect, where this run answers a request; else forget what an earlier run collected."""
    _contents.set(PageContents() if is_wanted else None)
    question_log.start(is_wanted=is_wanted)


def collected() -> PageContents | None:
    """Return what was collected so far; None in a run that answers no request."""
    return _contents.get()


def answers_behind(answer: Answer | None = None) -> tuple[AskedAnswer, ...]:
    """Return the question with this answer; else every question that the page asked so far."""
    answers = tuple(
        AskedAnswer(question=question, answer=each) for (question, _), each in question_log.answers().items()
    )
    return tuple(item for item in answers if item.answer is answer) or answers


def add_lead(*sentences: str) -> None:
    """Note the answer to the page's question."""
    contents = _contents.get()
    if contents is not None:
        contents.lead += filter(None, sentences)


def add_point(sentence: str) -> None:
    """Note a finding."""
    contents = _contents.get()
    if contents is not None:
        contents.points.append(sentence)


def add_figure(figure: FigureText) -> None:
    """Note a headline figure."""
    contents = _contents.get()
    if contents is not None:
        contents.figures.append(figure)


def add_table(table: DrawnTable) -> None:
    """Note a table, once for each name."""
    contents = _contents.get()
    if contents is not None and table.name not in {drawn.name for drawn in contents.tables}:
        contents.tables.append(table)


def kind_of(chart: Chart) -> ChartKind:
    """Return how Office programs draw a chart: lines or columns over time, else bars, also in the place of dots."""
    types = {trace.type for trace in chart.figure.data}
    if next(iter(chart.table.columns), "") in _TIMES:
        return ChartKind.COLUMNS if "bar" in types else ChartKind.LINES
    is_upright = any(trace.type == "bar" and trace.orientation != "h" for trace in chart.figure.data)
    return ChartKind.COLUMNS if is_upright else ChartKind.BARS


def is_drawn(chart: Chart, column: str) -> bool:
    """Return whether a chart draws a column of its table; the table may have more."""
    values = {float(value) for value in chart.table.columns[column] if is_number(value)}
    for trace in chart.figure.data:
        for axis in (trace.x, trace.y):
            drawn = {float(value) for value in axis if is_number(value)} if axis is not None else set()
            if drawn and len(drawn & values) >= _MOSTLY * len(drawn):
                return True
    return False
