"""One pattern of hidden cells for all questions of the release family about one measure.

The same count of people is part of several answers: residents of Eastern in Healthcare stand in a breakdown by sector, in one by
region, and by themselves. So which cells are hidden is decided once for each table of one or two dimensions, coarser tables
first, and every answer looks its rows up. A finer table knows which of its totals are hidden.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from queries.calculators.gap_by_step import STEPS
from queries.calculators.registry import calculator_of
from queries.context import QueryContext
from queries.dimensions import DIMENSIONS
from queries.models import Row
from queries.periods import days_of, key_of
from queries.privacy.cycles import with_rectangles
from queries.privacy.family import counts_people, stem_of
from queries.privacy.patterns import Reason, hidden
from queries.privacy.rule import Rule
from queries.privacy.tables import PERIODS, Address, Table, address_of
from queries.registry import measures

_TYPES = frozenset({"counted", "gone_on"})


def has_joint_pattern(context: QueryContext) -> bool:
    """Return whether a question is of the family, about a measure whose rows are single cells."""
    if context.measure.type not in _TYPES or not counts_people(context.measure):
        return False
    if context.by not in (None, *DIMENSIONS, *PERIODS) or (context.by == "group" and context.scope.group):
        return False
    period = _period_of(context)
    if period is None and (context.scope.since or context.scope.until):
        return False
    names = set(_filters(context)) | ({context.by} if context.by else set()) | ({period[0]} if period else set())
    return len(names.difference(PERIODS)) <= (1 if names.intersection(PERIODS) else 2)


def _filters(context: QueryContext) -> dict[str, str]:
    values = {name: getattr(context.scope, name) for name, dimension in DIMENSIONS.items() if dimension.filters}
    return {name: str(value) for name, value in values.items() if value is not None}


def _values(context: QueryContext, key: str) -> dict[str, str]:
    """Return the dimensions of one row and their values; of two periods, the shorter."""
    values = _filters(context) | ({context.by: key} if context.by else {})
    period = _period_of(context)
    if period and not ("quarter" in values or (period[0] == context.by)):
        values.pop("fiscal_year", None)
        values[period[0]] = period[1]
    return values


def _period_of(context: QueryContext) -> tuple[str, str] | None:
    since, until = context.scope.since, context.scope.until
    if since is None:
        return None
    keys = ((kind, key_of(since, kind)) for kind in PERIODS)
    return next(((kind, key) for kind, key in keys if days_of(key, kind) == (since, until)), None)


@dataclass(frozen=True)
class JointPattern:
    """The hidden cells of one measure, the same for all protected readers, who may tell each other what they see.

    Attributes:
        context: The measure, without filters.
        rule: The limits.
    """

    context: QueryContext
    rule: Rule

    @classmethod
    def of(cls, context: QueryContext, rule: Rule) -> JointPattern:
        """Return the pattern that a question's rows are looked up in."""
        stem = context.other(stem_of(context.measure), by=None)
        closed: dict[str, None] = dict.fromkeys(_filters(context))
        scope = stem.scope.but(**closed, since=None, until=None, viewer=None)
        return cls(replace(stem, scope=scope), rule)

    def reasons(self, context: QueryContext, rows: Sequence[Row]) -> dict[int, Reason]:
        """Return which rows of an answer are hidden and why."""
        reasons = ((at, self.reason(address_of(_values(context, row.key)))) for at, row in enumerate(rows))
        return {at: reason for at, reason in reasons if reason is not None}

    def reason(self, address: Address) -> Reason | None:
        """Return why a cell is hidden; None if it is not."""
        return self.solved(_names(address)).get(address)

    def solved(self, names: tuple[str, ...]) -> Mapping[Address, Reason]:
        """Return the hidden cells of the table of some dimensions; a group is named with its id: "group=veteran"."""
        key = ("joint pattern", (self.context.measure.id, self.context.as_of, names, self.rule))
        return self.context.store.get_or_compute(key, lambda: self._solve(names))

    def _solve(self, names: tuple[str, ...]) -> Mapping[Address, Reason]:
        cells = Table(self.context, self.rule, names).cells()
        lines: dict[Address, set[Hashable]] = {}
        hidden_totals: set[Hashable] = set()
        for address in cells:
            for line, total in _lines(address):
                lines.setdefault(address, set()).add(line)
                if self.reason(total) is not None:
                    hidden_totals.add(line)
        addresses = list(cells)
        placed = [replace(cells[address], lines=tuple(lines.get(address, ()))) for address in addresses]
        by_line = hidden(placed, self.rule.min_count, hidden_totals)
        reasons = {addresses[at]: reason for at, reason in by_line.items()}
        is_grid = len(names) == 2 and not any(name.startswith("group=") for name in names)
        return with_rectangles(cells, reasons, self.rule.min_count) if is_grid and reasons else reasons


def _names(address: Address) -> tuple[str, ...]:
    """Return the table that a cell is in."""
    return tuple(f"group={value}" if name == "group" else name for name, value in address)


def linked_reasons(context: QueryContext, rows: Sequence[Row], rule: Rule) -> dict[int, Reason]:
    """Return which rows about groups show the sides of a count or rate that is hidden in another answer."""
    result = {}
    patterns: dict[str, JointPattern] = {}
    for at, row in enumerate(rows):
        base = _base_of(context, row)
        if base is None or row.group is None:
            continue
        by = context.by_place or calculator_of(context.measure).default_by
        values = {name: value for name, value in _filters(context).items() if name != "group"}
        values |= {"group": row.group} | ({by: row.key} if by else {})
        is_known = set(values) <= {*DIMENSIONS, *PERIODS} and not (context.scope.since or context.scope.until)
        if is_known and len(values) <= 2:
            if base not in patterns:
                patterns[base] = JointPattern.of(context.other(base, by=None), rule)
            if patterns[base].reason(address_of(values)) is not None:
                result[at] = Reason.SECONDARY
    return result


def _base_of(context: QueryContext, row: Row) -> str | None:
    """Return the measure whose sides a row about a group shows; None for rows that show none."""
    if context.measure.agg == "participation" or row.part == "applied":
        base = "residents_applied" if row.part == "applied" else context.measure.fact
    else:
        base = STEPS.get(row.part or "", row.part or "")
    return base if base in measures() and measures()[base].type in _TYPES else None


def _lines(address: Address) -> Iterator[tuple[Hashable, Address]]:
    """Yield the lines that a cell is part of, each with the cell that is its total. Groups overlap: they add up to nothing."""
    values = dict(address)
    for name, value in address:
        if name == "group":
            continue
        rest = {other: values[other] for other in values if other != name}
        if name == "quarter":
            rest["fiscal_year"] = key_of(days_of(value, "quarter")[0], "fiscal_year")
        total = address_of(rest)
        yield (name, total), total
