"""`python -m benchmarks.verdicts`: measure how often verdicts are false alarms, and how large a difference they detect.

Histories of a program are simulated: seven overlapping groups, four outcomes, residents with up to three exits whose outcomes
go together, and 23% who disclose nothing of a group. First without any true difference: in how many is any comparison called?
Then with a group's outcome lower by 5, 10 or 20 points: in how many is exactly that called? Every call is made by
`queries.verdicts`, as the pages make it. Undisclosed is taken to be unrelated to group and outcome.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from queries.statistics import Side, signals, wilson
from queries.statistics.control import LASTING_CHANGE
from queries.verdicts import (
    ABOVE,
    BELOW,
    FLAGGED,
    HIGHER,
    LOWER,
    Compared,
    Participation,
    outcome_verdicts,
    share_verdicts,
)

GROUPS = ("BIPOC", "disability", "re-entry", "opportunity youth", "veteran", "immigrant", "woman")
SHARES = np.array([0.45, 0.12, 0.08, 0.10, 0.05, 0.18, 0.50])
WITH_BENCHMARK = [0, 1, 4, 5, 6]  # groups whose share is compared with a benchmark
OUTCOMES = ("completion", "credential", "employment at exit", "employment two quarters after exit")
RATES = np.array([0.70, 0.80, 0.55, 0.65])
KNOWN = np.array([1.0, 0.70, 1.0, 0.75])  # the share of exits whose outcome applies and is known
EXITS = np.array([0.82, 0.14, 0.04])  # residents with one, two, three exits
WITHIN, ACROSS = 0.5, 0.2  # correlation within a resident: of one outcome over exits, and of different outcomes
UNDISCLOSED = 0.23
HISTORIES, SIZE = 1000, 3000
POINTS, SIZES, POWER_HISTORIES = (5, 10, 20), (300, 1000, 3000, 10_000), 200
QUARTERS, QUARTER_EXITS, CHARTS = 16, (5, 20, 60, 150), 35
LATER_RATE = 0.6  # of the planted change, from 0.7
CALLED = {LOWER, HIGHER, FLAGGED, BELOW, ABOVE}

Numbers = NDArray[np.float64]


def people(rng: np.random.Generator, size: int) -> tuple[Numbers, Numbers, Numbers]:
    """Residents with `size` exits in all: member of each group, discloses it, and which of three exits there are."""
    count = round(size / float(EXITS @ [1, 2, 3]))
    shared = rng.normal(size=(count, 1)) * math.sqrt(0.1)  # being in one group goes with being in another
    member = (shared + rng.normal(size=(count, len(GROUPS))) * math.sqrt(0.9) < ndtri(SHARES)).astype(float)
    discloses = (rng.random((count, len(GROUPS))) >= UNDISCLOSED).astype(float)
    exits = (rng.choice(3, size=count, p=EXITS)[:, None] >= np.arange(3)).astype(float)
    return member, discloses, exits


def sides(
    rng: np.random.Generator, size: int, group: int | None, points: int
) -> tuple[list[Compared], list[Participation]]:
    """One history: 28 comparisons of outcomes, group by group, and five of participation.

    group, points: whose completion is lower than the others', and by how many points; None for nobody's.
    """
    member, discloses, exits = people(rng, size)
    rates = np.broadcast_to(RATES, (len(member), 4)).copy()
    if group is not None:
        rates[:, 0] -= points / 100 * member[:, group]
    # effects of the resident, the resident's outcome and the exit; each outcome keeps its marginal rate
    lean = math.sqrt(ACROSS) * rng.normal(size=(len(member), 1, 1))
    lean = lean + math.sqrt(WITHIN - ACROSS) * rng.normal(size=(len(member), 1, 4))
    luck = lean + math.sqrt(1 - WITHIN) * rng.normal(size=(len(member), 3, 4))
    known = exits[:, :, None] * (rng.random(luck.shape) < KNOWN)
    trials = known.sum(axis=1)
    successes = (known * (ndtr(luck) < rates[:, None, :])).sum(axis=1)
    sums = np.stack([successes, trials, successes * successes, successes * trials, trials * trials], axis=2).reshape(
        len(member), -1
    )
    in_group, others, undisclosed = (
        np.einsum("rg,rs->gs", who, sums).reshape(len(GROUPS), 4, 5).astype(int).tolist()
        for who in (member * discloses, (1 - member) * discloses, 1 - discloses)
    )
    compared = [
        Compared(Side(*in_group[g][o]), Side(*others[g][o]), undisclosed[g][o][1])
        for g in range(len(GROUPS))
        for o in range(len(OUTCOMES))
    ]
    answered, members = discloses.sum(axis=0).astype(int), (member * discloses).sum(axis=0).astype(int)
    taking = [Participation(int(members[g]), int(answered[g]), len(member), float(SHARES[g])) for g in WITH_BENCHMARK]
    return compared, taking


def unadjusted(compared: Iterable[Compared]) -> bool:
    """Whether any plain chi-square at 5% would call, each exit as if another resident's: what verdicts are to prevent."""
    for comparison in compared:
        (a, n), (b, m) = (
            (comparison.inside.successes, comparison.inside.trials),
            (comparison.outside.successes, comparison.outside.trials),
        )
        pooled = (a + b) / (n + m) if n and m else 0
        if 0 < pooled < 1 and (a / n - b / m) ** 2 > 3.841459 * pooled * (1 - pooled) * (1 / n + 1 / m):
            return True
    return False


