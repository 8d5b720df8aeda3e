"""The Friday brief: one page whatever is asked for, with the numbers of the answers, and nothing hidden."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from briefs.blocks import Figures, Sentences, SideBySide
from briefs.charts import BarChart, ColumnChart
from briefs.elements import figure
from briefs.friday import friday
from briefs.numbers import people_of
from briefs.pdf.render import to_pdf
from components.text import changed
from components.text.figure_words import figure_words
from components.text.format import format_value, known, tenths
from queries.models import Row, Suppression
from queries.privacy.suppression import is_hidden
from queries.scope import Scope
from queries.service import ask
from tests.briefs.conftest import numbers_behind, viewer
from tests.briefs.pdf_text import reader, without_spaces, words
from tests.components.rows import answer

ROLES = ("", "governor", "officer", "analyst", "director:Northwest", "director:Eastern")
EXACT = ("", "officer", "analyst")
FILTERS = (
    {},
    {"region": "Northwest"},
    {"region": "South Central"},
    {"initiative": "CareerConneCT"},
    {"sector": "Healthcare"},
    {"group": "disability"},
    {"region": "Eastern", "sector": "Infrastructure and construction"},
)
DATES = (
    {"as_of": date(2026, 7, 10)},
    {"as_of": date(2023, 1, 31)},
    {"since": date(2025, 7, 1), "until": date(2026, 6, 30)},
)
CASES = [
    *((role, filters) for role, filters in product(ROLES, FILTERS)),
    *((role, {**filters, **dates}) for role, filters, dates in product(EXACT, FILTERS[:3], DATES)),
]


def scope(role: str, filters: dict[str, object]) -> Scope:
    return Scope(viewer=viewer(role)).but(**filters)


@pytest.mark.usefixtures("demo")
def test_every_role_region_and_date_gets_a_single_page():
    pages = {
        (role, str(filters)): len(reader(to_pdf(friday(scope(role, filters)))).pages) for role, filters in CASES
    }  # fmt: skip
    assert len(pages) >= 60
    assert {case: count for case, count in pages.items() if count != 1} == {}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("role", "filters"),
    [
        ("", {}),
        ("officer", {"region": "Northwest", "as_of": date(2026, 7, 10)}),
        ("governor", {}),
        ("governor", {"region": "Eastern"}),
        ("director:Northwest", {"region": "Northwest"}),
    ],
)
def test_every_number_in_the_pdf_equals_the_answer_of_its_scope(role, filters):
    document = friday(scope(role, filters))
    text = without_spaces(words(to_pdf(document)))
    figures = next(block for block in document.blocks if isinstance(block, Figures))
    charts = next(block for block in document.blocks if isinstance(block, SideBySide))
    assert isinstance(charts.left, ColumnChart)
    assert isinstance(charts.right, BarChart)
    regions = [bar.number for bar in charts.right.bars]
    drawn = [
        *(item.number for item in figures.items),
        *(number for number in charts.left.series[0].numbers if number),
        *regions,
    ]
    for number in drawn:
        again = ask(number.source.question, number.source.scope)
        row = again.row(number.source.key)
        # a period in which nobody enrolled has no row
        value = 0 if row is None else row.numerator if number.source.is_numerator else row.value
        value = value if known(value) else None
        assert number.value == value
        assert without_spaces(number.text) in text
        if value is not None and number in regions:
            assert number.text == tenths(value)
        elif value is not None:
            assert format_value(value, number.unit).startswith(number.text)


@pytest.mark.usefixtures("demo")
def test_a_protected_readers_brief_holds_no_hidden_number():
    filters = {"region": "Eastern", "sector": "Infrastructure and construction"}
    document = friday(scope("governor", filters))
    hidden = [(each, row) for each in document.answers for row in each.answer.rows if is_hidden(row)]
    assert hidden
    sources = {number.source for number in numbers_behind(document)}
    for each, row in hidden:
        number = each.number(row)
        assert number.value is None
        assert not any(letter.isdigit() for letter in number.text)
        assert number.source not in sources


@pytest.mark.usefixtures("demo")
def test_it_says_its_date_filters_reader_and_that_the_data_is_made_up():
    text = words(to_pdf(friday(scope("governor", {"region": "Eastern"}))))
    for part in (
        "November 13, 2026",
        "All initiatives · Eastern",
        "Governor’s office",
        "Synthetic data",
        "Page 1 of 1",
    ):
        assert part in text


@pytest.mark.usefixtures("demo")
def test_what_is_not_since_the_previous_delivery_is_not_called_so(monkeypatch):
    def titles() -> set[str]:
        return {block.title for block in friday(Scope()).blocks if isinstance(block, Sentences)}

    assert "Since the previous delivery" in titles()
    monkeypatch.setattr(changed, "line", lambda change: "")  # as where nothing may be shown of a change
    assert titles() >= {"To watch"} and "Since the previous delivery" not in titles()


def test_a_figure_without_a_number_reads_as_on_the_page():
    hidden = answer(Row(key="Total", value=None, note="hidden for privacy", suppression=Suppression.PRIVACY))
    words = figure_words(hidden)
    assert words.value == "Hidden for privacy"
    assert figure(hidden, words, number=people_of(hidden)).number.text == figure(hidden).number.text == words.value
