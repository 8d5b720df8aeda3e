"""Put verdicts into words, with their reasons. `queries/verdicts.py` decides the verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from components.text import prose, scope_words
from components.text.format import known, ratio, share
from queries.calculators.comparison import SidesRow
from queries.calculators.counts import CountRow
from queries.calculators.gap import GapRow
from queries.models import Answer, ComparedRow
from queries.verdicts import (
    ABOVE,
    ALIKE,
    AT_GOAL,
    BELOW,
    ENOUGH,
    FLAGGED,
    FOUR_FIFTHS,
    HIGHER,
    LOWER,
    NO_FINDING,
    RATE,
    SCREENED,
    TOO_FEW,
    TOO_FEW_ANSWERS,
)

OUTCOME_WORDS: Mapping[str | None, str] = {
    FLAGGED: "Below four-fifths of the highest rate and unlikely to be chance",
    SCREENED: "Below four-fifths of the highest rate of its classification and unlikely to be chance",
    LOWER: "Lower than others and unlikely to be chance",
    HIGHER: "Higher than others and unlikely to be chance",
    ALIKE: "No clear difference",
}
BEHIND = (FLAGGED, LOWER)
CLEAR = (*BEHIND, HIGHER)
PICKED = "Differences picked because they are large are on average smaller when they are measured again."
WHAT_CHANCE_MEANS = (
    "These numbers count everyone in the programs; nobody was sampled, so the rates themselves have no sampling error. Chance means "
    "what would differ if the same programs had served other residents like these, or the same residents in another year. "
    "A difference called unlikely to be chance is larger than that would produce. It does not say why. A difference "
    "that could be chance did happen, but it is no reason to expect it again."
)
_NOT_KNOWN = {"credential_rate": "credential", "placement_rate": "job", "employment_rate_q2": "employment"}
_CELL_WORDS: Mapping[str | None, str] = {
    FLAGGED: " flagged",
    SCREENED: " below the highest rate",
    LOWER: " lower",
    HIGHER: " higher",
    TOO_FEW: " too few",
    TOO_FEW_ANSWERS: " too few answers",
}


def participation(row: GapRow | None) -> str:
    """Compare a group's participation with its goal: "Below target: 212 more residents needed; unlikely to be chance"."""
    if row is None or not known(row.value):
        return prose.capital((row.note if row else None) or "not known")
    goal = "parity" if row.is_benchmark else "target"
    verdict = row.verdict
    if verdict == BELOW:
        return f"Below {goal}: {prose.plural(row.value, 'more resident')} needed; unlikely to be chance"
    if verdict == ABOVE:
        return f"Above {goal}"
    if verdict == AT_GOAL:
        return f"No clear difference from {goal}"
    if verdict in NO_FINDING:
        return f"No finding: {verdict}"
    return not_enough(verdict, undisclosed=row.undisclosed, everyone=row.everyone)


def not_enough(verdict: str | None, *, undisclosed: float | None, everyone: float | None) -> str:
    """Say why there is no verdict, with the number behind it."""
    if verdict == TOO_FEW_ANSWERS and everyone and undisclosed is not None:
        return f"Not enough answers to say ({share(undisclosed / everyone)} did not disclose)"
    return f"{prose.capital(TOO_FEW)} (under {ENOUGH} on one side)"


def undisclosed_could(row: GapRow | None) -> str:
    """Say how many of the residents who did not disclose would have to be in the group to bring it to its goal."""
    if row is None or not known(row.value) or row.verdict not in (BELOW, ABOVE):
        return ""
    tipping, in_group = row.tipping, row.share
    if tipping is None:
        return "Everyone answered"
    is_below = row.verdict == BELOW
    if tipping > 1 or tipping < 0:
        return f"Nothing changes. The group is {'below' if is_below else 'above'} its goal whatever they would answer"
    than = "or more" if is_below else "or fewer"
    return f"The finding holds unless {share(tipping)} {than} of them are in the group. Of those who answered, {share(in_group)} are"