def false_alarms(seed: np.random.SeedSequence, *, size: int) -> tuple[bool, bool, bool]:
    """One history without any difference: is any outcome called, any participation, and would a naive reader call?"""
    compared, taking = sides(np.random.default_rng(seed), size, None, 0)
    outcome = any(verdict in CALLED for verdict, _ in outcome_verdicts(compared))
    return outcome, any(verdict in CALLED for verdict, _ in share_verdicts(taking)), unadjusted(compared)


def detected(seed: np.random.SeedSequence, *, size: int, group: int, points: int) -> tuple[bool]:
    """One history with a planted difference in completion: is it called, and called lower?"""
    compared, _ = sides(np.random.default_rng(seed), size, group, points)
    verdict, _ = outcome_verdicts(compared)[group * len(OUTCOMES)]
    return (verdict in {LOWER, FLAGGED},)


def charted(seed: np.random.SeedSequence, *, exits: int, rate_later: float) -> tuple[bool, ...]:
    """Simulate a page of charts, all steady but for the first, whose rate changes after half of its quarters.

    Residents have one to three exits in a quarter, whose outcomes go together.

    Returns:
        Whether any of the other charts shows a signal, whether any of them shows a lasting change, and whether the first
        chart shows a signal.
    """
    rng = np.random.default_rng(seed)
    flags = [_series(rng, exits=exits, rate_later=rate_later if chart == 0 else 0.7) for chart in range(CHARTS)]
    steady = [flag for chart in flags[1:] for flag in chart]
    return any(steady), LASTING_CHANGE in steady, any(flags[0])


def _series(rng: np.random.Generator, *, exits: int, rate_later: float) -> list[str | None]:
    sides = []
    for quarter in range(QUARTERS):
        residents = rng.poisson(exits / float(EXITS @ [1, 2, 3]))
        trials = rng.choice([1, 2, 3], size=residents, p=EXITS)
        luck = math.sqrt(WITHIN) * rng.normal(size=(residents, 1)) + math.sqrt(1 - WITHIN) * rng.normal(
            size=(residents, 3)
        )
        rate = 0.7 if quarter < QUARTERS // 2 else rate_later
        successes = ((ndtr(luck) < rate) & (np.arange(3) < trials[:, None])).sum(axis=1)
        products = (successes, trials, successes * successes, successes * trials, trials * trials)
        sides.append(Side(*(int(product.sum()) for product in products)))
    return signals(sides, charts=CHARTS).signals


