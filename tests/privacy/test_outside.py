"""People outside of a region, whom a director can compute: how they are counted, and that the audit protects them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from queries import Question, Scope, ask, measures
from queries.database import current_delivery_id, delivery, open_store
from queries.privacy.across import AcrossContext
from queries.privacy.audit import Auditor
from queries.privacy.outside import few_outside, known_regions, outside
from queries.privacy.patterns import Cell
from queries.privacy.rule import rule_of
from queries.privacy.tables import address_of
from tests.privacy.test_earlier import SmallWorld

NORTH, SOUTH, BOTH = ("North",), ("South",), ("North", "South")
REGIONS = (NORTH, SOUTH)
# by initiative: the state, and how many of them are outside of North and of South
INITIATIVES = {"A": (60, 3, 57), "B": (50, 20, 30), "C": (90, 30, 60), "D": (80, 40, 40)}
STATE = tuple(map(sum, zip(*INITIATIVES.values(), strict=True)))


@pytest.mark.parametrize("measure", ["residents_enrolled", "completion_rate", "wage_after_exit"])
@pytest.mark.parametrize("fixed", [{}, {"sector": "Healthcare"}, {"group": "veteran"}, {"initiative": "CareerConneCT"}])
def test_counts_in_each_region_are_those_that_a_director_sees(demo_store, use_store, measure, fixed):
    use_store(demo_store)
    store = open_store(current_delivery_id())
    about = delivery(store)
    context = AcrossContext(measures()[measure], None, Scope(as_of=about.delivered_on, delivery=about.id), store, about)
    rows = {row.key: row for row in ask(Question(measure, "region"), Scope().but(**fixed)).rows}
    counted = context.in_regions(address_of(fixed), "in")
    assert counted.keys() >= {key for key, row in rows.items() if row.denominator or row.value}
    for region, counts in counted.items():
        row = rows.get(region)
        if len(counts) == 1:
            assert counts == (row.denominator if row and measure == "wage_after_exit" else row.value if row else 0,)
        else:
            assert counts == ((row.numerator, row.denominator - row.numerator) if row else (0, 0))


def test_only_a_few_people_outside_are_protected_and_not_those_of_a_small_count():
    assert few_outside((3, 20, 0), (60,), 10) == (3, 0, 0)
    assert few_outside((3,), (9,), 10) == (0,)  # hidden itself
    assert few_outside((3, 12, 4, 5), (60, 9), 10) == (3, 0, 4, 0)  # two counts in two regions


def test_a_cell_of_a_region_is_outside_of_the_others_only():
    member = SimpleNamespace(), Cell((0,), values=(0,))
    cell = Cell((30,), owner="North", values=(30,))
    assert outside([member], (*REGIONS, BOTH), address=(("region", "North"),), cell=cell, side=0) == (0, 30, 0)
    assert outside([member], REGIONS, address=(("region", "East"),), cell=None, side=0) == (0, 0)


@pytest.mark.parametrize(("sharing", "sets"), [(0, 0), (1, 5), (2, 15)])
def test_the_rule_says_how_many_directors_tell_each_other_what_they_see(demo_store, use_store, sharing, sets):
    use_store(demo_store)
    store = open_store(current_delivery_id())
    about = delivery(store)
    context = AcrossContext(
        measures()["starts"], None, Scope(as_of=about.delivered_on, delivery=about.id), store, about
    )
    known = known_regions([context], replace(rule_of(10), directors_sharing=sharing))
    assert len(known) == len(set(known)) == sets
    state = Cell((100,), values=(20_000,))
    (rest,) = outside([(context, state)], known[-1:], address=(), cell=state, side=0) if known else (None,)
    inside = {row.key: row.value for row in ask(Question("starts", "region")).rows}
    assert rest is None or rest == 20_000 - sum(inside[region] for region in known[-1])


class OutsideWorld(SmallWorld):
    """Counts of four initiatives, which directors of two regions know in their region."""

    known_regions = REGIONS
    nested = ()


def audited(*, knows_own_region):
    def cell(count):
        return Cell((count,), values=(count,))

    initiatives = {address_of({"initiative": name}): cell(count) for name, (count, *_) in INITIATIVES.items()}
    member = SimpleNamespace(
        measure=SimpleNamespace(id="starts"),
        model=SimpleNamespace(empty="Not recorded"),
        tables={(): {(): cell(STATE[0])}, ("initiative",): initiatives},
    )
    world = OutsideWorld((member,), rule_of(10))
    assert world.tables
    world.hide_more({address_of({"initiative": "A"})})
    if knows_own_region:
        world.differences = {(address_of({"initiative": name}), 0): rest for name, (_, *rest) in INITIATIVES.items()}
        world.differences = {place: tuple(rest) for place, rest in world.differences.items()} | {((), 0): STATE[1:]}
        world.unprotected = {place: few_outside(rest, (99,), 10) for place, rest in world.differences.items()}
    return Auditor(world).audit()


def test_the_few_outside_do_not_follow_from_the_other_initiatives():
    """That 60 are in A may follow from the total, but not that three of them are outside of North."""
    assert not audited(knows_own_region=False).more
    assert audited(knows_own_region=True).more - {address_of({"initiative": "A"})}
