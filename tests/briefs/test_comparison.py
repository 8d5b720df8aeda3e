"""Documents compare as their reader chose on the page or the command line, and say with what."""

from __future__ import annotations

from datetime import date

import pytest

from briefs.__main__ import main
from briefs.catalog import MadeFile, make
from briefs.model import BriefError
from queries import Question, Scope, ask
from tests.briefs.conftest import viewer
from tests.briefs.office_files import alternatives, deck_of, workbook_of
from tests.briefs.pdf_text import words

NORTHWEST = Scope(viewer=viewer("officer"), region="Northwest")
pytestmark = pytest.mark.usefixtures("demo")


def text_of(made: MadeFile) -> str:
    """Return the text of a document of any kind."""
    if made.name.endswith(".pdf"):
        return words(made.content)
    if made.name.endswith(".pptx"):
        return " ".join(text for _, _, text in alternatives(deck_of(made.content)))
    return " ".join(str(cell.value) for sheet in workbook_of(made.content) for row in sheet for cell in row)


@pytest.mark.parametrize(
    ("name", "chosen", "noun", "region"),
    [
        ("packet", "state", "the state", None),
        ("slides", "EASTERN", "Eastern", "Eastern"),
        ("workbook", "state", "the state", None),
    ],
)
def test_a_document_about_a_region_compares_as_its_reader_chose(name, chosen, noun, region):
    made = make(name, NORTHWEST, compared_with=chosen)
    other = ask(Question("completion_rate"), NORTHWEST.but(region=region)).total
    assert f"{other.value:.0%} ({other.low:.0%} to {other.high:.0%}) in {noun}" in text_of(made)
    assert f"ompared with {noun}" in text_of(made)
    assert f"_compare-{noun.removeprefix('the ').lower()}_" in made.name


def test_the_friday_brief_compares_its_recent_numbers():
    made = make("friday", NORTHWEST, compared_with="state")
    other = ask(Question("residents_new"), NORTHWEST.but(region=None, since=date(2026, 7, 1))).total
    assert f"{other.value:,.0f} in the state" in text_of(made) and "compared with the state" in text_of(made)


def test_without_a_choice_none_is_stated_next_to_the_filters():
    made = make("friday", NORTHWEST)
    assert "compared with" not in text_of(made) and "compare" not in made.name


def test_the_default_replaces_a_comparison_that_does_not_fit():
    made = make("friday", NORTHWEST.but(region=None), compared_with="state")
    assert "compared with the same days a year earlier" in text_of(made)


@pytest.mark.parametrize(
    ("name", "chosen", "sentence"),
    [("friday", "moon", "cannot be compared with “moon”"), ("treasury", "state", "“treasury” compares with nothing")],
)
def test_what_cannot_be_compared_ends_with_a_sentence(name, chosen, sentence):
    with pytest.raises(BriefError, match=sentence):
        make(name, NORTHWEST, compared_with=chosen)


def test_the_command_line_takes_a_comparison(tmp_path):
    assert main(["make", "friday", "--region", "Northwest", "--compare", "before", "-o", str(tmp_path)]) == 0
    (path,) = tmp_path.iterdir()
    assert "_compare-136-days-before_" in path.name
