"""The text alternative of a chart: its values in words. Its title and the line below it are text already, and are not repeated."""

from __future__ import annotations

from collections.abc import Sequence

from components.data_table import Table, cell_text

_MAX_ROWS = 12  # a year of months; all are read; of more, the first and the last
_FIRST_ROWS = 4
_MAX_COLUMNS = 3
# only in the table
_DETAILS = (
    "Counted", "With the outcome", "Out of", "Rests on", "Rate or share", "Compared with", "95% from", "95% to", "Reliability", "Note",
)  # fmt: skip


def text_alternative(table: Table) -> str:
    """Return the values of a chart in words, as in "Chart of Residents enrolled. Healthcare: 3,204; Manufacturing: 2,110".

    Args:
        table: The table behind the chart, with the name of each row in the first column.
    """
    names = [*table.columns]
    columns = [i for i, name in enumerate(names) if i and name not in _DETAILS][:_MAX_COLUMNS]
    values = zip(*(table.columns[names[i]] for i in (0, *columns)), strict=True)
    rows = [_row(row, [names[i] for i in columns], table) for row in values]
    if len(rows) > _MAX_ROWS:
        more = f"{len(rows) - _FIRST_ROWS - 1} more in the data"
        rows = [*rows[:_FIRST_ROWS], more, f"last, {rows[-1]}"]
    subject = ", ".join(names[i] for i in columns)
    if not rows:
        return f"Chart of {subject}, without values." if subject else "Chart without values."
    return f"Chart of {subject}. {'; '.join(rows)}."


def _row(row: Sequence[object], names: list[str], table: Table) -> str:
    cells = [
        cell_text(value, unit=table.units.get(name), missing=table.missing)
        for name, value in zip(names, row[1:], strict=True)
    ]
    texts = cells if len(names) == 1 else [f"{name} {text}" for name, text in zip(names, cells, strict=True) if text]
    return f"{cell_text(row[0], unit=None, missing=table.missing)}: {', '.join(filter(None, texts))}"
