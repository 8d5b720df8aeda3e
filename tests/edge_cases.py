"""Random valid deliveries with edge cases that the measures must handle.

Residents in several programs and regions, groups that nobody discloses, exits without outcomes, corrections in the ledger,
leap days, ends of quarters, a region and a sector without rows.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

GROUPS = ["bipoc", "disability", "reentry", "opportunity_youth", "veteran", "immigrant", "woman"]
EDGES = pd.to_datetime(
    ["2023-12-31", "2024-01-01", "2024-02-29", "2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01", "2024-09-30"]
)
REGION_OF = {
    "Torrington": "Northwest",
    "Hartford": "North Central",
    "New Haven": "South Central",
    "Bridgeport": "Southwest",
}
SECTORS = ["Manufacturing", "Healthcare", "CDL licensing", "Life sciences"]
DELIVERED_ON = pd.Timestamp("2025-03-31")


def frames(*, seed: int, rows: int = 400, undisclosed: float = 0.3) -> dict[str, pd.DataFrame]:
    """Return the three required tables as in the contract. `undisclosed` is the share of missing group answers."""
    rng = np.random.default_rng(seed)
    pick = rng.choice
    people = [f"P{number:05d}" for number in range(max(rows * 2 // 3, 1))]
    answers = {
        person: {g: None if rng.random() < undisclosed else bool(rng.random() < 0.35) for g in GROUPS}
        for person in people
    }
    owner = pick(people, rows)
    applied = pd.to_datetime("2023-06-01") + pd.to_timedelta(rng.integers(0, 640, rows), unit="D")
    on_edge = rng.random(rows) < 0.25
    applied = pd.Series(np.where(on_edge, pick(EDGES, rows), applied))

    def later(base: pd.Series, low: int, high: int, chance: float, *, future: bool = False) -> pd.Series:
        when = base + pd.to_timedelta(rng.integers(low, high, rows), unit="D")
        keep = (rng.random(rows) < chance) & (future | (when <= DELIVERED_ON))
        return when.where(keep)

    enrolled = later(applied, 0, 40, 0.85)
    started = later(enrolled, 0, 30, 0.92)
    planned = (started + pd.to_timedelta(rng.integers(30, 120, rows), unit="D")).where(rng.random(rows) < 0.95)
    town = pd.Series(pick([*REGION_OF, None], rows), dtype=object)
    enrollments = pd.DataFrame(
        {
            "enrollment_id": [f"E{number:06d}" for number in range(rows)],
            "participant_id": owner,
            "initiative": pick(["CareerConneCT", "SkillUp CT", "Back to Work"], rows, p=[0.7, 0.2, 0.1]),
            "program": pick(["Welding one", "Nurse aide", "Class A", "Lab skills"], rows),
            "provider": pick(["Provider <b>A</b>", "Provider B", "Prövider 🚚 C"], rows),
            "sector": pd.Series(pick([*SECTORS, None], rows), dtype=object),
            "town": town,
            "region": pd.Series(pick(["Southwest", "Northwest", None], rows), dtype=object),
            "referred_by": pd.Series(pick(["Workforce Alliance", "The WorkPlace", None], rows), dtype=object),
            "applied_on": applied,
            "enrolled_on": enrolled,
            "started_on": started,
            "planned_end_on": planned,
            **{g: pd.Series([answers[person][g] for person in owner], dtype=object) for g in GROUPS},
            **{s: rng.random(rows) < 0.3 for s in ("child_care", "transportation", "technology")},
        }
    )
    exited = later(started, 0, 150, 0.8)
    left = enrollments.assign(exited_on=exited)[exited.notna()].reset_index(drop=True)
    completions = _completions(left, rng)
    return {"enrollments": enrollments, "completions": completions, "funding": _funding(rng)}


def _completions(left: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    rows = len(left)
    outcome = rng.choice(["completed", "withdrew", "excluded"], rows, p=[0.7, 0.25, 0.05])
    has_credential = (outcome != "withdrew") & (rng.random(rows) < 0.8)
    credential_on = left["exited_on"] + pd.to_timedelta(rng.integers(-5, 400, rows), unit="D")
    credential_on = credential_on.where(credential_on >= left["started_on"], left["exited_on"])
    dated = has_credential & (rng.random(rows) < 0.9) & (credential_on <= DELIVERED_ON)
    employed_on = (left["exited_on"] + pd.to_timedelta(rng.integers(0, 120, rows), unit="D")).where(
        rng.random(rows) < 0.6
    )
    news = [None, True, False]
    return pd.DataFrame(
        {
            "enrollment_id": left["enrollment_id"],
            "exited_on": left["exited_on"],
            "outcome": outcome,
            "credential": pd.Series(np.where(has_credential, "Certificate", None), dtype=object),
            "credential_on": credential_on.where(dated),
            "stackable": pd.Series(rng.choice(news, rows), dtype=object),
            "employed_on": employed_on.where(employed_on <= DELIVERED_ON),
            "employed_q2": pd.Series(rng.choice(news, rows), dtype=object),
            "employed_q4": pd.Series(rng.choice(news, rows), dtype=object),
            "hourly_wage_before": np.where(rng.random(rows) < 0.7, rng.integers(1200, 2500, rows) / 100, np.nan),
            "hourly_wage_after": np.where(rng.random(rows) < 0.7, rng.integers(1500, 4000, rows) / 100, np.nan),
        }
    )


def _funding(rng: np.random.Generator) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for award in range(8):
        common = {
            "award_id": f"A{award}",
            "recipient": f"Recipient {award % 3}",
            "initiative": ["CareerConneCT", "SkillUp CT"][award % 2],
            "sector": [None, "Healthcare", "Manufacturing"][award % 3],
            "region": [None, "Southwest", "North Central"][award % 3],
            "category": ["training", "child care", "administration"][award % 3],
        }
        rows.append({**common, "kind": "allocated", "amount": 1_000_000.0, "posted_on": pd.Timestamp("2023-06-01")})
        rows.append({**common, "kind": "obligated", "amount": 900_000.25, "posted_on": pd.Timestamp("2023-07-01")})
        rows.append({**common, "kind": "obligated", "amount": -100.25, "posted_on": pd.Timestamp("2024-02-29")})
        for _ in range(int(rng.integers(3, 12))):
            amount = float(rng.integers(-300_000, 5_000_000)) / 100
            posted = pd.Timestamp("2023-07-02") + pd.Timedelta(days=int(rng.integers(0, 630)))
            rows.append({**common, "kind": "expended", "amount": amount, "posted_on": min(posted, DELIVERED_ON)})
    ledger = pd.DataFrame(rows)
    ledger.insert(0, "transaction_id", [f"T{number:05d}" for number in range(len(ledger))])
    return ledger


LIKE_JOB_CORPS = {
    "enrollments": "select enrollment_id, participant_id, 'Job Corps' as initiative, applied_on, enrolled_on, started_on, woman, "
    "veteran, disability, bipoc as black, immigrant as hispanic from people",
    "completions": "select enrollment_id, exited_on, outcome, credential, credential_on, employed_on, hourly_wage_before, "
    "hourly_wage_after from exits",
}
_REFERENCES = {
    "initiatives": "initiative,label,is_slfrf,began_on,source\nJob Corps,Job Corps,false,2023-06-01,a test\n",
    "groups": "group_id,label,member_noun,column_name,classification,source\nwoman,Women,women,woman,,a test\n"
    "veteran,Veterans,veterans,veteran,,a test\ndisability,People with disabilities,people with disabilities,disability,,a test\n"
    "black,Black residents,Black residents,black,race,a test\nhispanic,Hispanic residents,Hispanic residents,hispanic,race,a test\n",
    "regions": "region,board,board_short,source\n",
    "sectors": "sector,source\n",
}


def write_like_job_corps(folder: Path, *, seed: int) -> tuple[Path, Path]:
    """Write a delivery without sectors, regions, providers, supports, funding and targets; return it and its layout.

    Two of its groups are of one classification, and one of these completes less often.
    """
    tables = frames(seed=seed)
    exits, people = tables["completions"], tables["enrollments"].set_index("enrollment_id")
    is_black = people["bipoc"].reindex(exits["enrollment_id"]).eq(True).to_numpy()
    leaves = is_black & exits["outcome"].eq("completed") & exits.index.to_series().mod(2).eq(0)
    exits.loc[leaves, "outcome"] = "withdrew"
    exits.loc[leaves, ["credential", "credential_on"]] = None
    delivery = folder / DELIVERED_ON.date().isoformat()
    write(delivery, {"people": tables["enrollments"], "exits": tables["completions"]})
    layout = folder / "layouts" / "like-job-corps"
    (layout / "reference").mkdir(parents=True)
    for name, select in LIKE_JOB_CORPS.items():
        (layout / f"{name}.sql").write_text(f"-- One row per row of the file.\n{select}\n")
    for name, text in _REFERENCES.items():
        (layout / "reference" / f"{name}.csv").write_text(text)
    return delivery, layout


def write(delivery: Path, tables: dict[str, pd.DataFrame]) -> Path:
    """Write a delivery folder of Parquet files with date columns as dates, and return it."""
    delivery.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        typed = frame.copy()
        for column in typed.columns:
            if column.endswith("_on") or column.endswith("_end_on"):
                typed[column] = pd.to_datetime(typed[column]).dt.date
            elif typed[column].dtype == object and column in {*GROUPS, "stackable", "employed_q2", "employed_q4"}:
                typed[column] = typed[column].astype("boolean")
        typed.to_parquet(delivery / f"{name}.parquet", index=False)
    return delivery
