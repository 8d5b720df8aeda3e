"""Verdicts in words with their reasons. The verdicts themselves are decided in `queries/verdicts.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from components.text import prose
from components.text.format import known, ratio, share
from queries.verdicts import (
    ABOVE,
    ALIKE,
    AT_GOAL,
    BELOW,
    ENOUGH,
    FLAGGED,
    HIGHER,
    LOWER,
    RATE,
    TOO_FEW,
    TOO_FEW_ANSWERS,
)

OUTCOME_WORDS = {
    FLAGGED: "Below four-fifths of the highest group and unlikely to be chance",
    LOWER: "Lower than others and unlikely to be chance",
    HIGHER: "Higher than others and unlikely to be chance",
    ALIKE: "No difference beyond chance",
}
BEHIND = (FLAGGED, LOWER)


def participation(row: Any) -> str:
    """A group's participation against its goal: "Below target: 212 more residents; unlikely to be chance"."""
    if row is None or not known(row.value):
        return prose.capital((row.note if row else None) or "not known")
    goal = "parity" if row.is_benchmark else "target"
    verdict = row.verdict
    if verdict == BELOW:
        return f"Below {goal}: {prose.plural(row.value, 'more resident')}; unlikely to be chance"
    if verdict == ABOVE:
        return "Above parity" if row.is_benchmark else "Above target"
    if verdict == AT_GOAL:
        return f"At {goal}, within what chance allows"
    return not_enough(verdict, undisclosed=row.undisclosed, everyone=row.everyone)


def not_enough(verdict: str, *, undisclosed: float, everyone: float) -> str:
    """Why nothing can be said, with the number behind it."""
    if verdict == TOO_FEW_ANSWERS and everyone:
        return f"Not enough answers to say: {share(undisclosed / everyone)} did not disclose"
    return f"{prose.capital(TOO_FEW)}: under {ENOUGH} on a side"


def undisclosed_could(row: Any) -> str:
    """What those who did not disclose could change: the share of them that would bring the group to its goal."""
    if row is None or not known(row.value) or row.verdict not in (BELOW, ABOVE):
        return ""
    tipping, inside = row.tipping, row.share
    if tipping is None:
        return "Everyone answered"
    below = row.verdict == BELOW
    if tipping > 1 or tipping < 0:
        return f"Nothing: {'below' if below else 'above'} whatever they are"
    than = "or more" if below else "or fewer"
    return f"Holds unless {share(tipping)} {than} of them are in the group ({share(inside)} of those who answered)"


def outcome(row: Any) -> str:
    """A group's outcome beside others' in words."""
    if row is None or (row.value is None and not row.verdict):
        return prose.capital((row.note if row else None) or "not known")
    verdict = row.verdict
    if verdict in OUTCOME_WORDS:
        return OUTCOME_WORDS[verdict]
    everyone = row.known_in + row.known_out + row.known_undisclosed
    return not_enough(verdict, undisclosed=row.known_undisclosed, everyone=everyone)


def outcome_cell(row: Any) -> str:
    """The same as short as a cell: "0.87 lower", "1.01", "too few"."""
    if row is None or row.value is None:
        return (row.note if row else None) or "not known"
    word = {
        FLAGGED: " flagged",
        LOWER: " lower",
        HIGHER: " higher",
        TOO_FEW: " too few",
        TOO_FEW_ANSWERS: " too few answers",
    }
    return ratio(row.value) + word.get(row.verdict, "")


def sure(rows: Iterable[Any]) -> set[str]:
    """Keys of the rows whose difference is unlikely to be chance, every comparison made at once allowed for."""
    return {row.key for row in rows if (p := row.p_adjusted) is not None and p <= RATE}


def flagged(rows: Iterable[Any]) -> list[str]:
    """Keys of the rows that the four-fifths screen flags."""
    return [row.key for row in rows if row.verdict == FLAGGED]


def family(rows: Sequence[Any], *, what: str = "") -> str:
    """How many comparisons stand behind "unlikely to be chance", and at what rate it errs; with `what`, only their number."""
    made = next((row.compared for row in rows if row.compared), 0)
    if not made:
        return ""
    said = prose.capital(prose.plural(made, "comparison"))
    if what:
        return f"{said} {what} likewise."
    return (
        f"{said} made at once: of the differences called unlikely to be chance, at most {share(RATE)} are expected to be "
        "chance (Benjamini–Hochberg)."
    )
