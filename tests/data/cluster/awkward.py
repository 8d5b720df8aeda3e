"""Deliveries that are hard to check in pieces: what belongs together is in different files, pieces and shards."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tests import edge_cases
from tests.data.deliveries import Tables, tables, with_optional, write

Made = tuple[Path, str | None]  # the delivery, and its layout


def _frames() -> Tables:
    return with_optional(tables(400))


def clean(folder: Path) -> Made:
    return write(folder, _frames()), None


def hostile(folder: Path) -> Made:
    day = edge_cases.DELIVERED_ON.date().isoformat()
    return edge_cases.write(folder / day, edge_cases.frames(seed=11)), None


def breaks_rules(folder: Path) -> Made:
    """Every kind of exclusion, in rows far apart: twins, unknown names, impossible days, identities, the template's row."""
    made = _frames()
    e, c, k = made["enrollments"], made["completions"], made["courses"]
    e["provider"] = ["Provider (test)", "PROVIDER (TEST)", "provider  (test)", "Other"] * 100
    e["program"] = e["program"].where(e.index % 50 != 0, "Straße").where(e.index % 50 != 1, "STRASSE")
    e.loc[390, "town"] = "Hartfrod"
    e.loc[391:393, "sector"] = "Alchemy"
    e.loc[388, "referred_by"] = "anna@example.org"
    e.loc[387, "participant_id"] = "078-05-1120"
    e.loc[386, "program"] = "Welding for 078-05-1120"
    e.loc[385, "enrolled_on"] = pd.Timestamp("2031-01-01")
    e.loc[384, "planned_end_on"] = pd.Timestamp("2062-01-01")
    e.loc[383, "enrollment_id"] = "EXAMPLE"
    e.loc[382, "participant_id"] = None
    e.loc[381, "veteran"] = not e.loc[380, "veteran"]
    e.loc[378, "participant_id"] = "N/A"
    e.loc[377, "participant_id"] = "p0001"
    e.loc[376, "participant_id"] = "Maria Lopez"
    c.loc[190, "hourly_wage_after"] = 45_000
    c.loc[10, "exited_on"] = pd.Timestamp("2020-01-01")
    c.loc[12, "enrollment_id"] = "nowhere"
    c.loc[195, "outcome"] = "vanished"
    k.loc[3, "completed_on"] = pd.Timestamp("2000-01-01")
    k.loc[4, "participant_id"] = "L0001"
    e, c, k = (pd.concat([frame, frame.iloc[[5, 20]]], ignore_index=True) for frame in (e, c, k))
    return write(folder, made | {"enrollments": e, "completions": c, "courses": k}), None


def keys_in_conflict(folder: Path) -> Made:
    """Rows with the same key, of different residents and far apart."""
    made = _frames()
    for name, key in (("enrollments", "participant_id"), ("completions", "outcome"), ("courses", "course")):
        frame = made[name]
        other = frame.iloc[[1, 2, 3, 4, 5]].assign(**{key: "someone else"})
        made[name] = pd.concat([frame, other], ignore_index=True)
    return write(folder, made), None


def unreadable(folder: Path) -> Made:
    """A column in which no value is a date, a damaged type, a missing column, and a shortened id in the last piece."""
    made = _frames()
    e = made["enrollments"].drop(columns=["started_on"])
    e["planned_end_on"] = "soon"
    e["child_care"] = [[1]] * len(e)
    e["enrollment_id"] = [*e["enrollment_id"][:-1], "1.23E+11"]
    made["completions"]["hourly_wage_after"] = "much"
    return write(folder, made | {"enrollments": e}), None


def as_csv(folder: Path) -> Made:
    """Text with blanks, a placeholder date, and amounts that cannot be read."""
    out = folder / "2024-06-28"
    out.mkdir(parents=True)
    for name, frame in _frames().items():
        text = frame.astype("object").where(frame.notna(), "")
        if name == "enrollments":
            text.loc[7, "planned_end_on"] = "9999-12-31"
            text.loc[8, "applied_on"] = "someday"
            text["program"] = " Welding "
        text.to_csv(out / f"{name}.csv", index=False)
    return out, None


def as_zip(folder: Path) -> Made:
    delivery, _ = as_csv(folder / "unpacked")
    path = folder / f"{delivery.name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(delivery.iterdir()):
            archive.write(file, file.name)
    return path, None


def in_parts(folder: Path) -> Made:
    """Parts with columns in another order and of other types, and a column in their path; one has no rows."""
    made = _frames()
    out = write(folder, {name: frame for name, frame in made.items() if name != "enrollments"})
    frame = made["enrollments"].drop(columns=["region"])
    for number, (sector, rows) in enumerate(frame.groupby("sector")):
        part = out / "enrollments" / f"sector={sector}" / f"part-{number}.parquet"
        part.parent.mkdir(parents=True)
        written = rows.drop(columns=["sector"])
        if number:
            written = written[written.columns[::-1]].astype({"program": "category"})
            written["enrolled_on"] = written["enrolled_on"].dt.date
        written.to_parquet(part, index=False)
    none = frame.iloc[:0].drop(columns=["sector"])
    none.to_parquet(out / "enrollments" / "sector=Healthcare" / "part-9.parquet", index=False)
    return out, None


def numbered_rows(folder: Path) -> Made:
    """A column with the name that DuckDB gives to row numbers."""
    made = _frames()
    made["enrollments"]["file_row_number"] = 7
    return write(folder, made), None


def damaged(folder: Path) -> Made:
    """A file whose end says how many rows it has, and whose middle is gone."""
    out = write(folder, _frames())
    path = out / "completions.parquet"
    content = bytearray(path.read_bytes())
    content[200 : len(content) // 2] = bytes(len(content) // 2 - 200)
    path.write_bytes(bytes(content))
    return out, None


def with_aliases(folder: Path) -> Made:
    """A layout that renames a column and reads dates and values in another form."""
    made = _frames()
    made["enrollments"] = made["enrollments"].rename(columns={"program": "Course of study"})
    made["enrollments"]["applied_on"] = "01/02/2023"
    layout = folder / "layout"
    layout.mkdir(parents=True)
    (layout / "aliases.toml").write_text(
        '[reading]\ndates = "month first"\n[columns]\n"enrollments.program" = ["Course of study"]\n', encoding="utf-8"
    )
    return write(folder, made), str(layout)


def another_layout(folder: Path) -> Made:
    delivery, layout = edge_cases.write_like_job_corps(folder, seed=5)
    return delivery, str(layout)


DELIVERIES: tuple[Callable[[Path], Made], ...] = (
    clean, hostile, breaks_rules, keys_in_conflict, unreadable, as_csv, as_zip, in_parts, numbered_rows, damaged, with_aliases, another_layout,
)  # fmt: skip
