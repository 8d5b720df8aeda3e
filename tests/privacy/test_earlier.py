"""Two deliveries: what hardly changed stays as protected readers saw it, so that subtracting shows no small change."""

from __future__ import annotations

from functools import cached_property
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import linprog

from queries import Question, Scope, ask
from queries.access.rights import viewer
from queries.privacy.audit import Auditor
from queries.privacy.earlier import Decided, text_of
from queries.privacy.joint import JointPattern
from queries.privacy.patterns import Cell
from queries.privacy.rule import rule_of
from queries.privacy.solver import Solver
from queries.privacy.tables import address_of

GOVERNOR = viewer("governor")
MIN_COUNT = 10
REGIONS, SECTORS = "ABCDEF", "uvwxyz"
EARLIER = "2024-06-28"


class SmallWorld(Solver):
    """A solver over given counts of regions by sectors, in place of a delivery."""

    @cached_property
    def outer(self):
        return {}

    @cached_property
    def tables(self):
        self.cells = {address: cell for table in self.members[0].tables.values() for address, cell in table.items()}
        return self.members[0].tables


def tables_of(counts):
    """Return the cells of counts by (region, sector), with their totals."""
    sums = {}
    for (region, sector), count in counts.items():
        for values in ({}, {"region": region}, {"sector": sector}, {"region": region, "sector": sector}):
            address = address_of(values)
            sums[address] = sums.get(address, 0) + count
    tables = {}
    for address, count in sums.items():
        names = tuple(name for name, _ in address)
        tables.setdefault(names, {})[address] = Cell((count,), values=(count,))
    return dict(sorted(tables.items(), key=lambda item: len(item[0])))


def solved(counts, earlier=None):
    measure, model = SimpleNamespace(id="starts"), SimpleNamespace(empty="Not recorded")
    member = SimpleNamespace(measure=measure, model=model, tables=tables_of(counts))
    world = SmallWorld((member,), rule_of(MIN_COUNT), (), earlier or {})
    assert world.tables
    world.solve()
    auditor = Auditor(world)
    for _ in range(6):
        result = auditor.audit()
        if not result.more:
            break
        world.hide_more(result.more)
    assert not result.exposed
    return world


def as_decided(world):
    return {
        address: Decided(delivery=delivery or EARLIER, counts=counts, is_hidden=address in world.reasons)
        for address, (delivery, counts) in world.decided().items()
    }


def shown_by(world):
    """Return what readers see: the count of each cell, of an earlier delivery where it is held, None where it is hidden."""
    decided = world.decided()
    return {address: None if address in world.reasons else decided[address][1][0] for address in world.cells}


def width_of(address, counts, known):
    """Return how far apart the values of a cell can be for a reader who knows these cells."""
    places = {place: at for at, place in enumerate(counts)}
    rows, right = [], []
    for name, values in (("region", REGIONS), ("sector", SECTORS)):
        for value in values:
            row = np.zeros(len(places))
            row[[at for place, at in places.items() if dict(address_of(place_of(place)))[name] == value]] = 1
            if address_of({name: value}) in known:
                rows, right = [*rows, row], [*right, known[address_of({name: value})]]
    bounds = [
        (known[address_of(place_of(place))],) * 2 if address_of(place_of(place)) in known else (0, None)
        for place in places
    ]
    rows, right = [*rows, np.ones(len(places))], [*right, known[()]]
    values = dict(address)
    goal = np.array([float(all(place_of(place)[name] == value for name, value in values.items())) for place in places])
    ends = [linprog(sign * goal, A_eq=np.array(rows), b_eq=right, bounds=bounds) for sign in (1, -1)]
    assert all(end.status in (0, 3) for end in ends), [end.message for end in ends]
    return np.inf if ends[1].status == 3 else -ends[1].fun - ends[0].fun


def place_of(place):
    return {"region": place[0], "sector": place[1]}


@pytest.fixture(params=range(6))
def deliveries(request):
    """Return the counts of two deliveries: a few late events, a few new residents, and much that is as it was."""
    chooser = Random(request.param)
    first = {(r, s): chooser.choice((0, 3, 8, 14, 30, 60, 90, 200)) for r in REGIONS for s in SECTORS}
    second = {place: count + chooser.choice((0, 0, 0, 0, 1, 2, 7, 15, 40)) for place, count in first.items()}
    return first, second


