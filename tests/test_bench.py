"""Test the benchmark's figures, verdicts and table, and how it detects wrong numbers."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import figures, report
from benchmarks.addresses import Known, new_addresses, numbered_pages
from benchmarks.figures import Spread, Target
from benchmarks.reader import Run
from benchmarks.results import NEW_QUESTIONS, Clicks, Crowd, Kind, PageClicks, Results, Size
from benchmarks.sessions import difference

FILTERS = ("Initiative", "Region", "Sector")


def test_percentiles_lie_on_straight_lines_between_neighbors():
    assert figures.percentile([40, 10, 30, 20], 50) == 25
    assert figures.percentile([7], 95) == 7
    assert figures.percentile(range(101), 95) == 95
    assert figures.percentile([0, 100], 95) == pytest.approx(95)
    with pytest.raises(ValueError, match="percentile"):
        figures.percentile([], 50)


def test_a_ratio_to_nothing_is_none():
    assert figures.ratio(3, 2) == 1.5
    assert figures.ratio(3, 0) is None


@pytest.mark.parametrize(
    ("value", "most", "verdict"),
    [(1.5, 1.5, "met"), (3.0, 1.5, "not met: 2.0 times the target"), (2, 0, "not met"), (None, 1.5, "not measured")],
)
def test_a_verdict_says_by_how_much(value, most, verdict):
    assert Target("a click", value, most).verdict == verdict


def test_a_table_puts_numbers_to_the_right():
    shown = figures.table(["page", "ms"], [["overview", 1234.5], ["job_openings", None]])
    assert shown.splitlines() == ["page             ms", "overview      1,234", "job_openings      –"]


def a_run(*words: str, button: str = "") -> Run:
    run = Run()
    for position, text in enumerate(words):
        message = ForwardMsg()
        message.delta.new_element.markdown.body = text
        message.hash = f"of {text}"
        run.elements[(0, position)] = message
    last = ForwardMsg()
    last.delta.new_element.download_button.deferred_file_id = button
    last.hash = f"of button {button}"
    run.elements[(1, 0)] = last
    return run


def test_a_wrong_figure_is_reported_and_another_button_id_is_not():
    right = a_run("1,598 residents", "2% more", button="a")
    assert difference(a_run("1,598 residents", "2% more", button="b"), right) == ""
    assert "1,599" in difference(a_run("1,599 residents", "2% more"), right)
    assert difference(a_run("1,598 residents"), right)


def a_page(times: float, *, server: float = 20.0) -> PageClicks:
    clicks = Clicks(
        painted=Spread(times, times, 10),
        scrolled=Spread(times, times, 10),
        floor=Spread(50.0, 50.0, 10),
        server=Spread(server, server, 10),
        times=[times] * 10,
    )
    return PageClicks(clicked="Region", kilobytes=20.0, kinds=dict.fromkeys(Kind, clicks))


def a_crowd(**changes) -> Crowd:
    memory = dict.fromkeys(("memory_before_mb", "memory_open_mb", "memory_clicked_mb", "memory_after_mb"), 250.0)
    fields = {
        "sessions": 100,
        "seconds": 1,
        "ms": Spread(10, 20, 50),
        "ratio_to_single": 1.1,
        "errors": [],
        "wrong": [],
    }
    return Crowd(**{**fields, "readers_cpu": 0.5, **memory, **changes})


def results_of(*sizes: Size, errors: tuple[str, ...] = ()) -> Results:
    return Results(at="", cores=2, system="", python="", streamlit="", sizes=list(sizes), errors=list(errors))


def test_targets_are_compared_with_the_medians_of_headlines_and_of_the_slowest_page():
    size = Size(residents=12_000, pages={"overview": a_page(70.0), "job_openings": a_page(110.0, server=61.0)})
    missed = {target.what: target.value for target in report.targets(results_of(size)) if target.verdict != "met"}
    new_addresses = [f"slowest page (job_openings; 1 of 2 over), {kind}, 12,000 residents" for kind in NEW_QUESTIONS]
    assert missed == {
        "Overview, kept in this browser, 12,000 residents": 1.4,
        "slowest page (job_openings; 1 of 2 over), kept in this browser, 12,000 residents": 2.2,
        "slowest page (job_openings; 1 of 2 over), kept by the server, new browser, 12,000 residents": 2.2,
        **dict.fromkeys(new_addresses, 2.2),
        "server's share, never asked (job_openings), median, 12,000 residents": 61.0,
    }


def test_larger_deliveries_have_other_targets():
    large = Size(residents=10_000_000, pages={"job_openings": a_page(110.0, server=61.0)})
    missed = {target.what for target in report.targets(results_of(large)) if target.verdict != "met"}
    assert missed == {
        f"slowest page (job_openings; 1 of 1 over), {kind}, 10,000,000 residents" for kind in list(Kind)[:2]
    }


def test_a_crowd_has_targets_for_speed_errors_and_memory():
    size = Size(residents=12_000, crowds=[a_crowd(memory_after_mb=301.0, wrong=["/: 1 where 2 is right"])])
    missed = [target.what for target in report.targets(results_of(size)) if target.verdict != "met"]
    assert missed == [f"100 sessions, {what}, 12,000 residents" for what in ("wrong numbers", "the process")]


def test_the_report_shows_every_page_and_kind():
    results = results_of(Size(residents=12_000, pages={"overview": a_page(70.0)}, crowds=[a_crowd()]))
    results.targets = report.targets(results)
    shown = report.text(results)
    assert all(f"{kind} " in shown for kind in Kind)
    assert "overview" in shown


def test_only_a_wrong_number_or_an_error_fails():
    assert not results_of(Size(residents=1, pages={"job_openings": a_page(5000.0)}, crowds=[a_crowd()])).has_errors
    assert results_of(Size(residents=1, crowds=[a_crowd(wrong=["/: 1 where 2 is right"])])).has_errors
    assert results_of(Size(residents=1, incidents=1)).has_errors
    assert results_of(errors=("12,000 residents: it broke",)).has_errors


def test_no_two_pages_are_clicked_under_the_same_filters():
    choices = Known(
        regions=("Eastern",),
        sectors=tuple("abcdefgh"),
        initiatives=("x", "y", "z"),
        latest=date(2026, 11, 13),
    )
    filtered = [
        number
        for number, page in enumerate(numbered_pages())
        if page.id not in ("online_courses", "job_openings", "activity", "definitions")
    ]
    queries = [
        query
        for kind in NEW_QUESTIONS
        for number in filtered
        for query in new_addresses(kind, number, FILTERS, choices)
    ]
    assert len(queries) == len(set(queries)) == 2 * len(NEW_QUESTIONS) * len(filtered)
    dates = [value for query in queries for name, value in parse_qsl(query[1:]) if name == "as_of"]
    assert len(dates) == len(set(dates))
    assert max(dates) < choices.latest.isoformat()


def test_a_page_without_a_filter_is_clicked_under_a_period():
    choices = Known(regions=("Eastern",), sectors=("a",), initiatives=("x",), latest=date(2026, 11, 13))
    assert list(new_addresses(Kind.THREE_FILTERS, 1, ("Region", "Sector"), choices)) == [
        "?sector=a&from=2026-03-01",
        "?sector=a&from=2026-02-01",
    ]
