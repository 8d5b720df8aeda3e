"""Outcomes of a group beside those known not to be in it: ratios, the four-fifths screen, steps, and decomposition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queries.answers import Row
from queries.kinds.equity import NOBODY_ANSWERED, by_group, not_supplied_groups, representation
from queries.run import Run
from queries.stats import Cell, Ratio, decompose, rate_ratio

ENOUGH = 30
FOUR_FIFTHS = 0.8
OUTCOMES = ("completion_rate", "credential_rate", "placement_rate", "employment_rate_q2")
STEPS = {
    "enrolled": "intake_rate",
    "started": "start_rate",
    "completed": "completion_rate",
    "credential": "credential_rate",
    "employed": "placement_rate",
}
DECOMPOSED_BY = ("region", "sector", "program")
TOO_FEW = "not enough people to say"


def _rate(hits: int, known: int) -> float | None:
    return hits / known if known else None


def _side_row(key: str, group: str, part: str, raw: Mapping[str, Any], extra: Mapping[str, Any]) -> Row:
    ratio = rate_ratio(raw["hits_in"], raw["known_in"], raw["hits_out"], raw["known_out"])
    note = None
    if ratio is None:
        note = "nobody to compare yet" if not (raw["known_in"] and raw["known_out"]) else "the others’ rate is zero"
    return Row(
        key=key,
        group=group,
        part=part,
        value=ratio.value if ratio else None,
        numerator=_rate(raw["hits_in"], raw["known_in"]),
        denominator=_rate(raw["hits_out"], raw["known_out"]),
        low=ratio.low if ratio else None,
        high=ratio.high if ratio else None,
        note=note,
        extra={name: raw[name] for name in ("hits_in", "known_in", "hits_out", "known_out")} | dict(extra),
    )


def screen(hits: int, known: int, best_hits: int, best_known: int) -> tuple[str, Ratio | None]:
    """The four-fifths screen of one group against the group with the highest rate: the verdict and the ratio behind it."""
    if min(known, best_known) < ENOUGH:
        return TOO_FEW, None
    ratio = rate_ratio(hits, known, best_hits, best_known)
    if ratio is None:
        return TOO_FEW, None
    excludes_one = ratio.high is not None and ratio.high < 1
    if hits == 0:
        # no interval exists on the ratio of a zero: the exact upper bound of the rate decides
        from scipy.stats import binomtest

        upper = binomtest(0, known).proportion_ci(method="exact").high
        excludes_one = bool(upper < best_hits / best_known)
    return ("flagged" if ratio.value < FOUR_FIFTHS and excludes_one else "not flagged"), ratio


def outcome_ratio(run: Run) -> list[Row]:
    """One row a group, outcome (`part`) and key: rate ÷ others' rate; `extra` holds the counts and the screen."""
    found: list[Row] = []
    everyone = (
        run if not run.scope.group else Run(run.measure, run.by, run.scope.but(group=None), run.store, run.delivery)
    )
    wanted = set(run.groups())
    supplied = [m for m in OUTCOMES if _is_supplied(run, m)]
    for outcome in supplied:
        raws = list(by_group(everyone, "rate_by_side", counted=outcome))
        place_of = {id(raw): (key if run.by not in (None, "group") else "") for key, _, raw in raws}
        for key, group, raw in raws:
            if group not in wanted:
                continue
            peers = [(g, r) for k, g, r in raws if place_of[id(r)] == place_of[id(raw)] and r["known_in"] >= ENOUGH]
            extra: dict[str, Any] = {"screen": TOO_FEW}
            if peers:
                best_group, best = max(peers, key=lambda peer: peer[1]["hits_in"] / peer[1]["known_in"])
                verdict, ratio = screen(raw["hits_in"], raw["known_in"], best["hits_in"], best["known_in"])
                extra = {
                    "screen": verdict,
                    "highest_group": best_group,
                    "highest_rate": best["hits_in"] / best["known_in"],
                    "screen_ratio": ratio.value if ratio else None,
                    "screen_low": ratio.low if ratio else None,
                    "screen_high": ratio.high if ratio else None,
                }
            found.append(_side_row(key, group, outcome, raw, extra))
    return found + not_supplied_groups(run)


def _is_supplied(run: Run, measure_id: str) -> bool:
    from queries.registry import measure
    from queries.store import supplied

    return set(measure(measure_id).needs) <= supplied(run.store)


def gap_by_step(run: Run) -> list[Row]:
    """One row a group, step (`part`) and key; without another breakdown the key is the step."""
    found: list[Row] = []
    applied = Run(run.measure, None if run.by == "group" else run.by, run.scope, run.store, run.delivery)
    applicants = representation_of_applicants(applied)
    found += applicants
    for step, outcome in STEPS.items():
        if not _is_supplied(run, outcome):
            continue
        for key, group, raw in by_group(run, "rate_by_side", counted=outcome):
            found.append(_side_row(step if run.by is None else key, group, step, raw, {}))
    return found + not_supplied_groups(run)


def representation_of_applicants(run: Run) -> list[Row]:
    """The first step: the group's share of applicants ÷ its benchmark share; part "applied"."""
    from dataclasses import replace

    asked = run.other("residents_applied", by=run.by)
    rows = [row for row in representation(asked) if row.note != "not supplied"]
    return [replace(row, key="applied" if run.by is None else row.key, part="applied") for row in rows]


def decomposition(run: Run) -> list[Row]:
    """The gap and its parts. Without a breakdown: one row a group and dimension (`part`), extra between and within.

    With one: one row a group and place, whose values add up to the gap. A resident's enrollments are the unit.
    """
    places = [run.by] if run.by not in (None, "group") else list(DECOMPOSED_BY)
    found: list[Row] = []
    for place in places:
        asked = Run(run.measure, place, run.scope, run.store, run.delivery)
        cells: dict[str, list[Cell]] = {}
        for key, group, raw in by_group(asked, "rate_by_side"):
            cells.setdefault(group, []).append(
                Cell(key, raw["hits_in"], raw["known_in"], raw["hits_out"], raw["known_out"])
            )
        for group in run.groups():
            found += _parts(run, group, str(place), cells.get(group, []))
    return found + not_supplied_groups(run)


def _parts(run: Run, group: str, place: str, cells: list[Cell]) -> list[Row]:
    parts = decompose(cells)
    if parts is None:
        if not cells:
            return []
        return [Row(key=group, group=group, part=place, value=None, note=NOBODY_ANSWERED)]
    between, within = sum(part.between for part in parts), sum(part.within for part in parts)
    if run.by in (None, "group"):
        extra = {"between": between, "within": within}
        return [Row(key=group, group=group, part=place, value=between + within, extra=extra)]
    return [
        Row(
            key=part.key,
            group=group,
            part=place,
            value=part.between + part.within,
            extra={"between": part.between, "within": part.within, "gap": between + within},
        )
        for part in parts
    ]
