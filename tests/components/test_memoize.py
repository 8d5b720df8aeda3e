"""What is made of answers is made once, and never given to a viewer it was not made for."""

from datetime import date

from components.charts.bars import bar_chart
from components.memoize import MAX_BYTES, RENDERED, memoize
from tests.components.rows import counts


def test_the_same_answer_makes_the_same_chart_and_another_answer_another():
    first, second = counts(Healthcare=12), counts(Healthcare=12)
    assert bar_chart(first) is bar_chart(first)
    assert bar_chart(first) is not bar_chart(second), "answers are compared by identity: each is for one viewer"
    assert bar_chart(first, limit=1) is not bar_chart(first, limit=True), "values of two types are two values"
    assert bar_chart(first, labels={"Healthcare": "A"}) is not bar_chart(first, labels={"Healthcare": "B"})


def test_collections_are_compared_by_their_items():
    made = []

    @memoize
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
    @memoize
    def make(number):
        return str(number) + "x" * 10_000_000

    first = make(0)
    assert make(0) is first
    for number in range(1, 8):
        make(number)
    assert make(0) is not first
    assert RENDERED.weight <= MAX_BYTES
