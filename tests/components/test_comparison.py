"""What a page is compared with: equally many days, whole periods for protected readers, places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from components import periods
from components.choices import Choices
from components.comparison import Comparison, compare_with, is_first_year, options
from components.text.narratives import news
from queries import Scope
from queries.access import rights
from tests.components.rows import answer, counts
from tests.components.test_tables_and_words import compared

AS_OF, EARLIEST = date(2026, 11, 13), date(2022, 8, 1)
YEAR = {"since": date(2026, 7, 1), "until": date(2027, 6, 30)}
QUARTER = {"since": date(2026, 7, 1), "until": date(2026, 9, 30)}
THIS_QUARTER = {"since": date(2026, 10, 1), "until": date(2026, 12, 31)}
GOVERNOR = rights.viewer("governor")


def changes(value: str | None, **scope: object) -> dict[str, object] | None:
    comparison = compare_with(value, Scope(**scope), as_of=AS_OF, earliest=EARLIEST)
    return dict(comparison.changes) if comparison else None


@pytest.mark.parametrize(
    ("value", "scope", "since", "until"),
    [
        (None, YEAR, date(2025, 7, 1), date(2025, 11, 13)),
        ("before", YEAR, date(2026, 2, 15), date(2026, 6, 30)),
        ("before", {"since": date(2025, 7, 1), "until": date(2026, 6, 30)}, date(2024, 7, 1), date(2025, 6, 30)),
        (None, QUARTER, date(2025, 7, 1), date(2025, 9, 30)),
        ("before", QUARTER, date(2026, 4, 1), date(2026, 6, 30)),
        (None, THIS_QUARTER, date(2025, 10, 1), date(2025, 11, 13)),
        ("before", THIS_QUARTER, date(2026, 7, 1), date(2026, 8, 13)),
        (None, {"since": date(2024, 2, 29), "until": date(2024, 3, 9)}, date(2023, 2, 28), date(2023, 3, 9)),
        ("before", {"since": date(2026, 1, 11), "until": date(2026, 1, 20)}, date(2026, 1, 1), date(2026, 1, 10)),
    ],
)
def test_equally_many_days_are_compared(value, scope, since, until):
    assert changes(value, **scope) == {"since": since, "until": until}


@pytest.mark.parametrize(
    ("value", "scope", "words"),
    [
        (None, {"since": AS_OF, "until": AS_OF}, "on the same day a year earlier"),
        ("before", {"since": AS_OF, "until": AS_OF}, "on the day before"),
        ("before", {"since": AS_OF - timedelta(days=1), "until": AS_OF}, "in the 2 days before"),
    ],
)
def test_a_single_day_is_compared_with_a_day(value, scope, words):
    assert compare_with(value, Scope(**scope), as_of=AS_OF, earliest=EARLIEST).words == words
    first = compare_with("before", Scope(**THIS_QUARTER), as_of=THIS_QUARTER["since"], earliest=EARLIEST)
    assert first.words == "on the first day of the quarter before"


def test_totals_are_compared_with_an_earlier_day_and_places_with_a_place():
    assert changes(None) == {"as_of": date(2025, 11, 13)}
    assert changes("before") == {"as_of": date(2026, 8, 15)}
    assert changes("state", region="Eastern") == {"region": None}
    assert changes("Northwest", region="Eastern") == {"region": "Northwest"}
    assert changes("state") is None and changes("Eastern") is None and changes("Eastern", region="Eastern") is None


def test_nothing_is_compared_with_days_before_the_first_event_or_after_the_last():
    assert changes(None, since=date(2022, 9, 1), until=date(2022, 12, 31)) is None
    assert changes(None, since=date(2027, 1, 1), until=None) is None


def test_a_program_is_compared_from_its_second_year_on():
    first_year = Scope(since=date(2022, 7, 1), until=date(2023, 6, 30))
    assert compare_with(None, first_year, as_of=AS_OF, earliest=EARLIEST) is None
    assert is_first_year(first_year, as_of=AS_OF, earliest=EARLIEST)
    second_year = Scope(since=date(2023, 7, 1), until=date(2024, 6, 30))  # it began one month into the first
    assert compare_with(None, second_year, as_of=AS_OF, earliest=EARLIEST)
    assert not is_first_year(second_year, as_of=AS_OF, earliest=EARLIEST)
    quarter = Scope(since=date(2022, 10, 1), until=date(2022, 12, 31))
    assert compare_with("before", quarter, as_of=AS_OF, earliest=EARLIEST) is None
    assert is_first_year(Scope(), as_of=date(2023, 6, 1), earliest=EARLIEST)
    before = Scope(since=date(2021, 7, 1), until=date(2022, 6, 30))
    assert not is_first_year(before, as_of=AS_OF, earliest=EARLIEST), "nothing had begun"
    protected = Scope(viewer=GOVERNOR)
    assert not is_first_year(protected, as_of=date(2023, 6, 1), earliest=EARLIEST), "not compared for another reason"


def test_the_first_day_is_that_of_the_initiative():
    choices = Choices(began={"CareerConneCT": EARLIEST, "SkillUp CT": date(2020, 5, 1)}, earliest=date(2020, 5, 1))
    assert choices.first_day("CareerConneCT") == choices.began_on("CareerConneCT") == EARLIEST
    assert choices.first_day(None) == choices.began_on(None) == choices.first_day("Another") == date(2020, 5, 1)
    assert choices.began_on("Another") is None and Choices().began_on(None) is None


def test_protected_readers_compare_closed_periods_only():
    assert changes(None, viewer=GOVERNOR, **QUARTER) == {"since": date(2025, 7, 1), "until": date(2025, 9, 30)}
    assert changes(None, viewer=GOVERNOR, **YEAR) is None
    assert changes(None, viewer=GOVERNOR) is None
    assert changes("before", viewer=GOVERNOR, since=date(2026, 1, 11), until=date(2026, 1, 20)) is None


def test_options_do_not_repeat_a_comparison():
    closed_year = Scope(since=date(2025, 7, 1), until=date(2026, 6, 30), region="Eastern")
    offered = options(closed_year, as_of=AS_OF, earliest=EARLIEST, regions=["Eastern", "Northwest"])
    assert offered == {
        "year": "Fiscal year before (Jul 1, 2024–Jun 30, 2025)", "state": "State", "Northwest": "Northwest",
    }  # fmt: skip


def test_a_comparison_says_what_it_is_and_its_days_in_the_sidebar():
    closed_quarter = Scope(since=date(2026, 7, 1), until=date(2026, 9, 30))
    offered = options(closed_quarter, as_of=AS_OF, earliest=EARLIEST, regions=[])
    assert offered["year"] == "Same quarter, year before (Jul–Sep 2025)"
    open_quarter = Scope(since=date(2026, 10, 1), until=date(2026, 12, 31))
    offered = options(open_quarter, as_of=AS_OF, earliest=EARLIEST, regions=[])
    assert offered == {
        "year": "Same days, year before (Oct 1–Nov 13, 2025)",
        "before": "Quarter before, first 44 days (Jul 1–Aug 13, 2026)",
    }
    offered = options(Scope(**YEAR), as_of=AS_OF, earliest=EARLIEST, regions=[])
    assert offered == {
        "year": "Same days, year before (Jul 1–Nov 13, 2025)",
        "before": "136 days before (Feb 15–Jun 30, 2026)",
    }
    offered = options(Scope(), as_of=AS_OF, earliest=EARLIEST, regions=[])
    assert offered == {"year": "A year earlier (Nov 13, 2025)", "before": "90 days earlier (Aug 15, 2026)"}


def test_the_news_is_of_the_fiscal_year_so_far_and_while_that_is_short_of_the_last_quarter():
    assert periods.recent(AS_OF, closed_only=False)[2:] == (date(2026, 7, 1), date(2027, 6, 30))
    assert periods.recent(date(2026, 7, 14), closed_only=False)[2:] == (date(2026, 4, 1), date(2026, 6, 30))
    assert periods.recent(AS_OF, closed_only=True)[2:] == (date(2026, 7, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("now", "other", "text"),
    [
        (216, 598, "That is 64% fewer than the 598 in the same days a year earlier."),
        (15, 12, "That is 3 more than the 12 in the same days a year earlier."),
        (4000, 30, "That is 3,970 more than the 30 in the same days a year earlier."),
        (30, 30, "That is the same as in the same days a year earlier."),
        (30, 0, "There were none in the same days a year earlier."),
        (0, 2, "There were 2 in the same days a year earlier."),
        (0, 1, "There was 1 in the same days a year earlier."),
        (None, 30, ""),
        (30, None, ""),
    ],
)
def test_the_news_says_how_many_more_or_fewer(now, other, text):
    assert news.against(counts(Total=now), compared(counts(Total=other))) == text


def test_a_quarter_and_a_year_have_their_names():
    assert periods.in_words(date(2026, 7, 1), date(2026, 9, 30), AS_OF) == "in Jul–Sep 2026"
    assert periods.in_words(date(2025, 7, 1), date(2026, 6, 30), AS_OF) == "in fiscal year 2026"
    assert periods.in_words(date(2026, 7, 1), date(2027, 6, 30), AS_OF) == "since July 1, 2026"
    assert news.overdue(answer(status="not_supplied")) == ""


@pytest.mark.parametrize(
    ("until", "is_place", "says"),
    [
        (date(2027, 6, 30), False, True),
        (date(2026, 9, 30), False, True),
        (date(2026, 6, 30), False, False),
        (None, True, False),
    ],
)
def test_recent_news_says_that_late_records_can_raise_it(until, is_place, says):
    other = replace(compared(counts(Total=598)), comparison=Comparison(changes={}, words="then", is_place=is_place))
    flow = replace(counts(Total=216), as_of=AS_OF, scope=Scope(since=date(2026, 4, 1), until=until))
    assert (news.LATE in news.enrolled(flow, other)) == says


def test_the_last_day_of_february_is_not_called_the_same_day_of_a_year_without_it():
    leap_day = {"since": date(2024, 2, 29), "until": date(2024, 2, 29)}
    comparison = compare_with(None, Scope(**leap_day), as_of=AS_OF, earliest=EARLIEST)
    assert comparison.changes == {"since": date(2023, 2, 28), "until": date(2023, 2, 28)}
    assert (comparison.words, comparison.label) == ("on February 28, 2023", "A year earlier (Feb 28, 2023)")
    assert comparison.stated == "compared with February 28, 2023"
