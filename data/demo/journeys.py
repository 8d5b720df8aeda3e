"""What happens to residents: every application up to a credential, as it will finally be known.

One row per enrollment, sorted by applied_on. Days are day numbers; NEVER marks what does not happen. revisions.py
decides how much of it an earlier delivery knew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from data.demo import plan
from data.demo.catalog import PROGRAMS, TECH
from data.demo.outcomes import outcomes
from data.demo.places import places
from data.demo.residents import EARLY, LATE, MIDDLE, Residents, draw_sectors, initiative_of
from data.demo.rng import NEVER, Calendar, choose, day, generator, next_monday, spread, systematic

LAST = plan.DELIVERIES[-1]
_OPENS = np.array([day(plan.CAREERCONNECT_OPENS), day(plan.SKILLUP_OPENS), day(plan.BACK_TO_WORK_OPENS)])

# When the five histories (EARLY, MIDDLE, LATE, SKILLUP, BACK_TO_WORK) first enroll. The pace is invented.
_CALENDARS = (
    Calendar.between(
        date(2022, 8, 8),
        plan.OCTOBER_2022,
        pace=[(date(2022, 8, 8), 0.35), (date(2022, 8, 29), 1.0), (plan.OCTOBER_2022, 1.25)],
    ),
    Calendar.between(
        date(2022, 10, 8),
        plan.MAY_2025,
        pace=[(date(2022, 10, 8), 2.1), (date(2023, 6, 1), 1.3), (date(2024, 6, 1), 1.0), (plan.MAY_2025, 0.75)],
    ),
    Calendar.between(date(2025, 6, 1), LAST, pace=[(date(2025, 6, 1), 1.7), (date(2026, 4, 1), 0.8), (LAST, 0.4)]),
    Calendar.between(
        date(2020, 5, 18),
        LAST,
        pace=[(date(2020, 5, 18), 1.0), (date(2021, 3, 1), 1.0), (date(2022, 3, 1), 0.45), (LAST, 0.08)],
    ),
    Calendar.between(
        date(2020, 6, 22),
        LAST,
        pace=[(date(2020, 6, 22), 1.0), (date(2021, 6, 1), 0.7), (date(2022, 9, 1), 0.3), (LAST, 0.04)],
    ),
)


@dataclass(frozen=True)
class Journeys:
    """Arrays with one entry per enrollment. `person` indexes the Residents they were made from."""

    person: np.ndarray
    columns: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.person)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]


def make_journeys(people: Residents, *, seed: int, batch: int) -> Journeys:
    """Make all applications of a batch of residents, sorted by the day of application."""
    rng = generator(seed, 2, batch)
    person, initiative, sector, enrolled, soon = _applications(rng, people)
    rows = len(person)

    town = people.town[person]
    moved = soon & (rng.random(rows) < plan.MOVES_BETWEEN_ENROLLMENTS)
    town = np.where(moved, spread(rng, places().town_weight, rows), town)
    region = places().town_region[town]

    lag = np.minimum(2 + rng.gamma(1.6, 8.5, rows), np.where(soon, 14, 75)).astype(np.int32)
    room = enrolled - _OPENS[initiative]
    applied = enrolled - np.where(lag > room, (room * rng.random(rows)).astype(np.int32), lag)

    program = _programs(rng, initiative=initiative, sector=sector, region=region)
    weeks = np.array([p.weeks for p in PROGRAMS])[program]
    started = next_monday(enrolled + 7 + rng.integers(0, 29, rows)).astype(np.int32)
    planned_end = (started + 7 * weeks - 3).astype(np.int32)

    enrolls = people.enrolls[person]
    columns = {
        "initiative": initiative,
        "program": program,
        "sector": sector,
        "town": np.where(rng.random(rows) < plan.TOWN_MISSING, -1, town),
        "region": region,
        "intake": choose(rng, places().intake_weights, region),
        "applied": applied.astype(np.int32),
        "enrolled": np.where(enrolls, enrolled, NEVER).astype(np.int32),
        "started": np.where(enrolls, started, NEVER).astype(np.int32),
        "planned_end": np.where(enrolls, planned_end, NEVER).astype(np.int32),
        **_supports(rng, people, person=person, initiative=initiative, sector=sector, region=region),
    }
    columns |= outcomes(rng, people, person=person, rows=columns)
    order = np.argsort(columns["applied"], kind="stable")
    return Journeys(person[order], {name: values[order] for name, values in columns.items()})


def _applications(rng: np.random.Generator, people: Residents) -> tuple[np.ndarray, ...]:
    """Return person, initiative, sector, enrollment day and "is a later enrollment" of every application."""
    everyone = np.arange(len(people))
    initiative = initiative_of(people.history)
    enrolled = np.empty(len(people), dtype=np.int32)
    for history, calendar in enumerate(_CALENDARS):
        here = people.history == history
        enrolled[here] = calendar.draw(rng, int(here.sum()))
    parts = [(everyone, initiative, people.sector, enrolled, np.zeros(len(people), dtype=bool))]

    chances = {  # initiative of the extra enrollment -> each person's probability
        1: np.where(initiative == 0, plan.ALSO_SKILLUP, 0.0),
        2: np.array([plan.ALSO_BACK_TO_WORK.get(name, 0.0) for name in plan.INITIATIVES])[initiative],
    }
    for code, chance in chances.items():
        also = everyone[systematic(rng, np.where(people.enrolls, chance, 0.0))]
        days = _CALENDARS[LATE + code].draw(rng, len(also))
        later = np.ones(len(also), dtype=bool)
        sectors = draw_sectors(rng, plan.INITIATIVES[code], len(also))
        parts.append((also, np.full(len(also), code), sectors, days, later))

    # A second program in CareerConneCT starts after the first has ended, so it never adds an early resident.
    connect = people.enrolls & np.isin(people.history, (EARLY, MIDDLE, LATE))
    again = everyone[systematic(rng, np.where(connect, plan.CAREERCONNECT_AGAIN, 0.0))]
    days = (enrolled[again] + 190 + rng.exponential(150, len(again))).astype(np.int32)
    days = np.where((days + 3) % 7 >= 5, next_monday(days), days)
    again, days = again[days <= day(LAST)], days[days <= day(LAST)]
    same = rng.random(len(again)) < 0.6
    sectors = np.where(same, people.sector[again], np.array(plan.NEXT_SECTOR)[people.sector[again]])
    parts.append((again, np.zeros(len(again), dtype=np.int64), sectors, days, np.ones(len(again), dtype=bool)))
    person, initiative, sector, days, soon = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return person, initiative, sector, days.astype(np.int32), soon


def _programs(
    rng: np.random.Generator, *, initiative: np.ndarray, sector: np.ndarray, region: np.ndarray
) -> np.ndarray:
    """Draw a program of the row's initiative and sector, most likely one whose home is the row's region."""
    regions = places().regions
    program = np.full(len(sector), -1)
    for key in sorted({(plan.INITIATIVES.index(p.initiative), p.sector) for p in PROGRAMS}):
        rows = np.flatnonzero((initiative == key[0]) & (sector == key[1]))
        options = [i for i, p in enumerate(PROGRAMS) if (plan.INITIATIVES.index(p.initiative), p.sector) == key]
        weights = np.array(
            [[PROGRAMS[i].seats * (5.0 if PROGRAMS[i].home == name else 1.0) for i in options] for name in regions]
        )
        program[rows] = np.array(options)[choose(rng, weights, region[rows])]
    return program


def _supports(
    rng: np.random.Generator,
    people: Residents,
    *,
    person: np.ndarray,
    initiative: np.ndarray,
    sector: np.ndarray,
    region: np.ndarray,
) -> dict[str, np.ndarray]:
    """Draw who receives child care, transportation and technology: only residents who enroll, mostly in CareerConneCT."""
    reach = np.where(initiative == 0, 1.0, plan.SUPPORT_OUTSIDE_CAREERCONNECT) * people.enrolls[person]
    rural = np.isin(np.array(places().regions)[region], ("Northwest", "Eastern"))
    chances = {
        "child_care": np.where(people.truth["woman"][person], plan.CHILD_CARE_OF_WOMEN, plan.CHILD_CARE_OF_MEN),
        "transportation": np.where(rural, plan.TRANSPORTATION_RURAL, plan.TRANSPORTATION),
        "technology": np.where(sector == TECH, plan.TECHNOLOGY_IN_IT, plan.TECHNOLOGY),
    }
    return {name: rng.random(len(person)) < chance * reach for name, chance in chances.items()}
