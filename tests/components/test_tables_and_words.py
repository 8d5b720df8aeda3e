import csv
import io
import re
from dataclasses import replace
from datetime import date

import pytest
from markupsafe import Markup

from components import metric_cards, tables
from components.charts.bars import bar_chart
from components.comparison import Compared, Comparison
from components.data_table import MAX_CELL_LENGTH, Table, cell_text, column_texts, sort_positions
from components.style import escape, readable
from components.text import first_time, prose, ranking
from components.text.figure_words import figure_words
from components.text.narratives import funding, regions
from components.text.ranking import most_and_fewest
from queries import Answer, Row, Scope, measures
from queries.models import Suppression
from tests.components.rows import answer, counts


def test_a_period_counts_those_who_had_enrolled_before():
    enrolled = answer(Row(key="Total", value=216))
    assert first_time.of_enrolled(enrolled, counts(Total=216)) == ""
    this_year = replace(enrolled, scope=Scope(since=date(2026, 7, 1)))
    new = replace(counts(Total=183), scope=this_year.scope)
    assert first_time.of_enrolled(this_year, new) == "183 of them for the first time"
    assert first_time.of_enrolled(this_year, counts(Total=216)) == "for the first time"
    assert first_time.of_enrolled(this_year, counts(Total=None)) == "includes those who had enrolled before"
    assert (
        regions.of_state(this_year, counts(Total=432), "Eastern", new)
        == "183 of them for the first time · 50% of the state’s 432"
    )
    assert first_time.with_earlier(new, this_year) == "216 with those who had enrolled before"
    assert first_time.with_earlier(new, new) == "" and first_time.with_earlier(counts(Total=183), enrolled) == ""
    assert (
        first_time.sentence(this_year, new, "residents")
        == "Of the 216 residents enrolled in the period, 183 enrolled for the first time."
    )


def test_a_count_without_a_row_is_zero_but_hidden_from_a_protected_reader():
    exact = counts(Healthcare=3)
    assert prose.cell(exact, "Green jobs") == 0
    assert prose.cell(replace(exact, hidden_below=10), "Green jobs") == "nothing recorded yet"
    assert prose.cell(replace(exact, measure=answer(unit="share").measure), "Green jobs") == "nothing recorded yet"


def test_no_measure_has_a_second_word_for_a_job():
    words_of_measures = [f"{measure.label} {measure.definition} {measure.mature}" for measure in measures().values()]
    assert not [words for words in words_of_measures if re.search(r"placement|placed", words, re.IGNORECASE)]


def test_a_file_is_clean_and_safe_to_open():
    table = Table.from_columns(
        {"Name": ["=1+1", "@x", "-2", "Côté"], "Residents": [1, None, float("nan"), 4], "Day": [date(2026, 1, 2)] * 4}
    )
    text = table.to_csv({"as_of": date(2026, 11, 13), "synthetic_data": "yes"})
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [r["Name"] for r in rows] == ["'=1+1", "'@x", "'-2", "Côté"]
    assert [r["Residents"] for r in rows] == ["1", "", "", "4"]
    assert rows[0]["Day"] == "2026-01-02" and rows[0]["as_of"] == "2026-11-13" and rows[3]["synthetic_data"] == "yes"


def test_a_column_name_runs_no_formula_and_a_count_has_no_decimals():
    table = Table.from_rows([{"=1+1": "a", "Residents": 3}, {"=1+1": "b"}])
    assert table.to_csv().splitlines() == ["'=1+1,Residents", "a,3", "b,"]
    assert Table.from_rows([]).to_csv({"as_of": date(2026, 11, 13)}).splitlines() == ["as_of"]


def test_cells_are_written_as_people_write_them():
    assert cell_text(1108, unit="residents", missing="?") == "1,108"
    assert cell_text(None, unit="share", missing="not known yet") == "not known yet"
    assert cell_text(True, unit=None, missing="") == "yes"
    assert cell_text(date(2022, 10, 7), unit=None, missing="") == "October 7, 2022"
    assert len(cell_text("x" * 5000, unit=None, missing="")) == MAX_CELL_LENGTH


def test_no_definition_is_cut_in_the_glossary():
    written = {entry.id: cell_text(entry.definition, unit=None, missing="") for entry in measures().values()}
    assert written == {entry.id: entry.definition for entry in measures().values()}


def test_data_is_escaped_in_html():
    assert escape('<a href="x">') == "&lt;a href=&quot;x&quot;&gt;"


