"""The pattern of hidden cells that publishing stored with the delivery (queries/privacy/release.py): every answer looks its rows up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from queries.calculators.gap_places import LEVELS
from queries.calculators.plan_goal import SHARE
from queries.calculators.registry import calculator_of
from queries.context import QueryContext
from queries.dimensions import DIMENSIONS
from queries.models import Row
from queries.privacy.earlier import text_of
from queries.privacy.family import counts_people, stem_of
from queries.privacy.patterns import Reason
from queries.privacy.rule import Rule
from queries.privacy.tables import PERIODS, Address, address_of, names_of, period_of, tables_of
from queries.registry import measures
from queries.scope import STEPS

JOINT_TYPES = frozenset({"counted", "gone_on", "support_sides", "supports", "undated"})
TOTALS_ONLY = "To protect residents’ privacy, your role sees at most the statewide total for all time of this measure in this delivery."
_HELD = (
    "select cell, delivery from decided_cells where stem = $stem and dimensions = $dimensions and delivery is not null"
)
_HIDDEN = "select cell from hidden_cells where stem = $stem and dimensions = $dimensions"


def has_joint_pattern(context: QueryContext) -> bool:
    """Return whether a question is of the family, about a measure whose rows are single cells."""
    if context.measure.type not in JOINT_TYPES or not counts_people(context.measure):
        return False
    if context.as_of != context.delivery.delivered_on:
        return False
    if context.by not in (None, *DIMENSIONS, *PERIODS):
        return False
    period = period_of(context.scope)
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
    period = period_of(context.scope)
    if period and not ("quarter" in values or (period[0] == context.by)):
        values.pop("fiscal_year", None)
        values[period[0]] = period[1]
    return values


def address_in(context: QueryContext, key: str) -> Address:
    """Return the cell that one row of an answer shows."""
    return address_of(_values(context, key))


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
        reasons = ((at, self.reason(address_in(context, row.key))) for at, row in enumerate(rows))
        return {at: reason for at, reason in reasons if reason is not None}

    def reasons_of_linked(self, context: QueryContext, rows: Sequence[Row]) -> dict[int, Reason]:
        """Return which rows are hidden of an answer that shows the people of this one: also those that keep an earlier number."""
        return {at: Reason.SECONDARY for at, row in enumerate(rows) if not self.is_exact(address_in(context, row.key))}

    def is_exact(self, address: Address) -> bool:
        """Return whether a cell is shown as the delivery on screen has it."""
        return self.reason(address) is None and self.held_from(address) is None

    def reason(self, address: Address) -> Reason | None:
        """Return why a cell is hidden; None if it is not. What the pattern does not cover is hidden."""
        names = names_of(address)
        if not address and not self.is_released:
            return None
        if not self.is_released or not self._has_table(names):
            return Reason.SECONDARY
        return Reason.SECONDARY if text_of(address) in self._hidden_in(names) else None

    def hides_some(self, values: Mapping[str, str]) -> bool:
        """Return whether a cell of the table with these dimensions is not shown as it is. Of the values, only a group's counts."""
        names = names_of(address_of(values))
        return (
            not (self.is_released and self._has_table(names))
            or bool(self._hidden_in(names))
            or bool(self._held_in(names))
        )

    def held_from(self, address: Address) -> str | None:
        """Return the earlier delivery whose number a cell keeps; None for most cells, and for hidden ones."""
        if not self.is_released or self.reason(address) is not None:
            return None
        return self._held_in(names_of(address)).get(text_of(address))

    @property
    def is_released(self) -> bool:
        """Whether the delivery has a pattern for this stem and these limits; if not, only statewide totals are shown."""
        return releases(self.context).get(self.context.measure.id) == self.rule.min_count

    def _held_in(self, names: tuple[str, ...]) -> Mapping[str, str]:
        """Return the earlier delivery of each cell of one table that keeps its state, hidden ones too."""
        parameters = {"stem": self.context.measure.id, "dimensions": ",".join(names)}
        store = self.context.store
        return store.get_or_compute(
            ("held cells", *parameters.values()),
            lambda: {str(row["cell"]): str(row["delivery"]) for row in store.run(_HELD, parameters)},
        )

    def _hidden_in(self, names: tuple[str, ...]) -> frozenset[str]:
        """Return the hidden cells of one table, as `text_of` writes them."""
        parameters = {"stem": self.context.measure.id, "dimensions": ",".join(names)}
        key = ("hidden cells", *parameters.values())
        return self.context.store.get_or_compute(
            key, lambda: frozenset(row["cell"] for row in self.context.store.run(_HIDDEN, parameters))
        )

    def _has_table(self, names: tuple[str, ...]) -> bool:
        key = ("tables of the family", self.context.measure.id)
        return names in self.context.store.get_or_compute(key, lambda: tables_of(self.context))


