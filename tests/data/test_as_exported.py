"""Values as spreadsheets, data frames and databases export them, with the expected results."""

from __future__ import annotations

import json
import string
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import dates, layouts, physical, spelling
from data.contract import Column
from data.dates import Calendar
from data.delivery import describe
from data.duckdb_sql import Sql, fetch_row, sql
from data.errors import RefusedError
from data.match_names import folded
from data.publishing import PublishOptions, publish
from queries import Question, Scope, ask
from tests.characters import CHARACTERS
from tests.data.deliveries import Tables, check, tables, with_optional, write

ENGINE = duckdb.connect()
ENGINE.execute("set TimeZone = 'UTC'")
NEW_YORK = "America/New_York"
many = settings(max_examples=200, deadline=None)


def value(expression: Sql, given: object) -> object:
    """Evaluate an SQL expression over $g for a value."""
    return fetch_row(ENGINE, "select {expression}", {"g": given}, expression=expression)[0]


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Publish tables, point questions at that store, and return the report."""

    def into_store(made: Tables):
        monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
        return publish(describe(write(tmp_path, made)), into=tmp_path / "store")

    return into_store


# Whole numbers


@many
@given(number=st.integers(-(2**53), 2**53), kind=st.sampled_from(["DOUBLE", "DECIMAL(18,2)", "BIGINT"]))
def test_an_id_is_equal_in_every_type(number, kind):
    if kind == "DECIMAL(18,2)":
        number %= 10**15
    held = sql("cast($g as {kind})", kind=Sql(kind))
    assert value(physical.identifier(physical.text_of(held, kind)), number) == str(number)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ('="00123"', "00123"),
        ('=" P=1 "', "P=1"),
        ('="P1', '="P1'),
        ("=1+1", "=1+1"),
        ('="a"&"b"', '="a"&"b"'),
        ('=" "', '=" "'),
    ],
)
def test_an_id_written_as_text_for_excel(text, id_):
    assert value(physical.identifier(Sql("cast($g as varchar)")), text) == id_


@many
@given(st.text("0123456789", min_size=1, max_size=12), st.integers(1, 3), st.sampled_from(["", " ", "\t", "\u00a0"]))
def test_an_id_keeps_its_zeros_and_loses_those_after_the_point(digits, zeros, blank):
    text = physical.identifier(physical.text_of(Sql("cast($g as varchar)"), "VARCHAR"))
    assert value(text, f"{blank}{digits}.{'0' * zeros}{blank}") == digits
    assert value(text, blank + digits) == digits


@many
@given(st.integers(0, 999_999), st.integers(0, 3), st.sampled_from(["", ".", ".0", ".00"]))
def test_a_code_is_its_number(number, zeros, point):
    assert value(physical.code(Sql("$g")), "0" * zeros + str(number) + point) == str(number)


@many
@given(st.text(string.ascii_letters + "+-./ ", min_size=1, max_size=5))
def test_text_that_is_not_a_number_is_unchanged(text):
    assert value(physical.code(Sql("$g")), text) == text == value(physical.identifier(Sql("$g")), text)


@pytest.mark.parametrize("kind", [float, Decimal, str, int])
def test_residents_are_the_same_people_in_every_table(published, kind):
    made = with_optional(tables())
    made["enrollments"]["participant_id"] = [float(100001 + i // 2) for i in range(60)]
    made["courses"]["participant_id"] = [kind(100001 + i) for i in range(50)]
    assert published(made).accepted
    assert ask(Question("residents_any"), Scope()).total.value == 50


@pytest.mark.parametrize(("id_", "example"), [("1.23E+11", "“1.23E+11”"), ("4e+10", "“4e+10”"), (2.0**53 + 2, "e+15”")])
def test_ids_cut_short_refuse_the_delivery(tmp_path, id_, example):
    made = tables()
    ids = [id_] * 60 if isinstance(id_, str) else [id_ + 2 * i for i in range(60)]
    made["enrollments"]["participant_id"] = ids
    (fault,) = check(write(tmp_path, made)).faults
    assert "participant_id is a shortened number in 60 rows" in fault
    assert example in fault
    assert "Format the column as text and export again." in fault


# Dates


@many
@given(
    moment=st.datetimes(datetime(1995, 1, 1), datetime(2030, 1, 1)), hours=st.integers(-12, 14),
    written=st.sampled_from(["T", " "]), zone=st.sampled_from([NEW_YORK, "UTC", "Pacific/Honolulu"]),
)  # fmt: skip
def test_a_moment_is_the_day_it_was_in_the_time_zone(moment, hours, written, zone):
    there = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    day = there.astimezone(ZoneInfo(zone)).date()
    assert value(physical.day_of_text(Sql("cast($g as varchar)"), zone), there.isoformat(written)) == day
    held = physical.day_of_moment(Sql("cast($g as timestamptz)"), "TIMESTAMP WITH TIME ZONE", zone)
    assert value(held, there.isoformat()) == day
    bare = there.replace(tzinfo=None).isoformat(written)
    assert value(physical.day_of_text(Sql("cast($g as varchar)"), zone), bare) == there.date()


@many
@given(
    st.sampled_from(["infinity", "-infinity", "epoch", "today", "now", "yesterday", "Infinity", ""])
    | st.text(CHARACTERS, max_size=8)
)
def test_words_are_not_dates(text):
    day = value(physical.day_of_text(Sql("cast($g as varchar)"), NEW_YORK), text)
    assert day is None or text[0].isdigit()


@many
@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_placeholder_dates(day):
    calendar = Calendar(date(2026, 11, 20), NEW_YORK)
    for name in ("planned_end_on", "employed_on"):
        test = dates.not_known(Column(name, "date", optional=True), calendar)
        assert test is not None
        meant = day <= date(1900, 1, 1) or day.year >= 2900 or day == date(2099, 12, 31)
        meant = meant or (name == "planned_end_on" and day > date(2046, 11, 20))
        assert value(sql(test, v=Sql("cast($g as date)"), g=Sql("cast($g as varchar)")), day.isoformat()) == meant
    assert dates.not_known(Column("applied_on", "date"), calendar) is None


@pytest.mark.parametrize(
    "given", ["9999-12-31", "9999-01-01", "2999-12-31", "1900-01-01", "0001-01-01", "infinity", "2055-01-01"]
)
def test_a_placeholder_planned_end_is_not_known(published, given):
    made = tables()
    made["enrollments"]["planned_end_on"] = ["2023-06-02 00:00:00"] * 30 + [given] * 30
    report = published(made)
    assert report.accepted
    assert report.tables["enrollments"].accepted == 60
    assert any("planned_end_on: 30 rows with a placeholder date" in n for n in report.tables["enrollments"].notices)
    assert ask(Question("cohort_completion_rate"), Scope()).total.denominator == 30


def test_an_evening_counts_on_its_local_day(published):
    made = tables()
    made["enrollments"]["applied_on"] = pd.Timestamp("2023-01-02T23:30", tz=NEW_YORK).tz_convert("UTC")
    assert published(made).accepted
    (row,) = ask(Question("residents_applied", by="month"), Scope(until=date(2023, 1, 2))).rows
    assert row.value == 30


@pytest.mark.parametrize("zone", ["Eastern", "America/Nowhere", 5, "../etc/passwd", "", None])
def test_an_unknown_time_zone_is_reported(tmp_path, zone):
    path = write(tmp_path, tables())
    (path / "delivery.json").write_text(json.dumps({"time_zone": zone}))
    with pytest.raises(RefusedError, match=r"is not a time zone\. Write a name such as America/New_York or UTC\."):
        describe(path)


def test_the_time_zone_of_a_delivery_is_read(tmp_path):
    path = write(tmp_path, tables())
    assert describe(path).time_zone == NEW_YORK
    (path / "delivery.json").write_text('{"time_zone": "Pacific/Honolulu"}')
    assert describe(path).time_zone == "Pacific/Honolulu"


# Dates that are right and say something else


def test_jobs_that_began_before_the_exit_are_counted_in_a_notice(tmp_path):
    made = with_optional(tables())
    exits = made["completions"]
    exits["employed_on"] = exits["exited_on"]
    exits.loc[:4, "employed_on"] -= timedelta(days=1)
    report = check(write(tmp_path, made))
    (notice,) = (each for each in report.tables["completions"].notices if "employed_on" in each)
    assert notice.startswith("employed_on is before exited_on in 5 rows")
    assert not report.tables["completions"].quarantined


# Empty is not zero


def test_a_column_without_a_value_is_not_supplied_and_a_zero_is_a_zero(published):
    made = with_optional(tables())
    made["completions"]["employed_on"] = pd.NaT
    made["completions"]["employed_q2"] = False
    made["funding"]["sector"] = pd.Series([None] * 52, dtype="string")
    report = published(made)
    assert any(
        "employed_on" in n and "empty in every row: not supplied." in n for n in report.tables["completions"].notices
    )
    assert ask(Question("placement_rate"), Scope()).status == "not_supplied"
    assert ask(Question("employment_rate_q2"), Scope()).total.value == 0
    for scope, by in ((Scope(sector="Manufacturing"), None), (Scope(), "sector")):
        for measure in ("cost_per_completion", "expended"):
            answer = ask(Question(measure, by=by), scope)
            assert answer.status == "not_supplied"
            assert "No dollars are recorded by sector" in str(answer.note)
    assert ask(Question("cost_per_completion"), Scope()).total.value > 0


def test_a_sector_without_an_expense_has_no_cost(published):
    assert published(tables()).accepted
    row = ask(Question("cost_per_completion"), Scope(sector="Healthcare")).total
    assert row.value is None
    assert row.note == "no dollars recorded as spent in Healthcare"
    quiet = ask(Question("cost_per_completion"), Scope(sector="Manufacturing", since=date(2023, 6, 1)))
    assert quiet.total.value is None, "$0 would say that completions cost nothing"
    assert quiet.total.note != "no dollars recorded as spent in Manufacturing"


def test_what_cannot_be_known_yet_is_supplied(published):
    made = tables()
    made["completions"]["exited_on"] = pd.Timestamp("2024-06-01")
    made["completions"]["employed_q2"] = pd.Series([None] * 30, dtype="boolean")
    report = published(made)
    assert report.accepted
    assert not any("employed_q2" in notice for notice in report.tables["completions"].notices)
    assert ask(Question("employment_rate_q2"), Scope()).status == "ok"


# Spelling


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str]:
    """A name and one of its spellings, with other case and white space."""
    words = draw(st.lists(st.text(string.ascii_letters + "éÉß", min_size=1, max_size=6), min_size=1, max_size=3))
    blank = draw(st.sampled_from([" ", "  ", "\u00a0", "\t"]))
    return " ".join(words), draw(st.sampled_from([str.upper, str.lower, str.title]))(blank.join(words))


@many
@given(st.lists(spelled(), min_size=1, max_size=4))
def test_spellings_are_grouped_and_the_most_frequent_is_shown(pairs):
    counts: dict[str, int] = {}
    for name, other in pairs:
        counts[name] = counts.get(name, 0) + 3
        counts[other] = counts.get(other, 0) + 1
    groups = spelling.group(counts.items())
    for each in groups:
        assert {folded(other) for other in each.others} == {folded(each.shown)}
        assert all(
            (counts[each.shown], -ord(each.shown[0])) >= (counts[other], -ord(other[0])) for other in each.others
        )
        assert each.rows == sum(counts[other] for other in each.others)
    assert len(counts) - sum(len(each.others) for each in groups) == len({folded(text) for text in counts})


@pytest.mark.parametrize("most", [10_000, 0])
def test_spellings_of_a_provider_are_unified(published, monkeypatch, most):
    monkeypatch.setattr("data.dictionary_encode._MOST", most)
    made = tables()
    made["enrollments"]["provider"] = (["Acme College"] * 4 + ["ACME COLLEGE", "Acme  College"]) * 10
    report = published(made)
    assert [(row.key, row.numerator) for row in ask(Question("enrollments", by="provider"), Scope()).rows] == [
        ("Acme College", 60)
    ]
    (notice,) = [n for n in report.tables["enrollments"].notices if n.startswith("provider")]
    assert "10 rows changed" in notice
    assert "“Acme College” (also “ACME COLLEGE”)" in notice


# The participant record


@many
@given(st.sampled_from("01234"), st.sampled_from(["{}", "0{}", "{}.0", " {} ", "{}.", "00{}.00"]))
def test_a_code_of_the_participant_record_is_read_whatever_wrote_it(code, form):
    text = physical.code(physical.text_of(Sql("cast($g as varchar)"), "VARCHAR"))
    assert value(text, form.format(code)) == code


HEADER = "100,900,901,903,904,905,918,932,200,201,400,409,1303,1307,108-A,1305"
RECORD = "T{},20230110,20230630,{},0,0,0,0,20030101,2,0,4,06,1,98001,513902"


def pirl(folder: Path, rows: list[str]) -> Path:
    """Write a participant record file with these lines."""
    path = folder / "pirl-2024-12-31.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def test_programs_are_read_and_unknown_codes_excluded(tmp_path):
    rows = [RECORD.format(n, code) for n, code in enumerate(["1.0", "01", "1", "Y"])]
    report = check(pirl(tmp_path, rows), "layout=pirl", "most_quarantined=50")
    assert report.accepted
    assert report.tables["enrollments"].accepted == 3
    assert report.tables["enrollments"].reasons == {"element 903 has the unknown code Y": 1}
    assert report.tables["completions"].reasons == {"its enrollment was excluded": 1}


def test_a_data_frame_of_a_participant_record_is_read_as_its_text(tmp_path, monkeypatch):
    rows = [RECORD.format(n, 1).split(",") for n in range(4)]
    frame = pd.DataFrame(rows, columns=HEADER.split(","))
    held = pa.Table.from_pandas(frame.assign(**{c: frame[c].astype(float) for c in frame if c != "100"}))
    path = tmp_path / "pirl-2024-12-31.parquet"
    pq.write_table(held, path)
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    report = publish(
        describe(path, single_file=True), PublishOptions(layout=layouts.find("pirl")), into=tmp_path / "store"
    )
    assert report.accepted
    assert report.tables["enrollments"].accepted == 4
    row = duckdb.connect(str(tmp_path / "store/deliveries/2024-12-31/store.duckdb"), read_only=True).execute(
        "select distinct initiative, region, program, sector, cast(applied_on as varchar), answered_bits > 0 from enrollments"
    ).fetchall()  # fmt: skip
    assert row == [("WIOA Adult", "98001", "Occupational skills training", "Healthcare", "2023-01-10", True)]


def test_ids_of_a_participant_record_cut_short_refuse_it(tmp_path):
    report = check(pirl(tmp_path, [RECORD.replace("T{}", "1.23E+11").format(1)]), "layout=pirl")
    assert any("participant_id is a shortened number" in fault for fault in report.faults)


def test_a_group_that_nobody_discloses_is_not_disclosed(published):
    made = tables()
    made["enrollments"]["woman"] = pd.Series([None] * 60, dtype="boolean")
    assert published(made).accepted
    row = ask(Question("participation_share"), Scope(group="woman")).total
    assert (row.numerator, row.denominator, row.value) == (0, 0, None)
