"""The registry of calculators: one per type of measure, registered where it is defined.

A calculator is a function from a `QueryContext` to typed rows, declared with what the service, the access rules and the
disclosure rules need to know about it. `queries.calculators` imports every module of its folder, so that a new type
is a new file there and an entry in measures.toml.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any, Generic, TypeAlias, TypeVar

from queries.context import QueryContext
from queries.disclosure import Role, roles_of
from queries.models import AnswerStatus, Row, register_row_type
from queries.registry import Measure
from queries.scope import Goal

R = TypeVar("R", bound=Row)
Counts: TypeAlias = Sequence[float | None]
# Rates by the fields of their successes and trials: a row's own, and those of comparisons.
BASE_RATE = (("numerator", "denominator"),)
SIDE_RATES = (
    ("residents", "answered"),
    ("successes_in", "known_in"),
    ("successes_out", "known_out"),
    ("others_successes", "others_known"),
)
NO_SHARED_TOTAL = (None, "group")  # one row, or groups, which overlap: nothing can be subtracted from a total


def totals_by_key(context: QueryContext, row: Row) -> Iterable[Hashable]:
    """Return the totals a row is part of: rows of other keys add up with it, group by group and part by part."""
    return () if context.by in NO_SHARED_TOTAL else (("keys", row.group, row.part),)


@dataclass(frozen=True, kw_only=True)
class Separate(Generic[R]):
    """Fields that are hidden without the rest of their row.

    Attributes:
        fields: The fields to remove.
        counts: The counts of people they show or reveal.
        is_of_quarter: Whether they count people of the present quarter: shown where the people are whom the measure is linked to.
    """

    fields: tuple[str, ...]
    counts: Callable[[R], Counts]
    is_of_quarter: bool = False


@dataclass(frozen=True, kw_only=True)
class Disclosure(Generic[R]):
    """How the rows of a calculator count people, beyond the roles of their fields.

    Attributes:
        counts: Every count of people that a row shows or reveals; if one is small, the row is hidden. By default the
            fields declared with `people()`.
        separate: Fields that are hidden without the rest of their row.
        totals: The totals a row is part of; from them a hidden row could be computed by subtraction.
        counts_of_all: The counts of all rows at once, where rows do not carry their counts.
        people_behind: Rows of people with the same keys, whose hidden rows hide this answer's rows.
        stays: Fields that stay on a hidden row although their role says otherwise.
        revealing_parts: For a part, the part whose hidden rows its rows would reveal.
        pooled: Fields computed from all rows of a group and part: removed from all if one of the rows is hidden.
        of_everyone: Fields about everyone under the filters, whichever row: removed where the answer in total is hidden.
        shares_out: Whether the rows of a question share out a total as the reader likes: then all are hidden if one is, because a
            series of such answers would tell the counts behind the hidden one.
        clear: Removes what rows say about other rows that are hidden.
        decimals: Decimals of values and fields for a protected reader. More decimals would reveal the counts.
        adds_up_over_time: Whether a protected reader gets the cumulative sum of periods (field `cumulative`).
        rates: The rates that a row shows or reveals, by the fields of their successes and trials.
        bases: Fields with the number of people behind a statistic that is no rate, such as a median.
    """

    counts: Callable[[R], Counts] | None = None
    separate: tuple[Separate[R], ...] = ()
    totals: Callable[[QueryContext, R], Iterable[Hashable]] = totals_by_key
    counts_of_all: Callable[[QueryContext, Sequence[R]], list[Counts]] | None = None
    people_behind: Callable[[QueryContext], Sequence[Row]] | None = None
    stays: frozenset[str] = frozenset()
    revealing_parts: Mapping[str, str] = field(default_factory=dict)
    pooled: tuple[str, ...] = ()
    of_everyone: tuple[str, ...] = ()
    shares_out: Callable[[QueryContext], bool] = lambda context: False
    clear: Callable[[QueryContext, Sequence[R]], list[R]] | None = None
    decimals: int | None = None
    adds_up_over_time: bool = False
    rates: tuple[tuple[str, str], ...] = SIDE_RATES
    bases: tuple[str, ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        """Every field that the rule names; side rates apply to the row classes that have them."""
        separate = (name for item in self.separate for name in item.fields)
        rates = (name for rate in self.rates if rate not in SIDE_RATES for name in rate)
        return frozenset({*separate, *self.stays, *self.pooled, *self.of_everyone, *self.bases, *rates})

    def rates_in(self, row: R) -> list[tuple[float, float]]:
        """Return (successes, trials) of each rate that rows of this class show or reveal; zeros where a row lacks it."""
        names = roles_of(type(row))
        return [
            (getattr(row, successes) or 0, getattr(row, trials) or 0)
            for successes, trials in self.rates
            if successes in names and trials in names
        ]

    def counts_in(self, row: R) -> Counts:
        """Return the counts of people that one row shows or reveals."""
        if self.counts is not None:
            return self.counts(row)
        return [getattr(row, name) for name, role in roles_of(type(row)).items() if role is Role.PEOPLE]


@dataclass(frozen=True)
class ShownQuery:
    """The query that an answer shows as its source, where it is not the measure's own."""

    context: QueryContext
    fact: str
    agg: str


