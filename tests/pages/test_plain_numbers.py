"""Numbers that readers took for one another, or that said nothing: each page now says what it counts, over the demo."""

from __future__ import annotations

import re
from datetime import date

import pytest

from briefs.equity import equity
from components.text.format import fixed, people
from queries import Question, Scope, ask
from queries.access.rights import viewer
from tests.app_driver import html, text
from tests.pages.test_pages import run

SO_FAR = {"from": "2026-07-01", "to": "2027-06-30"}
PERIOD = {"since": date(2026, 7, 1), "until": date(2027, 6, 30)}


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def read(script: str, **address: str) -> str:
    return " ".join(text(run(script, **address)).split())


def total(measure: str, **scope: object) -> str:
    return people(ask(Question(measure), Scope(**scope)).total.value)


@pytest.mark.parametrize("place", [{}, {"region": "Eastern"}])
def test_first_enrollments_and_all_enrollments_stand_next_to_each_other(place):
    new, enrolled = (total(measure, **PERIOD, **place) for measure in ("residents_new", "residents_enrolled"))
    assert new != enrolled
    assert f"{new} new of {enrolled} enrolled since July 1, 2026" in read("dashboard.py", **place)
    assert f"{enrolled} with those who had enrolled before" in read("dashboard.py", **SO_FAR, **place)
    assert f"{new} of them for the first time" in read("pages/regions.py", **SO_FAR, **place)
    assert f"{new} of them for the first time" in read("pages/sectors.py", **SO_FAR, **place)


def test_two_regions_are_compared_by_their_size():
    def rate(region: str) -> str:
        return fixed(ask(Question("enrolled_per_10000"), Scope(region=region)).total.value, 1)

    page_text = read("dashboard.py", region="Northwest", compare="Southwest")
    sentence = (
        f"Per 10,000 residents, {rate('Northwest')} have enrolled in Northwest and {rate('Southwest')} in Southwest."
    )
    assert sentence in page_text
    enrolled = total("residents_new", **{**PERIOD, "region": "Southwest"})
    assert f"{enrolled} in Southwest, a region of another size" in page_text
    assert "Per 10,000 residents, " not in read("dashboard.py", region="Northwest")


def test_the_page_of_a_region_says_how_many_enrolled_for_the_first_time():
    here = {**PERIOD, "region": "Eastern"}
    page_text = read("pages/my_region.py", region="Eastern", **SO_FAR)
    assert (
        f"Of the {total('residents_enrolled', **here)} residents enrolled in the period, "
        f"{total('residents_new', **here)} enrolled for the first time." in page_text
    )


def test_protected_readers_see_the_treasurys_workers_of_the_state_under_a_filter():
    page_text = read("pages/money.py", **{"as": "governor", "region": "Northwest"})
    _, cards = page_text.split("Workers enrolled in sectoral job training", 1)
    assert cards.startswith(f" {total('slfrf_enrolled')} Statewide total only: your role cannot see it by region")
    assert "Statewide total only" not in read("pages/money.py", **{"as": "governor"})
    assert "Statewide total only" not in read("pages/money.py", region="Northwest")


def test_a_programs_first_year_is_compared_with_nothing():
    first_year = {"from": "2022-07-01", "to": "2023-06-30", "initiative": "CareerConneCT"}
    for script in ("dashboard.py", "pages/regions.py", "pages/money.py"):
        page_text = read(script, **first_year)
        assert "no earlier year to compare (CareerConneCT began on August 1, 2022)" in page_text
        assert "from 0" not in page_text and "in the fiscal year before" not in page_text
    assert "in the fiscal year before" in read("dashboard.py", **{**first_year, "initiative": "SkillUp CT"})
    quarter_before = {"from": "2022-10-01", "to": "2022-12-31", "initiative": "CareerConneCT", "compare": "before"}
    assert "There is no earlier period to compare (CareerConneCT began" in read("dashboard.py", **quarter_before)


def test_the_overview_says_that_there_is_no_such_page():
    page_text = read("dashboard.py", no_page="<b>tomorrow</b>", region="Eastern")
    assert "There is no page “<b>tomorrow</b>”. This is the Overview page." in page_text
    assert "Choose again in the filters" not in page_text
    assert "There is no page" not in read("dashboard.py")


@pytest.mark.parametrize(
    ("reader", "heading"),
    [("officer", "Completed in the last year"), ("governor", "Completed in fiscal year 2026")],
)
def test_completions_next_to_open_positions_name_their_year(reader, heading):
    page_text = read("pages/job_openings.py", **{"as": reader})
    assert heading in page_text and "Completed in a year" not in page_text


def test_a_path_names_its_base():
    several = ask(Question("residents_in_several"), Scope()).total.numerator
    page_text = read("dashboard.py")
    assert f" of the {people(several)} residents in more than one initiative)" in page_text
    assert "A path counts training and online courses alike" in page_text


def test_the_groups_of_each_region_are_compared_with_a_year_earlier():
    page_text = read("pages/equity.py")
    _, by_region = page_text.split("Region by region", 1)
    assert "· then " in by_region.split("Gaps to look at first")[0]
    assert "the figure now, then the figure on November 13, 2025" in by_region.split("Gaps to look at first")[0]
    _, outcomes = read("pages/equity.py", by_region="completion_rate").split("Region by region", 1)
    assert "· then " in outcomes.split("Gaps to look at first")[0]


def test_the_equity_brief_compares_each_cell_with_a_year_earlier():
    document = equity(Scope(viewer=viewer("officer")))
    (groups,) = [block for block in document.blocks if getattr(block, "name", "") == "groups"]
    cells = groups.table.columns["In the program"]
    assert (
        sum("then " in str(cell) for cell in cells) > 2
        and "In brackets: the figure now, then the figure on" in groups.note
    )
    other = equity(Scope(viewer=viewer("officer"), region="Eastern"), "state")
    assert other.facts.comparison and "in the state" in other.facts.comparison.words


def test_regions_are_described_by_their_size():
    def rate(**scope: str) -> str:
        return fixed(ask(Question("enrolled_per_10000"), Scope(**scope)).total.value, 1)

    names = [row.key for row in ask(Question("enrolled_per_10000", "region"), Scope()).rows]
    page_text = read("pages/regions.py")
    assert all(f"{name} {rate(region=name)}" in page_text for name in names)
    assert "fewest in" not in page_text
    assert f"{rate(region='Eastern')} per 10,000 residents (state {rate()})" in read(
        "pages/regions.py", region="Eastern"
    )
    assert "Women enrolled as of" in read("pages/regions.py", group="woman"), "no population of a group is known"


def test_where_nothing_is_compared_the_list_says_so():
    page = html(run("pages/money.py", **{"as": "governor", "region": "Northwest"}))
    (compare,) = re.findall(r'<select id="filter-compare".*?</select>', page, re.S)
    assert re.findall(r"<option[^>]*selected[^>]*>(.*?)</option>", compare) == ["Nothing"]
    chosen = html(run("pages/money.py", **{"as": "governor", "region": "Northwest", "compare": "state"}))
    (compare,) = re.findall(r'<select id="filter-compare".*?</select>', chosen, re.S)
    assert re.findall(r"<option[^>]*selected[^>]*>(.*?)</option>", compare) == ["State"]
    assert "in the state" in chosen