def test_no_small_change_can_be_computed_from_two_deliveries(deliveries):
    first, second = deliveries
    before = solved(first)
    after = solved(second, as_decided(before))
    truth = {address: cell.values[0] for address, cell in after.cells.items()}
    then = {address: cell.values[0] for address, cell in before.cells.items()}
    saved, seen = shown_by(before), shown_by(after)
    # whether a number that reads as before changed by a few cannot be told
    known = {address: value for address, value in seen.items() if value is not None and value != saved[address]}
    known |= {(): truth[()]}
    assert all(truth[address] == value for address, value in known.items())
    changed = [address for address in truth if address and saved[address] is not None and 0 < abs(truth[address] - then[address]) < MIN_COUNT]  # fmt: skip
    small = [address for address in truth if 0 < truth[address] < MIN_COUNT]
    assert changed
    assert small
    for address in {*changed, *small}:
        assert seen[address] is None or seen[address] == saved[address]
        assert width_of(address, second, known) >= MIN_COUNT - 2


def test_subtracting_shows_small_changes_without_the_delivery_before(deliveries):
    first, second = deliveries
    saved, seen = shown_by(solved(first)), shown_by(solved(second))
    changes = [seen[address] - saved[address] for address in seen if None not in (seen[address], saved[address])]
    assert any(0 < abs(change) < MIN_COUNT for change in changes)


def test_what_did_not_change_keeps_its_pattern(deliveries):
    before = solved(deliveries[0])
    after = solved(deliveries[0], as_decided(before))
    assert after.reasons.keys() == before.reasons.keys()
    assert not any(after.is_held(address) for address in after.cells)


def test_a_number_that_changed_by_the_limit_is_shown_anew():
    first = {(r, s): 100 for r in REGIONS for s in SECTORS}
    second = {**first, ("A", "u"): 110, ("B", "v"): 140, ("A", "v"): 60}
    shown = shown_by(solved(second, as_decided(solved(first))))
    assert shown[address_of({"region": "A", "sector": "u"})] in (100, 110)
    assert shown[address_of({"region": "A", "sector": "v"})] == 60
    assert shown[()] == sum(second.values())


@pytest.mark.parametrize(
    ("counts", "largest"), [((50, 100), 0), ((53, 140), 40), ((53, 100), 3), ((60, 140), None), ((50, 140), None)]
)
def test_a_cell_stays_while_any_of_its_counts_changed_by_a_few(counts, largest):
    place = address_of({"region": "A"})
    before = Decided(delivery=EARLIER, counts=(50, 100), is_hidden=False)
    world = SmallWorld((), rule_of(MIN_COUNT), (), {place: before})
    world.cells = {place: Cell(counts, values=counts)}
    assert world.change(place) == largest


class TestAnswers:
    """Answers with a row that is held, as the pattern of a later delivery would say."""

    @pytest.fixture(autouse=True)
    def over_the_demo(self, demo_store, use_store):
        use_store(demo_store)

    @pytest.fixture
    def hold_eastern(self, monkeypatch):
        def hold(delivery):
            key = text_of(address_of({"region": "Eastern"}))
            monkeypatch.setattr(
                JointPattern, "_held_in", lambda self, names: {key: delivery} if names == ("region",) else {}
            )

        return hold

    def test_a_held_row_is_the_earlier_deliverys_with_a_sentence(self, hold_eastern):
        hold_eastern(EARLIER)
        answer = ask(Question("residents_enrolled", "region"), Scope(viewer=GOVERNOR))
        now = {row.key: row.value for row in ask(Question("residents_enrolled", "region")).rows}
        then = {
            row.key: row.value for row in ask(Question("residents_enrolled", "region"), Scope(delivery=EARLIER)).rows
        }
        assert then["Eastern"] != now["Eastern"]
        assert {row.key: row.value for row in answer.rows} == now | {"Eastern": then["Eastern"]}
        assert answer.note.startswith("Counts that changed by fewer than 10")
        assert (
            ask(Question("residents_enrolled"), Scope(region="Eastern", viewer=GOVERNOR)).total.value == then["Eastern"]
        )

    def test_what_is_computed_from_a_held_row_is_hidden(self, hold_eastern):
        hold_eastern(EARLIER)
        rows = ask(Question("cost_per_enrolled", "region"), Scope(viewer=GOVERNOR)).rows
        assert next(row for row in rows if row.key == "Eastern").suppression is not None

    def test_a_held_row_whose_delivery_is_gone_is_hidden(self, hold_eastern):
        hold_eastern("2023-01-01")
        rows = ask(Question("residents_enrolled", "region"), Scope(viewer=GOVERNOR)).rows
        assert next(row for row in rows if row.key == "Eastern").suppression is not None
        assert any(row.value for row in rows)

    def test_directors_see_their_own_region_as_it_is(self, hold_eastern):
        hold_eastern(EARLIER)
        director = Scope(viewer=viewer("director", "Eastern"))
        rows = ask(Question("residents_enrolled", "region"), director).rows
        exact = ask(Question("residents_enrolled", "region")).rows
        assert [row.value for row in rows if row.key == "Eastern"] == [
            row.value for row in exact if row.key == "Eastern"
        ]
