"""The words and tables of one region, over answers made for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from components.text.narratives import my_region, region_data, region_ranks, region_tables
from components.text.narratives import region_points as narrative
from components.text.narratives.answer_data import EQUITY_QUESTIONS, EquityData
from queries import Answer, Row, Scope
from queries.access.viewer import Viewer
from queries.calculators.burn import BurnRow
from queries.calculators.gap import GapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict
from queries.models import AnswerStatus, Suppression
from queries.verdicts import ALIKE, AT_GOAL, BELOW, LOWER, Verdict
from tests.components import rows

TODAY = date(2026, 11, 13)
EASTERN = Scope(region="Eastern")


def rate(key: str, successes: float | None, trials: float, suppression: Suppression | None = None) -> Row:
    value = None if successes is None else successes / trials
    note = "hidden for privacy" if suppression else None
    return Row(key=key, value=value, numerator=successes, denominator=trials, note=note, suppression=suppression)


def answer(*given: Row, scope: Scope = EASTERN, unit: str = "share") -> Answer:
    return replace(rows.answer(*given, unit=unit), scope=scope)


def test_dollars_are_those_until_the_end_of_the_period():
    year = Scope(since=date(2025, 7, 1), until=date(2026, 6, 30), region="Eastern")
    assert region_data.money_scope(year, TODAY) == Scope(region="Eastern", as_of=date(2026, 6, 30))
    assert region_data.money_scope(year.but(until=date(2026, 12, 31)), TODAY).as_of == TODAY
    assert region_data.money_scope(EASTERN, TODAY) == EASTERN


def towns(*given: tuple[str, float | None, float]) -> list[region_tables.Town]:
    """Return the towns of a region that has 3,000 enrolled of 100,000 residents. given: name, residents enrolled, population."""
    hidden = {name: Suppression.PRIVACY if count is None else None for name, count, _ in given}
    per_town = [rate(name, count, population, hidden[name]) for name, count, population in given]
    counts = [replace(row, value=row.numerator) for row in per_town]
    return region_tables.towns(
        answer(*counts),
        answer(*per_town),
        answer(rate("Total", 3_000, 100_000)),
        {"Nowhere": 20_000, "Tiny": 50, "Unknown": None},
    )


def test_a_town_has_its_name_only_if_chance_is_unlikely():
    listed = towns(("Ashford", 3, 4_000), ("Bozrah", 2, 100), ("Canterbury", 120, 4_000), ("Hidden", None, 4_000))
    names = ["Nowhere", "Tiny", "Ashford", "Bozrah", "Canterbury", "Hidden", "Unknown"]
    assert [town.name for town in listed] == names
    town = dict(zip(names, listed, strict=True))
    assert town["Ashford"].verdict == region_tables.LOWER_TOWN and town["Bozrah"].verdict == "No clear difference"
    assert (town["Nowhere"].rate, town["Nowhere"].verdict) == (0, region_tables.LOWER_TOWN), (
        "none of 20,000 is no chance"
    )
    assert (town["Tiny"].rate, town["Tiny"].verdict) == (0, "No clear difference")
    assert (town["Unknown"].enrolled, town["Unknown"].rate) == (0, "no population is supplied for this place")
    assert town["Hidden"].verdict == town["Unknown"].verdict == region_tables.NOT_COMPARED
    title = region_tables.town_title(listed, answer())
    assert (
        title
        == "Enrollment per 10,000 residents in Eastern: Nowhere and Ashford are below the others, unlikely to be chance"
    )
    # every town is listed, unless some may be hidden
    assert "no town is clearly below" in region_tables.town_title(listed[3:], answer())
    governor = Viewer(role="governor", clearance="protected")
    limited = replace(answer(), scope=Scope(region="Eastern", viewer=governor))
    assert "no town shown is clearly below" in region_tables.town_title(listed[3:], limited)


def test_without_a_population_towns_are_listed_by_residents():
    counts = answer(Row(key="B", value=9), Row(key="A", value=2), unit="residents")
    listed = region_tables.towns(counts, answer(), answer(), {})
    assert list(region_tables.town_table(listed).columns) == ["Town", "Residents enrolled"]
    assert [town.name for town in listed] == ["A", "B"]
    assert region_tables.town_title(listed, counts) == "Residents enrolled by town in Eastern"


def funnel(key: str, value: float, verdict: FunnelVerdict) -> FunnelRow:
    return FunnelRow(key=key, value=value, numerator=value * 100, denominator=100, expected=0.8, verdict=verdict)


def compared(successes: float = 80, of: float = 100) -> region_data.RegionData:
    """Return a region whose job rate is given, in a state of 1,000 exits with 800 jobs. Nothing else is compared."""
    none = answer(rate("Total", None, 100))
    return region_data.RegionData(
        region="Eastern",
        regions=["Eastern", "Northwest"],
        who="residents",
        totals={"completion_rate": none, "placement_rate": job_rate(rate("Total", successes, of))},
        by_region={},
        state={"completion_rate": none, "placement_rate": job_rate(rate("Total", 800, 1_000))},
        earlier={},
    )


JOBS = region_data.Line("Job rate", "placement_rate")
SPENT = region_data.Line("Spent so far", "award_expended", "award_obligated")


def ranked(*counts: tuple[float, float]) -> region_data.RegionData:
    """Return a region among others, the first of them, by (exits with a job, exits) of each."""
    names = [f"Region {number}" for number in range(1, len(counts) + 1)]
    rows = [rate(name, *each) for name, each in zip(names, counts, strict=True)]
    total = rate("Total", *(sum(each[at] for each in counts) for at in (0, 1)))
    data = replace(compared(*counts[0]), region=names[0], regions=names)
    state = {**data.state, "placement_rate": job_rate(total)}
    return replace(data, by_region={"placement_rate": job_rate_by_region(rows)}, state=state)


def job_rate_by_region(rows: list[Row]) -> Answer:
    given = answer(*rows)
    return replace(given, measure=replace(given.measure, id="placement_rate"))


def test_a_rate_has_a_single_verdict_and_its_rank_is_a_range_where_no_single_region_differs():
    data = ranked((240, 400), (280, 420), (270, 400), (276, 410), (267, 400))
    (compared_rate,) = (each for each in region_data.rates_compared(data) if each.sides)
    assert compared_rate.is_clear, "lower than the rest of the state taken together"
    assert region_ranks.rank_of(data, JOBS) == (1, 5, 5), "no lower than any other region by itself"
    assert region_ranks.rank_cell(data, JOBS) == "1st to 5th of 5"
    assert my_region.rate_sentences(data)[-1].endswith("(state 66%, lower, unlikely to be chance).")
    words = my_region.table_words(replace(data, earlier={"placement_rate": data.totals["placement_rate"]}))
    assert "compares the region with each other region" in words
    assert "rest of the state taken together, so it can hold where a rank is a range" in words
    assert not [cell for cell in (region_ranks.rank_cell(data, JOBS), words) if "clear" in cell]


def test_few_exits_are_not_called_alike():
    (sentence,) = my_region.rate_sentences(ranked((10, 20), (500, 980)))
    assert sentence.endswith("(state 51%, too few to compare).")


def test_equal_shares_of_dollars_are_tied_and_not_left_to_chance():
    def dollars(*values: float) -> Answer:
        return answer(*(Row(key=f"Region {at}", value=value) for at, value in enumerate(values, 1)), unit="dollars")

    regions = [f"Region {number}" for number in range(1, 5)]
    by_region = {"award_expended": dollars(50, 50, 90, 50), "award_obligated": dollars(100, 100, 100, 100)}
    data = replace(compared(), regions=regions, by_region=by_region)
    cells = [region_ranks.rank_cell(replace(data, region=region), SPENT) for region in regions]
    assert cells == ["tied for 2nd of 4", "tied for 2nd of 4", "1st of 4", "tied for 2nd of 4"]
    assert "share spent is counted in dollars: chance has no part in its rank" in my_region.table_words(data)


def test_a_group_chosen_has_only_its_differences_listed_and_the_page_names_what_counts_everybody():
    given = equity(short("woman", 35), short("veteran", 2))
    raised = points(equity=given, group="veteran", completion=answer(funnel("A", 0.5, FunnelVerdict.LOWER)))
    assert [point.sentence.split()[0] for point in raised] == ["A:", "Veterans"]
    assert len(points(equity=given)) == 2
    today = date(2026, 11, 13)
    assert narrative.point_words("veterans", Scope(), today).endswith("the group filter does not apply to them.")
    assert narrative.point_words("residents", Scope(), today) == narrative.POINT_WORDS
    assert narrative.point_words("residents", Scope(since=today), today).endswith("they are as of November 13, 2026.")


def job_rate(row: Row) -> Answer:
    given = answer(row)
    return replace(given, measure=replace(given.measure, id="placement_rate", mature_days=180))


def equity(*below: GapRow, outcomes: Answer | None = None, steps: Answer | None = None) -> EquityData:
    others = dict.fromkeys(("gaps", "outcomes", "steps", "pairs", *EQUITY_QUESTIONS), answer())
    data = EquityData(**others, labels={}, nouns={"woman": "women", "veteran": "veterans"})
    return replace(data, gaps=answer(*below), outcomes=outcomes or answer(), steps=steps or answer())


def points(data: region_data.RegionData | None = None, **changes: Answer | EquityData | str) -> list[narrative.Point]:
    given: dict[str, Answer | EquityData | str] = {
        "overdue": answer(unit="residents"),
        "completion": answer(),
        "jobs": answer(),
        "burn": answer(BurnRow(key="Total", value=0.0)),
        "equity": equity(),
    }
    return narrative.points(data or compared(), **{**given, **changes})


def short(group: str, needed: int, *, verdict: str = BELOW) -> GapRow:
    return GapRow(
        key=group, group=group, value=needed, verdict=verdict, share=0.2, target=0.4, is_benchmark=True, base="adults"
    )


def behind(outcome: str, verdict: Verdict = LOWER) -> OutcomeRow:
    rates = {"value": 0.8, "numerator": 0.4, "denominator": 0.5, "known_in": 100, "successes_in": 40}
    return OutcomeRow(key="woman", group="woman", part=outcome, verdict=verdict, **rates)


def test_there_is_nothing_to_raise_without_a_reason():
    assert points() == []
    alike = equity(short("woman", 9, verdict=AT_GOAL), outcomes=answer(behind("completion_rate", ALIKE)))
    assert points(equity=alike, completion=answer(funnel("A", 0.7, FunnelVerdict.AS_EXPECTED))) == []
    assert points(compared(78)) == [], "the difference from the rest of the state could be chance"
    assert points(compared(98)) == [], "higher than the state"


def test_each_point_is_a_sentence_with_its_region_and_the_page_that_shows_more():
    lapse = BurnRow(key="Total", value=1.0, will_lapse=120_000.0, expend_by=date(2026, 12, 31))
    enrolled = StepRow(key="veteran", value=0.79, group="veteran", part="enrolled", lost=4.0, verdict=LOWER)
    raised = points(
        compared(60),
        overdue=answer(Row(key="Total", value=1), unit="enrollments"),
        jobs=answer(funnel("B", 0.5, FunnelVerdict.LOWER)),
        burn=answer(lapse),
        equity=equity(short("woman", 166), outcomes=answer(behind("completion_rate")), steps=answer(enrolled)),
    )
    assert [point.sentence for point in raised] == [
        "1 enrollment in Eastern is past its planned end with no exit reported.",
        "At the pace of the last 90 days, $120,000 in Eastern would lapse on December 31, 2026.",
        "60% of exits (at least 180 days old) in Eastern led to a job (state 80%), unlikely to be chance.",
        "Women in Eastern are enrolled at 0.50 times their share of adults, including retirees (166 more people needed).",
        "B: 50% of 100 exits in Eastern led to a job, lower than expected for whom it serves.",
        "Women in Eastern complete at 0.80 times the rate of others, unlikely to be chance.",
        "Veterans in Eastern who apply are enrolled at 0.79 times the rate of others, unlikely to be chance.",
    ]
    pages = ["regions", "money", "regions", "gap_plan", "providers", "one_group", "one_group"]
    assert [point.page for point in raised] == pages
    assert raised[4].page_values == {"outcome": "placement_rate"} and raised[5].filters == {"group": "woman"}


def test_what_is_not_listed_is_counted():
    funnels = [
        funnel(name, value, FunnelVerdict.LOWER)
        for name, value in zip("ABCDEF", (0.1, 0.2, 0.3, 0.4, 0.7, 0.71), strict=True)
    ]
    raised = points(completion=answer(*funnels), equity=equity(short("woman", 35), short("veteran", 1)))
    assert [point.sentence[:2] for point in raised[:5]] == ["A:", "B:", "C:", "D:", "Wo"]
    assert [point.sentence for point in raised[5:]] == [
        "And one more difference of groups in Eastern.",
        "And two more rates of providers in Eastern are lower than expected.",
    ]


def test_the_money_that_would_lapse_has_its_range():
    lapse = BurnRow(
        key="Total",
        value=1.0,
        will_lapse=1.3e6,
        will_lapse_low=1.2e6,
        will_lapse_high=1.4e6,
        expend_by=date(2026, 12, 31),
    )
    (point,) = points(burn=answer(lapse))
    assert point.sentence == (
        "At the pace of the last 90 days, $1.3 million in Eastern would lapse on December 31, 2026. The range is $1.2 million to "
        "$1.4 million, if spending varies as it has."
    )


def test_the_table_says_which_rates_rest_on_few_exits():
    few = compared(14, 18)
    assert "In Eastern, under 30 exits are behind the job rate." in my_region.table_words(few)
    assert "In the state" not in my_region.table_words(few)
    assert "under 30" not in my_region.table_words(compared())
    earlier = replace(
        compared(), earlier={"placement_rate": few.totals["placement_rate"]}, earlier_words="on March 31, 2024"
    )
    assert "On March 31, 2024, under 30 exits are behind the job rate." in my_region.table_words(earlier)


def test_a_rate_of_few_exits_is_given_in_counts():
    assert any(sentence.startswith("14 of 18 exits") for sentence in my_region.rate_sentences(compared(14, 18)))
    assert any(sentence.startswith("80% of exits") for sentence in my_region.rate_sentences(compared(80, 100)))


def test_a_region_with_nobody_to_count_leaves_the_others_their_ranks():
    data = ranked((240, 400), (280, 420), (60, 400))
    names = [*data.regions, "Nobody"]
    by_region = {"placement_rate": job_rate_by_region(list(data.by_region["placement_rate"].rows))}
    data = replace(data, regions=names, by_region=by_region)
    assert region_ranks.rank_cell(data, JOBS) == "1st to 2nd of 3"
    assert region_ranks.rank_cell(replace(data, region="Nobody"), JOBS) == "not ranked"
    sentence = region_ranks.in_a_sentence(region_ranks.rank_of(data, JOBS), names)
    assert sentence == "By that rate it is first or second of three regions with a rate."


def test_a_hidden_region_leaves_no_region_a_rank():
    data = ranked((240, 400), (280, 420), (60, 400))
    (first, second, _) = data.by_region["placement_rate"].rows
    for third in (rate("Region 3", None, 9, Suppression.PRIVACY), None):
        shown = [first, second, *([third] if third else [])]
        answers = {"placement_rate": replace(job_rate_by_region(shown), hidden_below=10)}
        hidden = replace(data, by_region={**data.by_region, **answers})
        assert region_ranks.rank_cell(hidden, JOBS) == "not ranked: 2 of 3 regions shown"
        assert region_ranks.WHY_HIDDEN in my_region.table_words(hidden)
    assert region_ranks.WHY_HIDDEN not in my_region.table_words(data)


def test_a_region_that_is_shown_counts_and_a_measure_that_does_not_apply_is_not_hidden():
    data = ranked((240, 400), (280, 420), (60, 400))
    total = data.totals["placement_rate"]
    data = replace(data, totals={"placement_rate": replace(total, scope=Scope(region=data.region))})
    for status, cell in (
        (AnswerStatus.NOT_RELEASED, "not ranked: 1 of 3 regions shown"),
        (AnswerStatus.NOT_APPLICABLE, "not ranked"),
    ):
        empty = replace(job_rate_by_region([]), hidden_below=10, status=status)
        hidden = replace(data, by_region={"placement_rate": empty})
        assert region_ranks.rank_cell(hidden, JOBS) == cell
        assert (region_ranks.WHY_HIDDEN in my_region.table_words(hidden)) == (cell != "not ranked")


def test_a_region_that_spent_nothing_of_its_dollars_has_a_share_of_zero():
    names = ["Eastern", "Northwest"]
    spent, obligated = (rows.answer(*[Row(key=key, value=value) for key, value in given.items()], unit="dollars")
                        for given in ({"Eastern": 50.0}, {"Eastern": 100.0, "Northwest": 80.0}))  # fmt: skip
    data = replace(compared(8, 10), regions=names, by_region={"award_expended": spent, "award_obligated": obligated})
    assert region_data.value_of(data.by_region, SPENT, "Northwest") == 0
    assert region_ranks.rank_cell(replace(data, region="Northwest"), SPENT) == "2nd of 2"
