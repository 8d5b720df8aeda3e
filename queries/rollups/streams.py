"""What publishing rolls up: which facts, as sums, as residents counted once, and as pairs of one resident's events.

A fact is an entry of queries/facts.toml, so a definition is written once, for publishing and for pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PLACES = ("initiative", "region", "sector")
SUPPORTS = ("any", "child_care", "transportation", "technology")


@dataclass(frozen=True)
class Stream:
    """One stream of events, grouped by `unit` (month or quarter).

    `events` names the step in queries/rollups/make that flags or dates the events; `only` and `dated_by` are parameters of
    stream_events.sql. `is_final` means that an event is known on its own day, so that an earlier as-of date only ends the
    period earlier.
    """

    what: str
    fact: str
    events: str = "unflagged"
    parameters: Mapping[str, str] = field(default_factory=dict)
    only: str = "all"
    dated_by: str = "dated_on"
    unit: str = "month"
    is_final: bool = False


def reached(support: str) -> str:
    """Return the stream name of residents who received a support."""
    return f"reached {support}"


def known(outcome: str) -> str:
    """Return the stream name of residents whose outcome is known."""
    return f"known {outcome}"


def as_known(fact: str) -> str:
    """Return the stream name of events dated by the day they became known."""
    return f"{fact} as known"


SIDED = ("intake_rate", "start_rate", "completion_rate", "credential_rate", "placement_rate", "employment_rate_q2")
OUTCOMES = SIDED[2:]
SUMS = {
    stream.what: stream
    for stream in (
        *(Stream(name, name, is_final=True) for name in ("residents_applied", "residents_enrolled", "starts")),
        Stream("completions", "completions", is_final=True),
        *(Stream(name, name) for name in ("in_training", "credentials", "placements")),
        *(Stream(name, name, "flagged", is_final=name == "completion_rate") for name in SIDED),
    )
}
# what pages ask for periods that begin or end within a month
BY_DAY = ("residents_enrolled", "completions", "completion_rate", "credentials", "placements")
KNOWN = {as_known(name): Stream(as_known(name), name, "as_known") for name in ("credentials", "placements")}
VALUES = {name: Stream(name, name, "amounts") for name in ("wage_gain", "days_to_credential")}
FIRST_EVENTS = {
    stream.what: stream
    for stream in (
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
PAIR_FIRST_EVENTS = {
    known(name): Stream(known(name), name, "flagged", only="known", unit="quarter") for name in OUTCOMES
}
DATED_BY_FIRST = {
    "residents_new": "residents_enrolled",
    "slfrf_enrolled": "slfrf_enrolled",
    "slfrf_completing": "slfrf_completing",
}
EXTRA_DIMENSIONS = {
    "residents_applied": ("town", "intake"),
    "residents_enrolled": ("town", "intake", "program", "provider"),
}
# the filters that rollups by an extra dimension support
EXTRA_DIMENSION_FILTERS = ((), ("initiative",), ("region",), ("sector",))


def dimension_sets() -> list[tuple[str, ...]]:
    """Return every combination of places that events are grouped by: the filters and the breakdown of a question."""
    return [tuple(p for bit, p in enumerate(PLACES) if number >> bit & 1) for number in range(2 ** len(PLACES))]


def dimension_mask(places: tuple[str, ...]) -> int:
    """Return the number that the store uses for a combination of places: one bit for each place."""
    return sum(1 << PLACES.index(place) for place in places)
