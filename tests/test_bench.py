"""Test the benchmark's figures, verdicts and table, and how it detects wrong numbers."""

from __future__ import annotations

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import figures, report
from benchmarks.reader import Run
from benchmarks.sessions import difference


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
    of, to = {"median": 3.0, "p95": 10.0}, {"median": 2.0, "p95": 4.0}
    assert figures.ratios(of, to) == {"median": 1.5, "p95": 2.5}


def test_a_verdict_says_by_how_much():
    assert figures.verdict(1.5, 1.5) == "met"
    assert figures.verdict(3.0, 1.5) == "not met: 2.0 times the target"
    assert figures.verdict(2, 0) == "not met"
    assert figures.verdict(None, 1.5) == "not measured"


def test_a_table_puts_numbers_to_the_right():
    shown = figures.table(["page", "ms"], [["headlines", 1234.5], ["jobs", None]])
    assert shown.splitlines() == ["page          ms", "headlines  1,234", "jobs           –"]


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


def a_page(times: float) -> dict:
    both = {"median": times, "p95": times}
    each = dict.fromkeys(report.CLICK_KINDS, both)
    return {"ratio": each, "server": each, "times": dict.fromkeys(report.CLICK_KINDS, [times] * 20), **each}


def test_targets_are_compared_with_the_slowest_page_and_with_growth():
    sizes = [
        {"residents": 12_000, "pages": {"headlines": a_page(1.0), "jobs": a_page(1.8)}},
        {"residents": 10_000_000, "pages": {"headlines": a_page(1.0), "jobs": a_page(2.7)}},
    ]
    targets = report.targets({"sizes": sizes, "sessions": []})
    slow = [line for line in targets if line["verdict"] != "met"]
    assert {line["what"].split(",")[0] for line in slow} == {"slowest page (jobs)", "10"}
    grown = [line["value"] for line in targets if "over 12,000 residents" in line["what"]]
    assert grown == [1.5, 1.5] * len(report.CLICK_KINDS), "all pages together, and the page that grew most"


def test_only_a_wrong_number_or_an_error_fails():
    crowd = {"errors": [], "wrong": []}
    results = {"sizes": [{"residents": 1, "incidents": 0}], "sessions": [crowd], "errors": []}
    assert not report.has_errors(results)
    assert report.has_errors(results | {"sessions": [crowd | {"wrong": ["/: 1 where 2 is right"]}]})
    assert report.has_errors(results | {"sizes": [{"residents": 1, "incidents": 1}]})
    assert report.has_errors(results | {"errors": ["12,000 residents: it broke"]})
