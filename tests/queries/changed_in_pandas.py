"""What changed between two revised deliveries, computed in pandas, sets and dictionaries; it shares nothing with the SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from tests import edge_cases
from tests.queries import independent
from tests.queries.revised_deliveries import KEYS, SECOND_DAY, Exports

Pair = tuple[Exports, Exports]
RECORDED = {
    "residents_applied": ["applied_on"],
    "residents_enrolled": ["enrolled_on"],
    "residents_new": ["enrolled_on"],
    "enrollments": ["enrolled_on"],
    "in_training": ["started_on"],
    "completions": ["exited_on", "outcome"],
    "withdrawals": ["exited_on", "outcome"],
    "credentials": ["exited_on", "outcome", "credential"],
    "placements": ["employed_on", "outcome"],
    "slfrf_completing": ["exited_on", "outcome"],
    "learners": ["registered_on"],
    "registrations": ["registered_on"],
    "expended": ["posted_on", "amount"],
}  # the columns without which the event was not in a delivery
OF_RESIDENTS = {"residents_applied", "residents_enrolled", "residents_new", "slfrf_completing", "learners"}


@dataclass(frozen=True)
class Counted:
    """The rows that a measure counts: each id with its resident and its amount."""

    people: dict[str, str]
    amounts: dict[str, float]

    @property
    def residents(self) -> set[str]:
        """The distinct residents."""
        return set(self.people.values())


def counted(exports: Exports, measure_id: str, *, as_of: date, region_of: dict[str, str], **filters) -> Counted:
    """Return the rows that a measure counts in one delivery on a day."""
    since, until = filters.pop("since", None), filters.pop("until", None)
    if measure_id in ("learners", "registrations", "expended"):
        key, day = ("transaction_id", "posted_on") if measure_id == "expended" else ("registration_id", "registered_on")
        frame = exports.accepted["funding" if measure_id == "expended" else "courses"]
        frame = frame[frame["kind"] == "expended"] if measure_id == "expended" else frame
        frame = frame.assign(region=frame["region"] if "region" in frame else frame["town"].map(region_of))
        for name, value in filters.items():
            frame = frame[frame[name] == value]
        frame = frame[frame[day] <= pd.Timestamp(as_of)]
        frame = _between(frame, frame[day], since, until)
        people = frame["participant_id"] if "participant_id" in frame else frame[key]
        amounts = frame["amount"] if "amount" in frame else pd.Series(1.0, index=frame.index)
        return Counted(dict(zip(frame[key], people, strict=True)), dict(zip(frame[key], amounts, strict=True)))
    frame = _facts_of(exports, region_of)
    view, group = independent.as_of_view(frame, as_of), filters.pop("group", None)
    for name, value in filters.items():
        view = view[view[name] == value]
    view = view[view[group].eq(True)] if group else view
    result: list[pd.DataFrame] = []

    def keep(rows: pd.DataFrame, when: pd.Series, column: str, *, is_of_first_days: bool = False):
        if is_of_first_days:
            when = when.groupby(rows["participant_id"]).transform("min").where(when.notna())
        result.append(_between(rows, when, since, until))
        return rows[column].head(0).groupby(level=0)

    independent.plain(as_of)[measure_id](view, keep)
    ids = result[0]["enrollment_id"]
    return Counted(dict(zip(ids, result[0]["participant_id"], strict=True)), dict.fromkeys(ids, 1.0))


_facts: dict[int, tuple[Exports, pd.DataFrame]] = {}


def _facts_of(exports: Exports, region_of: dict[str, str]) -> pd.DataFrame:
    """Return the enrollments of a delivery with their exits; cached, because many measures look at one delivery."""
    if id(exports) not in _facts:
        _facts[id(exports)] = exports, independent.facts(exports.accepted, region_of)
    return _facts[id(exports)][1]


def _between(rows: pd.DataFrame, when: pd.Series, since: date | None, until: date | None) -> pd.DataFrame:
    inside = when.notna()
    inside &= when >= pd.Timestamp(since) if since else True
    inside &= when <= pd.Timestamp(until) if until else True
    return rows[inside]


def row_kind(row_id: str, measure_id: str, first: Exports, second: Exports, *, is_lost: bool) -> str:
    """Return why a row counts in one delivery only on the same day."""
    table = {"expended": "funding", "learners": "courses", "registrations": "courses"}.get(measure_id, "enrollments")
    is_about_exits = "outcome" in RECORDED[measure_id] or measure_id == "in_training"
    tables = [table, "completions"] if is_about_exits else [table]
    excluded = [any(row_id in exports.excluded[name] for name in tables) for exports in (first, second)]
    if excluded[0] != excluded[1]:
        return "excluded"
    if is_lost:
        return "corrected" if row_id in ids_with(second, table) else "removed"
    return "corrected" if row_id in ids_with(first, table, *RECORDED[measure_id]) else "late"


_ids: dict[tuple[int, str, tuple[str, ...]], tuple[Exports, set[str]]] = {}


def ids_with(exports: Exports, table: str, *columns: str) -> set[str]:
    """Return the ids of a table's rows that have all of these columns; cached, because every row that changed is looked up."""
    if (id(exports), table, columns) not in _ids:
        rows, key = exports.accepted[table], KEYS[table]
        if table == "enrollments":
            rows = rows.merge(exports.accepted["completions"], on="enrollment_id", how="left")
        is_missing = rows[list(columns)].isna().any(axis=1)
        _ids[id(exports), table, columns] = exports, set(rows[key]) - set(rows.loc[is_missing, key])
    return _ids[id(exports), table, columns][1]


