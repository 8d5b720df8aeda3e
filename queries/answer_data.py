"""An answer as plain data, for JSON."""

from __future__ import annotations

from queries.models import Answer, Row

ROW_COLUMNS = ("key", "group", "part", "value", "numerator", "denominator", "low", "high", "note")
_NOT_EXTRA = frozenset({*ROW_COLUMNS, "suppression"})


def as_data(answer: Answer) -> dict[str, object]:
    """Return an answer as plain data: its definition, and its rows, each with its date and delivery."""
    stamp = {"as_of": answer.as_of.isoformat(), "delivery": answer.delivery.id}
    return {
        "measure": answer.measure.id,
        "label": answer.measure.label,
        "definition": answer.measure.definition,
        "unit": answer.measure.unit,
        "by": answer.by,
        "status": answer.status,
        "note": answer.note,
        "is_synthetic": answer.delivery.is_synthetic,
        **stamp,
        "rows": [{**row_as_data(row), **stamp} for row in answer.rows],
    }


def row_as_data(row: Row) -> dict[str, object]:
    """Return a row as plain data: the fields of every row, and the others under "extra"."""
    extra = {name: value for name, value in vars(row).items() if name not in _NOT_EXTRA}
    return {**{name: getattr(row, name) for name in ROW_COLUMNS}, "extra": extra}
