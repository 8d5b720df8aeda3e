"""The delivery in words: what was read, what was set aside, what changed, what it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.text import prose
from components.text.format import day, people, share
from queries.privacy.suppression import is_hidden

TABLES = {
    "enrollments": "Enrollments",
    "completions": "Completions",
    "funding": "Funding",
    "courses": "Courses",
    "openings": "Openings",
}
UNITS = {
    "Rows read": "rows", "Accepted": "rows", "Set aside": "rows", "Exact duplicates": "rows", "Rows": "rows", "Skipped": "rows",
    "Residents enrolled": "residents", "Did not disclose": "residents", "Of": "enrollments", "Without": "enrollments",
    "Share": "share", "Before": "rows", "Now": "rows",
}  # fmt: skip
FEW = "too few to show"
DISCLOSED = ("Residents enrolled", "Did not disclose", "Share")
COMPARED = (
    "residents_applied",
    "residents_enrolled",
    "enrollments",
    "completions",
    "withdrawals",
    "credentials",
    "placements",
)


def lead(delivery: Any, checked: Sequence[dict[str, Any]]) -> str:
    """The page's answer: is this export good?"""
    read = sum(row["read"] for row in checked)
    aside = sum(row["quarantined"] for row in checked)
    text = f"The delivery of {day(delivery.delivered_on)} is on screen: {prose.plural(read, 'row')} read, "
    if not aside:
        return text + "none set aside."
    return text + f"{people(aside)} set aside ({share(aside / read)}) with their reasons."


def checked_table(checked: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a table that was read, with the rows that were skipped where the check counted them."""
    return [
        {
            "Table": TABLES.get(row["table_name"], row["table_name"]),
            "Rows read": row["read"],
            "Accepted": row["accepted"],
            "Set aside": row["quarantined"],
            "Exact duplicates": row["duplicates"],
        }
        | ({"Skipped": row["skipped"]} if "skipped" in row else {})
        for row in checked
    ]


def missing_tables(checked: Sequence[dict[str, Any]]) -> str:
    """The contract's tables that this delivery does not bring, as running text; empty where it brings all."""
    brought = {row["table_name"] for row in checked}
    return prose.join([label.lower() for name, label in TABLES.items() if name not in brought])


def reasons_table(reasons: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a reason, the most frequent first."""
    return [
        {"Table": TABLES.get(row["table_name"], row["table_name"]), "Reason": row["reason"], "Rows": row["rows"]}
        for row in reasons
    ]


def notices_table(notices: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a notice."""
    return [{"Table": TABLES.get(row["table_name"], row["table_name"]), "Notice": row["notice"]} for row in notices]


def previous(page: Any) -> str | None:
    """The delivery of the same kind published before the one on screen, or None: a demo or another layout is no "before"."""
    history = list(page.history())
    earlier = history[: history.index(page.delivery.id)] if page.delivery.id in history else []
    kind = (page.delivery.layout, page.delivery.is_synthetic)
    others = [page.delivery_of(one) for one in earlier]
    same = [other.id for other in others if (other.layout, other.is_synthetic) == kind]
    return same[-1] if same else None


def restated(page: Any, before: str) -> list[dict[str, Any]]:
    """The same measures on the date of the delivery before, as each delivery tells them."""
    found = []
    for measure_id in COMPARED:
        then = page.ask(measure_id, delivery=before)
        now = page.ask(measure_id, as_of=then.as_of)
        found.append(
            {
                "Measure": then.measure.label,
                "On": then.as_of,
                "Before": prose.told(then.total),
                "Now": prose.told(now.total),
                "Change": prose.since_then(
                    now.total.value, then.total.value, "rows", hidden_below=getattr(now, "hidden_below", None)
                ),
            }
        )
    return found


def disclosure_table(answer: Any, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a group question: how many enrolled residents did not answer; says so where it is not supplied or not shown.

    answer: participation by group. labels: group id to label.
    """
    return [
        {"Group": labels.get(row.group, row.group)} | dict(zip(DISCLOSED, _disclosed(row), strict=True))
        for row in answer.rows
    ]


def _disclosed(row: Any) -> tuple[Any, Any, Any]:
    """Residents enrolled, those who did not disclose, and their share; in their place why they are not told."""
    if row.everyone is None:
        why = FEW if is_hidden(row) else row.note
        return why, why, why
    everyone, silent = row.everyone, row.undisclosed
    return everyone, silent, silent / everyone if everyone else "nobody enrolled yet"


def unknowns_table(rows: Sequence[dict[str, Any]], supplied: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What enrollments and exits leave open, as counts and shares; a column that is not supplied is no share of anything."""
    brought = {f"{row['table_name']}.{row['column_name']}" for row in supplied}
    only = rows[0]
    place = ("enrollments.town", "enrollments.region")
    listed = (
        ("Enrollments without a sector", "without_sector", "enrollments", ("enrollments.sector",)),
        ("Enrollments without a town", "without_town", "enrollments", ("enrollments.town",)),
        ("Enrollments without a region", "without_region", "enrollments", place),
        ("Enrollments without a referring organization", "without_intake", "enrollments", ("enrollments.referred_by",)),
        (
            "Exits two quarters ago or more, without news of employment",
            "without_employment_q2",
            "exits",
            ("completions.employed_q2",),
        ),
        (
            "Enrollments in training past their planned end, no exit reported",
            "overdue",
            "begun",
            ("enrollments.planned_end_on",),
        ),
    )
    found: list[dict[str, Any]] = []
    for what, name, of, needed in listed:
        if not brought & set(needed):
            found.append({"What": what, "Without": "not supplied", "Of": "not supplied", "Share": "not supplied"})
            continue
        if only[name] is None or only[of] is None:
            found.append({"What": what, "Without": FEW, "Of": only[of] if only[of] is not None else FEW, "Share": FEW})
            continue
        part = only[name] / only[of] if only[of] else None
        found.append({"What": what, "Without": only[name], "Of": only[of], "Share": part})
    return found


def missing_columns(supplied: Sequence[dict[str, Any]], checked: Sequence[dict[str, Any]]) -> str:
    """The columns of the contract a delivery did not bring, for the tables it did, as running text."""
    from queries import measures

    brought = {f"{row['table_name']}.{row['column_name']}" for row in supplied}
    tables = {row["table_name"] for row in checked}
    needed = {need for one in measures().values() for need in one.needs}
    missing = sorted(need for need in needed - brought if need.split(".")[0] in tables)
    return prose.join([need.replace(".", ": ").replace("_", " ") for need in missing])


def deliveries_table(history: Sequence[str], shown: str) -> list[dict[str, Any]]:
    """Every delivery published, newest first."""
    return [{"Delivery": name, "State": "on screen" if name == shown else "kept"} for name in reversed(history)]
