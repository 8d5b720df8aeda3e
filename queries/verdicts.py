"""Verdicts on differences: decided here once, for the pages and for the simulations that test them.

"Unlikely to be chance" always means: among all the differences compared in one answer, at most 5% of those called so are
expected to be chance (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from queries.statistics.significance import Side, discoveries, p_share, p_two_rates

RATE = 0.05  # the accepted share of false discoveries
ENOUGH = 30  # residents on each side, after allowing for repeated exits
FOUR_FIFTHS = 0.8
MIN_ANSWERED = 0.5  # below this share of answers, those who answered do not represent the rest


class Verdict(StrEnum):
    """What can be concluded about a difference."""

    TOO_FEW = "not enough people to say"
    TOO_FEW_ANSWERS = "not enough answers to say"
    NOT_SUPPLIED = "not supplied"
    NOBODY_TO_COMPARE = "nobody to compare yet"
    NOBODY_SIMILAR = "no similar residents to compare"
    FLAGGED = "flagged"
    LOWER = "lower"
    HIGHER = "higher"
    ALIKE = "no difference beyond chance"
    BELOW = "below"
    ABOVE = "above"
    AT_GOAL = "at parity"


TOO_FEW, TOO_FEW_ANSWERS = Verdict.TOO_FEW, Verdict.TOO_FEW_ANSWERS
FLAGGED, LOWER, HIGHER, ALIKE = Verdict.FLAGGED, Verdict.LOWER, Verdict.HIGHER, Verdict.ALIKE
BELOW, ABOVE, AT_GOAL = Verdict.BELOW, Verdict.ABOVE, Verdict.AT_GOAL


@dataclass(frozen=True)
class Compared:
    """A group's rate, compared with the others' and with the highest group's.

    Attributes:
        inside: The group.
        outside: Those known not to be in it.
        known_undisclosed: Trials of those who did not say whether they are in the group.
        screen_ratio: The group's rate ÷ the highest group's rate; None if no group can be screened.
        screen_high: Upper end of its 95% interval.
    """

    inside: Side
    outside: Side
    known_undisclosed: int
    screen_ratio: float | None = None
    screen_high: float | None = None


def reason_against(comparison: Compared) -> Verdict | None:
    """Return why nothing can be concluded; None if both sides are large enough and enough residents answered."""
    answered = comparison.inside.trials + comparison.outside.trials
    if answered < MIN_ANSWERED * (answered + comparison.known_undisclosed):
        return TOO_FEW_ANSWERS
    return TOO_FEW if min(comparison.inside.effective_trials, comparison.outside.effective_trials) < ENOUGH else None


def outcome_verdicts(comparisons: Sequence[Compared]) -> list[tuple[Verdict, float | None]]:
    """Return (verdict, adjusted p-value) for each comparison of one answer, in order."""
    reasons = [reason_against(comparison) for comparison in comparisons]
    raw = [
        p_two_rates(comparison.inside, comparison.outside) if reason is None else None
        for comparison, reason in zip(comparisons, reasons, strict=True)
    ]
    adjusted = discoveries(raw, rate=RATE)
    return [
        (reason or _outcome_verdict(comparison, p), p)
        for comparison, reason, p in zip(comparisons, reasons, adjusted, strict=True)
    ]


def _outcome_verdict(comparison: Compared, p: float | None) -> Verdict:
    if p is None or p > RATE:
        return ALIKE
    if (comparison.inside.rate or 0) > (comparison.outside.rate or 0):
        return HIGHER
    is_below = comparison.screen_ratio is not None and comparison.screen_ratio < FOUR_FIFTHS
    return FLAGGED if is_below and comparison.screen_high is not None and comparison.screen_high < 1 else LOWER


@dataclass(frozen=True)
class Participation:
    """A group's participation and the share it is compared with.

    Attributes:
        inside: Residents of the group.
        answered: Residents who answered.
        everyone: All residents.
        goal: The share to reach, as a fraction.
    """

    inside: int
    answered: int
    everyone: int
    goal: float


def share_verdicts(groups: Sequence[Participation]) -> list[tuple[Verdict, float | None]]:
    """Return (verdict, adjusted p-value) for each group of one answer, in order."""
    reasons = [_share_reason(group) for group in groups]
    raw = [
        p_share(group.inside, group.answered, group.goal) if reason is None else None
        for group, reason in zip(groups, reasons, strict=True)
    ]
    adjusted = discoveries(raw, rate=RATE)
    return [(reason or _share_verdict(group, p), p) for group, reason, p in zip(groups, reasons, adjusted, strict=True)]


def _share_verdict(group: Participation, p: float | None) -> Verdict:
    if p is None or p > RATE:
        return AT_GOAL
    return BELOW if group.inside < group.goal * group.answered else ABOVE


def _share_reason(group: Participation) -> Verdict | None:
    if group.answered < MIN_ANSWERED * group.everyone or not group.answered:
        return TOO_FEW_ANSWERS
    return TOO_FEW if group.answered < ENOUGH else None


def tipping(group: Participation) -> float | None:
    """Return the share of the undisclosed that would have to be in the group for its share of everyone to be at the goal.

    Above 1 or below 0, no answer of theirs could bring it there. None if everybody answered. A tipping point, as in
    the analysis of missing data (Yan, Lee and Li 2009).
    """
    undisclosed = group.everyone - group.answered
    return (group.goal * group.everyone - group.inside) / undisclosed if undisclosed else None
