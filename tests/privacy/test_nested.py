"""Differences between nested measures: which there are, how they are computed, and that the audit protects them."""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace

import pytest

from queries.privacy.audit import Auditor
from queries.privacy.family import stem_of
from queries.privacy.joint import JOINT_TYPES
from queries.privacy.nested import Counted, Difference, Value, differences, others_of, smallest, values_of
from queries.privacy.patterns import Cell
from queries.privacy.rule import rule_of
from queries.privacy.solver import Solver
from queries.privacy.tables import address_of
from queries.registry import measures

EAST, SPRING = address_of({"region": "Eastern"}), address_of({"region": "Eastern", "quarter": "2026-Q2"})
ENOUGH = 8


def difference(*others, is_of_successes=False, is_by_period=False):
    return Difference(
        measure="credential_rate", others=others, is_of_successes=is_of_successes, is_by_period=is_by_period
    )


def test_every_difference_is_between_measures_of_one_model_that_have_a_pattern():
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
    others = {"completions": Counted({EAST: ((34, 34),)}), "credentials": Counted({EAST: ((27, 27),)})}
    assert values_of(difference("completions"), cells, others, ENOUGH)[EAST] == (Value(4, False),)
    of_successes = difference("credentials", is_of_successes=True)
    assert values_of(of_successes, cells, others, ENOUGH)[EAST] == (Value(7, False),)
    assert values_of(difference("completions", "credentials"), cells, others, ENOUGH)[EAST] == (Value(-23, False),)


def test_a_difference_in_a_period_needs_measures_of_the_same_day():
    cells, others = {SPRING: ((30, 20),)}, {"completions": Counted({SPRING: ((34, 34),)})}
    assert values_of(difference("completions"), cells, others, ENOUGH)[SPRING][0].people == 0
    assert values_of(difference("completions", is_by_period=True), cells, others, ENOUGH)[SPRING][0].people == 4


@pytest.mark.parametrize(
    ("room", "is_protected"),
    [((-9, 0), False), ((-4, 4), True), ((0, 9), True), ((-3, 4), False)],
)
def test_a_hidden_larger_count_protects_a_difference_where_it_can_still_be_many_values(room, is_protected):
    """It cannot be less than the count that it includes."""
    cells, others = {EAST: ((30, 20),)}, {"completions": Counted({EAST: ((34, 34),)}, ({(EAST, 0): room}, {}))}
    assert values_of(difference("completions"), cells, others, ENOUGH)[EAST] == (Value(4, is_protected),)


def test_only_the_smallest_of_several_differences_has_to_be_protected():
    far, near, protected, below = (difference(name) for name in ("enrollments", "completions", "starts", "credentials"))
    values = [(far, Value(7, False)), (near, Value(3, False)), (protected, Value(1, True)), (below, Value(-5, False))]
    assert smallest(values) == (0, 3, 0, 5)
    assert smallest([(far, Value(7, False)), (near, Value(0, False))]) == (7, 0)


class SmallWorld(Solver):
    """A solver over given counts of four regions, of which another measure counts a few people more."""

    @cached_property
    def outer(self):
        return {}

    @cached_property
    def tables(self):
        regions = {address_of({"region": name}): Cell((count,), values=(count,)) for name, count in COUNTS.items()}
        tables = {(): {(): Cell((TOTAL,), values=(TOTAL,))}, ("region",): regions}
        self.cells = {address: cell for table in tables.values() for address, cell in table.items()}
        return tables


COUNTS = {"A": 60, "B": 50, "C": 90, "D": 80}
TOTAL = sum(COUNTS.values())
MORE = {"A": 3, "B": 20, "C": 30, "D": 40}


def audited(*, has_differences):
    member = SimpleNamespace(measure=SimpleNamespace(id="starts"), model=SimpleNamespace(empty="Not recorded"))
    world = SmallWorld((member,), rule_of(10))
    assert world.tables
    world.hide_more({address_of({"region": "A"})})
    if has_differences:
        world.differences = {(address_of({"region": name}), 0): (count,) for name, count in MORE.items()}
        world.differences[(), 0] = (sum(MORE.values()),)
        world.unprotected = world.differences
    return Auditor(world).audit()


def test_a_small_difference_does_not_follow_from_the_other_differences():
    """The count of A, 60, may follow from the total, but not that another measure counts three people more."""
    assert not audited(has_differences=False).more
    assert audited(has_differences=True).more - {address_of({"region": "A"})}
