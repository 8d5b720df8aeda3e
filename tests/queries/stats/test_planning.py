"""Sharing out residents: properties, and examples by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.statistics import Place, allocate

places = st.lists(
    st.builds(
        Place,
        key=st.just("x"),
        group=st.integers(0, 400),
        others=st.integers(0, 2000),
        odds=st.floats(0, 3).filter(lambda odds: odds == 0 or odds > 1e-3),
        room=st.integers(0, 300),
    ),
    max_size=12,
).map(lambda drawn: [replace(place, key=str(at)) for at, place in enumerate(drawn)])


def can_take(place: Place) -> int:
    return place.room if place.odds * place.others > 0 else 0


@given(places, st.integers(0, 4000))
def test_they_sum_exactly_and_stay_within_room(drawn, needed):
    found = allocate(needed=needed, places=drawn)
    assert sum(found.asked.values()) + found.short == needed
    assert found.short == max(0, needed - sum(map(can_take, drawn)))
    for place in drawn:
        asked = found.asked[place.key]
        assert 0 <= asked <= can_take(place) and (place.key in found.full) == (asked == can_take(place))


@given(places, st.integers(0, 1500), st.integers(1, 60))
def test_needing_more_never_asks_a_place_for_fewer(drawn, needed, more):
    one, other = allocate(needed=needed, places=drawn), allocate(needed=needed + more, places=drawn)
    assert all(one.asked[place.key] <= other.asked[place.key] for place in drawn)
    if one.factor is not None and other.factor is not None:
        assert one.factor <= other.factor + 1e-9


@given(places, st.integers(1, 1500))
def test_one_factor_among_those_neither_empty_nor_full(drawn, needed):
    found = allocate(needed=needed, places=drawn)
    # some factor k rounds to every place's part: k weight − group within half a resident of it, less where full, more where nobody
    at_least, at_most = 0.0, float("inf")
    unrounded = 0.0
    for place in drawn:
        asked, weight = found.asked[place.key], place.odds * place.others
        if not can_take(place):
            continue
        if asked:
            at_least = max(at_least, (place.group + asked - 0.5) / weight)
        if place.key not in found.full:
            at_most = min(at_most, (place.group + asked + 0.5) / weight)
        if found.factor is not None:
            unrounded += min(max(found.factor * weight - place.group, 0), place.room)
    assert at_least <= at_most * (1 + 1e-9)
    if found.factor is not None:
        assert unrounded == pytest.approx(needed, abs=1e-6)


def test_two_regions_by_hand():
    # benchmark odds 1/4 and 1/1; 30 of 200 and 80 of 100: at k = 1 they need 20 and 20
    even = allocate(needed=40, places=[Place("a", 30, 200, 0.25, 100), Place("b", 80, 100, 1.0, 100)])
    assert list(even.asked.values()) == [20, 20] and even.factor == pytest.approx(1) and even.short == 0
    # a has room for 5 alone: b takes the rest, at 1.15 times its odds
    tight = allocate(needed=40, places=[Place("a", 30, 200, 0.25, 5), Place("b", 80, 100, 1.0, 100)])
    assert tight.asked == {"a": 5, "b": 35} and tight.full == {"a"}
    assert tight.factor == pytest.approx(1.15)
    # a is far ahead of its benchmark already and is asked for nobody
    ahead = allocate(needed=10, places=[Place("a", 90, 200, 0.25, 50), Place("b", 80, 100, 1.0, 100)])
    assert list(ahead.asked.values()) == [0, 10] and ahead.factor == pytest.approx(0.9)


def test_what_no_place_has_room_for_is_said():
    found = allocate(needed=40, places=[Place("a", 30, 200, 0.25, 5), Place("b", 80, 100, 1.0, 7)])
    assert list(found.asked.values()) == [5, 7] and found.short == 28 and found.factor is None
    assert allocate(needed=3, places=[]).short == 3
    with pytest.raises(ValueError):
        allocate(needed=3, places=[Place("a", 1, 50, 0.5, 9)] * 2)
    # nothing to hold it against: no benchmark, or nobody else there
    none = allocate(needed=3, places=[Place("a", 1, 50, 0.0, 9), Place("b", 1, 0, 0.5, 9)])
    assert list(none.asked.values()) == [0, 0] and none.short == 3


def test_nobody_needed_and_ties_in_order():
    nobody = allocate(needed=0, places=[Place("a", 1, 50, 0.5, 9)])
    assert nobody.asked == {"a": 0} and nobody.factor is None and nobody.short == 0
    alike = [Place(key, 0, 10, 0.5, 9) for key in "abc"]
    assert list(allocate(needed=4, places=alike).asked.values()) == [2, 1, 1]


def test_a_million_are_shared_out_at_once():
    found = allocate(needed=1_000_000, places=[Place(str(at), at, 10**7 + at, 0.3, 10**5) for at in range(50)])
    assert sum(found.asked.values()) == 1_000_000
