"""Shrink many estimates that share components, such as pairs of groups, toward what their components predict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ShrunkEstimate:
    """An estimate after shrinkage, with its standard error and the value its components predict, in the estimate's units."""

    value: float
    error: float
    expected: float


def shrink_toward_components(
    estimates: Sequence[float], errors: Sequence[float], components: Sequence[Sequence[float]]
) -> tuple[float, list[ShrunkEstimate]] | None:
    """Shrink every estimate toward the fitted sum of its components.

    A random-effects meta-regression: tau² by the method of moments (DerSimonian and Laird 1986, with covariates as in
    Raudenbush 2009), then empirical Bayes with a regression for the prior mean (Morris 1983). With B = se² ÷ (tau² + se²),
    a value is B × expected + (1 − B) × estimate. Estimates that share people are not independent, so the error of the
    expected value is the largest it could be under any correlation (Σ |weight| × error). No error exceeds the estimate's
    own. With as many components as estimates, one common mean replaces them.

    Args:
        estimates: The k estimates.
        errors: Their k standard errors, each above zero.
        components: A k × p design matrix: one row for each estimate, one column for each component, 1 where the estimate
            has the component.

    Returns:
        tau² (the estimates' units squared) and the k estimates after shrinkage. None without estimates.

    Raises:
        ValueError: An error is not above zero, or there is not one for each estimate.
    """
    if len(estimates) != len(errors) or any(not error > 0 for error in errors):
        raise ValueError("every estimate needs a standard error above zero")
    if not estimates:
        return None
    y, standard_errors = np.array(estimates, dtype=float), np.array(errors, dtype=float)
    x = np.array(components, dtype=float)
    rank = int(np.linalg.matrix_rank(x))
    if len(y) <= rank:
        x, rank = np.ones((len(y), 1)), 1
    variance = standard_errors**2
    fixed_weight = np.diag(1 / variance)
    residual = fixed_weight - fixed_weight @ x @ np.linalg.pinv(x.T @ fixed_weight @ x) @ x.T @ fixed_weight
    scale = float(np.trace(residual))
    tau2 = max(0.0, (float(y @ residual @ y) - (len(y) - rank)) / scale) if scale > 1e-12 else 0.0
    weight = np.diag(1 / (tau2 + variance))
    hat = x @ np.linalg.pinv(x.T @ weight @ x) @ x.T @ weight
    expected = hat @ y
    pull = variance / (tau2 + variance)
    value = pull * expected + (1 - pull) * y
    expected_error = np.abs(hat) @ np.sqrt(variance + tau2)
    error = np.minimum(standard_errors, np.sqrt((1 - pull) * variance + pull**2 * expected_error**2))
    return tau2, [ShrunkEstimate(float(v), float(e), float(m)) for v, e, m in zip(value, error, expected, strict=True)]
