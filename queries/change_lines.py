"""A change between two deliveries as the lines that the command line prints, and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from queries.answer_data import filters_line
from queries.change import MEANINGS, REVISIONS, Change, ChangedRow, PartKind, behind
from queries.changed import MOST_ROWS

_NUMBERS = 16  # width of the column of numbers


def as_lines(change: Change, rows: Sequence[ChangedRow] = ()) -> str:
    """Return the two totals with the parts between them, then the rows behind each part."""
    synthetic = " · synthetic data" * change.now.is_synthetic
    lines = [
        f"{change.measure.label}: {change.measure.definition}",
        f"{filters_line(change.scope)}{synthetic}",
        *([change.note] if change.note else []),
    ]
    if change.previous is None or change.current is None:
        return "\n".join(lines)
    numbers = [(f"Delivery {change.before.id}, as of {change.before_as_of}", f"{_number(change.previous)}", "")]
    for part in change.parts:
        detail = f"({_number(part.added)} in, {_number(part.removed)} out)" if part.added and part.removed else ""
        numbers.append((f"  {change.label(part.kind)}", f"{_number(part.change, sign=True)}", detail))
    numbers.append((f"Delivery {change.now.id}, as of {change.as_of}", f"{_number(change.current)}", ""))
    width = max(len(label) for label, _, _ in numbers)
    lines += [f"{label:<{width}}{number:>{_NUMBERS}}  {detail}".rstrip() for label, number, detail in numbers]
    return "\n".join([*lines, *_why_lines(change), *_row_lines(change, rows)])


def as_data(change: Change, rows: Sequence[ChangedRow] = ()) -> dict[str, object]:
    """Return a change as plain data."""
    return {
        "measure": change.measure.id,
        "label": change.measure.label,
        "unit": change.measure.unit,
        "status": change.status,
        "note": change.note,
        "is_synthetic": change.now.is_synthetic,
        "filters": dict(change.scope.filters),
        "from": change.scope.since,
        "to": change.scope.until,
        "before": {"delivery": change.before.id, "as_of": change.before_as_of, "value": plain_number(change.previous)},
        "now": {"delivery": change.now.id, "as_of": change.as_of, "value": plain_number(change.current)},
        "parts": [
            {
                "kind": part.kind, "label": change.label(part.kind), "added": plain_number(part.added), "removed": plain_number(part.removed),
                "means": MEANINGS[part.kind], "behind": behind(change, part.kind),
            }
            for part in change.parts
        ],
        "causes": [vars(cause) for cause in change.causes],
        "rows": [vars(row) | {"change": plain_number(row.change)} for row in rows],
    }  # fmt: skip


def _why_lines(change: Change) -> list[str]:
    """Say what each part means and what stands behind it."""
    whys = [" ".join(filter(None, (MEANINGS[part.kind], behind(change, part.kind)))) for part in change.parts]
    lines = [f"  {change.label(part.kind)}: {why}" for part, why in zip(change.parts, whys, strict=True)]
    return ["", "Why", *lines] if lines else []


def _row_lines(change: Change, rows: Sequence[ChangedRow]) -> list[str]:
    lines = []
    for kind in (*REVISIONS, PartKind.ENDED, PartKind.NEW):
        behind = [row for row in rows if row.kind is kind]
        if not behind:
            continue
        is_cut = f", the first {MOST_ROWS:,}" if len(behind) == MOST_ROWS else ""
        lines += ["", f"{change.label(kind)}{is_cut}"]
        for row in behind:
            why = row.reasons or (f"differs in {row.columns}" if row.columns else "")
            lines.append(f"  {row.id}  {_number(row.change, sign=True)}  {why}".rstrip())
    return lines


def _number(value: Decimal, *, sign: bool = False) -> str:
    text = f"{value:+,.2f}" if sign else f"{value:,.2f}"
    return text.removesuffix(".00")


def plain_number(value: Decimal | None) -> float | int | None:
    """Return a number as a float, or as an int where it is whole."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
