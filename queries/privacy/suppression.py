"""Small counts: what a protected reader gets in place of a count from 1 to `min_count` - 1, in every answer.

A row is shown or hidden with all its numbers. It is hidden if a count of people that it shows or reveals (the failures
of a rate, the people behind a median or a cost) is small, or if a hidden row of the same answer could be computed from it
and a shown total. Zero and large counts are shown. Each calculator declares what its rows count
(`queries.calculators.registry.Disclosure`); an undeclared field fails at import.

This module looks at one answer. It does not yet stop a reader from subtracting answers of different filters, dates or
deliveries. Whatever does will stand between `protect` and `ask`, which knows reader, scope and rows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from queries.access.rights import WITHHELD, View
from queries.calculators.registry import Counts, Disclosure, Separate, calculator_of, totals_by_key
from queries.context import QueryContext
from queries.disclosure import Role, roles_of
from queries.models import ComparedRow, Row, Suppression
from queries.privacy.patterns import Cell, exposed, hidden, is_small
from queries.scope import PERIODS
from queries.verdicts import as_family

R = TypeVar("R", bound=Row)
SIDE = " on one side"
CALENDAR_PERIODS = PERIODS[:-1]
NOT_ROUNDED = frozenset({"numerator", "denominator"})
_NOTES: Mapping[Suppression, str] = {
    Suppression.SECONDARY: "hidden to protect a smaller number",
    Suppression.UNSPECIFIED: "too few to show apart",
    Suppression.WITHHELD: WITHHELD,
    Suppression.UNDECLARED: "not shown to this role",
}


def note_of(suppression: Suppression, min_count: int) -> str:
    """Return the note of a hidden row: "fewer than 10"."""
    return f"fewer than {min_count}" if suppression is Suppression.PRIMARY else _NOTES[suppression]


def is_hidden(row: Row) -> bool:
    """Return whether a row's numbers are hidden from this reader, and not merely missing."""
    return row.suppression is not None


def protect(context: QueryContext, rows: Sequence[R], view: View) -> list[R]:
    """Return the rows as their reader may see them, in their order.

    Args:
        context: The question; its scope names the reader.
        rows: The rows as computed.
        view: The reader's rights, from `queries.access.rights.view`.
    """
    viewer = context.scope.viewer
    if viewer is None or not view.is_protected:
        return list(rows)
    disclosure: Disclosure[R] | None = calculator_of(context.measure).disclosure_of(context.measure)
    if disclosure is None:
        return [_without_numbers(row, Suppression.UNDECLARED, viewer.min_count, frozenset()) for row in rows]
    return _Protection(context, view, disclosure, viewer.min_count).apply(rows)


def _without_numbers(row: R, suppression: Suppression, min_count: int, stays: Iterable[str]) -> R:
    """Return the row with what counts nobody."""
    keep = {name for name, role in roles_of(type(row)).items() if role is Role.PUBLIC}.union(stays)
    shown = {name: getattr(row, name) for name in keep}
    return type(row)(**shown | {"value": None, "note": note_of(suppression, min_count), "suppression": suppression})


