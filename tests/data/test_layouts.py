"""Layouts with SQL convert other files to the contract. What a layout does not have is not supplied."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data import duckdb_sql, layouts
from data.delivery import describe
from data.errors import RefusedError, UsageError
from data.layouts import find
from data.publishing import PublishOptions, publish
from tests.data.deliveries import check

SELECT = """-- People who applied. Grain: one row per person.
select "person no" as enrollment_id, "person no" as participant_id, 'Elsewhere' as initiative,
    cast(day as date) as applied_on, case site when '1' then 'North' when '2' then 'South' end as region,
    case sex when '0' then true when '1' then false end as woman
from raw
"""
REFERENCES = {
    "regions": "region,board,board_short,source\nNorth,,,codebook\nSouth,,,codebook\n",
    "initiatives": "initiative,label,is_slfrf,began_on,source\nElsewhere,Elsewhere,false,,codebook\n",
    "groups": "group_id,label,member_noun,column_name,source\nwoman,Women,women,woman,codebook\n",
}


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    folder = tmp_path / "layouts" / "elsewhere"
    (folder / "reference").mkdir(parents=True)
    (folder / "enrollments.sql").write_text(SELECT)
    for name, text in REFERENCES.items():
        (folder / "reference" / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people of 2005.csv"
    pd.DataFrame(
        {
            "person no": [f"X{i}" for i in range(100)],
            "day": "2004-03-01",
            "site": [i % 2 + 1 for i in range(100)],
            "sex": [(0, 1, -4)[i % 3] for i in range(100)],
        }
    ).to_csv(path, index=False)
    return path


def test_a_single_file_with_a_layout_given_by_path(layout, people, tmp_path):
    store = tmp_path / "store"
    report = publish(
        describe(people, requested_date="2005-12-31", single_file=True),
        PublishOptions(layout=find(str(layout))),
        into=store,
    )
    assert report.accepted
    assert report.layout == "elsewhere"
    with duckdb_sql.open_read_only(store / "deliveries/2005-12-31/store.duckdb") as connection:
        rows = connection.execute(
            "select region, member_bits, answered_bits, count(*) from enrollments group by all order by all"
        ).fetchall()
        supplied = connection.execute("select table_name, column_name from supplied order by all").fetchall()
        groups = connection.execute("select group_id, bit from ref_groups").fetchall()
        places = connection.execute("select count(*) from ref_towns").fetchall()
        empty = connection.execute("select count(*) from funding").fetchall()
    assert rows == [("North", 0, 0, 17), ("North", 0, 1, 16), ("North", 1, 1, 17),
                    ("South", 0, 0, 16), ("South", 0, 1, 17), ("South", 1, 1, 17)]  # fmt: skip
    assert [column for _, column in supplied] == [
        "applied_on", "enrollment_id", "initiative", "participant_id", "region", "woman",
    ]  # fmt: skip
    assert groups == [("woman", 1)]
    assert places == [(0,)]
    assert empty == [(0,)]


def test_a_layout_given_by_name(layout, people, monkeypatch):
    monkeypatch.setattr(layouts, "KNOWN", layout.parent)
    assert check(people, "layout=elsewhere", "date=2005-12-31").accepted


def test_files_of_a_folder_are_tables(layout, people):
    folder = people.parent / "2005-12-31"
    folder.mkdir()
    people.rename(folder / "The People-v2.csv")
    pd.DataFrame({"a": [1]}).to_parquet(folder / "other.parquet")
    (folder / "readme.txt").write_text("not data")
    (layout / "enrollments.sql").write_text(SELECT.replace("from raw", "from the_people_v2, other where a = 1"))
    assert check(folder, f"layout={layout}").accepted


def test_a_layout_may_use_the_date_of_the_delivery(layout, people):
    (layout / "enrollments.sql").write_text(SELECT + "where cast(day as date) <= $delivered_on;\n")
    assert check(people, f"layout={layout}", "date=2005-12-31").accepted


def test_rules_apply_with_a_layout_except_meaningless_reasons(layout, people):
    text = SELECT.replace(
        "cast(day as date) as applied_on", "cast(day as date) as applied_on, date '2004-05-01' as started_on"
    )
    (layout / "enrollments.sql").write_text(text.replace("when '2' then 'South'", "else 'West'"))
    counts = check(people, f"layout={layout}", "date=2005-12-31").tables["enrollments"]
    assert counts.reasons == {"unknown region": 50}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select nothing from raw", "enrollments.sql, line 1: no table that it reads has a column “nothing”."),
        (
            "select * from somewhere_else",
            "line 1: there is no table “somewhere_else”. The tables are people_of_",
        ),
        ("selekt 1", "enrollments.sql, line 1: it is not valid SQL at or near “selekt”."),
        ("", "the file must have exactly one select"),
        ("create table x as select 1", "the file must have exactly one select"),
        (SELECT + "; " + SELECT, "the file must have exactly one select"),
        (
            "select * from read_csv('/etc/passwd')",
            "enrollments.sql: it reads a file. A select can read only the tables",
        ),
        (SELECT + "where day < $today", "the only parameter is $delivered_on"),
        (SELECT.replace("as woman", "as womann"), "it returns “womann”, which the contract does not have"),
        (SELECT.replace("as initiative", "as provider"), "the required column initiative is missing"),
        (SELECT + "where false", "has no rows"),
    ],
)
def test_bad_sql_gets_a_sentence(layout, people, text, expected):
    (layout / "enrollments.sql").write_text(text)
    report = check(people, f"layout={layout}", "date=2005-12-31")
    assert len(report.faults) == 1
    assert expected in report.faults[0]


def test_bad_references_get_a_sentence(layout, people):
    for name, text, expected in (
        ("regions", "region,board,board_short\nNorth,,\nnorth,,\n", "regions.csv lists “north” twice"),
        (
            "groups",
            REFERENCES["groups"].replace(",woman,codebook", ",drop table,codebook"),
            "cannot be used as a column name",
        ),
        (
            "groups",
            REFERENCES["groups"].replace(",woman,codebook", ",program,codebook"),
            "cannot be used as a column name",
        ),
        ("initiatives", "initiative,label,is_slfrf,began_on\nA,A,maybe,\n", "“maybe” is not true or false"),
        ("intake_organizations", "intake,kind,region\nA,board,East\n", "the region “East”, which regions.csv does not"),
        ("cities", "city\n", "cities.csv is unknown"),
        ("regions", "area,source\nNorth,x\n", "regions.csv does not have the column region"),
        ("regions", "region,source\nNorth\n", "row 1, has 1 values for 2 columns"),
    ):
        path = layout / "reference" / f"{name}.csv"
        path.write_text(text)
        with pytest.raises(RefusedError) as refused:
            check(people, f"layout={layout}", "date=2005-12-31")
        assert any(expected in fault for fault in refused.value.faults), refused.value.faults
        path.unlink()
        if name in REFERENCES:
            path.write_text(REFERENCES[name])


def test_a_place_without_regions_and_groups_by_their_ids_only(layout, people):
    (layout / "reference" / "regions.csv").write_text("region,board,board_short,source\n")
    (layout / "reference" / "groups.csv").write_text("group_id\nwoman\n")
    text = SELECT.replace(" case site when '1' then 'North' when '2' then 'South' end as region,", "")
    (layout / "enrollments.sql").write_text(text)
    report = check(people, f"layout={layout}", "date=2005-12-31")
    assert report.accepted
    assert report.tables["enrollments"].accepted == 100


def test_missing_layouts(tmp_path):
    with pytest.raises(UsageError, match="There is no layout “nowhere”"):
        find("nowhere")
    (tmp_path / "courses.sql").write_text("select 1")
    with pytest.raises(RefusedError, match=r"has neither aliases\.toml nor enrollments\.sql"):
        find(str(tmp_path))
    (tmp_path / "people.sql").write_text("select 1")
    with pytest.raises(RefusedError, match=r"people\.sql is not a table of the contract"):
        find(str(tmp_path))
