"""The plan page: what it says about a goal, and that its address carries the entire plan."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl

import pytest

from components.text.narratives import plan as narrative
from queries import Goal, Question, Scope, ask
from queries.access import rights
from queries.calculators.plan_goal import GoalSource
from queries.calculators.plan_rows import PlanRow
from queries.privacy.suppression import is_hidden
from tests.app_driver import files, html, lead, say, text
from tests.components import rows
from tests.pages.test_pages import run


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def plan(**address: str):
    return run("pages/gap_plan.py", **address)


def sent(page) -> str:
    """Return the sentence to share, with its address."""
    return unescape(re.search(r'<ul class="quotes"><li><span>(.*?)</span>', html(page)).group(1))


def test_without_a_group_the_groups_that_are_short_are_offered():
    page = plan()
    assert "Choose a group to see what would close its gap" in text(page)
    offered = re.findall(r'data-event="(offer-.*?)"', html(page))
    assert offered == ["offer-group-woman", "offer-group-immigrant"]
    say(page, "offer-group-woman", True)
    assert page.query_params["group"] == "woman"
    assert "more women must enroll" in lead(page)


LINKING = {
    "pages/equity.py": {},
    "pages/my_region.py": {"region": "Northwest"},
    "pages/one_group.py": {"group": "immigrant", "region": "Northwest"},
}


def links_to_plans(page) -> list[tuple[str, dict[str, str]]]:
    """Return the label of each link to a plan that stands in a list or a paragraph, and its filters."""
    links = re.findall(r'<a [^>]*href="/gap_plan\?([^"]*)"[^>]*class="way"[^>]*>(.*?)</a>', html(page))
    return [(unescape(label), dict(parse_qsl(unescape(query)))) for query, label in links]


@pytest.mark.parametrize(("script", "address"), LINKING.items())
@pytest.mark.parametrize("reader", ["governor", "officer", "director:Northwest"])
def test_a_link_to_a_plan_leads_to_what_it_says(script, address, reader):
    """A protected reader's plan is for the whole state: a link next to a sentence about a region says so."""
    links = [link for link in links_to_plans(run(script, **address, **{"as": reader})) if "group" in link[1]]
    assert links
    for label, params in links:
        sentence = lead(plan(**params))
        assert "your role" not in sentence, label
        assert ("in all regions" in label) == ("region" not in params) == (reader == "governor"), label
        assert params.get("region", "") in sentence


def test_a_cell_of_a_region_leads_to_a_page_that_the_reader_can_see():
    for reader, target in (("governor", "/one_group"), ("officer", "/gap_plan")):
        table = html(run("pages/equity.py", **{"as": reader})).split('class="heat"')[2].split("</table>")[0]
        cells = re.findall(r'href="(/\w+)\?([^"]*)"', table)
        assert {path for path, query in cells if "region=" in query} == {target}


@pytest.mark.parametrize("group", [None, "immigrant"])
def test_where_a_role_sees_no_plan_the_page_leads_to_the_wider_plan(group):
    address = {"region": "Northwest", "as": "governor"} | ({"group": group} if group else {})
    page = plan(**address)
    assert "offer-group" not in html(page)
    assert f"sees {'the plan' if group else 'plans'} for all regions together." in lead(page)
    [(label, params)] = links_to_plans(page)
    assert label == f"Plan for {'immigrants' if group else 'a group'} in all regions"
    assert ("more immigrants must enroll" if group else "Choose a group to see") in lead(plan(**params))


def test_the_answer_comes_first_with_the_numbers_of_the_plan():
    row = ask(Question("closing_plan", goal=Goal(value=0.11)), Scope(group="disability")).total
    page_text = lead(plan(group="disability", target="11"))
    assert page_text.startswith("To reach 11% by November 13, 2027, ")
    assert (
        f" {row.value} more people with disabilities must enroll. That is {row.needed_monthly:.0f} a month, compared with "
        in page_text
    )


