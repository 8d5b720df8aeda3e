"""Online course registrations (Metrix, 180 Skills) and employers' openings (jobs portal, hiring commitments)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from data.demo import plan
from data.demo.catalog import COURSES, EMPLOYERS, SUBJECT_WEIGHTS
from data.demo.defects import Row, near_sector, near_town, with_defects
from data.demo.places import places
from data.demo.revisions import Batch
from data.demo.rng import NEVER, Calendar, day, generator, pseudonyms, spread
from data.demo.writing import dates, flags, numbers, table, texts

LAST = plan.DELIVERIES[-1]
_LEARNERS_PER_RESIDENT = 0.30
_LEARNERS_ENROLLED = 0.25  # of learners, those who also have an enrollment
_COURSES_AFTER_THE_FIRST = 0.95
_COMPLETED = 0.45
_STUDENTS = 0.22
_OPENINGS = 1_500  # at the default size; grows with the square root of the residents
_COMMITMENTS = 0.30
_FILLED_BY_PARTICIPANTS = {"jobs portal": 0.10, "hiring commitment": 0.55}

_PACE = [
    (plan.SKILLUP_OPENS, 0.6),
    (date(2020, 7, 1), 1.0),
    (date(2021, 6, 1), 0.7),
    (date(2022, 9, 1), 0.35),
    (LAST, 0.1),
]
_CLAIMANTS = Calendar.between(plan.SKILLUP_OPENS, LAST, pace=_PACE, weekends=0.7)
_STUDENT_DAYS = Calendar.between(plan.STUDENTS_FROM, LAST, pace=_PACE, weekends=0.7)
_PORTAL = Calendar.between(
    plan.BACK_TO_WORK_OPENS, LAST, pace=[(plan.BACK_TO_WORK_OPENS, 1.2), (date(2021, 9, 1), 0.9), (LAST, 0.3)]
)
_PROMISES = Calendar.between(
    plan.CAREERCONNECT_OPENS, LAST, pace=[(plan.CAREERCONNECT_OPENS, 1.6), (date(2023, 6, 1), 0.9), (LAST, 0.35)]
)


def course_registrations(base: Batch, *, residents: int, seed: int, batch: int, batches: int) -> dict[str, np.ndarray]:
    """Return all registrations of a batch's learners, as they will finally be known, one entry each."""
    rng = generator(seed, 4, batch)
    all_learners = round(residents * _LEARNERS_PER_RESIDENT)
    first, last = (all_learners * edge // batches for edge in (batch, batch + 1))
    learners = last - first

    # Learners with an enrollment are taken from SkillUp CT, which gives them the courses.
    online = (base.journeys["initiative"] == 1) & (base.journeys["enrolled"] != NEVER)
    people, rows = np.unique(base.journeys.person[online], return_index=True)
    shared = min(round(learners * _LEARNERS_ENROLLED), len(people))
    picks = rng.choice(len(people), shared, replace=False)
    known, since = people[picks], base.journeys["enrolled"][online][rows[picks]]

    number = np.concatenate([base.people.number[known], 2 * residents + np.arange(first, last - shared)])
    town = np.concatenate([base.people.town[known], spread(rng, places().town_weight, learners - shared)])
    student = rng.random(learners) < np.where(np.arange(learners) < shared, 0.0, _STUDENTS)
    begins = np.where(student, _STUDENT_DAYS.draw(rng, learners), _CLAIMANTS.draw(rng, learners))
    begins[:shared] = since + rng.integers(0, 30, shared)

    learner = np.repeat(np.arange(learners), 1 + rng.poisson(_COURSES_AFTER_THE_FIRST, learners))
    size = len(learner)
    subject = spread(rng, np.array(SUBJECT_WEIGHTS), size)
    counts = np.array([len(names) for names in COURSES.values()])
    registered = begins[learner] + np.where(np.diff(learner, prepend=-1) > 0, 0, rng.integers(1, 120, size))
    # 180 Skills joined in June 2020, so nobody could register earlier.
    early = (subject == len(counts) - 1) & (registered < day(plan.BACK_TO_WORK_OPENS))
    registered = np.where(early, day(plan.BACK_TO_WORK_OPENS) + rng.integers(0, 40, size), registered)
    registered = np.minimum(registered, day(LAST))
    completed = registered + rng.integers(2, 75, size)
    order = np.argsort(registered, kind="stable")
    columns = {
        "number": number[learner],
        "town": np.where(rng.random(size) < 0.03, -1, town[learner]),
        "student": student[learner],
        "subject": subject,
        "course": (rng.random(size) * counts[subject]).astype(np.int64) + (np.cumsum(counts) - counts)[subject],
        "registered": registered,
        "completed": np.where(rng.random(size) < _COMPLETED, completed, NEVER),
        "hours": np.where(rng.random(size) < 0.92, np.round(1 + rng.gamma(2.0, 4.0, size), 1), np.nan),
        "credit": rng.random(size) < 0.8,
    }
    return {name: values[order] for name, values in columns.items()}


def courses(base: Batch, columns: dict[str, np.ndarray], *, seed: int, delivery: int, batch: int) -> pa.Table:
    """Return a delivery's courses table with its defects."""
    now = day(plan.DELIVERIES[delivery])
    rows = np.flatnonzero(columns["registered"] <= now)
    here = {name: values[rows] for name, values in columns.items()}
    done = here["completed"] <= now
    factory = here["subject"] == len(COURSES) - 1
    clean = table(
        "courses",
        {
            "registration_id": pseudonyms("R", (batch << 20) + rows, seed=seed),
            "participant_id": pseudonyms("P", here["number"], seed=seed),
            "platform": texts(factory.astype(int), ("Metrix", "180 Skills")),
            "course": texts(here["course"], [name for names in COURSES.values() for name in names]),
            "subject": texts(here["subject"], list(COURSES)),
            "eligibility": texts(here["student"].astype(int), ("unemployment claimant", "student")),
            "town": texts(here["town"], places().towns),
            "registered_on": dates(here["registered"]),
            "completed_on": dates(here["completed"], known=done),
            "hours": numbers(np.where(done, here["hours"], np.round(here["hours"] * 0.4, 1))),
            "credit_earned": flags(here["credit"] & factory & done, known=np.ones(len(rows), dtype=bool)),
        },
    )
    return with_defects(
        clean,
        breaks=(near_town, _registered_in_future),
        key="registration_id",
        person="participant_id",
        seed=seed,
        delivery=delivery,
        batch=batch,
    )


def openings(*, residents: int, seed: int, delivery: int) -> pa.Table:
    """Return a delivery's openings table with its defects. The number filled grows from delivery to delivery."""
    rng = generator(seed, 5)
    now = day(plan.DELIVERIES[delivery])
    size = max(round(_OPENINGS * (residents / plan.DEFAULT_RESIDENTS) ** 0.5), 40)
    promise = spread(rng, np.array([1 - _COMMITMENTS, _COMMITMENTS]), size) == 1
    sector = spread(rng, np.array(plan.SECTOR_SHARES["CareerConneCT"]), size)
    town = np.where(rng.random(size) < 0.02, -1, spread(rng, places().town_weight, size))
    employers = [name for names in EMPLOYERS.values() for name in names]
    per_sector = len(EMPLOYERS[0])
    employer = sector * per_sector + (per_sector * rng.random(size) ** 1.6).astype(int)
    positions = np.where(promise, rng.integers(4, 36, size), 1 + rng.geometric(0.45, size))
    posted = np.where(promise, _PROMISES.draw(rng, size), _PORTAL.draw(rng, size))
    open_days = np.where(promise, rng.integers(90, 420, size), rng.integers(14, 120, size))
    closes = rng.random(size) < 0.88
    in_the_end = rng.binomial(positions, np.where(promise, 0.68, 0.55))
    share = np.where(promise, *(_FILLED_BY_PARTICIPANTS[name] for name in ("hiring commitment", "jobs portal")))
    ours = rng.binomial(in_the_end, share)

    progress = np.clip((now - posted) / open_days, 0.0, 1.0)
    filled = np.floor(in_the_end * progress).astype(int)
    rows = np.flatnonzero(posted <= now)
    rows = rows[np.argsort(posted[rows], kind="stable")]
    clean = table(
        "openings",
        {
            "opening_id": pseudonyms("O", rows, seed=seed),
            "employer": texts(employer[rows], employers),
            "source": texts(promise[rows].astype(int), ("jobs portal", "hiring commitment")),
            "sector": texts(sector[rows], plan.SECTORS),
            "town": texts(town[rows], places().towns),
            "positions": pa.array(positions[rows], type=pa.int32()),
            "posted_on": dates(posted[rows]),
            "closed_on": dates((posted + open_days)[rows], known=(closes & (posted + open_days <= now))[rows]),
            "filled": pa.array(filled[rows], type=pa.int32()),
            "filled_by_participants": pa.array(np.floor(ours * progress).astype(int)[rows], type=pa.int32()),
        },
    )
    return with_defects(
        clean, breaks=(near_sector, near_town, _overfilled), key="opening_id", seed=seed, delivery=delivery
    )


def _registered_in_future(row: Row, rng: np.random.Generator, now: date) -> None:
    row["registered_on"] = date.fromordinal(now.toordinal() + int(rng.integers(20, 300)))
    row["completed_on"] = None


def _overfilled(row: Row, rng: np.random.Generator, now: date) -> None:
    row["filled"] = row["positions"] + 2
