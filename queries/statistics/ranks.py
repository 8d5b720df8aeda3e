"""Ranks of rates, as precise as chance allows."""

from __future__ import annotations

from collections.abc import Sequence

from queries.statistics.significance import Side, p_two_rates


def rank_range(sides: Sequence[Side], position: int, *, level: float = 0.05) -> tuple[int, int]:
    """Return the ranks that a rate can have, 1 for the highest: a confidence set for its rank.

    The rate is compared with each of the others. Those that are higher beyond chance come before it, and those that are lower
    beyond chance come after it. Holm's step-down procedure allows for the number of comparisons. Mogstad, Romano, Shaikh and
    Wilhelm (2024), "Inference for Ranks", Review of Economic Studies 91.

    Args:
        sides: The rates.
        position: Which of them to rank.
        level: The probability, at most, that the true rank is outside of the result.

    Returns:
        The best and the worst rank.
    """
    rate = sides[position].rate
    others = [(side.rate, p_two_rates(sides[position], side)) for at, side in enumerate(sides) if at != position]
    tested = sorted((p, other) for other, p in others if p is not None and other is not None)
    higher = lower = 0
    for done, (p, other) in enumerate(tested):
        if rate is None or p > level / (len(tested) - done):
            break
        higher += other > rate
        lower += other < rate
    return 1 + higher, len(sides) - lower