def test_sentences():
    assert prose.join(["a", "b", "c"]) == "a, b, and c" and prose.join(["a", "", "b"]) == "a and b"
    assert prose.plural(1108, "resident") == "1,108 residents" and prose.plural(1, "resident") == "1 resident"
    assert [prose.nth(n) for n in (1, 2, 3, 4, 11, 22)] == ["1st", "2nd", "3rd", "4th", "11th", "22nd"]
    assert prose.plural(0, "company") == "no companies" and prose.plural(2, "day") == "2 days"
    assert prose.pace(1.04) == "4% ahead of schedule" and prose.pace(0.9) == "10% behind schedule"
    assert prose.pace(1.001) == "on schedule" and prose.pace(None) == "pace not known"


def test_most_and_fewest_allow_for_ties_for_nobody_and_for_what_is_not_recorded():
    assert most_and_fewest(counts(Healthcare=9, Green=1, Other=5)) == "most in Healthcare (9), fewest in Green (1)"
    assert most_and_fewest(counts(A=9, B=9, C=1)) == "most in A (9) and B (9), fewest in C (1)"
    assert most_and_fewest(counts(A=2, B=2, C=2, D=2)) == "all four have 2 each"
    assert most_and_fewest(counts(A=2, B=2)) == "A and B have 2 each"
    assert most_and_fewest(counts(A=2)) == "all in A (2)"
    many = replace(counts(A=2, B=2, C=2, D=2, E=1), by="sector")
    assert most_and_fewest(many) == "most in four sectors (2 each), fewest in E (1)", "it was “most in four”"
    assert most_and_fewest(counts(A=2, B=0, C=0, D=0, E=0)) == "most in A (2), none in four others"
    assert most_and_fewest(counts(A=2, B=1, C=0)) == "most in A (2), none in C"
    assert most_and_fewest(counts(A=2, B=1, C=1, D=1, E=1)) == "most in A (2), fewest in four others (1 each)"
    assert most_and_fewest(counts(A=None)) == "there is nothing to compare yet"
    assert most_and_fewest(counts(A=9, B=1), ["A", "B", "C"]) == "most in A (9), none in C"
    unrecorded = answer(Row(key="A", value=3), Row(key="Not recorded", value=9), Row(key="B", value=1))
    assert most_and_fewest(unrecorded) == "most in A (3), fewest in B (1), of those recorded"


def test_a_hidden_row_is_not_called_smaller():
    hidden = Row(key="C", value=None, suppression=Suppression.PRIVACY)
    rows = (Row(key="A", value=30), Row(key="B", value=12), hidden)
    assert most_and_fewest(replace(answer(*rows), hidden_below=10)) == "most in A (30), of those shown"
    unrecorded = (*rows, Row(key="Not recorded", value=9))
    assert (
        most_and_fewest(replace(answer(*unrecorded), hidden_below=10)) == "most in A (30), of those recorded and shown"
    )


def test_counts_and_dollars_of_places_are_not_ranked():
    towns = replace(counts(Hartford=199, Union=3), by="town")
    assert ranking.most(towns, "town", of="women enrolled") == "Women enrolled by town"
    dollars = replace(
        answer(Row(key="Eastern", value=9.0), Row(key="Northwest", value=1.0), unit="dollars"), by="region"
    )
    assert funding.where_title(dollars, "region") == "Dollars spent by region"
    assert funding.where_title(replace(dollars, by="category"), "category").startswith("Largest part")
    assert regions.counts(
        replace(counts(Southwest=3, Eastern=9), by="region"), ["Eastern", "Northwest", "Southwest"]
    ) == ("Eastern 9, Southwest 3, and Northwest none")


def per_population(**enrolled: int) -> Answer:
    rows = [Row(key=key, value=n / 10, numerator=n, denominator=100_000) for key, n in enrolled.items()]
    return replace(answer(*rows, unit="per 10,000 residents"), by="region")