def releases(context: QueryContext) -> Mapping[str, int]:
    """Return the stems that the delivery shows to protected readers, each with the limit that it was solved for.

    Empty for a delivery from before there were patterns.
    """
    tables = context.store.rows("select table_name from information_schema.tables where table_name = 'decided_cells'")
    rows = context.store.rows("select stem, min_count from releases where is_released") if tables else []
    return {row["stem"]: row["min_count"] for row in rows}


def totals_only(context: QueryContext, rule: Rule) -> str | None:
    """Return a sentence for a protected reader if a measure is not released; None if it is."""
    if not counts_people(context.measure) or context.as_of != context.delivery.delivered_on:
        return None
    is_joint = context.measure.type in JOINT_TYPES
    is_released = JointPattern.of(context, rule).is_released if is_joint else bool(releases(context))
    return None if is_released else TOTALS_ONLY


def linked_reasons(context: QueryContext, rows: Sequence[Row], rule: Rule) -> dict[int, Reason]:
    """Return which rows about groups show the sides of a count or rate that is hidden in another answer."""
    result = {}
    patterns: dict[str, JointPattern] = {}
    for at, row in enumerate(rows):
        base = _base_of(context, row)
        if base is None or row.group is None:
            continue
        if base not in patterns:
            patterns[base] = JointPattern.of(context.other(base, by=None), rule)
        if _is_hidden(patterns[base], context, row):
            result[at] = Reason.SECONDARY
    return result


def _base_of(context: QueryContext, row: Row) -> str | None:
    """Return the measure whose sides a row about a group shows; None for rows that show none."""
    if context.measure.agg == "participation" or row.part == SHARE:
        return context.measure.fact
    base = "residents_applied" if row.part == "applied" else STEPS.get(row.part or "", row.part or "")
    candidates = (base, context.outcome or "", context.measure.fact)
    return next((each for each in candidates if each in measures() and measures()[each].type in JOINT_TYPES), None)


def _is_hidden(pattern: JointPattern, context: QueryContext, row: Row) -> bool:
    """Return whether a cell that a row about a group shows, or is computed from, is hidden."""
    filters = {name: value for name, value in _filters(context).items() if name != "group"}
    values = filters | {"group": row.group or ""}
    is_by_level = context.measure.type == "decomposition" and context.by_place is None
    if row.part and (is_by_level or context.measure.type == "gap_parts"):
        depth = LEVELS.index(row.part) + 1 if row.part in LEVELS else len(LEVELS)
        levels = (row.part,) if is_by_level else LEVELS[:depth]
        is_dated = bool(context.scope.since or context.scope.until)
        return is_dated or any(pattern.hides_some({**values, level: ""}) for level in levels)
    by = context.by_place or calculator_of(context.measure).default_by
    period = period_of(context.scope)
    values |= ({by: row.key} if by else {}) | (dict([period]) if period and by not in PERIODS else {})
    is_free = period is None and bool(context.scope.since or context.scope.until)
    is_covered = set(values) <= {*DIMENSIONS, *PERIODS} and not is_free and len(values) <= 2
    return is_covered and not pattern.is_exact(address_of(values))
