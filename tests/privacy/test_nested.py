"""Differences between nested measures: which there are, how they are computed, and that the audit protects them."""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace

import numpy as np
import pytest

from queries.privacy.audit import Auditor
from queries.privacy.equations import Equations
from queries.privacy.family import stem_of
from queries.privacy.joint import JOINT_TYPES
from queries.privacy.nested import Difference, differences, others_of, to_protect, values_of
from queries.privacy.patterns import Cell
from queries.privacy.rule import rule_of
from queries.privacy.tables import address_of, names_of
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

    is_by_period = False
    sign = 1

    @cached_property
    def nested(self):
        return [(difference("completions", is_by_period=self.is_by_period), self.sign)] if self.differences else []

    def columns(self, measure):
        return slice(0, 1)


COUNTS = {"A": 60, "B": 50, "C": 90, "D": 80}
TOTAL = sum(COUNTS.values())
MORE = {"A": 3, "B": 20, "C": 30, "D": 40}


def world_of(more_tables, differences, *, is_by_period=False):
    regions = {address_of({"region": name}): Cell((count,), values=(count,)) for name, count in COUNTS.items()}
    member = SimpleNamespace(
        measure=SimpleNamespace(id="starts"),
        model=SimpleNamespace(empty="Not recorded"),
        tables={(): {(): Cell((TOTAL,), values=(TOTAL,))}, ("region",): regions, **more_tables},
    )
    world = NestedWorld((member,), rule_of(10))
    world.is_by_period = is_by_period
    assert world.tables
    world.differences = {
        (address, 0): (differences.get(address, 0),) for address in {*world.cells, *differences} if differences
    }
    world.unprotected = {place: (count if count < 10 else 0,) for place, (count,) in world.differences.items()}
    return world


def audited(*, has_differences, elsewhere=0):
    differences = {address_of({"region": name}): count for name, count in MORE.items()}
    differences[()] = sum(MORE.values()) + elsewhere
    differences |= {address_of({"region": "E"}): elsewhere} if elsewhere else {}
    world = world_of({}, differences if has_differences else {})
    world.hide_more({address_of({"region": "A"})})
    return Auditor(world).audit()


def test_a_small_difference_does_not_follow_from_the_other_differences():
    """The count of A, 60, may follow from the total, but not that another measure counts three people more."""
    assert not audited(has_differences=False).more
    assert audited(has_differences=True).more - {address_of({"region": "A"})}


@pytest.mark.parametrize("elsewhere", [40, 9])
def test_what_others_count_where_this_measure_counts_nobody_hides_no_difference(elsewhere):
    """Nobody of E has left yet, so all who enrolled there are still in training. Few of them are hidden, but no others can take their place."""
    more = audited(has_differences=True, elsewhere=elsewhere).more - {address_of({"region": "A"})}
    assert more
    assert address_of({"region": "E"}) not in more


@pytest.mark.parametrize("is_by_period", [True, False])
def test_what_periods_tell_of_a_count_tells_of_its_difference(is_by_period):
    """A and B are hidden, and A in the first year. But that follows from the other regions of the year, and so does A."""
    years = {"2024": {"A": 40, "B": 30, "C": 50, "D": 45}, "2025": {"A": 20, "B": 20, "C": 40, "D": 35}}
    tables = {
        ("fiscal_year", "region"): {
            address_of({"fiscal_year": year, "region": region}): Cell((count,), values=(count,))
            for year, counts in years.items()
            for region, count in counts.items()
        },
        ("fiscal_year",): {
            address_of({"fiscal_year": year}): Cell((sum(counts.values()),), values=(sum(counts.values()),))
            for year, counts in years.items()
        },
    }
    hidden = [
        {"region": "A"},
        {"region": "B"},
        {"region": "A", "fiscal_year": "2024"},
        {"region": "B", "fiscal_year": "2025"},
    ]
    differences = {address_of({"region": name}): count for name, count in MORE.items()} | {(): sum(MORE.values())}
    if is_by_period:
        differences |= {
            address_of({"region": name, "fiscal_year": year}): MORE[name] * share // 10
            for name in MORE
            for year, share in {"2024": 0, "2025": 10}.items()
        }
        differences |= {address_of({"fiscal_year": "2025"}): sum(MORE.values())}
    world = world_of(tables, differences, is_by_period=is_by_period)
    world.hide_more(set(map(address_of, hidden)))
    assert {names_of(address) for address in Auditor(world).audit().more - world.reasons.keys()} == {
        ("fiscal_year", "region")
    }


@pytest.mark.parametrize("sign", [1, -1])
def test_no_count_moves_below_zero(sign):
    """The other measure counts more people than this one, or fewer. In D it is the other way around."""
    values = {"A": 3, "B": 20, "C": 30, "D": -5}
    world = world_of({}, {address_of({"region": name}): value for name, value in values.items()})
    world.sign = sign
    equations = Equations.of(world)
    rooms, tops = equations.limits(world)
    limits = {
        dict(address)["region"]: (rooms[at, 1], tops[at, 1])
        for at, (address, _) in enumerate(equations.variables)
        if address
    }
    expected = {name: (value if value >= 0 else np.inf, COUNTS[name]) for name, value in values.items()}
    if sign < 0:
        expected = {name: (min(COUNTS[name], room), np.inf) for name, (room, _) in expected.items()}
    assert limits == expected
