"""Values that can be read and probably mean something else: counted in a notice, or not read."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from data import residents
from data.duckdb_sql import fetch_row
from tests.data.deliveries import Tables, check, tables, with_optional, write
from tests.data.test_as_exported import ENGINE


def notices(made: Tables, tmp_path, table: str) -> list[str]:
    report = check(write(tmp_path, made))
    assert report.accepted, report.faults
    return report.tables[table].notices


@pytest.mark.parametrize("lost", [str.lower, lambda id_: f"{id_[0]} {id_[1:]}", lambda id_: f"{id_[0]}-{id_[1:]}"])
def test_residents_whose_ids_differ_in_form_between_tables_are_noticed(tmp_path, lost):
    made = with_optional(tables())
    made["courses"]["participant_id"] = made["courses"]["participant_id"].map(lost)
    assert notices(made, tmp_path, "enrollments") == [
        "participant_id: 30 ids differ from others only in case, blanks, hyphens or zeros at the start, in the same table or"
        " in two. All count as different residents. If they are not, export the ids alike."
    ]


def test_an_id_that_lost_its_zeros_in_a_row_is_noticed(tmp_path):
    made = tables()
    made["enrollments"]["participant_id"] = [f"{n:05}" for n in range(59)] + ["58"]
    (notice,) = notices(made, tmp_path, "enrollments")
    assert notice.startswith("participant_id: 1 id differs from another only in case")
    assert "Both count as different residents." in notice


@pytest.mark.parametrize(
    ("ids", "alike"), [(("a", "b"), False), (("10", "100"), False), (("a0", "a00"), False), (("007", "7"), True), (("aB", "Ab"), True)]
)  # fmt: skip
def test_the_shape_of_an_id(ids, alike):
    shapes = [
        fetch_row(ENGINE, "select {shape} from (select $id as id)", {"id": id_}, shape=residents.shape("id"))[0]
        for id_ in ids
    ]
    assert (shapes[0] == shapes[1]) is alike


@pytest.mark.parametrize("word", ["N/A", "#N/A", "nan", "NULL", "None", "unknown", "-", "????"])
@pytest.mark.parametrize("table", ["enrollments", "courses"])
def test_a_word_for_no_id_is_not_a_resident(tmp_path, table, word):
    made = with_optional(tables(120))
    made[table].loc[[1, 3], "participant_id"] = word
    report = check(write(tmp_path, made), "most_quarantined=5")
    assert report.tables[table].reasons == {"participant_id stands for no id, such as N/A": 2}


@pytest.mark.parametrize("id_", ["NA12", "N-1", "nano", "A-", "0", "none-7"])
def test_other_ids_are_ids(tmp_path, id_):
    made = tables()
    made["enrollments"].loc[1, "participant_id"] = id_
    assert not check(write(tmp_path, made)).tables["enrollments"].quarantined


@pytest.mark.parametrize(
    ("name", "is_noticed"), [("Maria Lopez", True), ("O’Brien, Séan P.", True), ("P 12", False), ("Maria", False)]
)
def test_ids_like_names_are_noticed(tmp_path, name, is_noticed):
    made = tables()
    made["enrollments"].loc[59, "participant_id"] = name
    expected = ["participant_id has only words in 1 row, like a name. Make sure that these are pseudonyms."]
    assert notices(made, tmp_path, "enrollments") == (expected if is_noticed else [])


def test_a_yearly_wage_is_noticed(tmp_path):
    made = tables()
    made["completions"].loc[[1, 3], "hourly_wage_after"] = 45_000
    assert notices(made, tmp_path, "completions") == [
        "hourly_wage_after is above $300 in 2 rows. It was read as dollars an hour. Make sure that it is not for a week, a"
        " month or a year."
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.23E+05", None), ("1E+05", None), ("1.23457e+006", None), ("2.5e5", None),
        ("1e+05", Decimal(100_000)), ("5.55e-17", Decimal(0)), ("600", Decimal(600)), ("600.5", Decimal("600.5")),
    ],
)  # fmt: skip
def test_an_amount_that_a_spreadsheet_rounded_is_not_read(tmp_path, text, amount):
    made = tables()
    funding = made["funding"]
    funding["amount"] = funding["amount"].astype(str)
    for row, kind in ((0, "allocated"), (1, "obligated")):
        assert funding.loc[row, "kind"] == kind
        funding.loc[row, "amount"] = "200000"
    funding.loc[2, "amount"] = text
    report = check(write(tmp_path, made))
    assert report.tables["funding"].reasons == ({} if amount is not None else {"amount is not a dollar amount": 1})


def test_a_floating_point_amount_is_read_as_it_is(tmp_path):
    made = tables()
    made["funding"]["amount"] = pd.Series(made["funding"]["amount"], dtype=float) * 1e5
    assert check(write(tmp_path, made)).accepted


@pytest.mark.parametrize(
    ("texts", "is_refused"),
    [
        (("1.234", "12.500", "900"), True),
        (("1.234", "12.500,00", "-1.250.000"), True),
        (("1.234", "12.5"), False),
        (("1234.500", "12.125"), False),
        (("0.125", "900"), False),
        (("1234.50", "900"), False),
    ],
)
def test_points_between_thousands_are_not_read_as_decimal_points(tmp_path, texts, is_refused):
    made = tables()
    funding = made["funding"]
    funding["amount"] = [texts[row % len(texts)] if row < len(texts) else "1000000" for row in range(len(funding))]
    faults = [fault for fault in check(write(tmp_path, made)).faults if "between thousands" in fault]
    assert faults == (
        [
            f"funding: amount may have points between thousands: “{texts[0]}” in row 1 of funding.parquet. "
            "No amount with a point has one or two decimals. Write 1234.50, without points between thousands."
        ]
        if is_refused
        else []
    )
