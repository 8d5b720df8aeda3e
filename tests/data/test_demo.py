"""The demo: it matches the published numbers, shows its planted inequalities, and is the same for the same seed.

These tests decide again in pandas which rows are accepted, independently of data/validate.py.
"""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from data import contract
from data.demo import make, plan

LAST = "2026-11-13"
TABLES = ("enrollments", "completions", "funding", "courses", "openings")
REFERENCE = Path(__file__).parents[2] / "data" / "reference"
TOWNS = pd.read_csv(REFERENCE / "towns.csv").set_index("town")["region"]
NEVER_LATER = {"planned_end_on"}  # a planned date may be in the future


def read(folder: Path, table: str) -> pd.DataFrame:
    """Read a delivered table, with days as timestamps and amounts as floats."""
    rows = pd.read_parquet(folder / table)
    for column in rows.columns:
        if column.endswith("_on"):
            rows[column] = pd.to_datetime(rows[column])
    if "amount" in rows:
        rows["amount"] = rows["amount"].astype(float)
    return rows


def broken(rows: pd.DataFrame, table: str, now: pd.Timestamp, enrollments: pd.DataFrame | None) -> pd.Series:
    """Return whether each row breaks one of the contract's rules."""
    bad = pd.Series(False, index=rows.index)
    if "sector" in rows:
        bad |= rows["sector"].notna() & ~rows["sector"].isin(plan.SECTORS)
    if "town" in rows:
        bad |= rows["town"].notna() & ~rows["town"].isin(TOWNS.index)
    for column in rows.columns:
        if column.endswith("_on") and column not in NEVER_LATER:
            bad |= rows[column] > now
    order = {
        "enrollments": ["applied_on", "enrolled_on", "started_on", "planned_end_on"],
        "courses": ["registered_on", "completed_on"],
        "openings": ["posted_on", "closed_on"],
    }.get(table, [])
    for earlier, later in pairwise(order):
        bad |= rows[later] < rows[earlier]
    if table == "completions":
        known = enrollments.set_index("enrollment_id")
        enrolled, started = (rows["enrollment_id"].map(known[name]) for name in ("enrolled_on", "started_on"))
        bad |= enrolled.isna() | (rows["exited_on"] < enrolled) | (rows["exited_on"] < started)
        bad |= (rows["credential_on"] < started) | (rows["employed_on"] < rows["exited_on"])
        bad |= (rows["hourly_wage_before"] < 0) | (rows["hourly_wage_after"] < 0)
    if table == "funding":
        ledger = rows.sort_values(["posted_on", "kind"], ascending=[True, False])
        signed = (
            ledger["amount"].where(ledger["kind"] == "obligated", 0).groupby(ledger["award_id"]).transform("cumsum")
        )
        spent = ledger["amount"].where(ledger["kind"] == "expended", 0).groupby(ledger["award_id"]).transform("cumsum")
        bad |= (rows["kind"] == "expended") & (spent > signed + 0.001).reindex(rows.index)
    if table == "openings":
        bad |= (rows["filled"] > rows["positions"]) | (rows["filled_by_participants"] > rows["filled"])
    return bad.astype(bool)