def became(first: Exports, second: Exports) -> dict[str, set[str]]:
    """Return for each resident of the first delivery the residents of the second who have one of their rows."""
    result: dict[str, set[str]] = {}
    for table in ("enrollments", "courses"):
        key = KEYS[table]
        both = first.accepted[table].merge(second.accepted[table], on=key, suffixes=("_first", "_second"))
        for before, now in zip(both["participant_id_first"], both["participant_id_second"], strict=True):
            result.setdefault(before, set()).add(now)
    return result


def expected_parts(
    pair: Pair, region_of: dict[str, str], measure_id: str, filters: dict
) -> dict[str, tuple[Decimal, Decimal]]:
    """Compute the parts with sets and dictionaries, from the rows that pandas counts."""
    as_of = filters.pop("as_of", date.max)
    day = min(as_of, edge_cases.DELIVERED_ON.date())
    events = [
        counted(exports, measure_id, as_of=on, region_of=region_of, **filters)
        for exports, on in ((pair[0], day), (pair[1], day), (pair[1], min(as_of, SECOND_DAY.date())))
    ]
    units = units_of_residents if measure_id in OF_RESIDENTS else units_of_rows
    totals: dict[str, list[Decimal]] = {}
    for kind, change in units(*events, measure_id, pair):
        amounts = totals.setdefault(kind, [Decimal(), Decimal()])
        amounts[change < 0] += abs(Decimal(str(round(change, 2))))
    return {kind: (added, removed) for kind, (added, removed) in totals.items()}


def units_of_rows(
    before: Counted, same_day: Counted, today: Counted, measure_id: str, pair: Pair
) -> Iterator[tuple[str, float]]:
    """Yield what each row adds to the difference, with its kind."""
    for row_id in before.amounts.keys() | same_day.amounts.keys() | today.amounts.keys():
        values = [events.amounts.get(row_id) for events in (before, same_day, today)]
        if values[1] != values[2]:
            yield "new" if values[1] is None else "ended", (values[2] or 0) - (values[1] or 0)
        if values[0] is not None and values[1] is not None and values[0] != values[1]:
            yield "corrected", values[1] - values[0]
        elif values[0] != values[1]:
            kind = row_kind(row_id, measure_id, *pair, is_lost=values[1] is None)
            yield kind, (values[1] or 0) - (values[0] or 0)


def units_of_residents(
    before: Counted, same_day: Counted, today: Counted, measure_id: str, pair: Pair
) -> Iterator[tuple[str, float]]:
    """Yield what each resident adds to the difference, with its kind."""
    yield from (("new", 1) for _ in today.residents - same_day.residents)
    yield from (("ended", -1) for _ in same_day.residents - today.residents)
    table = "courses" if measure_id == "learners" else "enrollments"
    rows = pair[1].accepted[table]
    resident_now = dict(zip(rows[KEYS[table]], rows["participant_id"], strict=True))
    matches = became(*pair)
    rows_of: dict[str, set[str]] = {}
    edges = set()
    for row_id, resident in before.people.items():
        # residents are numbered in the order of their pseudonyms: the first is the one with the least number
        person = resident_now.get(row_id) or min(matches.get(resident, {f"gone: {resident}"}), key=number_of(pair[1]))
        rows_of.setdefault(person, set()).add(row_id)
        edges.add((resident, person))
    yield from (("merged", -1) for _ in range(len(edges) - len(rows_of)))
    yield from (("merged", 1) for _ in range(len(edges) - len(before.residents)))
    for person in rows_of.keys() - same_day.residents:
        yield first_kind(rows_of[person], measure_id, pair, is_lost=True), -1
    for person in same_day.residents - rows_of.keys():
        rows_now = {row_id for row_id, resident in same_day.people.items() if resident == person}
        yield first_kind(rows_now, measure_id, pair, is_lost=False), 1


def number_of(exports: Exports) -> Callable[[str], tuple[bool, str]]:
    """Return the sort key of pseudonyms: applicants come before people who are only learners."""
    applicants = set(exports.accepted["enrollments"]["participant_id"])
    return lambda person: (person not in applicants, person)


def first_kind(row_ids: set[str], measure_id: str, pair: Pair, *, is_lost: bool) -> str:
    """Return the first kind, in the order of the SQL, that applies to one of a resident's rows."""
    kinds = {row_kind(row_id, measure_id, *pair, is_lost=is_lost) for row_id in row_ids}
    return next(kind for kind in ("excluded", "corrected", "removed", "late") if kind in kinds)
