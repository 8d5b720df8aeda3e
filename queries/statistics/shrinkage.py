"""Many estimates that share parts, such as pairs of groups: each drawn toward what its parts show in all the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Drawn:
    """An estimate drawn toward what its parts lead one to expect; all in the units of the estimates."""

    value: float
    error: float
    expected: float


def draw_toward_parts(
    estimates: Sequence[float], errors: Sequence[float], parts: Sequence[Sequence[float]]
) -> tuple[float, list[Drawn]] | None:
    """tau² and every estimate drawn toward the fitted sum of its parts; None for no estimate.

    parts: one row an estimate, one column a part (1 where it has the part). A random-effects meta-regression: tau² by the
    method of moments (DerSimonian and Laird 1986, with covariates as in Raudenbush 2009), then empirical Bayes with a
    regression for the prior mean (Morris 1983): with B = se² ÷ (tau² + se²) a value is B expected + (1 − B) estimate.
    Estimates that share people are not independent, so the expected value's error is the most it could be under any
    correlation (the sum of its weights' sizes × errors); no error is above the estimate's own. With as many parts as
    estimates one common mean stands in for them. ValueError for an error that is not above zero.
    """
    import numpy as np

    if len(estimates) != len(errors) or any(not error > 0 for error in errors):
        raise ValueError("every estimate needs a standard error above zero")
    if not estimates:
        return None
    y, own = np.array(estimates, dtype=float), np.array(errors, dtype=float)
    x = np.array(parts, dtype=float)
    rank = int(np.linalg.matrix_rank(x))
    if len(y) <= rank:
        x, rank = np.ones((len(y), 1)), 1
    variance = own**2
    still = np.diag(1 / variance)
    left = still - still @ x @ np.linalg.pinv(x.T @ still @ x) @ x.T @ still
    freedom = float(np.trace(left))
    tau2 = max(0.0, (float(y @ left @ y) - (len(y) - rank)) / freedom) if freedom > 1e-12 else 0.0
    weight = np.diag(1 / (tau2 + variance))
    hat = x @ np.linalg.pinv(x.T @ weight @ x) @ x.T @ weight
    expected = hat @ y
    pull = variance / (tau2 + variance)
    value = pull * expected + (1 - pull) * y
    reach = np.abs(hat) @ np.sqrt(variance + tau2)
    error = np.minimum(own, np.sqrt((1 - pull) * variance + pull**2 * reach**2))
    return tau2, [Drawn(float(v), float(e), float(m)) for v, e, m in zip(value, error, expected, strict=True)]
