"""Say of how many groups a finding that names none of them is, and why groups cannot be compared."""

from __future__ import annotations

from collections.abc import Sequence

from components.text import prose
from components.text.format import known
from queries.calculators.group_shares import RepresentationRow
from queries.models import ComparedRow, Row
from queries.privacy.suppression import is_hidden
from queries.verdicts import ABOVE, ALIKE, AT_GOAL, BELOW, FLAGGED, HIGHER, LOWER, SCREENED, TOO_FEW

_JUDGED = (ABOVE, ALIKE, AT_GOAL, BELOW, FLAGGED, HIGHER, LOWER, SCREENED)


def is_judged(row: Row) -> bool:
    """Return whether a comparison has a verdict. A ratio to a population without one is judged by its interval."""
    if isinstance(row, RepresentationRow):
        return known(row.high) and known(row.benchmark)
    return isinstance(row, ComparedRow) and row.verdict in _JUDGED


def none_of(rows: Sequence[Row], place: str = "") -> str:
    """Start a sentence about the groups that can be compared: "of the three groups that can be compared, none is"."""
    count = len({row.group for row in rows if is_judged(row)})
    if count == 1:
        return f"the only group{place} that can be compared is not"
    which = "" if count == len({row.group for row in rows}) else " that can be compared"
    return f"of the {prose.in_words(count)} groups{place}{which}, none is"


def nothing_compared(rows: Sequence[Row], what: str = "group") -> str:
    """Start a sentence where no group can be compared: "too few residents to compare any group"."""
    reasons = {row.verdict for row in rows if isinstance(row, ComparedRow) and row.verdict}
    if reasons == {TOO_FEW} and not any(is_hidden(row) for row in rows):
        return f"too few residents to compare any {what}"
    return f"no {what} can be compared"
