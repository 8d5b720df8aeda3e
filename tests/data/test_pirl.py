"""The PIRL layout: a participant record as states send it, counted by pandas and by the dashboard's queries."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from data import column_map, duckdb_sql, layouts
from data.cli import main
from data.delivery import describe
from data.publishing import PublishOptions, publish
from queries import Question, Scope, ask
from tests.data import pirl_files
from tests.data.deliveries import check
from tests.data.pirl_files import CIP_SECTORS, DELIVERED_ON, HEADERS, changed, elements, records, table, write

DAY = DELIVERED_ON.isoformat()
ROWS = 4000


@pytest.fixture(scope="module")
def good() -> pa.Table:
    return table(ROWS)


@pytest.fixture(scope="module")
def published(good, tmp_path_factory) -> tuple[Path, pd.DataFrame]:
    """A store with one published PIRL file, and the file as pandas reads it."""
    folder = tmp_path_factory.mktemp("pirl")
    path = write(folder / f"pirl {DAY}.csv", good)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(folder / "store"))
        assert main(["publish", str(path), "--layout", "pirl"]) == 0
    return folder / "store", pd.read_csv(path, dtype=str)


@pytest.fixture
def pirl_frame(published, monkeypatch) -> pd.DataFrame:
    """The file as pandas reads it, with outcome, region and sector derived from it. Questions go to its store."""
    store, frame = published
    monkeypatch.setenv("DASHBOARD_STORE", str(store))
    frame = frame.copy()
    frame["exited"] = frame["901"].notna()
    other = frame["exited"] & frame["923"].isin([f"0{n}" for n in range(1, 8)])
    frame["outcome"] = frame["1307"].map({"1": "completed", "0": "withdrew"}).where(frame["exited"] & ~other)
    frame.loc[other, "outcome"] = "excluded"
    frame["region"] = frame["108-A"].where(frame["108-A"] != "99999")
    frame["sector"] = frame["1305"].map({code: sector for code, sector in CIP_SECTORS.items() if sector})
    return frame


def value(measure: str, **scope: str) -> tuple[float | None, int | None, int | None]:
    (row,) = ask(Question(measure), Scope(**scope)).rows
    return row.value, row.numerator, row.denominator


def query_store(store: Path, query: str) -> list[tuple]:
    with duckdb_sql.open_read_only(store / "deliveries" / DAY / "store.duckdb") as connection:
        return connection.execute(query).fetchall()


def test_every_row_read_is_accounted_for(pirl_frame, published):
    rows = query_store(
        published[0], "select table_name, read, accepted, quarantined, duplicates from check_tables order by 1"
    )
    exits = int(pirl_frame["exited"].sum())
    assert rows == [("completions", exits, exits, 0, 0), ("enrollments", ROWS, ROWS, 0, 0)]


def test_a_person_in_several_periods_counts_once(pirl_frame):
    taken_part = pirl_frame[pirl_frame["900"].notna()]
    assert taken_part["100"].duplicated().sum() > 500
    assert value("residents_enrolled")[0] == taken_part["100"].nunique() < len(taken_part)
    assert value("enrollments")[0] == len(taken_part)
    assert value("residents_applied")[0] == pirl_frame["100"].nunique() > taken_part["100"].nunique()


def test_completed_0_is_withdrew_and_923_leaves_every_denominator(pirl_frame):
    counts = pirl_frame["outcome"].value_counts()
    assert value("completions")[0] == counts["completed"]
    assert value("withdrawals")[0] == counts["withdrew"] > 0
    assert value("exits_excluded")[0] == counts["excluded"] > 0
    assert value("completion_rate")[1:] == (counts["completed"], counts["completed"] + counts["withdrew"])
    assert ((pirl_frame["1307"] == "1") & (pirl_frame["outcome"] == "excluded")).any()


@pytest.mark.parametrize(
    ("measure", "element", "months"), [("employment_rate_q2", "1602", 9), ("employment_rate_q4", "1606", 15)]
)
def test_9_is_not_yet_known(pirl_frame, measure, element, months):
    quarter_end = pd.to_datetime(pirl_frame["901"]).dt.to_period("Q").dt.start_time + pd.DateOffset(months=months)
    rated = pirl_frame[pirl_frame["outcome"].isin(["completed", "withdrew"])]
    is_over = quarter_end.loc[rated.index] <= pd.Timestamp(DAY) + pd.Timedelta(days=1)
    known = rated[rated[element].isin(["0", "1"]) & is_over]
    assert (rated[element] == "9").sum() > 10
    assert value(measure)[1:] == ((known[element] == "1").sum(), len(known))


def test_9_is_not_disclosed(pirl_frame, published):
    answers = pd.DataFrame({"100": pirl_frame["100"]})
    for group, element, yes in (
        ("woman", "201", "2"), ("disability", "202", "1"), ("veteran", "300", "1"), ("reentry", "801", "1"),
    ):  # fmt: skip
        answers[group] = pirl_frame[element].map(
            lambda code, yes=yes: None if code in ("9", "") or pd.isna(code) else code == yes
        )
    color = pirl_frame[["210", "211", "212", "213", "214"]].eq("1").any(axis=1)
    answers["bipoc"] = color.where(color | (pirl_frame["215"].eq("1") & pirl_frame["210"].eq("0")))
    by_person = answers.groupby("100")
    counted = query_store(
        published[0],
        "select group_id, count(distinct case when member_bits & bit > 0 then resident end),"
        " count(distinct case when answered_bits & bit > 0 then resident end) from enrollments, ref_groups group by all",
    )
    stored_in = {group: (members, answers) for group, members, answers in counted}
    for group in ("woman", "disability", "veteran", "reentry", "bipoc"):
        member = by_person[group].agg(lambda given: given.eq(True).any()).sum()
        answered = by_person[group].agg(lambda given: given.notna().any()).sum()
        assert stored_in[group] == (member, answered), group
        assert answered < pirl_frame["100"].nunique()


def test_opportunity_youth_is_16_to_24_out_of_school_and_out_of_work(pirl_frame, published):
    age = (pirl_frame["900"].astype(float) - pirl_frame["200"].astype(float)) // 10000
    yes = age.between(16, 24) & pirl_frame["409"].isin(["4", "5", "6"]) & pirl_frame["400"].isin(["0", "3"])
    stored = query_store(
        published[0],
        "select count(distinct resident) from enrollments, ref_groups where group_id = 'opportunity_youth' and member_bits & bit > 0",
    )
    assert stored == [(pirl_frame[yes]["100"].nunique(),)]
    assert yes.any()


@pytest.mark.parametrize("by", ["region", "sector"])
def test_residents_by_region_and_sector(pirl_frame, by):
    taken_part = pirl_frame[pirl_frame["900"].notna()]
    expected = taken_part.groupby(by)["100"].nunique().to_dict()
    rows = ask(Question("residents_enrolled", by=by), Scope()).rows
    assert {row.key: row.value for row in rows if row.key in expected} == expected
    assert set(expected) == (
        {"98001", "98002", "98003", "98004", "98005"} if by == "region" else set(filter(None, CIP_SECTORS.values()))
    )


def test_the_first_of_three_board_codes_is_the_region(pirl_frame, published):
    assert (pirl_frame["108-B"].notna() & pirl_frame["108-C"].notna()).any()
    stored = query_store(published[0], "select region, count(*) from enrollments where region is not null group by all")
    assert dict(stored) == pirl_frame["region"].value_counts().to_dict()


def test_programs_are_initiatives(pirl_frame, published):
    youth, first_contact = pirl_frame["905"].isin(["1", "2", "3"]).sum(), pirl_frame["900"].isna().sum()
    stored = dict(query_store(published[0], "select initiative, count(*) from enrollments group by all"))
    assert stored["WIOA Youth"] == youth
    assert sum(stored.values()) == ROWS
    assert query_store(published[0], "select count(*) from enrollments where enrolled_on is null") == [(first_contact,)]


def test_columns_without_an_element_are_not_supplied(pirl_frame, published):
    supplied = {column for (column,) in query_store(published[0], "select column_name from supplied")}
    assert not supplied & {
        "immigrant", "town", "referred_by", "planned_end_on", "child_care", "transportation", "technology", "stackable",
        "employed_on", "hourly_wage_before", "hourly_wage_after",
    }  # fmt: skip
    for measure in ("supports_reach", "wage_gain", "placements", "expended"):
        assert ask(Question(measure), Scope()).status == "not_supplied", measure


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("header", list(HEADERS))
def test_headers_and_quotes_do_not_matter(good, published, tmp_path, header, quoted):
    path = write(tmp_path / "export.csv", good, header=header, quoted=quoted)
    store = tmp_path / "store"
    report = publish(
        describe(path, requested_date=DAY, single_file=True), PublishOptions(layout=layouts.find("pirl")), into=store
    )
    assert report.accepted, report.faults
    everything = "select * from enrollments order by enrollment_id"
    assert query_store(store, everything) == query_store(published[0], everything)


def test_a_folder_with_a_single_file_may_be_labeled_synthetic(good, tmp_path):
    folder = tmp_path / DAY
    folder.mkdir()
    write(folder / "WIPS upload.csv", good)
    (folder / "delivery.json").write_text('{"is_synthetic": true}')
    report = check(folder, "layout=pirl")
    assert report.accepted
    assert report.is_synthetic


def test_elements_that_are_missing_are_not_supplied(good, tmp_path):
    path = write(
        tmp_path / "export.csv", good.drop_columns(["201", "213", "409", "1305", "1307", "1606", "1802", "108-A"])
    )
    store = tmp_path / "store"
    assert publish(
        describe(path, requested_date=DAY, single_file=True), PublishOptions(layout=layouts.find("pirl")), into=store
    ).accepted
    supplied = {column for (column,) in query_store(store, "select column_name from supplied")}
    assert not supplied & {"woman", "bipoc", "opportunity_youth", "sector", "outcome", "employed_q4", "region"}
    assert supplied >= {"disability", "veteran", "credential", "employed_q2", "exited_on", "started_on"}
    assert query_store(store, "select count(*) from ref_regions") == [(0,)]


def test_connecticut_is_known_by_its_boards_names(good, tmp_path):
    boards = ["Capital Workforce Partners", "workforce alliance", "The WorkPlace", "Somebody else"]
    codes = ["9901", "09902", "48001", "09904"]
    made = changed(good, "2701", {row: boards[row % 4] for row in range(ROWS)})
    made = changed(made, "108-A", {row: codes[row % 4] for row in range(ROWS)})
    store, path = tmp_path / "store", write(tmp_path / "export.csv", made)
    assert publish(
        describe(path, requested_date=DAY, single_file=True), PublishOptions(layout=layouts.find("pirl")), into=store
    ).accepted
    boards = query_store(store, "select region, board from ref_regions order by 1")
    assert boards == [("09904", "Somebody else"), ("48001", "The WorkPlace"),
                     ("North Central", "Capital Workforce Partners"), ("South Central", "Workforce Alliance")]  # fmt: skip


def test_every_column_the_layout_reads_is_an_element(good):
    numbers = {column_map.key(part): number for number, _ in elements() for part in number.split(" / ")}
    names = {column_map.key(name) for _, name in elements()}
    wanted = column_map.read(layouts.KNOWN / "pirl" / "columns.csv")
    for column in wanted:
        assert column.name.removeprefix("e") in numbers
        assert column.name.startswith("e")
        assert column.keys & names
        assert column_map.key(column.headers[0]) in numbers
    page = (layouts.KNOWN.parents[1] / "docs" / "pirl.md").read_text(encoding="utf-8")
    for column in wanted:
        assert column.headers[0] in page, f"docs/pirl.md does not tell what becomes of {column.headers[0]}"


def test_the_crosswalk_names_known_sectors_once():
    folder = layouts.KNOWN / "pirl"
    with (folder / "cip_sectors.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    with (layouts.KNOWN.parents[1] / "data" / "reference" / "sectors.csv").open(newline="") as lines:
        known = {row["sector"] for row in csv.DictReader(lines)}
    assert {row["sector"] for row in rows} == known
    codes = [row["cip"] for row in rows]
    assert len(codes) == len(set(codes))
    assert {len(code) for code in codes} == {2, 4, 6}
    assert all(row["title"] and row["source"] for row in rows)


def test_the_generator_is_deterministic_and_of_the_record_layout():
    assert len(elements()) == 289
    assert pirl_files.table(300).equals(pirl_files.table(300))
    assert not pirl_files.table(300, seed=2).equals(pirl_files.table(300))
    assert sum(part.num_rows for part in records(120_000)) == 120_000
