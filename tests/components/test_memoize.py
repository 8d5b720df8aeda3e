"""What is made of answers is made once, and never given to a viewer it was not made for."""

from datetime import date

from components import memoize
from components.charts import draw
from tests.components.rows import counts


def test_the_same_answer_makes_the_same_chart_and_another_answer_another():
    first, second = counts(Healthcare=12), counts(Healthcare=12)
    assert draw.bars(first) is draw.bars(first)
    assert draw.bars(first) is not draw.bars(second), "answers are compared by identity: each is for one viewer"
    assert draw.bars(first, limit=1) is not draw.bars(first, limit=True), "values of two types are two values"
    assert draw.bars(first, labels={"Healthcare": "A"}) is not draw.bars(first, labels={"Healthcare": "B"})


def test_a_chart_is_made_for_a_theme(monkeypatch):
    answer = counts(Healthcare=12)
    light = draw.bars(answer)
    monkeypatch.setattr(memoize, "theme", lambda: "dark")
    assert draw.bars(answer) is not light


def test_collections_are_compared_by_their_items():
    made = []

    @memoize.memoize
    def make(*items):
        made.append(items)
        return len(made)

    row = object()
    arguments = {"a": (1, date(2026, 1, 1))}
    assert make([row], arguments, {"x", "y"}) == make([row], dict(arguments), {"y", "x"}) == 1
    assert make([object()], arguments, {"x", "y"}) == 2
    assert make([row, row], {}, set()) == 3
    assert make((row, row), {}, set()) == 3


def test_the_least_recently_used_result_is_dropped():
    @memoize.memoize
    def make(number):
        return [number]

    first = make(0)
    assert make(0) is first
    for number in range(1, memoize.MAX_RESULTS + 1):
        make(number)
    assert make(0) is not first
    assert memoize._results.weight <= memoize.MAX_RESULTS
