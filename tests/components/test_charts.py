import itertools
from datetime import date

import pytest

from components import palette
from components.charts import draw
from components.charts.base import wrapped
from components.periods import matching, presets
from components.text.period_labels import period_label, period_ticks, starts_on
from queries import Row
from queries.calculators.over_time import PeriodRow
from tests.components.rows import answer, counts, measure

LONG = "Northwest Regional Workforce Investment Board of <b>Everything</b> " * 80


def labels_of(chart):
    return [note["text"] for note in chart.figure.layout.annotations]


def test_bars_are_sorted_labeled_and_say_why_a_value_is_missing():
    chart = draw.bars(counts(Healthcare=1200, Manufacturing=None, Green=30), labels={"Green": "Green jobs"})
    assert list(chart.figure.data[0].x) == [1200, 30, 0]
    assert list(chart.figure.layout.yaxis.ticktext) == ["Healthcare", "Green jobs", "Manufacturing"]
    assert labels_of(chart) == ["<b>1,200</b>", "<b>30</b>", "Not supplied"]
    assert list(chart.table.columns["Example"]) == [1200, 30, None]


def test_bars_draw_intervals_a_reference_and_a_highlight():
    rows = [Row(key="A", value=0.5, numerator=5, denominator=10, low=0.25, high=0.75), Row(key="B", value=0.7)]
    chart = draw.bars(rows, measure=measure("share"), reference=(0.6, "All"), highlight="A")
    bar = chart.figure.data[0]
    assert list(bar.marker.color) == [palette.CONTEXT, palette.ACCENT]
    assert list(bar.error_x.array) == [0, 0.25]
    assert "All 60%" in labels_of(chart)
    assert "95% interval 25% to 75%" in bar.hovertext[1]


def test_a_limit_draws_few_and_tables_all():
    chart = draw.bars(counts(**{f"k{i}": i for i in range(30)}), limit=5)
    assert len(chart.figure.data[0].x) == 5 and chart.table.length == 30
    assert chart.remark == "5 of 30 are drawn; the table has all."


def test_data_never_becomes_markup_and_never_runs_wide():
    chart = draw.bars([Row(key=LONG, value=1)], measure=measure())
    name = chart.figure.layout.yaxis.ticktext[0]
    assert "<b>" not in name and len(name.split("<br>")) <= 3
    assert "&lt;b&gt;" in wrapped("<b>x</b>", 20)
    assert chart.figure.layout.margin.l < 190


@pytest.mark.parametrize("build", [draw.bars, draw.dots, draw.trend, draw.columns_over_time])
def test_no_rows_is_a_chart_too(build):
    for unit in ("share", "residents", "dollars"):
        build(answer(unit=unit))
        build(answer(Row(key="2026-11", value=None, note="not supplied"), unit=unit))
        build(answer(Row(key="2026-11", value=0), unit=unit))


def test_other_charts_of_nothing():
    draw.ladder([("Applied", None)])
    draw.ladder([("Applied", answer(status="not_supplied", note="Not supplied."))])
    draw.stacked({})
    draw.stacked({"A": {"x": None}})
    draw.money({})
    draw.money({"A": {"allocated": None}})
    draw.trend({})


def test_trend_adds_up_and_names_lines_at_their_ends():
    chart = draw.trend(
        {"CareerConneCT": answer(Row(key="2026-02", value=5), Row(key="2026-01", value=3))},
        cumulative=True,
        target=[(date(2026, 1, 1), 0), (date(2026, 12, 31), 10)],
    )
    assert list(chart.figure.data[0].y) == [3, 8, 8], "what has added up still stands on the day shown"
    assert chart.figure.data[0].line.color == palette.INITIATIVES["CareerConneCT"]
    assert "<b>8</b>" in labels_of(chart)[0] and "Target" in labels_of(chart)[1]
    assert chart.table.columns["CareerConneCT"] == [3, 8]


def quarters(
    *values: float | None, waiting: int = 0, signal: int | None = None, target: float | None = None
) -> list[Row]:
    """Quarters of 2026 on, the last `waiting` not complete yet, one with a signal."""
    return [
        PeriodRow(
            key=f"{2026 + at // 4}-Q{at % 4 + 1}",
            value=value,
            low=value and value - 0.1,
            high=value and value + 0.1,
            is_mature=at < len(values) - waiting,
            why_not=None if at < len(values) - waiting else "the quarter is not over",
            signal="beyond limits" if at == signal else None,
            center=0.5,
            target=target,
        )
        for at, value in enumerate(values)
    ]


def test_what_is_not_complete_yet_is_shaded_dotted_and_not_the_number_named():
    chart = draw.trend({"Women": quarters(0.4, 0.5, 0.6, 0.1, waiting=1)}, measure=measure("share"), band=False)
    loose, whole = chart.figure.data
    assert list(whole.y) == [0.4, 0.5, 0.6] and loose.line.dash == "dot" and list(loose.y) == [0.6, 0.1]
    assert loose.marker.symbol == "circle-open" and "not complete yet: the quarter is not over" in loose.hovertext[1]
    assert labels_of(chart) == ["Women<br><b>60%</b>", "not complete yet"]
    (area,) = chart.figure.layout.shapes
    assert date(2026, 7, 1) < area.x0 < date(2026, 10, 1) < area.x1 == chart.figure.layout.xaxis.range[1]
    assert chart.table.columns["Complete"] == ["yes", "yes", "yes", "not yet: the quarter is not over"]


