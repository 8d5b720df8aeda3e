"""What may be said about a difference, and why: decided here once, for the pages and for the simulations that test it.

A verdict is one of the words below. "Unlikely to be chance" always means: among all the differences compared in the same
answer, those called so are expected to hold at most 5% that are chance (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.statistics.significance import Side, discoveries, p_two_rates

RATE = 0.05  # the share of false discoveries put up with
ENOUGH = 30  # residents (after allowing for repeated exits) on each side
FOUR_FIFTHS = 0.8
ANSWERED_ENOUGH = 0.5  # below this share of answers, those who answered cannot speak for the rest

TOO_FEW = "not enough people to say"
TOO_FEW_ANSWERS = "not enough answers to say"
FLAGGED, LOWER, HIGHER, ALIKE = "flagged", "lower", "higher", "no difference beyond chance"
BELOW, ABOVE, AT_GOAL = "below", "above", "at parity"


@dataclass(frozen=True)
class Compared:
    """A group's rate beside the others' and beside the highest group's; screen_ratio None where nobody can be screened.

    known_undisclosed: trials of those who did not say whether they are in the group.
    """

    inside: Side
    outside: Side
    known_undisclosed: int
    screen_ratio: float | None = None
    screen_high: float | None = None


def can_be_said(one: Compared) -> str | None:
    """None where both sides are large enough to be compared, else the reason why not."""
    answered = one.inside.trials + one.outside.trials
    if answered < ANSWERED_ENOUGH * (answered + one.known_undisclosed):
        return TOO_FEW_ANSWERS
    return TOO_FEW if min(one.inside.effective_trials, one.outside.effective_trials) < ENOUGH else None


def outcome_verdicts(compared: Sequence[Compared]) -> list[tuple[str, float | None]]:
    """(verdict, adjusted p) for each of a family of comparisons made at once, in order."""
    reasons = [can_be_said(one) for one in compared]
    raw = [
        p_two_rates(one.inside, one.outside) if reason is None else None
        for one, reason in zip(compared, reasons, strict=True)
    ]
    adjusted = discoveries(raw, rate=RATE)
    return [(reason or _outcome(one, p), p) for one, reason, p in zip(compared, reasons, adjusted, strict=True)]


def _outcome(one: Compared, p: float | None) -> str:
    if p is None or p > RATE:
        return ALIKE
    if (one.inside.rate or 0) > (one.outside.rate or 0):
        return HIGHER
    screened = one.screen_ratio is not None and one.screen_ratio < FOUR_FIFTHS
    return FLAGGED if screened and one.screen_high is not None and one.screen_high < 1 else LOWER


@dataclass(frozen=True)
class Taking:
    """A group's residents among those who answered, all residents, and the share it is held against (a fraction)."""

    inside: int
    answered: int
    everyone: int
    goal: float


def share_verdicts(taking: Sequence[Taking]) -> list[tuple[str, float | None]]:
    """(verdict, adjusted p) of participation for each of a family of groups held against a goal at once, in order."""
    from queries.statistics.significance import p_share

    reasons = [_share_reason(one) for one in taking]
    raw = [
        p_share(one.inside, one.answered, one.goal) if reason is None else None
        for one, reason in zip(taking, reasons, strict=True)
    ]
    adjusted = discoveries(raw, rate=RATE)
    found = []
    for one, reason, p in zip(taking, reasons, adjusted, strict=True):
        word = AT_GOAL
        if p is not None and p <= RATE:
            word = BELOW if one.inside < one.goal * one.answered else ABOVE
        found.append((reason or word, p))
    return found


def _share_reason(one: Taking) -> str | None:
    if one.answered < ANSWERED_ENOUGH * one.everyone or not one.answered:
        return TOO_FEW_ANSWERS
    return TOO_FEW if one.answered < ENOUGH else None


def tipping(one: Taking) -> float | None:
    """The share of the undisclosed who would have to be in the group for its share of everyone to be at the goal.

    Above 1 or below 0: no answer of theirs could bring it there. None where everybody answered. A tipping point, as in
    the analysis of missing data (Yan, Lee and Li 2009).
    """
    undisclosed = one.everyone - one.answered
    return (one.goal * one.everyone - one.inside) / undisclosed if undisclosed else None
