"""The contract's tables as Arrow schemas, builders for columns, and the files of a delivery folder."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data import contract
from data.contract import Column
from data.demo import plan
from data.demo.rng import NEVER
from data.reference import FOLDER
from data.targets import COUNTS, FILE

SET_BY = "Synthetic demo"
SOURCE = "Invented for the demonstration: no equity target of Connecticut has been published"
_TYPES = {
    "text": pa.string(), "date": pa.date32(), "boolean": pa.bool_(), "number": pa.float64(), "count": pa.int32(),
    "money": pa.float64(),
}  # fmt: skip


def _type(column: Column) -> pa.DataType:
    """Return the type of a column. Ledgers are to the cent; programs keep wages as floats."""
    return pa.decimal128(18, 2) if column.name == "amount" else _TYPES[column.kind]


SCHEMAS = {
    name: pa.schema([(column.name, _type(column)) for column in table.columns])
    for name, table in contract.tables().items()
}


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


def write_targets(folder: Path, delivered_on: date) -> None:
    """Write FOLDER/targets.csv with the targets set by a delivery's date, oldest first within a target.

    The two enrollment targets are published. Connecticut has published no equity target: these are invented and labeled as such.
    """
    with (FOLDER / FILE).open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        header = list(reader.fieldnames or [])
        rows = [row for row in reader if row["measure"] in COUNTS]
    for target in plan.EQUITY_TARGETS:
        due = {"due_on": plan.EXPEND_BY.isoformat(), "set_by": SET_BY, "source": SOURCE}
        rows.append(dict.fromkeys(header, "") | {"initiative": "CareerConneCT"} | due | target)
    with (folder / FILE).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if row["set_on"] <= delivered_on.isoformat())
