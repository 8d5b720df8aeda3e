"""Copy the files of a delivery from elsewhere, completely or not at all.

What is copied is limited like what an archive unpacks to. The files are listed again after copying: a delivery that
changed in the meantime is refused, so that no mixture of two states is ever checked. Files that stay there (remote_objects.py) are
read by the version that was listed.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Protocol

from data.delivery_urls import DeliveryUrl, is_plain_name
from data.errors import RefusedError, counted, shown
from data.limits import Limits, allowed
from data.progress import Progress

BLOCK = 8 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)


class NotCopiedError(RefusedError):
    """A delivery that could not be copied. Nothing is known about its content."""


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file to copy.

    Attributes:
        name: Its path below the delivery; empty if the delivery is a single file.
        size: In bytes; None if that is known only after copying.
        version: What changes with its content, such as its ETag and the time of its last change.
        tag: Its ETag; empty if it has none.
    """

    name: str
    size: int | None
    version: str
    tag: str = ""


def changed(url: DeliveryUrl) -> RefusedError:
    """Return the refusal of a delivery that is not the same throughout."""
    return RefusedError([f"{url} changed while it was read. Try again when nothing writes there."])


class Source(Protocol):
    """Where a delivery's files are. Raises NotCopiedError if they cannot be read."""

    def files(self) -> Iterator[RemoteFile]:
        """Yield every file as it is now."""

    def blocks(self, file: RemoteFile) -> Iterator[bytes]:
        """Yield a file's content."""


class StandIns(Protocol):
    """Local files that stand for those that are read where they are."""

    def is_read_in_place(self, file: RemoteFile) -> bool:
        """Return whether a file is read where it is, and not copied."""

    def write(self, file: RemoteFile, path: Path) -> None:
        """Write the file that stands for it."""


@dataclass(frozen=True, kw_only=True)
class Copying:
    """A copy in progress.

    Attributes:
        url: The address, for sentences.
        target: The local folder or file that the delivery becomes. It does not exist yet.
        limits: How much may be copied.
        progress: Called as the copy proceeds.
        stand_ins: What writes local files for those that are read where they are; None if all are copied.
    """

    url: DeliveryUrl
    target: Path
    limits: Limits
    progress: Progress
    stand_ins: StandIns | None = None

    def run(self, source: Source, check_single: Callable[[], None]) -> Sequence[RemoteFile]:
        """Copy the delivery.

        Args:
            source: Where its files are.
            check_single: Called if the delivery is a single file, before it is copied.

        Returns:
            The files that are read where they are.

        Raises:
            NotCopiedError: It cannot be read, or there is no room for it.
            RefusedError: It is too large, has names that cannot be used here, or changed while it was read.
        """
        files = self._listed(source)
        if files[0].name == "":
            check_single()
        in_place = [file for file in files if self.stand_ins and self.stand_ins.is_read_in_place(file)]
        to_copy = [file for file in files if file not in in_place]
        self._check(files, to_copy)
        copied, total = 0, sum(file.size or 0 for file in to_copy)
        try:
            for file in in_place:
                self._stand_in(file)
            for file in to_copy:
                for size in self._copy(source, file):
                    copied += size
                    self._check_bytes(copied)
                    self.progress(f"Copying {file.name or self.url.name}", copied / total if total else 0.0)
        except OSError as error:
            if error.errno in _FULL:
                raise self._no_room(f"{copied:,} of {total:,} bytes were copied") from None
            raise
        if self._listed(source) != files:
            raise changed(self.url)
        return in_place

    def _listed(self, source: Source) -> Sequence[RemoteFile]:
        most = self.limits.part_files
        files = sorted(islice(source.files(), most + 1), key=lambda file: file.name)
        if not files:
            raise NotCopiedError([f"There are no files at {self.url}."])
        if len(files) > most:
            raise RefusedError([f"{self.url} has more than {most:,} files: {allowed('part_files', most)}."])
        folders = _folders(files)
        # consoles mark a folder by an empty object of its name
        return [file for file in files if file.size or file.name not in folders]

    def _check(self, files: Sequence[RemoteFile], to_copy: Sequence[RemoteFile]) -> None:
        """Check names and sizes before anything is copied."""
        folders = _folders(files)
        unusable = [
            file.name
            for file in files
            if file.name and (file.name in folders or not all(map(is_plain_name, file.name.split("/"))))
        ]
        if unusable:
            raise RefusedError([
                f"{self.url} has {counted(len(unusable), 'file')} with a name that cannot be used here, such as"
                f" {shown(unusable[0])}. Rename it."
            ])  # fmt: skip
        total = sum(file.size or 0 for file in to_copy)
        self._check_bytes(total)
        if total > (free := shutil.disk_usage(self.target.parent).free):
            raise self._no_room(f"it has {total:,} bytes and {free:,} are free")

    def _check_bytes(self, size: int) -> None:
        if size > (most := self.limits.unpacked_bytes):
            raise RefusedError([f"{self.url} has too many bytes to copy: {allowed('unpacked_bytes', most)}."])

    def _stand_in(self, file: RemoteFile) -> None:
        if self.stand_ins:
            self.progress(f"Reading the end of {file.name}", 0.0)
            self.stand_ins.write(file, self._path(file))

    def _path(self, file: RemoteFile) -> Path:
        path = self.target / file.name if file.name else self.target
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _copy(self, source: Source, file: RemoteFile) -> Iterator[int]:
        """Copy a file and yield the size of each block."""
        path = self._path(file)
        copied = 0
        with path.open("xb") as local:
            for block in source.blocks(file):
                copied += len(block)
                if file.size is not None and copied > file.size:
                    raise changed(self.url)
                local.write(block)
                yield len(block)
        if file.size is not None and copied < file.size:
            raise changed(self.url)

    def _no_room(self, why: str) -> NotCopiedError:
        return NotCopiedError([
            f"There is not enough room in {self.target.parent.parent} to copy {self.url}: {why}. Set TMPDIR to a folder with"
            " more room."
        ])  # fmt: skip


def _folders(files: Sequence[RemoteFile]) -> set[str]:
    """Return the folders that files are in."""
    return {str(folder) for file in files for folder in PurePosixPath(file.name).parents}
