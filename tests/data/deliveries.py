"""Small valid deliveries, for tests to break."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from data import layouts, validate
from data.delivery import describe
from data.report import Report

Tables = dict[str, pd.DataFrame]
GROUPS = ("bipoc", "disability", "reentry", "opportunity_youth", "veteran", "immigrant", "woman")
DAY = "2024-06-28"


def tables(size: int = 60) -> Tables:
    """Return a delivery of `size` enrollments, half as many exits, and a small ledger. It breaks no rule."""
    n = range(size)
    enrollments = pd.DataFrame(
        {
            "enrollment_id": [f"E{i:04}" for i in n],
            "participant_id": [f"P{i // 2:04}" for i in n],
            "initiative": ["CareerConneCT" if i % 3 else "SkillUp CT" for i in n],
            "program": "Welding",
            "provider": "Provider (test)",
            "sector": ["Manufacturing" if i % 2 else "Healthcare" for i in n],
            "town": ["Hartford" if i % 2 else "New London" for i in n],
            "region": None,
            "referred_by": "Capital Workforce Partners",
            "applied_on": pd.Timestamp("2023-01-02"),
            "enrolled_on": pd.Timestamp("2023-02-02"),
            "started_on": pd.Timestamp("2023-03-02"),
            "planned_end_on": pd.Timestamp("2023-06-02"),
            **{group: [None if i % 5 == 0 else i // 2 % 2 == 0 for i in n] for group in GROUPS},
            "child_care": [i % 4 == 0 for i in n],
            "transportation": False,
            "technology": [i % 6 == 0 for i in n],
        }
    )
    enrollments["region"] = enrollments["region"].astype("string")
    half = range(0, size, 2)
    completions = pd.DataFrame(
        {
            "enrollment_id": [f"E{i:04}" for i in half],
            "exited_on": pd.Timestamp("2023-06-12"),
            "outcome": ["completed" if i % 4 else "withdrew" for i in half],
            "credential": ["Entry welder" if i % 4 else None for i in half],
            "credential_on": [pd.Timestamp("2023-06-10") if i % 4 else pd.NaT for i in half],
            "stackable": [True if i % 4 else None for i in half],
            "employed_on": [pd.Timestamp("2023-10-01") if i % 4 else pd.NaT for i in half],
            "employed_q2": [True if i % 4 else None for i in half],
            "employed_q4": None,
            "hourly_wage_before": [17.5 if i % 4 else None for i in half],
            "hourly_wage_after": [22.25 if i % 4 else None for i in half],
        }
    )
    completions["employed_q4"] = completions["employed_q4"].astype("boolean")
    kinds = ("allocated", "obligated", "expended", "expended")
    funding = pd.DataFrame(
        {
            "transaction_id": [f"T{i:03}" for i in range(52)],
            "award_id": [f"A{i // 4:02}" for i in range(52)],
            "recipient": "Recipient (test)",
            "initiative": "CareerConneCT",
            "sector": "Manufacturing",
            "region": "Eastern",
            "category": "training",
            "kind": [kinds[i % 4] for i in range(52)],
            "amount": [(1000.0, 1000.0, 600.0, 250.5)[i % 4] for i in range(52)],
            "posted_on": pd.to_datetime("2023-01-01") + pd.to_timedelta(range(52), unit="D"),
        }
    )
    return {"enrollments": enrollments, "completions": completions, "funding": funding}


def with_optional(made: Tables) -> Tables:
    """Return the same with courses and openings."""
    courses = pd.DataFrame(
        {
            "registration_id": [f"R{i:03}" for i in range(50)],
            "participant_id": [f"P{i:04}" for i in range(50)],
            "platform": "Metrix",
            "course": "Spreadsheets",
            "subject": "Digital literacy",
            "eligibility": "student",
            "town": "Hartford",
            "registered_on": pd.Timestamp("2023-01-05"),
            "completed_on": pd.Timestamp("2023-02-05"),
            "hours": 4.5,
            "credit_earned": True,
        }
    )
    openings = pd.DataFrame(
        {
            "opening_id": [f"O{i:03}" for i in range(50)],
            "employer": "Employer (test)",
            "source": "jobs portal",
            "sector": "Manufacturing",
            "town": "Hartford",
            "positions": 3,
            "posted_on": pd.Timestamp("2023-01-05"),
            "closed_on": pd.NaT,
            "filled": 2,
            "filled_by_participants": 1,
        }
    )
    return made | {"courses": courses, "openings": openings}


def write(folder: Path, made: Tables, *, day: str = DAY) -> Path:
    """Write a delivery as Parquet to `folder/<day>` and return that folder."""
    out = folder / day
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in made.items():
        frame.to_parquet(out / f"{name}.parquet", index=False)
    return out


def check(delivery: Path, *options: str) -> Report:
    """Check a delivery in this process. Options as on the command line: layout, date, most_quarantined."""
    settings = dict(option.split("=", 1) for option in options)
    layout = layouts.find(settings["layout"]) if "layout" in settings else None
    with tempfile.TemporaryDirectory() as work:
        checked = validate.check(
            describe(delivery, requested_date=settings.get("date"), single_file=layout is not None),
            layout=layout,
            work=Path(work),
            most_quarantined=float(settings.get("most_quarantined", 2)),
        )
        checked.connection.close()
    for name, table in checked.report.tables.items():
        assert table.read == table.accepted + table.quarantined + table.duplicates, name
        assert sum(table.reasons.values()) >= table.quarantined, name
    return checked.report
