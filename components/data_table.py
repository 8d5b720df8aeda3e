"""A table before it is drawn or saved: its columns, the unit of each numeric column, and the words for an empty cell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, TypeGuard

from markupsafe import Markup

from components.text import format
from components.url_state import shortened
from data.formulas import neutralized

if TYPE_CHECKING:
    import pandas as pd

MAX_CELL_LENGTH = 900  # the longest definition of a measure fits
_FILE_DECIMALS = 4
_TEN_PERCENT = 0.0995  # shares below it read as less than 10%


@dataclass(frozen=True, eq=False)
class Table:
    """A table to show and to save.

    Attributes:
        columns: Raw values by column name, or the reason in the place of one. All columns have the same length.
        units: The unit of each numeric column, as a measure has it.
        missing: What an empty cell reads on screen.
        bars: Numeric columns with a bar under each number. The bar of a share is drawn on 0% to 100%, other bars on zero to
            the largest value of the column.
        drawings: Columns on screen only, one drawing for each row, such as a sparkline. The file does not have them.
        row_units: The unit of each row, where every row is another measure; it takes the place of `units`.
        is_sortable: Whether readers can sort the rows. False where the order says something.
    """

    columns: Mapping[str, Sequence[object]]
    units: Mapping[str, str] = field(default_factory=dict)
    missing: str = format.MISSING
    bars: Collection[str] = ()
    drawings: Mapping[str, Sequence[Markup]] = field(default_factory=dict)
    row_units: Sequence[str] = ()
    is_sortable: bool = True

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, Sequence[object]],
        units: Mapping[str, str] | None = None,
        *,
        missing: str = format.MISSING,
    ) -> Table:
        """Make a table from columns of equal length."""
        return cls({str(name): list(values) for name, values in columns.items()}, units or {}, missing)

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[Mapping[str, object]],
        units: Mapping[str, str] | None = None,
    ) -> Table:
        """Make a table from rows; the first row names the columns."""
        names = list(rows[0]) if rows else []
        return cls.from_columns({name: [row.get(name) for row in rows] for name in names}, units)

    def first(self, count: int) -> Table:
        """Return the table with its first rows only."""
        drawings = {name: values[:count] for name, values in self.drawings.items()}
        columns = {name: values[:count] for name, values in self.columns.items()}
        return replace(self, columns=columns, drawings=drawings, row_units=self.row_units[:count])

    def renamed(self, headings: Mapping[str, str]) -> Table:
        """Return the table with other headings for some of its columns. It has no bars and no drawings."""
        columns = {headings.get(name, name): values for name, values in self.columns.items()}
        return replace(
            self, columns=columns, units={headings.get(name, name): unit for name, unit in self.units.items()}
        )

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values()), ()))

    def to_csv(self, facts: Mapping[str, object] | None = None) -> str:
        """Write the table as CSV with the same facts on every row.

        Numbers have up to four decimals, and none in a column where all are whole; dates are ISO, unknown values are empty, and
        no cell runs as a formula in a spreadsheet. Units of rows have a column.
        """
        columns = {**self.columns} | ({"Unit": list(self.row_units)} if self.row_units else {})
        cells = {neutralized(name): _csv_cells(values) for name, values in columns.items()}
        cells |= {name: [_csv_cell(value)] * self.row_count for name, value in (facts or {}).items()}
        return str(_frame(cells).to_csv(index=False, lineterminator="\r\n"))


def _frame(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """Return a data frame. pandas is loaded for the first: it takes 80 MB of a server's memory, and no page needs it."""
    import pandas as pd

    return pd.DataFrame(dict(columns), dtype=object)


def cell_text(value: object, *, unit: str | None, missing: str) -> str:
    """Write a cell as people read it on screen."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return format.day(value)
    if isinstance(value, str):
        return shortened(value, MAX_CELL_LENGTH)
    return format.format_value(value, unit or "") if format.known(value) else missing


def column_texts(table: Table, name: str) -> list[str]:
    """Write the cells of a column as people read them, with equal decimals.

    Where one needs a decimal, plain numbers have one in all cells, and shares in all cells under 10%.
    """
    values = table.columns[name]
    units: Sequence[str | None] = table.row_units or [table.units.get(name)] * len(values)
    texts = [cell_text(value, unit=unit, missing=table.missing) for value, unit in zip(values, units, strict=True)]
    texts = _with_equal_tenths(values, units, texts)
    numbers = [
        value if is_number(value) and (unit or "") in (*format.COUNTS, "") else None
        for value, unit in zip(values, units, strict=True)
    ]
    if not any(number is not None and "." in text for number, text in zip(numbers, texts, strict=True)):
        return texts
    return [text if number is None else format.tenths(number) for number, text in zip(numbers, texts, strict=True)]


def _with_equal_tenths(values: Sequence[object], units: Sequence[str | None], texts: list[str]) -> list[str]:
    """Return the texts with "5%" as "5.0%" where another share under 10% has a decimal."""
    small = [
        unit == "share" and is_number(value) and 0 < abs(value) < _TEN_PERCENT
        for value, unit in zip(values, units, strict=True)
    ]
    if not any(is_small and "." in text for is_small, text in zip(small, texts, strict=True)):
        return texts
    return [
        format.share(value, 1) if is_small and is_number(value) else text
        for value, is_small, text in zip(values, small, texts, strict=True)
    ]


def bar_widths(values: Sequence[object], unit: str | None) -> list[float | None]:
    """Return the width of each value's bar, in percent of the cell; None for what is not a number of zero or more."""
    numbers = [value if is_number(value) and value >= 0 else None for value in values]
    widest = 1.0 if unit == "share" else max((value for value in numbers if value is not None), default=0.0)
    return [
        None if value is None or not widest else round(min(float(value / widest), 1.0) * 100, 1) for value in numbers
    ]


def sort_positions(values: Sequence[object], *, is_numeric: bool) -> list[int | None]:
    """Return the place of each value in ascending order, the same for equal values; None for what goes last.

    Args:
        values: A column. In a numeric column, text is the reason why there is no number.
        is_numeric: Whether the column is numeric.
    """
    keys = [_sort_key(value, is_numeric=is_numeric) for value in values]
    places = {key: place for place, key in enumerate(sorted({key for key in keys if key is not None}))}
    return [None if key is None else places[key] for key in keys]


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a cell holds a number."""
    return format.known(value) and not isinstance(value, bool)


def _sort_key(value: object, *, is_numeric: bool) -> tuple[float, str] | None:
    """Return what a cell is sorted by; None for an empty cell, and for a reason in a numeric column."""
    if is_number(value):
        return float(value), ""
    if is_numeric or value is None or value == "":
        return None
    if isinstance(value, date):
        return float(value.toordinal()), ""
    return 0.0, str(value).casefold()


def _csv_cells(values: Sequence[object]) -> list[object]:
    """Return the cells of a column. Counts next to an empty cell are floats: they are written 18, not 18.0."""
    cells = [_csv_cell(value) for value in values]
    numbers = [cell for cell in cells if isinstance(cell, float)]
    if not all(number.is_integer() for number in numbers):
        return cells
    return [int(cell) if isinstance(cell, float) else cell for cell in cells]


def _csv_cell(value: object) -> object:
    if isinstance(value, str):
        return neutralized(value)
    if isinstance(value, float):
        return round(value, _FILE_DECIMALS) + 0.0 if format.known(value) else None  # adding zero makes -0.0 zero
    return value.isoformat() if isinstance(value, date) else value
