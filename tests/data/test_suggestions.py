"""Suggestions for headers and values, and other formats of dates and amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import contract, readings, suggestions
from data.duckdb_sql import Sql, fetch_row
from tests.characters import CHARACTERS

ENROLLMENTS = contract.tables()["enrollments"]


@pytest.mark.parametrize(("header", "column"), [
    ("Provider Name", "provider"), ("Training Provider", "provider"), ("Client ID", "participant_id"), ("child care", "child_care"),
    ("Application Date", "applied_on"), ("Vetran", "veteran"), ("applied on", "applied_on"), ("shoe size", None), ("", None),
])  # fmt: skip
def test_a_header_that_means_a_column(header, column):
    assert suggestions.columns([header], ENROLLMENTS) == ({header: column} if column else {})


def test_an_existing_column_is_not_suggested():
    assert suggestions.columns(["provider", "Provider Name"], ENROLLMENTS) == {}
    assert suggestions.columns(["Provider Name", "Training provider"], ENROLLMENTS) == {"Provider Name": "provider"}


def test_values_that_mean_another():
    outcomes = contract.CLOSED["outcome"]
    assert suggestions.value("Dropped", "outcome", outcomes) == "withdrew"
    assert suggestions.value(" GRADUATED ", "outcome", outcomes) == "completed"
    assert suggestions.value("complted", "outcome", outcomes) == "completed"
    assert suggestions.value("pending", "outcome", outcomes) is None
    assert suggestions.value("Hartfrod", "town", ["Hartford", "New Haven"]) == "Hartford"


def test_every_synonym_is_of_something_that_exists():
    columns = {column.name for table in contract.tables().values() for column in table.columns}
    words = suggestions._synonyms()
    assert set(words["columns"].values()) <= columns
    for name, meanings in words.items():
        assert name == "columns" or set(meanings.values()) == set(contract.CLOSED[name])


ENGINE = duckdb.connect()


def evaluate(expression: Sql) -> str | None:
    return fetch_row(ENGINE, "select {expression}", expression=expression)[0]


def text(value: str) -> Sql:
    return Sql("'" + value.replace("'", "''") + "'")


@given(
    st.dates(date(1990, 1, 1), date(2068, 12, 31)), st.sampled_from(["%m/%d/%Y", "%m-%d-%Y", "%B %d, %Y", "%m/%d/%y"])
)
def test_dates_with_the_month_first(day, form):
    assert evaluate(readings.read_date(text(day.strftime(form)), "month first")) == day.isoformat()


@given(
    st.dates(date(1990, 1, 1), date(2068, 12, 31)), st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%b-%Y", "%d/%m/%y"])
)
def test_dates_with_the_day_first(day, form):
    assert evaluate(readings.read_date(text(day.strftime(form)), "day first")) == day.isoformat()


@given(st.decimals(Decimal("-99999999.99"), Decimal("99999999.99"), places=2), st.sampled_from(range(4)))
def test_amounts_of_dollars(amount, form):
    size = f"{abs(amount):,.2f}"
    minus = amount < 0
    written = [
        f"({'$'}{size})" if minus else f"${size}", f"-${size}" if minus else f"$ {size}", f"$-{size}" if minus else size,
        f"{'-' * minus}{abs(amount):.2f} USD",
    ][form]  # fmt: skip
    assert Decimal(evaluate(readings.read_money(text(written), "dollars")) or "") == amount


@given(st.text(CHARACTERS, max_size=12))
def test_other_text_is_unchanged(given_text):
    given_text = given_text.replace("\0", "")
    for expression in (readings.read_date(text(given_text), "iso"), readings.read_money(text(given_text), "plain"),
                       readings.read_values(text(given_text), {})):  # fmt: skip
        assert evaluate(expression) == given_text
    if not any(letter.isdigit() for letter in given_text):
        assert evaluate(readings.read_date(text(given_text), "month first")) == given_text
        assert evaluate(readings.read_money(text(given_text), "dollars")) == given_text


def test_values_match_ignoring_case_and_blanks():
    values = {"Dropped  Out": "withdrew", "it's done": "completed"}
    for given_text, expected in (("DROPPED out", "withdrew"), ("It's Done ", "completed"), ("other", "other")):
        assert evaluate(readings.read_values(text(given_text), values)) == expected
