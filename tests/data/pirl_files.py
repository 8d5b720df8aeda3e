"""Synthetic PIRL files for tests, valid and broken, written from the record layout: deterministic, of any size.

`python -m tests.data.pirl_files OUT.csv [ROWS]` writes one. Elements without values stay blank, as in a state's file.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

RECORD_LAYOUT = Path(__file__).with_name("pirl_elements.csv")
DELIVERED_ON = date(2024, 12, 31)
FIRST_DAY = np.datetime64("1950-01-01")
# Codes and names of no real board, so that no state appears with invented numbers.
BOARDS = ("98001", "98002", "98003", "98004", "98005", "99999", "")
CIP_SECTORS = {
    "480508": "Manufacturing", "150613": "Manufacturing", "470303": "Manufacturing", "513902": "Healthcare",
    "110901": "Information technology", "521201": "Information technology", "490205": "CDL licensing",
    "150505": "Green jobs", "460302": "Infrastructure and construction", "150501": "Infrastructure and construction",
    "260101": "Life sciences", "520302": "Business services", "120401": None, "999999": None, "": None,
}  # fmt: skip
_CHUNK = 100_000
_TEXT = pa.string()


def elements() -> list[tuple[str, str]]:
    """Return number and name of every element of the record layout, in order. Line breaks in a name are ` / `."""
    with RECORD_LAYOUT.open(encoding="utf-8", newline="") as lines:
        return [(row["element_no"], row["name"]) for row in csv.DictReader(lines)]


HEADERS: dict[str, Callable[[str, str], str]] = {
    "number": lambda number, name: number.split(" / ")[0],
    "prefixed": lambda number, name: f"PIRL {number.split(' / ')[0]}",
    "padded": lambda number, name: number.split(" / ")[0].zfill(5) if number[0].isdigit() else number,
    "name": lambda number, name: name,
    "lines": lambda number, name: name.replace(" / ", "\n"),
}


class _Columns:
    """Values by element for any slice of the rows. Codes are stored; text is made when needed."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.made: dict[str, tuple[pa.Array, np.ndarray]] = {}
        days = np.arange(FIRST_DAY, np.datetime64("2030-01-01"))
        self.days = pa.array(np.char.replace(np.datetime_as_string(days), "-", ""), _TEXT)

    def code(self, element: str, values: tuple[str, ...], picked: np.ndarray) -> None:
        """One of `values` by index; an empty text is a blank."""
        self.made[element] = (pa.array([value or None for value in values], _TEXT), picked.astype(np.int32))

    def day(self, element: str, days: np.ndarray, given: np.ndarray | None = None) -> None:
        """A date as the number of days since FIRST_DAY, blank where not `given`."""
        self.made[element] = (self.days, np.where(True if given is None else given, days, -1).astype(np.int32))

    def slice(self, start: int, stop: int) -> dict[str, pa.Array]:
        """The text of some rows, by element."""
        columns = {}
        for element, (values, picked) in self.made.items():
            part = picked[start:stop]
            columns[element] = values.take(pa.array(part, mask=part < 0))
        return columns


def records(rows: int, seed: int = 1) -> Iterator[pa.Table]:
    """Yield the valid records, 100,000 at a time, one column per element. A fifth are a person's second period."""
    random = np.random.default_rng(seed)
    people = rows - rows // 5
    person = np.where(np.arange(rows) < people, np.arange(rows), np.arange(rows) - people)
    columns = _Columns(rows)

    def pick(element: str, values: tuple[str, ...], shares: tuple[float, ...], *, of_person: bool = True) -> np.ndarray:
        drawn = random.choice(len(values), people if of_person else rows, p=shares)
        columns.code(element, values, drawn[person] if of_person else drawn)
        return drawn[person] if of_person else drawn

    pick("201", ("1", "2", "9"), (0.47, 0.48, 0.05))
    pick("202", ("0", "1", "9"), (0.85, 0.08, 0.07))
    pick("210", ("0", "1", "9"), (0.6, 0.25, 0.15))
    for race, share in (("211", 0.01), ("212", 0.03), ("213", 0.2), ("214", 0.01), ("215", 0.5)):
        pick(race, ("0", "1", "9"), (0.8 - share, share, 0.2))
    pick("300", ("0", "1", "9", ""), (0.9, 0.06, 0.03, 0.01))
    pick("801", ("0", "1", "9"), (0.8, 0.1, 0.1))
    pick("803", ("0", "1"), (0.9, 0.1))
    pick("400", ("0", "1", "2", "3"), (0.6, 0.25, 0.05, 0.1), of_person=False)
    pick("409", ("1", "3", "4", "5", "6"), (0.05, 0.1, 0.15, 0.65, 0.05), of_person=False)
    pick("108-A", BOARDS, (0.3, 0.25, 0.2, 0.1, 0.1, 0.02, 0.03))
    pick("108-B", (BOARDS[1], ""), (0.1, 0.9))
    pick("108-C", (BOARDS[2], ""), (0.02, 0.98))
    columns.day("200", random.integers(0, 365 * 56, people)[person])
    _programs(columns, random, person, people)
    numbers = [number for number, _ in elements()]
    for start in range(0, rows, _CHUNK):
        stop = min(start + _CHUNK, rows)
        made = columns.slice(start, stop)
        made["100"] = pa.array([f"T{number:011d}" for number in person[start:stop]], _TEXT)
        yield pa.table({n: made.get(n.split(" / ")[0], pa.nulls(stop - start, _TEXT)) for n in numbers})


