"""The text alternative of a chart says its values."""

from __future__ import annotations

from components.charts.text_alternative import text_alternative
from components.data_table import Table


def test_a_short_chart_says_every_value():
    table = Table.from_columns(
        {"Region": ["Eastern", "Northwest"], "Residents enrolled": [1598, "hidden for privacy"], "Out of": [4, 5]},
        {"Residents enrolled": "residents"},
    )
    assert text_alternative(table) == "Chart of Residents enrolled. Eastern: 1,598; Northwest: hidden for privacy."


def test_a_chart_without_values_says_so():
    assert text_alternative(Table.from_columns({"Region": [], "Ratio": []})) == "Chart of Ratio, without values."
    assert text_alternative(Table.from_columns({"Step": ["Applied"], "Group": [3], "Others": [None]}, missing="")) == (
        "Chart of Group, Others. Applied: Group 3."
    )


def test_a_long_chart_says_the_first_values_and_the_last():
    table = Table.from_columns(
        {"Month": [f"M{i}" for i in range(20)], "Share": [i / 20 for i in range(20)]}, {"Share": "share"}
    )
    text = text_alternative(table)
    assert text.startswith("Chart of Share. M0: 0%; M1: 5%; M2: 10%; M3: 15%; 15 more in the data; last, M19: 95%")


def test_a_funnel_says_the_rate_its_exits_and_what_was_expected():
    columns = {
        "Provider": ["A"],
        "Rate": [0.77],
        "With the outcome": [77],
        "Exits": [100],
        "Expected": [0.76],
        "Finding": ["As expected"],
    }
    table = Table.from_columns(
        columns, {"Rate": "share", "With the outcome": "exits", "Exits": "exits", "Expected": "share"}
    )
    assert text_alternative(table) == "Chart of Rate, Exits, Expected. A: Rate 77%, Exits 100, Expected 76%."


def test_several_values_of_a_row_have_their_columns_names():
    table = Table.from_columns(
        {"Step": ["Applied"], "Group": [3], "Others": [4]}, {"Group": "residents", "Others": "residents"}
    )
    assert text_alternative(table) == "Chart of Group, Others. Applied: Group 3, Others 4."
