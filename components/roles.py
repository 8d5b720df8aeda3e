"""What components ask about roles: who a sign-in is, which readers the open demo offers, which pages a reader has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from queries.access import rights
from queries.access.accounts import Access, AccessError, access_path, read_access
from queries.access.accounts import account_in as _account_in
from queries.access.accounts import reader_for as _reader_for
from queries.access.viewer import Viewer


def configured() -> Access:
    """What access.toml says, read again when it changes. Raises AccessError where it cannot be used."""
    path = access_path()
    try:
        written = path.stat().st_mtime_ns
    except OSError:
        written = 0
    return _read(path, written)


@lru_cache(maxsize=4)
def _read(path: Path, written: int) -> Access:
    return read_access(path)


def reader_for(claims: Mapping[str, Any]) -> Viewer | None:
    """The reader these claims make, or None where access.toml names no role for them, or cannot be used."""
    try:
        return _reader_for(claims, configured())
    except AccessError:
        return None


def account_in(claims: Mapping[str, Any]) -> str:
    """The account these claims name, "" where they name nobody or access.toml cannot be used."""
    try:
        return _account_in(claims, configured())
    except AccessError:
        return ""


def mistakes() -> list[str]:
    """What is wrong with access.toml, a sentence each."""
    try:
        configured()
    except AccessError as error:
        return list(error.faults)
    return []


def name_of(viewer: Viewer) -> str:
    """What a reader is called: "Board director, Northwest"."""
    return rights.name_of(viewer)


def id_of(viewer: Viewer) -> str:
    """A reader in the address and the record: "director:Northwest"."""
    return f"{viewer.role}:{viewer.region}" if viewer.region else viewer.role


def demo_readers(regions: tuple[str, ...] = ()) -> dict[str, Viewer]:
    """The readers the open demo can be seen as, by id; the officer, who sees everything, first."""
    try:
        min_count = configured().min_count
    except AccessError:
        min_count = Access().min_count
    found = [rights.viewer(role, min_count=min_count) for role in ("officer", "governor", "analyst")]
    found += [rights.viewer("director", region, min_count=min_count) for region in regions]
    return {id_of(viewer): viewer for viewer in found}


def may_repair(viewer: Viewer | None) -> bool:
    """Whether a reader is shown the commands that mend the store: an analyst, who has the files."""
    return viewer is not None and viewer.role == "analyst"


def may_open(viewer: Viewer, page_id: str) -> bool:
    """Whether a page is this reader's."""
    return rights.may_open(viewer, page_id)


def why_closed(page_id: str) -> str:
    """The sentence for a reader whose page it is not."""
    return rights.why_closed(page_id)
