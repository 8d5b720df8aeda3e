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
from queries.access.reader import Reader


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


def reader_for(claims: Mapping[str, Any]) -> Reader | None:
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


def name_of(reader: Reader) -> str:
    """What a reader is called: "Board director, Northwest"."""
    return rights.name_of(reader)


def id_of(reader: Reader) -> str:
    """A reader in the address and the record: "director:Northwest"."""
    return f"{reader.role}:{reader.region}" if reader.region else reader.role


def demo_readers(regions: tuple[str, ...] = ()) -> dict[str, Reader]:
    """The readers the open demo can be seen as, by id; the officer, who sees everything, first."""
    try:
        fewest = configured().fewest
    except AccessError:
        fewest = Access().fewest
    found = [rights.reader(role, fewest=fewest) for role in ("officer", "governor", "analyst")]
    found += [rights.reader("director", region, fewest=fewest) for region in regions]
    return {id_of(reader): reader for reader in found}


def may_repair(reader: Reader | None) -> bool:
    """Whether a reader is shown the commands that mend the store: an analyst, who has the files."""
    return reader is not None and reader.role == "analyst"


def may_open(reader: Reader, page_id: str) -> bool:
    """Whether a page is this reader's."""
    return rights.may_open(reader, page_id)


def why_closed(page_id: str) -> str:
    """The sentence for a reader whose page it is not."""
    return rights.why_closed(page_id)
