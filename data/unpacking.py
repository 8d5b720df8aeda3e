"""Unpack gzip and zip files into the working folder: within limits, completely, under safe names."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from data.limits import RATIO_FREE_BYTES, Limits, allowed

_BLOCK = 1 << 20
_MOST_AT_ONCE = 8 * _BLOCK
_MAGIC = b"\x1f\x8b"


class DamagedArchiveError(Exception):
    """An archive that cannot be unpacked. The message is the rest of a sentence about it."""


@dataclass
class Budget:
    """How much may still be unpacked for a delivery."""

    limits: Limits
    unpacked: int = 0

    def spend(self, size: int, *, packed: int, of_file: int) -> None:
        """Count unpacked bytes. Raises DamagedArchiveError if there are too many.

        Args:
            size: Bytes unpacked just now.
            packed: The file's size on disk.
            of_file: Bytes unpacked from this file so far.
        """
        self.unpacked += size
        if self.unpacked > self.limits.unpacked_bytes:
            limit = allowed("unpacked_bytes", self.limits.unpacked_bytes)
            raise DamagedArchiveError(f"unpacks to too many bytes: {limit}")
        if of_file > RATIO_FREE_BYTES and of_file > self.limits.unpack_ratio * max(packed, 1):
            limit = allowed("unpack_ratio", self.limits.unpack_ratio)
            raise DamagedArchiveError(f"unpacks to {of_file // max(packed, 1):,} times its size, but {limit}")


def gunzip(path: Path, target: Path, budget: Budget) -> None:
    """Unpack every member of a gzip file. Raises DamagedArchiveError if it is cut off, damaged, too large or has bytes after its end.

    The standard library takes zero bytes after a member for padding, so it accepts a file whose second half was never written.
    """
    packed, done = path.stat().st_size, 0
    with path.open("rb") as source, target.open("wb") as plain:
        for block in _members(source):
            plain.write(block)
            done += len(block)
            budget.spend(len(block), packed=packed, of_file=done)


def _members(source: BinaryIO) -> Iterator[bytes]:
    pending, members = source.read(_BLOCK), 0
    while pending:
        while len(pending) < len(_MAGIC) and (more := source.read(_BLOCK)):
            pending += more
        if not pending.startswith(_MAGIC):
            why = "has bytes after the end of the data" if members else "does not start like one"
            raise DamagedArchiveError(f"is not a valid gzip file: it {why}")
        unpacker, has_more = zlib.decompressobj(wbits=31), False
        while not unpacker.eof:
            if not pending and not has_more and not (pending := source.read(_BLOCK)):
                raise DamagedArchiveError("is not a valid gzip file: it is cut off")
            try:
                block = unpacker.decompress(pending, _MOST_AT_ONCE)
            except zlib.error:
                raise DamagedArchiveError("is not a valid gzip file: its data is damaged") from None
            pending, has_more = unpacker.unconsumed_tail, len(block) == _MOST_AT_ONCE
            yield block
        pending, members = unpacker.unused_data or source.read(_BLOCK), members + 1
    if not members:
        raise DamagedArchiveError("is empty (0 bytes)")


def unzip(path: Path, folder: Path, budget: Budget) -> list[tuple[str, Path]]:
    """Unpack a zip file. Returns (name in the archive, file in `folder`) for each file, ordered by name.

    Files are written under numbers, so that no name in the archive decides where a file goes.

    Raises:
        DamagedArchiveError: The file cannot be unpacked.
    """
    packed = path.stat().st_size
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted((m for m in archive.infolist() if not m.is_dir()), key=lambda member: member.filename)
            if len(members) > budget.limits.part_files:
                raise DamagedArchiveError(
                    f"has {len(members):,} files, but {allowed('part_files', budget.limits.part_files)}"
                )
            if any(member.flag_bits & 1 for member in members):
                raise DamagedArchiveError("has a password. Send it without one")
            made, done = [], 0
            for number, member in enumerate(members):
                target = folder / str(number)
                with archive.open(member) as source, target.open("wb") as plain:
                    while block := source.read(_BLOCK):
                        plain.write(block)
                        done += len(block)
                        budget.spend(len(block), packed=packed, of_file=done)
                made.append((member.filename, target))
            return made
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise DamagedArchiveError("is not a valid zip file: it is cut off or damaged") from None
