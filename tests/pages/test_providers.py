"""The page of providers: a funnel for providers and for programs, completion and job, true for every reader."""

from __future__ import annotations

import pytest

from queries import Question, Scope, ask
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict
from tests.app_driver import figures, lead, text
from tests.pages.test_pages import run


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


@pytest.mark.parametrize(("outcome", "rate"), [("completion_rate", "completion rate"), ("placement_rate", "job rate")])
def test_providers_and_programs_each_have_a_funnel_and_a_table(outcome, rate):
    page = run("pages/providers.py", outcome=outcome)
    assert not page.exception
    name = outcome.removesuffix("_rate")
    assert {f"{name}-by-provider", f"{name}-by-program"} <= set(figures(page))
    page_text = text(page)
    assert "outside what chance explains (the 99.8% limits)" in lead(page)
    assert f"The limits are around the {rate} expected for the residents that each serves" in lead(page)
    assert "the same sector, region, and answers about groups" in page_text
    for heading in ("Expected", "99.8% limits from", "Position", "Finding"):
        assert heading in page_text
    assert "Reliability" not in page_text, "nothing is flagged, so only the file has this column"
    assert page_text.count("As expected") > 10, "in the tables, and not only in the definition"


def test_programs_do_not_repeat_how_rates_are_compared():
    page_text = text(run("pages/providers.py"))
    assert page_text.count("Each rate is compared with the rate expected for residents with the same") == 1
    assert "Programs are compared in the same way." in page_text


def test_a_provider_that_is_most_of_its_sector_is_not_compared_with_itself():
    assert "Too few others in its sectors" in text(run("pages/providers.py"))


def test_few_exits_are_too_few_to_say():
    page_text = text(run("pages/providers.py", region="Eastern", sector="Life sciences", as_of="2022-12-31"))
    assert "Too few to say" in page_text, "in the table: the definition writes it in the middle of a sentence"
    assert "Fewer than 30" in page_text or "fewer than 30" in page_text


def test_the_rate_of_all_providers_is_not_given_as_that_of_a_single_provider():
    """Cornerstone's 69% stood in no sentence, and the 79% of all providers was called the completion rate at Cornerstone."""
    name = "Cornerstone Trades Hall (demo)"
    row = ask(Question("completion_rate"), Scope(provider=name)).total
    everyone = ask(Question("completion_rate"), Scope()).total
    page = run("pages/providers.py", provider=name)
    assert lead(page) == (
        f"{row.value:.0%} of {row.denominator} exits at {name} as of November 13, 2026 came after finishing the training. "
        "Over half of the exits in its sectors are its own, so there are too few others to compare it with."
    )
    assert f"Completion rate: {everyone.value:.0%} of all exits of all providers." in text(page)
    assert f"at {name}: {everyone.value:.0%}" not in text(page)


def test_a_job_rate_names_the_age_of_its_exits():
    name = "Cornerstone Trades Hall (demo)"
    row = ask(Question("placement_rate"), Scope(provider=name)).total
    page = run("pages/providers.py", provider=name, outcome="placement_rate")
    assert lead(page).startswith(f"{row.value:.0%} of {row.denominator} exits (at least 180 days old) at {name} as of ")
    assert " of all exits at least 180 days old of all providers." in text(page)


def test_a_single_provider_has_what_was_expected_of_it_where_it_can_be_compared():
    rows = ask(Question("provider_limits", "provider", outcome="completion_rate"), Scope()).rows_of(FunnelRow)
    row = next(row for row in rows if row.verdict is FunnelVerdict.AS_EXPECTED)
    sentence = lead(run("pages/providers.py", provider=row.key))
    assert (
        f" exits at {row.key} as of November 13, 2026 came after finishing the training; {row.expected:.0%} was expected. Finding: "
        in sentence
    )
    assert "The limits are around the completion rate expected for the residents that it serves." in sentence
