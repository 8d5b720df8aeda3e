import itertools
import re
from dataclasses import replace
from datetime import date

import pytest

from components import palette
from components.charts.bars import bar_chart
from components.charts.base import INK, row_table, text_width, wrapped
from components.charts.column_chart import column_chart
from components.charts.dot_plot import dot_plot
from components.charts.line_chart import line_chart
from components.charts.paired_bars import paired_bars
from components.charts.step_bars import step_bars
from components.charts.text_alternative import text_alternative
from components.charts.year_data import years_of
from components.charts.year_over_year import year_over_year
from components.periods import matching, presets
from components.text.period_labels import period_label, period_ticks, starts_on
from queries import Row, measures
from queries.calculators.over_time import PeriodRow
from tests.components.rows import answer, counts
from tests.conftest import ROOT

STYLE = (ROOT / "components" / "style.css").read_text(encoding="utf-8")
LONG = "Northwest Regional Workforce Investment Board of <b>Everything</b> " * 80


def labels_of(chart):
    return [note["text"] for note in chart.figure.layout.annotations]


def test_bars_are_sorted_labeled_and_say_why_a_value_is_missing():
    chart = bar_chart(counts(Healthcare=1200, Manufacturing=None, Green=30), labels={"Green": "Green jobs"})
    assert list(chart.figure.data[0].x) == [1200, 30, 0]
    assert list(chart.figure.layout.yaxis.ticktext) == ["Healthcare", "Green jobs", "Manufacturing"]
    assert labels_of(chart) == ["<b>1,200</b>", "<b>30</b>", "Not supplied"]
    assert list(chart.table.columns["Example"]) == [1200, 30, None]


def test_both_years_have_their_values_where_no_two_labels_would_touch():
    rows = [Row(key=key, value=value) for key, value in (("2025-Q3", 90), ("2025-Q4", 40), ("2026-Q3", 88))]
    chart = year_over_year(replace(answer(*rows), by="quarter"))
    notes = {note.text: note for note in chart.figure.layout.annotations}
    assert notes["<b>88</b>"].name is None
    assert 0 < int(notes["90"].name) == int(notes["40"].name) < 340, "the room on a phone"
    assert ["90" in trace.hovertext[0] for trace in chart.figure.data] == [True, False]
    last, this = chart.figure.data
    legend = next(text for text in notes if "so far" in text)
    assert f"color:{this.marker.color[0]}" in legend and f"color:{last.marker.color}" in legend, (
        "in the colors of the columns"
    )
    assert notes["40"].x == last.x[1], "in the middle of a column that nothing stands in front of"


@pytest.mark.parametrize(
    ("as_of", "names"),
    [
        (date(2026, 6, 29), ("Fiscal year 2026 so far", "Fiscal year 2025")),
        (date(2026, 6, 30), ("Fiscal year 2026", "Fiscal year 2025")),
        (date(2026, 7, 1), ("Fiscal year 2027 so far", "Fiscal year 2026")),
    ],
)
def test_a_fiscal_year_that_has_ended_is_not_so_far(as_of, names):
    by_month = replace(answer(Row(key="2026-05", value=8)), by="month", as_of=as_of)
    assert tuple(year.name for year in years_of(by_month)) == names
    legend = " ".join(note.text for note in year_over_year(by_month).figure.layout.annotations)
    assert ("so far" in legend) == ("so far" in names[0])


def test_a_label_breaks_at_spaces_and_takes_the_width_of_its_text():
    assert wrapped("BIPOC residents + residents in re-entry", 20) == "BIPOC residents +<br>residents in<br>re-entry"
    assert text_width(["<b>$9.5 million</b>"]) == text_width(["$9.5 million"])