@pytest.mark.parametrize(
    ("rates", "start"),
    [
        ({"Eastern": 400, "Northwest": 300, "Southwest": 305}, "Eastern has the highest enrollment rate"),
        (
            {"Eastern": 400, "Northwest": 401, "Southwest": 305},
            "Northwest and Eastern have the highest enrollment rates",
        ),
        ({"Eastern": 310, "Northwest": 300, "Southwest": 305}, ""),  # chance could explain the order
        ({"Eastern": 400}, ""),
    ],
)
def test_a_region_is_first_by_its_size_and_beyond_chance(rates, start):
    state = per_population(Total=1005)
    text = regions.highest_rate(per_population(**rates), state, "training")
    assert text.startswith(start) and bool(text) == bool(start)
    hidden = Row(key="North Central", value=None, suppression=Suppression.PRIVACY)
    some = per_population(**rates)
    assert regions.highest_rate(replace(some, rows=(*some.rows, hidden)), state, "training") == ""


@pytest.mark.parametrize(
    ("enrolled", "rates"),
    [
        ({"Eastern": 113, "Northwest": 84}, "Eastern 11.3 and Northwest 8.4"),  # it was 11.3 and 8.40
        ({"Eastern": 9, "Northwest": 4}, "Eastern 0.90 and Northwest 0.40"),
        ({"Eastern": 113, "Northwest": 0.1}, "Eastern 11.3 and Northwest under 0.1"),
    ],
)
def test_the_rates_of_a_sentence_have_the_same_decimals(enrolled, rates):
    by_region = per_population(**enrolled)
    text = regions.lead(
        region=None, enrolled=by_region, by_region=by_region, completion=by_region, state_completion=by_region, rates=by_region,
        state_rate=by_region,
    )  # fmt: skip
    assert text.endswith(f": {rates}.")


def test_the_ends_of_a_range_have_names_where_their_intervals_do_not_overlap():
    low = Row(key="A", value=0.5, low=0.45, high=0.55, denominator=400)
    high = Row(key="B", value=0.7, low=0.65, high=0.75, denominator=400)
    near = replace(low, key="C", value=0.64, low=0.60, high=0.68)
    few = replace(high, key="D", value=1.0, low=0.99, high=1.0, denominator=3)
    assert ranking.span([low, high, near, few], "share") == "range from 50% (A) to 70% (B)"
    assert ranking.span([high, near], "share") == "range from 64% to 70%"
    assert ranking.span([high, few], "share") == "" and ranking.span([], "share") == ""
    assert ranking.span([high, replace(high, key="E")], "share") == "are all 70%"


def test_the_first_letter_of_an_abbreviation_stays():
    """It said “the only pair that can be compared, bIPOC residents + women”."""
    assert prose.lower_first("BIPOC residents + women") == "BIPOC residents + women"
    assert prose.lower_first("WIOA Adult") == "WIOA Adult"
    assert prose.lower_first("No clear difference") == "no clear difference"
    assert prose.lower_first("A provider") == "a provider" and prose.lower_first("") == ""


def test_a_share_of_few_is_written_as_counts():
    assert prose.share_of_exits(Row(key="x", value=1.0, numerator=2, denominator=2)) == "2 of 2 exits"
    assert prose.share_of_exits(Row(key="x", value=0.84, numerator=84, denominator=100)) == "84% of 100 exits"
    few, many = (
        Row(key="x", value=0.8, numerator=20, denominator=25),
        Row(key="x", value=0.8, numerator=24, denominator=30),
    )
    assert prose.part_of(few, "exits", "led to a job") == "20 of 25 exits led to a job"
    assert prose.part_of(many, "exits", "led to a job") == "80% of exits led to a job (24 of 30)"


def test_the_largest_row_is_listed_with_its_equals():
    assert ranking.most(counts(A=3, B=1), "town", of="veterans enrolled") == "Most veterans enrolled: A, with 3"
    assert ranking.most(counts(A=3, B=3, C=1), "town", of="learners") == "Most learners: A and B, with 3 each"
    assert ranking.most(counts(A=3, B=3), "town", of="learners") == "Learners by town: A and B, with 3 each"
    assert ranking.most(counts(A=1), "town", of="learners") == "Learners by town: only A, with 1"
    assert ranking.most(counts(A=0), "town", of="learners") == "No town has learners yet"
    no_rows = answer(status="not_released")
    assert ranking.most(no_rows, "town", of="learners") == "Learners by town: hidden for privacy"
    many = counts(A=3, B=3, C=3, D=3, E=1)
    assert ranking.most(many, "town", of="learners") == "Most learners: four towns, with 3 each"


