"""Attacks on the numbers that protected readers get, as such readers could make them.

    python -m tests.privacy.attack STORE...

prints what each attack recovers of every store (`make attack`). Of several stores, each later one is taken for the next delivery
of the one before, as a reader knows them who saved every number. tests/privacy/test_attack.py runs a quick form. A small cell is
a count from 1 to 9. A cell is recovered if only one value fits everything that is shown, and narrowed if the values that fit
span less than those that "hidden" leaves open. The attacker knows the rules, and which answers add up to which.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, pairwise, product

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack

from data import store as published
from queries import Goal, Question, Scope, ask, registry
from queries.access.rights import viewer
from queries.access.viewer import Viewer
from queries.database import current_delivery_id, open_store
from queries.dimensions import DIMENSIONS, MODELS
from queries.periods import days_of, key_of
from queries.reference import reference_rows
from queries.scope import SIDES

MIN_COUNT = 10
MOST = 1e6  # no cell counts more
UNRECORDED = "Not recorded"
COUNTS = (
    "enrollments", "completions", "withdrawals", "residents_enrolled", "residents_new", "learners", "positions_filled_by_participants",
)  # fmt: skip
FILTERS = ("initiative", "region", "sector", "group", "provider")
ON_EVERY_PAGE = FILTERS[:4]
# what cannot be combined: the family has no such question (queries/privacy/family.toml)
APART = {
    "program": {"initiative", "region", "sector", "group"},
    "intake": {"group", "provider"},
    "town": {"group", "provider"},
    "provider": {"group"},
    "group": {"program", "intake", "town", "provider"},
}
ONLY_FILTERED = {"residents_new"}  # by place, the rows of a breakdown would differ from the filter
PERIODS = ("quarter", "fiscal_year")
# with periods, every breakdown is asked for in each of them too: only then is a row listed that no filter keeps, such as no sector
BREAKDOWNS = (
    "initiative", "region", "sector", "group", "town", "program", "provider", "intake",
    "platform", "subject", "course", "eligibility", "employer", "source", *PERIODS,
)  # fmt: skip
GOVERNOR = viewer("governor")
Address = tuple[tuple[str, str], ...]


@dataclass
class Outcome:
    """What an attack found: how many cells or guesses it tried, and how many it got."""

    name: str
    tried: int = 0
    recovered: int = 0
    narrowed: int = 0
    examples: list[object] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.name}: {self.recovered} recovered, {self.narrowed} narrowed, of {self.tried}"


def is_small(count: float | None) -> bool:
    return count is not None and 0 < count < MIN_COUNT


# What a reader sees, and what is true


def names_of(dimension: str) -> list[str]:
    """Return the values of a filter."""
    entry = DIMENSIONS[dimension]
    return [str(row[entry.reference_key]) for row in reference_rows(open_store(current_delivery_id()), entry.reference)]


def family_questions(measure: str, breakdowns: Sequence[str] = BREAKDOWNS) -> Iterator[tuple[Question, dict[str, str]]]:
    """Yield every question of the family about one measure, with its filters."""
    model = MODELS[registry.measure(measure).model]
    inside = [name for name in breakdowns if name in model.breakdowns]
    filters: list[dict[str, str]] = [{}]
    for name in (name for name in FILTERS if name in model.filters and name in inside):
        sides = [{"group_side": side} for side in SIDES] if name == "group" else [{}]
        filters += [{name: value, **side} for value, side in product(names_of(name), sides)]
    groups = [fixed for fixed in filters if fixed.get("group_side") == SIDES[0]]
    periods = [{name: row.key} for name in PERIODS if name in breakdowns for row in ask(Question(measure, name)).rows]
    for fixed, by in product(periods, () if measure in ONLY_FILTERED else inside):
        if by not in PERIODS:  # a quarter in its year is the quarter
            yield Question(measure, by), fixed
    for fixed in filters:
        for by in (*(() if measure in ONLY_FILTERED else inside), *PERIODS, None):
            if by not in fixed and not APART.get(by or "", set()).intersection(fixed):
                yield Question(measure, by), fixed
    # the group of a filter can be the only row of a breakdown by group, too
    places = [
        fixed for fixed in (*filters, *periods) if "group" not in fixed and not APART["group"].intersection(fixed)
    ]
    for fixed, place in product(groups, places):
        yield Question(measure, "group"), {**fixed, **place}


def scope_of(reader: Viewer | None, fixed: dict[str, str]) -> Scope:
    """Return the scope of a question of the family."""
    filters = {name: value for name, value in fixed.items() if name not in PERIODS}
    since, until = next((days_of(fixed[name], name) for name in PERIODS if name in fixed), (None, None))
    return Scope(viewer=reader, since=since, until=until).but(**filters)


def address_of(fixed: dict[str, str], by: str | None, key: str) -> Address:
    values = {name: value for name, value in fixed.items() if name != "group_side"}
    if "group" in fixed:
        values["group"] = f"{fixed['group']} {fixed['group_side']}"
    if by is not None:
        values[by] = f"{key} in" if by == "group" else key
    return tuple(sorted(values.items()))


def seen_by(reader: Viewer | None, questions: Iterable[tuple[Question, dict[str, str]]]) -> dict[Address, float | None]:
    """Return every cell that answers list: its count, or None if every answer hides it; for the operator, the truth."""
    cells: dict[Address, float | None] = {}
    for question, fixed in questions:
        answer = ask(question, scope_of(reader, fixed))
        assert not answer.is_nearest, (question, fixed)
        for row in answer.rows:
            address = address_of(fixed, question.by, row.key)
            shown = row.value if row.suppression is None else None
            cells[address] = cells.get(address) if shown is None else shown
    return cells


def running_totals(
    reader: Viewer, questions: Iterable[tuple[Question, dict[str, str]]]
) -> dict[tuple[Address, ...], float]:
    """Return each running total that answers show, by the cells of the periods that it adds up."""
    totals: dict[tuple[Address, ...], float] = {}
    for question, fixed in questions:
        if question.by in PERIODS:
            rows = ask(question, scope_of(reader, fixed)).rows
            cells = [address_of(fixed, question.by, row.key) for row in rows]
            sums = [getattr(row, "cumulative", None) for row in rows]
            totals |= {tuple(cells[: at + 1]): value for at, value in enumerate(sums) if value is not None}
    return totals


def shared(readers: Sequence[Viewer], measure: str, breakdowns: Sequence[str]) -> dict[Address, float | None]:
    """Return what readers know who tell each other everything; each director knows the own region exactly."""
    known = seen_by(GOVERNOR, family_questions(measure, breakdowns))
    towns = {row["town"]: row["region"] for row in reference_rows(open_store(current_delivery_id()), "towns")}
    homes = {reader.region for reader in readers if reader.region}
    truth = seen_by(None, family_questions(measure, breakdowns)) if homes else {}
    for address in known:
        values = dict(address)
        if values.get("region", towns.get(values.get("town", ""))) in homes:
            known[address] = truth.get(address, 0)
    return known


# Linear programs over everything that adds up


def sums_of(cells: Collection[Address]) -> Iterator[tuple[Address, list[Address]]]:
    """Yield each total with the cells that add up to it.

    Among them are cells that no answer has: residents of the region whose town is not recorded, or of the town whose sector is not.
    """
    lines: dict[tuple[str, Address], list[Address]] = {}
    store = open_store(current_delivery_id())
    towns = {row["town"]: row["region"] for row in reference_rows(store, "towns")}
    programs = {row["program"]: row for row in reference_rows(store, "programs")}

    def add(line: str, rest: dict[str, str], address: Address) -> None:
        total = tuple(sorted(rest.items()))
        members = lines.setdefault((line, total), [])
        name = line.partition(" in ")[0]
        unrecorded = tuple(sorted((rest | {name: UNRECORDED}).items()))
        if not members and ((name, UNRECORDED),) in cells and unrecorded not in cells:
            members.append(unrecorded)
        members.append(address)

    for address in cells:
        values = dict(address)
        if "town" in values and "region" not in values and towns.get(values["town"]):
            outer = {name: value for name, value in address if name != "town"} | {"region": towns[values["town"]]}
            add("town in region", outer, address)
        for name in ("provider", "sector") if values.get("program") in programs else ():
            if name not in values and programs[values["program"]][name]:
                outer = {other: value for other, value in address if other != "program"}
                add(f"program in {name}", outer | {name: programs[values["program"]][name]}, address)
        for name, value in address:
            rest = {other: values[other] for other in values if other != name}
            if name == "quarter":
                rest["fiscal_year"] = key_of(days_of(value, "quarter")[0], "fiscal_year")
            # the sides of one group add up; groups do not
            add(f"group {value.rsplit(' ', 1)[0]}" if name == "group" else name, rest, address)
    for (_, total), members in lines.items():
        yield total, members


@dataclass
class Program:
    """The linear equations between hidden cells, one block for each set of cells that are connected."""

    unknown: list[Address]
    truth: list[float]
    rows: list[list[tuple[int, float]]]

    @classmethod
    def over(
        cls,
        known: dict[Address, float | None],
        truth: dict[Address, float],
        running: Mapping[tuple[Address, ...], float] = {},
    ) -> Program:
        known, truth, lines = dict(known), dict(truth), list(sums_of(known))
        for total, members in lines:
            for member in set(members) - known.keys():
                rest = truth.get(total, 0) - sum(truth.get(other, 0) for other in members if other != member)
                if rest >= 0:  # else residents are in several places, and these do not add up
                    known[member], truth[member] = None, rest
        unknown = [address for address, value in known.items() if value is None]
        places = {address: at for at, address in enumerate(unknown)}
        rows = []
        for total, members in lines:
            if total not in known or truth.get(total, 0) != sum(truth.get(member, 0) for member in members):
                continue  # residents in several places: the attacker knows that these do not add up
            terms = [(places[member], 1.0) for member in members if member in places]
            if total in places:
                terms.append((places[total], -1.0))
            if terms:
                rows.append(terms)
        for cells, sum_shown in running.items():
            terms = [(places[cell], 1.0) for cell in cells if cell in places]
            if terms and sum_shown == sum(truth.get(cell, 0) for cell in cells):
                rows.append(terms)
        return cls(unknown, [truth.get(address, 0) for address in unknown], rows)

    def blocks(self) -> list[Block]:
        """Return the equations that hang together, each set with its unknowns; unknowns without equations are left out."""
        parent = list(range(len(self.unknown)))

        def root(at: int) -> int:
            while parent[at] != at:
                parent[at] = parent[parent[at]]
                at = parent[at]
            return at

        for terms in self.rows:
            for at, _ in terms[1:]:
                parent[root(at)] = root(terms[0][0])
        of_root: dict[int, list[list[tuple[int, float]]]] = {}
        for terms in self.rows:
            of_root.setdefault(root(terms[0][0]), []).append(terms)
        return [Block.of(rows, self.truth) for rows in of_root.values()]


@dataclass
class Block:
    """Equations that hang together: `matrix` times the unknowns at `places` is what is known, as it is for `truth`."""

    places: list[int]
    matrix: csr_matrix
    truth: np.ndarray

    @classmethod
    def of(cls, rows: Sequence[list[tuple[int, float]]], truth: Sequence[float]) -> Block:
        places = sorted({place for terms in rows for place, _ in terms})
        position = {place: column for column, place in enumerate(places)}
        entries = [(factor, row, position[place]) for row, terms in enumerate(rows) for place, factor in terms]
        data, row_at, column_at = zip(*entries, strict=True)
        matrix = csr_matrix((data, (row_at, column_at)), shape=(len(rows), len(places)))
        return cls(places, matrix, np.array([truth[place] for place in places]))

    def narrow(self, targets: set[int], width: float) -> dict[int, tuple[float, float]]:
        """Return the least and the most of those unknowns for which they differ by less than `width`.

        Solutions for random goals show first which unknowns can be far apart; only the others are solved for one by one.
        """
        columns = [column for column, place in enumerate(self.places) if place in targets]
        low, high = np.full(len(self.places), np.inf), np.full(len(self.places), -np.inf)
        chooser = np.random.default_rng(3)
        goals = [chooser.choice((-1.0, 1.0), len(self.places)) for _ in range(12 if len(columns) > 12 else 0)]
        for goal in [*goals, *(-goal for goal in goals)]:
            self._stretch(goal, low, high)
        result = {}
        for column in columns:
            for sign in (1.0, -1.0):
                if not high[column] - low[column] >= width:
                    goal = np.zeros(len(self.places))
                    goal[column] = sign
                    self._stretch(goal, low, high)
            if high[column] - low[column] < width:
                result[self.places[column]] = (float(low[column]), float(high[column]))
        return result

    def _stretch(self, goal: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Widen the ranges by the solution that minimizes a goal.

        It is looked for as rises and falls from the truth, which is a solution: the simplex method starts there.
        """
        falls = np.flatnonzero(self.truth)
        solved = linprog(
            np.concatenate([goal, -goal[falls]]),
            A_eq=hstack([self.matrix, -self.matrix[:, falls]], format="csr"),
            b_eq=np.zeros(self.matrix.shape[0]),
            bounds=np.column_stack(
                [np.zeros(len(goal) + len(falls)), np.append(np.full(len(goal), MOST), self.truth[falls])]
            ),
            method="highs",
            options={"presolve": False},
        )
        if solved.status != 0:
            raise AssertionError(f"The equations have no solution: {solved.message}")
        values = self.truth + solved.x[: len(goal)]
        values[falls] -= solved.x[len(goal) :]
        np.minimum(low, values, out=low)
        np.maximum(high, values, out=high)