def outcome(row: SidesRow | None) -> str:
    """Compare a group's outcome with that of others, in words."""
    if row is None or (row.value is None and not row.verdict):
        return prose.capital((row.note if row else None) or "not known")
    if row.verdict == HIGHER and _others_are_below_four_fifths(row):
        return f"{OUTCOME_WORDS[HIGHER]}; others are below four-fifths of this rate"
    if row.verdict in OUTCOME_WORDS:
        return OUTCOME_WORDS[row.verdict]
    everyone = (row.known_in or 0) + (row.known_out or 0) + (row.known_undisclosed or 0)
    return not_enough(row.verdict, undisclosed=row.known_undisclosed, everyone=everyone)


def why_not_compared(row: SidesRow | None) -> str | None:
    """Say why a row has no ratio: that too few answered, if that is why, else its note."""
    return outcome(row) if row is not None and row.verdict == TOO_FEW_ANSWERS else row.note if row is not None else None


def members(row: SidesRow) -> int | str | None:
    """Return how many are counted in a group; where nobody has answered, that is not known."""
    if row.known_in is None:
        return row.note
    return "not known" if row.known_undisclosed and not row.known_in and not row.known_out else row.known_in


def _others_are_below_four_fifths(row: SidesRow) -> bool:
    """Return whether the screen would flag those outside the group, who may be a protected class too."""
    return row.numerator is not None and (row.denominator or 0) < FOUR_FIFTHS * row.numerator


def outcome_cell(row: ComparedRow | None, absent: str = "not known") -> str:
    """Compare a group's outcome with that of others in a cell: "0.87 lower", "1.01", "1.20 too few". absent: why there is no row."""
    if row is None or row.value is None:
        return (row.note if row else None) or absent
    return ratio(row.value) + _CELL_WORDS.get(row.verdict, "")


def sure(rows: Iterable[ComparedRow]) -> set[str]:
    """Return the keys of the rows whose difference is unlikely to be chance, allowing for every comparison made at once."""
    return {row.key for row in rows if (p := row.p_adjusted) is not None and p <= RATE}


def flagged(rows: Iterable[ComparedRow]) -> list[str]:
    """Return the keys of the rows that the four-fifths rule flags."""
    return [row.key for row in rows if row.verdict in (FLAGGED, SCREENED)]


def family(rows: Sequence[ComparedRow], *, is_page: bool = False) -> str:
    """Say how many comparisons stand behind "unlikely to be chance" and how often that is wrong.

    is_page: whether the rows were judged with all other comparisons of their page.
    """
    count = next((row.compared for row in rows if row.compared), 0)
    if not count:
        return ""
    place = " on this page" if is_page else ""
    if count == 1:
        return (
            f"1 comparison{place}. If the rates did not truly differ, the difference would be called unlikely to be "
            f"chance at most {share(RATE)} of the time."
        )
    return (
        f"{prose.plural(count, 'comparison')} made at once{place}. "
        f"Of the differences called unlikely to be chance, at most {share(RATE)} are expected to be chance. "
        "A 95% interval holds for one comparison, not for all of them together."
    )


def not_known_yet(rate: Answer, who: str) -> str:
    """Say how many events a rate leaves out because their outcome is not known yet; "" where there are none or it is hidden.

    Args:
        rate: The answer whose rate leaves them out, without a breakdown.
        who: Whom it counts, such as "veterans".
    """
    row = rate.total
    if rate.is_nearest or not isinstance(row, CountRow) or not row.unknown:
        return ""
    event = "completion" if rate.measure.id == "credential_rate" else "exit"
    count = f"{prose.plural(row.unknown, event)}{scope_words.subject(rate, who)}"
    return f"Left out because the {_NOT_KNOWN.get(rate.measure.id, 'outcome')} is not known yet: {count}."
