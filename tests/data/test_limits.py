"""Limits come from the environment. A wrong setting and an exceeded limit each give a sentence."""

from __future__ import annotations

import pytest

from data.errors import UsageError
from data.limits import VARIABLES, Limits, load
from tests.data import text_tables
from tests.data.deliveries import check


def test_defaults_and_settings(monkeypatch):
    assert load() == Limits()
    monkeypatch.setenv("DASHBOARD_MOST_COLUMNS", "3,000")
    assert load() == Limits(columns=3000)


@pytest.mark.parametrize("variable", VARIABLES.values())
@pytest.mark.parametrize("text", ["many", "0", "-1", "1.5", "٣", "9" * 30])
def test_a_value_that_is_not_a_positive_integer_is_wrong_use(monkeypatch, variable, text):
    monkeypatch.setenv(variable, text)
    with pytest.raises(UsageError, match=rf"{variable} is .*\. Set it to a whole number of 1 or more"):
        load()


def test_too_many_columns_and_part_files(tmp_path, monkeypatch):
    delivery = text_tables.write(tmp_path)
    monkeypatch.setenv("DASHBOARD_MOST_COLUMNS", "22")
    assert check(delivery).faults == [
        "enrollments: enrollments.csv has 23 columns, but the limit is 22 (DASHBOARD_MOST_COLUMNS raises it)."
    ]
    monkeypatch.delenv("DASHBOARD_MOST_COLUMNS")
    monkeypatch.setenv("DASHBOARD_MOST_PART_FILES", "1")
    (delivery / "courses").mkdir()
    for name in ("a.csv", "b.csv"):
        (delivery / "courses" / name).write_text("x\n")
    assert check(delivery).faults == [
        "courses/ has 2 part files, but the limit is 1 (DASHBOARD_MOST_PART_FILES raises it)."
    ]