def lattice(
    measure: str,
    readers: Sequence[Viewer] = (GOVERNOR,),
    *,
    breakdowns: Sequence[str] = BREAKDOWNS,
    most: int | None = None,
) -> Outcome:
    """Solve for every small cell that is hidden, or for a random sample of so many."""
    known = shared(readers, measure, breakdowns)
    truth = {address: value or 0 for address, value in seen_by(None, family_questions(measure, breakdowns)).items()}
    # numbers of an earlier delivery, which are held, are as good as hidden
    known = {address: value if value == truth.get(address, 0) else None for address, value in known.items()}
    outcome = Outcome(f"{measure}: adding and subtracting all answers, {', '.join(map(name_of, readers))}")
    shown_small = [address for address, value in known.items() if is_small(value) and not is_home(address, readers)]
    outcome.recovered += len(shown_small)
    outcome.examples += shown_small[:5]
    running = running_totals(GOVERNOR, family_questions(measure, breakdowns))
    program = Program.over(known, truth, running)
    targets = [at for at, address in enumerate(program.unknown) if is_small(truth.get(address, 0))]
    outcome.tried = len(shown_small) + solve_for(targets, program, outcome, most)
    return outcome


def solve_for(targets: list[int], program: Program, outcome: Outcome, most: int | None = None) -> int:
    """Solve for some unknowns of a program, or for a random sample of so many. Returns how many it tried."""
    if most is not None and len(targets) > most:
        targets = random.Random(2026).sample(targets, most)
    for block in program.blocks():
        for at, (low, high) in block.narrow(set(targets), MIN_COUNT - 2).items():
            outcome.recovered += high - low < 0.5
            outcome.narrowed += high - low >= 0.5
            outcome.examples.append((program.unknown[at], program.truth[at], low, high))
    return len(targets)


