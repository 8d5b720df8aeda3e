from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.text import format
from queries import Row
from tests.components.rows import measure

ANYTHING = st.one_of(
    st.none(),
    st.floats(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**17), max_value=10**17),
)
UNITS = st.sampled_from(
    ["residents", "enrollments", "share", "dollars", "dollars an hour", "days", "ratio", "points", "", "weeks"]
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1108, "1,108"),
        (0, "0"),
        (-3, "−3"),
        (12.25, "12.3"),
        (12.0, "12"),
        (1108.4, "1,108"),
        (None, "not known"),
        (float("nan"), "not known"),
    ],
)
def test_people(value, text):
    assert format.people(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.62, "62%"), (0.995, "99.5%"), (1, "100%"), (0.9996, "over 99.9%"), (0, "0%"), (0.052, "5.2%"), (0.05, "5%"),
     (0.0004, "under 0.1%"), (0.0996, "10%"), (0.125, "13%"), (0.999999, "over 99.9%"),
     (1.5, "150%"), (None, "not known")],
)  # fmt: skip
def test_share(value, text):
    assert format.share(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(12_400_000, "$12.4 million"), (999_950, "$1.0 million"), (999_949, "$999,949"), (70_000_000, "$70.0 million"),
     (8412, "$8,412"), (3.5, "$3.50"), (0, "$0"), (-2_500_000, "−$2.5 million"), (999_950_000, "$1.0 billion"),
     (Decimal("1250.50"), "$1,251"), (-0.001, "$0.00"), (1e300, "$1.00e+300"), (None, "not known")],
)  # fmt: skip
def test_dollars(value, text):
    assert format.dollars(value) == text


def test_changes_carry_their_sign_and_zero_has_none():
    assert format.change(212) == "+212"
    assert format.change(-3) == "−3"
    assert format.change(0) == "0"
    assert format.change(0.042, "share") == "+4.2 points"
    assert format.change(-0.01, "share") == "−1.0 points"
    assert format.change(1_200_000, "dollars") == "+$1.2 million"
    assert format.change(-0.00001, "share") == "0 points"


def test_dates_days_ratios_and_intervals():
    assert format.day(date(2022, 10, 7)) == "October 7, 2022"
    assert format.month(date(2022, 10, 7)) == "October 2022"
    assert format.days(1) == "1 day"
    assert format.days(41) == "41 days"
    assert format.ratio(0.8351) == "0.84"
    assert format.interval(0.58, 0.66) == "58% to 66%"
    assert format.interval(None, 0.66) == ""
    assert format.interval(-0.012, 0.04, "points") == "−1.2 to +4.0 points"
    assert [format.axis(value, "points") for value in (-0.025, 0.0, 0.05)] == ["−2.5", "0", "+5"]
    assert format.format_value(3.5, "dollars an hour") == "$3.50 an hour"


def test_a_missing_value_gives_its_reason():
    assert format.value_of(Row(key="a", value=None, note="Not supplied."), measure()) == "Not supplied"
    assert format.value_of(Row(key="a", value=None), measure()) == "not known"


@given(ANYTHING, UNITS)
def test_nothing_unreadable_is_ever_written(value, unit):
    for text in (format.format_value(value, unit), format.change(value, unit)):
        assert text
        assert "nan" not in text
        assert "None" not in text
        assert text.strip("-–— ")
        assert "inf" not in text


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_only_all_is_100_and_only_none_is_0(part, total):
    part = min(part, total)
    assert (format.share(part / total) == "100%") == (part == total)
    assert (format.share(part / total) == "0%") == (part == 0)


@given(st.floats(min_value=0, max_value=10**12))
def test_dollars_never_reach_1000_of_a_name(amount):
    text = format.dollars(amount)
    if " " in text:
        assert 1 <= float(text.split()[0].strip("$").replace(",", "")) < 1000


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (953_990, 1_104_322, "$1.0 million to $1.1 million"),
        (40_312, 1_104_322, "$40,312 to $1,104,322"),
        (9_000_000, 9_900_000, "$9.0 million to $9.9 million"),
        (204_000_000, 1_100_000_000, "$0.2 billion to $1.1 billion"),
        (1_200, 95_000, "$1,200 to $95,000"),
        (0, 1_500_000, "$0 to $1.5 million"),
    ],
)
def test_a_range_of_dollars_has_a_single_unit(low, high, text):
    assert format.dollar_range(low, high) == text
