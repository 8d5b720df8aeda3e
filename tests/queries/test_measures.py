"""Every measure, by every breakdown, equals an independent pandas computation: over awkward data and over the demo."""

from __future__ import annotations

import itertools
import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import contract
from queries import BREAKDOWNS, Question, Scope, ask, measures
from queries.calculators.ledger import MoneyRow
from queries.dimensions import MODELS
from queries.registry import facts
from tests.edge_cases import DELIVERED_ON, GROUPS
from tests.queries import independent

PLAIN = sorted(independent.plain(date(2025, 3, 31)))
BY = [name for name in MODELS["enrollments"].breakdowns if name != "weeks_back"]
FEWER = [None, "region", "group", "quarter"]
LAST = DELIVERED_ON.date()
SCOPES = {
    "everything": {},
    "an earlier day": {"as_of": date(2024, 8, 17)},
    "leap day": {"as_of": date(2024, 2, 29)},
    "a quarter": {"since": date(2024, 4, 1), "until": date(2024, 6, 30)},
    "one initiative": {"initiative": "CareerConneCT"},
    "one region": {"region": "Southwest", "as_of": date(2024, 12, 31)},
    "an empty region": {"region": "Eastern"},
    "a sector": {"sector": "Healthcare", "since": date(2024, 1, 1)},
    "a group": {"group": "woman"},
    "known not in it": {"group": "veteran", "group_side": "out"},
    "not disclosed": {"group": "bipoc", "group_side": "undisclosed"},
}


def town_regions() -> dict[str, str]:
    towns = pd.read_csv(Path(__file__).parents[2] / "data" / "reference" / "towns.csv")
    return dict(zip(towns["town"], towns["region"], strict=True))


def accepted(store: Path, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The delivered frames without the rows the check set aside."""
    keys = {"enrollments": "enrollment_id", "completions": "enrollment_id", "funding": "transaction_id"}
    result = dict(tables)
    for name, key in keys.items():
        for path in store.glob(f"deliveries/*/quarantine/{name}.csv"):
            refused = set(pd.read_csv(path, dtype=str)[key])
            result[name] = tables[name][~tables[name][key].isin(refused)]
    return result


_facts: dict[Path, pd.DataFrame] = {}


def facts_of(store: Path, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The facts of an awkward delivery; kept, since many tests look at one. None of them changes it."""
    if store not in _facts:
        _facts[store] = independent.facts(accepted(store, tables), town_regions())
    return _facts[store]


def same(left: float | None, right: float | None) -> bool:
    if left is None or right is None:
        return left is right or (left is None and right is None)
    return math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-9)


def check(measure_id: str, by: str | None, scope: dict[str, Any], frame: pd.DataFrame, last: date) -> None:
    answer = ask(Question(measure_id, by), Scope(**scope))
    expected = independent.measure(
        measure_id,
        frame,
        by=by,
        as_of=scope.get("as_of", last),
        side=scope.get("group_side", "in"),
        **{name: value for name, value in scope.items() if name not in ("as_of", "group_side")},
    )
    got = {row.key: row for row in answer.rows}
    empty = {key for key, row in got.items() if not row.value and not row.denominator}
    assert set(got) - empty == {key for key, (value, _, n) in expected.items() if value or n} - empty, (measure_id, by)
    for key, (value, numerator, denominator) in expected.items():
        if key in got:
            assert same(got[key].value, value), (measure_id, by, key, got[key], value)
            assert same(got[key].numerator, numerator), (measure_id, by, key)
            assert same(got[key].denominator, denominator), (measure_id, by, key)


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
@pytest.mark.parametrize("hostile_store", ["some undisclosed"], indirect=True)
def test_plain_measures_equal_pandas_under_every_filter(hostile_store, scope, use_store):
    compare_all(hostile_store, scope, use_store, FEWER)


@pytest.mark.parametrize("hostile_store", ["all undisclosed", "all answered"], indirect=True)
def test_plain_measures_equal_pandas_however_many_disclose(hostile_store, use_store):
    compare_all(hostile_store, {}, use_store, BY)