def test_a_chart_says_how_many_rows_it_leaves_out():
    assert ranking.first_of(counts(A=1, B=2), "town", 10) == ""
    assert ranking.first_of(counts(**{f"T{n}": n for n in range(13)}), "town", 12) == ", the twelve largest of 13 towns"
    unrecorded = counts(**{f"T{n}": n for n in range(13)}, **{"Not recorded": 99})
    assert ranking.first_of(unrecorded, "town", 12) == ", the twelve largest of 13 towns"
    drawn = bar_chart(unrecorded, limit=12)
    assert (
        "Not recorded" not in drawn.figure.data[0].customdata
        and drawn.remark == "Showing 12 of 13. On the page, “Show data” lists all."
    )
    assert ranking.most(unrecorded, "town", of="learners") == "Most learners: T12, with 12, of those recorded"


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        (None, None, "as of November 13, 2026"),
        (date(2025, 7, 1), date(2026, 6, 30), "from July 1, 2025 to June 30, 2026"),
        (None, date(2026, 6, 30), "until June 30, 2026"),
        (date(2026, 7, 1), None, "from July 1, 2026 to November 13, 2026"),
        (
            date(2026, 7, 1),
            date(2027, 6, 30),
            "from July 1, 2026 to November 13, 2026 so far",
        ),
        (date(2027, 1, 1), None, "in the period from January 1, 2027, after November 13, 2026"),
    ],
)
def test_a_period_that_is_not_over_ends_on_the_date_shown(since, until, text):
    assert prose.when(replace(counts(A=1), scope=Scope(since=since, until=until))) == text


def compared(other: Answer, *, is_place: bool = False) -> Compared:
    return Compared(other, Comparison(changes={}, words="in the same days a year earlier", is_place=is_place))


def test_a_figure_gives_the_change_in_words_and_whether_it_is_good():
    now, before = counts(Total=1108), counts(Total=896)
    card = metric_cards.figure(now, compared=compared(before))
    assert (card.value, card.delta, card.tone) == ("1,108", "up 24%", "good")
    assert card.since == "from 896 in the same days a year earlier"
    assert metric_cards.figure(before, compared=compared(now)).tone == "bad"
    same = metric_cards.figure(now, compared=compared(now))
    assert (same.delta, same.tone) == ("no change", "")
    few = metric_cards.figure(counts(Total=12), compared=compared(counts(Total=8)))
    assert few.delta == "up 4", "a percentage of eight would sound like a lot"
    none = metric_cards.figure(counts(Total=12), compared=compared(counts(Total=0)))
    assert (none.delta, none.since) == ("", "none in the same days a year earlier"), "nothing grows from nothing"


def test_a_total_that_can_only_rise_is_not_praised_for_rising():
    earlier = Comparison(changes={"as_of": date(2025, 11, 13)}, words="on November 13, 2025")
    total = metric_cards.figure(counts(Total=12_000), compared=Compared(counts(Total=11_254), earlier))
    assert (total.delta, total.since, total.tone) == ("746 more", "than the 11,254 on November 13, 2025", "")
    revised = metric_cards.figure(counts(Total=11_000), compared=Compared(counts(Total=11_254), earlier))
    assert (revised.delta, revised.tone) == ("down 2%", "bad"), "it fell, so it was revised"
    on_the_date = [replace(counts(Total=n), measure=measures()["in_training"]) for n in (300, 200)]
    in_training = metric_cards.figure(on_the_date[0], compared=Compared(on_the_date[1], earlier))
    assert in_training.delta == "up 50%", "it could have fallen"


def test_a_figure_shows_the_flow_next_to_the_total_and_compares_the_flow():
    card = figure_words(
        counts(Total=12_000),
        flow=counts(Total=216),
        flow_words="new since July 1, 2026",
        compared=compared(counts(Total=598)),
    )
    assert (card.value, card.flow, card.delta) == ("12,000", "216 new since July 1, 2026", "down 64%")
    hidden = figure_words(
        counts(Total=500), flow=counts(Total=None), flow_words="new", compared=compared(counts(Total=598))
    )
    assert (hidden.value, hidden.flow, hidden.delta, hidden.since) == ("500", "", "", "")


def test_nothing_is_concluded_from_two_rates_or_two_places():
    rate = answer(Row(key="Total", value=0.8, numerator=80, denominator=100, low=0.71, high=0.87), unit="share")
    other = answer(Row(key="Total", value=0.9, numerator=90, denominator=100, low=0.82, high=0.94), unit="share")
    card = metric_cards.figure(rate, compared=compared(other))
    assert (card.delta, card.tone, card.since) == ("", "", "90% (82% to 94%) in the same days a year earlier")
    place = metric_cards.figure(counts(Total=80), compared=compared(counts(Total=900), is_place=True))
    assert (place.delta, place.tone) == ("", "")


