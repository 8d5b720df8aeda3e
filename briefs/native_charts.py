"""Charts for spreadsheets and slides: categories and series that Office programs draw and readers can edit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from briefs.charts import BarChart, Chart, ColumnChart, DotChart, LineChart, Map
from briefs.numbers import DECIMALS, Number, stored_or_none
from components.data_table import Table, is_number
from queries.dimensions import DIMENSIONS
from queries.registry import measure

MOST_BARS, MOST_PERIODS = 25, 80
ENDS = ("95% from", "95% to")  # columns with the ends of the intervals
NOT_BEGUN = "has not begun"  # a period of a chart by period without a number
_NOT_DRAWN = (
    "95% ",
    "Out of",
    "Counted",
    "Rests on",
    "Rate or share",
    "Compared with",
)  # columns of a table that say what its values rest on


class ChartKind(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"  # horizontal
    COLUMNS = "columns"
    LINES = "lines"


@dataclass(frozen=True, kw_only=True)
class NativeSeries:
    """One series.

    Attributes:
        name: What it is called.
        values: One for each category, as `numbers.stored` has them; None for a gap.
        is_context: Whether it only gives context, and is drawn in gray.
        below: How far the 95% interval reaches below each value; empty where there are no intervals.
        above: How far it reaches above.
    """

    name: str
    values: tuple[float | None, ...]
    is_context: bool = False
    below: tuple[float, ...] = ()
    above: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NativeChart:
    """A chart. title: its finding; alt: the text alternative; unit: of all values."""

    kind: ChartKind
    title: str
    alt: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[NativeSeries, ...]


def of_chart(chart: Chart) -> NativeChart | None:
    """Return a document's chart as a native one; None for a map of more areas than a chart can show."""
    if isinstance(chart, ColumnChart | LineChart):
        kind = ChartKind.COLUMNS if isinstance(chart, ColumnChart) else ChartKind.LINES
        categories = chart.categories
        series = tuple(
            NativeSeries(name=each.name, values=_values(each.numbers, chart.unit), is_context=each.is_context)
            for each in chart.series
        )
    else:
        kind = ChartKind.BARS
        pairs = _pairs(chart)
        if len(pairs) > MOST_BARS:
            return None
        categories = tuple(label for label, _ in pairs)
        values = _values([number for _, number in pairs], chart.unit)
        series = (NativeSeries(name=_headings(pairs)[1], values=values),)
        if isinstance(chart, DotChart):
            series = (_with_intervals(series[0], [(dot.low, dot.high) for dot in chart.dots], chart.unit),)
    return NativeChart(
        kind=kind, title=chart.title, alt=chart.alt, unit=chart.unit, categories=categories, series=series
    )


def table_of(chart: Chart) -> Table:
    """Return the values of a document's chart as a table."""
    if isinstance(chart, ColumnChart | LineChart):
        columns: dict[str, list[object]] = {"Period": list(chart.categories)}
        missing = NOT_BEGUN if isinstance(chart, ColumnChart) else None
        columns |= {each.name: [_cell(number, missing) for number in each.numbers] for each in chart.series}
        return Table.from_columns(columns, {each.name: chart.unit for each in chart.series})
    pairs = _pairs(chart)
    name, value = _headings(pairs)
    columns = {name: [label for label, _ in pairs], value: [_cell(number) for _, number in pairs]}
    units = {value: chart.unit}
    if isinstance(chart, DotChart):
        columns |= {"95% from": [dot.low for dot in chart.dots], "95% to": [dot.high for dot in chart.dots]}
        columns["Finding"] = [dot.words for dot in chart.dots]
        units |= {"95% from": chart.unit, "95% to": chart.unit}
    return Table.from_columns(columns, units)


def scale(chart: NativeChart) -> tuple[float, float] | None:
    """Return the ends of the axis, so that it holds zero and every interval; None without intervals: programs choose then."""
    ends = [0.0]
    for series in chart.series:
        for value, below, above in zip(series.values, series.below, series.above, strict=False):
            ends += [value - below, value + above] if value is not None else []
    low, high = min(ends), max(ends)
    if high == low or not any(series.below for series in chart.series):
        return None
    step = 10 ** math.floor(math.log10(high - low)) / 2
    return round(math.floor(low / step) * step, DECIMALS), round(math.ceil(high / step) * step, DECIMALS)


