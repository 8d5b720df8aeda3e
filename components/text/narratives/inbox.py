"""Describe the deliveries that wait in the inbox, and what their checks found."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from components.refusals import Refusal
from components.text import prose
from components.text.format import day, fixed, people
from data.inbox import MAX_LISTED, WaitingDelivery

TITLE = "Check a delivery"
WORDS = "These deliveries wait in the inbox on the server. A check reads one as publishing would, and changes nothing that is published."
EMPTY = "The inbox on the server holds no delivery: no folder, zip file or workbook."
NOT_CHECKED = "Not checked yet"
DATE_PUBLISHED = "Not checked yet; a delivery of the date in its name is published"
CHANGED = "Changed since its check"
CHECKING = "Being checked"
FAILED = "No result"
COMMAND = "To publish it, run this on the server:"
OLDER_COMMAND = "It is older than the delivery on screen. To publish it anyway, run this on the server:"
CHECK_COMMAND = "To see why, run this on the server:"


def size(delivery: WaitingDelivery) -> str:
    """Write how much a delivery holds: "5 files, 1.2 MB"."""
    return f"{prose.plural(delivery.files, 'file')}, {_megabytes(delivery.size)}"


def _megabytes(size_in_bytes: int) -> str:
    return f"{fixed(size_in_bytes / 1e6, 1)} MB" if size_in_bytes >= 50_000 else "under 0.1 MB"


def changed_on(delivery: WaitingDelivery) -> str:
    """Write the day on which the newest file of a delivery was changed."""
    return day(datetime.fromtimestamp(delivery.changed_at / 1e9, UTC).date())


def result(report: Refusal, *, is_accepted: bool) -> str:
    """Write the result of a check in a few words: "Accepted, 15 rows excluded"."""
    if not is_accepted:
        return f"Not accepted: {prose.plural(report.count, 'problem')}"
    excluded = excluded_rows(report)
    return f"Accepted, {prose.plural(excluded, 'row')} excluded" if excluded else "Accepted"


def excluded_rows(report: Refusal) -> int:
    """Count the rows that would be excluded."""
    return sum(table.quarantined for table in report.tables)


def title(name: str, *, is_accepted: bool | None) -> str:
    """Write the heading of a report. is_accepted: None where the check failed."""
    if is_accepted is None:
        return f"The check of {name} has no result"
    return f"The check accepted {name}" if is_accepted else f"The check did not accept {name}"


def words(report: Refusal, ended_at: datetime, *, is_accepted: bool) -> str:
    """Say when a delivery was checked, how many of its rows count, and how much keeps it from being published."""
    when = f"Checked on {day(ended_at.date())} at {ended_at:%H:%M} UTC."
    read, excluded = sum(table.read for table in report.tables), excluded_rows(report)
    counted = f"{prose.plural(read, 'row')} read, {people(excluded) if excluded else 'none'} excluded."
    to_correct = "" if is_accepted else f" {prose.plural(report.count, 'problem')} must be corrected first."
    return f"{when} {counted}{to_correct} What is published has not changed."


def published(report: Refusal, *, same_date: Collection[str], same_content: str | None) -> str:
    """Say whether a delivery is published already, as far as its date and the check show it; "" where no date matches.

    Args:
        report: Of the check.
        same_date: The ids of the published deliveries with its date.
        same_content: The one of them that the check found equal to it.
    """
    if not same_date or report.delivered_on is None:
        return ""
    of_date = f"A delivery of {day(report.delivered_on)} is already published"
    if same_content:
        return f"{of_date} ({same_content}). Each of its tables has the same numbers of rows, excluded for the same reasons."
    return f"{of_date} ({prose.join(list(same_date))}). Its row counts, or its reasons for excluding rows, differ from this check’s."


def status(name: str, *, is_checking: bool, outcome: str) -> str:
    """Say what a screen reader announces when a check starts and ends."""
    return f"Checking {name}. The page shows the result when it ends." if is_checking else f"{name}: {outcome}."


def left_out(count: int) -> str:
    """Say that the list may be cut; "" where it is not. count: of the deliveries listed."""
    return f"The newest {people(MAX_LISTED)} are listed." if count >= MAX_LISTED else ""
