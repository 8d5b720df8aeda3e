"""Linear programs of the audit: small worlds of a few counts, where it is plain what readers can compute."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csc_matrix, csr_matrix

from queries import Scope
from queries.database import current_delivery_id, delivery, open_store
from queries.privacy.across import AcrossContext
from queries.privacy.audit import Audit, Auditor
from queries.privacy.equations import Equations
from queries.privacy.patterns import SECONDARY, Cell
from queries.privacy.programs import Program
from queries.privacy.remainders import small_remainders
from queries.privacy.rule import rule_of
from queries.privacy.solutions import SolutionFinder, Solutions
from queries.privacy.solver import Solver
from queries.privacy.tables import address_of, names_of, unshown_tables_of
from queries.registry import measure

ENOUGH = 8
COST = np.array([10.0, 50.0, 30.0, 100.0])


def program_of(truth, hidden, known=(3,), equations=((1, 1, 1, -1),)):
    """Return the program of a few counts; by default three and their total, which readers know."""
    places = np.arange(len(truth))
    return Program(
        matrix=csr_matrix(np.array(equations, dtype=float)),
        room=np.minimum(truth, ENOUGH + 1.0),
        top=np.full(len(truth), ENOUGH + 1.0),
        is_hidden=np.isin(places, hidden),
        is_known=np.isin(places, known),
        cell_of=places,
        enough=ENOUGH,
        solutions=Solutions(),
    )


def flags(place, length=4):
    return np.arange(length) == place


def test_the_cheapest_cell_is_hidden_with_a_count_that_its_total_gives_away():
    program = program_of([3, 40, 20, 63], hidden=[0])
    assert program.mend(flags(0), COST) == {0: 0.0}
    assert program.is_hidden.tolist() == [True, False, True, False]
    assert not program.lost
    assert program.mend(flags(0), COST) == {}


def test_a_count_that_is_safe_costs_no_cell():
    program = program_of([3, 40, 20, 63], hidden=[0, 1])
    assert program.mend(flags(0), COST) == {}
    assert program.is_hidden.tolist() == [True, True, False, False]


def test_a_count_that_nothing_makes_safe_is_lost():
    program = program_of([3, 2, 1, 6], hidden=[0, 1, 2])
    assert program.mend(flags(0), COST) == {0: 6.0}
    assert program.lost == [0]


def test_a_difference_with_too_little_room_is_lost_before_any_program(monkeypatch):
    program = program_of([3, 40, 20, 63], hidden=[0])
    program.top = np.array([4.0, 9.0, 9.0, 9.0])  # between 0 and 7
    monkeypatch.setattr("queries.privacy.programs.SolutionFinder", lambda *_, **__: pytest.fail("a program was solved"))
    assert program.mend(flags(0), COST) == {}
    assert program.lost == [0]
    assert program.is_hidden.tolist() == [True, False, False, False]


def test_what_is_lost_changes_nothing_about_the_others():
    program = program_of([3, 2, 1, 6, 5, 40, 45], hidden=[0, 1, 2, 4], known=(3, 6),
                         equations=((1, 1, 1, -1, 0, 0, 0), (0, 0, 0, 0, 1, 1, -1)))  # fmt: skip
    exposed = program.mend(np.isin(np.arange(7), [0, 1, 2, 4]), np.full(7, 10.0))
    assert set(exposed) == {0, 1, 2, 4}
    assert sorted(program.lost) == [0, 1, 2]
    assert program.is_hidden[5]


def test_the_search_ends_where_nothing_makes_a_needed_count_safe():
    program = program_of([3, 2, 1, 6, 5, 40, 45], hidden=[0, 1, 2, 4], known=(3, 6),
                         equations=((1, 1, 1, -1, 0, 0, 0), (0, 0, 0, 0, 1, 1, -1)))  # fmt: skip
    exposed = program.mend(np.isin(np.arange(7), [0, 1, 2, 4]), np.full(7, 10.0), needed=7)
    assert set(exposed) == {0}
    assert program.lost == [0]
    assert not program.is_hidden[5]


def test_a_count_that_cannot_be_eight_larger_can_be_safe_by_being_smaller_too():
    program = program_of([9, 4, 0, 13], hidden=[0], equations=((1, 1, 1, -1), (0, 0, 1, 0)))
    assert program.mend(flags(0), COST) == {0: 0.0}
    assert program.is_hidden.tolist() == [True, True, False, False]
    assert not program.lost


def test_a_cell_hides_all_of_its_counts():
    program = program_of([3, 40, 20, 63], hidden=[0])
    program.cell_of = np.array([0, 1, 1, 2])
    program.mend(flags(0), COST)
    assert program.is_hidden.tolist() == [True, True, True, False]


class TestRemainders:
    """A fiscal year of program A, with its two quarters; the second quarter of A, B and C, with their total."""

    TRUTH = np.array([149.0, 100.0, 49.0, 8.0, 1.0, 58.0])
    EQUATIONS = ((-1, 1, 1, 0, 0, 0), (0, 0, 1, 1, 1, -1))

    def remainders(self, hidden):
        matrix = csr_matrix(np.array(self.EQUATIONS, dtype=float))
        remainders = small_remainders(matrix, self.TRUTH, np.isin(np.arange(6), hidden), 10)
        return [places.tolist() for places in remainders]

    def test_two_hidden_cells_are_few_people_once_the_third_follows_from_its_year(self):
        assert self.remainders([2, 3, 4]) == [[3, 4]]

    def test_nothing_follows_where_the_year_or_its_other_quarter_is_hidden(self):
        assert self.remainders([0, 2, 3, 4]) == self.remainders([1, 2, 3, 4]) == []

    def test_a_large_remainder_or_an_unknown_total_tells_nothing_small(self):
        assert self.remainders([3, 4, 5]) == self.remainders([2]) == []

    def test_a_small_remainder_is_protected_like_a_small_count(self):
        program = program_of(self.TRUTH, hidden=[2, 3, 4], known=(), equations=self.EQUATIONS)
        program = program.with_sums([np.array([3, 4])])
        costs = np.array([90.0, 40.0, 0.0, 0.0, 0.0, 60.0, 0.0])
        assert program.mend(flags(6, 7), costs) == {6: 0.0}
        assert not program.lost
        assert np.flatnonzero(program.is_hidden).tolist() == [1, 2, 3, 4, 6]
        assert self.remainders([1, 2, 3, 4]) == []

    def test_a_solution_about_a_remainder_serves_the_next_program(self, monkeypatch):
        program = program_of(self.TRUTH, hidden=[1, 2, 3, 4], known=(), equations=self.EQUATIONS)
        remainder = [np.array([3, 4])]
        targets = flags(6, 7) | flags(3, 7)
        assert program.with_sums(remainder).mend(targets, np.zeros(7)) == {}
        monkeypatch.setattr("queries.privacy.programs.SolutionFinder", lambda *_, **__: pytest.fail("solved again"))
        assert program.with_sums(remainder).mend(targets, np.zeros(7)) == {}
        assert program.mend(targets[:6], np.zeros(6)) == {}


@pytest.mark.parametrize("seed", range(8))
def test_programs_that_start_at_the_truth_find_what_others_find(seed):
    chooser = np.random.default_rng(seed)
    matrix = chooser.choice((-1.0, 0.0, 1.0), (6, 15))
    least, most = -chooser.integers(0, 10, 15).astype(float), np.full(15, 9.0)
    differences = SolutionFinder(csc_matrix(matrix), least, most)
    for goal in chooser.normal(size=(4, 15)):  # what was found for one goal leaves nothing behind for the next
        expected = linprog(goal, A_eq=matrix, b_eq=np.zeros(6), bounds=np.column_stack([least, most]))
        result = differences.cheapest(goal=goal)
        assert goal @ result == pytest.approx(expected.fun)
        assert matrix @ result == pytest.approx(np.zeros(6))
        assert (result >= least - 1e-6).all()
        assert (result <= most + 1e-6).all()


def test_the_solver_prints_nothing(capfd):
    SolutionFinder(csc_matrix(np.array([[1.0, -1.0]])), np.full(2, -9.0), np.full(2, 9.0)).cheapest(goal=1.0)
    assert capfd.readouterr() == ("", "")


def test_bounds_that_nothing_fits_have_no_solution():
    total = csc_matrix(np.array([[1.0, -1.0]]))
    assert SolutionFinder(total, np.array([8.0, 0.0]), np.array([9.0, 2.0])).cheapest() is None


class TestTowns:
    """Two regions, each with two towns, by sector. One resident of region A in sector u has no town on record."""

    PEOPLE = (
        ("A", "t1", "u", 30),
        ("A", "t2", "v", 20),
        ("A", "?", "u", 1),
        ("B", "t3", "u", 40),
        ("B", "t4", "v", 50),
    )

    @pytest.fixture
    def solver(self):
        sums: dict[object, int] = {}
        for region, town, sector, count in self.PEOPLE:
            for values in (
                {}, {"region": region}, {"town": town}, {"sector": sector},
                {"region": region, "sector": sector}, {"town": town, "sector": sector}, {"region": region, "town": town},
            ):  # fmt: skip
                sums[address_of(values)] = sums.get(address_of(values), 0) + count
        members = (SimpleNamespace(measure=SimpleNamespace(id="starts"), model=SimpleNamespace(empty="?")),)
        solver = Solver(members, rule_of(10))
        solver.outer = {"town": {town: {"region": region} for region, town, _, _ in self.PEOPLE if town != "?"}}
        solver.cells = {address: Cell((count,), values=(count,)) for address, count in sums.items()}
        return solver

    def test_readers_do_not_know_how_many_residents_of_a_region_have_no_town(self, solver):
        equations = Equations.of(solver)
        without_town = {
            region: equations.variables.index((address_of({"region": region, "sector": "u", "town": "?"}), 0))
            for region in "AB"
        }
        assert [equations.values[at, 0] for at in without_town.values()] == [1, 0]
        assert equations.is_hidden(solver)[list(without_town.values())].all()
        assert equations.is_known(solver, ["B"])[list(without_town.values())].tolist() == [False, True]
        # all but the sum of the towns of region A: who has no town is a cell of the table by region and town
        assert equations.that_hold(equations.values[:, 0]).shape[0] == equations.matrix.shape[0] - 1

    def test_readers_do_not_know_how_many_residents_of_a_town_have_no_sector(self, solver):
        solver.cells[address_of({"sector": "?"})] = Cell((2,), values=(2,))
        equations = Equations.of(solver)
        at = equations.variables.index((address_of({"sector": "?", "town": "t3"}), 0))
        assert equations.values[at, 0] == 0
        assert equations.is_hidden(solver)[at]
        assert equations.is_known(solver, ["B"])[at]
        assert not equations.is_known(solver, ["A"])[at]

    def test_hiding_more_leaves_hidden_what_was(self, solver):
        first, second = address_of({"town": "t1"}), address_of({"town": "t2"})
        solver.hide_more({first})
        solver.hide_more({second})
        assert solver.reasons == {first: SECONDARY, second: SECONDARY}


class TestProgramsThatNoAnswerShows:
    """A sector less all of its providers but one is what is left of this provider: 20 learned to drive, 17 of them at one school."""

    @pytest.fixture
    def solver(self):
        members = (SimpleNamespace(measure=SimpleNamespace(id="starts"), model=SimpleNamespace(empty="?")),)
        solver = Solver(members, rule_of(10))
        schools = {"A": "Open Mile", "B": "Open Mile", "evenings": "Long Hill", "care": "Health School"}
        sectors = {name: "Healthcare" if name == "care" else "Driving" for name in schools}
        solver.outer = {"program": {name: {"provider": schools[name], "sector": sectors[name]} for name in schools}}
        counts, cells = {"A": 11, "B": 6, "evenings": 3, "care": 60}, {}
        for program, count in counts.items():
            of = {"provider": schools[program], "sector": sectors[program]}
            for values in ({}, *({name: value} for name, value in of.items())):
                at = address_of({"quarter": "2026-Q1", **values})
                cells[at] = cells.get(at, 0) + count
            solver.unshown[address_of({"quarter": "2026-Q1", "program": program})] = Cell((count,), values=(count,))
        solver.cells = {at: Cell((count,), values=(count,)) for at, count in {(): 80, **cells}.items()}
        hidden = [{"provider": "Long Hill"}, {"provider": "Health School"}]  # as large as the small one takes by itself
        solver.hide_more({address_of({"quarter": "2026-Q1", **values}) for values in hidden})
        return solver

    def test_what_is_left_of_a_sector_is_protected(self, solver):
        of_long_hill = address_of({"provider": "Long Hill", "quarter": "2026-Q1"})
        result = Auditor(solver).audit()
        assert of_long_hill in result.recovered and result.more
        solver.hide_more(result.more)
        assert not Auditor(solver).audit().exposed

    def test_without_these_programs_the_audit_does_not_see_it(self, solver):
        solver.unshown = {}
        assert not Auditor(solver).audit().exposed

    def test_a_solver_counts_them_where_an_audit_follows(self, demo_store, use_store):
        use_store(demo_store)
        store = open_store(current_delivery_id())
        about = delivery(store)
        scope = Scope(as_of=about.delivered_on, delivery=about.id)
        member = AcrossContext(measure("completions"), None, scope, store, about)
        solver = Solver((member,), rule_of(10), is_audited=True)
        assert {names_of(at) for at in solver.unshown} == set()
        cells = solver.tables and solver.cells
        assert {names_of(at) for at in solver.unshown} == unshown_tables_of(member) != set()
        assert not solver.unshown.keys() & cells.keys()
        by_quarter = {at: cell.values[0] for at, cell in solver.unshown.items() if names_of(at)[-1] == "quarter"}
        for quarter in {dict(at)["quarter"] for at in by_quarter}:
            counted = sum(count for at, count in by_quarter.items() if dict(at)["quarter"] == quarter)
            assert counted == cells[address_of({"quarter": quarter})].values[0]


@pytest.mark.parametrize(("stem", "views"), [("residents_enrolled", 1 + 6), ("starts", 1)])
def test_every_pair_of_directors_is_audited_for_the_people_of_every_page(monkeypatch, stem, views):
    members = (SimpleNamespace(measure=SimpleNamespace(id=stem), model=SimpleNamespace(empty="?")),)
    solver = Solver(members, rule_of(10))
    solver.outer = {}
    solver.cells = {address_of({"region": region}): Cell((50,), values=(50,), owner=region) for region in "ABCD"}
    solver.cells[()] = Cell((200,), values=(200,))
    audited = []
    monkeypatch.setattr(Auditor, "_audit", lambda self, known, *_: audited.append(set(known)) or Audit())
    Auditor(solver).audit()
    assert len(audited) == views
    assert all({*pair} in audited for pair in combinations("ABCD", 2)) == (views > 1)