def test_a_figure_without_a_number_gives_its_reason():
    card = metric_cards.figure(
        answer(status="not_supplied", note="the delivery does not bring it."), compared=compared(counts(Total=1))
    )
    assert (card.value, card.is_number, card.delta) == ("Not supplied", False, "")


def test_a_share_carries_its_numerator_denominator_and_interval():
    row = Row(key="Total", value=0.5, numerator=5, denominator=10, low=0.25, high=0.75)
    assert metric_cards.figure(answer(row, unit="share")).context == "5 of 10 residents · 95% interval 25% to 75%"


def test_a_table_is_drawn_as_a_table_with_its_data_escaped(monkeypatch):
    drawn = []
    monkeypatch.setattr(tables.html_view, "add", drawn.append)
    monkeypatch.setattr(tables.html_view, "paragraph", lambda text, _: drawn.append(text))
    tables.draw(
        Table.from_columns({"Provider": ["<img src=x>", "B"], "Residents": [1108, None]}, {"Residents": "residents"}),
        alt='"a"',
    )
    assert (
        '<th scope="row" data-position="0">&lt;img src=x&gt;</th><td class="number" data-position="0">1,108</td>'
        in drawn[0]
    )
    assert (
        '<td class="number">not known</td>' in drawn[0]
        and '<caption class="visually-hidden">&#34;a&#34;</caption>' in drawn[0]
    )
    tables.draw(Table.from_columns({"n": list(range(500))}), alt="many")
    assert drawn[1].count("<tr>") == 1 + tables.MAX_ROWS_SHOWN and "The first 200 of 500 rows" in drawn[2]
    assert "<button" in drawn[0] and "<button" not in drawn[1], "sorting a part of the rows would mislead"


def test_a_cell_has_a_bar_and_a_place_in_the_order_of_its_column(monkeypatch):
    drawn = []
    monkeypatch.setattr(tables.html_view, "add", drawn.append)
    columns = {"Region": ["b", "A", "c"], "Rate": [0.5, "hidden for privacy", 0.25], "Residents": [10, 40, None]}
    units = {"Rate": "share", "Residents": "residents"}
    tables.draw(replace(Table.from_columns(columns, units), bars=("Rate", "Residents")), alt="regions")
    cells = re.findall(
        r'<t[hd](?: scope="row")?(?: class="number(?: reason)?")?( data-position="\d")?>([^<]+)(?:<svg.*?<rect width="([\d.]+)")?',
        drawn[0],
    )
    assert [place[-2:-1] for place, _, _ in cells] == ["1", "1", "0", "0", "", "1", "2", "0", ""]
    assert [bar for _, _, bar in cells] == ["", "50.0", "25.0", "", "", "100.0", "", "25.0", ""]
    assert drawn[0].count("<button") == 3
    tables.draw(replace(Table.from_columns(columns, units), is_sortable=False), alt="regions")
    assert not re.search("<button|data-position|<svg", drawn[1])


def test_a_drawing_is_on_screen_and_not_in_the_file(monkeypatch):
    drawn = []
    monkeypatch.setattr(tables.html_view, "add", drawn.append)
    table = replace(
        Table.from_columns({"n": [1, 2]}), drawings={"12 months": [Markup("<svg>1</svg>"), Markup("<svg>2</svg>")]}
    )
    tables.draw(table, alt="trend")
    assert '<td class="drawing"><svg>2</svg></td>' in drawn[0] and "12 months" not in table.to_csv()


def test_equal_values_share_a_place_and_dates_and_names_are_in_order():
    places = sort_positions([date(2026, 3, 1), None, date(2025, 3, 1)], is_numeric=False)
    assert places == [1, None, 0]
    assert sort_positions(["b", "A", "", "B"], is_numeric=False) == [1, 0, None, 1]
    assert sort_positions([0.5, 0.5, "hidden", True], is_numeric=True) == [0, 0, None, None]


def test_long_words_and_texts_are_cut():
    text = readable("The provider " + "W" * 5000 + " leads. " + "and so on " * 400)
    assert len(text) <= 600 and max(len(word) for word in text.split()) == 40 and text.endswith("…")


