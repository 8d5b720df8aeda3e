"""The four-fifths screen: a rate against the highest rate of its classification, with an interval valid for the highest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.statistics.rates import Ratio
from queries.statistics.significance import Side, interval_ratio, p_two_rates

OTHERS = "others"  # those known to be in no listed group of the classification


@dataclass(frozen=True)
class Screen:
    """A rate ÷ the highest other rate, with its 95% interval.

    Attributes:
        highest: What has that rate.
        ratio: The rate ÷ the highest rate.
        low: Lower end of its interval.
        high: Upper end of it.
        p: The p-value of being below the highest: Fisher's exact test against each higher rate, by Bonferroni's inequality.
    """

    highest: str
    ratio: float
    low: float
    high: float
    p: float


def screen(group: Side, peers: Sequence[tuple[str, Side]], *, min_trials: int) -> Screen | None:
    """Divide a group's rate by the highest other rate of its classification, as 29 CFR 1607.4(D) compares rates.

    Which rate is highest is itself uncertain. The ratio to the highest is the smallest of the ratios to each rate, so its
    interval runs from the smallest lower end to the smallest upper end of intervals that hold together (multiple
    comparisons with the best: Hsu 1984, Annals of Statistics 12:1136-1144; Bonferroni for k rates). With two categories,
    such as women and men, it is the interval of their ratio.

    Args:
        group: The group.
        peers: The other categories by name.
        min_trials: Effective trials that a category needs to be compared; smaller ones are left out.

    Returns:
        The screen; a ratio above 1 means that the group's own rate is the highest. None if the group or every other
        category is too small, or nobody else has the outcome.
    """
    large = [(name, peer) for name, peer in peers if peer.effective_trials >= min_trials and peer.successes]
    if group.effective_trials < min_trials or not large:
        return None
    level = 1 - 0.05 / len(large)
    ratios = [_ratio(group, peer, level) for _, peer in large]
    highest = max(large, key=lambda item: item[1].rate or 0)[0]
    return Screen(
        highest,
        min(ratio.value for ratio in ratios),
        min(ratio.low or 0.0 for ratio in ratios),
        min(ratio.high for ratio in ratios if ratio.high is not None),
        min([1.0, *(len(large) * (p_two_rates(group, peer) or 0.0) for _, peer in large if _is_higher(peer, group))]),
    )


def _is_higher(peer: Side, group: Side) -> bool:
    return (peer.rate or 0) > (group.rate or 0)


def _ratio(group: Side, peer: Side, level: float) -> Ratio:
    """Return the ratio of two rates with an interval whose ends are known, also where nobody of the group has the outcome."""
    ratio = interval_ratio(group, peer, confidence=level)
    if ratio is not None and ratio.high is not None:
        return ratio
    # A zero has no interval on the log scale: exact bounds of both rates stand in (Clopper and Pearson 1934), each at half
    # of the upper tail, so that both hold together.
    from scipy.special import betaincinv

    tail = (1 - level) / 4
    successes, trials = peer.effective_successes, peer.effective_trials
    upper = 1 - tail ** (1 / group.effective_trials)
    lower = float(betaincinv(max(successes, 1), trials - successes + 1, tail))
    return Ratio(ratio.value if ratio else 0.0, 0.0, upper / lower)