def test_bars_draw_intervals_a_reference_and_a_highlight():
    rows = [Row(key="A", value=0.5, numerator=5, denominator=10, low=0.25, high=0.75), Row(key="B", value=0.7)]
    chart = bar_chart(answer(*rows, unit="share"), reference=(0.6, "All"), highlight="A")
    bar = chart.figure.data[0]
    assert list(bar.marker.color) == [palette.CONTEXT, palette.ACCENT]
    assert list(bar.error_x.array) == [0, 0.25]
    assert "All 60%" in labels_of(chart)
    assert "95% interval 25% to 75%" in bar.hovertext[1]


def test_rows_of_an_answer_are_drawn_with_their_measure():
    chart = bar_chart([Row(key="Women", value=0.5)], measure="supports_reach")
    assert labels_of(chart) == ["<b>50%</b>"] and list(chart.table.columns)[1] == measures()["supports_reach"].label
    with pytest.raises(TypeError, match="measure"):
        bar_chart([Row(key="Women", value=0.5)])


def test_a_limit_draws_few_and_tables_all():
    chart = bar_chart(counts(**{f"k{i}": i for i in range(30)}), limit=5)
    assert len(chart.figure.data[0].x) == 5 and chart.table.row_count == 30
    assert chart.remark == "Showing 5 of 30. On the page, “Show data” lists all."


def test_data_never_becomes_markup_and_never_runs_wide():
    chart = bar_chart(answer(Row(key=LONG, value=1)))
    name = chart.figure.layout.yaxis.ticktext[0]
    assert "<b>" not in name and len(name.split("<br>")) <= 3
    assert "&lt;b&gt;" in wrapped("<b>x</b>", 20)
    assert chart.figure.layout.margin.l < 190


@pytest.mark.parametrize("build", [bar_chart, dot_plot, line_chart, column_chart])
def test_a_chart_without_rows_can_be_drawn(build):
    for unit in ("share", "residents", "dollars"):
        build(answer(unit=unit))
        build(answer(Row(key="2026-11", value=None, note="not supplied"), unit=unit))
        build(answer(Row(key="2026-11", value=0), unit=unit))


def test_other_charts_without_data_give_the_reason():
    assert labels_of(step_bars([("Applied", None)])) == ["Not known"]
    assert labels_of(step_bars([("Applied", answer(status="not_supplied", note="Not supplied."))])) == ["Not supplied"]
    assert labels_of(step_bars([])) == []
    assert labels_of(paired_bars({})) == []
    assert labels_of(paired_bars({"A": (None, 2.0)})) == ["<b>not known</b>", "2 now"]
    assert labels_of(line_chart({})) == ["Too few to draw over time"]


def test_a_cumulative_line_adds_up_and_is_labeled_at_its_end():
    chart = line_chart(
        {"CareerConneCT": answer(Row(key="2026-02", value=5), Row(key="2026-01", value=3))},
        cumulative=True,
        target=[(date(2026, 1, 1), 0), (date(2026, 12, 31), 10)],
    )
    assert list(chart.figure.data[0].y) == [3, 8, 8], "the sum still stands on the day shown"
    assert chart.figure.data[0].line.color == palette.INITIATIVES["CareerConneCT"]
    assert "<b>8</b>" in labels_of(chart)[0] and "Target" in labels_of(chart)[1]
    assert chart.table.columns["CareerConneCT so far"] == [3, 8], (
        "a file or a screen reader would take 8 for February’s"
    )
    assert text_alternative(chart.table).endswith("Jan 2026: 3; Feb 2026: 8.")
    assert list(chart.figure.data[0].hovertext)[:2] == [
        f"CareerConneCT, {month} 2026: {total} so far" for month, total in (("Jan", 3), ("Feb", 8))
    ]


def quarters(
    *values: float | None, incomplete: int = 0, signal: int | None = None, target: float | None = None
) -> list[Row]:
    """Return quarters from 2026 on: the last `incomplete` not complete yet, the one at position `signal` with a signal."""
    return [
        PeriodRow(
            key=f"{2026 + at // 4}-Q{at % 4 + 1}",
            value=value,
            low=value and value - 0.1,
            high=value and value + 0.1,
            is_mature=at < len(values) - incomplete,
            why_not=None if at < len(values) - incomplete else "the quarter is not over",
            signal="beyond limits" if at == signal else None,
            center=0.5,
            target=target,
        )
        for at, value in enumerate(values)
    ]


