"""Sentences that a filter once made false: each view here contradicted its own numbers."""

from __future__ import annotations

import re
from html import unescape

import pytest

from components.banners import ALL_HIDDEN
from tests.app_driver import figures as drawn
from tests.app_driver import html, lead, text
from tests.pages.test_pages import figures, run


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def quotes(page) -> list[str]:
    sentences = map(unescape, re.findall(r"<li><span>(.*?)</span>", html(page)))
    return [sentence for sentence in sentences if sentence.startswith("As of")]


def test_jobs_do_not_say_what_is_filled_on_an_earlier_day():
    page_text = text(run("pages/job_openings.py", as_of="2026-11-12"))
    assert "carry no date" in page_text
    assert "Possible surplus" not in page_text


def number(pattern: str, words: str) -> int:
    return int(re.search(pattern, words)[1].replace(",", ""))


def test_the_positions_of_the_first_sentence_add_up():
    words = lead(run("pages/job_openings.py"))
    patterns = (r"\. ([\d,]+) are filled", r"\. ([\d,]+) are still open", r"\. ([\d,]+) closed without being filled")
    assert sum(number(pattern, words) for pattern in patterns) == number(r"have offered ([\d,]+)", words)


def test_open_positions_under_both_filters_have_a_single_chart():
    page = run("pages/job_openings.py", region="Eastern", sector="Green jobs")
    assert "open-by-sector" in drawn(page) and "open-by-region" not in drawn(page)
    assert {"open-by-sector", "open-by-region"} <= set(drawn(run("pages/job_openings.py", region="Eastern")))


def test_a_trend_begins_where_its_initiative_does():
    page_text = text(run("dashboard.py", **{"as": "governor"}))
    assert re.search(r"by quarter since (?:Apr–Jun|Jul–Sep) 2022: [\d,]+ by", page_text)


def test_without_a_sentence_to_use_there_is_no_heading_for_them():
    assert "Ready-to-use sentences" not in text(run("dashboard.py", as_of="2019-03-01"))
    assert "Ready-to-use sentences" in text(run("dashboard.py"))


def test_regions_are_compared_by_their_size():
    table = text(run("pages/regions.py")).partition("Regions compared")[2]
    assert re.search(r"Residents enrolled\s+Per 10,000 residents\s+Completion rate", table)
    assert re.search(r"Eastern\s+1,\d{3}\s+3\d\.\d\s+\d\d%", table)


def test_a_result_without_its_numbers_gives_their_reason():
    page_text = text(run("pages/job_openings.py", **{"as": "governor"}))
    rows = re.findall(r"Healthcare\s+248\s+hidden for privacy\s+\S+\s+(\w+ \w+)", page_text)
    assert rows == ["hidden for"]
    assert "not known" not in page_text


def test_a_region_without_allocations_uses_its_obligations():
    page_text = text(run("pages/money.py", region="Eastern", as_of="2024-06-28"))
    assert "Awards in Eastern have spent" in page_text
    assert "$0 allocated" not in page_text
    assert "All the money of" not in page_text
    assert "No dollars have been allocated" not in page_text


def test_spending_without_an_obligation_here_is_stated_without_a_share():
    page_text = text(run("pages/money.py", region="Northwest", initiative="SkillUp CT"))
    assert re.search(r"In SkillUp CT in Northwest: \$[\d,]+ spent; none recorded as obligated", page_text)
    assert "No dollars have been allocated" not in page_text
    assert re.search(r"Allocated\s+No allocation is assigned to Northwest", page_text, re.IGNORECASE)


def test_quarters_of_the_treasury_report_are_written_as_elsewhere():
    page_text = text(run("pages/money.py"))
    assert re.search(r"Jul–Sep 2026", page_text) and "2026-Q3" not in page_text


def test_a_region_compares_the_spending_of_an_award_with_its_obligation():
    page_text = text(run("pages/my_region.py", region="Northwest"))
    assert re.search(r"Spent so far, of dollars obligated\s+85%\s+85%", page_text)


def test_a_year_of_spending_is_not_divided_by_that_years_allocation():
    page_text = text(run("pages/money.py", **{"from": "2024-07-01", "to": "2025-06-30"}))
    assert "1,798%" not in page_text
    assert "981%" not in page_text


def test_quotes_name_the_group_the_sector_and_the_date():
    page_text = quotes(run("dashboard.py", group="veteran", sector="Green jobs"))
    assert page_text
    assert all(sentence.startswith("As of November 13, 2026, ") for sentence in page_text)
    about_people = [sentence for sentence in page_text if "CareerConneCT is" not in sentence]
    assert all("veterans" in sentence and "Green jobs" in sentence for sentence in about_people), page_text


def test_quotes_give_both_completion_rates_of_a_young_program():
    page_text = " ".join(quotes(run("dashboard.py", initiative="CareerConneCT", as_of="2022-11-30")))
    assert "of enrollments whose planned end has passed were completed (" in page_text


