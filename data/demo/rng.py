"""Seeded random numbers: generators, calendars to draw dates from, exact quotas, and pseudonyms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

NEVER = np.int32(2**30)  # a day that never comes; days count from 1970-01-01
_EPOCH = date(1970, 1, 1)
_WEEKDAYS = np.array([1.0, 1.1, 1.1, 1.0, 0.9, 0.08, 0.02])
_MONTHS = np.array([1.12, 1.04, 1.0, 0.98, 0.97, 0.95, 0.88, 0.96, 1.12, 1.08, 0.98, 0.84])


def day(when: date) -> int:
    """Return the day number of a date."""
    return (when - _EPOCH).days


def generator(seed: int, *path: int) -> np.random.Generator:
    """Return the generator for one purpose. The same seed and path give the same numbers, whatever else is drawn."""
    return np.random.default_rng([seed, *path])


def quotas(counts: list[int], *, start: int, stop: int) -> np.ndarray:
    """Return how many residents of each class fall into start..stop, so that all batches add up to `counts` exactly."""
    bounds = np.cumsum([0, *counts])
    total = int(bounds[-1])
    up_to_stop, up_to_start = (np.array([int(b) * edge // total for b in bounds]) for edge in (stop, start))
    counts_here: np.ndarray = np.maximum(np.diff(up_to_stop) - np.diff(up_to_start), 0)
    return counts_here


def systematic(rng: np.random.Generator, chances: np.ndarray, *, strata: np.ndarray | None = None) -> np.ndarray:
    """Draw True with the given probabilities, by systematic sampling in random order.

    The number of True values is within one of the sum of probabilities, in every stratum if `strata` (small whole numbers)
    are given.
    """
    order = rng.permutation(len(chances))
    if strata is not None:
        order = order[np.argsort(strata[order], kind="stable")]
    steps = np.floor(np.cumsum(np.clip(chances[order], 0.0, 1.0)) + rng.random())
    picked = np.empty(len(chances), dtype=bool)
    picked[order] = np.diff(steps, prepend=0.0) > 0
    return picked


def spread(rng: np.random.Generator, weights: np.ndarray, size: int) -> np.ndarray:
    """Draw indexes in proportion to the weights, each within one of its exact share, in random order."""
    edges = np.cumsum(weights / weights.sum())
    places = (np.arange(size) + rng.random()) / max(size, 1)
    return rng.permutation(np.minimum(np.searchsorted(edges, places, side="right"), len(weights) - 1))


def choose(rng: np.random.Generator, weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Draw one index per row: weights[rows[i]] is the distribution of draw i."""
    edges = np.cumsum(weights, axis=1)
    edges /= edges[:, -1:]
    picks = (rng.random(len(rows))[:, None] > edges[rows]).sum(axis=1)
    indexes: np.ndarray = np.minimum(picks, weights.shape[1] - 1)
    return indexes


@dataclass(frozen=True)
class Calendar:
    """A period to draw days from, with busier and calmer times."""

    first: int
    edges: np.ndarray

    @classmethod
    def between(cls, first: date, last: date, *, pace: list[tuple[date, float]], weekends: float = 0.0) -> Calendar:
        """Make a calendar.

        Args:
            first: The first day.
            last: The last day.
            pace: Weights at some dates, interpolated linearly.
            weekends: The least weight of Saturdays and Sundays.
        """
        days = np.arange(day(first), day(last) + 1)
        weights = np.interp(days, [day(when) for when, _ in pace], [weight for _, weight in pace])
        weekday = np.maximum(_WEEKDAYS, weekends)[(days + 3) % 7]
        month = _MONTHS[days.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12]
        edges = np.cumsum(weights * weekday * month)
        return cls(first=int(days[0]), edges=edges / edges[-1])

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw day numbers."""
        return (self.first + np.searchsorted(self.edges, rng.random(size), side="right")).astype(np.int32)


def next_monday(days: np.ndarray) -> np.ndarray:
    """Return the days themselves where they are Mondays, else the next Monday."""
    mondays: np.ndarray = days + (-(days + 3)) % 7
    return mondays


def pseudonyms(letter: str, numbers: np.ndarray, *, seed: int) -> pa.Array:
    """Return a text such as "P3fa90c17be" for each number below 2**40. Different numbers give different texts, in no order."""
    mask = np.uint64(2**40 - 1)
    mixed = numbers.astype(np.uint64)
    for turn, factor in enumerate((0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)):
        salt = generator(seed, ord(letter), turn).integers(0, 2**40, dtype=np.uint64)
        mixed = (mixed * np.uint64(factor) + salt) & mask
        mixed ^= mixed >> np.uint64(19)
    digits = (mixed[:, None] >> np.arange(36, -4, -4, dtype=np.uint64)) & np.uint64(15)
    text = np.empty((len(numbers), 11), dtype=np.uint8)
    text[:, 0] = ord(letter)
    text[:, 1:] = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[digits.astype(np.uint8)]
    offsets = np.arange(0, 11 * (len(numbers) + 1), 11, dtype=np.int32)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(text.tobytes()))