def test_an_incomplete_period_is_shaded_and_dotted_and_is_not_the_value_at_the_end():
    chart = line_chart({"Women": answer(*quarters(0.4, 0.5, 0.6, 0.1, incomplete=1), unit="share")})
    band, incomplete, complete = chart.figure.data
    assert band.fill == "toself"
    assert list(complete.y) == [0.4, 0.5, 0.6] and incomplete.line.dash == "dot" and list(incomplete.y) == [0.6, 0.1]
    assert (
        incomplete.marker.symbol == "circle-open"
        and "not complete yet: the quarter is not over" in incomplete.hovertext[1]
    )
    assert labels_of(chart) == ["Women<br><b>60%</b>", "not complete yet"]
    (area,) = chart.figure.layout.shapes
    assert date(2026, 7, 1) < area.x0 < date(2026, 10, 1) < area.x1 == chart.figure.layout.xaxis.range[1]
    assert chart.table.columns["Complete"] == ["yes", "yes", "yes", "not yet: the quarter is not over"]


def test_periods_without_a_value_yet_are_shaded_and_in_the_table():
    chart = line_chart(answer(*quarters(0.4, 0.5, None, None, incomplete=2), unit="share"))
    assert chart.figure.layout.xaxis.range[1] > date(2026, 10, 1) and "not complete yet" in labels_of(chart)
    assert chart.table.columns["Example"] == [0.4, 0.5, None, None]
    line_chart(answer(*quarters(0.4, incomplete=1), unit="share"))
    line_chart(answer(*quarters(None, None, incomplete=1), unit="share"))
    line_chart(answer(*quarters(None, incomplete=1), unit="share"))


def test_a_signal_is_a_diamond_with_its_name():
    chart = line_chart(answer(*quarters(0.5, 0.5, 0.9, 0.5, signal=2), unit="share"))
    mark = next(trace for trace in chart.figure.data if trace.marker.symbol == "diamond")
    assert list(mark.y) == [0.9] and mark.marker.line.width
    assert "<b>Jul–Sep 2026</b><br>beyond limits" in labels_of(chart)
    assert chart.table.columns["More than noise"] == ["no", "no", "beyond limits", "no"]
    plain = line_chart(answer(*quarters(0.5, 0.5), unit="share"))
    assert not plain.figure.layout.shapes and set(plain.table.columns) == {"Period", "Example"}


def test_a_target_that_was_revised_goes_in_steps():
    goal = [(date(2026, 1, 1), 0.45), (date(2026, 4, 1), 0.48)]
    rows = quarters(0.4, 0.5, target=0.48)
    chart = line_chart(answer(*rows, unit="share"), target=goal, steps=True)
    assert chart.figure.data[-1].line.shape == "hv" and list(chart.figure.data[-1].y) == [0.45, 0.48]
    assert chart.table.columns["Target"] == [0.48, 0.48] and chart.table.units["Target"] == "share"
    assert line_chart(answer(*rows, unit="share"), target=goal).figure.data[-1].line.shape == "linear"


def test_labels_at_the_ends_of_lines_never_cover_each_other():
    series = {f"Line {i}": answer(Row(key="2026-01", value=1), Row(key="2026-02", value=100 + i)) for i in range(4)}
    chart = line_chart(series)
    plot = chart.figure.layout.height - 36
    top = chart.figure.layout.yaxis.range[1]
    places = sorted(n.y * plot / top + n.yshift for n in chart.figure.layout.annotations)
    assert all(b - a >= 34 for a, b in itertools.pairwise(places))


def test_the_axis_has_room_for_its_dates_where_a_line_is_short_and_the_shaded_end_is_far():
    early = [PeriodRow(key=f"2022-Q{n}", value=0.5, is_mature=True) for n in (1, 2, 3, 4)]
    late = PeriodRow(key="2026-Q4", value=None, is_mature=False)
    axis = line_chart([*early, late], measure="completion_rate").figure.layout.xaxis
    assert all(re.fullmatch(r"\d{4}", text) for text in axis.ticktext), "years, as over the whole axis"


