"""What changed between two deliveries: every part against pandas, over deliveries revised at random."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from components.text.changed import previous_column, rows
from data import store
from queries import AskError, NothingPublished, Question, Scope, ask, delivery_pair, instances, measures
from queries.access import rights
from queries.access.rights import NotAllowed
from queries.change import ChangedRow, PartKind
from queries.changed import NOT_RELEASED, can_be_compared, changed, changed_rows, previous_delivery
from queries.database import open_store
from queries.models import AnswerStatus
from tests import edge_cases
from tests.conftest import publish
from tests.queries import revised_deliveries as revised
from tests.queries.changed_in_pandas import RECORDED, Pair, expected_parts

FIRST, SECOND = "2025-03-31", "2025-06-30"
MEASURES = sorted(RECORDED)


@pytest.fixture(scope="module", params=[1, 2])
def pair(request, tmp_path_factory) -> tuple[Path, Pair]:
    """Publish two deliveries, the second revised."""
    first, second, folders = revised.write_pair(tmp_path_factory.mktemp("pair"), seed=request.param)
    store = tmp_path_factory.mktemp("pair-store")
    for folder in folders:
        publish(folder, store, "--max-quarantined", "100")
    return store, (first, second)


@pytest.fixture
def region_of(pair, use_store) -> dict[str, str]:
    """Point the code at the pair's store; return the region of each town."""
    use_store(pair[0])
    return {row["town"]: row["region"] for row in open_store(SECOND).rows("select town, region from ref_towns")}


SCOPES = {
    "everything": {},
    "a region": {"region": "Southwest"},
    "a sector": {"sector": "Healthcare"},
    "a group": {"group": "woman"},
    "an initiative in a region": {"initiative": "CareerConneCT", "region": "North Central"},
    "a period": {"since": date(2024, 7, 1), "until": date(2025, 6, 30)},
    "a closed period": {"since": date(2024, 1, 1), "until": date(2024, 12, 31)},
    "an earlier day": {"as_of": date(2024, 12, 31)},
    "a day between": {"as_of": date(2025, 5, 1)},
}
NOT_RECORDED = {
    "learners": {"initiative", "group", "sector"},
    "registrations": {"initiative", "group", "sector"},
    "expended": {"group"},
}


@pytest.mark.parametrize("filters", SCOPES.values(), ids=SCOPES)
@pytest.mark.parametrize("measure_id", MEASURES)
def test_every_part_is_as_in_pandas(pair, region_of, measure_id, filters):
    if NOT_RECORDED.get(measure_id, set()) & filters.keys():
        assert changed(measure_id, FIRST, Scope(**filters)).status is AnswerStatus.NOT_APPLICABLE
        return
    change = changed(measure_id, FIRST, Scope(**filters))
    assert change.status is AnswerStatus.OK
    expected = expected_parts(pair[1], region_of, measure_id, dict(filters))
    assert {part.kind.value: (part.added, part.removed) for part in change.parts} == expected
    assert change.current == change.previous + sum(part.change for part in change.parts)


def test_the_random_deliveries_hold_every_kind_of_change(pair, region_of):
    parts = [changed(measure_id, FIRST).parts for measure_id in MEASURES]
    assert {part.kind for each in parts for part in each} == set(PartKind)


@pytest.mark.parametrize(
    ("since", "scope"),
    [("2022-10-07", Scope()), ("2024-06-28", Scope(region="Eastern", since=date(2023, 1, 1), until=date(2026, 6, 30)))],
)
def test_the_parts_add_up_to_the_difference_of_the_answers_of_the_demo(demo_store, use_store, since, scope):
    use_store(demo_store)
    for entry in filter(can_be_compared, measures().values()):
        change = changed(entry.id, since, scope)
        if change.status is not AnswerStatus.OK:
            assert change.note
            continue
        now, before = (ask(Question(entry.id), scope.but(delivery=each)).total.value for each in (None, since))
        total = sum((part.change for part in change.parts), Decimal(str(before or 0)))
        assert total == Decimal(str(now or 0)), entry.id


def test_two_deliveries_stay_attached_for_the_next_measure(demo_store, use_store, monkeypatch):
    use_store(demo_store)
    instances.close(store.database(demo_store, "2024-06-28").resolve())
    period = Scope(until=date(2024, 2, 29))  # which no other test asks about
    attached, attach = [], delivery_pair._attached
    monkeypatch.setattr(delivery_pair, "_attached", lambda *each: attached.append(each) or attach(*each))
    for measure in ("residents_enrolled", "completions", "expended"):
        assert changed(measure, "2024-06-28", period).status is AnswerStatus.OK
    assert len(attached) == 1


def test_exits_restated_in_the_demo_are_corrections(demo_store, use_store):
    use_store(demo_store)
    change = changed("completions", "2024-06-28", Scope(since=date(2022, 4, 1), until=date(2022, 6, 30)))
    assert change.part(PartKind.CORRECTED).added == 1
    (row,) = changed_rows(change)
    assert (row.kind, row.change, row.columns) == (PartKind.CORRECTED, 1, "exited_on")


