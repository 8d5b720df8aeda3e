"""Describe the delivery: what was read, what was excluded, what changed, and what it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from components.text import prose
from components.text import reasons as reasons_text
from components.text.format import day, people, share
from components.text.listing_rows import CheckedTable, CheckNotice, CheckReason, Listing, SuppliedColumn
from data import contract
from queries.access.rights import EXACT_ONLY
from queries.access.viewer import PROTECTED, Viewer
from queries.arithmetic import share_of
from queries.calculators.group_shares import ParticipationRow
from queries.models import REASONS, Answer, AnswerStatus, Delivery
from queries.privacy.suppression import HIDDEN, is_hidden
from queries.scope import Scope

TABLES = {
    "enrollments": "Enrollments",
    "completions": "Completions",
    "funding": "Funding",
    "courses": "Courses",
    "openings": "Openings",
}
UNITS = {
    "Rows read": "rows", "Accepted": "rows", "Excluded": "rows", "Exact duplicates": "rows", "Rows": "rows", "Skipped": "rows",
    "Residents enrolled": "residents", "Did not disclose": "residents", "Of": "count", "Without": "count",
    "Share": "share",
}  # fmt: skip
IN_A_SENTENCE = 5  # columns, so that a sentence can be read aloud
DISCLOSED = ("Residents enrolled", "Did not disclose", "Share")
UNKNOWNS_NEED_ROWS = "This delivery was published without residents’ rows: unknown values cannot be counted under these filters and this date."
# What is missing, its column in the listing `unknowns`, the column it is a part of, and the columns of which one is needed.
UNKNOWNS = (
    ("Enrollments without a sector", "without_sector", "enrollments", {"enrollments.sector"}),
    ("Enrollments without a town", "without_town", "enrollments", {"enrollments.town"}),
    ("Enrollments without a region", "without_region", "enrollments", {"enrollments.town", "enrollments.region"}),
    ("Enrollments without a referring organization", "without_intake", "enrollments", {"enrollments.referred_by"}),
    (
        "Exits at least two quarters ago without employment information",
        "without_employment_q2",
        "exits",
        {"completions.employed_q2"},
    ),
    (
        "Enrollments in training past their planned end, no exit reported",
        "overdue",
        "begun",
        {"enrollments.planned_end_on"},
    ),
)
EXCLUDED = "Why rows were excluded"
SAVE_ROWS = "Download the rows to correct (CSV)"
ROWS_TO_CORRECT = (
    "One line for each excluded row and reason: where it is, who sent it, the wrong value, and how to fix it. "
    "Filter the file by sender, and send each their part. The file holds nothing else about residents."
)
SEND_BACK = (
    "To send rows back: python -m data check DELIVERY --problems FOLDER writes a workbook of them, and a workbook and an e-mail for "
    "each sender."
)


def lead(delivery: Delivery, checked: Listing) -> str:
    """Answer the page's question: which delivery is on screen, and how much of it was excluded."""
    read, excluded = _counts(checked)
    text = f"The delivery of {day(delivery.delivered_on)} is on screen: {prose.plural(read, 'row')} read, "
    if not excluded:
        return f"{text}none excluded."
    return f"{text}{people(excluded)} excluded ({share(share_of(excluded, read))}), each with its reasons."


def compared(checked: Listing, before: Delivery, checked_before: Listing) -> str:
    """Compare the share of rows excluded with the previous delivery's; "" where one of them has no rows."""
    (read, excluded), (read_before, excluded_before) = _counts(checked), _counts(checked_before)
    if not read or not read_before:
        return ""
    now, then = share_of(excluded, read), share_of(excluded_before, read_before)
    how = "higher" if excluded_before * read > excluded * read_before else "lower"
    if share(now) == share(then):
        how = "the same" if excluded_before * read == excluded * read_before else "about the same"
    return f"The share excluded was {how} in the previous delivery, of {day(before.delivered_on)} ({share(then)})."


def _counts(checked: Listing) -> tuple[int, int]:
    """Return how many rows were read, and how many of them excluded."""
    tables = cast("Sequence[CheckedTable]", checked)
    return sum(table["read"] for table in tables), sum(table["quarantined"] for table in tables)


def checked_table(checked: Listing) -> list[dict[str, prose.Cell]]:
    """Return one table row a table that was read, with the rows skipped where the check counted them."""
    rows: list[dict[str, prose.Cell]] = []
    for table in cast("Sequence[CheckedTable]", checked):
        cells: dict[str, prose.Cell] = {
            "Table": _table_label(table["table_name"]),
            "Rows read": table["read"],
            "Accepted": table["accepted"],
            "Excluded": table["quarantined"],
            "Exact duplicates": table["duplicates"],
        }
        if "skipped" in table:
            cells["Skipped"] = table["skipped"]
        rows.append(cells)
    return rows


def _table_label(name: str | None) -> str:
    return "The delivery" if name is None else TABLES.get(name, name)


