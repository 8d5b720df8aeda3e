"""Connecticut's towns with weights, regions, intake organizations and regional benchmarks.

They are read from the CSV files in data/reference, so that the demo never contradicts them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from data.demo import plan

REFERENCE = Path(__file__).resolve().parents[1] / "reference"


@dataclass(frozen=True)
class Places:
    """Towns, regions and intake organizations. A code is a position in the list."""

    towns: list[str]
    town_region: np.ndarray  # region code of each town
    town_weight: np.ndarray  # population, tilted by region
    regions: list[str]
    intakes: list[str]
    intake_weights: np.ndarray  # regions x (intakes + 1); the last column means no referral
    bipoc: np.ndarray  # share of the population by region
    immigrant: np.ndarray


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _benchmark(rows: list[dict[str, str]], group: str, regions: list[str]) -> np.ndarray:
    shares = {row["region"]: float(row["share"]) for row in rows if row["group_id"] == group and row["share"]}
    return np.array([shares[region] for region in regions])


@cache
def places() -> Places:
    """Read the reference files once.

    Raises:
        FileNotFoundError: A file is missing.
        KeyError: A column or row is missing.
    """
    regions = [row["region"] for row in _rows("regions.csv")]
    towns = _rows("towns.csv")
    town_region = np.array([regions.index(row["region"]) for row in towns])
    tilt = np.array([plan.REGION_TILT.get(region, 1.0) for region in regions])
    weight = np.array([float(row["population"]) for row in towns]) * tilt[town_region]

    organizations = _rows("intake_organizations.csv")
    intake_weights = np.zeros((len(regions), len(organizations) + 1))
    intake_weights[:, -1] = plan.REFERRED_BY_NOBODY
    for code, region in enumerate(regions):
        boards = [i for i, row in enumerate(organizations) if row["region"] == region and row["kind"] == "board"]
        others = [i for i, row in enumerate(organizations) if row["region"] == region and row["kind"] != "board"]
        intake_weights[code, boards] = plan.REFERRED_BY_BOARD / max(len(boards), 1)
        community = 1 - plan.REFERRED_BY_BOARD - plan.REFERRED_BY_NOBODY
        sizes = np.arange(len(others), 0, -1) + 1.0  # descending sizes
        intake_weights[code, others] = community * sizes / sizes.sum()

    benchmarks = _rows("benchmarks.csv")
    return Places(
        towns=[row["town"] for row in towns],
        town_region=town_region,
        town_weight=weight,
        regions=regions,
        intakes=[row["intake"] for row in organizations],
        intake_weights=intake_weights,
        bipoc=_benchmark(benchmarks, "bipoc", regions),
        immigrant=_benchmark(benchmarks, "immigrant", regions),
    )
