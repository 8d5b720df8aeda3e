"""A table before it is drawn or saved: a data frame, the unit of each numeric column, and the words for an empty cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from components.text import format
from components.url_state import shortened
from data.formulas import neutralized

MAX_CELL_LENGTH = 400
_FILE_DECIMALS = 4


@dataclass(frozen=True, eq=False)
class Table:
    """A table to show and to save.

    `frame` holds raw values, or the reason in the place of one; `units` names the unit of each numeric column, as a
    measure does; `missing` is what an empty cell reads on screen.
    """

    frame: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    missing: str = format.MISSING

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, Sequence[object]],
        units: Mapping[str, str] | None = None,
        *,
        missing: str = format.MISSING,
    ) -> Table:
        """Make a table from columns of equal length."""
        return cls(pd.DataFrame(dict(columns), dtype=object), units or {}, missing)

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[Mapping[str, object]],
        units: Mapping[str, str] | None = None,
        *,
        missing: str = format.MISSING,
    ) -> Table:
        """Make a table from rows; the first row names the columns."""
        names = list(rows[0]) if rows else []
        return cls.from_columns({name: [row.get(name) for row in rows] for name in names}, units, missing=missing)

    @property
    def columns(self) -> dict[str, list[object]]:
        """Raw values by column name."""
        return {str(name): list(values) for name, values in self.frame.items()}

    def to_csv(self, facts: Mapping[str, object] | None = None) -> str:
        """Write the table as CSV with the same facts on every row.

        Numbers have up to four decimals, dates are ISO, unknown values are empty, and no cell runs as a formula in a
        spreadsheet.
        """
        cells = {neutralized(name): [_csv_cell(value) for value in values] for name, values in self.columns.items()}
        cells |= {name: [_csv_cell(value)] * len(self.frame) for name, value in (facts or {}).items()}
        return str(pd.DataFrame(cells, dtype=object).to_csv(index=False, lineterminator="\r\n"))


def cell_text(value: object, *, unit: str | None, missing: str) -> str:
    """Write a cell as people read it on screen."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return format.day(value)
    if isinstance(value, str):
        return shortened(value, MAX_CELL_LENGTH)
    return format.format_value(value, unit or "") if format.known(value) else missing


def _csv_cell(value: object) -> object:
    if isinstance(value, str):
        return neutralized(value)
    if isinstance(value, float):
        return round(value, _FILE_DECIMALS) + 0.0 if format.known(value) else None  # adding zero makes -0.0 zero
    return value.isoformat() if isinstance(value, date) else value
