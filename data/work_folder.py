"""A temporary work folder outside the store. A folder that a killed run left behind is removed by the next one."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data import private_files

_PREFIX = "workforce-check-"
_LOCK = ".lock"


@contextmanager
def work_folder() -> Iterator[Path]:
    """Yield a private temporary folder, locked so that no other run removes it."""
    base = Path(tempfile.gettempdir())
    _clear(base)
    with private_files.private_umask():
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
        try:
            with (folder / _LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _clear(base: Path) -> None:
    """Remove the folders of runs that have ended: nobody holds their lock."""
    for folder in base.glob(_PREFIX + "*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with (folder / _LOCK).open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # in use, created a moment ago and not yet locked, or already removed
