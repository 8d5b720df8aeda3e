"""The page that plans: what it says of a goal, and that its address is the whole plan."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from queries import Goal, Question, Scope, ask
from tests.app_driver import files, html, lead, say, text
from tests.pages.test_pages import run


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, in_store):
    in_store.setenv("DASHBOARD_STORE", str(demo_store))


def plan(**address: str):
    return run("pages/plan.py", **address)


def sent(page) -> str:
    """The sentence to send, with its address."""
    return unescape(re.search(r'<ul class="quotes"><li><span>(.*?)</span>', html(page)).group(1))


def test_without_a_group_the_groups_that_are_short_are_offered():
    page = plan()
    assert "Choose a group to see what would close its gap" in text(page)
    offered = re.findall(r'data-event="(offer-.*?)"', html(page))
    assert offered == ["offer-group-woman", "offer-group-disability", "offer-group-immigrant"]
    say(page, "offer-group-woman", True)
    assert page.query_params["group"] == "woman" and "more women must enroll" in lead(page)


def test_the_answer_comes_first_with_the_numbers_of_the_plan():
    row = ask(Question("closing_plan", goal=Goal(value=0.11)), Scope(group="disability")).total
    said = lead(plan(group="disability", target="11"))
    assert said.startswith("To reach 11% by November 13, 2027, ")
    assert (
        f" {row.value} more people with disabilities must enroll: {row.needed_monthly:.0f} a month, against "
        in said
    )


def test_the_address_of_a_plan_opens_the_same_plan():
    first = plan(group="disability", what="share", target="11", due="2027-12-31", by="sector", region="Eastern")
    assert sent(first).startswith(unescape(lead(first)))
    address = dict(part.split("=") for part in sent(first).split("/plan?")[1].split("&"))
    assert address == {
        "region": "Eastern", "group": "disability", "what": "share", "by": "sector", "target": "11", "due": "2027-12-31",
    }  # fmt: skip
    again = plan(**address)
    assert lead(again) == lead(first) and text(again) == text(first)


def test_an_address_without_a_goal_is_sent_with_the_goal_it_stood_for():
    address = sent(plan(group="woman"))
    assert "target=50.95" in address and "due=2027-11-13" in address


@pytest.mark.parametrize(
    "address",
    [
        {"target": "1e9"},
        {"target": "-1"},
        {"due": "yesterday"},
        {"due": "2020-01-01"},
        {"by": "town"},
        {"what": "wages"},
    ],
)
def test_hostile_values_get_a_notice_and_the_default(address):
    page = plan(group="disability", **address)
    assert not page.exception and "Part of the address was left out" in text(page)
    assert lead(page) == lead(plan(group="disability"))


def test_a_goal_out_of_reach_says_what_could_be_reached():
    said = lead(plan(group="disability", target="60"))
    assert said.startswith("60% cannot be reached by November 13, 2027: it asks for ")
    assert re.search(r"At full capacity the share would be \d+%\.$", said)
    assert "Every region would be at its limit" in text(plan(group="disability", target="60"))


def test_a_goal_that_is_reached_says_so():
    page = plan(group="veteran", target="3")
    assert "are 6.5% of residents who answered: the goal of 3% is reached. If no more of them enrolled" in lead(page)
    assert "Nobody is asked for more than now" in text(page)


def test_a_group_without_goal_or_benchmark_is_asked_for_one():
    page = plan(group="reentry")
    assert lead(page) == "No target has been set, and no comparable benchmark exists: choose a goal."
    assert '<input id="own-target" type="number" value=""' in html(page)
    assert lead(plan(group="reentry", target="10")).startswith("To reach 10% by ")


def test_a_rate_is_planned_in_ends_a_month_and_names_its_doubt():
    said = lead(plan(group="veteran", what="placement"))
    assert (
        "of the exits of veterans until November 13, 2027 to lead to a job" in said
        and "placements a month are needed" in said
    )
    assert "The present rate may be that high already" in said
    assert "not enough people to say" in text(plan(group="veteran", what="placement")).lower()
    few = lead(plan(group="veteran", what="placement", region="Eastern", sector="Green jobs"))
    assert few.startswith("Not enough people to say: ")


def test_a_region_and_a_sector_leave_nothing_to_share_out():
    page = plan(group="woman", region="Eastern", sector="Healthcare")
    assert not page.exception and "Shared out over" not in text(page) and "Region by region" not in text(page)
    assert " in Eastern in Healthcare" in lead(page)


@pytest.mark.parametrize("table", ["plan", "asked-a-month"])
def test_the_file_carries_the_goal(table):
    (file,) = files(say(plan(group="disability", target="11"), f"save:{table}", True))
    rows = list(csv.DictReader(io.StringIO(file["text"])))
    assert len(rows) > 2
    assert {(row["group"], row["goal_of"], row["goal"], row["goal_due_on"], row["goal_by"]) for row in rows} == {
        ("disability", "participation_share", "0.11", "2027-11-13", "region")
    }


@pytest.mark.parametrize("group", ["bipoc", "immigrant", "woman"])
def test_a_plan_that_a_reader_sees_in_part_is_no_other_plan(group):
    """Regions that are held back count as room: what they lack in the table is not missing from the answer."""
    whole, part = plan(group=group), plan(group=group, **{"as": "governor"})
    assert not part.exception and "fewer than 10 on one side" in html(part)
    assert lead(part) == lead(whole)
    assert "largest step" not in html(part) or "of the regions shown" in html(part)
