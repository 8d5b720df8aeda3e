"""Logistic regression on grouped counts, and the gap between two sides at an equal mix of everything else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Integers: TypeAlias = NDArray[np.int64]

PENALTY = 1e-4  # on every coefficient but the intercept: small enough not to show, and it keeps separated levels finite
MOST_STEPS = 50
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Factor:
    """One categorical variable: the level of each cell, from 0; level 0 is the reference."""

    name: str
    codes: Integers
    levels: int

    @classmethod
    def of(cls, name: str, values: Sequence[object]) -> Factor:
        """Return a factor of any values; the first value that appears is the reference."""
        numbers: dict[object, int] = {}
        codes = np.fromiter((numbers.setdefault(value, len(numbers)) for value in values), np.int64, len(values))
        return cls(name, codes, len(numbers))


@dataclass(frozen=True)
class Design:
    """The design matrix of a model: an intercept, then an indicator for each level of each factor but its first.

    The matrix itself is never made. Its products are sums over cells, which take little memory and no threads.
    """

    factors: tuple[Factor, ...]
    cells: int

    @cached_property
    def columns(self) -> tuple[slice, ...]:
        """The columns of each factor."""
        ends = np.cumsum([1, *(factor.levels - 1 for factor in self.factors)]).tolist()
        return tuple(slice(start, end) for start, end in pairwise(ends))

    @property
    def width(self) -> int:
        """The number of columns."""
        return 1 + sum(factor.levels - 1 for factor in self.factors)

    def at_level(self, name: str, level: int) -> Design:
        """Return the same design with every cell at one level of a factor."""
        factors = (
            replace(factor, codes=np.full(self.cells, level)) if factor.name == name else factor
            for factor in self.factors
        )
        return Design(tuple(factors), self.cells)

    def predictor(self, coefficients: Floats) -> Floats:
        """Return the linear predictor of every cell."""
        result = np.full(self.cells, coefficients[0])
        for factor, columns in zip(self.factors, self.columns, strict=True):
            result += np.concatenate([[0.0], coefficients[columns]])[factor.codes]
        return result

    def sums(self, weights: Floats) -> Floats:
        """Return, for each column, the sum of the weights of its cells."""
        result = np.zeros(self.width)
        result[0] = weights.sum()
        for factor, columns in zip(self.factors, self.columns, strict=True):
            result[columns] = np.bincount(factor.codes, weights, factor.levels)[1:]
        return result

    def cross_products(self, weights: Floats) -> Floats:
        """Return, for each pair of columns, the sum of the weights of the cells in both."""
        result = np.diag(self.sums(weights))
        result[0] = result[:, 0] = np.diag(result)
        for at, (factor, columns) in enumerate(zip(self.factors, self.columns, strict=True)):
            for other, other_columns in zip(self.factors[:at], self.columns[:at], strict=True):
                both = np.bincount(
                    factor.codes * other.levels + other.codes, weights, factor.levels * other.levels
                ).reshape(factor.levels, other.levels)[1:, 1:]
                result[columns, other_columns] = both
                result[other_columns, columns] = both.T
        return result


@dataclass(frozen=True)
class LogisticFit:
    """Coefficients in the order of the design's columns, and their covariance."""

    coefficients: Floats
    covariance: Floats


@dataclass(frozen=True)
class MarginalGap:
    """The difference of two standardized rates, as fractions, and its standard error."""

    rate_in: float
    rate_out: float
    error: float

    @property
    def value(self) -> float:
        """`rate_in` less `rate_out`."""
        return self.rate_in - self.rate_out


def fit_logistic(design: Design, successes: Floats, trials: Floats) -> LogisticFit | None:
    """Fit a logistic regression by Newton's method (iteratively reweighted least squares).

    McCullagh and Nelder (1989), Generalized Linear Models, chapter 4.

    Args:
        design: The factors of every cell.
        successes: Successes of every cell.
        trials: Trials of every cell.

    Returns:
        The fit. None if there are no trials, no successes or no failures, or Newton's method does not converge.
    """
    total, most = float(successes.sum()), float(trials.sum())
    if not 0 < total < most:
        return None
    penalty = np.full(design.width, PENALTY)
    penalty[0] = 0.0
    beta = np.zeros(design.width)
    beta[0] = math.log(total / (most - total))
    loss, gradient, hessian = _newton_terms(design, successes, trials, beta, penalty)
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(hessian, gradient)
        for halvings in range(30):
            candidate = beta + step / 2**halvings
            terms = _newton_terms(design, successes, trials, candidate, penalty)
            if terms[0] <= loss + 1e-12 * abs(loss):
                break
        else:
            return None
        improvement = loss - terms[0]
        beta = candidate
        loss, gradient, hessian = terms
        if improvement <= TOLERANCE * (1 + abs(loss)) and float(np.abs(gradient).max()) < 1e-4 * math.sqrt(most):
            return LogisticFit(beta, np.linalg.inv(hessian).astype(np.float64))
    return None


def _newton_terms(
    design: Design, successes: Floats, trials: Floats, beta: Floats, penalty: Floats
) -> tuple[float, Floats, Floats]:
    """Return the penalized negative log-likelihood, minus its gradient, and its Hessian."""
    eta = design.predictor(beta)
    rates = _expit(eta)
    loss = float((trials * np.logaddexp(0.0, eta) - successes * eta).sum()) + float((penalty * beta**2).sum()) / 2
    gradient = design.sums(successes - trials * rates) - penalty * beta
    hessian = design.cross_products(trials * rates * (1 - rates)) + np.diag(penalty)
    return loss, gradient, hessian


def fitted_rates(fit: LogisticFit, design: Design) -> Floats:
    """Return the fitted rate of every cell."""
    return _expit(design.predictor(fit.coefficients))


def marginal_gap(fit: LogisticFit, design: Design, weights: Floats, *, name: str) -> MarginalGap:
    """Standardize two rates to the same mix of everything else in the model, and return their difference.

    Every cell is predicted twice, with level 1 of the factor and with level 0, and both are averaged (marginal
    standardization: Lane and Nelder 1982, Biometrics 38:613-621; Muller and MacLehose 2014, International Journal of
    Epidemiology 43:962-970). The standard error is the delta method's.

    Args:
        fit: The fitted model.
        design: Its design.
        weights: The weight of every cell in the averages; 0 leaves a cell out.
        name: The factor that separates the two sides: level 0 and level 1.
    """
    rates, slopes = [], []
    for level in (1, 0):
        changed = design.at_level(name, level)
        fitted = fitted_rates(fit, changed)
        rates.append(float((weights * fitted).sum() / weights.sum()))
        slopes.append(changed.sums(weights * fitted * (1 - fitted)) / weights.sum())
    slope = slopes[0] - slopes[1]
    return MarginalGap(rates[0], rates[1], math.sqrt(float(slope @ fit.covariance @ slope)))


def _expit(eta: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(eta / 2))