def test_steps_give_counts_and_conversions():
    chart = step_bars([("Applied", 200), ("Enrolled", 150), ("Started", None), ("Completed", 60)])
    assert labels_of(chart)[:2] == ["<b>200</b>", "<b>150</b><br>75% of step before"]
    assert list(chart.table.columns["Share of the step before"]) == [None, 0.75, None, None]
    assert list(chart.table.columns["Share of the first step"]) == [1, 0.75, None, 0.3]


def test_steps_in_a_period_are_not_shares_of_each_other():
    chart = step_bars([("Applied", 200), ("Enrolled", 150)], are_same_people=False)
    assert labels_of(chart) == ["<b>200</b>", "<b>150</b>"] and list(chart.table.columns) == ["Step", "Residents"]


def test_a_step_is_not_compared_where_it_does_not_follow_or_a_few_would_show():
    counted = {"Applied": 200, "Enrolled": 150, "Started": 145, "Got a job": 90}
    steps = [(name, replace(counts(Total=value), by=None, hidden_below=10)) for name, value in counted.items()]
    chart = step_bars(steps, apart=("Got a job",))
    assert labels_of(chart) == ["<b>200</b>", "<b>150</b><br>75% of step before", "<b>145</b>", "<b>90</b>"]
    assert list(chart.table.columns["Share of the step before"]) == [None, 0.75, None, None]


def test_dots_separate_chance_from_difference_without_color():
    rows = [
        Row(key="a", value=0.7, low=0.6, high=0.8),
        Row(key="b", value=0.95, low=0.8, high=1.1),
        Row(key="c", value=0.5, low=0.4, high=0.6),
    ]
    markers = dot_plot(answer(*rows, unit="ratio"), flagged=["c"]).figure.data[-1].marker
    assert list(markers.symbol) == ["diamond", "circle", "circle-open"]


def test_needed_and_present_rates_have_the_same_decimals():
    """It drew "1 now" next to "0.7 now"."""
    drawn = labels_of(paired_bars({"Eastern": (12.4, 3.0), "Southwest": (1.0, 0.7)}))
    assert drawn == ["<b>12.4 needed</b>", "<b>1.0 needed</b>", "3.0 now", "0.7 now"]


def test_pairs_are_labeled_at_their_bars():
    chart = paired_bars({"Eastern": (12.4, 3.0), "Southwest": (1.82, 1.0)}, key_name="Region")
    assert [trace.name for trace in chart.figure.data] == ["needed", "now"]
    assert labels_of(chart) == ["<b>12.4 needed</b>", "<b>1.8 needed</b>", "3.0 now", "1.0 now"]
    assert chart.table.columns == {
        "Region": ["Eastern", "Southwest"], "Needed per month": [12.4, 1.82], "Now per month": [3.0, 1.0],
    }  # fmt: skip


