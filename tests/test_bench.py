"""What is pure in the bench: figures, verdicts, the table, and telling a wrong number from a right one."""

from __future__ import annotations

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import figures, report
from benchmarks.reader import Run
from benchmarks.sessions import wrong


def test_percentiles_lie_on_straight_lines_between_neighbors():
    assert figures.percentile([40, 10, 30, 20], 50) == 25
    assert figures.percentile([7], 95) == 7
    assert figures.percentile(range(101), 95) == 95
    assert figures.percentile([0, 100], 95) == pytest.approx(95)
    with pytest.raises(ValueError):
        figures.percentile([], 50)


def test_a_ratio_to_nothing_is_none():
    assert figures.ratio(3, 2) == 1.5 and figures.ratio(3, 0) is None
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
    for place, text in enumerate(words):
        message = ForwardMsg()
        message.delta.new_element.markdown.body = text
        message.hash = f"of {text}"
        run.elements[(0, place)] = message
    last = ForwardMsg()
    last.delta.new_element.download_button.deferred_file_id = button
    last.hash = f"of button {button}"
    run.elements[(1, 0)] = last
    return run


def test_a_wrong_figure_is_found_and_a_button_of_another_number_is_not_one():
    right = a_run("1,598 residents", "2% more", button="a")
    assert wrong(a_run("1,598 residents", "2% more", button="b"), right) == ""
    assert "1,599" in wrong(a_run("1,599 residents", "2% more"), right)
    assert wrong(a_run("1,598 residents"), right)


def a_page(times: float) -> dict:
    both = {"median": times, "p95": times}
    each = dict.fromkeys(report.KINDS, both)
    return {"ratio": each, "server": each, "times": dict.fromkeys(report.KINDS, [times] * 20), **each}


def test_targets_are_held_against_the_slowest_page_and_against_growth():
    sizes = [
        {"residents": 12_000, "pages": {"headlines": a_page(1.0), "jobs": a_page(1.8)}},
        {"residents": 10_000_000, "pages": {"headlines": a_page(1.0), "jobs": a_page(2.7)}},
    ]
    told = report.targets({"sizes": sizes, "sessions": []})
    slow = [one for one in told if one["verdict"] != "met"]
    assert {one["what"].split(",")[0] for one in slow} == {"slowest page (jobs)", "10"}
    grown = [one["value"] for one in told if "over 12,000 residents" in one["what"]]
    assert grown == [1.5, 1.5] * len(report.KINDS), "all pages together, and the page that grew most"


def test_only_a_wrong_number_or_an_error_fails():
    crowd = {"errors": [], "wrong": []}
    found = {"sizes": [{"residents": 1, "incidents": 0}], "sessions": [crowd], "errors": []}
    assert not report.is_wrong(found)
    assert report.is_wrong(found | {"sessions": [crowd | {"wrong": ["/: 1 where 2 is right"]}]})
    assert report.is_wrong(found | {"sizes": [{"residents": 1, "incidents": 1}]})
    assert report.is_wrong(found | {"errors": ["12,000 residents: it broke"]})
