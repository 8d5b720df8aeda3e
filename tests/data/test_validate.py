"""Rows that break rules, duplicates, conflicts and names: what is excluded, why, and what refuses a delivery."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.report import Report
from tests.data import deliveries
from tests.data.deliveries import DAY, Tables, tables, with_optional

LATER = pd.Timestamp("2030-01-01")


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., Report]:
    """Write tables as a delivery and check it."""

    def judge(made: Tables, *options: str) -> Report:
        return deliveries.check(deliveries.write(tmp_path, made), *options)

    return judge


def test_a_good_delivery_is_accepted_without_notices(judged):
    report = judged(with_optional(tables()))
    assert report.accepted
    assert report.delivered_on == DAY
    assert {name: table.accepted for name, table in report.tables.items()} == {
        "enrollments": 60, "completions": 30, "funding": 52, "courses": 50, "openings": 50,
    }  # fmt: skip
    assert not [notice for table in report.tables.values() for notice in table.notices]
    assert all(table.supplied for table in report.tables.values())


def test_optional_tables_may_be_missing(judged):
    report = judged(tables())
    assert report.accepted
    assert not report.tables["courses"].supplied
    assert not report.tables["openings"].supplied


# A value for one cell: table, row, column, value, reason.
BROKEN = [
    ("enrollments", 1, "sector", "Astrology", "unknown sector"),
    ("enrollments", 1, "town", "Atlantis", "unknown town"),
    ("enrollments", 1, "region", "Northeast", "unknown region"),
    ("enrollments", 1, "initiative", "Career Connect", "unknown initiative"),
    ("enrollments", 1, "referred_by", "Nobody", "unknown board or organization in referred_by"),
    ("enrollments", 1, "applied_on", LATER, "applied_on after the delivery"),
    ("enrollments", 1, "applied_on", pd.Timestamp("1989-12-31"), "applied_on before 1990"),
    ("enrollments", 1, "enrolled_on", pd.Timestamp("2022-12-31"), "enrolled before applied"),
    ("enrollments", 1, "started_on", pd.Timestamp("2023-01-20"), "started before enrolled"),
    ("enrollments", 1, "enrolled_on", pd.NaT, "started without being enrolled"),
    ("enrollments", 1, "planned_end_on", pd.Timestamp("2023-02-20"), "planned end before start"),
    ("enrollments", 1, "provider", None, "provider is empty"),
    ("enrollments", 1, "provider", " \t ", "provider is empty"),
    ("enrollments", 1, "provider", "x" * 201, "provider is longer than 200 characters"),
    ("enrollments", 1, "participant_id", "123-45-6789",
     "participant_id looks like a Social Security number, not a pseudonym"),
    ("enrollments", 1, "participant_id", "jane@example.org",
     "participant_id looks like an e-mail address, not a pseudonym"),
    ("completions", 1, "enrollment_id", "E9999", "no such enrollment in the delivery"),
    ("completions", 1, "outcome", "vanished", "unknown outcome"),
    ("completions", 1, "exited_on", LATER, "exited_on after the delivery"),
    ("completions", 1, "exited_on", pd.Timestamp("2023-01-03"), "exited before enrolled"),
    ("completions", 1, "exited_on", pd.Timestamp("2023-02-20"), "exited before started"),
    ("completions", 1, "credential_on", pd.Timestamp("2023-02-20"), "credential before start"),
    ("completions", 1, "credential", None, "credential_on without a credential"),
    ("completions", 1, "employed_on", pd.Timestamp("2023-01-03"), "employed before enrolled"),
    ("completions", 1, "hourly_wage_after", -0.01, "negative hourly_wage_after"),
    ("funding", 0, "kind", "spent", "unknown kind"),
    ("funding", 0, "category", "yachts", "unknown category"),
    ("funding", 2, "amount", 1000.01, "expense beyond its award's obligation"),
    ("funding", 2, "amount", 1e300, "amount is not a dollar amount"),
    ("funding", 2, "amount", float("inf"), "amount is not a dollar amount"),
    ("funding", 2, "posted_on", LATER, "posted_on after the delivery"),
    ("courses", 1, "completed_on", pd.Timestamp("2022-01-01"), "completed before registered"),
    ("courses", 1, "hours", -1, "negative hours"),
    ("courses", 1, "platform", "Elsewhere", "unknown platform"),
    ("courses", 1, "eligibility", "everyone", "unknown eligibility"),
    ("openings", 1, "source", "rumor", "unknown source"),
    ("openings", 1, "filled", 4, "more filled than positions"),
    ("openings", 1, "filled_by_participants", 3, "more filled by participants than filled"),
    ("openings", 1, "positions", -3, "negative positions"),
    ("openings", 1, "closed_on", pd.Timestamp("2022-01-01"), "closed before posted"),
]  # fmt: skip


def test_each_rule_excludes_its_row(judged):
    made = with_optional(tables())
    expected: dict[str, dict[str, int]] = {}
    for table, frame in made.items():
        mine = [row for row in BROKEN if row[0] == table]
        for number, (_, like, column, value, reason) in enumerate(mine):
            # Every second row is alike, in the ledger every fourth. Each rule gets its own row.
            row = like + number * (4 if table == "funding" else 2)
            frame[column] = frame[column].astype(object)
            frame.loc[row, column] = value
            expected.setdefault(table, {})
            expected[table][reason] = expected[table].get(reason, 0) + 1
        for column in frame:
            if column.endswith("_on"):
                frame[column] = pd.to_datetime(frame[column])
            elif column in ("amount", "hours", "hourly_wage_before", "hourly_wage_after"):
                frame[column] = frame[column].astype(float)
    report = judged(made, "most_quarantined=100")
    assert report.accepted, report.faults
    for table, reasons in expected.items():
        # A value may break two rules (applied in the future, so enrolled before). No other row is excluded.
        counts = report.tables[table].reasons
        assert {r: n for r, n in reasons.items() if counts.get(r, 0) < n} == {}
        assert report.tables[table].quarantined == len([row for row in BROKEN if row[0] == table])


def test_a_row_keeps_every_reason(judged):
    made = tables()
    made["enrollments"].loc[1, ["sector", "town", "enrolled_on"]] = [
        "Astrology",
        "Atlantis",
        pd.Timestamp("2022-12-31"),
    ]
    counts = judged(made).tables["enrollments"]
    assert counts.quarantined == 1
    assert counts.reasons == {"enrolled before applied": 1, "unknown sector": 1, "unknown town": 1}


def test_exact_duplicates_are_counted_and_dropped(judged):
    made = with_optional(tables())
    made = {name: pd.concat([frame, frame]) for name, frame in made.items()}
    made["enrollments"] = pd.concat([made["enrollments"], made["enrollments"].iloc[[5]]])
    report = judged(made)
    assert report.accepted
    assert {n: (t.read, t.accepted, t.duplicates) for n, t in report.tables.items()} == {
        "enrollments": (121, 60, 61), "completions": (60, 30, 30), "funding": (104, 52, 52),
        "courses": (100, 50, 50), "openings": (100, 50, 50),
    }  # fmt: skip


def test_a_bad_row_sent_twice_is_quarantined_once(judged):
    made = tables()
    made["enrollments"].loc[1, "sector"] = "Astrology"
    made["enrollments"] = pd.concat([made["enrollments"], made["enrollments"].iloc[[1]]])
    counts = judged(made).tables["enrollments"]
    assert (counts.read, counts.accepted, counts.quarantined, counts.duplicates) == (61, 59, 1, 1)


def test_a_key_with_two_contents_refuses_the_delivery(judged):
    made = tables()
    changed = made["enrollments"].iloc[[3, 5, 7, 9]].assign(program="Something else")
    made["enrollments"] = pd.concat([made["enrollments"], changed])
    report = judged(made)
    assert report.faults == [
        "enrollments: 4 enrollment_ids have two or more rows with different content:"
        " “E0003”, “E0005”, “E0007” and more."
    ]
    assert report.tables["enrollments"].reasons["another row has the same enrollment_id and other content"] == 8


def test_a_key_with_two_contents_does_not_hide_that_too_many_other_rows_are_excluded(judged):
    made = tables()
    changed = made["enrollments"].iloc[[3]].assign(program="Something else")
    made["enrollments"].loc[[11, 13, 15], "sector"] = "Astrology"
    made["enrollments"] = pd.concat([made["enrollments"], changed])
    conflict, excluded = judged(made).faults
    assert conflict.startswith("enrollments: 1 enrollment_id has two or more rows with different content:")
    assert excluded == (
        "enrollments: 3 of 61 rows (4.9%) would be excluded, more than the 2% allowed."
        " Most frequent: unknown sector (3). To allow more, use --max-quarantined."
    )


def test_values_that_cannot_be_read_still_make_rows_differ(judged, tmp_path):
    made = tables()
    made["funding"]["amount"] = made["funding"]["amount"].astype(str)
    twice = made["funding"].iloc[[2, 2]].copy()
    twice["amount"] = ["much", "more"]
    twice["transaction_id"] = "T900"
    made["funding"] = pd.concat([made["funding"], twice])
    assert "T900" in judged(made).faults[0]


def test_exits_of_quarantined_enrollments_follow_them(judged):
    made = tables()
    made["enrollments"].loc[2, "sector"] = "Astrology"
    counts = judged(made, "most_quarantined=10").tables["completions"]
    assert counts.reasons == {"its enrollment was excluded": 1}


def test_an_exit_without_an_enrollment_is_excluded(judged):
    made = tables()
    made["enrollments"].loc[2, ["enrolled_on", "started_on"]] = pd.NaT
    counts = judged(made, "most_quarantined=10").tables["completions"]
    assert counts.reasons == {"exit of an application that was never enrolled": 1}


def test_names_match_without_regard_to_case_and_white_space(judged):
    made = tables()
    made["enrollments"]["sector"] = "  mANUFACTURING "
    made["enrollments"]["town"] = "new\u00a0  london"
    made["enrollments"]["initiative"] = "careerconnect"
    assert judged(made).accepted


def test_near_misses_are_suggested_and_quarantined(judged):
    made = tables()
    made["enrollments"].loc[[1, 3], "sector"] = "Health care"
    made["enrollments"].loc[5, "town"] = "Hartfrod"
    counts = judged(made, "most_quarantined=10").tables["enrollments"]
    assert counts.quarantined == 3
    assert "sector “Health care” (2 rows) is not a known name. Did you mean “Healthcare”?" in counts.notices
    assert "town “Hartfrod” (1 row) is not a known name. Did you mean “Hartford”?" in counts.notices


def test_ten_thousand_sectors_stay_fast_and_readable(judged):
    made = tables(10_000)
    made["enrollments"]["sector"] = [f"Manufacturin {i:05}" for i in range(10_000)]
    report = judged(made)
    assert report.tables["enrollments"].reasons == {"unknown sector": 10_000}
    assert len(report.faults) == 2
    assert "10,000 of 10,000 rows (100.0%)" in report.faults[0]
    assert len(report.tables["enrollments"].notices) < 15
    assert len(report.as_text()) < 5_000


def test_too_many_quarantined_rows_refuse_with_the_top_reasons(judged):
    made = tables()
    made["enrollments"].loc[[1, 3], "sector"] = "Astrology"
    made["enrollments"].loc[5, "town"] = "Atlantis"
    report = judged(made)
    assert report.faults == [
        "enrollments: 3 of 60 rows (5.0%) would be excluded, more than the 2% allowed."
        " Most frequent: unknown sector (2), unknown town (1). To allow more, use --max-quarantined."
    ]
    assert judged(made, "most_quarantined=5").accepted


def test_every_date_in_the_future_is_refused_and_accounted_for(judged):
    report = judged(tables(), "date=2020-01-01")
    assert not report.accepted
    assert report.tables["enrollments"].quarantined == 60
    assert report.tables["enrollments"].reasons["applied_on after the delivery"] == 60
    assert report.tables["funding"].reasons == {"posted_on after the delivery": 52}


def test_a_resident_with_two_sexes_gets_a_notice(judged):
    made = tables()
    made["enrollments"].loc[[2, 3], "woman"] = [True, False]
    report = judged(made)
    assert report.accepted
    assert not report.tables["enrollments"].quarantined
    assert report.tables["enrollments"].notices == [
        "1 resident answers “Women” differently in different applications;"
        " this one counts in the group if any application says so."
    ]


def test_a_provider_of_five_thousand_characters_with_markup_is_quarantined(judged):
    made = tables()
    made["enrollments"].loc[1, "provider"] = ("<script>alert('😀')</script>" * 200)[:5000]
    made["enrollments"].loc[3, "provider"] = "<b>Prövider</b> 😀"
    counts = judged(made).tables["enrollments"]
    assert counts.reasons == {"provider is longer than 200 characters": 1}