def compare_all(hostile_store, scope, use_store, breakdowns):
    store, tables = hostile_store
    use_store(store)
    frame = facts_of(store, tables)
    for measure_id in PLAIN:
        for by in breakdowns:
            if by == "group" and scope.get("group_side", "in") != "in":
                # it gave the numbers of those in the group, next to a query that found nobody
                answer = ask(Question(measure_id, by), Scope(**scope))
                assert (answer.status, answer.rows) == ("not_applicable", ()), measure_id
                continue
            check(measure_id, by, scope, frame, LAST)


@pytest.mark.parametrize("by", BY)
def test_plain_measures_equal_pandas_on_the_demo(demo_frame, demo_store, by, use_store):
    use_store(demo_store)
    for measure_id in PLAIN:
        check(measure_id, by, {}, demo_frame, date(2026, 11, 13))


@pytest.fixture(scope="module")
def demo_frame(demo_store, demo_deliveries):
    return accepted_facts(demo_store, demo_deliveries[-1])


def accepted_facts(store: Path, folder: Path) -> pd.DataFrame:
    """Read a delivery of the demo without repeated rows and those excluded when it was published."""
    tables = {name: read(folder, name) for name in ("enrollments", "completions", "funding")}
    newest = store / "deliveries" / folder.name
    for name, key in (("enrollments", "enrollment_id"), ("completions", "enrollment_id")):
        refused = set(pd.read_csv(newest / "quarantine" / f"{name}.csv", dtype=str)[key])
        tables[name] = tables[name].drop_duplicates().loc[lambda rows, key=key, gone=refused: ~rows[key].isin(gone)]
    return independent.facts(tables, town_regions())


def read(folder: Path, name: str) -> pd.DataFrame:
    path = folder / f"{name}.parquet"
    return pd.read_parquet(path if path.exists() else folder / name)


def test_every_id_of_the_design_is_a_measure():
    by_name = [
        "residents_applied",
        "residents_enrolled",
        "enrollments",
        "intake_rate",
        "in_training",
        "completions",
        "withdrawals",
        "completion_rate",
        "cohort_completion_rate",
        "credential_rate",
        "credential_attainment_rate",
        "placement_rate",
        "employment_rate_q2",
        "employment_rate_q4",
        "wage_gain",
        "days_to_credential",
        "supports_reach",
        "participation_share",
        "representation_ratio",
        "gap_residents",
        "outcome_ratio",
        "gap_by_step",
        "gap_decomposition",
        "pace",
        "allocated",
        "obligated",
        "expended",
        "cost_per_enrolled",
        "cost_per_completion",
        "cost_per_credential",
        "cost_per_placement",
        "slfrf_enrolled",
        "slfrf_completing",
    ]
    assert set(by_name) <= set(measures())


def test_every_measure_answers_by_every_breakdown(demo_store, use_store):
    use_store(demo_store)
    for measure_id in measures():
        for by in (None, *BREAKDOWNS):
            answer = ask(Question(measure_id, by), Scope(initiative="CareerConneCT"))
            assert answer.status in ("ok", "empty", "not_applicable"), (measure_id, by)
            assert answer.status == "ok" or answer.note
            for row in answer.rows:
                assert row.value is not None or row.note, (measure_id, by, row)
                assert row.value is None or math.isfinite(row.value)


@pytest.mark.parametrize("by", [None, "region", "sector", "provider"])
@pytest.mark.parametrize("scope", [{}, {"region": "Southwest"}, {"as_of": date(2024, 6, 30)}], ids=str)
def test_group_measures_equal_pandas(hostile_store, by, scope, use_store):
    store, tables = hostile_store
    use_store(store)
    frame = facts_of(store, tables)
    view = independent.as_of_view(frame, scope.get("as_of", LAST))
    if "region" in scope:
        view = view[view["region"] == scope["region"]]
    enrolled = view[view["enrolled_on"].notna()]
    cut = independent.by_key(by=by, since=None, until=None)
    shares = ask(Question("participation_share", by), Scope(**scope))
    assert len(enrolled)
    for key, part in cut(enrolled, enrolled["enrolled_on"]):
        people = part.drop_duplicates("participant_id")
        for group in GROUPS:
            row = shares.row(key if by else group, group=group)
            answered, inside = int(people[group].notna().sum()), int(people[group].eq(True).sum())
            assert (row.numerator, row.denominator) == (inside, answered)
            assert row.undisclosed == len(people) - answered
            assert row.bound_low == inside / len(people)
            assert row.bound_high == (len(people) - answered + inside) / len(people)
            assert same(row.value, inside / answered if answered else None)