@dataclass(frozen=True)
class _Protection(Generic[R]):
    """The protection of one answer for one reader."""

    context: QueryContext
    view: View
    disclosure: Disclosure[R]
    min_count: int

    def apply(self, rows: Sequence[R]) -> list[R]:
        """Return the rows as the reader may see them."""
        reasons, totals = self._reasons(rows)
        shown = list(rows)
        for at, reason in reasons.items():
            shown[at] = self._hide(rows[at], reason)
            if reason is Suppression.PRIMARY and totals[at] >= self.min_count:
                shown[at] = replace(shown[at], note=f"{shown[at].note}{SIDE}")
        shown = [self._hide(row, Suppression.WITHHELD) if row.key in self.view.withheld else row for row in shown]
        for separate in self.disclosure.separate:
            shown = self._without_separate(rows, shown, separate)
        if self.disclosure.clear is not None:
            shown = self.disclosure.clear(self.context, shown)
        shown = _judged_again(self._without_revealing(shown))
        shown = [self._rounded(row) for row in self._without_pooled(shown)]
        return self._with_cumulative(rows, shown, reasons)

    def _hide(self, row: R, suppression: Suppression) -> R:
        return _without_numbers(row, suppression, self.min_count, self.disclosure.stays)

    def _reasons(self, rows: Sequence[R]) -> tuple[Mapping[int, Suppression], Sequence[float]]:
        """Return which rows are hidden and why, and how many people each row counts."""
        rule = self.disclosure
        if rule.people_behind is not None:
            people = rule.people_behind(self.context)
            cells = [self._cell(row, (row.value,), tuple(totals_by_key(self.context, row))) for row in people]
            by_key = {people[at].key: reason for at, reason in hidden(cells, self.min_count).items()}
            return {at: by_key[row.key] for at, row in enumerate(rows) if row.key in by_key}, [0] * len(rows)
        counts = rule.counts_of_all(self.context, rows) if rule.counts_of_all else [rule.counts_in(row) for row in rows]
        cells = self._cells(rows, counts)
        return hidden(cells, self.min_count), [sum(cell.counts) for cell in cells]

    def _cells(self, rows: Sequence[R], counts: Sequence[Counts]) -> list[Cell]:
        return [
            self._cell(row, row_counts, tuple(self.disclosure.totals(self.context, row)))
            for row, row_counts in zip(rows, counts, strict=True)
        ]

    def _cell(self, row: Row, counts: Counts, lines: tuple[Hashable, ...]) -> Cell:
        return Cell(
            tuple(round(count or 0) for count in counts),
            lines,
            is_open=row.key in self.view.exempt,
            is_gone=row.key in self.view.withheld,
        )

    def _without_separate(self, rows: Sequence[R], shown: Sequence[R], separate: Separate[R]) -> list[R]:
        """Remove fields that are small by themselves, and as many others of them as it takes to protect them."""
        cells = self._cells(rows, [separate.counts(row) for row in rows])
        cells = [replace(cell, is_gone=is_hidden(row)) for cell, row in zip(cells, shown, strict=True)]
        small = hidden(cells, self.min_count)
        removed: dict[str, Any] = dict.fromkeys(separate.fields)
        return [replace(row, **removed) if at in small and not is_hidden(row) else row for at, row in enumerate(shown)]

    def _without_revealing(self, rows: Sequence[R]) -> list[R]:
        """Hide the rows of parts that would reveal a hidden row of another part."""
        parts = self.disclosure.revealing_parts
        gone = {(row.group, parts.get(row.part or ""), _place(row)) for row in rows if is_hidden(row)}
        return [
            self._hide(row, Suppression.SECONDARY)
            if row.part and (row.group, row.part, _place(row)) in gone and not is_hidden(row)
            else row
            for row in rows
        ]

    def _without_pooled(self, rows: Sequence[R]) -> list[R]:
        """Remove fields that pool all rows of a group and part if one of the rows is hidden."""
        gone = {(row.group, row.part) for row in rows if is_hidden(row)}
        removed: dict[str, Any] = dict.fromkeys(self.disclosure.pooled)
        if not removed:
            return list(rows)
        return [replace(row, **removed) if (row.group, row.part) in gone else row for row in rows]

    def _rounded(self, row: R) -> R:
        """Round the numbers to the decimals of the rule."""
        decimals = self.disclosure.decimals
        if decimals is None or row.value is None:
            return row
        names = [name for name in roles_of(type(row)) if name not in NOT_ROUNDED]
        values = {name: getattr(row, name) for name in names}
        rounded: dict[str, Any] = {
            name: round(value, decimals) for name, value in values.items() if isinstance(value, float)
        }
        return replace(row, **rounded)

    def _with_cumulative(self, rows: Sequence[R], shown: Sequence[R], reasons: Mapping[int, Suppression]) -> list[R]:
        """Add the cumulative sum of periods, oldest first, where it reveals no small count.

        It is shown where what is hidden since it was last shown, and what is hidden later, are each too many.
        """
        if not self.disclosure.adds_up_over_time or self.context.by not in CALENDAR_PERIODS:
            return list(shown)
        values = [round(row.value or 0) for row in rows]
        since: list[int] = []
        total, result = 0, []
        for at, row in enumerate(shown):
            total += values[at]
            since += [at] if at in reasons else []
            later = [other for other in reasons if other > at]
            is_shown = (
                total >= self.min_count
                and self._is_safe(since, values, reasons)
                and self._is_safe(later, values, reasons)
            )
            since = [] if is_shown else since
            cumulative: dict[str, Any] = {"cumulative": total if is_shown else None}
            result.append(replace(row, **cumulative))
        return result

    def _is_safe(self, places: Sequence[int], values: Sequence[int], reasons: Mapping[int, Suppression]) -> bool:
        """Return whether the sum of some hidden periods may be shown."""
        if not places:
            return True
        total = sum(values[at] for at in places)
        cells = [(Cell((values[at],)), reasons[at]) for at in places]
        return not is_small(total, self.min_count) and not exposed(cells, self.min_count)


def _judged_again(rows: Sequence[R]) -> list[R]:
    """Judge the rows as one family of those shown: a p-value adjusted for hidden rows would tell about them."""
    judged = iter(as_family([row for row in rows if isinstance(row, ComparedRow)]))
    return [next(judged, row) if isinstance(row, ComparedRow) else row for row in rows]


def _place(row: Row) -> str | None:
    """Return the key of a row, unless it is its group or its part."""
    return None if row.key in (row.group, row.part) else row.key