def test_the_plan_says_that_others_enroll_too():
    """Equity counts who is missing today: fewer than the plan, in which the others enroll as well until the date."""
    group = "woman"
    today = next(row.value for row in ask(Question("gap_residents"), Scope()).rows if row.group == group)
    assert today < ask(Question("closing_plan"), Scope(group=group)).total.value
    assert "by November 13, 2027 if others keep enrolling as now" in text(plan(group=group))


def test_the_address_of_a_plan_opens_the_same_plan():
    first = plan(group="disability", what="share", target="11", due="2027-12-31", by="sector", region="Eastern")
    assert sent(first).startswith(unescape(lead(first)))
    address = dict(part.split("=") for part in sent(first).split("/gap_plan?")[1].split("&"))
    assert address == {
        "region": "Eastern", "group": "disability", "what": "share", "by": "sector", "target": "11", "due": "2027-12-31",
    }  # fmt: skip
    again = plan(**address)
    assert lead(again) == lead(first)
    assert text(again) == text(first)


def test_an_address_without_a_goal_is_sent_with_the_goal_it_stood_for():
    address = sent(plan(group="woman"))
    assert "target=50.95" in address
    assert "due=2027-11-13" in address


def test_residents_without_room_in_any_region_are_counted_next_to_the_table():
    scope, goal = Scope(group="woman", sector="Manufacturing"), Goal()
    needed = ask(Question("closing_plan", goal=goal), scope).total.value
    rows = sum(row.value for row in ask(Question("closing_plan", "region", goal=goal), scope).rows)
    assert rows < needed
    page_text = text(plan(group="woman", sector="Manufacturing"))
    assert (
        f"The rows add up to {rows:,}. Of the {needed:,} more women needed in Manufacturing, {needed - rows:,} have no room"
        in page_text
    )
    assert "Every region is given as many as it has room for." in page_text
    assert "same multiple" not in page_text
    assert "have no room in any" not in text(plan(group="woman"))


def test_a_goal_that_nobody_typed_is_rounded_as_elsewhere():
    assert lead(plan(group="woman")).startswith("To reach 51% by")
    assert lead(plan(group="woman", target="50.95")).startswith("To reach 50.95% by")


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
    assert not page.exception
    assert "Part of the address was left out" in text(page)
    assert lead(page) == lead(plan(group="disability"))


def test_a_goal_out_of_reach_says_what_could_be_reached():
    page_text = lead(plan(group="disability", target="60"))
    assert page_text.startswith(
        "60% by November 13, 2027 is more than the past maximum enrollment would reach. It needs "
    )
    assert re.search(r"At that maximum, the share would be \d+%\.$", page_text)
    assert "Every region would be at its past maximum" in text(plan(group="disability", target="60"))


def test_a_plan_of_a_day_is_counted_in_days_and_asks_of_every_region_what_it_has_room_for():
    page_text = text(plan(group="disability", target="60", due="2026-11-14"))
    assert "over 1 day, " in page_text and "no months" not in page_text
    assert "None needed" not in page_text


def test_a_share_that_misses_the_goal_does_not_read_like_it():
    row = PlanRow(key="Total", value=24, what="participation_share", goal=0.30, goal_source=GoalSource.TARGET, months=9.0,
                  numerator=87, denominator=301, share=87 / 301, share_on_course=0.2975)  # fmt: skip
    answer = replace(rows.answer(row), rows=(row,))
    assert narrative.figures(answer)[-1].context == "87 of 301; at the present rate just under 30% by then"


def test_a_goal_that_is_reached_says_so():
    page = plan(group="veteran", target="3")
    assert "are 6.5% of residents who answered, so the goal of 3% is reached. If no more of them enrolled" in lead(page)
    assert "No region needs more than now" in text(page)


def test_a_group_without_goal_or_benchmark_needs_a_chosen_goal():
    page = plan(group="reentry")
    assert (
        lead(page)
        == "No target has been set, and no comparable benchmark exists: choose a goal for residents in re-entry."
    )
    assert '<input id="own-target" type="number" value=""' in html(page)
    assert lead(plan(group="reentry", target="10")).startswith("To reach 10% by ")


