"""Turn a document into plain data for the Typst templates: texts, and sizes as fractions of the space for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from briefs.blocks import Block, Figure, Figures, Heading, PageBreak, Sentences, SideBySide, TableBlock
from briefs.charts import BarChart, ColumnChart, DotChart, LineChart, Map
from briefs.model import Document
from briefs.pdf.encode_charts import Json, bar_chart, column_chart, dot_chart, line_chart, map_chart
from components.data_table import Table, column_texts, is_number
from components.text.format import day
from components.text.narratives.heat import Tone
from components.text.prose import capital

Encode: TypeAlias = Callable[..., Json]
_LONG_CELL, _LONGEST_CELL = 20, 30  # letters from which columns share the width of the page, and that count at most


def encode(document: Document) -> dict[str, Json]:
    """Return a document as data that JSON can hold."""
    facts = document.facts
    compared = (facts.comparison.stated,) if facts.comparison else ()
    filters = capital(" · ".join((*facts.filters, facts.period, *compared)))
    return {
        "title": document.title,
        "lead": document.lead,
        "more": document.more,
        "date": day(facts.as_of),
        "filters": filters,
        "delivery": f"Delivery of {day(facts.delivery.delivered_on)}",
        "reader": facts.reader,
        "synthetic": facts.delivery.is_synthetic,
        "is_single_page": document.most_pages == 1,
        "blocks": [block(each) for each in document.blocks],
        "footnotes": [{"term": note.term, "text": note.text} for note in document.footnotes],
    }


def block(value: Block) -> Json:
    """Return one block, with its type."""
    return _ENCODERS[type(value)](value)


def _fields(name: str) -> Encode:
    """Return an encoder that gives the fields of a block as they are."""
    return lambda value: {"type": name, **vars(value)}


def _figures(value: Figures) -> Json:
    return {"type": "figures", "items": [_figure(item) for item in value.items]}


def _figure(item: Figure) -> Json:
    return {
        "label": item.label,
        "value": item.number.text,
        "is_number": item.number.value is not None,
        "flow": item.flow,
        "change": item.change,
        "arrow": "▲" if item.change.startswith("up") else "▼" if item.change.startswith("down") else "",
        "tone": item.tone.value,
        "context": item.context,
        "revised": item.revised,
    }


def _side_by_side(value: SideBySide) -> Json:
    return {"type": "side-by-side", "ratio": value.ratio, "left": block(value.left), "right": block(value.right)}


def _table(value: TableBlock) -> Json:
    columns = value.table.columns
    names = list(columns)
    cells = [
        _column(value.table, name, at, values, value.tones) for at, (name, values) in enumerate(columns.items())
    ]  # fmt: skip
    rows: list[Json] = [list(row) for row in zip(*cells, strict=True)]
    widths = list(value.widths) or _shares(names, cells)
    return {
        "type": "table",
        "title": value.title,
        "note": value.note,
        "headings": [
            {"text": name, "is_numeric": _is_numeric(value.table, name, columns[name])} for name in names
        ],
        "rows": rows,
        "widths": widths,
    }  # fmt: skip


def _column(
    table: Table, name: str, at: int, values: Sequence[object], tones: Mapping[tuple[int, int], Tone]
) -> list[Json]:
    """Return the cells of one column: their text and tone."""
    is_numeric = _is_numeric(table, name, values)
    return [
        {
            "text": text,
            "tone": tones[row, at].value if (row, at) in tones else "",
            "is_numeric": is_numeric,
        }
        for row, text in enumerate(column_texts(table, name))
    ]


def _is_numeric(table: Table, name: str, values: Sequence[object]) -> bool:
    return name in table.units or any(map(is_number, values))


def _shares(names: Sequence[str], cells: Sequence[Sequence[Json]]) -> list[float]:
    """Return the share of each column in the width of the page; zeros for columns as wide as their text, if that is short."""
    longest = [
        max((len(str(cast("Mapping[str, Json]", cell)["text"])) for cell in column), default=0) for column in cells
    ]
    if max(longest, default=0) < _LONG_CELL:
        return [0.0] * len(names)
    words = [max(map(len, name.split()), default=0) for name in names]
    return [float(min(max(length, word), _LONGEST_CELL)) for length, word in zip(longest, words, strict=True)]


_ENCODERS: Mapping[type, Encode] = {
    Heading: _fields("heading"),
    Figures: _figures,
    Sentences: _fields("sentences"),
    SideBySide: _side_by_side,
    PageBreak: _fields("page-break"),
    TableBlock: _table,
    ColumnChart: column_chart,
    BarChart: bar_chart,
    DotChart: dot_chart,
    LineChart: line_chart,
    Map: map_chart,
}
