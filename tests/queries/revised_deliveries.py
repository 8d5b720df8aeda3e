"""Two deliveries of the same program, the second revised in every way that a real one is.

Every revision is made on purpose, so that it is known which rows are excluded, removed, corrected, late or new, and who was merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tests import edge_cases

Frames = dict[str, pd.DataFrame]
SECOND_DAY = pd.Timestamp("2025-06-30")
KEYS = {"enrollments": "enrollment_id", "courses": "registration_id", "funding": "transaction_id"}


@dataclass(frozen=True)
class Exports:
    """One delivery: what the checks accept of it, and the ids of what they exclude, by table."""

    accepted: Frames
    excluded: dict[str, set[str]]

    @classmethod
    def of(cls, tables: Frames) -> Exports:
        """Tell the rows that break a rule from the others: an unknown sector, a negative wage, an unknown platform."""
        wrong = {
            "enrollments": tables["enrollments"]["sector"] == "Nonsense",
            "completions": tables["completions"]["hourly_wage_before"] < 0,
            "funding": tables["funding"]["kind"] == "Nonsense",
            "courses": tables["courses"]["platform"] == "Nonsense",
        }
        wrong["completions"] |= tables["completions"]["enrollment_id"].isin(
            tables["enrollments"].loc[wrong["enrollments"], "enrollment_id"]
        )
        keys = {**KEYS, "completions": "enrollment_id"}
        return cls(
            accepted={name: tables[name][~wrong[name]] for name in wrong},
            excluded={name: set(tables[name].loc[wrong[name], keys[name]]) for name in wrong},
        )


def write_pair(folder: Path, *, seed: int) -> tuple[Exports, Exports, list[Path]]:
    """Write two deliveries; return what each holds, and their folders."""
    rng = np.random.default_rng(seed)
    first = {**edge_cases.frames(seed=seed, rows=260), "courses": _courses(rng, "R", edge_cases.DELIVERED_ON)}
    _break(first, rng)
    second = _revised(first, rng, seed=seed)
    days = (edge_cases.DELIVERED_ON, SECOND_DAY)
    pair = zip(days, (first, second), strict=True)
    folders = [edge_cases.write(folder / day.date().isoformat(), tables) for day, tables in pair]
    return Exports.of(first), Exports.of(second), folders


def _courses(rng: np.random.Generator, letter: str, latest: pd.Timestamp) -> pd.DataFrame:
    rows = 60
    registered = latest - pd.to_timedelta(rng.integers(0, 300, rows), unit="D")
    return pd.DataFrame(
        {
            "registration_id": [f"{letter}{number:04d}" for number in range(rows)],
            "participant_id": [f"P{number:05d}" for number in rng.integers(0, 220, rows)],
            "platform": "Metrix",
            "course": "Charts",
            "subject": "Business analysis",
            "eligibility": "unemployment claimant",
            "town": rng.choice([*edge_cases.REGION_OF], rows),
            "registered_on": registered,
            "completed_on": registered.where(rng.random(rows) < 0.4),
            "hours": rng.integers(10, 99, rows) / 10,
            "credit_earned": rng.random(rows) < 0.3,
        }
    )


def _break(tables: Frames, rng: np.random.Generator) -> None:
    """Make a twentieth of each table's rows break a rule."""
    for name, column, value in (
        ("enrollments", "sector", "Nonsense"),
        ("completions", "hourly_wage_before", -5.0),
        ("funding", "kind", "Nonsense"),
        ("courses", "platform", "Nonsense"),
    ):
        frame = tables[name]
        is_free = frame["kind"].eq("expended") if name == "funding" else True
        frame.loc[is_free & (rng.random(len(frame)) < 0.05), column] = value


