"""Sign-ins that were ended by their reader, shared by every replica through one file beside the record of use.

A sign-in is a signed cookie, which no server can take back from a browser it does not see: another tab, a copied cookie.
So a sign-out is also written down, and whoever comes with that sign-in again is not signed in.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from data import audit_log


def _path() -> Path:
    return audit_log.folder() / "signed_out"


def _mark(claims: Mapping[str, Any]) -> str:
    """One sign-in, without saying whose: a hash of who, when, and the provider's one-time number."""
    parts = (str(claims.get(name, "")) for name in ("iss", "sub", "iat", "nonce"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def end(claims: Mapping[str, Any]) -> None:
    """End this sign-in everywhere. OSError if it cannot be written down."""
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(written, f"{_mark(claims)}\n".encode())
    finally:
        os.close(written)


def has_ended(claims: Mapping[str, Any]) -> bool:
    """Whether this sign-in was ended by its reader, on whichever replica."""
    path = _path()
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    return _mark(claims) in _marks(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=2)
def _marks(path: Path, written_at: int, size: int) -> frozenset[str]:
    return frozenset(path.read_text(encoding="ascii").split())
