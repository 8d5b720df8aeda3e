"""Differences between nested measures: which there are, how they are computed, and that the audit protects them."""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace

import pytest

from queries.privacy.audit import Auditor
from queries.privacy.family import stem_of
from queries.privacy.joint import JOINT_TYPES
from queries.privacy.nested import Difference, differences, others_of, to_protect, values_of
from queries.privacy.patterns import Cell
from queries.privacy.rule import rule_of
from queries.privacy.tables import address_of
from queries.registry import measures
from tests.privacy.test_earlier import SmallWorld

EAST, SPRING = address_of({"region": "Eastern"}), address_of({"region": "Eastern", "quarter": "2026-Q2"})


def difference(*others, is_of_successes=False, is_by_period=False):
    return Difference(
        measure="credential_rate", others=others, is_of_successes=is_of_successes, is_by_period=is_by_period
    )


def test_every_difference_is_between_measures_of_the_same_model_that_have_a_pattern():
    assert len(differences()) > 50
    for each in differences():
        ids = (each.measure, *each.others)
        assert all(measures()[name].type in JOINT_TYPES for name in ids), each
        assert len({measures()[name].model for name in ids} - {"learners"}) == 1, each


def test_every_measure_is_solved_after_those_that_it_differs_from():
    stems = {stem_of(measure) for measure in measures().values() if measure.type in JOINT_TYPES}
    solved = set()
    for _ in stems:
        for stem in stems - solved:
            members = {measure.id for measure in measures().values() if stem_of(measure) == stem}
            solved |= {stem} if {stem_of(measures()[each]) for each in others_of(members)} - {stem} <= solved else set()
    assert solved == stems


def test_a_difference_is_what_the_other_measure_counts_more():
    cells = {EAST: ((30, 20),)}
    others = {"completions": {EAST: ((34, 34),)}, "credentials": {EAST: ((27, 27),)}}
    assert values_of(difference("completions"), cells, others) == {EAST: (4,)}
    assert values_of(difference("credentials", is_of_successes=True), cells, others) == {EAST: (7,)}
    assert values_of(difference("completions", "credentials"), cells, others) == {EAST: (-23,)}


def test_a_difference_in_a_period_needs_measures_of_the_same_day():
    cells, others = {SPRING: ((30, 20),)}, {"completions": {SPRING: ((34, 34),)}}
    assert values_of(difference("completions"), cells, others) == {SPRING: (0,)}
    assert values_of(difference("completions", is_by_period=True), cells, others) == {SPRING: (4,)}


@pytest.mark.parametrize(
    ("values", "counts", "protected"),
    [
        ((7, 3, -5), (30, 20), (0, 3, 5)),  # the smallest of those from larger counts, and of those from smaller ones
        ((7, 0, 0), (30, 20), (7, 0, 0)),
        ((12, 0, 0), (30, 20), (0, 0, 0)),  # not small
        ((4, 4, 0), (30, 20), (4, 0, 0)),
        ((4, 0, 0), (3, 2), (0, 0, 0)),  # the larger count is 7 and hidden itself
    ],
)
def test_only_the_smallest_of_several_differences_has_to_be_protected(values, counts, protected):
    nested = [difference("enrollments"), difference("completions"), difference("credentials")]
    assert to_protect(nested, values, {"credential_rate": counts}, 10) == protected


class NestedWorld(SmallWorld):
    """Counts of four regions, of which another measure counts a few people more."""

    @cached_property
    def nested(self):
        return [(difference("completions"), 1)] if self.differences else []

    def columns(self, measure):
        return slice(0, 1)


COUNTS = {"A": 60, "B": 50, "C": 90, "D": 80}
TOTAL = sum(COUNTS.values())
MORE = {"A": 3, "B": 20, "C": 30, "D": 40}


def audited(*, has_differences, elsewhere=0):
    regions = {address_of({"region": name}): Cell((count,), values=(count,)) for name, count in COUNTS.items()}
    member = SimpleNamespace(
        measure=SimpleNamespace(id="starts"),
        model=SimpleNamespace(empty="Not recorded"),
        tables={(): {(): Cell((TOTAL,), values=(TOTAL,))}, ("region",): regions},
    )
    world = NestedWorld((member,), rule_of(10))
    assert world.tables
    world.hide_more({address_of({"region": "A"})})
    if has_differences:
        world.differences = {(address_of({"region": name}), 0): (count,) for name, count in MORE.items()}
        world.differences[(), 0] = (sum(MORE.values()) + elsewhere,)
        world.unprotected = dict(world.differences)
        world.differences |= {(address_of({"region": "E"}), 0): (elsewhere,)} if elsewhere else {}
    return Auditor(world).audit()


def test_a_small_difference_does_not_follow_from_the_other_differences():
    """The count of A, 60, may follow from the total, but not that another measure counts three people more."""
    assert not audited(has_differences=False).more
    assert audited(has_differences=True).more - {address_of({"region": "A"})}


@pytest.mark.parametrize("elsewhere", [40, 9])
def test_what_others_count_where_this_measure_counts_nobody_is_part_of_the_difference(elsewhere):
    """Nobody of E has left yet, so all who enrolled there are still in training. Readers subtract them, too."""
    more = audited(has_differences=True, elsewhere=elsewhere).more - {address_of({"region": "A"})}
    assert bool(more) == (elsewhere >= 10)  # if they are few, their number is hidden, and so it protects A
    assert address_of({"region": "E"}) not in more
