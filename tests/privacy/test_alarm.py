"""The alarm: many pairs of filters within an hour, by a protected reader, and nothing else."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from components import page_guard
from components.page_guard import PageViewer
from data import audit_log
from queries import Scope
from queries.access.rights import viewer
from queries.privacy.alarm import QuestionSeries, alarm_limits

GOVERNOR = viewer("governor")
PAIRS = [{"region": f"R{row}", "sector": f"S{column}"} for row, column in product(range(10), range(10))]


def alarms(questions, reader=GOVERNOR, *, seconds=1.0, account="a"):
    series = QuestionSeries()
    return sum(
        series.raises_alarm(account, Scope(**filters, viewer=reader), at * seconds)
        for at, filters in enumerate(questions)
    )


def test_many_pairs_within_the_time_raise_an_alarm():
    assert alarms(PAIRS[: alarm_limits().combinations + 1]) == 1


def test_pairs_up_to_the_limit_do_not():
    assert alarms(PAIRS[: alarm_limits().combinations]) == 0


def test_the_same_pair_again_and_pairs_over_days_do_not():
    assert alarms(PAIRS[:1] * 500) == 0
    assert alarms(PAIRS, seconds=60 * alarm_limits().minutes / 20) == 0


def test_every_page_with_each_filter_by_itself_raises_none():
    each = [
        {name: f"{name} {number}"} for name in ("region", "sector", "initiative", "provider") for number in range(60)
    ]
    periods = [{"since": date(2020 + number, 7, 1), "until": date(2021 + number, 6, 30)} for number in range(7)]
    assert alarms([{}, *each, *periods] * 12) == 0


def test_a_filter_with_many_periods_counts_as_pairs():
    days = [date(2000 + number, 7, 1) for number in range(60)]
    assert alarms([{"region": "Eastern", "since": day, "until": day.replace(year=day.year + 1)} for day in days]) == 1


@pytest.mark.parametrize("reader", [viewer("officer"), viewer("analyst")])
def test_exact_readers_raise_none(reader):
    assert alarms(PAIRS, reader) == 0


def test_a_directors_questions_about_the_own_region_raise_none():
    questions = [{"region": "Eastern", "sector": f"S{number}"} for number in range(100)]
    assert alarms(questions, viewer("director", "Eastern")) == 0
    assert alarms(questions, viewer("director", "Northwest")) > 0


def test_the_audit_log_gets_a_line_without_the_filters(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path))
    monkeypatch.setattr(page_guard, "_SERIES", QuestionSeries())
    reader = PageViewer("governor@example.gov", GOVERNOR, "equity", is_demo=False)
    for filters in PAIRS[: alarm_limits().combinations + 1]:
        page_guard.note_question(reader, Scope(**filters, viewer=GOVERNOR))
    (event,) = audit_log.read()
    assert (event["event"], event["account"], event["page"]) == ("unusual", "governor@example.gov", "equity")
    assert event["why"] == "more than 40 pairs of filters within 60 minutes"
    assert not any(name in str(event) for name in ("R1", "S1"))