def luminance(color: str) -> float:
    """Return the relative luminance of a `#rrggbb` color as WCAG defines it."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(color: str, background: str) -> float:
    """Return WCAG's contrast ratio of two colors, 1 to 21."""
    light, dark = sorted((luminance(color), luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colors_hold_on_both_backgrounds():
    backgrounds = re.search(r"--page: light-dark\((#\w{6}), (#\w{6})\)", STYLE).groups()
    for color in {*palette.PARTS, *palette.INITIATIVES.values(), *palette.MONEY.values(), palette.BAD}:
        assert all(contrast(color, background) >= 3 for background in backgrounds), color
    assert all(contrast(color, "#FFFFFF") >= 4.5 for color in (*palette.PARTS, palette.UNKNOWN))
    assert f"--mark: {palette.ACCENT};" in STYLE, "bars in tables are as in charts"
    assert len(set(palette.colors_for(["CareerConneCT", "a", "b", "Not known yet"]).values())) == 4


def test_the_stylesheet_gives_the_ink_of_charts_the_color_of_the_theme():
    red, green, blue = (int(INK[i : i + 2], 16) for i in (1, 3, 5))
    assert f'[style*="stroke: rgb({red}, {green}, {blue})"]' in STYLE


def test_a_figure_goes_to_the_browser_with_plain_lists_and_without_a_template():
    content = bar_chart(counts(Healthcare=12, Green=3)).figure.to_plotly_json()
    assert content["data"][0]["x"] == [12, 3]
    assert "template" not in content["layout"]


def test_period_keys():
    assert starts_on("FY2026") == date(2025, 7, 1) and starts_on("2026-Q4") == date(2026, 10, 1)
    assert starts_on("Not recorded") is None and starts_on("2026-13") is None
    assert (
        period_label("2026-11") == "Nov 2026"
        and period_label("2026-Q4") == "Oct–Dec 2026"
        and period_label("FY2026") == "FY 2026"
    )
    keys = [f"{y}-{m:02}" for y in range(2022, 2027) for m in range(1, 13)]
    assert period_ticks(keys)[1] == ["2022", "2023", "2024", "2025", "2026"]


def test_periods_offered():
    offered = presets(date(2020, 5, 1), date(2026, 11, 13))
    assert [p.id for p in offered[:5]] == ["all", "fy2027", "months", "four", "fy2026"]
    assert offered[1].label == "Fiscal year 2027 so far"
    assert (offered[2].since, offered[2].until) == (date(2025, 11, 14), date(2026, 11, 13))
    assert (offered[3].since, offered[3].until) == (date(2025, 10, 1), date(2026, 9, 30))
    assert matching(offered, date(2025, 7, 1), date(2026, 6, 30)).id == "fy2026"
    assert matching(offered, date(2026, 10, 1), date(2026, 12, 31)).label == "Oct–Dec 2026 so far"
    assert matching(offered, date(2025, 7, 2), None).id == "custom" and matching(offered, None, None).id == "all"


def test_a_sum_carries_over_a_period_without_a_row():
    obligated = [Row(key="2024-Q1", value=100), Row(key="2024-Q3", value=50)]
    given = {
        "Obligated": answer(*obligated, unit="dollars"),
        "Expended": answer(Row(key="2024-Q2", value=30), unit="dollars"),
    }
    columns = line_chart(given, cumulative=True).table.columns
    assert list(columns["Obligated so far"]) == [100, 100, 150] and list(columns["Expended so far"]) == [0, 30, 30]
    assert list(line_chart(given).table.columns["Expended"]) == [None, 30, None], (
        "a value of one period is not carried over"
    )


def test_no_rule_looks_through_every_element():
    """`:has` on the app or the page body is checked at every change inside: it took 15 ms of every click."""
    slow = re.findall(r"(?:^|[\s,}])(?:html|body|\.stApp|\.stMain\w*|\.html-view)[^\s,{]*:has\(", STYLE)
    assert not slow


def test_each_measure_and_what_it_counts_have_their_own_unit():
    """Completions and credentials were "enrollments", and the exits of a completion rate "residents"."""
    units = {entry.id: entry.unit for entry in measures().values()}
    assert [units[name] for name in ("completions", "credentials", "placements", "withdrawals")] == [
        "completions",
        "credentials",
        "exits",
        "exits",
    ]
    for measure_id, counted, base in (
        ("completion_rate", "exits", "exits"),
        ("credential_rate", "completions", "completions"),
        ("start_rate", "enrollments", "enrollments"),
        ("supports_reach", "residents", "residents"),
        ("course_completion_rate", "registrations", "registrations"),
        ("participant_share", "positions", "positions"),
    ):
        entry = measures()[measure_id]
        table = row_table([Row(key="Eastern", value=0.5, numerator=10, denominator=20)], entry, {})
        assert (table.units["Counted"], table.units["Out of"]) == (counted, base), measure_id