def test_no_projection_from_nine_weeks():
    assert "Outlook for" not in text(run("dashboard.py", initiative="CareerConneCT", as_of="2022-10-07"))


def test_a_period_takes_the_place_of_the_date():
    page_text = text(run("pages/regions.py", region="Eastern", **{"from": "2023-07-01", "to": "2024-06-30"}))
    assert "373 residents enrolled in Eastern from July 1, 2023 to June 30, 2024" in page_text


def test_the_lead_and_the_sentences_name_the_filters():
    page = run("dashboard.py", region="Eastern", provider="Tidewater Skills Yard (demo)")
    place = "at Tidewater Skills Yard (demo) in Eastern"
    assert f"residents have enrolled {place} as of" in text(page)
    assert len(quotes(page)) > 2
    assert all(f"no-cost job training {place}" in sentence for sentence in quotes(page))


def test_the_outcome_title_names_the_group_that_is_behind():
    page_text = text(run("pages/equity.py", initiative="CareerConneCT", outcome="placement_rate"))
    assert (
        "Got a job in CareerConneCT. People with disabilities: 0.87 times the rate of others, unlikely to be chance"
        in page_text
    )


def test_nothing_is_furthest_below_when_nobody_is_below():
    page_text = text(run("pages/equity.py", region="Eastern", sector="Healthcare"))
    assert "furthest below" not in page_text


def test_few_exits_name_no_best_sector():
    page_text = text(run("pages/sectors.py", initiative="CareerConneCT", as_of="2022-09-15"))
    assert "Completion rates by sector range" not in page_text
    assert "Too few exits to say how completion rates differ by sector" in page_text


def test_everyone_is_everyone_on_the_line_of_supports():
    from queries import Question, Scope, ask

    page = run("pages/support_services.py", group="veteran")
    everyone = f"All residents {ask(Question('supports_reach')).row('any').value:.0%}"
    veterans = ask(Question("supports_reach"), Scope(group="veteran")).row("any").value
    drawn = " ".join(figures(page))
    assert everyone in drawn
    assert f"All residents {veterans:.0%}" not in drawn


def test_quotes_name_the_base_of_each_number():
    page_text = " ".join(quotes(run("dashboard.py", initiative="CareerConneCT")))
    assert re.search(
        r"\d+% of exits from CareerConneCT came after finishing the training \([\d,]+ of [\d,]+\)", page_text
    )
    assert re.search(
        r"enrolled in CareerConneCT. [\d,]+ of them enrolled for the first time in the last 90 days", page_text
    )


def test_no_quote_boasts_of_nothing():
    page_text = " ".join(quotes(run("dashboard.py", initiative="CareerConneCT", as_of="2022-08-20")))
    assert " no " not in page_text.replace("no-cost", "")
    assert "after no exits" not in page_text


def test_the_time_to_a_credential_is_of_credentials():
    assert re.search(r"Half of [\d,]+ dated credentials came within \d+ days", text(run("pages/sectors.py")))


def test_positions_still_open_are_not_compared_with_those_of_an_earlier_period():
    """Openings of an earlier period have had longer to be filled: 483 was "up 188% from 168"."""
    page = run("pages/job_openings.py", **{"from": "2026-07-01"})
    cards = re.search(r"Open positions\s+483\s.*?Open positions compared", text(page), re.S)[0]
    assert "a year earlier" not in cards
    assert "a year earlier" in text(page)
    assert "All positions open on November 13, 2026 count, whatever the period chosen." in text(page)
    assert "whatever the period" not in text(run("pages/job_openings.py"))


def test_a_hidden_number_is_called_hidden_and_not_small():
    """1,000 credentials of women in Healthcare are hidden, so that they are not "too few"."""
    page_text = text(run("pages/sectors.py", sector="Healthcare", group="woman", **{"as": "governor"}))
    assert "Median days from start to credential of women in Healthcare: hidden for privacy" in page_text
    assert "Too few dated credentials" not in page_text


def test_the_overview_says_once_why_a_reader_may_see_neither_the_news_nor_the_total():
    page_text = text(run("dashboard.py", **{"as": "director:Eastern", "region": "Northwest", "group": "veteran"}))
    above_the_cards = page_text[: page_text.index("Residents enrolled")]
    assert above_the_cards.count("Figures about groups in another region are for that region’s board") == 1


def test_what_is_hidden_does_not_come_first_on_overview():
    period = {"from": "2026-07-01", "to": "2026-09-30", "as": "governor"}
    page = run("dashboard.py", group="woman", **period)
    assert lead(page).startswith("In all, 5,246 women have enrolled")
    assert "How many women enrolled for the first time in Jul–Sep 2026 is hidden for privacy." in lead(page)


def test_a_chart_whose_every_number_is_hidden_is_not_drawn():
    page = run("pages/online_courses.py", **{"as": "governor"})
    assert "going-on-by-sector" not in drawn(page)
    assert ALL_HIDDEN in text(page)
    assert "going-on-by-sector" in drawn(run("pages/online_courses.py"))
