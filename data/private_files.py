"""File permissions: only the publishing account may read residents' records, whatever its umask.

DASHBOARD_STORE_ACCESS is `owner` (the default: folders 0700, files 0600) or `group` (0750, 0640), for a server that runs
under another account of the same group.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import UsageError, shown

SETTING = "DASHBOARD_STORE_ACCESS"
_MODES = {"owner": (0o700, 0o600), "group": (0o750, 0o640)}


def modes() -> tuple[int, int]:
    """Return the modes of folders and files. Raises UsageError if the setting is neither `owner` nor `group`."""
    access = os.environ.get(SETTING) or "owner"
    if access not in _MODES:
        raise UsageError(f"{SETTING} is {shown(access)}. Set it to owner or group.")
    return _MODES[access]


@contextmanager
def private_umask() -> Iterator[None]:
    """Restrict everything created inside the block, by DuckDB too, to the readers that `modes` allows."""
    before = os.umask(0o777 & ~modes()[0])
    try:
        yield
    finally:
        os.umask(before)


def restrict(path: Path) -> None:
    """Set the modes of a file, or of a folder and everything in it. Links are not changed."""
    folder_mode, file_mode = modes()
    if path.is_symlink():
        return
    if not path.is_dir():
        path.chmod(file_mode)
        return
    for inside in path.iterdir():
        restrict(inside)
    # New files inherit the group of a folder with the set-group-id bit, which lets a group read the store.
    path.chmod(folder_mode | (path.stat().st_mode & stat.S_ISGID))


def make_folder(path: Path) -> None:
    """Create a folder, and missing folders above it, with the modes of the setting."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        restrict(folder)