def test_periods_nobody_is_known_of_yet_are_shaded_and_told_in_the_table():
    chart = draw.trend(quarters(0.4, 0.5, None, None, waiting=2), measure=measure("share"))
    assert chart.figure.layout.xaxis.range[1] > date(2026, 10, 1) and "not complete yet" in labels_of(chart)
    assert chart.table.columns["Example"] == [0.4, 0.5, None, None]
    draw.trend(quarters(0.4, waiting=1), measure=measure("share"))
    draw.trend(quarters(None, None, waiting=1), measure=measure("share"))
    draw.trend(quarters(None, waiting=1), measure=measure("share"))


def test_a_signal_is_a_diamond_with_its_name():
    chart = draw.trend(quarters(0.5, 0.5, 0.9, 0.5, signal=2), measure=measure("share"), band=False)
    mark = next(trace for trace in chart.figure.data if trace.marker.symbol == "diamond")
    assert list(mark.y) == [0.9] and mark.marker.line.width
    assert "<b>Jul–Sep 2026</b><br>beyond limits" in labels_of(chart)
    assert chart.table.columns["More than noise"] == ["no", "no", "beyond limits", "no"]
    plain = draw.trend(quarters(0.5, 0.5), measure=measure("share"))
    assert not plain.figure.layout.shapes and set(plain.table.columns) == {"Period", "Example"}


def test_a_target_that_was_revised_goes_in_steps():
    goal = [(date(2026, 1, 1), 0.45), (date(2026, 4, 1), 0.48)]
    rows = quarters(0.4, 0.5, target=0.48)
    chart = draw.trend(rows, measure=measure("share"), target=goal, steps=True)
    assert chart.figure.data[-1].line.shape == "hv" and list(chart.figure.data[-1].y) == [0.45, 0.48]
    assert chart.table.columns["Target"] == [0.48, 0.48] and chart.table.units["Target"] == "share"
    assert draw.trend(rows, measure=measure("share"), target=goal).figure.data[-1].line.shape == "linear"


def test_labels_at_the_ends_of_lines_never_cover_each_other():
    series = {f"Line {i}": answer(Row(key="2026-01", value=1), Row(key="2026-02", value=100 + i)) for i in range(4)}
    chart = draw.trend(series)
    plot = chart.figure.layout.height - 36
    top = chart.figure.layout.yaxis.range[1]
    places = sorted(n.y * plot / top + n.yshift for n in chart.figure.layout.annotations)
    assert all(b - a >= 34 for a, b in itertools.pairwise(places))


def test_the_ladder_gives_counts_and_conversions():
    chart = draw.ladder([("Applied", 200), ("Enrolled", 150), ("Started", None), ("Completed", 60)])
    assert labels_of(chart)[:2] == ["<b>200</b>", "<b>150</b><br>75% of step before"]
    assert list(chart.table.columns["Share of the step before"]) == [None, 0.75, None, None]
    assert list(chart.table.columns["Share of the first step"]) == [1, 0.75, None, 0.3]


def test_dots_tell_chance_from_difference_without_color():
    rows = [
        Row(key="a", value=0.7, low=0.6, high=0.8),
        Row(key="b", value=0.95, low=0.8, high=1.1),
        Row(key="c", value=0.5, low=0.4, high=0.6),
    ]
    markers = draw.dots(rows, measure=measure("ratio"), flagged=["c"]).figure.data[-1].marker
    assert list(markers.symbol) == ["diamond", "circle", "circle-open"]


def test_money_says_what_was_not_supplied():
    chart = draw.money({"Total": {"allocated": 70e6, "obligated": None, "expended": 12.4e6}})
    assert labels_of(chart) == ["<b>$70.0 million</b>", "not supplied", "<b>$12.4 million</b>"]


def test_colors_hold_on_both_backgrounds():
    for color in {*palette.PARTS, *palette.INITIATIVES.values(), *palette.MONEY.values(), palette.GOOD, palette.BAD}:
        assert all(palette.contrast(color, back) >= 3 for back in palette.BACKGROUNDS.values()), color
    assert all(palette.contrast(color, "#FFFFFF") >= 4.5 for color in (*palette.PARTS, palette.UNKNOWN))
    assert len(set(palette.colors_for(["CareerConneCT", "a", "b", "Not known yet"]).values())) == 4


def test_period_keys():
    assert starts_on("FY2026") == date(2025, 7, 1) and starts_on("2026-Q4") == date(2026, 10, 1)
    assert starts_on("Not recorded") is None and starts_on("2026-13") is None
    assert period_label("2026-11") == "Nov 2026" and period_label("2026-Q4") == "Oct–Dec 2026" and period_label("FY2026") == "FY 2026"
    keys = [f"{y}-{m:02}" for y in range(2022, 2027) for m in range(1, 13)]
    assert period_ticks(keys)[1] == ["2022", "2023", "2024", "2025", "2026"]


def test_periods_offered():
    offered = presets(date(2020, 5, 1), date(2026, 11, 13))
    assert [p.id for p in offered[:3]] == ["all", "fy2027", "fy2026"]
    assert matching(offered, date(2025, 7, 1), date(2026, 6, 30)).id == "fy2026"
    assert matching(offered, date(2026, 10, 1), date(2026, 12, 31)).label == "October to December 2026"
    assert matching(offered, date(2025, 7, 2), None).id == "custom" and matching(offered, None, None).id == "all"


def test_what_adds_up_carries_on_through_a_period_without_a_row():
    obligated = [Row(key="2024-Q1", value=100), Row(key="2024-Q3", value=50)]
    given = {"Obligated": answer(*obligated, unit="dollars"), "Expended": answer(Row(key="2024-Q2", value=30), unit="dollars")}
    columns = draw.trend(given, cumulative=True).table.columns
    assert list(columns["Obligated"]) == [100, 100, 150] and list(columns["Expended"]) == [0, 30, 30]
    assert list(draw.trend(given).table.columns["Expended"]) == [None, 30, None], "a period's own value is not carried"