def _revised(first: Frames, rng: np.random.Generator, *, seed: int) -> Frames:
    """Return the second delivery: rows removed, corrected, merged, split, repaired, broken, and reported since."""
    removed = {name: rng.random(len(frame)) < 0.04 for name, frame in first.items()}
    removed["funding"] &= first["funding"]["kind"] == "expended"  # without an obligation all its expenses are excluded
    tables = {name: frame[~removed[name]].reset_index(drop=True) for name, frame in first.items()}
    enrollments = tables["enrollments"]
    enrollments.loc[enrollments["sector"] == "Nonsense", "sector"] = "Healthcare"
    tables["courses"]["platform"] = "Metrix"
    tables["funding"].loc[tables["funding"]["kind"] == "Nonsense", "kind"] = "expended"
    tables["completions"].loc[tables["completions"]["hourly_wage_before"] < 0, "hourly_wage_before"] = 15.0
    for column, values in (("town", [*edge_cases.REGION_OF]), ("sector", edge_cases.SECTORS)):
        chosen = rng.random(len(enrollments)) < 0.06
        enrollments.loc[chosen, column] = rng.choice(values, int(chosen.sum()))
    exits = tables["completions"]
    exits.loc[rng.random(len(exits)) < 0.06, "outcome"] = "completed"
    uncertain = (exits["outcome"] == "completed") & exits["credential"].isna()
    exits.loc[uncertain & (rng.random(len(exits)) < 0.5), "credential"] = "Certificate"
    tables["completions"] = pd.concat([exits, _further_exits(enrollments, exits)], ignore_index=True)
    ledger = tables["funding"]
    ledger.loc[(ledger["kind"] == "expended") & (rng.random(len(ledger)) < 0.1), "amount"] += 10.25
    more = _shifted(edge_cases.frames(seed=seed + 500, rows=80), rng)
    more["courses"] = _courses(rng, "N", SECOND_DAY)
    tables = {name: pd.concat([frame, more[name]], ignore_index=True) for name, frame in tables.items()}
    _join_people(tables, rng)
    _break(tables, rng)
    orphans = ~tables["completions"]["enrollment_id"].isin(tables["enrollments"]["enrollment_id"])
    tables["completions"] = tables["completions"][~orphans].reset_index(drop=True)
    return tables


def _further_exits(enrollments: pd.DataFrame, exits: pd.DataFrame) -> pd.DataFrame:
    """Return exits of residents in training: some that should have been in the first delivery, some after it."""
    in_training = enrollments[enrollments["started_on"].notna()]
    waiting = in_training[~in_training["enrollment_id"].isin(exits["enrollment_id"])].iloc[:16]
    late = waiting["started_on"] + pd.Timedelta(days=1)
    return pd.DataFrame(
        {
            "enrollment_id": waiting["enrollment_id"],
            "exited_on": late.where([number % 2 == 0 for number in range(len(waiting))], SECOND_DAY),
            "outcome": "withdrew",
        }
    )


def _shifted(more: Frames, rng: np.random.Generator) -> Frames:
    """Give further rows ids of their own, and move half of them to after the first delivery's date."""
    recent = {f"E{number:06d}" for number in range(80) if rng.random() < 0.5}
    for name in ("enrollments", "completions"):
        frame = more[name]
        moved = frame["enrollment_id"].isin(recent)
        for column in (column for column in frame if column.endswith("_on")):
            frame.loc[moved, column] += pd.Timedelta(days=91)
        frame["enrollment_id"] = "F" + frame["enrollment_id"]
    ledger = more["funding"] = more["funding"][more["funding"]["kind"] == "expended"].copy()
    ledger["transaction_id"] = "F" + ledger["transaction_id"]
    ledger["amount"] = ledger["amount"] / 100
    ledger.loc[rng.random(len(ledger)) < 0.5, "posted_on"] = SECOND_DAY
    ledger["amount"] = ledger["amount"].round(2)
    return more


def _join_people(tables: Frames, rng: np.random.Generator) -> None:
    """Give some residents the pseudonym of another, and some rows a pseudonym of their own."""
    same = {f"P{number:05d}": f"P{number - 1:05d}" for number in range(1, 170, 9)}
    for name in ("enrollments", "courses"):
        ids = tables[name]["participant_id"].replace(same)
        split = rng.random(len(ids)) < 0.04
        tables[name]["participant_id"] = ids.where(~split, "S" + ids)
