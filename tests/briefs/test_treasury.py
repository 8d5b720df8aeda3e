"""The Treasury workbook: its numbers against the ledger in pandas, and each check on numbers that break its rule."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from briefs import catalog
from briefs.charts import LineChart
from briefs.model import BriefError
from briefs.treasury import _checks_words, treasury
from briefs.treasury_checks import Check, CheckedSeries, Result, check, table_of
from briefs.workbook_layout import FIRST_ROW
from components.text.period_labels import period_label
from queries import Question, Row, Scope, ask
from queries.access import rights
from tests.briefs.office_files import workbook_of
from tests.components.rows import answer
from tests.queries.test_measures import read

QUARTERS = ("2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2")
DEADLINES = (
    {"deadline": "Obligate", "falls_on": date(2024, 12, 31), "kind": "obligate"},
    {"deadline": "Expend", "falls_on": date(2026, 12, 31), "kind": "expend"},
)
GOOD = {
    "Obligated": (80.0, 100.0, 100.0, 90.0),
    "Spent": (10.0, 20.0, 30.0, 40.0),
    "Enrolled": (5.0, 9.0, 9.0, 12.0),
    "Completing": (0.0, 3.0, 6.0, 8.0),
}
CORRECTIONS = {"Obligated": (0.0, 0.0, 0.0, -10.0)}


def checks(**changed):
    """Check these cumulative numbers; the totals are those of the last quarter."""
    values = GOOD | changed
    series = {
        name: CheckedSeries(
            QUARTERS,
            each,
            CORRECTIONS.get(name, (0.0,) * 4),
            unit="dollars" if name in ("Obligated", "Spent") else "workers",
        )
        for name, each in values.items()
    }
    measures = {
        "obligated": "Obligated",
        "expended": "Spent",
        "slfrf_enrolled": "Enrolled",
        "slfrf_completing": "Completing",
    }
    totals = {measure: answer(Row(key="Total", value=GOOD[name][-1])) for measure, name in measures.items()}
    return check(series, totals, DEADLINES, as_of=date(2025, 6, 30))


def by_rule(results: list[Check]) -> dict[str, Check]:
    return {each.rule: each for each in results}


def test_good_numbers_pass_and_a_fall_that_corrections_explain_is_explained():
    results = by_rule(checks())
    explained = results["Obligated so far never falls from one quarter to the next"]
    assert explained.result == Result.EXPLAINED and explained.detail == "Apr–Jun 2025: falls by $10; corrections of $10"
    assert {each.result for each in results.values()} == {Result.PASSED, Result.EXPLAINED}
    assert "Spent does not grow after December 31, 2026" not in results, "that day has not come"


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"Spent": (10.0, 30.0, 20.0, 40.0)}, "Spent so far never falls from one quarter to the next"),
        ({"Obligated": (80.0, 100.0, 100.0, 85.0)}, "Obligated so far never falls from one quarter to the next"),
        ({"Enrolled": (5.0, 9.0, 8.0, 12.0)}, "Enrolled so far never falls from one quarter to the next"),
        ({"Spent": (10.0, 20.0, 30.0, 41.0)}, "Spent: the quarters add up to the total"),
        ({"Spent": (90.0, 90.0, 90.0, 90.0)}, "Spent so far is never above obligated so far"),
        ({"Completing": (6.0, 7.0, 8.0, 8.0)}, "Completing so far is never above enrolled so far"),
        ({"Obligated": (80.0, 100.0, 104.0, 104.0)}, "Obligated does not grow after December 31, 2024"),
    ],
)
def test_each_check_finds_what_breaks_its_rule(changed, rule):
    assert by_rule(checks(**changed))[rule].result == Result.OPEN


def test_hidden_numbers_are_not_checked():
    results = by_rule(checks(Enrolled=(5.0, None, 9.0, 12.0)))
    assert results["Enrolled so far never falls from one quarter to the next"].result == Result.NOT_CHECKED
    assert results["Completing so far is never above enrolled so far"].result == Result.NOT_CHECKED


def test_checks_that_need_a_look_come_first():
    results = table_of(checks(Spent=(10.0, 30.0, 20.0, 40.0))).columns["Result"]
    assert results[0] == "Needs a look" and results[-1] == "Passed"


@pytest.fixture(scope="module")
def made(demo_store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(demo_store))
        return catalog.make("treasury", Scope(viewer=rights.viewer("officer")))


def rows_of(sheet) -> dict[str, dict[str, object]]:
    headings, *rows = sheet.iter_rows(min_row=FIRST_ROW + 1, values_only=True)
    return {str(cells[0]): dict(zip(headings, cells, strict=True)) for cells in rows}


def test_obligations_and_spending_are_those_of_the_ledger(made, demo_store, demo_deliveries):
    ledger = read(demo_deliveries[-1], "funding").drop_duplicates()
    excluded = pd.read_csv(
        demo_store / "deliveries" / demo_deliveries[-1].name / "quarantine" / "funding.csv", dtype=str
    )
    ledger = ledger[~ledger["transaction_id"].isin(set(excluded["transaction_id"]))].query(
        "initiative == 'CareerConneCT'"
    )
    ledger = ledger.assign(
        amount=ledger["amount"].astype(float),
        quarter=pd.to_datetime(ledger["posted_on"]).dt.to_period("Q").astype(str).str.replace("Q", "-Q"),
    )
    rows = rows_of(workbook_of(made.content)["Obligations and spending"])
    rows["Oct–Dec 2026"] = rows.pop("Oct–Dec 2026 so far")
    by_label = {period_label(quarter): quarter for quarter in ledger["quarter"].unique()}
    for kind, word in (("obligated", "Obligated"), ("expended", "Spent")):
        sums = ledger[ledger["kind"] == kind].groupby("quarter")["amount"].sum()
        for label, cells in rows.items():
            quarter = by_label[label]
            assert cells[f"{word} in the quarter"] == pytest.approx(sums.get(quarter, 0.0)), quarter
            assert cells[f"{word} so far"] == pytest.approx(sums[sums.index <= quarter].sum()), quarter
        assert set(map(period_label, sums.index)) <= set(rows)


def test_the_workbook_has_every_sheet_that_the_report_needs(made):
    book = workbook_of(made.content)
    assert book.sheetnames == [
        "About", "Figures", "Indicators", "Obligations and spending", "Dollars so far", "By category", "Checks", "Closeout",
    ]  # fmt: skip
    checked = rows_of(book["Checks"])
    assert {cells["Result"] for cells in checked.values()} <= {"Passed", "Explained"}
    steps = rows_of(book["Closeout"])
    assert steps["Spend all obligated dollars (left to spend)"]["Status"] == "In 48 days"
    indicators = rows_of(book["Indicators"])["Oct–Dec 2026 so far"]
    enrolled = next(item.answer for item in made.document.answers if item.question == Question("slfrf_enrolled"))
    assert indicators["Enrolled so far"] == enrolled.total.value
    assert made.name == "2026-11-13_treasury_careerconnect_chief-workforce-officer_synthetic.xlsx"


def test_an_initiative_without_recovery_funds_is_refused_with_a_sentence(demo_store, use_store):
    use_store(demo_store)
    with pytest.raises(BriefError, match="SkillUp CT is not paid from the recovery funds"):
        treasury(Scope(initiative="SkillUp CT"))


@pytest.mark.parametrize(("role", "region"), [("governor", None), ("director", "Eastern")])
def test_a_reader_without_workers_by_quarter_gets_the_reason_and_the_totals(role, region, demo_store, use_store):
    use_store(demo_store)
    made = catalog.make("treasury", Scope(viewer=rights.viewer(role, region)))
    book = workbook_of(made.content)
    assert "Indicators" not in book.sheetnames
    about = " ".join(str(cell.value) for row in book["About"] for cell in row)
    assert "by quarter of their first event" in about and "your role sees no numbers on" in about
    total = ask(Question("slfrf_enrolled"), Scope(viewer=rights.viewer(role, region))).total.value
    assert rows_of(book["Figures"])["Workers enrolled in sectoral job training"]["Number"] == total
    results = {row["Check"]: row["Result"] for row in rows_of(book["Checks"]).values()}
    of_workers = [result for rule, result in results.items() if rule.startswith(("Enrolled", "Completing"))]
    assert set(of_workers) == {Result.NOT_CHECKED} and len(of_workers) == 5
    assert f"{len(results) - 5} of {len(results)} checks passed" in made.document.more
    assert "5 could not be made" in made.document.more


def test_a_workbook_about_a_region_names_it_wherever_it_names_the_initiative(demo_store, use_store):
    use_store(demo_store)
    document = treasury(Scope(region="Eastern", viewer=rights.viewer("analyst")))
    charts = [block.title for block in document.blocks if isinstance(block, LineChart)]
    for text in (document.title, document.lead, *charts):
        assert "CareerConneCT in Eastern" in text
    assert len(charts) == 1


def test_a_quarter_without_dollars_is_in_the_table_and_the_chart(demo_store, use_store):
    use_store(demo_store)
    document = treasury(Scope(as_of=date(2026, 10, 3), viewer=rights.viewer("analyst")))
    (chart,) = [block for block in document.blocks if isinstance(block, LineChart)]
    assert chart.categories[-2:] == (period_label("2026-Q3"), period_label("2026-Q4"))
    last, current = chart.series[1].numbers[-2:]
    assert last is not None and current is not None and last.text == current.text, "nothing was spent since"


def test_a_check_that_was_not_made_has_not_passed():
    assert _checks_words(checks()) == f"All {len(checks())} checks passed or are explained by corrections."
    hidden = checks(Enrolled=(None, 9.0, 9.0, 12.0))
    words = _checks_words(hidden)
    assert words.startswith(f"{len(hidden) - 2} of {len(hidden)} checks passed")
    assert words.endswith("2 could not be made, because numbers are hidden from this reader or missing.")
