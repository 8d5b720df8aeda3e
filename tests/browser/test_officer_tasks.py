"""What the Chief Workforce Officer comes for, done as a reader would, each answer against pandas: at most three clicks."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest
from scipy.stats import fisher_exact

from components.text import format
from tests.browser import tasks
from tests.browser.tasks import TODAY, completion_rate, enrolled_people
from tests.conftest import ROOT
from tests.queries import independent

pytestmark = pytest.mark.browser
LABELS = {
    "bipoc": "BIPOC residents", "disability": "People with disabilities", "reentry": "Re-entry population",
    "opportunity_youth": "Opportunity youth", "veteran": "Veterans", "immigrant": "Immigrants", "woman": "Women",
}  # fmt: skip
ENOUGH = 30
QUARTER = "2026-10-01"


@pytest.fixture
def reader(page, server):
    return tasks.reading(page, f"{server.url}/equity?as=officer")


@pytest.fixture(scope="module")
def view(frame):
    return independent.as_of_view(frame, TODAY)


def cell(reader, group: str, column: int):
    """A cell of the heat table: 0 in the program, 1 enrolled, 2 completed, 3 credential, 4 job."""
    heading = reader.page.get_by_role("rowheader", name=LABELS[group], exact=True)
    return reader.page.locator(".heat tbody tr", has=heading).locator("td").nth(column)


def sides(exits: pd.DataFrame, is_member: pd.Series, is_other: pd.Series) -> list[tuple[int, int]]:
    """Completions and other exits of members, and of others."""
    done = exits["outcome"] == "completed"
    return [(int((done & side).sum()), int((~done & side).sum())) for side in (is_member, is_other)]


def rate(side: tuple[int, int]) -> float:
    return side[0] / sum(side)


def test_which_group_is_behind_in_a_sector_this_quarter_is_two_clicks_away(reader, view):
    rows = view.query("sector == 'Manufacturing'")
    reader.choose("Sector", "Manufacturing", parameter="sector")
    reader.choose("Period", "Oct–Dec 2026 so far", parameter="from")
    recent = tasks.exits(view, sector="Manufacturing").query("exited_on >= @QUARTER")
    for group, label in LABELS.items():
        members = enrolled_people(rows[(rows["enrolled_on"] >= QUARTER) & rows[group].eq(True)])
        assert reader.row("table-overview", label)[1] == format.people(members)
        assert min(map(sum, sides(recent, recent[group].eq(True), recent[group].eq(False)))) < ENOUGH
        text = reader.see_at_once(cell(reader, group, 2).locator("a"))
        assert text in ("too few to say", "nobody to compare yet", "not known"), "fewer than 30 exits say nothing"
    leads = reader.page.locator(".lead-more")
    assert reader.see_at_once(leads) == "Too few residents to compare any group’s results with others’."


def test_whether_a_difference_is_real_or_noise_is_a_click_away(reader, frame):
    exits = tasks.exits(frame, sector="CDL licensing")
    reader.choose("Sector", "CDL licensing", parameter="sector")
    members, others = sides(exits, exits["woman"].eq(True), exits["woman"].eq(False))
    assert fisher_exact([members, others]).pvalue < 1e-6
    size = format.points(rate(others) - rate(members)).lstrip("+")
    assert rate(members) < 0.8 * rate(others)
    assert reader.see_at_once(cell(reader, "woman", 2).locator("a")) == f"▼ {size} (flagged)"
    members, others = sides(exits, exits["veteran"].eq(True), exits["veteran"].eq(False))
    assert fisher_exact([members, others]).pvalue > 0.05
    assert reader.see_at_once(cell(reader, "veteran", 2).locator("a")) == "no clear difference"
    text = reader.see(reader.page.get_by_text("▼ lower and ▲ higher are unlikely to be chance"))
    assert text.endswith("credentials and jobs: also below four-fifths of the highest rate.")


def test_the_step_where_a_gap_opens_is_a_click_away(reader, frame):
    rates = independent.measure("intake_rate", frame, by=None, as_of=TODAY, group="reentry")
    others = independent.measure("intake_rate", frame, by=None, as_of=TODAY, group="reentry", side="out")
    (inside, successes, trials), (outside, _, _) = rates["Total"], others["Total"]
    assert (
        reader.see_at_once(cell(reader, "reentry", 1).locator("a"))
        == f"▼ {format.points(outside - inside).lstrip('+')}"
    )
    reader.follow(cell(reader, "reentry", 1).get_by_role("link"), "One group")
    title = reader.page.locator('[data-name="chart-gap-by-step"] h3')
    assert reader.see(title) == (
        f"Residents in re-entry fall furthest behind at “enrolled”: {format.ratio(inside / outside)} times the rate of others. "
        f"At the others’ rate, {format.people(round(outside * trials - successes))} more would have enrolled"
    )


def test_what_would_close_a_gap_is_two_clicks_away(reader, view):
    benchmarks = pd.read_csv(ROOT / "data/reference/benchmarks.csv").query("group_id == 'woman' and is_default")
    goal = float(benchmarks.loc[benchmarks["region"].isna(), "share"].iloc[0])
    people = (
        view[view["enrolled_on"].notna()]
        .groupby("participant_id")
        .agg(on=("enrolled_on", "min"), woman=("woman", "first"))
    )
    women, others = int(people["woman"].eq(True).sum()), int(people["woman"].eq(False).sum())
    short = math.ceil((goal * (women + others) - women) / (1 - goal))
    assert reader.see_at_once(cell(reader, "woman", 6)) == format.people(short)
    reader.open_menu("Gap plan", "Gap plan")
    reader.click(reader.page.get_by_role("button", name=f"Women: {format.people(short)} residents short today"))
    reader.page.wait_for_url("**group=woman*")
    reader.page.locator(".figures").wait_for()
    due = date.fromisoformat(reader.page.get_by_label("By date").input_value())
    months = (due - TODAY).days / 30.4375
    recent = people["on"].between("2026-05-01", "2026-10-31") & people["woman"].eq(False)
    then = others + recent.sum() / 6 * months
    needed = math.ceil(goal * then / (1 - goal) - women)
    values = reader.page.locator(".figures .value").all_inner_texts()
    assert values[0] == format.people(needed)
    assert values[3] == format.share(women / (women + others))
    assert f"{format.people(needed)} more women" in reader.see_at_once(reader.page.locator(".lead"))


def test_women_who_are_also_bipoc_are_two_clicks_away(reader, frame):
    exits = tasks.exits(frame)
    is_member = exits["woman"].eq(True) & exits["bipoc"].eq(True)
    members, others = sides(exits, is_member, exits["woman"].eq(False) | exits["bipoc"].eq(False))
    chart = reader.page.locator('[data-name="chart-two-groups"]')
    reader.jump("Residents in two groups at once", chart)
    people = frame[frame["enrolled_on"].notna()].drop_duplicates("participant_id")
    both = people["woman"].eq(True) & people["bipoc"].eq(True)
    answered = people["woman"].notna() & people["bipoc"].notna()
    enrolled, part, _, in_base, *_ = reader.row("table-pairs-enrolled", "BIPOC residents + women")
    assert (enrolled, in_base) == (format.people(int(both.sum())), format.people(int(answered.sum())))
    assert part == format.share(int(both.sum()) / int(answered.sum()))
    reader.click(chart.locator(".see > summary"))
    chart.locator("table").wait_for()
    in_both, inside, outside, *_, finding = reader.row("chart-two-groups", "BIPOC residents + women")
    assert in_both == format.people(exits.loc[is_member, "participant_id"].nunique())
    assert (inside, outside) == (format.share(rate(members)), format.share(rate(others)))
    pairs = math.comb(len(LABELS), 2)
    assert fisher_exact([members, others]).pvalue * pairs > 0.05 and finding == "No clear difference"


def test_two_regions_side_by_side_are_three_clicks_away(reader, frame, view):
    reader.open_menu("Regions", "Regions")
    reader.choose("Region", "Eastern", parameter="region")
    reader.choose("Compare", "Southwest", parameter="compare")
    cards = reader.page.locator(".figures .card")
    for label, rates in (
        (
            "Residents enrolled",
            [format.people(enrolled_people(view[view["region"] == name])) for name in ("Eastern", "Southwest")],
        ),
        ("Completion rate", [completion_rate(frame, region=name) for name in ("Eastern", "Southwest")]),
    ):
        card = reader.see_at_once(cards.filter(has_text=label).first)
        assert rates[0] in card and f"{rates[1]} " in card and "in Southwest" in card
