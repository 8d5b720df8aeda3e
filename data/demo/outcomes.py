"""How enrollments end: exit, credential, employment and wages, with the inequalities that plan.py plants."""

from __future__ import annotations

import numpy as np

from data.demo import plan
from data.demo.residents import Residents
from data.demo.rng import NEVER, day, systematic

NO_EXIT, COMPLETED, WITHDREW, EXCLUDED = range(4)
OUTCOMES = ("completed", "withdrew", "excluded")  # code COMPLETED is the first
_MANUFACTURING = plan.SECTORS.index("Manufacturing")


def outcomes(
    rng: np.random.Generator, people: Residents, *, person: np.ndarray, rows: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the exit columns for every enrollment.

    Also sets rows["started"] to NEVER for the few who withdraw before they start.
    """
    size = len(person)
    members = {group: truth[person] for group, truth in people.truth.items()}
    sector, started = rows["sector"], rows["started"]

    # Stratified, so that chance neither hides the women's gap nor creates one for veterans or for a support.
    strata = ((sector + 1) * 2 + members["woman"]) * 2 + members["veteran"]
    strata = (strata * 2 + rows["transportation"]) * 2 + rows["technology"]
    finishes = systematic(rng, _completion_chance(rows, members), strata=strata)
    outcome = np.where(finishes, COMPLETED, WITHDREW)
    draw = rng.random(size)
    outcome[draw < plan.EXCLUDED_EXITS] = EXCLUDED
    outcome[draw > 1 - plan.NEVER_EXITS] = NO_EXIT
    outcome[rows["enrolled"] == NEVER] = NO_EXIT

    no_show = (outcome == WITHDREW) & (rng.random(size) < plan.NEVER_STARTS_OF_WITHDRAWN)
    finish = rows["planned_end"] + rng.choice([-7, 0, 7, 14, 21], size, p=[0.05, 0.65, 0.18, 0.08, 0.04])
    leave = started + (rng.uniform(0.1, 0.85, size) * (rows["planned_end"] - started)).astype(np.int32)
    vanish = rows["enrolled"] + rng.integers(8, 40, size)
    exited = np.select([outcome == COMPLETED, no_show, outcome != NO_EXIT], [finish, vanish, leave], NEVER)
    rows["started"] = np.where(no_show, NEVER, started).astype(np.int32)

    earns = np.select(
        [outcome == COMPLETED, (outcome == WITHDREW) & ~no_show],
        [plan.CREDENTIAL_OF_COMPLETED, plan.CREDENTIAL_OF_WITHDRAWN],
        0.0,
    )
    credential_on = exited + np.where(rng.random(size) < 0.6, 0, rng.integers(1, 9, size))
    credential_on = np.where(systematic(rng, earns), credential_on, NEVER)
    stackable = np.where(sector == _MANUFACTURING, plan.STACKABLE_IN_MANUFACTURING, plan.STACKABLE)

    employed_on = _placements(rng, members, initiative=rows["initiative"], outcome=outcome, exited=exited)
    placed = employed_on != NEVER
    columns = {
        "outcome": outcome,
        "exited": exited.astype(np.int32),
        "credential_on": credential_on.astype(np.int32),
        "credential_late": np.where(
            rng.random(size) < plan.CREDENTIAL_REPORTED_LATE, rng.integers(90, 500, size), 0
        ).astype(np.int32),
        "stackable": rng.random(size) < stackable,
        "employed_on": employed_on.astype(np.int32),
        "exit_moved": np.where(rng.random(size) < plan.EXIT_DATE_MOVED, rng.integers(1, 10, size), 0).astype(np.int32),
        "restated_in": rng.integers(1, len(plan.DELIVERIES), size),
        **_wages(rng, members, sector=sector, placed=placed),
    }
    for quarter, (if_placed, if_not) in plan.IN_QUARTER.items():
        columns[f"employed_{quarter}"] = rng.random(size) < np.where(placed, if_placed, if_not)
        has_record = (outcome == COMPLETED) | (outcome == WITHDREW)
        has_record &= rng.random(size) >= plan.WAGE_RECORD_NEVER
        columns[f"known_{quarter}"] = np.where(has_record, wage_records_on(exited, int(quarter[1:])), NEVER).astype(
            np.int32
        )
    return columns


def wage_records_on(exited: np.ndarray, quarter: int) -> np.ndarray:
    """Return the day when wage records for the quarter-th quarter after the exit quarter arrive."""
    days = np.where(exited == NEVER, 0, exited)
    exit_quarter = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) // 3
    after = ((exit_quarter + quarter + 1) * 3).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return after - 1 + plan.WAGE_RECORD_DELAY


def _completion_chance(rows: dict[str, np.ndarray], members: dict[str, np.ndarray]) -> np.ndarray:
    """Return the probability to complete, among those who complete or withdraw.

    It depends on sector, sex and child care only.
    """
    by_sector = np.append(plan.COMPLETES_BY_SECTOR, plan.COMPLETES_WITHOUT_SECTOR)
    women = by_sector.copy()
    for sector, chance in plan.WOMEN_COMPLETE_LESS_IN.items():
        women[plan.SECTORS.index(sector)] = chance
    probability = np.where(members["woman"], women[rows["sector"]], by_sector[rows["sector"]])
    # Centered, so that the rates by sector match plan.py while recipients are above the others.
    adjusted: np.ndarray = probability + plan.CHILD_CARE_HELPS * (rows["child_care"] - plan.CHILD_CARE_REACH)
    return adjusted


def _placements(
    rng: np.random.Generator,
    members: dict[str, np.ndarray],
    *,
    initiative: np.ndarray,
    outcome: np.ndarray,
    exited: np.ndarray,
) -> np.ndarray:
    """Return the day of placement, or NEVER.

    For CareerConneCT, the published share is met as it was known on May 31, 2025. Jobs that had not begun by then do not
    count in it, so those that had are drawn slightly more often.
    """
    size = len(outcome)
    begins = exited + np.minimum(rng.gamma(1.4, plan.EMPLOYED_LAG_MEAN / 1.4, size), 200).astype(np.int32)
    lower = plan.DISABILITY_PLACED_LESS * members["disability"]
    employed = np.zeros(size, dtype=bool)
    cutoff = day(plan.MAY_2025)
    for code, published in ((COMPLETED, plan.EMPLOYED_OF_COMPLETED), (WITHDREW, plan.EMPLOYED_OF_WITHDRAWN)):
        connect = (outcome == code) & (initiative == 0)
        seen = connect & (exited <= cutoff)
        began = seen & (begins <= cutoff)
        wanted = published * seen.sum() / max(began.sum(), 1)
        for rows, share in ((began, wanted), (connect & ~began, published)):
            chance = share - lower[rows]
            chance += share - chance.mean() if rows.any() else 0.0
            employed[rows] = systematic(rng, chance)
        others = (outcome == code) & (initiative != 0)
        employed[others] = systematic(rng, plan.EMPLOYED_OUTSIDE_CAREERCONNECT - lower[others])
    return np.where(employed, begins, NEVER)


def _wages(
    rng: np.random.Generator, members: dict[str, np.ndarray], *, sector: np.ndarray, placed: np.ndarray
) -> dict[str, np.ndarray]:
    """Return hourly wages in US dollars before and after; nan where not known."""
    size = len(sector)
    before = np.append(plan.WAGE_BEFORE_BY_SECTOR, 16.5)[sector] * np.exp(rng.normal(0, 0.17, size))
    gain = np.append(plan.WAGE_GAIN_BY_SECTOR, 3.0)[sector] + rng.normal(0, 2.2, size)
    for group, less in plan.WAGE_GAIN_LESS.items():
        gain -= less * members[group]
        before -= less * members[group]
    before = np.maximum(before, plan.LOWEST_WAGE)
    after = np.maximum(before + gain, plan.LOWEST_WAGE + 0.5)
    known = rng.random(size) < plan.WAGE_KNOWN
    has_wage_after = placed & known & (rng.random(size) < 0.97)
    return {
        "wage_before": np.where(known, np.round(before * 20) / 20, np.nan).round(2),
        "wage_after": np.where(has_wage_after, np.round(after * 20) / 20, np.nan).round(2),
    }