@pytest.mark.parametrize(
    "scope", [{}, {"region": "Northwest"}, {"since": date(2025, 1, 1), "until": date(2025, 12, 31)}]
)
def test_residents_in_two_groups_equal_pandas(hostile_store, scope, use_store):
    store, tables = hostile_store
    use_store(store)
    frame = facts_of(store, tables)
    view = independent.as_of_view(frame, LAST)
    if "region" in scope:
        view = view[view["region"] == scope["region"]]

    def people(column: str, rows: pd.DataFrame) -> pd.DataFrame:
        days = pd.to_datetime(rows[column])
        first, last = pd.Timestamp(scope.get("since", date.min)), pd.Timestamp(scope.get("until", LAST))
        return rows[days.between(first, last)].drop_duplicates("participant_id")

    enrolled = people("enrolled_on", view)
    applied, completed = people("applied_on", view), people("exited_on", view[view["outcome"] == "completed"])
    rows = ask(Question("pair_participation"), Scope(**scope)).rows
    assert [(row.group, row.part) for row in rows] == list(itertools.combinations(GROUPS, 2))
    for row in rows:
        in_both, in_applied, in_completed = (
            int((part[row.group].eq(True) & part[row.part].eq(True)).sum()) for part in (enrolled, applied, completed)
        )
        answered = int((enrolled[row.group].notna() & enrolled[row.part].notna()).sum())
        assert (row.numerator, row.denominator, row.applied, row.completed) == (
            in_both,
            answered,
            in_applied,
            in_completed,
        )
        assert (row.everyone, row.undisclosed) == (len(enrolled), len(enrolled) - answered)
        assert same(row.value, in_both / answered if answered else None)
    assert any(row.numerator for row in rows) == any(frame[group].notna().any() for group in GROUPS)
    of_woman = ask(Question("pair_participation"), Scope(**scope, group="woman")).rows
    assert of_woman == tuple(row for row in rows if "woman" in (row.group, row.part))


@pytest.mark.parametrize("outcome", ["completion_rate", "credential_rate", "placement_rate", "employment_rate_q2"])
def test_outcome_ratios_equal_pandas(hostile_store, outcome, use_store):
    store, tables = hostile_store
    use_store(store)
    frame = facts_of(store, tables)
    answer = ask(Question("outcome_ratio", "region"), Scope())
    for group in GROUPS:
        inside = independent.measure(outcome, frame, by="region", as_of=LAST, group=group)
        outside = independent.measure(outcome, frame, by="region", as_of=LAST, group=group, side="out")
        assert set(inside) & set(outside) or not frame[group].notna().any(), (
            "only where nobody disclosed is nothing compared"
        )
        for key in set(inside) & set(outside):
            row = answer.row(key, group=group, part=outcome)
            assert same(row.numerator, inside[key][0])
            assert same(row.denominator, outside[key][0])
            if inside[key][2] and outside[key][0]:
                assert same(row.value, inside[key][0] / outside[key][0])


@pytest.mark.parametrize("by", MODELS["funding"].breakdowns)
@pytest.mark.parametrize("kind", ["allocated", "obligated", "expended"])
def test_dollars_equal_pandas_to_the_cent(hostile_store, by, kind, use_store):
    store, tables = hostile_store
    use_store(store)
    ledger = accepted(store, tables)["funding"]
    rows = ledger[ledger["kind"] == kind].rename(columns={"provider": "unused"}).assign(provider=ledger["recipient"])
    key = independent.keys(rows, pd.to_datetime(rows["posted_on"]), by).replace("Not recorded", "Not assigned")
    expected = rows.groupby(key)["amount"].agg(lambda amounts: round(sum(round(a * 100) for a in amounts)) / 100)
    answer = ask(Question(kind, by), Scope())
    assert {row.key: row.value for row in answer.rows} == pytest.approx(expected.to_dict(), abs=0.001)
    corrections = rows[rows["amount"] < 0].groupby(key)["amount"].sum().reindex(expected.index).fillna(0)
    assert {row.key: row.corrections for row in answer.rows} == pytest.approx(corrections.to_dict(), abs=0.001)