def test_a_rate_is_planned_in_ends_a_month_and_names_its_doubt():
    page_text = lead(plan(group="veteran", what="placement", target="80"))
    assert "of their exits would be followed by a job. That is" in page_text
    assert "more jobs a month. Then" in page_text
    assert "The present rate may already be that high" in page_text
    assert "not enough people to say" in text(plan(group="veteran", what="placement")).lower()
    few = lead(plan(group="veteran", what="placement", region="Eastern", sector="Green jobs"))
    assert few.startswith("Not enough people to say: ")


def test_what_is_needed_is_what_there_is_now_and_what_must_be_added():
    """Rounded to whole people, 25.5 needed and 25.4 now would read as 26 and 25 next to "0.1 more"."""
    sentence = lead(plan(group="woman", what="completion", as_of="2026-11-13"))
    more, needed, now = map(
        float,
        re.search(
            r"need ([\d.]+) more .*? is ([\d.]+) a month until .*?, compared with ([\d.]+) now", sentence
        ).groups(),
    )
    assert needed - now == pytest.approx(more, abs=0.11)
    assert needed > now


def test_a_region_and_a_sector_leave_nothing_to_share_out():
    page = plan(group="woman", region="Eastern", sector="Healthcare")
    assert not page.exception
    assert "Split by" not in text(page)
    assert "Region by region" not in text(page)
    assert " in Healthcare in Eastern" in lead(page)


@pytest.mark.parametrize("table", ["plan", "needed-per-month"])
def test_the_file_carries_the_goal(table):
    (file,) = files(say(plan(group="disability", target="11"), f"save:{table}", True))
    rows = list(csv.DictReader(io.StringIO(file["text"])))
    assert len(rows) > 2
    assert {(row["group"], row["goal_of"], row["goal"], row["goal_due_on"], row["goal_by"]) for row in rows} == {
        ("disability", "participation_share", "0.11", "2027-11-13", "region")
    }


@pytest.mark.parametrize("group", ["bipoc", "immigrant", "woman"])
def test_a_plan_that_a_reader_sees_in_part_is_no_other_plan(group):
    """Regions hidden from a reader still count as room: the answer is the same as for a reader who sees them."""
    full, partial = plan(group=group), plan(group=group, **{"as": "governor"})
    assert not partial.exception
    assert "hidden for privacy" in html(partial) or "no plan is shown for" in html(partial)
    assert lead(partial) == lead(full)
    assert "largest increase" not in html(partial) or "of the regions shown" in html(partial)


@pytest.mark.parametrize("by", ["region", "sector"])
def test_where_most_of_a_plan_is_hidden_the_page_says_what_there_is_and_leads_to_it(by):
    """A Governor's plan by region was a table of hidden rows."""
    page = plan(group="woman", by=by, **{"as": "governor"})
    goal = ask(Question("closing_plan"), Scope(group="woman")).goal
    viewer = rights.viewer("governor")
    places = {
        each: ask(Question("closing_plan", each, goal=goal), Scope(group="woman", viewer=viewer)).rows
        for each in ("region", "sector")
    }
    hidden = {each: [row.key for row in rows if is_hidden(row)] for each, rows in places.items()}
    is_mostly_hidden = 2 * len(hidden[by]) > len(places[by])
    page_text = text(page)
    assert ("no plan is shown for " in page_text) == is_mostly_hidden
    assert page_text.count("hidden for privacy") == (0 if is_mostly_hidden else len(hidden[by]))
    if is_mostly_hidden:
        assert all(name in page_text for name in hidden[by])
        assert "Your role sees the total above, which counts everyone" in page_text, "what it sees stands first"
        other = "sector" if by == "region" else "region"
        is_more = len(places[other]) - len(hidden[other]) > len(places[by]) - len(hidden[by])
        assert (f"Plan by {other}, where more is shown" in page_text) == is_more
