"""What is made of answers alone is made once, and never handed to whom it was not made for."""

from datetime import date

from components import memoize
from components.charts.bars import bar_chart
from components.memoize import kept as keeping
from tests.components.rows import counts


def test_the_same_answer_makes_one_chart_and_another_answer_another():
    one, same = counts(Healthcare=12), counts(Healthcare=12)
    assert bar_chart(one) is bar_chart(one)
    assert bar_chart(one) is not bar_chart(same), "answers are told apart by themselves: each is one reader's"
    assert bar_chart(one, limit=1) is not bar_chart(one, limit=True), "values of two types are two values"
    assert bar_chart(one, labels={"Healthcare": "A"}) is not bar_chart(one, labels={"Healthcare": "B"})


def test_collections_are_compared_by_what_is_in_them():
    made = []

    @keeping
    def make(*what):
        made.append(what)
        return len(made)

    row = object()
    assert (
        make([row], {"a": (1, date(2026, 1, 1))}, {"x", "y"})
        == make([row], {"a": (1, date(2026, 1, 1))}, {"y", "x"})
        == 1
    )
    assert make([object()], {"a": (1, date(2026, 1, 1))}, {"x", "y"}) == 2
    assert make([row, row], {}, set()) == 3 and make((row, row), {}, set()) == 3


def test_what_was_made_first_is_let_go_first():
    @keeping
    def make(number):
        return [number]

    first = make(0)
    assert make(0) is first
    for number in range(1, memoize.MOST_KEPT + 1):
        make(number)
    assert make(0) is not first and memoize._made.weight <= memoize.MOST_KEPT
