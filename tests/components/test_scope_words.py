"""Filters in words: sentences name every filter in force, and say which do not apply."""

from dataclasses import replace
from datetime import date

import pytest

from components import banners, provenance
from components.choices import Choices
from components.text import scope_words
from components.text.narratives import cross_initiative
from queries.dimensions import FILTERS, MODELS
from queries.scope import Scope
from tests.components.rows import DELIVERY


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_stated(name):
    scope = Scope().but(**{name: "Some value"})
    stated = scope_words.within(scope)
    assert stated == ("" if name in scope_words.STATED_SEPARATELY else f" {FILTERS[name].preposition} Some value")
    assert provenance._filters(scope, Choices()) == f"{FILTERS[name].label}: Some value"


def test_the_narrowest_filter_comes_first():
    scope = Scope(initiative="CareerConneCT", region="Eastern", sector="Healthcare", group="woman")
    assert scope_words.within(scope) == " in Healthcare in Eastern"
    assert scope_words.within(Scope()) == ""


@pytest.mark.parametrize("model", MODELS)
def test_a_filter_that_a_model_does_not_record_is_cleared_and_stated(model):
    every = Scope().but(**dict.fromkeys(FILTERS, "x"))
    changes = scope_words.not_recorded(model)
    assert every.but(**changes).filters.keys() == set(MODELS[model].filters)
    stated = scope_words.not_applied(every, model)
    assert all(FILTERS[name].words in stated for name in changes)
    assert bool(stated) == bool(changes)
    assert scope_words.not_applied(Scope(), model) == ""


def test_the_section_across_initiatives_says_what_does_not_apply():
    assert cross_initiative.words(Scope(region="Eastern")).endswith("and the jobs portal.")
    assert cross_initiative.words(Scope(group="woman")).endswith("The group filter does not apply here.")
    both = cross_initiative.words(Scope(initiative="SkillUp CT", sector="Healthcare"))
    assert both.endswith("The initiative and sector filters do not apply here, but positions follow the sector.")


def test_the_name_of_a_delivery_is_its_day_and_its_id_only_where_that_says_more():
    assert scope_words.delivery_day(DELIVERY) == "November 13, 2026"
    assert scope_words.delivery_day(replace(DELIVERY, id="2026-11-13.2")) == "November 13, 2026 (2026-11-13.2)"


@pytest.mark.parametrize(
    ("shown", "newest", "sentence"),
    [
        (date(2024, 6, 28), date(2026, 11, 13), "an earlier delivery, of June 28, 2024. The newest is of November 13, 2026: clear the filters to see it."),
        (date(2024, 6, 28), None, "an earlier delivery, of June 28, 2024. The newest cannot be read just now."),
        (date(2024, 6, 28), date(2024, 6, 28), "an earlier version of the June 28, 2024 delivery. Clear the filters to see the newest."),
    ],
)  # fmt: skip
def test_the_banner_over_an_earlier_delivery_names_it_by_its_day(monkeypatch, shown, newest, sentence):
    drawn = []
    monkeypatch.setattr(banners, "banner", lambda paragraphs, kind: drawn.extend(paragraphs))
    banners.older(shown, newest)
    assert drawn == [f"You are looking at {sentence}"]