def several_supports(breakdowns: Sequence[str] = BREAKDOWNS, reader: Viewer = GOVERNOR) -> Outcome:
    """Look for few residents counted again: those with each kind of support added up, less those with any."""

    def counted_again(viewer: Viewer | None) -> dict[Address, float | None]:
        cells: dict[Address, dict[str, float | None]] = {}
        for question, fixed in family_questions("supports_reach", breakdowns):
            for row in ask(question, scope_of(viewer, fixed)).rows:
                key = "Total" if question.by is None else row.key
                parts = cells.setdefault(address_of(fixed, question.by, key), {})
                count = row.numerator if row.suppression is None else None
                parts[str(row.part)] = parts.get(str(row.part)) if count is None else count
        return {
            address: None if None in parts.values() else sum(parts.values()) - 2 * parts["any"]
            for address, parts in cells.items()
        }

    outcome = Outcome("residents with several supports")
    known, actual = counted_again(reader), counted_again(None)
    truth = {address: value or 0 for address, value in actual.items()}
    # the total of the state is always shown; numbers of an earlier delivery are as good as hidden
    known = {address: value if value == truth.get(address, 0) else None for address, value in known.items()}
    shown_small = [address for address, value in known.items() if address and is_small(value)]
    outcome.recovered += len(shown_small)
    outcome.examples += shown_small[:5]
    program = Program.over(known, truth)
    targets = [at for at, address in enumerate(program.unknown) if is_small(truth.get(address, 0))]
    outcome.tried = len(shown_small) + solve_for(targets, program, outcome)
    return outcome


