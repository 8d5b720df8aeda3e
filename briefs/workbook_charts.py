"""Charts of a workbook: Excel draws them from the cells of their sheet."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from briefs.native_charts import ChartKind, NativeChart, scale
from briefs.number_formats import MONEY_AXIS, number_format
from components.data_table import Table
from components.palette import CONTEXT, PARTS

_TYPES = {ChartKind.BARS: "bar", ChartKind.COLUMNS: "column", ChartKind.LINES: "line"}
_WIDTH, _HEIGHT, _BAR_HEIGHT = 720, 400, 26  # pixels
_INTERVAL = "#16202C"
_FONT = {"name": "Calibri", "size": 10}
_LABELED = 12  # at most so many values have their number next to them


def insert(book: Workbook, sheet: Worksheet, chart: NativeChart, *, first_row: int, column: int, table: Table) -> None:
    """Put a chart to the right of its table.

    Args:
        book: The workbook.
        sheet: The sheet with the table.
        chart: The chart.
        first_row: The row of the table's headings.
        column: The column to put the chart in.
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
    height = max(_HEIGHT, 120 + _BAR_HEIGHT * len(chart.categories) * len(chart.series)) if is_bars else _HEIGHT
    drawn.set_size({"width": _WIDTH, "height": height})
    sheet.insert_chart(first_row, column, drawn, {"description": chart.alt or chart.title, "object_position": 2})
