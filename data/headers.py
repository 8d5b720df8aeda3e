"""Find where the table starts in a text file: its header line, its separator, and lines above the header."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from data.scanning import UnreadableError

IsKnown = Callable[[str], bool]

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_LINES_LOOKED_AT = 12
# A number or a date of digits. Titles may have one; rows have several.
_FIGURE = re.compile(r"[-+($]*[0-9][0-9.,:/T Z+)-]*")


@dataclass(frozen=True)
class Header:
    """The header line of a text file.

    `record` is its number among the file's records, counted from 1. `is_known` is False if a list of known column names was
    given and the line has none of them.
    """

    record: int
    cells: tuple[str, ...]
    separator: str = ","
    is_known: bool = True
    notices: tuple[str, ...] = ()


def find_header(path: Path, is_known: IsKnown | None) -> Header | None:
    """Find the header line of a UTF-8 text file; None for an empty file.

    A later line is the header only if it has several known columns and the first line has fewer than half as many: the
    lines above are then a title. Another separator than a comma is used only if commas give fewer columns.

    Args:
        path: A scanned file: UTF-8, with no line longer than allowed.
        is_known: A test of whether a cell is an expected column name; None if there is no list.

    Raises:
        UnreadableError: Rows are above the header, as after sorting. Skipping them would lose them.
    """
    first_line = _first_lines(path, ",", 1)
    stated = _stated_separator(first_line[0]) if first_line else None
    separators = [stated] if stated else list(_SEPARATORS)
    choices = [choice for s in separators if (choice := _choose(_first_lines(path, s, _LINES_LOOKED_AT), s, is_known))]
    if stated:
        choices = [choice for choice in choices if choice.record > 1]
    if not choices:
        return None
    best = max(choices, key=lambda choice: _score(choice.cells, is_known))  # commas win a tie
    if rows := _rows_above(path, best):
        are = "a row" if rows == 1 else f"{rows} rows"
        raise UnreadableError(
            f"has its header in row {best.record}, below {are} of values. Move the header to the first row."
        )
    notices = []
    if best.separator != ",":
        separator = _SEPARATORS.get(best.separator, f"“{best.separator}”")
        notices.append(f"Its columns are separated by {separator} and were read that way.")
    if best.record > 1:
        above = "line" if best.record == 2 else f"{best.record - 1} lines"
        notices.append(f"Skipped the {above} above the header.")
    known = is_known is None or any(map(is_known, best.cells))
    return Header(best.record, best.cells, best.separator, known, tuple(notices))


def _rows_above(path: Path, header: Header) -> int:
    """Return how many lines above the header look like rows: as full as the header by half, with a number or a date."""
    above = _first_lines(path, header.separator, header.record - 1)
    names = sum(map(bool, header.cells))
    return sum(2 * sum(map(bool, cells)) >= names and any(map(_FIGURE.fullmatch, cells)) for cells in above)


def _first_lines(path: Path, separator: str, number: int) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=separator != "\t")
        return [[" ".join(cell.split()) for cell in cells] for cells in islice(reader, number)]


def _stated_separator(cells: list[str]) -> str | None:
    """Return the separator in a first line `sep=;`, which Excel reads and writes."""
    line = ",".join(cells).lower()
    return line[4:] or "\t" if line.startswith("sep=") and len(line) <= 5 else None


def _choose(lines: list[list[str]], separator: str, is_known: IsKnown | None) -> Header | None:
    """Return the header under one separator: the first line that is not blank, or a later one that clearly is the header."""
    filled = [(number, cells) for number, cells in enumerate(lines, start=1) if any(cells)]
    if filled and _stated_separator(filled[0][1]):
        filled = filled[1:]
    if not filled:
        return None
    first = filled[0]
    best = max(filled, key=lambda line: _score(line[1], is_known)) if is_known else first
    if best is not first:
        score = _score(best[1], is_known)
        if score < 2 or 2 * _score(first[1], is_known) >= score:
            best = first
    return Header(best[0], tuple(best[1]), separator)


def _score(cells: tuple[str, ...] | list[str], is_known: IsKnown | None) -> int:
    return sum(map(is_known, cells)) if is_known else len(cells)