def test_a_file_has_four_decimals_at_most_and_no_minus_zero():
    text = Table.from_columns({"Rate": [1 / 3, -0.00001, 12.5, 8412.25, 1e-9]}).to_csv({"goal": 0.115})
    assert text.splitlines()[1:] == ["0.3333,0.115", "0.0,0.115", "12.5,0.115", "8412.25,0.115", "0.0,0.115"]


@pytest.mark.parametrize(("columns", "layout"), [(4, ""), (5, "several"), (8, "several"), (9, "wide")])
def test_a_row_of_many_columns_can_stand_as_a_block(columns, layout, monkeypatch):
    drawn: list[str] = []
    monkeypatch.setattr(tables.html_view, "add", drawn.append)
    tables.draw(Table.from_columns({f"Column {at}": [at, at] for at in range(columns)}), alt="rows")
    has_layout = bool(layout)
    assert (f'<table class="{layout}" role="table">' in drawn[0]) == has_layout
    assert ('role="row"' in drawn[0]) == ('data-label="Column 1"' in drawn[0]) == has_layout


@pytest.mark.parametrize(("rows", "columns", "scrolls"), [(9, 5, False), (10, 5, True), (20, 4, False), (6, 9, True)])
def test_many_blocks_scroll_on_a_phone(rows, columns, scrolls, monkeypatch):
    drawn: list[str] = []
    monkeypatch.setattr(tables.html_view, "add", drawn.append)
    tables.draw(Table.from_columns({f"Column {at}": list(range(rows)) for at in range(columns)}), alt="rows")
    assert ("many-blocks" in drawn[0]) == scrolls


def test_a_trend_begins_with_the_first_who_enrolled():
    """A protected reader gets every quarter of the delivery, and CareerConneCT began years after the first of them."""
    trend = first_time.since_first(counts(**{"2020-Q2": 0, "2020-Q3": 5, "2020-Q4": 0}))
    assert [row.key for row in trend.rows] == ["2020-Q3", "2020-Q4"]
    hidden = first_time.since_first(counts(**{"2020-Q2": None, "2020-Q3": 5}))
    assert len(hidden.rows) == 2
    assert len(first_time.since_first(counts(**{"2020-Q2": 0})).rows) == 1


def test_plain_numbers_of_a_column_have_the_same_decimals():
    columns = {
        "Town": ["A", "B", "C", "D"],
        "Rate": [35.0, 35.44, "hidden for privacy", 121.75],
        "People": [5, 1_200, 3, 4],
    }
    table = Table.from_columns(columns, {"Rate": "residents", "People": "residents"})
    assert column_texts(table, "Rate") == ["35.0", "35.4", "hidden for privacy", "121.8"]
    assert column_texts(table, "People") == ["5", "1,200", "3", "4"]


def test_shares_under_ten_percent_of_a_column_have_the_same_decimals():
    table = Table.from_columns({"Share": [0.05, 0.051, 0.19, 0, 0.0996, "not known"]}, {"Share": "share"})
    assert column_texts(table, "Share") == ["5.0%", "5.1%", "19%", "0%", "10%", "not known"]
    assert column_texts(Table.from_columns({"Share": [0.05, 0.19]}, {"Share": "share"}), "Share") == ["5%", "19%"]


def test_a_column_of_flags_is_on_screen_only_with_a_flag(monkeypatch):
    drawn = []
    monkeypatch.setattr(tables.html_view, "add", drawn.append)
    for flags in (["no flag", ""], ["no flag", "fewer than 30"], ["", ""]):
        tables.draw(Table.from_columns({"Sector": ["A", "B"], "Reliability": flags}), alt="rows")
    assert ["Reliability" in table for table in drawn] == [False, True, True]


def test_an_empty_group_has_no_known_members():
    """Residents who did not disclose it could be: where nobody is asked, nobody is known."""
    none = replace(counts(Total=0), scope=Scope(group="veteran"))
    assert (
        prose.people_who(none, "enrolled", " in Eastern", who="veterans")
        == "No known veterans have enrolled in Eastern"
    )
    assert prose.people_who(counts(Total=0), "enrolled", "") == "No residents have enrolled"


def test_a_file_writes_integers_without_decimals():
    """A count next to an empty cell is a float in pandas, and was written "18.0"."""
    table = Table.from_columns({"People": [18.0, None, 3], "Share": [0.25, 1.0, -0.0]})
    assert table.to_csv().split("\r\n") == ["People,Share", "18,0.25", ",1.0", "3,0.0", ""]
