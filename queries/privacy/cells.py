"""The cells of an answer: the counts of people behind each row, and the totals that the row is part of."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from queries.access.rights import View
from queries.calculators.registry import Counts, Disclosure
from queries.context import QueryContext
from queries.models import Row
from queries.privacy.absent import Surroundings, with_every_name
from queries.privacy.patterns import Cell
from queries.privacy.rule import Rule

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class CellBuilder(Generic[R]):
    """Makes the cells of one answer for one reader."""

    context: QueryContext
    view: View
    disclosure: Disclosure[R]
    rule: Rule
    surroundings: Surroundings

    @classmethod
    def of(cls, context: QueryContext, view: View, disclosure: Disclosure[R], rule: Rule) -> Self:
        """Return the builder for the answer to a question."""
        return cls(context, view, disclosure, rule, Surroundings(context, rule.large))

    def build(self, computed: Sequence[R]) -> tuple[list[R], list[Cell]]:
        """Return the rows, with one for every name, and their cells."""
        rule = self.disclosure
        rows = list(computed)
        if rule.people_behind is None:
            # an answer without rows would say that nobody is there: where a few are, it has hidden ones
            every_name = with_every_name(self.context, rows)
            rows = every_name if any(rule.counts_in(row) for row in rows or every_name) else rows
        counts = rule.counts_of_all(self.context, rows) if rule.counts_of_all else [rule.counts_in(row) for row in rows]
        cells = [
            cell._replace(counts=cell.counts + self._nobody_and_everybody(row), is_thin=self._is_thin(row))
            for cell, row in zip(self.cells(rows, counts), rows, strict=True)
        ]
        return rows, cells

    def cells(self, rows: Sequence[R], counts: Sequence[Counts]) -> list[Cell]:
        """Return the cells of rows with these counts."""
        return [
            self.cell(row, row_counts, tuple(self.disclosure.totals(self.context, row)))
            for row, row_counts in zip(rows, counts, strict=True)
        ]

    def cell(self, row: Row, counts: Counts, lines: tuple[Hashable, ...]) -> Cell:
        """Return one cell. Zeros that may not be shown become ones, so that they are hidden as small."""
        is_hidden_zero = bool(counts) and not any(counts) and not self.surroundings.may_show_zero(row)
        return Cell(
            tuple(1 if is_hidden_zero else round(count or 0) for count in counts),
            lines,
            is_open=row.key in self.view.exempt,
            is_gone=row.key in self.view.withheld,
            values=tuple(round(count or 0) for count in counts),
        )

    def _nobody_and_everybody(self, row: R) -> tuple[int, ...]:
        """Return successes and failures of each rate; in small groups one in place of none, so that they are hidden."""
        result: list[int] = []
        for successes, trials in self.disclosure.rates_in(row):
            least = 1 if 0 < trials < self.rule.large else 0
            result += [max(round(successes), least), max(round(trials - successes), least)]
        return tuple(result)

    def _is_thin(self, row: R) -> bool:
        """Return whether a statistic of the row rests on too few people."""
        rates = self.disclosure.rates_in(row)
        bases = [trials for _, trials in rates] + [getattr(row, name) or 0 for name in self.disclosure.bases]
        return any(0 < base < self.rule.min_denominator for base in bases) or any(
            successes < self.rule.min_numerator for successes, trials in rates if trials
        )
