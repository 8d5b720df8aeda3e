"""The page of one region: its figures against pandas, its ranks, what each reader sees, and what happens without a region."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from components.text import format
from queries import Question, Scope, ask
from queries.access import rights
from tests.app_driver import files, html, lead, say, text
from tests.conftest import ROOT
from tests.pages.test_pages import run
from tests.queries import independent
from tests.queries.test_measures import accepted_facts

PAGE = "pages/my_region.py"
LAST = date(2026, 11, 13)
TOWNS = pd.read_csv(ROOT / "data/reference/towns.csv")


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def rows_of(page, name: str) -> dict[str, list[str]]:
    """Return the cells of a table on the page, by the first cell of each row."""
    section = re.search(rf'data-name="table-{name}".*?</section>', html(page), re.S)[0]
    body = re.sub(r"<svg.*?</svg>", "", section, flags=re.S).partition("<tbody")[2]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.split(r"<tr[^>]*>", body)[1:]]
    return {row[0]: row[1:] for row in rows}


def test_the_region_the_state_and_a_year_earlier_equal_pandas(demo_store, demo_deliveries):
    frame = accepted_facts(demo_store, demo_deliveries[-1])
    rows = rows_of(run(PAGE, region="Northwest", **{"as": "officer"}), "region-compared")
    for column, (region, day) in enumerate(
        [("Northwest", LAST), (None, LAST), ("Northwest", LAST.replace(year=LAST.year - 1))]
    ):
        view = independent.as_of_view(frame, day)
        view = view if region is None else view[view["region"] == region]
        at = column + (column == 2)  # the rank stands before the year earlier
        people = view[view["enrolled_on"].notna()]["participant_id"].nunique()
        population = TOWNS if region is None else TOWNS[TOWNS["region"] == region]
        assert rows["Residents enrolled"][at] == f"{people:,}"
        rate = people / population["population"].sum() * 10_000
        assert rows["Enrollment rate"][at] == f"{rate:.1f} per 10,000 residents"
        exits = view[view["outcome"].isin(["completed", "withdrew"])]
        assert rows["Completion rate"][at] == format.share((exits["outcome"] == "completed").mean())


def test_ranks_hold_the_order_of_the_rates():
    rows = rows_of(run(PAGE, region="Eastern"), "region-compared")
    for label, measure in (("Enrollment rate", "enrolled_per_10000"), ("Job rate", "placement_rate")):
        rates = {row.key: row.value for row in ask(Question(measure, "region"), Scope()).rows if row.value is not None}
        place = sorted(rates.values(), reverse=True).index(rates["Eastern"]) + 1
        best, worst = re.fullmatch(r"(\d)\w\w(?: to (\d)\w\w)? of 5", rows[label][2]).groups()
        assert int(best) <= place <= int(worst or best)
    assert rows["Residents enrolled"][2] == "not ranked", "a larger region enrolls more"


def test_a_director_sees_the_region_of_the_board_without_choosing_it():
    page = run(PAGE, **{"as": "director:Northwest"})
    assert lead(page).startswith("Northwest: 31.4 per 10,000 residents have enrolled as of November 13, 2026.")
    assert ">On November 13, 2025</th>" in html(page)
    assert "all regions" not in html(page).split("</h1>")[1].split("</p>")[0], "the line on what is on screen names it"
    small = [cells for cells in rows_of(page, "region-towns").values() if cells[1].isdigit() and int(cells[1]) < 10]
    assert small, "a director's region is exact"


def test_others_choose_a_region_first():
    page = run(PAGE, **{"as": "officer"})
    assert lead(page) == "Choose a region to compare it with the state and the other regions."
    say(page, "offer-region-Eastern", True)
    assert lead(page).startswith("Eastern: ")


def test_another_region_stands_next_to_the_state():
    page = run(PAGE, region="Northwest", compare="Eastern")
    assert ">Eastern</th>" in html(page)
    eastern = rows_of(run(PAGE, region="Eastern"), "region-compared")["Completion rate"][0]
    assert rows_of(page, "region-compared")["Completion rate"][2] == eastern
    say(page, "filter-compare", "year")
    assert ">Eastern</th>" not in html(page) and ">On November 13, 2025</th>" in html(page)


def test_protected_readers_compare_periods_that_are_over_only():
    governor = {"as": "governor", "region": "Eastern"}
    assert "Choose a quarter or fiscal year that is over" in text(run(PAGE, **governor))
    page = run(PAGE, **governor, **{"from": "2025-07-01", "to": "2026-06-30"})
    viewer = rights.viewer("governor")
    year = Scope(
        region="Eastern",
        viewer=viewer,
        since=pd.Timestamp("2024-07-01").date(),
        until=pd.Timestamp("2025-06-30").date(),
    )
    before = ask(Question("residents_enrolled"), year)
    assert not before.is_nearest
    assert rows_of(page, "region-compared")["Residents enrolled"][3] == f"{before.total.value:,}"


def test_a_group_that_is_not_part_of_the_view_ends_the_page():
    page = run(PAGE, region="Northwest", group="veteran", **{"as": "director:Eastern"})
    assert not page.exception and "<table" not in html(page)


def test_the_name_of_a_provider_filters_the_page():
    page = run(PAGE, region="Northwest")
    name = "Cornerstone Trades Hall (demo)"
    say(page, f"pick Completion and jobs by provider in Northwest: {name}", name)
    assert name in lead(page), "the sentence names its filters"


def test_every_town_of_the_region_has_a_row_even_if_nobody_enrolled():
    page = run(PAGE, region="Northwest", sector="Life sciences", **{"as": "officer"})
    assert set(TOWNS[TOWNS["region"] == "Northwest"]["town"]) <= set(rows_of(page, "region-towns"))


def test_the_file_has_numbers_with_their_units():
    page = say(run(PAGE, region="Northwest"), "save:region-compared", True)
    header, *rows = files(page)[0]["text"].splitlines()
    assert header.startswith('Measure,Northwest,State,Rank of the regions,"On November 13, 2025",Unit,')
    rate = next(row for row in rows if row.startswith("Completion rate,")).split(",")
    assert 0 < float(rate[1]) < 1 and rate[5] == "share"


def test_points_to_raise_state_the_filters_and_link_to_the_region():
    page = run(PAGE, region="Eastern", sector="Healthcare")
    findings = re.findall(r'<div class="finding"><p>(.*?)</p>(.*?)</div>', html(page), re.S)
    assert 0 < len(findings) <= 11
    for sentence, link in findings:
        assert "Eastern" in sentence and "Healthcare" in sentence and "region=Eastern" in link


def test_the_map_follows_a_group_by_its_counts():
    page = html(run(PAGE, region="Northwest", group="woman", **{"as": "officer"}))
    drawing = page.split('data-name="chart-town-map"')[1].split("</section>")[0]
    women = ask(Question("residents_enrolled", "town"), Scope(region="Northwest", group="woman")).row("Torrington")
    assert f"Torrington, Northwest: {women.value}" in drawing
    assert "Women enrolled in Northwest" in drawing and "per 10,000" not in drawing
    assert "Women enrolled by town in Northwest" in page
    assert "so its counts are not compared" in page and "compared with the rest of the region" not in page


def test_the_map_of_a_region_is_of_its_towns_only():
    page = html(run(PAGE, region="Northwest"))
    drawing = page.split('data-name="chart-town-map"')[1].split("</svg>")[0]
    assert "Torrington, Northwest: " in drawing
    assert "Bridgeport, " not in drawing
    assert drawing.count("<a href") == 1 and 'class="other"' not in drawing
