"""`python -m benchmarks.projections`: measure how often projections hold what came, at every fourth week of demo histories.

The histories are first enrollments by initiative, and by sector within CareerConneCT, for several seeds of the demo; and
dollars spent by initiative. Each projection sees only the weeks before its origin, as the pages do on that day.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from data.demo import plan
from data.demo.journeys import make_journeys
from data.demo.ledger import funding
from data.demo.residents import make_residents
from data.demo.rng import NEVER, day
from queries.statistics.projection import horizon, project

SEEDS = (2022, 2023, 2024)
AS_SHOWN = 0  # as far ahead as the pages go, which is less for a short history
HORIZONS = (AS_SHOWN, 4, 8, 13, 26)
STEP = 4  # weeks between origins
LAST = day(plan.DELIVERIES[-1])


@dataclass
class Coverage:
    """How many projections there were, and how many of their ranges held the outcome."""

    origins: int = 0
    in_80: int = 0
    in_95: int = 0

    def add(self, other: Coverage) -> None:
        """Add another history's."""
        self.origins, self.in_80, self.in_95 = (
            self.origins + other.origins,
            self.in_80 + other.in_80,
            self.in_95 + other.in_95,
        )


def weekly_sums(days: np.ndarray, amounts: np.ndarray | None = None) -> np.ndarray:
    """Return sums in each full week up to the last delivery, since the first event, the oldest first."""
    weeks = (LAST - days) // 7
    return np.bincount(weeks, weights=amounts, minlength=1)[:-1][::-1].astype(float)


def histories_of_people(seed: int, residents: int) -> Iterator[tuple[str, np.ndarray]]:
    """Return (name, weekly first enrollments) of each initiative, and of each sector within CareerConneCT."""
    people = make_residents(residents=residents, seed=seed, batch=0, batches=1)
    rows = make_journeys(people, seed=seed, batch=0)
    enrolled = rows["enrolled"] != NEVER
    for code, name in enumerate(plan.INITIATIVES):
        yield name, weekly_sums(_first_days(rows.person, rows["enrolled"], enrolled & (rows["initiative"] == code)))
    for code, name in enumerate(plan.SECTORS):
        inside = enrolled & (rows["initiative"] == 0) & (rows["sector"] == code)
        yield f"CareerConneCT, {name}", weekly_sums(_first_days(rows.person, rows["enrolled"], inside))


def _first_days(person: np.ndarray, days: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    first = np.full(person.max() + 1, NEVER)
    np.minimum.at(first, person[chosen], days[chosen])
    result: np.ndarray = first[first != NEVER]
    return result


def histories_of_dollars(seed: int) -> Iterator[tuple[str, np.ndarray]]:
    """Return (name, weekly dollars spent) of each initiative."""
    ledger = funding(seed=seed, delivery=len(plan.DELIVERIES) - 1).to_pandas()
    ledger = ledger[(ledger["kind"] == "expended") & (ledger["posted_on"] <= plan.DELIVERIES[-1])]
    for name, rows in ledger.groupby("initiative"):
        days = np.array([day(when) for when in rows["posted_on"]])
        yield str(name), weekly_sums(days, rows["amount"].astype(float).to_numpy())


def coverage(weekly: np.ndarray, weeks: int, *, is_count: bool) -> Coverage:
    """Project one history from every fourth week, and compare with what came."""
    result = Coverage()
    for origin in range(1, len(weekly) - weeks + 1, STEP):
        wanted = weeks or len(weekly) - origin
        ahead = horizon(history=origin, wanted=wanted)
        projection = project(weekly[:origin].tolist(), weeks=ahead, is_count=is_count)
        if projection is None or (weeks and ahead < weeks):
            continue
        outcome = weekly[origin : origin + ahead].sum()
        result.origins += 1
        result.in_80 += projection.range80[0] <= outcome <= projection.range80[1]
        result.in_95 += projection.range95[0] <= outcome <= projection.range95[1]
    return result


def run(*, seeds: Sequence[int] = SEEDS, residents: int = plan.DEFAULT_RESIDENTS) -> dict[tuple[str, int], Coverage]:
    """Return the coverage by (kind of history, weeks ahead)."""
    result: defaultdict[tuple[str, int], Coverage] = defaultdict(Coverage)
    for seed in seeds:
        for name, weekly in histories_of_people(seed, residents):
            kind = "sectors of CareerConneCT" if "," in name else name
            for weeks in HORIZONS:
                result[kind, weeks].add(coverage(weekly, weeks, is_count=True))
        for name, weekly in histories_of_dollars(seed):
            for weeks in HORIZONS:
                result[f"dollars of {name}", weeks].add(coverage(weekly, weeks, is_count=False))
    return dict(result)


def main() -> int:
    """Print a table; the arguments are the demo seeds to use."""
    seeds = [int(text) for text in sys.argv[1:]] or SEEDS
    print(f"Demo seeds {', '.join(map(str, seeds))}; an origin every {STEP} weeks")
    print(f"{'history':32} {'weeks':>5} {'origins':>8} {'in 80%':>8} {'in 95%':>8}")
    for (kind, weeks), held in run(seeds=seeds).items():
        if held.origins:
            share_80, share_95 = held.in_80 / held.origins, held.in_95 / held.origins
            print(f"{kind:32} {weeks or 'shown':>5} {held.origins:8} {share_80:8.0%} {share_95:8.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
