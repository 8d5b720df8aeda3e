"""The file about a delivery that was not accepted, whatever it contains."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from components import cached_queries, refusals
from components.refusals import Problem, Refusal
from components.text.narratives import refused as narrative
from data import store
from queries.instances import file_state
from tests.characters import CHARACTERS

CAUSE = {
    "table": "enrollments",
    "file": "enrollments.csv",
    "rows": 3,
    "row_numbers": [3, 4, 9],
    "column": "provider",
    "value": "Provider Name",
    "problem": "The column provider is missing.",
    "how_to_fix": "Rename a column.",
    "suggestion": "“Provider Name” may be it.",
    "follows_from": "",
}
NOTE = {
    "source": "in/2026-11-20",
    "delivered_on": "2026-11-20",
    "at": "2026-11-21T08:00:00+00:00",
    "faults": ["enrollments.csv: the column provider is missing.", "More than 2% of funding would be set aside."],
    "problems": [CAUSE, {"table": "completions", "rows": 486, "problem": "No enrollment.", "follows_from": "provider"}],
    "report": {
        "is_synthetic": True,
        "notices": ["notes.txt was not read."],
        "tables": {
            "enrollments": {"read": 10, "accepted": 7, "quarantined": 2, "duplicates": 1, "skipped": 4,
                            "reasons": {"an unknown town": 2}, "notices": ["an extra column"]},
            "openings": {"read": 0, "supplied": False},
        },
    },
}  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(CHARACTERS, max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(CHARACTERS, max_size=9), inner, max_size=4),
    max_leaves=12,
)
PROBLEM = st.fixed_dictionaries({}, optional=dict.fromkeys(CAUSE, ANYTHING))
TABLE = st.fixed_dictionaries({}, optional=dict.fromkeys(NOTE["report"]["tables"]["enrollments"], ANYTHING))
REPORT = st.fixed_dictionaries(
    {}, optional={"tables": ANYTHING | st.dictionaries(st.text(CHARACTERS, max_size=9), TABLE), "notices": ANYTHING}
)
HOSTILE = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("source", "delivered_on", "at", "faults"), ANYTHING) | {"problems": ANYTHING | st.lists(PROBLEM | ANYTHING), "report": ANYTHING | REPORT},
)  # fmt: skip


def drawn(refusal: Refusal) -> list[object]:
    """All texts of its report."""
    shown = date(2026, 11, 13)
    return [
        narrative.title(refusal),
        narrative.words(refusal, shown),
        *narrative.problem_table(refusal.causes),
        *narrative.problem_table(refusal.consequences),
        *narrative.fault_table(refusal.faults),
        *narrative.checked_rows(refusal),
        *narrative.reason_rows(refusal),
        *narrative.notice_rows(refusal),
    ]


@given(HOSTILE)
def test_any_content_is_read_and_reported(content):
    refusal = refusals.read(content)
    assert all("nan" not in str(part).split() for part in drawn(refusal))
    assert refusal.count >= 0
    assert hash(refusal) == hash(refusals.read(content))


@given(st.text(CHARACTERS) | st.binary())
def test_any_file_is_read_as_a_refusal(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("store")
    path = folder / store.REFUSED
    path.write_bytes(content if isinstance(content, bytes) else content.encode(errors="surrogatepass"))
    refusal = cached_queries._parse_refusal(file_state(path))
    assert isinstance(refusal, Refusal)
    assert drawn(refusal)


def test_problems_are_listed_by_cause():
    refusal = refusals.read(NOTE)
    assert narrative.title(refusal) == "The November 20, 2026 delivery was not accepted"
    assert narrative.words(refusal, date(2026, 11, 13)) == (
        "“2026-11-20” was tried on November 21, 2026. It was not accepted because of 2 problems. "
        "The numbers on screen were delivered on November 13, 2026."
    )
    (cause,) = narrative.problem_table(refusal.causes)
    assert cause == {
        "Problem": "The column provider is missing.", "Where": "Enrollments, provider", "Rows": 3,
        "Row numbers": "3 to 4, 9", "Example": "Provider Name", "How to fix": "Rename a column.",
        "Suggestion": "“Provider Name” may be it.",
    }  # fmt: skip
    (follows,) = narrative.problem_table(refusal.consequences)
    assert follows == {"Problem": "No enrollment.", "Where": "Completions", "Rows": 486, "Cause": "provider"}
    (counts,) = narrative.checked_rows(refusal)
    assert counts["read"] == counts["accepted"] + counts["quarantined"] + counts["duplicates"]
    assert counts["skipped"] == 4
    assert narrative.reason_rows(refusal) == [{"table_name": "enrollments", "reason": "an unknown town", "rows": 2}]
    assert [row["notice"] for row in narrative.notice_rows(refusal)] == ["notes.txt was not read.", "an extra column"]


def test_without_problems_the_faults_are_counted():
    refusal = refusals.read({"faults": ["a.", "b."], "problems": None, "report": []})
    assert refusal.count == 2
    assert narrative.fault_table(refusal.faults) == [{"Reason": "a."}, {"Reason": "b."}]
    assert not refusal.tables


def test_what_could_name_a_person_is_masked_again():
    number = "123-45-6789"
    refusal = refusals.read(
        {"faults": [f"row 3: {number}"], "problems": [{"value": number, "problem": f"ann@example.org {number}"}]}
    )
    assert number not in repr(refusal)
    assert "ann@" not in repr(refusal)
    assert refusal.problems[0].value.endswith("89")


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(0, 100))
def test_row_numbers_are_ranges_and_none_is_lost(numbers, of):
    text = narrative.row_numbers(numbers, of=of)
    listed, _, more = text.partition(", and ")
    ends = [[int(end) for end in part.split(" to ")] for part in listed.split(", ") if part]
    shown = [number for run in ends for number in range(run[0], run[-1] + 1)]
    assert shown == sorted(set(numbers))[: len(shown)]
    assert all(left[-1] + 1 < right[0] for left, right in pairwise(ends))
    assert len(shown) + int(more.split(" ")[0] or 0 if more else 0) == (max(of, len(set(numbers))) if numbers else 0)


def test_the_file_is_shown_unless_it_has_the_name_of_the_table():
    part = Problem(table="enrollments", column="town", file="enrollments/part-2.csv")
    assert narrative.where(part) == "Enrollments, town, enrollments/part-2.csv"
    assert narrative.where(Problem(table="enrollments", file="Enrollments.csv.gz")) == "Enrollments"
    assert narrative.where(Problem(file="November.xlsx")) == "November.xlsx"
    assert narrative.where(Problem()) == ""


def test_a_problem_without_a_word_says_so():
    (row,) = narrative.problem_table([Problem()])
    assert row == {"Problem": "No sentence was recorded."}


def test_the_file_is_read_again_when_it_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path))
    assert cached_queries.refusal() is None
    path = tmp_path / store.REFUSED
    path.write_text(json.dumps({"faults": ["a."]}))
    first = cached_queries.refusal()
    assert first is cached_queries.refusal()
    assert first.faults == ("a.",)
    path.write_text(json.dumps({"faults": ["a.", "b."]}))
    second = cached_queries.refusal()
    assert second.faults == ("a.", "b.")
    assert second != first, "a page drawn for the first is not shown for the second"
