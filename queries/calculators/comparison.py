"""A group compared with everyone known not to be in it: the ratio of two rates, and the verdict on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar

from queries.aggregations.groups import SIDE_SUMS
from queries.calculators.registry import Counts
from queries.database import SqlRow
from queries.disclosure import people, rest_of
from queries.models import ComparedRow
from queries.notes import NOBODY_TO_COMPARE, OTHERS_AT_ZERO
from queries.statistics.significance import Side, interval_ratio
from queries.verdicts import Compared, Verdict, outcome_verdict, p_of_outcome, reason_against

S = TypeVar("S", bound="SidesRow")
# Credentials are counted of completions: their row would reveal the completions.
REVEALING_PARTS: Mapping[str, str] = {"completed": "credential", "completion_rate": "credential_rate"}

# The counts of rate_by_side that `SidesRow` carries.
SIDE_COLUMNS = (
    "successes_in", "known_in", "successes_out", "known_out", "known_undisclosed", "successes_undisclosed",
)  # fmt: skip

# by class, to be filled: a class sets some thirty fields one by one, which takes three times as long
_EMPTY: dict[type[SidesRow], Any] = {}
_COUNTS = {which: itemgetter(*(f"{name}_{which}" for name in SIDE_SUMS)) for which in ("in", "out")}


@dataclass(frozen=True, kw_only=True)
class SidesRow(ComparedRow):
    """A group's rate ÷ the others' rate; numerator and denominator are the two rates.

    Attributes:
        successes_in: Events of the group with the outcome.
        known_in: Events of the group whose outcome is known.
        successes_out: Events of the others with the outcome.
        known_out: Events of the others whose outcome is known.
        known_undisclosed: Events with a known outcome, of those who did not disclose.
        successes_undisclosed: Those of them with the outcome.
    """

    successes_in: int | None = people()
    known_in: int | None = people()
    successes_out: int | None = people()
    known_out: int | None = people()
    known_undisclosed: int | None = people()
    successes_undisclosed: int | None = people()

    def verdict_at(self, p_adjusted: float) -> Verdict:
        """Return the verdict that follows from an adjusted p-value."""
        return outcome_verdict(p_adjusted, is_higher=(self.numerator or 0) > (self.denominator or 0))

    @property
    def missed(self) -> float | None:
        """How many more of the group would have had the outcome at the others' rate; negative: how many fewer."""
        if self.denominator is None or self.known_in is None or self.successes_in is None:
            return None
        return self.denominator * self.known_in - self.successes_in


def side(raw: SqlRow, which: str) -> Side:
    """Return one side, "in" or "out", of a row of rate_by_side or rate_by_pair."""
    return Side(*map(int, _COUNTS[which](raw)))


def compared(raw: SqlRow) -> Compared:
    """Return a row of rate_by_side or rate_by_pair as a comparison, without a screen."""
    return Compared(side(raw, "in"), side(raw, "out"), int(raw["known_undisclosed"]))


def side_row(row_type: type[S], comparison: Compared, *, key: str, group: str, part: str) -> S:
    """Return the ratio of two rates with its interval, counts and p-value; a verdict only if nothing can be concluded."""
    inside, outside = comparison.inside, comparison.outside
    ratio = interval_ratio(inside, outside)
    note = None
    if ratio is None:
        note = OTHERS_AT_ZERO if inside.trials and outside.trials else NOBODY_TO_COMPARE
    empty: S = _EMPTY.get(row_type) or _EMPTY.setdefault(row_type, row_type(key="", value=None))
    return empty.but(
        key=key,
        group=group,
        part=part,
        value=ratio.value if ratio else None,
        numerator=inside.rate,
        denominator=outside.rate,
        low=ratio.low if ratio else None,
        high=ratio.high if ratio else None,
        note=note,
        successes_in=inside.successes,
        known_in=inside.trials,
        successes_out=outside.successes,
        known_out=outside.trials,
        known_undisclosed=comparison.known_undisclosed,
        p=p_of_outcome(comparison),
        verdict=reason_against(comparison),
    )


def side_counts(row: SidesRow) -> Counts:
    """Return successes and failures of the group, the others and the undisclosed, and all undisclosed."""
    return (
        row.successes_in,
        rest_of(row.known_in, row.successes_in),
        row.successes_out,
        rest_of(row.known_out, row.successes_out),
        row.known_undisclosed,
        row.successes_undisclosed,
        rest_of(row.known_undisclosed, row.successes_undisclosed),
    )
