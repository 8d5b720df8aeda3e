"""A small delivery of text tables, to be written in every format that programs use."""

from __future__ import annotations

import csv
import io
from pathlib import Path

ENROLLMENTS = (
    "enrollment_id,participant_id,initiative,program,provider,sector,town,region,referred_by,applied_on,enrolled_on,"
    "started_on,planned_end_on,bipoc,disability,reentry,opportunity_youth,veteran,immigrant,woman,child_care,"
    "transportation,technology\n"
    "E1,P1,CareerConneCT,Welding I,Acme College,Healthcare,Hartford,,,2023-11-28,2023-12-02,2023-12-09,2024-02-07,"
    "true,,true,false,,true,,true,false,false\n"
    "E2,P2,CareerConneCT,Welding I,Acme College,Healthcare,Norwich,,,2023-08-08,2023-08-09,2023-08-16,2023-10-15,"
    "false,true,true,true,,false,true,true,false,false\n"
    "E3,P3,CareerConneCT,Welding I,Acme College,Manufacturing,Norwich,,,2024-10-07,2024-10-25,2024-11-01,2024-12-31,"
    "true,true,true,,true,false,false,true,false,false\n"
)
COMPLETIONS = (
    "enrollment_id,exited_on,outcome,credential,credential_on,stackable,employed_on,employed_q2,employed_q4,"
    "hourly_wage_before,hourly_wage_after\n"
    "E1,2025-06-30,completed,,,,,,,,\n"
    "E2,2025-06-30,completed,,,,,,,,\n"
    "E3,2025-06-30,completed,,,,,,,,\n"
)
FUNDING = (
    "transaction_id,award_id,recipient,initiative,sector,region,category,kind,amount,posted_on\n"
    "T1,A1,Acme College,CareerConneCT,,,training,allocated,100000.00,2023-03-01\n"
    "T2,A1,Acme College,CareerConneCT,,,training,obligated,80000.00,2023-03-01\n"
    "T3,A1,Acme College,CareerConneCT,,,training,expended,1200.50,2023-03-01\n"
)
TABLES = {"enrollments": ENROLLMENTS, "completions": COMPLETIONS, "funding": FUNDING}


def write(folder: Path, tables: dict[str, str] = TABLES, day: str = "2025-11-20") -> Path:
    """Write a delivery of three CSV files into `folder/<day>` and return that."""
    out = folder / day
    out.mkdir(parents=True)
    for name, text in tables.items():
        (out / f"{name}.csv").write_bytes(text.encode())
    return out


def cells(text: str) -> list[list[str]]:
    """Return the cells of a table, row by row, header first."""
    return list(csv.reader(io.StringIO(text)))
