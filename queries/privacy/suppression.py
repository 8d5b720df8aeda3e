"""Small counts: what a protected reader gets in place of a count from 1 to `min_count` - 1, in every answer.

A row is shown or hidden with all its numbers. It is hidden if a count of people that it shows or reveals (the failures
of a rate, the people behind a median or a cost) is small, if a statistic rests on too few people, if it would tell that
nobody or everybody in a small group did something, or if a hidden row of the same answer could be computed from it and a
shown total. All of these read the same. Each calculator declares what its rows count
(`queries.calculators.registry.Disclosure`); an undeclared field fails at import. The limits are in rule.toml.

This module looks at one answer. Which questions a protected reader can ask at all is in `queries.privacy.family`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Generic, TypeVar

from queries.access.rights import WITHHELD, View
from queries.calculators.registry import Disclosure, Separate, calculator_of, totals_by_key
from queries.context import QueryContext
from queries.disclosure import Role, roles_of
from queries.models import ComparedRow, Row, Suppression
from queries.privacy.cells import CellBuilder
from queries.privacy.family import counts_people
from queries.privacy.held import with_earlier_rows
from queries.privacy.joint import JOINT_TYPES, JointPattern, address_in, has_joint_pattern, linked_reasons, releases
from queries.privacy.links import linked_in_quarter, linked_to
from queries.privacy.patterns import Cell, Reason, hidden
from queries.privacy.rule import Rule, rule_for
from queries.privacy.running_totals import known_totals
from queries.scope import PERIODS
from queries.verdicts import as_family

R = TypeVar("R", bound=Row)
CALENDAR_PERIODS = PERIODS[:-1]
_COMPARISONS = frozenset({"p_adjusted", "compared"})
HIDDEN = "hidden for privacy"
_NOTES: Mapping[Suppression, str] = {
    Suppression.PRIVACY: HIDDEN,
    Suppression.WITHHELD: WITHHELD,
    Suppression.UNDECLARED: "not shown to this role",
}


def is_hidden(row: Row) -> bool:
    """Return whether a row's numbers are hidden from this reader, and not merely missing."""
    return row.suppression is not None


