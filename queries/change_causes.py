"""Say why a total differs between two deliveries: what each part means, and what stands behind it in the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from queries.change import Change, PartKind

MEANINGS: Mapping[PartKind, str] = {
    PartKind.NEW: "Dated after the earlier delivery, so it could not count yet.",
    PartKind.ENDED: "Counted on the day of the earlier delivery, and no longer does: for example, the training ended.",
    PartKind.LATE: "On or before the day of the earlier delivery, but first reported since.",
    PartKind.CORRECTED: "Recorded in both deliveries, with other values now.",
    PartKind.REMOVED: "In the earlier delivery, and not in the export of the later one.",
    PartKind.EXCLUDED: "Accepted in one delivery, and excluded in the other because it broke a rule.",
    PartKind.MERGED: "Rows of two residents now belong to one resident, or the other way around.",
}
_MOST_NAMES = 2  # that share the first place in a sentence


def behind(change: Change, kind: PartKind, *, in_words: Callable[[str], str] = str) -> str:
    """Say what most of a part has in common: a rule, a column, a provider; "" where the data does not say or the reader may not see it.

    Args:
        change: The change.
        kind: The part.
        in_words: Writes a name as readers know it.
    """
    causes = [cause for cause in change.causes if cause.kind is kind]
    if not any(cause.name for cause in causes):
        return ""
    most = [cause for cause in causes if cause.count == causes[0].count]
    what, counted = _what(change, kind), _counted(causes[0].units, change)
    if len(most) > _MOST_NAMES:
        return f"No {what} stands out: none has more than {most[0].count:,} of {counted}."
    names = " and ".join(in_words(cause.name) if cause.name else f"no {what} recorded" for cause in most)
    each = " each" if len(most) > 1 else ""
    text = f"Most common {what}{'s' * (len(most) > 1)}: {names}. {most[0].count:,}{each} of {counted}"
    if kind is PartKind.EXCLUDED and len(most) == 1:
        text += f": {most[0].removed:,} excluded now, {most[0].added:,} accepted again"
    return f"{text}."


def _what(change: Change, kind: PartKind) -> str:
    """Name what the causes of a part are: a rule, a column, or who the rows are of."""
    if kind in (PartKind.EXCLUDED, PartKind.CORRECTED):
        return "rule" if kind is PartKind.EXCLUDED else "corrected column"
    return "recipient" if change.measure.model in ("funding", "awards") else "provider"


def _counted(units: int, change: Change) -> str:
    """Write a number of rows, or of residents where those are counted."""
    unit = "residents" if change.measure.agg == "count_residents" else "rows"
    return f"1 {unit[:-1]}" if units == 1 else f"{units:,} {unit}"
