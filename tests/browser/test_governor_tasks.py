"""What the Governor's office comes for, done as a reader would, each answer against pandas: at most three clicks from the first screen."""

from __future__ import annotations

import pandas as pd
import pytest

from components.text import format
from tests.browser import tasks
from tests.browser.tasks import TODAY, enrolled_people, first_enrolled
from tests.queries import independent
from tests.queries.test_measures import accepted_facts

pytestmark = pytest.mark.browser
NOW = pd.Timestamp(TODAY)


@pytest.fixture
def reader(page, server):
    return tasks.reading(page, f"{server.url}/?as=governor")


@pytest.fixture
def exact_reader(page, server):
    """The front page for a reader who may ask about any days: access.toml can give the Governor's office these rights."""
    return tasks.reading(page, f"{server.url}/?as=officer")


@pytest.fixture(scope="module")
def view(frame):
    return independent.as_of_view(frame, TODAY)


@pytest.fixture(scope="module")
def recovery_funds(demo_store, demo_deliveries):
    """The accepted ledger of the initiative that is paid from the recovery funds."""
    return tasks.ledger(demo_store, demo_deliveries[-1]).query("initiative == 'CareerConneCT'")


def left(ledger: pd.DataFrame) -> float:
    sums = ledger.groupby("kind")["amount"].sum()
    return float(sums["obligated"] - sums["expended"])


LATE = "Records reported late can still raise the newer number."


def fewer(now: int, before: int) -> str:
    return f"{format.share((before - now) / before, 0)} fewer than the {format.people(before)}"


def test_how_many_are_trained_and_whether_that_is_on_pace_is_on_the_first_screen(reader, view, demo_deliveries):
    quarter = first_enrolled(view, "2026-07-01", "2026-09-30")
    year_before = first_enrolled(view, "2025-07-01", "2025-09-30")
    assert reader.see_at_once(reader.page.locator(".lead")) == (
        f"In Jul–Sep 2026, {quarter} residents enrolled for the first time. "
        f"That is {fewer(quarter, year_before)} in the same quarter a year earlier. {LATE}"
    )
    targets = pd.read_csv(demo_deliveries[-1] / "targets.csv").query("measure == 'residents_enrolled'")
    target = int(targets.sort_values("set_on")["value"].iloc[-1])
    enrolled = enrolled_people(view.query("initiative == 'CareerConneCT'"))
    assert enrolled >= target
    more = reader.see_at_once(reader.page.locator(".lead-more"))
    assert f"In all, {format.people(enrolled_people(view))} residents have enrolled as of November 13, 2026." in more
    assert (
        f"CareerConneCT is past its target of {format.people(target)}, with {format.people(enrolled)} enrolled." in more
    )
    completions = (view["outcome"] == "completed").sum()
    card = reader.page.locator(".figures .card", has_text="Completions").locator(".value")
    assert reader.see_at_once(card) == format.people(completions)


def test_a_sector_in_a_towns_region_since_july_is_three_clicks_away_next_to_last_year(exact_reader, view):
    rows = view.query("region == 'Southwest' and sector == 'Healthcare'")
    since_july = first_enrolled(rows, "2026-07-01", "2026-11-13")
    year_before = first_enrolled(rows, "2025-07-01", "2025-11-13")
    exact_reader.search("Bridgeport", "Regions")
    exact_reader.open_menu("Overview", "Overview")
    exact_reader.choose("Sector", "Healthcare", parameter="sector")
    assert exact_reader.see_at_once(exact_reader.page.locator(".lead")) == (
        f"Since July 1, 2026, {since_july} residents enrolled for the first time in Healthcare in Southwest. "
        f"That is {fewer(since_july, year_before)} in the same days a year earlier. {LATE}"
    )


def test_a_protected_reader_gets_the_last_full_quarter_of_a_region(reader, view):
    rows = view.query("region == 'Southwest'")
    quarter = first_enrolled(rows, "2026-07-01", "2026-09-30")
    year_before = first_enrolled(rows, "2025-07-01", "2025-09-30")
    reader.choose("Region", "Southwest", parameter="region")
    assert reader.see_at_once(reader.page.locator(".lead")) == (
        f"In Jul–Sep 2026, {quarter} residents enrolled for the first time in Southwest. "
        f"That is {fewer(quarter, year_before)} in the same quarter a year earlier. {LATE}"
    )


def test_a_protected_reader_gets_a_sector_in_a_region_for_all_time_and_reads_why(reader, view):
    enrolled = enrolled_people(view.query("region == 'Southwest' and sector == 'Healthcare'"))
    reader.choose("Region", "Southwest", parameter="region")
    reader.choose("Sector", "Healthcare", parameter="sector")
    lead = reader.see_at_once(reader.page.locator(".lead"))
    assert lead.startswith(
        f"In all, {format.people(enrolled)} residents have enrolled in Healthcare in Southwest as of"
    )
    more = reader.see_at_once(reader.page.locator(".lead-more"))
    assert "are not shown. To protect residents’ privacy, your role sees no counts or rates of people" in more
    line = reader.see_at_once(reader.page.locator(".scope-line"))
    assert "your role can combine two filters, or one filter and a period" in line


def test_what_changed_since_the_previous_delivery_is_on_the_front_page(
    page, server, frame, demo_store, demo_deliveries
):
    earlier = accepted_facts(demo_store, demo_deliveries[-2])
    before = set(earlier.loc[earlier["enrolled_on"].notna(), "participant_id"])
    first = frame.groupby("participant_id")["enrolled_on"].min().dropna()
    assert before == set(first[first <= "2024-06-28"].index)  # nobody was added or removed in hindsight
    new = format.people((first > "2024-06-28").sum())
    reader = tasks.reading(page, f"{server.url}/?as=officer")
    line = page.get_by_text("since the delivery of June 28, 2024")
    text = f"Residents enrolled, new since the delivery of June 28, 2024: +{new}. Earlier figures of this measure were not revised."
    assert reader.see(line).startswith(text)
    # protected readers compare dollars only
    spent = [tasks.ledger(demo_store, folder).query("kind == 'expended'") for folder in demo_deliveries[-2:]]
    assert set(spent[0]["transaction_id"]) == set(spent[1].loc[spent[1]["posted_on"] <= "2024-06-28", "transaction_id"])
    more = format.dollars(spent[1]["amount"].sum() - spent[0]["amount"].sum())
    reader = tasks.reading(page, f"{server.url}/?as=governor")
    text = f"Dollars spent, new since the delivery of June 28, 2024: +{more}. Earlier figures of this measure were not revised."
    assert reader.see(line).startswith(text)


def test_the_money_that_must_be_spent_is_on_the_first_screen_and_what_would_lapse_a_click_away(reader, recovery_funds):
    days = (pd.Timestamp("2026-12-31") - NOW).days
    remaining = left(recovery_funds)
    more = reader.see_at_once(reader.page.locator(".lead-more"))
    assert f"{format.dollars(remaining)} of CareerConneCT’s obligated dollars must be spent by" in more
    assert f"December 31, 2026, in {days} days" in more
    spent = recovery_funds.query("kind == 'expended'")
    recent = spent.loc[spent["posted_on"] > NOW - pd.Timedelta(days=90), "amount"].sum()
    lapse = remaining - recent / 90 * days
    reader.open_menu("Money", "Money")
    lead = reader.see_at_once(reader.page.locator(".lead"))
    assert f"CareerConneCT spent {format.dollars(recent)} in the last 90 days." in lead
    assert f"{format.dollars(lapse)} of the obligated dollars would lapse on December 31, 2026." in lead