def accepted(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the rows of each table that break no rule, without duplicates."""
    tables: dict[str, pd.DataFrame] = {}
    for table in TABLES:
        rows = read(folder, table).drop_duplicates(ignore_index=True)
        bad = broken(rows, table, pd.Timestamp(folder.name), tables.get("enrollments"))
        tables[table] = rows[~bad].reset_index(drop=True)
    return tables


@pytest.fixture(scope="module")
def history(demo_deliveries: list[Path]) -> dict[str, dict[str, pd.DataFrame]]:
    """Accepted rows by delivery and table, at the default size."""
    return {folder.name: accepted(folder) for folder in demo_deliveries}


@pytest.fixture(scope="module")
def last(history: dict[str, dict[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    return history[LAST]


@pytest.fixture(scope="module")
def exits(last: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Completions and withdrawals of the last delivery with their enrollments."""
    rows = last["completions"].merge(last["enrollments"], on="enrollment_id")
    return rows[rows["outcome"] != "excluded"].assign(completed=lambda r: (r["outcome"] == "completed").astype(float))


def connect(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["initiative"] == "CareerConneCT"]


# --- The published numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize("delivery", [str(day) for day in plan.DELIVERIES])
def test_1108_residents_enrolled_by_october_7_2022_in_every_delivery(history, delivery):
    rows = connect(history[delivery]["enrollments"])
    early = rows[rows["enrolled_on"] <= "2022-10-07"]
    assert early["participant_id"].nunique() == 1_108
    assert rows["applied_on"].min() >= pd.Timestamp("2022-08-01")


def test_about_8000_by_may_2025_and_77_percent_of_those_who_finished_employed(last, exits):
    by_may = connect(last["enrollments"]).query("enrolled_on <= '2025-05-31'")
    assert abs(by_may["participant_id"].nunique() - 8_000) <= 80
    seen = connect(exits).query("exited_on <= '2025-05-31'")
    employed = (seen["employed_on"] <= "2025-05-31").astype(float)
    assert abs(employed[seen["outcome"] == "completed"].mean() - 0.77) < 0.005
    assert abs(employed.mean() - 0.76) < 0.005


def test_12000_residents_of_whom_a_twelfth_has_several_enrollments(last):
    enrolled = last["enrollments"].dropna(subset="enrolled_on")
    assert enrolled["participant_id"].nunique() == 12_000
    several = enrolled.groupby("participant_id").agg(
        rows=("enrollment_id", "size"), initiatives=("initiative", "nunique"), sectors=("sector", "nunique")
    )
    assert 1 / 13 < (several["rows"] > 1).mean() < 1 / 11
    assert (several["initiatives"] > 1).sum() > 500
    assert (several["sectors"] > 1).sum() > 100
    region = enrolled["town"].map(TOWNS).fillna(enrolled["region"])
    assert (region.groupby(enrolled["participant_id"]).nunique() > 1).sum() > 50


def test_70_million_allocated_obligated_in_time_never_beyond(last):
    ledger = connect(last["funding"]).sort_values("posted_on")
    by_kind = ledger.groupby("kind")["amount"].sum().round(2)
    assert by_kind["allocated"] == 70_000_000.00
    assert abs(by_kind["expended"] - 58e6) < 0.5e6
    signed = ledger[ledger["kind"] == "obligated"]
    assert abs(signed.loc[signed["posted_on"] <= "2024-12-31", "amount"].sum() - 68.9e6) < 1
    assert (signed.loc[signed["posted_on"] > "2024-12-31", "amount"] < 0).all()
    running = ledger.pivot_table(index="posted_on", columns="kind", values="amount", aggfunc="sum").fillna(0).cumsum()
    assert (running["obligated"] <= running["allocated"] + 0.01).all()
    assert (running["expended"] <= running["obligated"] + 0.01).all()
    assert {"obligated", "expended"} <= set(ledger.loc[ledger["amount"] < 0, "kind"])


def test_all_towns_regions_sectors_and_planned_nondisclosure(last):
    rows = last["enrollments"]
    assert rows["town"].nunique() == 169
    assert set(rows["sector"].dropna()) == set(plan.SECTORS)
    assert rows.loc[rows["town"].isna(), "region"].notna().all()
    assert rows["town"].isna().mean() == pytest.approx(0.02, abs=0.006)
    residents = rows.drop_duplicates("participant_id")
    for group, share in plan.NOT_DISCLOSED.items():
        assert residents[group].isna().mean() == pytest.approx(share, abs=0.012), group
        assert (rows.groupby("participant_id")[group].nunique(dropna=False) == 1).all(), group


# --- The planted inequalities ----------------------------------------------------------------------------


@pytest.mark.parametrize("sector", list(plan.WOMEN_COMPLETE_LESS_IN))
def test_women_complete_less_in_two_sectors(exits, sector):
    rows = exits[(exits["sector"] == sector) & exits["woman"].notna()]
    women, men = (rows.loc[rows["woman"] == flag, "completed"] for flag in (True, False))
    assert women.mean() / men.mean() < 0.8
    error = (women.var() / len(women) + men.var() / len(men)) ** 0.5
    assert (men.mean() - women.mean()) / error > 3


def test_northwest_enrolls_half_the_immigrants_of_its_benchmark(last):
    benchmarks = pd.read_csv(REFERENCE / "benchmarks.csv").query("group_id == 'immigrant'").set_index("region")["share"]
    residents = last["enrollments"].dropna(subset="enrolled_on").drop_duplicates("participant_id")
    region = residents["town"].map(TOWNS).fillna(residents["region"])
    ratio = residents["immigrant"].astype(float).groupby(region).mean() / benchmarks
    assert ratio["Northwest"] < 0.65
    assert (ratio.drop("Northwest").dropna() > 0.8).all()


def test_people_with_disabilities_are_underenrolled_and_placed_less(last, exits):
    residents = last["enrollments"].dropna(subset="enrolled_on").drop_duplicates("participant_id")
    assert residents["disability"].astype(float).mean() < 0.8 * 0.11
    placed = exits["employed_on"].notna().groupby(exits["disability"]).mean()
    assert placed[True] < placed[False] - 0.05


def test_child_care_helps_by_about_nine_points(exits):
    rate = exits["completed"].groupby(exits["child_care"]).mean()
    assert 0.06 < rate[True] - rate[False] < 0.12


def test_veterans_differ_only_by_sector_mix(exits):
    rate = exits["completed"].groupby(exits["veteran"]).mean()
    assert rate[True] < rate[False] - 0.015
    by_sector = exits.pivot_table(index="sector", columns="veteran", values="completed", aggfunc=["mean", "size"])
    gap = by_sector["mean"][True] - by_sector["mean"][False]
    weight = by_sector["size"][True]
    assert abs((gap * weight).sum() / weight.sum()) < 0.025


def test_residents_in_reentry_are_less_often_enrolled(last):
    rows = last["enrollments"]
    rate = rows["enrolled_on"].notna().groupby(rows["reentry"]).mean()
    assert rate[True] < 0.7 < 0.75 < rate[False]


# --- Outcomes, restatements, defects ---------------------------------------------------------------------


def test_outcomes_are_as_planned(exits):
    assert exits["completed"].mean() == pytest.approx(0.78, abs=0.01)
    done = exits[exits["outcome"] == "completed"]
    assert done["credential"].notna().mean() == pytest.approx(0.86, abs=0.02)
    days = (done["credential_on"] - done["started_on"]).dt.days.dropna()
    assert days.between(35, 84).mean() > 0.8
    gain = exits["hourly_wage_after"] - exits["hourly_wage_before"]
    assert 3 < gain.median() < 5


@pytest.mark.parametrize(("column", "quarters"), [("employed_q2", 2), ("employed_q4", 4)])
def test_employment_is_not_known_before_its_quarter_has_ended(exits, column, quarters):
    ends = (exits["exited_on"].dt.to_period("Q") + quarters).dt.end_time.dt.normalize()
    due = ends + pd.Timedelta(days=45) <= pd.Timestamp(LAST)
    assert exits.loc[~due, column].isna().all()
    assert exits.loc[due, column].isna().mean() == pytest.approx(0.06, abs=0.015)


def test_a_later_delivery_restates_and_corrects_the_earlier(history):
    days = list(history)
    assert len(days) == 3
    for before, after in pairwise(days):
        old, new = (history[day]["enrollments"].set_index("enrollment_id") for day in (before, after))
        updated = new.loc[old.index]
        fixed = ["participant_id", "program", "town", "applied_on", *contract.GROUPS]
        pd.testing.assert_frame_equal(updated[fixed], old[fixed])
        known = old["enrolled_on"].notna()
        assert (updated.loc[known, "enrolled_on"] == old.loc[known, "enrolled_on"]).all()
        was, now = (history[day]["completions"].set_index("enrollment_id") for day in (before, after))
        now = now.loc[was.index]
        assert 0 < (was["exited_on"] != now["exited_on"]).mean() < 0.01
        assert (was["credential"].isna() & now["credential"].notna()).any()


def test_every_table_has_a_few_defects(demo_deliveries, history):
    for folder in demo_deliveries:
        for table in TABLES:
            read_rows = len(read(folder, table))
            dirt = read_rows - len(history[folder.name][table])
            assert 0 < dirt < 0.01 * read_rows, (folder.name, table)


def test_columns_types_and_labels_follow_the_contract(demo_deliveries):
    tables = contract.tables()
    for folder in demo_deliveries:
        label = json.loads((folder / "delivery.json").read_text())
        assert label["delivered_on"] == folder.name
        assert label["is_synthetic"] is True
        assert label["note"].startswith("Synthetic data")
        for table in TABLES:
            schema = pq.read_schema(folder / table / "part-0000.parquet")
            assert schema.names == [column.name for column in tables[table].columns]
    assert str(pq.read_schema(folder / "funding" / "part-0000.parquet").field("amount").type) == "decimal128(18, 2)"


def test_dates_of_learners_and_openings_are_consistent(last):
    courses, openings = last["courses"], last["openings"]
    first = courses.groupby("eligibility")["registered_on"].min()
    assert first["unemployment claimant"] >= pd.Timestamp("2020-05-01")
    assert first["student"] >= pd.Timestamp("2020-08-01")
    assert set(courses.loc[courses["platform"] == "180 Skills", "subject"]) == {"Manufacturing"}
    assert not courses.loc[courses["platform"] == "Metrix", "credit_earned"].any()
    learners = courses["participant_id"].drop_duplicates()
    assert learners.isin(last["enrollments"]["participant_id"]).mean() == pytest.approx(0.25, abs=0.02)
    opened = openings.groupby("source")["posted_on"].min()
    assert opened["jobs portal"] >= pd.Timestamp("2020-06-17")
    assert opened["hiring commitment"] >= pd.Timestamp("2022-08-01")


# --- Seeds and sizes -------------------------------------------------------------------------------------


def digest(folders: list[Path]) -> dict[str, str]:
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {f"{path.parts[-3:]}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path):
    once, again, other = (
        list(digest(make(tmp_path / name, residents=400, seed=seed)).values())
        for name, seed in (("a", 7), ("b", 7), ("c", 8))
    )
    assert once == again
    assert once != other


@pytest.mark.parametrize(("residents", "early"), [(50, 18), (400, 147), (3_000, 1_108)])
def test_small_demos_keep_their_proportions(tmp_path, residents, early):
    folders = make(tmp_path, residents=residents, seed=5)
    for folder in folders:
        tables = accepted(folder)
        rows = connect(tables["enrollments"])
        assert rows.loc[rows["enrolled_on"] <= "2022-10-07", "participant_id"].nunique() == early
        assert all(len(tables[table]) for table in TABLES)
    assert tables["enrollments"].dropna(subset="enrolled_on")["participant_id"].nunique() == residents


def test_several_part_files_add_up_exactly(tmp_path, monkeypatch):
    monkeypatch.setattr("data.demo._RESIDENTS_PER_BATCH", 1_000)
    seen: list[tuple[int, int]] = []
    folder = make(tmp_path, residents=4_500, seed=5, progress=lambda done, total: seen.append((done, total)))[-1]
    assert len(list((folder / "enrollments").iterdir())) == 5
    assert seen[0] == (0, 4_500)
    assert seen[-1] == (4_500, 4_500)
    rows = accepted(folder)["enrollments"]
    early = connect(rows).query("enrolled_on <= '2022-10-07'")
    assert early["participant_id"].nunique() == 1_108
    assert rows.dropna(subset="enrolled_on")["participant_id"].nunique() == 4_500
    assert rows["enrollment_id"].is_unique


@pytest.mark.parametrize("wrong", [{"residents": 0}, {"residents": 49}, {"seed": -1}])
def test_a_size_or_seed_out_of_range_is_an_error(tmp_path, wrong):
    with pytest.raises(ValueError, match="A demo needs"):
        make(tmp_path, **wrong)


def test_a_demo_replaces_a_demo_and_nothing_else(tmp_path):
    make(tmp_path, residents=50)
    make(tmp_path, residents=60)
    real = tmp_path / "2024-06-28" / "delivery.json"
    real.write_text('{"delivered_on": "2024-06-28", "is_synthetic": false}')
    with pytest.raises(FileExistsError, match="not a synthetic delivery"):
        make(tmp_path, residents=50)
    assert real.exists()
    assert (tmp_path / "2022-10-07" / "delivery.json").exists()
