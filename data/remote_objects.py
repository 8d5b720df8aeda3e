"""Parquet files that stay in an object store, and the local files that stand for them.

A stand-in is as long as its object and has only the first bytes and the footer. The rest is a hole, which takes no disk. Whatever opens a
delivery finds there what a copy would have. DuckDB reads the object itself (object_files.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from duckdb import DuckDBPyConnection as Connection

from data.delivery_urls import DeliveryUrl
from data.file_names import split
from data.remote_files import RemoteFile

SCHEME = "objects"
_START, _END = 64, 1 << 16  # bytes: the start tells what a file is; most footers are shorter than the end
_MARK = b"PAR1"


@dataclass(frozen=True, kw_only=True)
class RemoteObject:
    """A version of a file in an object store.

    Attributes:
        url: The delivery's address.
        file: The file as it was listed.
    """

    url: DeliveryUrl
    file: RemoteFile

    @property
    def address(self) -> str:
        """The name that DuckDB reads it by: a hash of where it is and of its version."""
        version = f"{self.url} {self.file}"
        return f"{SCHEME}://{hashlib.sha256(version.encode()).hexdigest()}"


class InPlace(Protocol):
    """The files of a delivery that stay in an object store."""

    def at(self, path: Path) -> RemoteObject | None:
        """Return what a local file stands for; None if it is itself a file of the delivery."""

    def attach(self, connection: Connection) -> None:
        """Let statements read `RemoteObject.address`, until the connection is closed."""

    def check(self) -> None:
        """Raise why an object could not be read, if one could not. DuckDB's own error does not tell that from damage."""


@runtime_checkable
class Ranges(Protocol):
    """A source of files that returns parts of them."""

    def read(self, file: RemoteFile, start: int, end: int) -> bytes:
        """Return the bytes of a file that was listed from `start` to before `end`, if it is still the same."""


@dataclass(frozen=True)
class ParquetStandIns:
    """Stand-ins for the Parquet files of some tables.

    Attributes:
        tables: The names of their files and folders, in lower case without endings.
        source: Where the objects are.
    """

    tables: Container[str]
    source: Ranges

    def is_read_in_place(self, file: RemoteFile) -> bool:
        """Return whether a file is read where it is: Parquet of such a table, not compressed as a whole, with an ETag to read it by."""
        table, kind = split(file.name.partition("/")[0])[0], split(file.name)[1]
        is_packed = file.name.lower().endswith(".gz")
        return kind == "parquet" and table in self.tables and not is_packed and bool(file.tag)

    def write(self, file: RemoteFile, path: Path) -> None:
        """Write the stand-in for a file."""
        size = file.size or 0
        with path.open("xb") as local:
            local.truncate(size)
            if not size:
                return
            local.write(self.source.read(file, 0, min(_START, size)))
            end = self.source.read(file, max(0, size - _END), size)
            footer = int.from_bytes(end[-8:-4], "little") + 8
            if end.endswith(_MARK) and len(end) < footer <= size:
                end = self.source.read(file, size - footer, size)
            local.seek(size - len(end))
            local.write(end)