def remainders(
    measure: str, breakdowns: Sequence[str] = BREAKDOWNS, readers: Sequence[Viewer] = (GOVERNOR,)
) -> Outcome:
    """Subtract until nothing more follows, then look for totals of which the parts that remain count few people together.

    A fiscal year less its first quarter may give the other one, though it is hidden. What it gives is subtracted from the quarter
    of the state, and so on.
    """
    known = shared(readers, measure, breakdowns)
    truth = {address: value or 0 for address, value in seen_by(None, family_questions(measure, breakdowns)).items()}
    known = {address: value if value == truth.get(address, 0) else None for address, value in known.items()}
    # parts that are listed and do not add up have residents in several places, or others that no answer lists
    lines = [
        (total, members)
        for total, members in sums_of(known)
        if total in known and truth.get(total, 0) == sum(truth.get(member, 0) for member in members)
    ]
    outcome = Outcome(f"{measure}: what remains of totals, {', '.join(map(name_of, readers))}")
    before = -1
    while before != (before := sum(value is None for value in known.values())):
        for total, members in lines:
            unknown = [member for member in members if known.get(member) is None]
            if known[total] is None and not unknown:
                known[total] = truth.get(total, 0)
            if known[total] is not None and len(unknown) == 1:
                known[unknown[0]] = truth.get(unknown[0], 0)
    for total, members in lines:
        unknown = [member for member in members if known.get(member) is None]
        if known[total] is None or not unknown:
            continue
        outcome.tried += 1
        rest = sum(truth.get(member, 0) for member in unknown)
        if is_small(rest):
            outcome.recovered += 1
            outcome.examples.append((total, [(dict(member), truth.get(member, 0)) for member in unknown]))
    return outcome