def share(happened: int, of: int) -> dict[str, float]:
    """Return a share of histories with its 95% interval."""
    low, high = wilson(happened, of) or (0.0, 1.0)
    return {"share": happened / of, "low": low, "high": high, "histories": of}


def run(
    *, histories: int = HISTORIES, size: int = SIZE, power_histories: int = POWER_HISTORIES, seed: int = 1
) -> dict[str, object]:
    """Simulate everything; the shares of histories by name, each with its 95% interval."""
    began = time.perf_counter()
    seeds = iter(
        np.random.SeedSequence(seed).spawn(
            (1 + len(QUARTER_EXITS)) * histories + 2 * len(POINTS) * len(SIZES) * power_histories
        )
    )
    power: dict[str, object] = {}
    with ProcessPoolExecutor() as pool:

        def simulate(history: Callable[[np.random.SeedSequence], tuple[int, ...]], count: int) -> Numbers:
            return np.array(list(pool.map(history, [next(seeds) for _ in range(count)], chunksize=20)), dtype=float)

        outcome, participation, naive = simulate(partial(false_alarms, size=size), histories).sum(axis=0).astype(int)
        charts: dict[str, object] = {}
        for exits in QUARTER_EXITS:
            page = partial(charted, exits=exits, rate_later=LATER_RATE)
            any_signal, lasting, detected_change = simulate(page, histories).sum(axis=0).astype(int)
            charts[f"{exits} exits a quarter: any signal where nothing changed"] = share(any_signal, histories)
            charts[f"{exits} exits a quarter: any lasting change there"] = share(lasting, histories)
            charts[f"{exits} exits a quarter: 10 points lower is seen"] = share(detected_change, histories)
        for group in (0, 1):
            for points in POINTS:
                for exits in SIZES:
                    history = partial(detected, size=exits, group=group, points=points)
                    called = int(simulate(history, power_histories).sum())
                    power[f"{GROUPS[group]}, {points} points, {exits} exits"] = share(called, power_histories)
    return {
        "exits": size,
        "comparisons": len(GROUPS) * len(OUTCOMES),
        "no_difference": {
            "outcomes": share(outcome, histories),
            "participation": share(participation, histories),
            "outcomes_unadjusted": share(naive, histories),
        },
        "charts": charts,
        "power": power,
        "seconds": round(time.perf_counter() - began, 1),
    }


def show(result: dict[str, object]) -> None:
    """Print the result."""

    def line(name: str, comparison: dict[str, float]) -> None:
        print(f"    {name:58} {comparison['share']:7.1%}  ({comparison['low']:.1%} to {comparison['high']:.1%})")

    print(f"No true difference, {result['exits']:,} exits: histories in which anything is called (stated: at most 5%)")
    labels = {
        "outcomes": f"any of {result['comparisons']} outcome comparisons",
        "participation": f"any of {len(WITH_BENCHMARK)} participation shares",
        "outcomes_unadjusted": "any outcome, by a plain test at 5% (not what is shown)",
    }
    for key, comparison in result["no_difference"].items():  # type: ignore[attr-defined]
        line(labels[key], comparison)
    print(f"Pages of {CHARTS} charts over {QUARTERS} quarters, one of them with a change (stated: at most 5% of pages)")
    for key, comparison in result["charts"].items():  # type: ignore[attr-defined]
        line(key, comparison)
    print("Completion lower for one group: histories in which that is called")
    for key, comparison in result["power"].items():  # type: ignore[attr-defined]
        line(key, comparison)
    print(f"{result['seconds']} s")


def main() -> int:
    """Run at the sizes given (histories, exits), print the table; `--json` prints the figures as JSON instead."""
    numbers = [int(text.replace("_", "")) for text in sys.argv[1:] if not text.startswith("-")]
    result = run(histories=numbers[0] if numbers else HISTORIES, size=numbers[1] if len(numbers) > 1 else SIZE)
    if "--json" in sys.argv[1:]:
        print(json.dumps(result, indent=1))
    else:
        show(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
