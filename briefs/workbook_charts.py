"""Charts of a workbook: Excel draws them from the cells of their sheet."""

from __future__ import annotations

import math

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from briefs.native_charts import ChartKind, NativeChart, scale
from briefs.numbers import MONEY_AXIS, number_format
from components.data_table import Table
from components.palette import CONTEXT, PARTS

_TYPES = {ChartKind.BARS: "bar", ChartKind.COLUMNS: "column", ChartKind.LINES: "line"}
_WIDTH, _HEIGHT, _BAR_HEIGHT = 720, 400, 26  # pixels
_ROW_HEIGHT, _COLUMN_WIDTH = 20, 64  # pixels, of a sheet
_INTERVAL = "#16202C"
_FONT = {"name": "Calibri", "size": 10}
_LABELED = 12  # at most so many values have their number next to them


def size_of(chart: NativeChart) -> tuple[int, int]:
    """Return how many rows and columns a chart covers."""
    return math.ceil(_height(chart) / _ROW_HEIGHT), math.ceil(_WIDTH / _COLUMN_WIDTH)


def _height(chart: NativeChart) -> int:
    """Return the height of a chart in pixels: bars get as much as they need."""
    needed = 120 + _BAR_HEIGHT * len(chart.categories) * len(chart.series)
    return max(_HEIGHT, needed) if chart.kind == ChartKind.BARS else _HEIGHT


def insert(
    book: Workbook, sheet: Worksheet, chart: NativeChart, *, first_row: int, at: tuple[int, int], table: Table
) -> None:
    """Put a chart on the sheet of its table.

    Args:
        book: The workbook.
        sheet: The sheet with the table.
        chart: The chart.
        first_row: The row of the table's headings.
        at: The row and the column of its upper left corner.
        table: The table, with a column for each series (`native_charts.fits`).
    """
    drawn = book.add_chart({"type": _TYPES[chart.kind]})
    last = first_row + len(chart.categories)
    names = list(table.columns)
    places = [names.index(series.name) for series in chart.series]
    is_bars = chart.kind == ChartKind.BARS
    for number, (series, place) in enumerate(zip(chart.series, places, strict=True)):
        color = CONTEXT if series.is_context else PARTS[number % len(PARTS)]
        options: dict[str, object] = {
            "name": [sheet.name, first_row, place],
            "categories": [sheet.name, first_row + 1, 0, last, 0],
            "values": [sheet.name, first_row + 1, place, last, place],
            "gap": 60,
        }
        look = "line" if chart.kind == ChartKind.LINES else "fill"
        options[look] = {"color": color, **({"width": 2.25} if look == "line" else {})}
        if series.below:
            options["y_error_bars"] = {
                "type": "custom",
                "plus_values": list(series.above),
                "minus_values": list(series.below),
                "line": {"color": _INTERVAL},
            }
        elif len(chart.categories) <= _LABELED and len(chart.series) == 1:
            options["data_labels"] = {"value": True, "num_format": number_format(chart.unit), "font": _FONT}
        drawn.add_series(options)
    drawn.set_title({"name": chart.title, "name_font": {"name": "Calibri", "size": 12, "bold": True}, "overlay": False})
    value_axis: dict[str, object] = {
        "num_format": MONEY_AXIS if chart.unit == "dollars" else number_format(chart.unit),
        "num_font": _FONT,
        "major_gridlines": {"visible": True, "line": {"color": "#DDE2E8"}},
        "line": {"none": True},
    }
    if ends := scale(chart):
        value_axis |= {"min": ends[0], "max": ends[1]}
    if is_bars:  # its horizontal axis, x, has the values; the first name stands at the top
        drawn.set_x_axis(value_axis)
        drawn.set_y_axis({"num_font": _FONT, "label_position": "low", "reverse": True, "crossing": "max"})
    else:
        drawn.set_x_axis({"num_font": _FONT, "label_position": "low"})
        drawn.set_y_axis(value_axis)
    if len(chart.series) == 1:
        drawn.set_legend({"none": True})
    else:
        drawn.set_legend({"position": "bottom", "font": _FONT})
    drawn.set_size({"width": _WIDTH, "height": _height(chart)})
    sheet.insert_chart(*at, drawn, {"description": chart.alt or chart.title, "object_position": 2})
