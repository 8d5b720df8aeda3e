"""Test allocation: properties, and examples worked by hand."""

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
def test_counts_sum_to_the_need_and_stay_within_room(drawn, needed):
    allocation = allocate(needed=needed, places=drawn)
    assert sum(allocation.additional.values()) + allocation.unplaced == needed
    assert allocation.unplaced == max(0, needed - sum(map(can_take, drawn)))
    for place in drawn:
        additional = allocation.additional[place.key]
        assert 0 <= additional <= can_take(place)
        assert (place.key in allocation.full) == (additional == can_take(place))


@given(places, st.integers(0, 1500), st.integers(1, 60))
def test_a_larger_need_never_lowers_the_number_of_any_place(drawn, needed, more):
    fewer_needed, more_needed = allocate(needed=needed, places=drawn), allocate(needed=needed + more, places=drawn)
    assert all(fewer_needed.additional[place.key] <= more_needed.additional[place.key] for place in drawn)


@given(places, st.integers(1, 1500))
def test_places_neither_empty_nor_full_share_a_common_factor(drawn, needed):
    allocation = allocate(needed=needed, places=drawn)
    # some factor k rounds to every place's count: within half a resident, unless the place is full or empty
    at_least, at_most = 0.0, float("inf")
    for place in drawn:
        additional, weight = allocation.additional[place.key], place.odds * place.others
        if not can_take(place):
            continue
        if additional:
            at_least = max(at_least, (place.group + additional - 0.5) / weight)
        if place.key not in allocation.full:
            at_most = min(at_most, (place.group + additional + 0.5) / weight)
    assert at_least <= at_most * (1 + 1e-9)


def test_two_regions_by_hand():
    # benchmark odds 1/4 and 1/1; 30 of 200 and 80 of 100: at k = 1 they need 20 and 20
    even = allocate(needed=40, places=[Place("a", 30, 200, 0.25, 100), Place("b", 80, 100, 1.0, 100)])
    assert list(even.additional.values()) == [20, 20]
    assert even.unplaced == 0
    # a has room for only 5: b takes the rest, at 1.15 times its odds
    tight = allocate(needed=40, places=[Place("a", 30, 200, 0.25, 5), Place("b", 80, 100, 1.0, 100)])
    assert tight.additional == {"a": 5, "b": 35}
    assert tight.full == {"a"}
    # a is far ahead of its benchmark already and is allocated nobody
    ahead = allocate(needed=10, places=[Place("a", 90, 200, 0.25, 50), Place("b", 80, 100, 1.0, 100)])
    assert list(ahead.additional.values()) == [0, 10]


def test_residents_without_room_anywhere_are_reported():
    allocation = allocate(needed=40, places=[Place("a", 30, 200, 0.25, 5), Place("b", 80, 100, 1.0, 7)])
    assert list(allocation.additional.values()) == [5, 7]
    assert allocation.unplaced == 28
    assert allocate(needed=3, places=[]).unplaced == 3
    with pytest.raises(ValueError, match="unique key"):
        allocate(needed=3, places=[Place("a", 1, 50, 0.5, 9)] * 2)
    # no benchmark to compare with: odds of 0, or no others
    none = allocate(needed=3, places=[Place("a", 1, 50, 0.0, 9), Place("b", 1, 0, 0.5, 9)])
    assert list(none.additional.values()) == [0, 0]
    assert none.unplaced == 3


def test_nobody_needed_and_ties_in_order():
    nobody = allocate(needed=0, places=[Place("a", 1, 50, 0.5, 9)])
    assert nobody.additional == {"a": 0}
    assert nobody.unplaced == 0
    alike = [Place(key, 0, 10, 0.5, 9) for key in "abc"]
    assert list(allocate(needed=4, places=alike).additional.values()) == [2, 1, 1]


def test_a_million_residents_are_allocated():
    allocation = allocate(needed=1_000_000, places=[Place(str(at), at, 10**7 + at, 0.3, 10**5) for at in range(50)])
    assert sum(allocation.additional.values()) == 1_000_000