def test_rates_and_stocks_without_dates_have_no_parts(demo_store, use_store):
    use_store(demo_store)
    for measure_id in ("completion_rate", "positions_filled", "residents_any", "burn"):
        change = changed(measure_id, "2024-06-28")
        assert (change.status, change.parts, change.previous) == (AnswerStatus.NOT_APPLICABLE, (), None)


def test_only_an_earlier_delivery_of_the_same_kind_is_compared(demo_store, use_store):
    use_store(demo_store)
    assert changed("completions", "2026-11-13").status is AnswerStatus.NOT_APPLICABLE
    later = changed("completions", "2026-11-13", Scope(delivery="2024-06-28"))
    assert later.note == "Delivery 2026-11-13 is not earlier than 2024-06-28, so there is nothing to compare."
    with pytest.raises(AskError, match="no published delivery"):
        changed("completions", "1999-01-01")


def test_nothing_is_compared_before_anything_is_published(tmp_path, use_store):
    use_store(tmp_path)
    with pytest.raises(NothingPublished):
        changed("completions", "2024-06-28")


def test_the_previous_delivery_is_of_the_same_kind(demo_store, use_store, tmp_path):
    history = ["2022-10-07", "2024-06-28", "2026-11-13"]
    use_store(demo_store)
    assert previous_delivery("2026-11-13", history).id == "2024-06-28"
    assert previous_delivery("2026-11-13", [history[0], history[2]]).id == "2022-10-07"
    assert previous_delivery("2022-10-07", history) is None
    out_of_order = ["2022-10-07", "2026-11-13", "2024-06-28"]  # as by --allow-older
    assert previous_delivery("2024-06-28", out_of_order).id == "2022-10-07"
    assert previous_delivery("2024-06-28", out_of_order[1:]) is None
    store = Path(shutil.copytree(demo_store, tmp_path / "store"))
    (store / "deliveries" / "2024-06-28" / "store.duckdb").unlink()
    use_store(store)
    assert previous_delivery("2026-11-13", history).id == "2022-10-07"


def test_real_data_is_not_compared_with_a_demo(demo_store, use_store, tmp_path):
    store = Path(shutil.copytree(demo_store, tmp_path / "store"))
    with duckdb.connect(store / "deliveries" / "2024-06-28" / "store.duckdb") as connection:
        connection.execute("update delivery set is_synthetic = false")
    use_store(store)
    assert previous_delivery("2026-11-13", ["2022-10-07", "2024-06-28", "2026-11-13"]).id == "2022-10-07"
    change = changed("completions", "2024-06-28")
    assert (change.status, change.parts) == (AnswerStatus.NOT_APPLICABLE, ())
    assert "of different kinds" in change.note


@pytest.mark.parametrize(
    ("role", "region", "filters"),
    [("governor", None, {}), ("director", "Eastern", {}), ("director", "Eastern", {"region": "Southwest"})],
)
def test_a_protected_reader_gets_no_difference_of_people(demo_store, use_store, role, region, filters):
    use_store(demo_store)
    scope = Scope(viewer=rights.viewer(role, region), **filters)
    for entry in filter(can_be_compared, measures().values()):
        if entry.model in ("funding", "openings"):
            continue
        change = changed(entry.id, "2024-06-28", scope)
        assert (change.status, change.note) == (AnswerStatus.NOT_RELEASED, NOT_RELEASED)
        assert (change.previous, change.current, change.parts) == (None, None, ())
        with pytest.raises(NotAllowed):
            changed_rows(change)


def test_dollars_are_compared_for_everybody(demo_store, use_store):
    use_store(demo_store)
    change = changed("expended", "2024-06-28", Scope(viewer=rights.viewer("governor")))
    assert change.part(PartKind.NEW).added > 0
    with pytest.raises(NotAllowed):
        changed_rows(change)


def test_a_director_sees_what_changed_in_the_own_region(demo_store, use_store):
    use_store(demo_store)
    scope = Scope(viewer=rights.viewer("director", "Eastern"), region="Eastern")
    as_operator = changed("completions", "2024-06-28", scope.but(viewer=None))
    assert changed("completions", "2024-06-28", scope).parts == as_operator.parts


@pytest.mark.parametrize("measure_id", MEASURES)
def test_the_rows_behind_the_parts_add_up_to_them_and_the_causes_count_them(pair, region_of, measure_id):
    senders = senders_of(pair[1], measure_id)
    change = changed(measure_id, FIRST, Scope(viewer=rights.viewer("analyst")))
    rows = changed_rows(change)
    for part in change.parts:
        assert sum(row.change for row in rows if row.kind is part.kind) == part.change
    assert all(row.columns for row in rows if row.kind is PartKind.CORRECTED and measure_id == "expended")
    assert all(row.reasons for row in rows if row.kind is PartKind.EXCLUDED)
    assert {(cause.kind, cause.name): cause.count for cause in change.causes} == common(rows, senders)
    units = Counter(row.kind for row in rows)
    assert all(cause.units == units[cause.kind] for cause in change.causes)
    if measure_id == "expended":
        assert changed_rows(changed(measure_id, FIRST)) == rows, "the operator sees what an analyst sees"


