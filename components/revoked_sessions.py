"""Sign-ins that were ended by their reader, in one file next to the audit log that all replicas share.

A sign-in is a signed cookie. A server cannot delete it from another tab or from a copy. So each sign-out is also written to the file,
and the same sign-in is not accepted again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from data import audit_log
from data.durable_lines import append_line


def _path() -> Path:
    return audit_log.folder() / "signed_out"


def _digest(claims: Mapping[str, object]) -> str:
    """Return a hash of one sign-in, from which nobody can be identified: of who, when, and the provider's one-time number."""
    parts = (str(claims.get(name, "")) for name in ("iss", "sub", "iat", "nonce"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def end(claims: Mapping[str, object]) -> None:
    """End this sign-in everywhere.

    Raises:
        OSError: the file cannot be written.
    """
    append_line(_path(), _digest(claims))


def has_ended(claims: Mapping[str, object]) -> bool:
    """Return whether this sign-in was ended by its reader, on any replica."""
    path = _path()
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    return _digest(claims) in _digests(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=2)
def _digests(path: Path, modified_at: int, size: int) -> frozenset[str]:
    return frozenset(path.read_text(encoding="ascii").split())