def _programs(columns: _Columns, random: np.random.Generator, person: np.ndarray, people: int) -> None:
    """Return programs, dates, training, exits and outcomes, in the order of the record layout."""
    rows = columns.rows
    program = random.choice(6, rows, p=(0.45, 0.22, 0.15, 0.1, 0.03, 0.05))  # 0: employment service only
    reportable = program == 5
    for element, number in (("903", 1), ("904", 2), ("905", 3), ("932", 4)):
        columns.code(element, ("0", "1", "4" if element != "932" else "2"), np.where(program == number, 1, 0))
    columns.code("918", ("0", "1", "2"), np.where(reportable, 2, random.random(rows) < 0.8) * 1)
    columns.made["918"][1][program == 0] = 1
    first = np.datetime64("2019-07-01") - FIRST_DAY
    last = int((np.datetime64(DELIVERED_ON) - FIRST_DAY).astype(int))
    entry = first.astype(int) + random.integers(0, 1200, people)[person] + np.where(np.arange(rows) < people, 0, 600)
    columns.day("900", entry, ~reportable)
    columns.day("1007", entry + random.integers(0, 30, rows))
    exit_ = entry + random.integers(60, 500, rows)
    exited = ~reportable & (exit_ <= last) & (random.random(rows) < 0.9)
    columns.day("901", exit_, exited)
    reason = np.where(exited & (random.random(rows) < 0.04), random.integers(1, 8, rows), 0)
    columns.code("923", ("00", "01", "02", "03", "04", "05", "06", "07", ""), np.where(exited, reason, 8))
    trained = (program != 0) & ~reportable & (random.random(rows) < 0.6)
    columns.code("1300", ("0", "1"), trained)
    columns.day("1302", entry + random.integers(0, 50, rows), trained)
    types = ("01", "02", "05", "06", "09", "10", "")
    columns.code("1303", types, np.where(trained, random.integers(0, 6, rows), 6))
    providers = (*(f"Provider {n} (test)" for n in range(40)), "")
    columns.code("1301", providers, np.where(trained, random.integers(0, 40, rows), 40))
    columns.code(
        "1305", tuple(CIP_SECTORS), np.where(trained, random.integers(0, len(CIP_SECTORS), rows), len(CIP_SECTORS) - 1)
    )
    completed = random.choice(3, rows, p=(0.25, 0.7, 0.05))
    columns.code("1307", ("0", "1", ""), np.where(trained & exited, completed, 2))
    attained = trained & exited & (completed == 1) & (random.random(rows) < 0.7)
    columns.code("1800", ("0", "1", "2", "3", "4", "5", "6", "7", ""),
                 np.where(attained, random.integers(1, 8, rows), np.where(trained & exited, 0, 8)))  # fmt: skip
    columns.day("1801", np.minimum(exit_ + random.integers(0, 90, rows), last), attained)
    columns.day("1409", entry + random.integers(0, 50, rows), ~reportable & (random.random(rows) < 0.2))
    for element, days in (("1600", 180), ("1602", 270), ("1604", 360), ("1606", 450)):
        known = (exit_ + days <= last) & (random.random(rows) < 0.95)
        columns.code(element, ("0", "1", "9", ""), np.where(exited, np.where(known, random.random(rows) < 0.65, 2), 3))


def table(rows: int, seed: int = 1) -> pa.Table:
    """Return all records at once, for small files and for breaking them."""
    return pa.concat_tables(records(rows, seed))


def write(path: Path, made: Iterator[pa.Table] | pa.Table, *, header: str = "number", quoted: bool = False) -> Path:
    """Write records as CSV with one of the HEADERS. The header with line breaks in names is always quoted."""
    names = dict(elements())
    options = pacsv.WriteOptions(include_header=False, quoting_style="all_valid" if quoted else "none")
    with path.open("wb") as file:
        for number, part in enumerate([made] if isinstance(made, pa.Table) else made):
            if number == 0:
                cells = [HEADERS[header](column, names.get(column, column)) for column in part.column_names]
                quote = '"' if quoted or header in ("name", "lines") else ""
                file.write((",".join(f"{quote}{cell}{quote}" for cell in cells) + "\n").encode())
            pacsv.write_csv(part, file, options)
    return path


def changed(made: pa.Table, element: str, values: dict[int, str | None]) -> pa.Table:
    """Return the records with some values of an element replaced, by row number."""
    column = made.column(element).to_pylist()
    for row, value in values.items():
        column[row] = value
    return made.set_column(made.column_names.index(element), element, pa.array(column, _TEXT))


if __name__ == "__main__":
    write(Path(sys.argv[1]), records(int(sys.argv[2]) if len(sys.argv) > 2 else 10_000))
