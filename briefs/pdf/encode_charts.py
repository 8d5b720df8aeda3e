"""Turn charts into plain data for the Typst templates: positions and lengths as fractions of the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from briefs.charts import BarChart, Chart, ColumnChart, DotChart, LineChart, Map
from briefs.numbers import Number
from components.charts.ticks import value_ticks, values_between
from components.text.format import known

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | float | bool | None"
_MARGIN = 0.06  # of a dot chart's range, on either side
_HIDDEN = "*"  # in the place of a column that is hidden
_LABEL_HEIGHT = 0.12  # of a line chart's height
_FEW_CATEGORIES = 4  # up to which the columns that only give context have their numbers too
_LONGEST_LABEL = 5  # letters over a column; longer numbers would run into each other


def column_chart(chart: ColumnChart) -> Json:
    """Return columns: heights as fractions of the tallest, and the numbers over those of the main series; over all where they are few."""
    top = max((number.value or 0 for each in chart.series for number in each.numbers if number), default=0) or 1
    series: list[Json] = []
    for each in chart.series:
        shown = set() if each.is_context and len(chart.categories) > _FEW_CATEGORIES else _labeled(each.numbers)
        series.append(
            {
                "name": each.name,
                "is_context": each.is_context,
                "columns": [
                    {
                        "size": max(number.value or 0, 0) / top if number is not None else 0.0,
                        "text": _column_text(number, is_labeled=at in shown),
                        "is_open": at in each.open_at,
                    }
                    for at, number in enumerate(each.numbers)
                ],
            }
        )
    return {"type": "columns", **_words(chart), "categories": list(chart.categories), "series": series}


def _column_text(number: Number | None, *, is_labeled: bool) -> str:
    """Return what stands over a column."""
    if number is None:
        return ""
    if number.value is None:
        return _HIDDEN
    return number.text if is_labeled else ""


def _labeled(numbers: Sequence[Number | None]) -> set[int]:
    """Return the positions whose numbers are written: all, or the largest and the last where they are long."""
    values = {at: number.value for at, number in enumerate(numbers) if number is not None and known(number.value)}
    if all(len(number.text) <= _LONGEST_LABEL for number in numbers if number is not None and known(number.value)):
        return set(values)
    return {max(values, key=lambda at: values[at]), max(values)}


def bar_chart(chart: BarChart) -> Json:
    """Return horizontal bars: lengths as fractions of the longest."""
    longest = max((bar.number.value or 0 for bar in chart.bars), default=0) or 1
    return {
        "type": "bars",
        **_words(chart),
        "bars": [
            {
                "label": bar.label,
                "text": bar.number.text,
                "size": max(bar.number.value or 0, 0) / longest,
                "is_highlighted": bar.is_highlighted,
                "is_number": bar.number.value is not None,
            }
            for bar in chart.bars
        ],
    }


def dot_chart(chart: DotChart) -> Json:
    """Return dots and intervals on a common scale from 0 (left) to 1, with the ticks of the scale."""
    ends = [end for dot in chart.dots for end in (dot.number.value, dot.low, dot.high) if known(end)]
    ends += [chart.reference[0]] if chart.reference else []
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    margin = (high - low) * _MARGIN or 0.1
    low, high = low - margin, high + margin

    def at(value: float | None) -> float | None:
        return (value - low) / (high - low) if known(value) else None

    values, texts = values_between(low, high, chart.unit)
    ticks: list[Json] = [{"at": at(value), "text": text} for value, text in zip(values, texts, strict=True)]
    return {
        "type": "dots",
        **_words(chart),
        "reference": {"at": at(chart.reference[0]), "text": chart.reference[1]} if chart.reference else None,
        "ticks": ticks,
        "dots": [
            {
                "label": dot.label,
                "text": dot.number.text,
                "words": dot.words,
                "at": at(dot.number.value),
                "low": at(dot.low),
                "high": at(dot.high),
                "is_clear": dot.is_clear,
                "tone": dot.tone.value,
            }
            for dot in chart.dots
        ],
    }


def line_chart(chart: LineChart) -> Json:
    """Return lines: heights as fractions of the largest value, with the last value of each and the ticks of the scale."""
    top = max((number.value or 0 for each in chart.series for number in each.numbers if number), default=0) or 1
    values, texts = value_ticks(top, chart.unit)
    series: list[Json] = []
    for each, label_at in zip(chart.series, _label_heights(chart, top), strict=True):
        drawn = [number for number in each.numbers if number is not None and known(number.value)]
        heights: list[Json] = [
            number.value / top if number is not None and number.value is not None else None for number in each.numbers
        ]
        series.append(
            {
                "name": each.name,
                "is_context": each.is_context,
                "heights": heights,
                "last": drawn[-1].text if drawn else "",
                "label_at": label_at,
            }
        )
    ticks: list[Json] = [{"at": value / top, "text": text} for value, text in zip(values, texts, strict=True)]
    return {"type": "lines", **_words(chart), "categories": list(chart.categories), "series": series, "ticks": ticks}


def _label_heights(chart: LineChart, top: float) -> list[float]:
    """Return the heights of the labels at the lines' ends, moved apart where two would overlap."""
    ends = [
        next((number.value / top for number in reversed(each.numbers) if number and number.value is not None), 0.0)
        for each in chart.series
    ]
    heights = list(ends)
    below = -_LABEL_HEIGHT
    for at in sorted(range(len(ends)), key=lambda at: ends[at]):
        heights[at] = below = max(ends[at], below + _LABEL_HEIGHT)
    return heights


def map_chart(chart: Map) -> Json:
    """Return areas as rings of points, with the shade of each and the legend."""
    areas: list[Json] = [
        {
            "name": area.name,
            "rings": [[[x, y] for x, y in ring] for ring in area.rings],
            "shade": area.shade,
        }
        for area in chart.areas
    ]
    return {
        "type": "map",
        **_words(chart),
        "areas": areas,
        "legend": list(chart.legend),
        "unshaded": chart.unshaded,
        "height": chart.height,
    }


def _words(chart: Chart) -> dict[str, Json]:
    return {"title": chart.title, "alt": chart.alt, "note": chart.note}
