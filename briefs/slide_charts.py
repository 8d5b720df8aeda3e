"""Charts of slides: PowerPoint draws them from a workbook inside, which readers can edit."""

from __future__ import annotations

from typing import cast

from pptx.chart.chart import Chart
from pptx.chart.data import ChartData
from pptx.chart.series import _BaseCategorySeries
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.util import Inches, Pt

from briefs.native_charts import ChartKind, NativeChart, NativeSeries, scale
from briefs.numbers import MONEY_AXIS, number_format
from briefs.slide_parts import FONT, INK, QUIET, Box, describe
from components.palette import CONTEXT, PARTS

_TYPES = {
    ChartKind.BARS: XL_CHART_TYPE.BAR_CLUSTERED,
    ChartKind.COLUMNS: XL_CHART_TYPE.COLUMN_CLUSTERED,
    ChartKind.LINES: XL_CHART_TYPE.LINE,
}
_LABELED = 14  # at most so many values have their number next to them
_GRID = RGBColor(0xDD, 0xE2, 0xE8)


def add_chart(slide: Slide, chart: NativeChart, box: Box) -> None:
    """Add a chart with its numbers, its colors and its text alternative. The slide's title states the finding."""
    data = ChartData(number_format=number_format(chart.unit))
    data.categories = chart.categories
    for series in chart.series:
        data.add_series(series.name, series.values)
    place = (Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height))
    # python-pptx declares a chart, and returns the frame that holds it
    frame = cast("GraphicFrame", slide.shapes.add_chart(_TYPES[chart.kind], *place, data))
    describe(frame, "Chart", chart.alt or chart.title)
    drawn: Chart = frame.chart
    drawn.has_title = False
    drawn.font.size, drawn.font.name, drawn.font.color.rgb = Pt(13), FONT, INK
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _color(drawn, chart)
    _set_axes(drawn, chart)


def _color(drawn: Chart, chart: NativeChart) -> None:
    for number, (series, source) in enumerate(zip(drawn.plots[0].series, chart.series, strict=True)):
        color = RGBColor.from_string((CONTEXT if source.is_context else PARTS[number % len(PARTS)]).lstrip("#"))
        if chart.kind == ChartKind.LINES:
            series.format.line.color.rgb, series.format.line.width, series.smooth = color, Pt(2.5), False
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = color
            series.invert_if_negative = False
        if source.below:
            _add_intervals(series, source)


def _add_intervals(series: _BaseCategorySeries, source: NativeSeries) -> None:
    """Draw the 95% intervals as error bars; python-pptx has no call for them."""
    ends = "".join(
        f'<c:{side}><c:numLit><c:ptCount val="{len(values)}"/>{_points(values)}</c:numLit></c:{side}>'
        for side, values in (("plus", source.above), ("minus", source.below))
    )
    line = f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill></a:ln></c:spPr>'
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{ends}{line}</c:errBars>'
    )
    series._element.find(qn("c:cat")).addprevious(bars)


def _points(values: tuple[float, ...]) -> str:
    return "".join(f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>' for place, value in enumerate(values))


def _set_axes(drawn: Chart, chart: NativeChart) -> None:
    """Put numbers next to a few bars; else on an axis with faint lines."""
    plot, values, names = drawn.plots[0], drawn.value_axis, drawn.category_axis
    has_intervals = any(series.below for series in chart.series)  # the numbers would stand on them
    is_few = len(chart.categories) * len(chart.series) <= _LABELED
    is_labeled = is_few and chart.kind != ChartKind.LINES and not has_intervals
    if chart.kind != ChartKind.LINES:
        plot.gap_width, plot.overlap = 50, -5
    if is_labeled:
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = number_format(chart.unit), False
        labels.position, labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, Pt(13)
    if ends := scale(chart):
        values.minimum_scale, values.maximum_scale = ends
    values.visible = not is_labeled
    values.has_major_gridlines = not is_labeled
    if not is_labeled:
        values.major_gridlines.format.line.color.rgb = _GRID
        values.format.line.fill.background()
    values.tick_labels.number_format_is_linked = False
    values.tick_labels.number_format = MONEY_AXIS if chart.unit == "dollars" else number_format(chart.unit)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = QUIET
    names.has_major_gridlines = False
    if chart.kind == ChartKind.BARS:
        names.reverse_order = True  # the first name at the top
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH  # and the numbers at the foot