@dataclass
class Calculator(Generic[R]):
    """One type of measure: used as a decorator, it registers the function that computes the rows.

    Attributes:
        measure_type: The `type` in measures.toml.
        row: The class of the rows. Every field needs a disclosure role, or the import fails.
        disclosure: How the rows count people. A function where that depends on the measure; None means unknown, and
            then protected readers see no number.
        is_about_groups: Whether the answer is about underrepresented groups even without a filter or breakdown by group.
        compares_pairs: Whether rows are about residents in two groups at once.
        is_exact_only: Whether protected readers get no row: the counts are small and many, and no pattern protects them.
        shows_programs: Whether rows are about single programs.
        dimensions: Allowed breakdowns. None: all that the measure's rows record.
        takes_outcome: Whether a question may name an outcome.
        default_by: The breakdown used if a question has none.
        is_undated: Whether the numbers are known only as of the delivery's date.
        joins_groups: Whether the breakdown by group is made in SQL, from the groups of each resident.
        check: Returns a status and a sentence if the question cannot be answered, else None.
        shown_query: The query shown as the source, if it is not the measure's own.
        goal: The goal that the rows were computed for.
        function: Computes the rows; set by the decorator.
    """

    measure_type: str
    _: KW_ONLY
    row: type[R]
    disclosure: Disclosure[R] | Callable[[Measure], Disclosure[R] | None]
    is_about_groups: bool
    compares_pairs: bool = False
    is_exact_only: bool = False
    shows_programs: bool = False
    dimensions: tuple[str | None, ...] | None = None
    takes_outcome: bool = False
    default_by: str | None = None
    is_undated: bool = False
    joins_groups: bool = False
    check: Callable[[QueryContext], tuple[AnswerStatus, str] | None] | None = None
    shown_query: Callable[[QueryContext], ShownQuery] | None = None
    goal: Callable[[Sequence[R]], Goal | None] | None = None
    function: Callable[[QueryContext], list[R]] = field(init=False)

    def __call__(self, function: Callable[[QueryContext], list[R]]) -> Callable[[QueryContext], list[R]]:
        """Register the function as the calculator of this type and return it.

        Raises:
            TypeError: A field of the row class has no disclosure role, the rule names a field that the class does not
                have, or the type is registered already.
        """
        roles = roles_of(self.row)
        if isinstance(self.disclosure, Disclosure):
            unknown = self.disclosure.fields - set(roles)
            if unknown:
                raise TypeError(f"{self.row.__name__} has no field {', '.join(sorted(unknown))}.")
        if self.measure_type in CALCULATORS:
            raise TypeError(f"There are two calculators of type {self.measure_type}.")
        self.function = function
        CALCULATORS[self.measure_type] = self
        register_row_type(self.measure_type, self.row)
        return function

    def disclosure_of(self, measure: Measure) -> Disclosure[R] | None:
        """Return how the measure's rows count people; None if unknown."""
        return self.disclosure if isinstance(self.disclosure, Disclosure) else self.disclosure(measure)


# The rows of different calculators have different classes: no parameter of the generic fits all of them.
AnyCalculator: TypeAlias = Calculator[Any]
CALCULATORS: dict[str, AnyCalculator] = {}


def calculator_of(measure: Measure) -> AnyCalculator:
    """Return the calculator of a measure."""
    return CALCULATORS[measure.type]


def rows_of(context: QueryContext) -> Sequence[Row]:
    """Return all rows of a question before anything is hidden: they depend on no reader, and are computed once for all."""
    unlimited = replace(context, scope=context.scope.but(viewer=None))
    # how a context counts is part of the key: medians of privacy/across.py have no value
    key = (type(context), context.measure.id, context.by, unlimited.scope, context.outcome, context.goal)
    return context.store.get_or_compute(key, lambda: tuple(calculator_of(context.measure).function(unlimited)))
