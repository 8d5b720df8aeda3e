"""The demo: three synthetic deliveries from one history of the program.

`make` writes them as the contract says. plan.py lists the published facts that they match and the patterns planted in
them. The same seed and size always give the same bytes. Memory does not grow with the number of residents.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from data.demo import defects, plan
from data.demo.journeys import make_journeys
from data.demo.ledger import funding
from data.demo.online import course_registrations, courses, openings
from data.demo.residents import make_residents
from data.demo.revisions import Batch, completions, enrollments, waiting
from data.demo.writing import close_folder, open_folder, write_part, write_targets

__all__ = ["make"]

_RESIDENTS_PER_BATCH = 200_000


def make(
    out: Path, *, residents: int = 12_000, seed: int = 2022, progress: Callable[[int, int], None] | None = None
) -> list[Path]:
    """Write the deliveries OUT/2022-10-07, OUT/2024-06-28 and OUT/2026-11-13 and return their folders.

    Args:
        out: The folder to write to.
        residents: Distinct residents enrolled in the last delivery, 50 or more.
        seed: 0 or more.
        progress: Called with the number of residents made so far and in all.

    Raises:
        ValueError: The size or seed is out of range.
        FileExistsError: A folder with that name holds something other than a demo.
    """
    if residents < plan.FEWEST_RESIDENTS or seed < 0:
        raise ValueError(f"A demo needs {plan.FEWEST_RESIDENTS} residents or more, and a seed of 0 or more.")
    folders = [open_folder(Path(out), delivered_on) for delivered_on in plan.DELIVERIES]
    batches = -(-residents // _RESIDENTS_PER_BATCH)
    for batch in range(batches):
        if progress:
            progress(residents * batch // batches, residents)
        _write_batch(folders, residents=residents, seed=seed, batch=batch, batches=batches)
    for delivery, folder in enumerate(folders):
        write_part(folder, "funding", funding(seed=seed, delivery=delivery), number=0)
        write_part(folder, "openings", openings(residents=residents, seed=seed, delivery=delivery), number=0)
    for folder, delivered_on in zip(folders, plan.DELIVERIES, strict=True):
        write_targets(folder, delivered_on)
    if progress:
        progress(residents, residents)
    return [close_folder(folder, day) for folder, day in zip(folders, plan.DELIVERIES, strict=True)]


def _write_batch(folders: list[Path], *, residents: int, seed: int, batch: int, batches: int) -> None:
    people = make_residents(residents=residents, seed=seed, batch=batch, batches=batches)
    base = Batch.of(people, make_journeys(people, seed=seed, batch=batch), seed=seed, batch=batch)
    learners = course_registrations(base, residents=residents, seed=seed, batch=batch, batches=batches)
    for delivery, folder in enumerate(folders):
        place = {"seed": seed, "delivery": delivery, "batch": batch}
        rows = defects.with_defects(
            enrollments(base, delivery=delivery),
            breaks=defects.ENROLLMENT_BREAKS,
            key="enrollment_id",
            person="participant_id",
            **place,
        )
        write_part(folder, "enrollments", rows, number=batch)
        exits = defects.completions_with_defects(
            completions(base, delivery=delivery), waiting=waiting(base, delivery=delivery), **place
        )
        write_part(folder, "completions", exits, number=batch)
        write_part(folder, "courses", courses(base, learners, **place), number=batch)