def is_home(address: Address, readers: Sequence[Viewer]) -> bool:
    homes = {reader.region for reader in readers if reader.region}
    towns = {row["town"]: row["region"] for row in reference_rows(open_store(current_delivery_id()), "towns")}
    values = dict(address)
    return values.get("region", towns.get(values.get("town", ""))) in homes


def name_of(reader: Viewer) -> str:
    return f"{reader.role} {reader.region}" if reader.region else reader.role


# Dates, deliveries, names and single residents


def dates(reader: Viewer = GOVERNOR, measure: str = "residents_new", days: int = 200) -> Outcome:
    """Subtract the answers until two neighboring days, for random days."""
    outcome = Outcome("until one day less until the day before")
    last = ask(Question(measure), Scope()).as_of
    chooser = random.Random(7)
    for _ in range(days):
        day = last - timedelta(days=chooser.randrange(1, 1_800))
        region = chooser.choice(names_of("region"))
        truth = (
            ask(Question(measure), Scope(region=region, until=day)).total.value
            - ask(Question(measure), Scope(region=region, until=day - timedelta(days=1))).total.value
        )
        if not is_small(truth):
            continue
        outcome.tried += 1
        for field_name in ("until", "as_of"):
            values = [
                ask(Question(measure), Scope(region=region, viewer=reader).but(**{field_name: end})).total.value
                for end in (day, day - timedelta(days=1))
            ]
            if None not in values and values[0] - values[1] == truth:
                outcome.recovered += 1
                outcome.examples.append((region, day, field_name, truth))
    return outcome