def fits(chart: NativeChart, table: Table) -> bool:
    """Return whether a chart's values are columns of a table, row by row, so that it can be drawn from the table's cells."""
    columns = table.columns
    first = next(iter(columns.values()), [])
    if tuple(map(str, first)) != chart.categories or not {series.name for series in chart.series} <= set(columns):
        return False
    cells = (tuple(stored_or_none(value, chart.unit) for value in columns[series.name]) for series in chart.series)
    return all(values == series.values for values, series in zip(cells, chart.series, strict=True))


def of_table(
    table: Table, *, kind: ChartKind, title: str, alt: str, drawn: Callable[[str], bool] = lambda name: True
) -> NativeChart | None:
    """Return a chart of the numeric columns of a table in one unit, that of the first; None where none can be drawn.

    Args:
        table: The table. Its first column names the categories.
        kind: How to draw it.
        title: The finding.
        alt: The text alternative.
        drawn: Whether a column is drawn.
    """
    names, *others = table.columns.items()
    numbers = [name for name, values in others if any(map(is_number, values)) and not name.startswith(_NOT_DRAWN)]
    numeric = [name for name in numbers if drawn(name)] or numbers[:1]
    most = MOST_BARS if kind == ChartKind.BARS else MOST_PERIODS
    if not numeric or table.row_units or not 1 < len(names[1]) <= most:
        return None
    unit = table.units.get(numeric[0], "")
    same_unit = [name for name in numeric if table.units.get(name, "") == unit]
    series = [
        NativeSeries(name=name, values=tuple(stored_or_none(value, unit) for value in table.columns[name]))
        for name in same_unit
    ]
    if len(series) == 1 and set(ENDS) <= set(table.columns):
        ends = zip(*(table.columns[name] for name in ENDS), strict=True)
        series = [_with_intervals(series[0], list(ends), unit)]
    categories = tuple(str(value) for value in names[1])
    return NativeChart(kind=kind, title=title, alt=alt, unit=unit, categories=categories, series=tuple(series))


def _with_intervals(series: NativeSeries, ends: Sequence[tuple[object, object]], unit: str) -> NativeSeries:
    """Return a series with its 95% intervals; as it is where no interval is known. ends: the low and high end of each."""
    lows, highs = ([stored_or_none(pair[side], unit) for pair in ends] for side in (0, 1))
    if not any(low is not None and high is not None for low, high in zip(lows, highs, strict=True)):
        return series
    below = [_distance(value, low) for value, low in zip(series.values, lows, strict=True)]
    above = [_distance(high, value) for value, high in zip(series.values, highs, strict=True)]
    return replace(series, below=tuple(below), above=tuple(above))


def _distance(larger: float | None, smaller: float | None) -> float:
    """Return how far two numbers are apart; nothing where one is missing or out of order."""
    if larger is None or smaller is None:
        return 0.0
    return max(round(larger - smaller, DECIMALS), 0.0)


def _pairs(chart: BarChart | DotChart | Map) -> list[tuple[str, Number | None]]:
    """Return the label and number of each bar, dot or area; areas with the largest value first."""
    if isinstance(chart, BarChart):
        return [(bar.label, bar.number) for bar in chart.bars]
    if isinstance(chart, DotChart):
        return [(dot.label, dot.number) for dot in chart.dots]
    areas = sorted(chart.areas, key=lambda area: (-_size(area.number), area.name))
    return [(area.name, area.number) for area in areas]


def _headings(pairs: Sequence[tuple[str, Number | None]]) -> tuple[str, str]:
    """Return what a chart's names and values are called in a table: "Region" and "Enrollment rate"."""
    question = next((number.source.question for _, number in pairs if number is not None), None)
    if question is None or question.by not in DIMENSIONS:
        return "Name", "Value"
    return DIMENSIONS[question.by].label, measure(question.outcome or question.measure).label


def _size(number: Number | None) -> float:
    return number.value if number is not None and number.value is not None else float("-inf")


def _values(numbers: Sequence[Number | None], unit: str) -> tuple[float | None, ...]:
    return tuple(stored_or_none(number.value if number else None, unit) for number in numbers)


def _cell(number: Number | None, missing: str | None = None) -> float | str | None:
    """Return the value of a number; the reason where there is none. missing: the reason where there is no number at all."""
    if number is None:
        return missing
    return number.text if number.value is None else number.value