def whatever_the_filters(scope: Scope) -> str:
    """Say that rows read and excluded follow no filter, where the reader chose one; else ""."""
    if not (scope.filters or scope.since or scope.until):
        return ""
    return "Rows read and excluded, and notices, are of the whole delivery. They do not follow the filters."


def missing_tables(checked: Listing) -> str:
    """List the contract's tables that this delivery does not supply, as running text; "" where it supplies all."""
    supplied = {table["table_name"] for table in cast("Sequence[CheckedTable]", checked)}
    return prose.join([label.lower() for name, label in TABLES.items() if name not in supplied])


def reasons_table(reasons: Listing) -> list[dict[str, prose.Cell]]:
    """Return one table row a reason, the most frequent first."""
    return [
        {"Table": _table_label(row["table_name"]), "Reason": reasons_text.in_words(row["reason"]), "Rows": row["rows"]}
        for row in cast("Sequence[CheckReason]", reasons)
    ]


def notices_table(notices: Listing) -> list[dict[str, prose.Cell]]:
    """Return one table row a notice."""
    return [
        {"Table": _table_label(row["table_name"]), "Notice": row["notice"]}
        for row in cast("Sequence[CheckNotice]", notices)
    ]


def disclosure_table(answer: Answer, labels: Mapping[str, str]) -> list[dict[str, prose.Cell]]:
    """Return one table row a group: how many enrolled residents did not answer, or why that is not shown.

    Args:
        answer: Participation by group.
        labels: Group id to label.
    """
    return [
        {"Group": labels.get(str(row.group), str(row.group)), **dict(zip(DISCLOSED, _disclosed(row), strict=True))}
        for row in answer.rows_of(ParticipationRow)
    ]


def _disclosed(row: ParticipationRow) -> tuple[prose.Cell, prose.Cell, prose.Cell]:
    """Return residents enrolled, those who did not disclose, and their share; or the reason in each place."""
    if row.everyone is None:
        reason = HIDDEN if is_hidden(row) else row.note
        return reason, reason, reason
    share_silent = share_of(row.undisclosed, row.everyone) if row.everyone else "nobody enrolled yet"
    return row.everyone, row.undisclosed, share_silent


def no_unknowns(viewer: Viewer | None) -> str:
    """Say why nothing is said of what is not known."""
    return UNKNOWNS_NEED_ROWS if viewer is None or viewer.clearance != PROTECTED else EXACT_ONLY


def unknowns_table(unknowns: Listing, supplied: Listing) -> list[dict[str, prose.Cell]]:
    """Return one table row a gap in the data: how many enrollments or exits lack it, of how many.

    Args:
        unknowns: The single row of the listing `unknowns`; a count hidden from this reader is None.
        supplied: The columns that the delivery supplies.
    """
    columns = _column_names(supplied)
    counts = cast("Mapping[str, int | None]", unknowns[0])
    rows: list[dict[str, prose.Cell]] = []
    for what, name, base, needed in UNKNOWNS:
        if not columns & needed:
            rows.append({"What": what, "Without": "not supplied", "Of": "not supplied", "Share": "not supplied"})
            continue
        without, of = counts[name], counts[base]
        if without is None or of is None:
            rows.append({"What": what, "Without": HIDDEN, "Of": HIDDEN if of is None else of, "Share": HIDDEN})
            continue
        part = share_of(without, of) if of else REASONS[AnswerStatus.EMPTY]
        rows.append({"What": what, "Without": without, "Of": of, "Share": part})
    return rows


def _column_names(supplied: Listing) -> set[str]:
    return {f"{row['table_name']}.{row['column_name']}" for row in cast("Sequence[SuppliedColumn]", supplied)}


def missing_columns(supplied: Listing, checked: Listing, groups: Sequence[str]) -> str:
    """List the contract's columns that the supplied tables lack, as sentences.

    Args:
        supplied: The columns that the delivery supplies.
        checked: The tables that it supplies.
        groups: The ids of the groups that it does not say.
    """
    tables = {table["table_name"] for table in cast("Sequence[CheckedTable]", checked)}
    needed = {f"{name}.{column.name}" for name, table in contract.tables(groups).items() for column in table.columns}
    columns = _column_names(supplied)
    needed -= {"enrollments.region"} if "enrollments.town" in columns else set()  # the town determines the region
    missing = sorted(need for need in needed - columns if need.split(".")[0] in tables)
    return prose.in_sentences([need.replace(".", ": ").replace("_", " ") for need in missing], IN_A_SENTENCE)


def deliveries_table(history: Sequence[str], shown: str, left: str | None = None) -> list[dict[str, prose.Cell]]:
    """Return one table row a published delivery, newest first. left: the one that a rollback took off the screen, if any."""
    rows: list[dict[str, prose.Cell]] = [{"Delivery": left, "Status": "taken back"}] if left else []
    return rows + [
        {"Delivery": name, "Status": "on screen" if name == shown else "earlier"} for name in reversed(history)
    ]
