"""Who may read what this package writes: residents' records are for the account that publishes them, whatever its umask.

DASHBOARD_STORE_ACCESS is `owner` (the default: folders 0700, files 0600) or `group` (0750, 0640), for a server that runs
under another account of the same group.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import WrongUse, shown

SETTING = "DASHBOARD_STORE_ACCESS"
_MODES = {"owner": (0o700, 0o600), "group": (0o750, 0o640)}


def modes() -> tuple[int, int]:
    """The modes of folders and of files. Raises WrongUse where the setting is neither `owner` nor `group`."""
    access = os.environ.get(SETTING) or "owner"
    if access not in _MODES:
        raise WrongUse(f"{SETTING} is {shown(access)}: it must be owner or group.")
    return _MODES[access]


@contextmanager
def private_umask() -> Iterator[None]:
    """Whatever is made inside, by DuckDB too, is readable by nobody but those that `modes` names."""
    before = os.umask(0o777 & ~modes()[0])
    try:
        yield
    finally:
        os.umask(before)


def restrict(path: Path) -> None:
    """Give a file, or a folder with all that is in it, the modes that the setting says. Links are left as they are."""
    folder_mode, file_mode = modes()
    if path.is_symlink():
        return
    if not path.is_dir():
        path.chmod(file_mode)
        return
    for inside in path.iterdir():
        restrict(inside)
    # A folder's set-group-id bit hands its group on to what is made in it: that is how a group gets to read a store.
    path.chmod(folder_mode | (path.stat().st_mode & stat.S_ISGID))


def make_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, with the modes that the setting says."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        restrict(folder)
