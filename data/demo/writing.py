"""The contract's tables as Arrow schemas, builders for columns, and the files of a delivery folder."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.contract import GROUPS
from data.demo import plan
from data.demo.rng import NEVER

_TEXT, _DAY, _BOOL, _NUMBER = pa.string(), pa.date32(), pa.bool_(), pa.float64()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


SCHEMAS = {
    "enrollments": _schema(
        enrollment_id=_TEXT, participant_id=_TEXT, initiative=_TEXT, program=_TEXT, provider=_TEXT, sector=_TEXT,
        town=_TEXT, region=_TEXT, referred_by=_TEXT, applied_on=_DAY, enrolled_on=_DAY, started_on=_DAY,
        planned_end_on=_DAY, **dict.fromkeys(GROUPS, _BOOL), child_care=_BOOL, transportation=_BOOL,
        technology=_BOOL,
    ),
    "completions": _schema(
        enrollment_id=_TEXT, exited_on=_DAY, outcome=_TEXT, credential=_TEXT, credential_on=_DAY, stackable=_BOOL,
        employed_on=_DAY, employed_q2=_BOOL, employed_q4=_BOOL, hourly_wage_before=_NUMBER,
        hourly_wage_after=_NUMBER,
    ),
    "funding": _schema(
        transaction_id=_TEXT, award_id=_TEXT, recipient=_TEXT, initiative=_TEXT, sector=_TEXT, region=_TEXT,
        category=_TEXT, kind=_TEXT, amount=pa.decimal128(18, 2), posted_on=_DAY,
    ),
    "courses": _schema(
        registration_id=_TEXT, participant_id=_TEXT, platform=_TEXT, course=_TEXT, subject=_TEXT, eligibility=_TEXT,
        town=_TEXT, registered_on=_DAY, completed_on=_DAY, hours=_NUMBER, credit_earned=_BOOL,
    ),
    "openings": _schema(
        opening_id=_TEXT, employer=_TEXT, source=_TEXT, sector=_TEXT, town=_TEXT, positions=pa.int32(),
        posted_on=_DAY, closed_on=_DAY, filled=pa.int32(), filled_by_participants=pa.int32(),
    ),
}  # fmt: skip


def texts(codes: np.ndarray, values: list[str] | tuple[str, ...]) -> pa.Array:
    """Return the values that the codes index; null where a code is negative or past the end."""
    codes = np.asarray(codes)
    outside = (codes < 0) | (codes >= len(values))
    indices = pa.array(np.where(outside, 0, codes).astype(np.int32), mask=outside)
    return pa.DictionaryArray.from_arrays(indices, pa.array(values, type=pa.string())).dictionary_decode()


def dates(days: np.ndarray, *, known: np.ndarray | None = None) -> pa.Array:
    """Return day numbers as dates; null where NEVER, or where `known` is given and false."""
    empty = days >= NEVER // 2
    if known is not None:
        empty |= ~known
    return pa.array(np.where(empty, 0, days).astype(np.int32), mask=empty).view(pa.date32())


def flags(values: np.ndarray, *, known: np.ndarray) -> pa.Array:
    """Return booleans; null where not known."""
    return pa.array(values.astype(bool), mask=~known)


def numbers(values: np.ndarray) -> pa.Array:
    """Return floats; null where nan."""
    return pa.array(values, mask=np.isnan(values))


def table(name: str, columns: dict[str, pa.Array]) -> pa.Table:
    """Return a table of the contract. Raises if a column is missing, unknown or of another type."""
    return pa.table(columns, schema=SCHEMAS[name])


def open_folder(out: Path, delivered_on: date) -> Path:
    """Create an empty folder to build a delivery in. `close_folder` gives it its final name, OUT/YYYY-MM-DD.

    Raises:
        FileExistsError: Something other than a demo has that name.
    """
    final = out / delivered_on.isoformat()
    if final.exists() and not _is_replaceable(final):
        raise FileExistsError(f"{final} exists and is not a synthetic delivery. Choose another folder.")
    folder = out / f".{final.name}.unfinished"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def close_folder(folder: Path, delivered_on: date) -> Path:
    """Label the delivery as synthetic, replace an older demo with it, and return the folder under its final name."""
    label = {"delivered_on": delivered_on.isoformat(), "is_synthetic": True, "note": plan.NOTE}
    (folder / "delivery.json").write_text(json.dumps(label, indent=2) + "\n", encoding="utf-8")
    final = folder.with_name(delivered_on.isoformat())
    if final.exists():
        shutil.rmtree(final)
    return folder.rename(final)


def write_part(folder: Path, name: str, rows: pa.Table, *, number: int) -> None:
    """Write one part file, FOLDER/<table>/part-0000.parquet."""
    (folder / name).mkdir(exist_ok=True)
    pq.write_table(rows, folder / name / f"part-{number:04d}.parquet", compression="zstd", compression_level=1)


def _is_replaceable(folder: Path) -> bool:
    """Return whether a folder is empty or labeled as synthetic."""
    try:
        if not any(folder.iterdir()):
            return True
        return json.loads((folder / "delivery.json").read_text(encoding="utf-8")).get("is_synthetic") is True
    except (OSError, ValueError, AttributeError):
        return False
