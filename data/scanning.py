"""Scan the bytes of a text file, independently of the reader that loads it.

The scan finds what that reader may miss (zero bytes, rows lost at the end of a truncated file) and counts the records, so
that the rows loaded can be compared with an independent count.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.limits import Limits, allowed
from data.regular import where

csv.field_size_limit(2**31 - 1)  # the limits of data/limits.py hold instead
_BLOCK = 1 << 22
_NEW_LINE, _RETURN, _QUOTE = 10, 13, 34
_BLANKS = np.isin(np.arange(256), list(b'\t\v\f\r ",;'))
_BEFORE_A_QUOTE = np.isin(np.arange(256), list(b'\t\n\r ",;|'))

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]


class UnreadableError(Exception):
    """A file that cannot be read. The message is the rest of a sentence about it."""


@dataclass
class Scan:
    """The content of a text file. Records are lines outside quotation marks, counted from 1, with the header."""

    records: int = 0
    blank_records: list[int] = field(default_factory=list)
    line_ends: dict[str, int] = field(default_factory=lambda: {"CRLF": 0, "LF": 0, "CR": 0})
    lines: int = 0
    has_quotes: bool = False
    has_stray_quotes: bool = False
    ends_in_quotes: bool = False  # the last quotation mark is not closed

    @property
    def mixed_line_ends(self) -> str | None:
        """The kinds of line ends in words, if the file mixes them; otherwise None."""
        mixed = [f"{number:,} with {name}" for name, number in self.line_ends.items() if number]
        return " and ".join(mixed) if len(mixed) > 1 else None


@dataclass(frozen=True)
class Records:
    """The records that end in a block of complete lines, and whether a quoted cell is open at its end."""

    starts: Places
    ends: Places
    line_ends: dict[str, int]
    has_stray_quotes: bool
    left_open: int


def scan(path: Path, limits: Limits, *, is_copy: bool = False) -> Scan:
    """Read a text file to its end. If it has stray quotation marks, `recount` must follow.

    Args:
        path: A regular file.
        limits: The longest line and record allowed.
        is_copy: Whether the file is a converted copy, whose byte offsets mean nothing to the sender.

    Raises:
        UnreadableError: The file has a zero byte, is not UTF-8, or has a line or record that is too long.
    """
    result, offset, opened = Scan(), 0, 0
    for block in blocks(path, limits):
        zero = block.find(b"\0")
        if zero >= 0:
            line = result.lines + block.count(b"\n", 0, zero) + 1
            place = "" if is_copy else f" (byte {offset + zero:,})"
            raise UnreadableError(f"has a zero byte in line {line:,}{place}, so the copy was cut off. Send it again.")
        if not block.isascii():
            _must_be_utf8(block, result.lines)
        records = records_in(block, opened)
        _add(result, block, records, limits, opened=opened)
        opened, offset = records.left_open, offset + len(block)
    result.ends_in_quotes = bool(opened)
    return result


def blocks(path: Path, limits: Limits) -> Iterator[bytes]:
    """Yield a text file in blocks that end at a line end, except the last.

    Raises:
        UnreadableError: A line is longer than allowed. It is not read to its end.
    """
    lines, rest = 0, b""
    with path.open("rb") as file:
        while more := file.read(_BLOCK):
            rest += more
            # A carriage return in the last byte may be half of a line end.
            cut = rest.rfind(b"\n") + 1 or rest.rfind(b"\r", 0, len(rest) - 1) + 1
            if len(rest) - cut > limits.line_bytes:
                if b"\0" not in rest:
                    line = lines + rest.count(b"\n", 0, cut) + 1
                    raise UnreadableError(
                        f"has more than {limits.line_bytes:,} bytes in line {line:,}, but"
                        f" {allowed('line_bytes', limits.line_bytes)}."
                    )
                cut = len(rest)
            if cut:
                yield rest[:cut]
                lines += rest.count(b"\n", 0, cut)
                rest = rest[cut:]
    if rest:
        yield rest


def records_in(block: bytes, opened: int) -> Records:
    """Find the records that end in a block.

    Args:
        block: Complete lines.
        opened: 1 if the block starts inside quotation marks, else 0.
    """
    data = np.frombuffer(block, dtype=np.uint8)
    feeds = np.flatnonzero(data == _NEW_LINE)
    returns = np.flatnonzero(data == _RETURN) if b"\r" in block else feeds[:0]
    quotes = np.flatnonzero(data == _QUOTE) if b'"' in block else feeds[:0]
    followers = data[np.minimum(returns + 1, len(block) - 1)]
    ends = _outside(feeds, quotes, opened)
    lone = _outside(returns[followers != _NEW_LINE], quotes, opened)
    pairs = int(np.count_nonzero(data[np.maximum(ends - 1, 0)] == _RETURN)) if len(returns) else 0
    line_ends = {"CRLF": pairs, "LF": len(ends) - pairs, "CR": len(lone)}
    if len(lone):
        ends = np.sort(np.concatenate([ends, lone]))
    left_open = (opened + len(quotes)) & 1
    if not left_open and (not len(ends) or ends[-1] != len(block) - 1):
        ends = np.append(ends, len(block))  # the file's last line has no line end
    starts = np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1] + 1])[: len(ends)]
    return Records(starts, ends, line_ends, _has_stray(data, quotes[opened::2]), left_open)


def _must_be_utf8(block: bytes, lines_before: int) -> None:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"is not in UTF-8 ({where(error, lines_before=lines_before)}). In Excel, save it as “CSV UTF-8 (Comma"
            " delimited)”. In another program, export it with the encoding UTF-8."
        ) from None


def _outside(places: Places, quotes: Places, opened: int) -> Places:
    """Return the positions outside quotation marks."""
    if not len(quotes):
        return places[:0] if opened else places
    outside: Places = places[(np.searchsorted(quotes, places) + opened) % 2 == 0]
    return outside


def _has_stray(data: Bytes, opening: Places) -> bool:
    """Return whether a quotation mark is inside a cell that does not start with one, as in `5" pipe`."""
    begins = 3 if data[:3].tobytes() == codecs.BOM_UTF8 else 0
    return bool(np.any(~_BEFORE_A_QUOTE[data[np.maximum(opening - 1, 0)]] & (opening > begins)))


def _add(result: Scan, block: bytes, records: Records, limits: Limits, *, opened: int) -> None:
    result.has_quotes |= b'"' in block
    result.has_stray_quotes |= records.has_stray_quotes
    for name, number in records.line_ends.items():
        result.line_ends[name] += number
    if not result.has_stray_quotes:
        too_long = np.flatnonzero(records.ends - records.starts > limits.line_bytes)
        if len(too_long):
            line = result.lines + block.count(b"\n", 0, int(records.starts[too_long[0]])) + 1
            raise UnreadableError(
                f"has a row that starts in line {line:,} and has more than {limits.line_bytes:,} bytes, but"
                f" {allowed('line_bytes', limits.line_bytes)}. Is a quotation mark not closed?"
            )
        blank = _blank(np.frombuffer(block, dtype=np.uint8), records)
        if opened:
            blank = blank[blank > 0]  # the first record started in the previous block
        result.blank_records += (blank + result.records + 1).tolist()
    result.records += len(records.ends)
    result.lines += block.count(b"\n")


def _blank(data: Bytes, records: Records) -> Places:
    """Return which records have only blanks, separators and quotation marks, by eliminating records byte by byte."""
    left, at = np.arange(len(records.starts)), records.starts.copy()
    done = [left[:0]]
    while len(left):
        has_ended = at >= records.ends[left]
        done.append(left[has_ended])
        left, at = left[~has_ended], at[~has_ended]
        goes_on = _BLANKS[data[at]]
        left, at = left[goes_on], at[goes_on] + 1
    return np.sort(np.concatenate(done))


def recount(path: Path, result: Scan, separator: str) -> None:
    """Count again record by record, for a file with quotation marks inside unquoted cells."""
    result.records, result.blank_records = 0, []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for cells in csv.reader(lines, delimiter=separator, skipinitialspace=True):
            result.records += 1
            if not any(cell.strip() for cell in cells):
                result.blank_records.append(result.records)
