"""What a delivery knows: applications made by its day, and what had happened and been reported by then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data.demo import plan
from data.demo.catalog import PROGRAMS
from data.demo.journeys import Journeys
from data.demo.outcomes import NO_EXIT, OUTCOMES
from data.demo.places import places
from data.demo.residents import UNKNOWN, Residents
from data.demo.rng import NEVER, day, pseudonyms
from data.demo.writing import dates, flags, numbers, table, texts

_CREDENTIALS = [f"{program.credential} certificate" for program in PROGRAMS]


@dataclass(frozen=True)
class Batch:
    """A batch of residents with their journeys and pseudonyms, from which every delivery's part files are made."""

    people: Residents
    journeys: Journeys
    participant_ids: pa.Array  # by person
    enrollment_ids: pa.Array  # by enrollment

    @classmethod
    def of(cls, people: Residents, journeys: Journeys, *, seed: int, batch: int) -> Batch:
        """Give pseudonyms to residents and enrollments."""
        rows = (batch << 20) + np.arange(len(journeys))
        return cls(people, journeys, pseudonyms("P", people.number, seed=seed), pseudonyms("E", rows, seed=seed))


def enrollments(batch: Batch, *, delivery: int) -> pa.Table:
    """Return the clean enrollments table of one delivery, an index in plan.DELIVERIES."""
    now = day(plan.DELIVERIES[delivery])
    rows = np.flatnonzero(batch.journeys["applied"] <= now)
    person = batch.journeys.person[rows]
    here = {name: values[rows] for name, values in batch.journeys.columns.items()}
    enrolled = here["enrolled"] <= now
    disclosed = {group: values[person] for group, values in batch.people.disclosed.items()}
    everyone = np.ones(len(rows), dtype=bool)
    return table(
        "enrollments",
        {
            "enrollment_id": batch.enrollment_ids.take(pa.array(rows)),
            "participant_id": batch.participant_ids.take(pa.array(person)),
            "initiative": texts(here["initiative"], plan.INITIATIVES),
            "program": texts(here["program"], [program.name for program in PROGRAMS]),
            "provider": texts(here["program"], [program.provider for program in PROGRAMS]),
            "sector": texts(here["sector"], plan.SECTORS),
            "town": texts(here["town"], places().towns),
            "region": texts(np.where(here["town"] < 0, here["region"], -1), places().regions),
            "referred_by": texts(here["intake"], places().intakes),
            "applied_on": dates(here["applied"]),
            "enrolled_on": dates(here["enrolled"], known=enrolled),
            "started_on": dates(here["started"], known=here["started"] <= now),
            "planned_end_on": dates(here["planned_end"], known=enrolled),
            **{group: flags(values == 1, known=values != UNKNOWN) for group, values in disclosed.items()},
            **{
                support: flags(here[support] & enrolled, known=everyone)
                for support in ("child_care", "transportation", "technology")
            },
        },
    )


def completions(batch: Batch, *, delivery: int) -> pa.Table:
    """Return the clean completions table of one delivery.

    Earlier deliveries have some exit dates wrong and some credentials not yet reported; later ones correct them.
    """
    now = day(plan.DELIVERIES[delivery])
    journeys = batch.journeys
    begun = np.where(journeys["started"] == NEVER, journeys["enrolled"], journeys["started"])
    moved = np.where(delivery < journeys["restated_in"], journeys["exit_moved"], 0)
    exited = np.maximum(journeys["exited"] - moved, np.minimum(begun + 1, journeys["exited"]))
    rows = np.flatnonzero((journeys["outcome"] != NO_EXIT) & (journeys["exited"] <= now))
    here = {name: values[rows] for name, values in journeys.columns.items()}
    credited = (here["credential_on"] != NEVER) & (here["credential_on"] + here["credential_late"] <= now)
    placed = here["employed_on"] <= now
    return table(
        "completions",
        {
            "enrollment_id": batch.enrollment_ids.take(pa.array(rows)),
            "exited_on": dates(exited[rows]),
            "outcome": texts(here["outcome"] - 1, OUTCOMES),
            "credential": texts(np.where(credited, here["program"], -1), _CREDENTIALS),
            "credential_on": dates(here["credential_on"], known=credited),
            "stackable": flags(here["stackable"], known=credited),
            "employed_on": dates(here["employed_on"], known=placed),
            "employed_q2": flags(here["employed_q2"], known=here["known_q2"] <= now),
            "employed_q4": flags(here["employed_q4"], known=here["known_q4"] <= now),
            "hourly_wage_before": numbers(here["wage_before"]),
            "hourly_wage_after": numbers(np.where(placed, here["wage_after"], np.nan)),
        },
    )


def waiting(batch: Batch, *, delivery: int) -> list[tuple[str, int]]:
    """Return id and enrollment day of enrollments at least 60 days old whose exit is never reported.

    A few of them get a defective exit, which is excluded and so changes no number.
    """
    now = day(plan.DELIVERIES[delivery])
    journeys = batch.journeys
    rows = np.flatnonzero((journeys["outcome"] == NO_EXIT) & (journeys["enrolled"] <= now - 60))[:800]
    return [(batch.enrollment_ids[int(row)].as_py(), int(journeys["enrolled"][row])) for row in rows]
