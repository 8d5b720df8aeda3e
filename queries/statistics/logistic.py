"""Logistic regression on grouped counts, and the gap between two sides at an equal mix of everything else."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Integers: TypeAlias = NDArray[np.int64]

PENALTY = 1e-4  # on every coefficient but the intercept: small enough not to show, and it keeps separated levels finite
MOST_STEPS = 50
TOLERANCE = 1e-9
BLOCK = 20_000  # cells whose indicators are in memory at once


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
    """The design matrix of a model, in blocks: an intercept, then an indicator for each level but the first."""

    factors: tuple[Factor, ...]
    cells: int

    @property
    def width(self) -> int:
        """The number of columns."""
        return 1 + sum(factor.levels - 1 for factor in self.factors)

    def column(self, name: str, level: int) -> int:
        """Return the number of the column that holds a level of a factor; `level` is 1 or more."""
        before = 1
        for factor in self.factors:
            if factor.name == name:
                return before + level - 1
            before += factor.levels - 1
        raise KeyError(name)

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Yield (cells, matrix) for consecutive cells."""
        for start in range(0, self.cells, BLOCK):
            part = slice(start, min(start + BLOCK, self.cells))
            yield part, self._matrix(part)

    def _matrix(self, part: slice) -> Floats:
        matrix = np.zeros((part.stop - part.start, self.width))
        matrix[:, 0] = 1.0
        before = 0
        rows = np.arange(len(matrix))
        for factor in self.factors:
            codes = factor.codes[part]
            is_other = codes > 0
            matrix[rows[is_other], before + codes[is_other]] = 1.0
            before += factor.levels - 1
        return matrix


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
    loss = float((penalty * beta**2).sum()) / 2
    gradient = -penalty * beta
    hessian = np.diag(penalty)
    for part, matrix in design.blocks():
        eta = matrix @ beta
        rate = _expit(eta)
        loss += float((trials[part] * np.logaddexp(0.0, eta) - successes[part] * eta).sum())
        gradient += matrix.T @ (successes[part] - trials[part] * rate)
        hessian += matrix.T @ (matrix * (trials[part] * rate * (1 - rate))[:, None])
    return loss, gradient, hessian


def fitted_rates(fit: LogisticFit, design: Design) -> Floats:
    """Return the fitted rate of every cell."""
    return np.concatenate([_expit(matrix @ fit.coefficients) for _, matrix in design.blocks()] or [np.zeros(0)])


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
    column, total = design.column(name, 1), float(weights.sum())
    levels = next(factor.levels for factor in design.factors if factor.name == name)
    rates, slopes = [0.0, 0.0], np.zeros((2, design.width))
    for part, matrix in design.blocks():
        matrix[:, column : column + levels - 1] = 0.0
        for level in (0, 1):
            matrix[:, column] = level
            rate = _expit(matrix @ fit.coefficients)
            rates[level] += float((weights[part] * rate).sum()) / total
            slopes[level] += (weights[part] * rate * (1 - rate)) @ matrix / total
    slope = slopes[1] - slopes[0]
    return MarginalGap(rates[1], rates[0], math.sqrt(float(slope @ fit.covariance @ slope)))


def _expit(eta: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(eta / 2))
