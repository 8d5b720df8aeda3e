"""What a line chart draws: the points of each line, and the table behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from components.charts import line_annotations
from components.charts.base import Rows
from components.charts.line_annotations import Point
from components.data_table import Table
from components.text import reliability
from components.text.format import format_value, known
from components.text.period_labels import in_time, period_label, starts_on
from components.text.prose import capital
from queries import Row
from queries.calculators.counts import CountRow
from queries.privacy.suppression import is_hidden


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        name: Its name; "" where it is the only one.
        points: The periods with a value, oldest first.
        is_total: Whether each value adds up all periods so far. Tables and hover texts say so.
        is_sum: Whether no period is missing from such sums, so that a period without a row leaves the sum as it was.
    """

    name: str
    points: tuple[Point, ...]
    is_total: bool = False
    is_sum: bool = False

    @property
    def label_value(self) -> float:
        """The value at the line's end: that of the last complete period, where there is one."""
        complete = [point for point in self.points if not point.is_incomplete]
        return (complete or self.points)[-1].value

    def hover_text(self, point: Point, unit: str) -> str:
        """Describe a point: "Women, Jul–Sep 2026: 43%", "Spent, Jul–Sep 2026: $60.0 million so far"."""
        name = f"{capital(self.name)}, " if self.name else ""
        value = format_value(point.value, unit) + " so far" * self.is_total
        return f"{name}{period_label(point.row.key)}: {value}{point.remark}"


def lines_of(series: Mapping[str, Rows], rows: Mapping[str, Sequence[Row]], *, cumulative: bool) -> list[Line]:
    """Return the lines that can be drawn; a line with most of its periods hidden is left out, for the rest would mislead."""
    lines = []
    for name, entry in series.items():
        has_gaps = any(is_hidden(row) for row in rows[name])
        dated = in_time(rows[name])
        points = _totals(dated, has_gaps=has_gaps) if cumulative else _values(dated)
        if not points or is_mostly_hidden(rows[name]):
            continue
        as_of = None if isinstance(entry, Sequence) else entry.as_of
        if cumulative and as_of and points[-1].day < as_of:
            points.append(Point(as_of, points[-1].value, points[-1].row))  # the sum still stands on the day shown
        lines.append(Line(name, tuple(points), is_total=cumulative, is_sum=cumulative and not has_gaps))
    return lines


def is_mostly_hidden(rows: Sequence[Row]) -> bool:
    """Return whether more than half of the periods are hidden from this reader."""
    return 2 * sum(is_hidden(row) for row in rows) > len(rows)


def period_table(
    lines: Sequence[Line], rows: Mapping[str, Sequence[Row]], *, label: str, unit: str, target_name: str
) -> Table:
    """Return the table of a line chart: one row a period, one column a line; `label` heads a line without a name.

    Incomplete periods are listed even where they have no value.
    """
    values = {capital(line.name or label): {point.row.key: point.value for point in line.points} for line in lines}
    keys = {key for column in values.values() for key in column}
    keys |= {row.key for line in rows.values() for _, row in in_time(line) if line_annotations.is_incomplete(row)}
    periods = sorted(keys, key=lambda key: (starts_on(key) or date.min, key))
    pairs = zip(lines, values.items(), strict=True)
    values = {name + " so far" * line.is_total: column for line, (name, column) in pairs}
    columns: dict[str, Sequence[object]] = {"Period": [period_label(key) for key in periods]}
    for line, (name, column) in zip(lines, values.items(), strict=True):
        columns[name] = _carried(column, periods) if line.is_sum else [column.get(key) for key in periods]
    if unit == "share":
        flags = [
            reliability.least(*(reliability.of_row(row) for line in rows.values() for row in line if row.key == key))
            for key in periods
        ]
        columns |= {"Reliability": flags} if any(flags) else {}
    columns |= line_annotations.table_columns(next(iter(rows.values()), []), periods, target_name)
    return Table.from_columns(columns, dict.fromkeys(values, unit) | {target_name: unit})


def _values(dated: Iterable[tuple[date, Row]]) -> list[Point]:
    return [Point(day, row.value, row) for day, row in dated if known(row.value)]


def _totals(dated: Iterable[tuple[date, Row]], *, has_gaps: bool) -> list[Point]:
    """Add the values up; where some are hidden, take the sums that reveal none of them from the rows."""
    points, total = [], 0.0
    for day, row in dated:
        if has_gaps:
            if isinstance(row, CountRow) and known(row.cumulative):
                points.append(Point(day, row.cumulative, row))
        elif known(row.value):
            total += row.value
            points.append(Point(day, total, row))
    return points


def _carried(values: Mapping[str, float], keys: Sequence[str]) -> list[float]:
    """Return the sum at the end of each period: a period in which nothing was added leaves it as it was."""
    carried, total = [], 0.0
    for key in keys:
        total = values.get(key, total)
        carried.append(total)
    return carried
