"""Verdicts on differences: decided here once, for the pages and for the simulations that test them.

"Unlikely to be chance" always means: among all the differences compared in one family, at most 5% of those called so are
expected to be chance (Benjamini and Hochberg 1995). A family is one answer, or all the answers of a page
(`queries/families.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from queries.models import ComparedRow
from queries.statistics.significance import Side, discoveries, p_share, p_two_rates

RATE = 0.05  # the accepted share of false discoveries
ENOUGH = 30  # residents on each side, after allowing for repeated exits
FOUR_FIFTHS = 0.8
MIN_ANSWERED = 0.5  # below this share of answers, those who answered do not represent the rest
C = TypeVar("C", bound=ComparedRow)


class Verdict(StrEnum):
    """What can be concluded about a difference."""

    TOO_FEW = "not enough people to say"
    TOO_FEW_ANSWERS = "not enough answers to say"
    NOT_SUPPLIED = "not supplied"
    NOBODY_TO_COMPARE = "nobody to compare yet"
    NOBODY_SIMILAR = "no similar residents to compare"
    FLAGGED = "flagged"
    SCREENED = "flagged against the highest rate"  # though not clearly below all others taken as one
    LOWER = "lower"
    HIGHER = "higher"
    ALIKE = "no difference beyond chance"
    BELOW = "below"
    ABOVE = "above"
    AT_GOAL = "at parity"
    COARSE = "the benchmark is rounded too coarsely to say"
    DISAGREE = "two benchmarks disagree"


TOO_FEW, TOO_FEW_ANSWERS = Verdict.TOO_FEW, Verdict.TOO_FEW_ANSWERS
FLAGGED, SCREENED, LOWER, HIGHER = Verdict.FLAGGED, Verdict.SCREENED, Verdict.LOWER, Verdict.HIGHER
ALIKE, BELOW, ABOVE, AT_GOAL = Verdict.ALIKE, Verdict.BELOW, Verdict.ABOVE, Verdict.AT_GOAL
NO_FINDING = (COARSE, DISAGREE) = (Verdict.COARSE, Verdict.DISAGREE)  # whatever the p-value


def as_family(rows: Sequence[C]) -> list[C]:
    """Return the rows judged as one family: p-values adjusted for every row that has one, and verdicts that follow."""
    adjusted = discoveries([row.p for row in rows], rate=RATE)
    compared = sum(p is not None for p in adjusted)
    return [row.judged(p_adjusted=p, compared=compared) for row, p in zip(rows, adjusted, strict=True)]


@dataclass(frozen=True)
class Compared:
    """A group's rate, compared with the others' and with the highest rate of its classification.

    Attributes:
        inside: The group.
        outside: Those known not to be in it.
        known_undisclosed: Trials of those who did not say whether they are in the group.
        screen_ratio: The group's rate ÷ the highest other rate of its classification; None if it cannot be screened.
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


def p_of_outcome(comparison: Compared) -> float | None:
    """Return the unadjusted p-value of a comparison; None where nothing can be concluded."""
    return None if reason_against(comparison) else p_two_rates(comparison.inside, comparison.outside)


def outcome_verdict(
    p_adjusted: float, *, is_higher: bool, screen_ratio: float | None = None, screen_high: float | None = None
) -> Verdict:
    """Return the verdict on a difference of two rates.

    Args:
        p_adjusted: The adjusted p-value.
        is_higher: Whether the group's rate is above the others'.
        screen_ratio: The ratio of the four-fifths screen.
        screen_high: Upper end of its interval.
    """
    if p_adjusted > RATE:
        return ALIKE
    if is_higher:
        return HIGHER
    return FLAGGED if is_screened(screen_ratio, screen_high) else LOWER


def is_screened(ratio: float | None, high: float | None) -> bool:
    """Return whether a ratio to the highest rate is under four-fifths and the upper end of its interval is under 1."""
    return ratio is not None and ratio < FOUR_FIFTHS and high is not None and high < 1


