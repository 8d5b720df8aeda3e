"""Let DuckDB read objects of a delivery where they are: only the parts that a statement needs, by the ETag that was listed."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection as Connection
from fsspec import AbstractFileSystem

from data.object_store import PART, ObjectStore, object_store
from data.remote_objects import SCHEME, RemoteObject

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

AT_ONCE = 1 << 20  # bytes of a request for less: columns of a few rows are next to each other
# DuckDB keeps what it read of a file while the time of its last change is the same. An address is that of one version.
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class ObjectFiles(AbstractFileSystem):  # type: ignore[misc] # DuckDB takes no other class, and this one has no types
    """A file system of objects, by their addresses.

    Args:
        objects: The objects, by the local files that stand for them.
        store: The object store.
    """

    protocol = SCHEME
    cachable = False  # an instance is not used for another delivery

    def __init__(self, objects: Mapping[Path, RemoteObject], store: ObjectStore) -> None:
        super().__init__()
        self._objects = objects
        self._by_address = {each.address: each for each in objects.values()}
        self._store = store
        self._failure: BaseException | None = None

    def at(self, path: Path) -> RemoteObject | None:
        """Return what a local file stands for."""
        return self._objects.get(path)

    def attach(self, connection: Connection) -> None:
        """Let statements read addresses, until the connection is closed."""
        connection.register_filesystem(self)

    def check(self) -> None:
        """Raise why an object could not be read, which may be Ctrl-C, if one could not."""
        if self._failure is not None:
            raise self._failure from None

    def read(self, at: RemoteObject, start: int, end: int) -> bytes:
        """Return a part of an object. Why it cannot be read is for `check`: DuckDB repeats an error with its traceback."""
        try:
            return self._store.read(at.file, start, end)
        except BaseException as error:
            self._failure = self._failure or error
            raise OSError("an object cannot be read") from None

    def open(self, path: str, mode: str = "rb", **_: object) -> _OpenObject:
        """Open an object."""
        if mode != "rb":
            raise OSError("objects are only read")
        return _OpenObject(self, self._by_address[_address(path)])

    def info(self, path: str, **_: object) -> dict[str, object]:
        """Return an object's name and size."""
        return {"name": path, "size": self._by_address[_address(path)].file.size, "type": "file"}

    def glob(self, path: str, **_: object) -> list[str]:
        """Return the path: an address has no wildcards."""
        return [path]

    def modified(self, path: str) -> datetime:
        """Return when an object was changed last."""
        return _NEVER


def _address(path: str) -> str:
    return f"{SCHEME}://{path.removeprefix(f'{SCHEME}://')}"


class _OpenObject:
    """An open object. DuckDB's threads share it, and each seeks and then reads: so each thread has its own place in it."""

    def __init__(self, files: ObjectFiles, at: RemoteObject) -> None:
        self._files, self._at, self._thread = files, at, local()

    def _reader(self) -> io.BufferedReader:
        if not hasattr(self._thread, "reader"):
            self._thread.reader = io.BufferedReader(_Reader(self._files, self._at), AT_ONCE)
        reader: io.BufferedReader = self._thread.reader
        return reader

    def seek(self, offset: int) -> int:
        return self._reader().seek(offset)

    def read(self, size: int) -> bytes:
        return self._reader().read(size)

    def tell(self) -> int:
        return self._reader().tell()

    def close(self) -> None:
        """Nothing stays open between reads."""


class _Reader(io.RawIOBase):
    """A thread's place in an object."""

    def __init__(self, files: ObjectFiles, at: RemoteObject) -> None:
        self._files, self._at, self._place, self._size = files, at, 0, at.file.size or 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        end = min(self._place + min(len(view), PART), self._size)
        if end <= self._place:
            return 0
        content = self._files.read(self._at, self._place, end)
        view[: len(content)] = content
        self._place += len(content)
        return len(content)


@contextmanager
def object_files(objects: Mapping[Path, RemoteObject], *, failing: str) -> Iterator[ObjectFiles]:
    """Yield the objects of a delivery for DuckDB.

    Args:
        objects: At least one, by the local files that stand for them.
        failing: What happens to the delivery where one cannot be read, in sentences.

    Raises:
        UsageError: The environment names a server that is not used.
        NotCopiedError: The client cannot be set up with this environment.
    """
    url = next(iter(objects.values())).url
    with object_store(url, failing=failing) as store:
        yield ObjectFiles(objects, store)
