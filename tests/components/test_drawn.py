"""Charts as HTML: marks where the numbers put them, words that are never markup, nothing a strict policy would stop."""

import re
from datetime import date
from urllib.parse import unquote

from components import charts, opened, style
from components.drawn import html_of
from queries import Row
from tests.components.rows import answer, counts, measure


def of(chart) -> str:
    return html_of(chart.figure, "words")


def lines_of(drawing: str) -> str:
    (address,) = re.findall(r'src="data:image/svg\+xml,([^"]*)"', drawing)
    return unquote(address)


def test_a_bar_is_as_long_as_its_number():
    drawing = of(charts.bars(counts(A=200, B=50, C=0)))
    assert re.findall(r'class="bar" style="left:0.00%;width:([\d.]+)%', drawing) == ["100.00", "25.00"]
    assert drawing.count('class="tick y name"') == 3 and "<b>200</b>" in drawing


def test_names_out_of_data_are_words_and_nothing_else():
    drawing = html_of(charts.bars([Row(key='"><img src=x onerror=1>', value=3)], measure=measure()).figure, 'say "it"')
    assert "<img src=x" not in drawing and 'aria-label="say &quot;it&quot;"' in drawing
    (tip,) = re.findall(r'data-tip="([^"]*)"', drawing)
    assert "&lt;img" in tip and "&quot;" in tip
    assert (
        "<script" not in drawing and "http://" not in drawing and "onerror=1" not in re.sub(r"&lt;.*?&gt;", "", drawing)
    )


def test_whiskers_and_reference_lines_stand_where_they_say():
    row = Row(key="A", value=0.5, numerator=5, denominator=10, low=0.25, high=0.75)
    drawing = of(charts.bars([row], measure=measure("share"), reference=(0.6, "All")))
    low, wide = map(float, re.search(r'class="whisker" style="left:([\d.]+)%;width:([\d.]+)%', drawing).groups())
    line = float(re.search(r'class="rule upright" style="left:([\d.]+)%', drawing).group(1))
    assert (
        low < line < low + wide and abs(wide / 2 + low - float(re.search(r"width:([\d.]+)%", drawing).group(1))) < 0.1
    )


def test_parts_of_a_bar_follow_each_other():
    drawing = of(charts.stacked({"A": {"x": 30, "y": 70}}))
    parts = re.findall(r'class="bar part" style="left:([\d.]+)%;width:([\d.]+)%', drawing)
    assert parts == [("0.00", "30.00"), ("30.00", "70.00")] and drawing.count("</i>x</span>") == 1


def test_lines_are_one_image_and_say_their_numbers_under_the_pointer():
    rows = answer(Row(key="2026-01", value=1), Row(key="2026-02", value=3))
    drawing = of(charts.trend(rows, target=[(date(2026, 1, 1), 2), (date(2026, 2, 1), 4)], steps=True))
    paths = re.findall(r"d='([^']*)'", lines_of(drawing))
    assert len(paths) == 2 and "H" in paths[1] and "V" in paths[1] and "stroke-dasharray" in lines_of(drawing)
    assert re.findall(r'class="hit[^"]*"', drawing) == ['class="hit"', 'class="hit far"']
    assert "Feb 2026: 3" in drawing


def test_every_chart_of_nothing_is_drawn():
    for chart in (charts.bars(answer()), charts.dots(answer()), charts.trend({}), charts.columns_over_time(answer()),
                  charts.stacked({}), charts.money({}), charts.paired({}), charts.ladder([("Applied", None)])):  # fmt: skip
        assert of(chart).startswith('<div class="chart" role="img"')


def test_blocks_drawn_together_are_one(monkeypatch):
    sent = []
    monkeypatch.setattr(style.st, "html", sent.append)
    with style.together():
        style.heading(2, "Pay & <b>place</b>")
        with style.together():
            style.block("<p>in</p>")
    with style.together():
        pass
    style.block("<p>alone</p>")
    assert sent == [
        '<div class="together"><h2>Pay &amp; &lt;b&gt;place&lt;/b&gt;</h2><div class="together"><p>in</p></div></div>',
        "<p>alone</p>",
    ]


def test_what_is_folded_is_made_when_it_is_opened(monkeypatch):
    from streamlit.testing.v1 import AppTest

    def page():
        from components import charts
        from tests.components.rows import counts

        charts.show(charts.bars(counts(A=2)), title="A leads", words="A 2.", name="a")

    monkeypatch.undo()
    closed = AppTest.from_function(page).run()
    assert not closed.exception and len(closed.get("html")) == 1
    monkeypatch.setattr(opened, "is_open", lambda place: True)
    assert "<table" in AppTest.from_function(page).run().get("html")[1].proto.body