def outcome_verdicts(comparisons: Sequence[Compared]) -> list[tuple[Verdict, float | None]]:
    """Return (verdict, adjusted p-value) for each comparison of one family, in order."""
    adjusted = discoveries([p_of_outcome(comparison) for comparison in comparisons], rate=RATE)
    return [
        (reason_against(comparison) or _verdict_of(comparison, p), p)
        for comparison, p in zip(comparisons, adjusted, strict=True)
    ]


def _verdict_of(comparison: Compared, p_adjusted: float | None) -> Verdict:
    return outcome_verdict(
        1.0 if p_adjusted is None else p_adjusted,
        is_higher=(comparison.inside.rate or 0) > (comparison.outside.rate or 0),
        screen_ratio=comparison.screen_ratio,
        screen_high=comparison.screen_high,
    )


@dataclass(frozen=True)
class ReferenceShare:
    """A share to compare with, as a fraction.

    Attributes:
        value: The share.
        error: Its standard error, where it is an estimate.
        rounding: The largest error that rounding may have caused: 0.005 for a figure published as "11%".
    """

    value: float
    error: float = 0.0
    rounding: float = 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest share that the figure may stand for."""
        return max(0.0, self.value - self.rounding), min(1.0, self.value + self.rounding)


@dataclass(frozen=True)
class Participation:
    """A group's participation and the share it is compared with.

    Attributes:
        inside: Residents of the group.
        answered: Residents who answered.
        everyone: All residents.
        goal: The share to reach, as a fraction.
        reference: The goal with its uncertainty, where it is a benchmark; None for a goal known exactly.
        second: A second benchmark, which must agree before there is a verdict.
    """

    inside: int
    answered: int
    everyone: int
    goal: float
    reference: ReferenceShare | None = None
    second: ReferenceShare | None = None


@dataclass(frozen=True)
class ShareTest:
    """The test of a share against its benchmarks."""

    p: float | None  # None where nothing can be concluded
    verdict: Verdict | None  # why there is none, whatever the p-value; None if the p-value decides


def share_test(group: Participation) -> ShareTest:
    """Test a share against its goal, and against the second benchmark where there is one.

    The share must differ from every benchmark in the same direction (an intersection-union test: Berger 1982,
    Technometrics 24:295-300), so the p-value is the largest. A rounded benchmark stands for both ends of the range it was
    rounded from.
    """
    reason = _share_reason(group)
    if reason:
        return ShareTest(None, reason)
    reference = group.reference or ReferenceShare(group.goal)
    first = _tests(group, reference)
    every = [*first, *(_tests(group, group.second) if group.second else [])]
    p = max(p for _, p in every) if len({side for side, _ in every}) == 1 else 1.0
    if not set(map(_call, every)) <= set(map(_call, first)):
        return ShareTest(p, DISAGREE)
    if len(set(map(_call, every))) > 1:
        return ShareTest(p, COARSE)
    return ShareTest(p, None)


def _tests(group: Participation, reference: ReferenceShare) -> list[tuple[bool, float]]:
    """Return (is above, p-value) against each end of the range that a share may stand for."""
    results = []
    for share in sorted(set(reference.ends)):
        p = p_share(group.inside, group.answered, share, error=reference.error)
        results.append((group.inside > share * group.answered, 1.0 if p is None else p))
    return results


def _call(test: tuple[bool, float]) -> bool | None:
    """Return whether a share is above (True) or below (False); None where chance could explain the difference."""
    is_above, p = test
    return is_above if p <= RATE else None


def share_verdict(p_adjusted: float, *, is_below: bool) -> Verdict:
    """Return the verdict on a share and its goal."""
    if p_adjusted > RATE:
        return AT_GOAL
    return BELOW if is_below else ABOVE


def share_verdicts(groups: Sequence[Participation]) -> list[tuple[Verdict, float | None]]:
    """Return (verdict, adjusted p-value) for each group of one family, in order."""
    tests = [share_test(group) for group in groups]
    adjusted = discoveries([test.p for test in tests], rate=RATE)
    return [
        (test.verdict or share_verdict(p or 0.0, is_below=group.inside < group.goal * group.answered), p)
        for group, test, p in zip(groups, tests, adjusted, strict=True)
    ]


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
