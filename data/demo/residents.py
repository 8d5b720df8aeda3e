"""Who the residents are: when they first enroll, where they live, which groups they belong to.

A Residents value holds one batch: first the residents who enroll, then the applicants who never do. Group membership is
drawn once per person, given the sector of their first application, and never changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo import plan
from data.demo.places import places
from data.demo.rng import generator, quotas, spread, systematic

# A resident's possible histories, in the order of their quotas. The first three start in CareerConneCT.
EARLY, MIDDLE, LATE, SKILLUP, BACK_TO_WORK = range(5)
UNKNOWN = np.int8(-1)


@dataclass(frozen=True)
class Residents:
    """Residents who enroll, then applicants who do not. Every array has one entry per person."""

    number: np.ndarray  # unique across batches; becomes the pseudonym
    history: np.ndarray  # EARLY … BACK_TO_WORK
    enrolls: np.ndarray  # bool
    sector: np.ndarray  # of the first application; NO_SECTOR possible
    town: np.ndarray
    truth: dict[str, np.ndarray]  # group -> bool, actual membership
    disclosed: dict[str, np.ndarray]  # group -> 1, 0 or UNKNOWN, what was disclosed

    def __len__(self) -> int:
        return len(self.number)


def class_counts(residents: int) -> list[int]:
    """Return how many residents have each history. They add up to `residents`.

    From 3,000 residents on, exactly 1,108 have the early history, as published; smaller demos get a proportional number.
    """
    share = residents / plan.DEFAULT_RESIDENTS
    early = plan.ENROLLED_BY_OCTOBER_2022
    early = min(early, early * residents // plan.FEWEST_RESIDENTS_FOR_1108)
    by_may = max(round(plan.ENROLLED_BY_MAY_2025 * share), early)
    connect = max(min(round(plan.CAREERCONNECT_RESIDENTS * share), residents), by_may)
    back_to_work = min(round(plan.BACK_TO_WORK_FIRST_RESIDENTS * share), residents - connect)
    return [early, by_may - early, connect - by_may, residents - connect - back_to_work, back_to_work]


def make_residents(*, residents: int, seed: int, batch: int, batches: int) -> Residents:
    """Make one batch of residents. Every array has one entry per person."""
    rng = generator(seed, 1, batch)
    start, stop = (residents * edge // batches for edge in (batch, batch + 1))
    applicants = round(residents * (1 - plan.INTAKE_RATE) / plan.INTAKE_RATE)
    first, last = (applicants * edge // batches for edge in (batch, batch + 1))

    counts = class_counts(residents)
    history = rng.permutation(np.repeat(np.arange(5), quotas(counts, start=start, stop=stop)))
    waiting = spread(rng, np.array(counts, dtype=float), last - first)
    enrolls = np.arange(len(history) + len(waiting)) < len(history)
    history = np.concatenate([history, waiting])
    size = len(history)

    initiative = initiative_of(history)
    sector = np.empty(size, dtype=np.int64)
    for code, name in enumerate(plan.INITIATIVES):
        sector[initiative == code] = draw_sectors(rng, name, int((initiative == code).sum()))
    town = spread(rng, places().town_weight, size)
    truth = _groups(rng, sector=sector, region=places().town_region[town], enrolls=enrolls)
    disclosed = {
        group: np.where(rng.random(size) < plan.NOT_DISCLOSED[group], UNKNOWN, member.astype(np.int8))
        for group, member in truth.items()
    }
    number = np.concatenate([np.arange(start, stop), residents + np.arange(first, last)])
    return Residents(number, history, enrolls, sector, town, truth, disclosed)


def initiative_of(history: np.ndarray) -> np.ndarray:
    """Return the initiative code that a history starts in."""
    codes: np.ndarray = np.maximum(history - LATE, 0)
    return codes


def draw_sectors(rng: np.random.Generator, initiative: str, size: int) -> np.ndarray:
    """Draw sector codes from an initiative's mix. NO_SECTOR where its programs have none."""
    shares = np.array(plan.SECTOR_SHARES[initiative])
    drawn = spread(rng, np.append(shares, max(1 - shares.sum(), 0.0)), size)
    return np.where(drawn == len(shares), plan.NO_SECTOR, drawn)


def _groups(
    rng: np.random.Generator, *, sector: np.ndarray, region: np.ndarray, enrolls: np.ndarray
) -> dict[str, np.ndarray]:
    """Draw membership in the seven groups.

    Woman and veteran depend on the sector only, so that they are independent within a sector. Otherwise the women's gap would
    leak into the veterans' (planted inequality 5).
    """
    size = len(sector)
    home = places()
    woman = systematic(rng, np.append(plan.WOMAN_BY_SECTOR, plan.WOMAN_WITHOUT_SECTOR)[sector])
    veteran = systematic(rng, np.append(plan.VETERAN_BY_SECTOR, plan.VETERAN_WITHOUT_SECTOR)[sector])

    tilt = np.array([plan.IMMIGRANT_OVER_BENCHMARK.get(name, 1.0) for name in home.regions])
    immigrant_share = home.immigrant * tilt
    immigrant = systematic(rng, immigrant_share[region])
    bipoc_share = home.bipoc * plan.BIPOC_OVER_BENCHMARK
    others = (bipoc_share - plan.BIPOC_OF_IMMIGRANTS * immigrant_share) / (1 - immigrant_share)
    bipoc = systematic(rng, np.where(immigrant, plan.BIPOC_OF_IMMIGRANTS, others[region]))

    reentry = np.where(woman, plan.REENTRY_OF_WOMEN, plan.REENTRY_OF_MEN)
    reentry = np.where(enrolls, reentry, reentry * plan.REENTRY_OVER_AMONG_NOT_ENROLLED)
    youth = np.where(bipoc, plan.OPPORTUNITY_YOUTH_IF_BIPOC, plan.OPPORTUNITY_YOUTH)
    return {
        "bipoc": bipoc,
        "disability": systematic(rng, np.full(size, plan.DISABILITY)),
        "reentry": systematic(rng, reentry),
        "opportunity_youth": systematic(rng, youth),
        "veteran": veteran,
        "immigrant": immigrant,
        "woman": woman,
    }