def protect(context: QueryContext, rows: Sequence[R], view: View) -> list[R]:
    """Return the rows as their reader may see them, in an order that does not depend on their numbers.

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
        return [_without_numbers(row, Suppression.UNDECLARED, frozenset()) for row in rows]
    return _Protection(context, view, CellBuilder.of(context, view, disclosure, rule_for(viewer))).apply(rows)


def _without_numbers(row: R, suppression: Suppression, stays: Iterable[str]) -> R:
    """Return the row with what counts nobody."""
    keep = {name for name, role in roles_of(type(row)).items() if role is Role.PUBLIC}.union(stays)
    shown = {name: getattr(row, name) for name in keep}
    return type(row)(**shown | {"value": None, "note": _NOTES[suppression], "suppression": suppression})


@dataclass(frozen=True)
class _Protection(Generic[R]):
    """The protection of one answer for one reader."""

    context: QueryContext
    view: View
    cells: CellBuilder[R]

    @property
    def disclosure(self) -> Disclosure[R]:
        """How the rows count people."""
        return self.cells.disclosure

    @property
    def rule(self) -> Rule:
        """The limits for the reader."""
        return self.cells.rule

    def apply(self, computed: Sequence[R]) -> list[R]:
        """Return the rows as the reader may see them."""
        computed, gone = with_earlier_rows(self.context, computed, self.rule, self.view.exempt)
        rows, cells = self.cells.build(computed)
        if not rows:
            return []
        reasons = {at: Reason.SECONDARY for at, row in enumerate(rows) if row.key in gone}
        reasons |= self._reasons(rows, cells)
        shown = [self._hide(row) if at in reasons else row for at, row in enumerate(rows)]
        shown = [self._hide(row, Suppression.WITHHELD) if row.key in self.view.withheld else row for row in shown]
        if any(map(is_hidden, shown)) and self.disclosure.shares_out(self.context):
            shown = [row if is_hidden(row) else self._hide(row) for row in shown]
        for separate in self.disclosure.separate:
            shown = self._without_separate(rows, shown, separate)
        if self.disclosure.clear is not None:
            shown = self.disclosure.clear(self.context, shown)
        shown = _judged_again(self._without_comparisons(self._without_revealing(shown)))
        shown = [self._rounded(row) for row in self._without_everyone(self._without_pooled(shown))]
        return self._with_cumulative(rows, shown, reasons.keys())

    def _hide(self, row: R, suppression: Suppression = Suppression.PRIVACY) -> R:
        return _without_numbers(row, suppression, self.disclosure.stays)

    def _reasons(self, rows: Sequence[R], cells: Sequence[Cell]) -> Mapping[int, Reason]:
        """Return which rows are hidden and why."""
        if has_joint_pattern(self.context):
            # no answer relies on the pattern by itself to hide a small count that it shows
            return {**self._by_itself(rows, cells), **self._in_pattern(self.context, rows)}
        has_pattern = self.context.measure.type in JOINT_TYPES  # then it is shown in the pattern, or not at all
        if counts_people(self.context.measure) and (has_pattern or not releases(self.context)):
            return {at: Reason.SECONDARY for at, row in enumerate(rows) if row.key not in self.view.exempt}
        reasons = self._by_itself(rows, cells)
        if people := linked_to(self.context):
            for each in filter(has_joint_pattern, people):
                linked = JointPattern.of(each, self.rule).reasons_of_linked(each, rows)
                reasons = {**self._not_exempt(linked, rows), **reasons}
            return reasons
        if calculator_of(self.context.measure).is_about_groups:
            return {**self._not_exempt(linked_reasons(self.context, rows, self.rule), rows), **reasons}
        return reasons

    def _in_pattern(self, context: QueryContext, rows: Sequence[R]) -> Mapping[int, Reason]:
        """Return which rows are hidden in the pattern over all answers; a director's region is exact."""
        return self._not_exempt(JointPattern.of(context, self.rule).reasons(context, rows), rows)

    def _not_exempt(self, reasons: Mapping[int, Reason], rows: Sequence[R]) -> Mapping[int, Reason]:
        return {at: reason for at, reason in reasons.items() if rows[at].key not in self.view.exempt}

    def _by_itself(self, rows: Sequence[R], cells: Sequence[Cell]) -> Mapping[int, Reason]:
        """Return which rows are hidden to protect this answer by itself."""
        if self.disclosure.people_behind is None:
            return hidden(cells, self.rule.min_count)
        people = self.disclosure.people_behind(self.context)
        behind = [self.cells.cell(row, (row.value,), tuple(totals_by_key(self.context, row))) for row in people]
        by_key = {people[at].key: reason for at, reason in hidden(behind, self.rule.min_count).items()}
        return {at: by_key[row.key] for at, row in enumerate(rows) if row.key in by_key}

    def _without_separate(self, rows: Sequence[R], shown: Sequence[R], separate: Separate[R]) -> list[R]:
        """Remove fields that are small by themselves, and as many others of them as it takes to protect them.

        The pattern does not cover these fields: where one dimension or period is chosen, another answer would show what this one
        hides. So only the state's, for all time, can be shown.
        """
        cells = self.cells.cells(rows, [separate.counts(row) for row in rows])
        cells = [cell._replace(is_gone=is_hidden(row)) for cell, row in zip(cells, shown, strict=True)]
        small = set(hidden(cells, self.rule.min_count))
        if has_joint_pattern(self.context):
            small |= {at for at, row in enumerate(rows) if address_in(self.context, row.key)}
        if separate.is_of_quarter and not all(map(self._is_exact, linked_in_quarter(self.context))):
            small |= set(range(len(rows)))
        removed: dict[str, Any] = dict.fromkeys(separate.fields)
        return [
            replace(row, **removed) if at in small and row.key not in self.view.exempt and not is_hidden(row) else row
            for at, row in enumerate(shown)
        ]

    def _without_revealing(self, rows: Sequence[R]) -> list[R]:
        """Hide the rows of parts that would reveal a hidden row of another part."""
        parts = self.disclosure.revealing_parts
        gone = {(row.group, parts.get(row.part or ""), _place(row)) for row in rows if is_hidden(row)}
        return [
            self._hide(row) if row.part and (row.group, row.part, _place(row)) in gone and not is_hidden(row) else row
            for row in rows
        ]

    def _without_comparisons(self, rows: Sequence[R]) -> list[R]:
        """Remove what was adjusted for comparisons that the reader does not see: hidden rows, and groups outside the filter."""
        if not any(is_hidden(row) for row in rows) and not self.context.scope.group:
            return list(rows)
        removed: dict[str, Any] = dict.fromkeys(_COMPARISONS.intersection(roles_of(type(rows[0]))))
        return [replace(row, **removed) for row in rows]

    def _without_pooled(self, rows: Sequence[R]) -> list[R]:
        """Remove fields that pool all rows of a group and part if one of the rows is hidden."""
        gone = {(row.group, row.part) for row in rows if is_hidden(row)}
        removed = dict.fromkeys(self.disclosure.pooled)
        return [row.but(**removed) if (row.group, row.part) in gone else row for row in rows]

    def _without_everyone(self, rows: Sequence[R]) -> list[R]:
        """Remove fields about everyone under the filters where the answer in total is hidden."""
        people = linked_to(self.context)
        removed = dict.fromkeys(self.disclosure.of_everyone)
        everyone = (replace(each, by=None, scope=each.scope.but(provider=None)) for each in people)
        if not removed or all(map(self._is_exact, everyone)):
            return list(rows)
        return [row.but(**removed) for row in rows]

    def _is_exact(self, total: QueryContext) -> bool:
        """Return whether protected readers see a total as the delivery on screen has it."""
        return JointPattern.of(total, self.rule).is_exact(address_in(total, "Total"))

    def _rounded(self, row: R) -> R:
        """Round the numbers to the decimals of the rule."""
        decimals = self.disclosure.decimals
        if decimals is None:
            return row
        values = {name: getattr(row, name) for name in roles_of(type(row))}
        rounded: dict[str, Any] = {
            name: round(value, decimals) for name, value in values.items() if isinstance(value, float)
        }
        return replace(row, **rounded)

    def _with_cumulative(self, rows: Sequence[R], shown: Sequence[R], hidden: Collection[int]) -> list[R]:
        """Add the cumulative sum of periods, oldest first, where it follows from what is shown."""
        if not self.disclosure.adds_up_over_time or self.context.by not in CALENDAR_PERIODS:
            return list(shown)
        known = known_totals(self.context, rows, hidden, self.rule)
        totals = accumulate(round(row.value or 0) for row in rows)
        return [
            row.but(cumulative=total if is_known and total >= self.rule.min_count else None)
            for row, total, is_known in zip(shown, totals, known, strict=True)
        ]


def _judged_again(rows: Sequence[R]) -> list[R]:
    """Judge the rows as one family of those shown: a p-value adjusted for hidden rows would tell about them."""
    judged = iter(as_family([row for row in rows if isinstance(row, ComparedRow)]))
    return [next(judged, row) if isinstance(row, ComparedRow) else row for row in rows]


def _place(row: Row) -> str | None:
    """Return the key of a row, unless it is its group or its part."""
    return None if row.key in (row.group, row.part) else row.key
