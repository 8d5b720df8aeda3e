"""What exits with a known outcome differ in: the model that compares groups, providers and programs at an equal mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from queries.aggregations.supports import SUPPORTS
from queries.context import QueryContext
from queries.database import supplied
from queries.dimensions import DIMENSIONS
from queries.statistics.logistic import Design, Factor, LogisticFit, fit_logistic, fitted_rates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Integers: TypeAlias = NDArray[np.int64]

GROUPS = "groups"
MIN_EVENTS = 5  # successes or failures for each column of a model (Vittinghoff and McCulloch 2007)
NOT_RECORDED = "Not recorded"
OUTSIDE, INSIDE, UNDISCLOSED = 0, 1, 2  # levels of a group's factor


@dataclass(frozen=True)
class CaseMix:
    """Exits with a known outcome, in cells that are alike in every factor.

    Attributes:
        keys: The breakdown's value of each cell; empty without a breakdown.
        providers: The provider of each cell.
        successes: Exits with the outcome, cell by cell.
        trials: Exits whose outcome is known, cell by cell.
        factors: What the model adjusts for.
        not_supplied: Names of the factors that the delivery does not say: "sector", "groups", a support.
    """

    keys: Sequence[str]
    providers: Sequence[str]
    successes: Floats
    trials: Floats
    factors: tuple[Factor, ...]
    not_supplied: tuple[str, ...]

    @cached_property
    def design(self) -> Design:
        """The design matrix of all factors."""
        return Design(self.factors, len(self.trials))

    def only(self, names: Sequence[str]) -> CaseMix:
        """Return the same cells with these factors only."""
        return replace(self, factors=tuple(factor for factor in self.factors if factor.name in names))

    @property
    def names(self) -> list[str]:
        """The names of the factors."""
        return [factor.name for factor in self.factors]

    def levels_of(self, name: str) -> Integers | None:
        """Return the level of each cell in a factor; None if the delivery does not say it."""
        return next((factor.codes for factor in self.factors if factor.name == name), None)

    @property
    def is_large_enough(self) -> bool:
        """Whether there are enough successes, and failures, for the columns of the model."""
        fewer = min(float(self.successes.sum()), float((self.trials - self.successes).sum()))
        return fewer >= MIN_EVENTS * self.design.width

    def fit(self) -> LogisticFit | None:
        """Return the model fitted to all cells; None if there is nothing to fit."""
        return fit_logistic(self.design, self.successes, self.trials)

    def expected_rates(self) -> Floats:
        """Return the rate that the model expects of each cell; the overall rate where no model can be fitted."""
        fit = self.fit()
        if fit is None:
            total = float(self.trials.sum())
            return np.full(len(self.trials), float(self.successes.sum()) / total if total else 0.0)
        return fitted_rates(fit, self.design)


def case_mix(context: QueryContext, *, by: str | None, places: Sequence[str], with_supports: bool) -> CaseMix:
    """Return the exits of a question as cells of a model.

    Args:
        context: The question.
        by: The breakdown whose values are to be compared, such as "provider".
        places: The places to adjust for, of "sector", "region", "provider" and "program".
        with_supports: Whether to adjust for supports received.
    """
    query = context.query(by=by, agg="cells_by_answers")
    columns = context.store.columns(query.text, query.parameters)
    factors, missing = [], []
    for place in places:
        values = columns[place].tolist()
        is_supplied = is_place_supplied(context, place) and any(value != NOT_RECORDED for value in values)
        factors += [Factor.of(place, values)] if is_supplied else []
        missing += [] if is_supplied else [place]
    group_factors = _group_factors(context, columns)
    factors += group_factors
    missing += [] if group_factors else [GROUPS]
    for support in SUPPORTS if with_supports else ():
        is_supplied = f"enrollments.{support}" in supplied(context.store)
        factors += [Factor.of(support, _with_unknown(columns[support]))] if is_supplied else []
        missing += [] if is_supplied else [support]
    return CaseMix(
        columns["key"].tolist() if by else (),
        columns["provider"].tolist(),
        columns["successes"].astype(np.float64),
        columns["trials"].astype(np.float64),
        tuple(factors),
        tuple(missing),
    )


def is_place_supplied(context: QueryContext, place: str) -> bool:
    """Return whether the delivery says a place of enrollments: without its column, nothing is known to be alike."""
    needs = DIMENSIONS[place].needs["enrollments"]
    return bool(supplied(context.store) & set(needs))


def _group_factors(context: QueryContext, columns: Mapping[str, NDArray[np.generic]]) -> list[Factor]:
    """Return a factor for each group that the delivery says: outside it, in it, or not disclosed."""
    members, answered = (columns[name].astype(np.int64) for name in ("member_bits", "answered_bits"))
    missing = context.groups_not_supplied()
    factors = []
    for row in context.listing("groups"):
        if row["group_id"] not in missing:
            is_in, is_answered = members & row["bit"] > 0, answered & row["bit"] > 0
            codes = np.where(is_in, INSIDE, np.where(is_answered, OUTSIDE, UNDISCLOSED))
            factors.append(Factor(row["group_id"], codes, 3))
    return factors


def _with_unknown(values: NDArray[np.generic]) -> list[object]:
    """Return booleans with None where the answer is missing, which DuckDB masks."""
    is_missing = np.ma.getmaskarray(values)
    return [None if gone else bool(value) for value, gone in zip(np.ma.getdata(values), is_missing, strict=True)]
