"""The inequalities planted in the demo appear on the pages: between places as such, and within the same places as such."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from html import unescape
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from components.text.format import points, share
from components.text.narratives import heat
from components.text.narratives.answer_data import VERBS
from queries import Question, Scope, ask
from queries.access import rights
from queries.verdicts import TOO_FEW
from tests.app_driver import html, lead, say, text
from tests.pages.test_pages import run


@cache
def opened(script: str, **address: str) -> AppTest:
    """Return a page that no test acts on, run once for all tests of this file."""
    return run(script, **address)


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def test_the_lead_names_who_is_below_and_what_the_averages_hide():
    page = opened("pages/equity.py")
    page_text = lead(page)
    assert re.search(
        r"Immigrants and women are enrolled at 0\.90 times their share of all residents, including children and retirees "
        r"\([\d,]+ more immigrants and [\d,]+ more women needed\)\.",
        page_text,
    ), "equal groups share a sentence"
    assert page_text.count("including children and retirees") == 1, "a population is described once"
    assert re.search(r"enrolls immigrants at 0\.4\d times their share of all residents there\.", page_text)
    assert re.search(
        r"their share of all residents there, including children and retirees: \d+ more residents needed", text(page)
    )
    assert "disabilities are enrolled" not in page_text, "their two benchmarks disagree"
    assert "Residents in re-entry who apply are enrolled at 0.7" in page_text
    assert "People with disabilities get a job at 0.8" in page_text
    assert "Women in CDL licensing complete at 0.7" in text(page)


def test_findings_name_the_sectors_where_women_complete_less():
    page_text = text(opened("pages/equity.py", initiative="CareerConneCT"))
    assert "Women in CDL licensing complete at 0.7" in page_text
    assert "Women in Infrastructure and construction complete at 0.7" in page_text


def test_cells_without_a_figure_give_the_reason():
    period = {"from": "2026-10-01", "to": "2026-12-31"}  # nobody applied at least 60 days ago
    page = run("pages/equity.py", sector="Manufacturing", **period)
    table = html(page).partition('<table class="heat"')[2].partition("</table>")[0]
    assert "nobody to compare yet" in table and "not known" not in table
    assert "so far, there are too few residents to compare any group with its benchmark." in lead(page)


def test_the_link_of_a_finding_names_its_place():
    page_text = text(opened("pages/equity.py"))
    assert "Look inside the gap: women in CDL licensing" in page_text
    assert "Plan to close it: immigrants in Northwest" in page_text


def test_a_view_that_is_not_allowed_has_no_empty_sections():
    page = opened("pages/equity.py", region="Eastern", **{"as": "director:Northwest"})
    assert text(page).count("Figures about groups in another region") <= 2  # the lead, and where the table would stand
    assert "Results by group" not in text(page)


def test_a_gap_that_chance_could_make_is_not_explained():
    page_text = lead(opened("pages/one_group.py", group="veteran"))
    assert "This difference could be chance. Adjusted to an equal mix" in page_text
    assert "accounts for" not in page_text


def test_a_gap_within_sectors_is_described_as_different_results():
    page_text = lead(opened("pages/one_group.py", group="woman", sector="CDL licensing"))
    assert "This difference is unlikely to be chance" in page_text
    assert "Same places, different results. Within the same sector, region and provider, their rate is 2" in page_text


def test_a_job_gap_within_places_shows_its_step():
    page = opened("pages/one_group.py", group="disability", outcome="placement_rate")
    assert "Same places, different results" in lead(page)
    assert "People with disabilities fall furthest behind at “got a job”: 0.88 times the rate of others" in text(page)
    assert "Lower than others and unlikely to be chance" in text(page)


def test_pairs_of_groups_are_counted_for_exact_readers_and_refused_once_for_others():
    title = "Enrolled in two groups at once. BIPOC residents + women: "
    assert title in text(opened("pages/equity.py", **{"as": "officer"}))
    refused = text(opened("pages/equity.py", **{"as": "governor"}))
    assert title not in refused
    assert refused.count("Several groups at once are for the Chief Workforce Officer") == 1


def test_the_page_opens_with_the_difference_least_likely_to_be_chance():
    page_text = lead(opened("pages/one_group.py"))
    assert "People with disabilities get a job" in page_text
    assert "This difference is unlikely to be chance" in page_text


def test_immigrants_of_northwest_fall_behind_before_applying_and_few_exits_name_no_program():
    page_text = text(opened("pages/one_group.py", region="Northwest", group="immigrant"))
    assert "Immigrants in Northwest fall furthest behind before applying. Their share of applicants is 0.4" in page_text
    assert "This difference could be chance, so no program is named for it" in page_text


def test_a_group_that_falls_behind_between_application_and_enrollment():
    assert "fall furthest behind at “enrolled”: 0.7" in text(opened("pages/one_group.py", group="reentry"))


def test_reentry_has_no_ratio_and_disability_gives_its_definition():
    page_text = text(opened("pages/equity.py"))
    assert (
        "No comparable benchmark exists: residents in re-entry and opportunity youth, shown as counts and shares"
        in page_text
    )
    assert "ACS six-question definition" in page_text
    assert "CDC" not in page_text


def test_a_verdict_says_how_many_comparisons_it_allows_for():
    page_text = text(opened("pages/equity.py"))
    made = int(re.search(r"(\d+) comparisons made at once on this page", page_text)[1])
    assert made > 400
    assert f"The largest of {made} comparisons on this page" in page_text
    assert "Differences picked because they are large are on average smaller" in page_text


def test_what_chance_means_is_explained_on_a_single_page():
    assert "nobody was sampled" in text(opened("pages/definitions.py"))
    for script in ("pages/equity.py", "pages/one_group.py", "pages/providers.py"):
        assert "nobody was sampled" not in text(opened(script))


def test_a_gap_is_shown_as_counted_and_at_an_equal_mix():
    page = opened("pages/one_group.py", group="woman", outcome="completion_rate")
    counted, adjusted = lead(page).split("Adjusted to an equal mix of sector, region, provider, other groups")
    assert counted.startswith("Women complete 1.8 points more often than others.")
    assert adjusted.endswith(": 2.6 points less often than others, unlikely to be chance.")
    page_text = text(page)
    assert "The gap that remains if both sides had the same sector, region, provider, other groups" in page_text
    assert "Women: +1.8 points as counted; −2.6 points at an equal mix, unlikely to be chance" in page_text


def test_disability_has_two_benchmarks_and_no_finding():
    page_text = text(opened("pages/equity.py"))
    assert "No finding: two benchmarks disagree" in page_text
    assert "5% of the labor force" in page_text
    assert "8.7% of residents aged 21 to 64" in page_text
    assert "Populations other than the labor force include people who are not looking for training" in page_text


@pytest.mark.parametrize("page", ["pages/equity.py", "pages/one_group.py"])
@pytest.mark.parametrize(
    "scope",
    [
        {"region": "Eastern", "sector": "Green jobs"},
        {"as_of": "2022-08-15"},
        {"group": "reentry", "initiative": "Back to Work"},
    ],
)
def test_narrow_filters_leave_sentences_and_no_verdicts_on_few(page, scope):
    narrow = opened(page, **scope)
    assert lead(narrow)
    assert not re.search(r"\bnan\b", text(narrow))
    assert "None" not in text(narrow)


def test_each_cell_of_the_heat_table_leads_to_its_figure():
    table = html(opened("pages/equity.py")).split('class="heat"')[1].split("</table>")[0]
    row = next(part for part in table.split("<tr") if "group=reentry" in part)
    addresses = [unescape(address) for address in re.findall(r'href="([^"]*)"', row)]
    _, *cells = [(path, dict(parse_qsl(query))) for path, _, query in (each.partition("?") for each in addresses)]
    assert cells == [
        ("/gap_plan", {"group": "reentry", "what": "share"}),
        ("/one_group", {"group": "reentry", "step": "enrolled"}),
        *(("/one_group", {"group": "reentry", "outcome": outcome}) for outcome in heat.OUTCOMES),
    ]
    size = re.search(r">lower:</span> ([\d.]+ points)", row)[1]
    first = lead(opened("pages/one_group.py", group="reentry", step="enrolled"))
    assert re.match(rf"Of residents in re-entry who apply, \d+% are enrolled, .* {size} less\. Residents", first)
    for outcome in heat.OUTCOMES:
        page_text = lead(opened("pages/one_group.py", group="reentry", outcome=outcome))
        assert page_text.startswith(f"Residents in re-entry {VERBS[outcome]} ")


def second_lines(page, group: str) -> dict[str, str]:
    """Return the second line of each cell of a group in the table of steps, by column; "" where a cell has none."""
    table = html(page).split('class="heat"')[1].split("</table>")[0]
    row = next(part for part in table.split("<tr") if f"group={group}" in part)
    cells = re.findall(r'data-label="([^"]*)" class="tone \w+">.*?</a>(?:<span class="change">(.*?)</span>)?</td>', row)
    return dict(cells)


def test_each_group_is_compared_with_what_the_reader_chooses():
    earlier = Scope(as_of=date(2025, 11, 13))
    shares = [ask(Question("gap_residents"), scope).row("woman").share_of_target for scope in (Scope(), earlier)]
    jobs = [ask(Question("outcome_ratio"), s).row("woman", part="placement_rate") for s in (Scope(), earlier)]
    now, then = (points(row.numerator - row.denominator).removesuffix(" points") for row in jobs)
    page = run("pages/equity.py")
    lines = second_lines(page, "woman")
    assert lines["In the program"] == f"{share(shares[0], 0)} · then {share(shares[1], 0)}"
    assert lines["Got a job"] == f"{now} · then {then}"
    assert "the figure now, then the figure on November 13, 2025." in text(page)
    say(page, "filter-region", "Eastern")
    say(page, "filter-compare", "state")
    (eastern, state) = (
        ask(Question("gap_residents"), Scope(region=region)).row("woman").share_of_target
        for region in ("Eastern", None)
    )
    assert second_lines(page, "woman")["In the program"] == f"{share(eastern, 0)} · in the state {share(state, 0)}"


def test_protected_readers_compare_periods_that_are_over_and_see_no_more_than_the_answer():
    assert "Choose a quarter or fiscal year that is over" in text(opened("pages/equity.py", **{"as": "governor"}))
    page = opened("pages/equity.py", **{"as": "governor", "from": "2026-01-01", "to": "2026-03-31"})
    before = Scope(viewer=rights.viewer("governor"), since=date(2025, 1, 1), until=date(2025, 3, 31))
    answer = ask(Question("outcome_ratio"), before)
    assert not answer.is_nearest
    hidden = 0
    for group in ("disability", "woman", "veteran"):
        for part, column in heat.OUTCOMES.items():
            row, line = answer.row(group, part=part), second_lines(page, group)[column]
            hidden += row.value is None
            if row.value is None:
                assert re.fullmatch(r"(?:[+−]?[\d.]+ · then hidden for privacy)?", line)
            elif row.verdict != TOO_FEW:
                assert f"{line} points".endswith(f"then {points(row.numerator - row.denominator)}")
    assert hidden


def test_the_lead_says_nothing_of_results_that_are_hidden():
    exact = lead(run("pages/equity.py", region="Eastern", **{"as": "officer"}))
    assert "Residents in re-entry who apply are enrolled at 0.85 times the rate of others." in exact
    shown = lead(run("pages/equity.py", region="Eastern", **{"as": "governor"}))
    assert "clearly below others in any result shown." in shown