def common(rows: list[ChangedRow], senders: dict[str, str]) -> dict[tuple[PartKind, str | None], int]:
    """Count rows by what stands behind them: each rule of an exclusion, each corrected column, else the sender."""
    counts: Counter[tuple[PartKind, str | None]] = Counter()
    for row in rows:
        if row.kind is PartKind.EXCLUDED:
            counts.update((row.kind, reason) for reason in (row.reasons or "").split("; "))
        elif row.kind is PartKind.CORRECTED:
            counts.update((row.kind, column) for column in (row.columns or "").split(", ") if column)
        elif row.kind is not PartKind.MERGED:
            counts[row.kind, senders.get(row.id)] += 1
    return dict(counts)


def senders_of(exports: Pair, measure_id: str) -> dict[str, str]:
    """Return who sent each row, by its id; nobody for online courses, which name no provider."""
    table, key, column = ("enrollments", "enrollment_id", "provider")
    if measure_id == "expended":
        table, key, column = "funding", "transaction_id", "recipient"
    if measure_id in ("learners", "registrations"):
        return {}
    frames = [each.accepted[table][[key, column]].dropna() for each in exports]
    return {row_id: name for frame in frames for row_id, name in zip(frame[key], frame[column], strict=True)}


def test_causes_are_for_readers_who_may_see_rows(pair, region_of):
    for role, sees in (("governor", False), ("analyst", True), ("officer", True)):
        change = changed("expended", FIRST, Scope(viewer=rights.viewer(role)))
        assert (change.status, bool(change.causes)) == (AnswerStatus.OK, sees), role
        assert change.parts
    protected = changed("expended", FIRST, Scope(viewer=rights.viewer("officer", clearance="protected")))
    assert protected.causes == ()


def test_excluded_rows_that_cannot_be_read_count_as_removed(pair, region_of, tmp_path, use_store):
    expected = changed("enrollments", FIRST)
    store = Path(shutil.copytree(pair[0], tmp_path / "store"))
    (store / "deliveries" / SECOND / "quarantine" / "enrollments.csv").unlink()
    use_store(store)
    change = changed("enrollments", FIRST)
    assert (change.knows_excluded, change.label(PartKind.REMOVED)) == (False, "Removed or excluded")
    assert change.current == expected.current
    lost = change.part(PartKind.REMOVED).removed
    assert lost == expected.part(PartKind.REMOVED, PartKind.EXCLUDED).removed


def test_a_change_without_the_columns_has_no_numbers(tmp_path, use_store):
    first, layout = edge_cases.write_like_job_corps(tmp_path, seed=5)
    later = Path(shutil.copytree(first, tmp_path / "2025-04-30"))
    store = tmp_path / "store"
    for each in (first, later):
        publish(each, store, "--layout", str(layout))
    use_store(store)
    change = changed("enrollments", FIRST)
    assert (change.status, change.parts) == (AnswerStatus.OK, ())
    assert changed("expended", FIRST).status is AnswerStatus.NOT_SUPPLIED
    assert changed("learners", FIRST).status is AnswerStatus.NOT_SUPPLIED


def test_a_total_that_a_single_delivery_supplies_stays(tmp_path, use_store):
    tables = edge_cases.frames(seed=4, rows=200)
    lacking = {**tables, "completions": tables["completions"].drop(columns="employed_on")}
    lacking["enrollments"] = tables["enrollments"].drop(columns=["town", "region"])
    days = {"2025-03-31": lacking, "2025-04-30": tables, "2025-05-31": lacking}
    for day, given in days.items():
        publish(edge_cases.write(tmp_path / day, given), tmp_path / "store", "--max-quarantined", "100")
    use_store(tmp_path / "store")
    supplied = Scope(delivery="2025-04-30")
    jobs, there = (ask(Question(*each), supplied.but(**more)).total.value for each, more in (
        (("placements",), {}), (("residents_enrolled",), {"region": "Southwest"}),
    ))  # fmt: skip
    later = changed("placements", "2025-04-30")
    assert (later.status, later.previous, later.current) == (AnswerStatus.NOT_SUPPLIED, Decimal(jobs), None)
    earlier = changed("residents_enrolled", "2025-03-31", supplied.but(region="Southwest"))
    assert (earlier.status, earlier.previous, earlier.current) == (AnswerStatus.NOT_SUPPLIED, None, Decimal(there))
    assert earlier.note == (
        "Delivery 2025-03-31 does not supply Residents enrolled under these filters, so there is nothing to compare with."
    )
    (cells,) = rows([earlier])
    assert (cells[previous_column(earlier)], cells["New"], cells["This delivery"]) == (
        "not supplied",
        "cannot be compared",
        there,
    )
    hidden = changed(
        "residents_enrolled", "2025-03-31", supplied.but(region="Southwest", viewer=rights.viewer("governor"))
    )
    assert (hidden.status, hidden.current) == (AnswerStatus.NOT_RELEASED, None)
