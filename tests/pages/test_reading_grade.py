"""Sentences on the pages for the Governor's office and the boards read at grade 9 or below, by Flesch and Kincaid."""

from __future__ import annotations

import re

import pytest
import textstat

from tests.pages.page_text import read_page

HIGHEST_GRADE = 9
SENTENCES = ("lead", "title", "words", "note", "context", "quote")
VIEWS = [
    ("dashboard.py", {}),
    ("dashboard.py", {"as": "governor"}),
    ("dashboard.py", {"region": "Eastern", "sector": "Healthcare"}),
    ("pages/my_region.py", {"region": "Northwest"}),
    ("pages/my_region.py", {"region": "North Central", "group": "woman", "as": "governor"}),
    ("pages/money.py", {}),
    ("pages/money.py", {"initiative": "SkillUp CT", "region": "Eastern"}),
]


def grade(texts: list[str]) -> float:
    """Return the school grade that the texts need; a number with its sign counts as a short word."""
    plain = (re.sub(r"[−+$]?\d[\d,.]*%?", "ten", text.rstrip(".") + ".") for text in texts)
    return textstat.flesch_kincaid_grade(" ".join(plain))


@pytest.mark.parametrize(("script", "address"), VIEWS)
def test_a_page_reads_at_grade_nine(script, address, demo_store, use_store):
    use_store(demo_store)
    texts = read_page(script, address).of(*SENTENCES)
    assert len(texts) > 5
    assert grade(texts) <= HIGHEST_GRADE


def test_words_of_a_statute_are_above_it():
    assert (
        grade(["Expenditures attributable to administrative obligations necessitate documentation of eligibility."])
        > 15
    )
