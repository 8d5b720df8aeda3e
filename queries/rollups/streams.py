"""What is tallied at publishing: which counted things, as sums, as residents counted once, and as pairs of one resident's events.

A counted thing is a file of queries/sql/facts, so a definition is written once: publishing counts by the same SQL as a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PLACES = ("initiative", "region", "sector")
SUPPORTS = ("any", "child_care", "transportation", "technology")


@dataclass(frozen=True)
class Stream:
    """One stream of events, told apart by `unit`, month or quarter.

    `events` names the step in queries/rollups/make that flags or dates them; `only` and `dated_by` are what streamed.sql takes.
    `is_final`: an event is known on its own day, so that an earlier as-of date is but an earlier end of the period.
    """

    what: str
    fact: str
    events: str = "unflagged"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    only: str = "all"
    dated_by: str = "dated_on"
    unit: str = "month"
    is_final: bool = False


def reached(support: str) -> str:
    """The name of the residents one support reaches."""
    return f"reached {support}"


def known(outcome: str) -> str:
    """The name of the residents of whom an outcome is known."""
    return f"known {outcome}"


def as_known(fact: str) -> str:
    """The name of events dated by the day on which they were known."""
    return f"{fact} as known"


SIDED = ("intake_rate", "start_rate", "completion_rate", "credential_rate", "placement_rate", "employment_rate_q2")
OUTCOMES = SIDED[2:]
SUMS = {
    one.what: one
    for one in (
        *(Stream(name, name, is_final=True) for name in ("residents_applied", "residents_enrolled", "starts")),
        Stream("completions", "completions", is_final=True),
        *(Stream(name, name) for name in ("in_training", "credentials", "placements")),
        *(Stream(name, name, "flagged", is_final=name == "completion_rate") for name in SIDED),
    )
}
# what the pages ask of periods that begin or end within a month
BY_DAY = ("residents_enrolled", "completions", "completion_rate", "credentials", "placements")
KNOWN = {as_known(name): Stream(as_known(name), name, "as_known") for name in ("credentials", "placements")}
VALUES = {name: Stream(name, name, "amounts") for name in ("wage_gain", "days_to_credential")}
FIRSTS = {
    one.what: one
    for one in (
        Stream("residents_applied", "residents_applied", is_final=True),
        Stream("residents_enrolled", "residents_enrolled", is_final=True),
        Stream("slfrf_enrolled", "slfrf_enrolled", dated_by="enrolled_on", is_final=True),
        Stream("slfrf_completing", "slfrf_completing", dated_by="exited_on", is_final=True),
        *(
            Stream(
                reached(support),
                "supports_reach",
                "flagged",
                {"support": support},
                only="successes",
                unit="quarter",
                is_final=True,
            )
            for support in SUPPORTS
        ),
    )
}
OF_PAIRS = {known(name): Stream(known(name), name, "flagged", only="known", unit="quarter") for name in OUTCOMES}
DATED_BY_FIRST = {
    "residents_new": "residents_enrolled",
    "slfrf_enrolled": "slfrf_enrolled",
    "slfrf_completing": "slfrf_completing",
}
NAMED = {"residents_applied": ("town", "intake"), "residents_enrolled": ("town", "intake", "program", "provider")}
NAMED_WITHIN = (
    (),
    ("initiative",),
    ("region",),
    ("sector",),
)  # the filters under which residents are tallied by such names


def shapes() -> list[tuple[str, ...]]:
    """Every choice of places that tells events apart: which filters are set and which breakdown is asked for."""
    return [tuple(p for at, p in enumerate(PLACES) if number >> at & 1) for number in range(2 ** len(PLACES))]


def shape_of(places: tuple[str, ...]) -> int:
    """The number of a shape in the store."""
    return sum(1 << PLACES.index(place) for place in places)