def deliveries(ids: Sequence[str], reader: Viewer = GOVERNOR, measure: str = "credentials") -> Outcome:
    """Subtract the answers of two deliveries as of the same day."""
    outcome = Outcome("one delivery less another")
    for first, second in pairwise(ids):
        day = date.fromisoformat(first[:10])
        for region, sector in product(names_of("region"), names_of("sector")):
            scope = Scope(region=region, sector=sector, as_of=day)
            truth = _difference(measure, scope, first, second)
            if truth is None or not is_small(abs(truth)):
                continue
            outcome.tried += 1
            seen = _difference(measure, scope.but(viewer=reader), first, second)
            if seen == truth:
                outcome.recovered += 1
                outcome.examples.append((region, sector, first, second, truth))
    return outcome


def _difference(measure: str, scope: Scope, first: str, second: str) -> float | None:
    values = [ask(Question(measure), scope.but(delivery=each)).total.value for each in (first, second)]
    return None if None in values else values[1] - values[0]


def saved_numbers(earlier: str, later: str, measure: str, breakdowns: Sequence[str] = ON_EVERY_PAGE) -> Outcome:
    """Subtract the numbers saved from one store from those of a later one, and add up all that changed.

    A number that reads the same in both can be an earlier one that was held, so its change is unknown. `tried` counts the numbers that
    differ by a few from what the earlier store showed, be it its own or one of the delivery before it. The total of the state is left
    out: readers always get the delivery's.
    """
    outcome = Outcome(f"{measure}: numbers saved from the delivery before")
    os.environ["DASHBOARD_STORE"] = later
    questions = list(family_questions(measure, breakdowns))
    (saved, _), (seen, now) = (both_of(store, questions) for store in (earlier, later))
    truth = {address: value or 0 for address, value in now.items()}
    known = {address: None if value == saved.get(address) else value for address, value in seen.items()}
    program = Program.over(known, truth)
    small = {
        address
        for address in seen
        if address and (before := saved.get(address)) is not None and is_small(abs(truth.get(address, 0) - before))
    }
    outcome.tried = len(small)
    for address in small:
        if known[address] is not None:
            outcome.recovered += 1
            outcome.examples.append((address, saved[address], seen[address], truth.get(address)))
    targets = {at for at, address in enumerate(program.unknown) if address in small}
    for block in program.blocks():
        for at, (low, high) in block.narrow(targets, MIN_COUNT - 2).items():
            outcome.recovered += high - low < 0.5
            outcome.narrowed += high - low >= 0.5
            outcome.examples.append((program.unknown[at], truth.get(program.unknown[at], 0), low, high))
    return outcome


def both_of(
    store: str, questions: Sequence[tuple[Question, dict[str, str]]]
) -> tuple[dict[Address, float | None], dict[Address, float | None]]:
    """Return what the Governor's office sees of a store, and the truth."""
    os.environ["DASHBOARD_STORE"] = store
    return seen_by(GOVERNOR, questions), seen_by(None, questions)


def memberships(reader: Viewer = GOVERNOR, residents: int = 40) -> Outcome:
    """Guess the groups of residents whose day of enrollment, region and sector (if recorded) are known, from the answers about that day.

    `recovered` counts the guesses that are right beyond those that the groups' shares alone give.
    """
    outcome = Outcome("groups of known residents")
    store = open_store(current_delivery_id())
    groups = {row["group_id"]: int(row["bit"]) for row in reference_rows(store, "groups") if row["is_supplied"]}
    people = store.rows(
        "select enrolled_on, region, sector, member_bits, answered_bits from enrollments"
        " where enrolled_on is not null and region is not null order by enrollment_id"
    )
    sample = random.Random(11).sample(people, min(residents, len(people)))
    right_blind = right_seeing = 0
    for group, bit in groups.items():
        share = sum(bool(row["member_bits"] & bit) for row in people) / len(people)
        for row in sample:
            scope = Scope(region=row["region"], sector=row["sector"], group=group, viewer=reader)
            day = row["enrolled_on"]
            answers = [
                ask(Question("enrollments"), scope.but(since=day, until=day)),
                ask(Question("enrollments"), scope.but(sector=None, since=day, until=day)),
            ]
            is_member = bool(row["member_bits"] & bit)
            guess = share > 0.5
            if any(answer.total.value == 0 for answer in answers):
                guess = False
            elif not all(answer.is_nearest for answer in answers):
                guess = True  # somebody of the group enrolled on that day, and often it was nobody else
            outcome.tried += 1
            right_blind += is_member == (share > 0.5)
            right_seeing += is_member == guess
    outcome.recovered = max(right_seeing - right_blind, 0)
    return outcome