@pytest.mark.parametrize("by", ["region", "sector"])
def test_an_award_counts_where_it_is_obligated(demo_store, demo_deliveries, by, use_store):
    use_store(demo_store)
    newest = demo_deliveries[-1]
    refused = pd.read_csv(demo_store / "deliveries" / newest.name / "quarantine" / "funding.csv", dtype=str)
    ledger = read(newest, "funding").drop_duplicates()
    ledger = ledger[~ledger["transaction_id"].isin(refused["transaction_id"])]
    signed = ledger[ledger["kind"] == "obligated"].fillna({by: "Not assigned"}).groupby("award_id")[by].agg(set)
    place = ledger["award_id"].map(
        {award: min(names) if len(names) == 1 else "Not assigned" for award, names in signed.items()}
    )
    sums = ledger["amount"].astype(float).groupby([ledger["kind"], place]).sum()
    spent_elsewhere = (ledger["kind"] == "expended") & (ledger[by].fillna("Not assigned") != place)
    assert spent_elsewhere.any()
    for kind in ("obligated", "expended"):
        answer = ask(Question(f"award_{kind}", by), Scope())
        assert {row.key: row.value for row in answer.rows} == pytest.approx(sums[kind].to_dict(), abs=0.001)
        for key in set(sums[kind].index) - {"Not assigned"}:
            total = ask(Question(f"award_{kind}"), Scope(**{by: key})).total
            assert total.value == pytest.approx(sums[kind, key], abs=0.001)


def test_spending_is_a_share_of_allocations_only_where_every_initiative_has_an_allocation(demo_store, use_store):
    use_store(demo_store)
    covered = {
        scope: ask(Question("allocated"), scope).total_of(MoneyRow).covers_spending
        for scope in (Scope(), Scope(initiative="SkillUp CT"), Scope(region="Eastern"), Scope(as_of=date(2020, 5, 1)))
    }
    assert list(covered.values()) == [True, True, False, True]
    assert ask(Question("expended")).total_of(MoneyRow).covers_spending is None


@pytest.mark.parametrize("support", ["child_care", "transportation", "technology", "any"])
def test_supports_equal_pandas(hostile_store, support, use_store):
    store, tables = hostile_store
    use_store(store)
    frame = facts_of(store, tables)
    view = independent.as_of_view(frame, LAST)
    received = view[independent.SUPPORT_COLUMNS].any(axis=1) if support == "any" else view[support]
    enrolled = view[view["enrolled_on"].notna()]
    reach = ask(Question("supports_reach"), Scope()).row(support)
    assert reach.numerator == enrolled[received[enrolled.index]]["participant_id"].nunique()
    assert reach.denominator == enrolled["participant_id"].nunique()
    rows = [row for row in ask(Question("completion_with_support"), Scope()).rows if row.part == support]
    for row in rows:
        side = view[(received == row.received) & independent.exited(view)]
        assert (row.numerator, row.denominator) == ((side["outcome"] == "completed").sum(), len(side))
    assert {row.received for row in rows} == {True, False}


# Columns that a definition filters by or adds up, and that a layout may leave out: without them its count would be zero.
DECIDING = {"outcome": "completions.outcome", "filled": "openings.filled", "employed_on": "completions.employed_on",
            "planned_end_on": "enrollments.planned_end_on", "started_on": "enrollments.started_on"}  # fmt: skip


@pytest.mark.parametrize("measure_id", list(measures()))
def test_a_measure_needs_the_columns_that_decide_what_it_counts(measure_id):
    measure = measures()[measure_id]
    fact = facts()[measure.fact]
    where = re.sub(
        r"'[^']*'|coalesce\([^()]*\)", "", " ".join((fact.where, fact.date, fact.success, fact.amount, fact.trials))
    )
    lacking = {full for name, full in DECIDING.items() if re.search(rf"\b{name}\b", where)} - set(measure.needs)
    assert not lacking, f"{measure_id} would read 0 where the delivery does not bring {lacking}"


def test_a_measure_needs_the_date_that_it_counts_on():
    """Hours of online courses read 0 where the delivery had no completion dates."""
    optional = {
        f"{table.name}.{column.name}"
        for table in contract.tables().values()
        for column in table.columns
        if column.optional
    }
    missing = {
        entry.id: dated
        for entry in measures().values()
        if entry.fact
        and (dated := f"{facts()[entry.fact].model}.{facts()[entry.fact].date}") in optional - set(entry.needs)
    }
    assert missing == {}
