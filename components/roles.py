"""Roles for the pages: the viewer of a sign-in, the viewers of the open demo, the pages a viewer may open."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from queries.access import rights
from queries.access.accounts import Access, AccessError, access_path, read_access
from queries.access.accounts import account_in as _account_in
from queries.access.accounts import reader_for as _reader_for
from queries.access.viewer import Viewer


def configured() -> Access:
    """Return the contents of access.toml, read again when it changes.

    Raises:
        AccessError: it cannot be used.
    """
    path = access_path()
    try:
        modified_at = path.stat().st_mtime_ns
    except OSError:
        modified_at = 0
    return _read(path, modified_at)


@lru_cache(maxsize=4)
def _read(path: Path, modified_at: int) -> Access:
    return read_access(path)


def reader_for(claims: Mapping[str, object]) -> Viewer | None:
    """Return the viewer for these claims; None where access.toml has no role for them or cannot be used."""
    try:
        return _reader_for(claims, configured())
    except AccessError:
        return None


def account_in(claims: Mapping[str, object]) -> str:
    """Return the account in these claims; "" where there is none or access.toml cannot be used."""
    try:
        return _account_in(claims, configured())
    except AccessError:
        return ""


def mistakes() -> list[str]:
    """Return what is wrong with access.toml, a sentence each."""
    try:
        configured()
    except AccessError as error:
        return list(error.faults)
    return []


def demo_readers(regions: tuple[str, ...] = ()) -> dict[str, Viewer]:
    """Return the viewers that the open demo can be shown to, by id. The officer, who sees everything, is the first."""
    try:
        min_count = configured().min_count
    except AccessError:
        min_count = Access().min_count
    viewers = [rights.viewer(role, min_count=min_count) for role in ("officer", "governor", "analyst")]
    viewers += [rights.viewer("director", region, min_count=min_count) for region in regions]
    return {viewer.id: viewer for viewer in viewers}


def may_repair(viewer: Viewer | None) -> bool:
    """Return whether a viewer is shown the commands that repair the store: an analyst, who has the files."""
    return viewer is not None and viewer.role == "analyst"


def first_page(viewer: Viewer) -> str:
    """Return the id of the page that a viewer meets first."""
    return rights.roles()[viewer.role].first_page
