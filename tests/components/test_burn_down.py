"""The burn-down on Money: dollars left at the start of each month, and where the pace leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from components.data_table import Table
from components.text.narratives import burn_down, funding
from queries import Question, Row, Scope, ask
from queries.calculators.burn import BurnRow
from queries.calculators.ledger import MoneyRow
from tests.components.rows import answer

CAREER_CONNECT = Scope(initiative="CareerConneCT")
BURN = BurnRow(key="Total", value=90_000, available=1_000_000, left=600_000, left_of="obligated", daily=1_000)
SPENT = answer(Row(key="2026-09", value=250_000.0), Row(key="2026-11", value=150_000.0), unit="dollars")


def of(**changes):
    return replace(answer(replace(BURN, **changes), unit="dollars"), scope=CAREER_CONNECT)


@pytest.mark.parametrize("region", [None, "Eastern"])
def test_what_is_left_equals_the_ledger(demo_store, use_store, demo_deliveries, region):
    use_store(demo_store)
    scope = replace(CAREER_CONNECT, region=region)
    spent, burn = ask(Question("award_expended", "month"), scope), ask(Question("burn"), scope)
    data = burn_down.burn_down(spent, burn)
    delivery = demo_deliveries[-1]
    quarantined = pd.read_csv(demo_store / "deliveries" / delivery.name / "quarantine" / "funding.csv", dtype=str)
    ledger = pd.read_parquet(delivery / "funding").drop_duplicates()
    ledger = ledger[~ledger["transaction_id"].isin(quarantined["transaction_id"])]
    ledger = ledger[ledger["initiative"] == "CareerConneCT"]
    if region is not None:
        signed = ledger[ledger["kind"] == "obligated"].groupby("award_id")["region"].agg(list)
        only_here = [award for award, regions in signed.items() if set(regions) == {region}]
        ledger = ledger[ledger["award_id"].isin(only_here)]
        assert set(ledger.loc[ledger["kind"] == "expended", "region"]) > {region}, "awards spend in other regions too"
    ledger = ledger.assign(day=pd.to_datetime(ledger["posted_on"]), amount=ledger["amount"].astype(float))
    obligated = ledger.loc[ledger["kind"] == "obligated", "amount"].sum()
    expended = ledger[ledger["kind"] == "expended"]
    assert data is not None
    assert len(data.left) > 24
    for row in data.left:
        before = expended.loc[expended["day"] < pd.Timestamp(f"{row.key}-01"), "amount"].sum()
        assert row.value == pytest.approx(obligated - before, abs=0.01)
    assert data.pace[1] == (burn.as_of, pytest.approx(obligated - expended["amount"].sum(), abs=0.01))
    deadline, lapse = data.pace[2]
    days = (deadline - burn.as_of).days
    recent = expended[expended["day"] > pd.Timestamp(burn.as_of - timedelta(days=90))]["amount"].sum()
    assert deadline == date(2026, 12, 31)
    assert lapse == pytest.approx(max(obligated - expended["amount"].sum() - recent / 90 * days, 0), abs=0.01)


def test_a_month_without_spending_keeps_what_is_left():
    data = burn_down.burn_down(SPENT, of())
    assert [(row.key, row.value) for row in data.left] == [
        ("2026-09", 1_000_000), ("2026-10", 750_000), ("2026-11", 750_000),
    ]  # fmt: skip
    assert data.pace == [(date(2026, 11, 1), 750_000), (date(2026, 11, 13), 600_000)]


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({"expend_by": date(2026, 12, 31), "will_lapse": 552_000.0}, (date(2026, 12, 31), 552_000)),
        ({"runs_out_on": date(2027, 3, 1)}, (date(2027, 3, 1), 0)),
        ({"lasts_until": date(2026, 11, 23)}, (date(2026, 11, 23), 590_000)),
        ({"daily": 0.0, "lasts_until": date(2026, 11, 23)}, (date(2026, 11, 13), 600_000)),
        ({"left": -5.0, "runs_out_on": date(2026, 11, 13)}, (date(2026, 11, 13), -5)),
    ],
)
def test_where_the_pace_ends(changes, end):
    assert burn_down.burn_down(SPENT, of(**changes)).pace[-1] == end


def test_nothing_to_draw_without_a_budget_or_spending():
    assert burn_down.burn_down(SPENT, of(available=0.0)) is None
    assert burn_down.burn_down(answer(unit="dollars"), of()) is None


def test_the_title_names_the_filters_and_the_deadline():
    lapses = of(expend_by=date(2026, 12, 31), will_lapse=552_000.0)
    assert burn_down.title(lapses) == "CareerConneCT: $552,000 would be left on December 31, 2026 at this pace"
    in_eastern = replace(of(), scope=replace(CAREER_CONNECT, region="Eastern"))
    assert burn_down.title(in_eastern) == "Awards of CareerConneCT in Eastern: $600,000 left on November 13, 2026"


def test_the_line_and_the_sentence_name_their_days():
    assert burn_down.line_name(of()) == "Left on November 1, 2026"
    months = Table.from_columns(
        {"Period": ["Oct 2026"], burn_down.line_name(of()): [5.0]}, {burn_down.line_name(of()): "dollars"}
    )
    headed = burn_down.chart_table(months, of())
    assert (list(headed.columns), headed.units) == (
        ["Period", "Left at the start of the month"], {"Left at the start of the month": "dollars"}
    )  # fmt: skip
    lapses = of(expend_by=date(2026, 12, 31), will_lapse=552_000.0)
    assert burn_down.words(lapses).endswith("two quarters. CareerConneCT: $600,000 left on November 13, 2026.")
    assert burn_down.words(of()) == burn_down.WORDS  # the title says it


def test_a_ledger_without_entries_is_not_zero_dollars_spent():
    def sums(**row):
        return {kind: answer(MoneyRow(key="Total", **row), unit="dollars") for kind in funding.SUMS}

    assert funding.lead(sums=sums(value=0.0, transactions=0), burn=of()) == (
        "No dollars are on record as of November 13, 2026."
    )
    assert funding.lead(sums=sums(value=0.0, transactions=2), burn=of()).startswith("$0 has been spent")