def row_names(reader: Viewer = GOVERNOR, residents: int = 20) -> Outcome:
    """Look for the town, program and provider of residents whose day of enrollment is known among the names of the rows."""
    outcome = Outcome("names of the rows of one day")
    people = open_store(current_delivery_id()).rows(
        "select enrolled_on, sector from enrollments where enrolled_on is not null order by enrollment_id"
    )
    for row in random.Random(5).sample(people, min(residents, len(people))):
        for by in ("town", "program", "provider", "region"):
            scope = Scope(sector=row["sector"], viewer=reader)
            on_the_day = {
                r.key
                for r in ask(
                    Question("enrollments", by), scope.but(since=row["enrolled_on"], until=row["enrolled_on"])
                ).rows
            }
            ever = {r.key for r in ask(Question("enrollments", by), Scope(viewer=reader)).rows}
            outcome.tried += 1
            outcome.recovered += on_the_day != ever
    return outcome


def goals(reader: Viewer = GOVERNOR) -> Outcome:
    """Look for the default goal of a plan, the others' rate, where its row is hidden."""
    outcome = Outcome("goals of hidden plans")
    for group, region in product(names_of("group"), names_of("region")):
        for what in ("completion_rate", "credential_rate", "placement_rate"):
            answer = ask(
                Question("closing_plan", goal=Goal(what=what)), Scope(group=group, region=region, viewer=reader)
            )
            for row in answer.rows:
                if row.suppression is not None:
                    outcome.tried += 1
                    outcome.recovered += row.goal_source == "others" and row.goal is not None
                    outcome.recovered += bool(row.goal_source == "others" and answer.goal and answer.goal.value)
    return outcome


def everything(ids: Sequence[str], *, most: int | None = None) -> Iterator[Outcome]:
    """Run every attack on the store in use; at most so many linear programs for each measure."""
    regions = names_of("region")
    directors = [viewer("director", region) for region in regions]
    attacks: list[Callable[[], Outcome]] = [
        dates,
        lambda: deliveries(ids),
        memberships,
        row_names,
        goals,
        several_supports,
        *(lambda measure=measure: lattice(measure, most=most) for measure in COUNTS),
        *(lambda measure=measure: remainders(measure) for measure in COUNTS),
        *(lambda director=director: lattice("enrollments", [GOVERNOR, director], most=most) for director in directors),
        *(
            lambda first=first, second=second: lattice("enrollments", [GOVERNOR, first, second], most=most)
            for first, second in combinations(directors, 2)
        ),
    ]
    for attack in attacks:
        yield attack()


def share_shown(measure: str, breakdowns: Sequence[str] = ON_EVERY_PAGE) -> float:
    """Return the share of the cells that somebody is in and the Governor's office may ask about that it is shown."""
    truth = seen_by(None, family_questions(measure, breakdowns))
    known = seen_by(GOVERNOR, family_questions(measure, breakdowns))
    counted = [address for address, value in truth.items() if value and address in known]
    return sum(known[address] is not None for address in counted) / max(len(counted), 1)


def main(stores: Sequence[str]) -> int:
    failed = False
    for store in stores:
        os.environ["DASHBOARD_STORE"] = store
        for measure in COUNTS:
            print(store, f"{measure}: {share_shown(measure):.0%} of the cells by the filters of the sidebar are shown")
        for outcome in everything(published.history(published.store_path())):
            print(store, outcome, *outcome.examples[:3], flush=True)
            failed = failed or bool(outcome.recovered or outcome.narrowed)
    for earlier, later in pairwise(stores):
        for measure in COUNTS:
            outcome = saved_numbers(earlier, later, measure)
            print(later, outcome, *outcome.examples[:3], flush=True)
            failed = failed or bool(outcome.recovered or outcome.narrowed)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
