"""What must be the same on every machine of a cluster: this package and DuckDB."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import duckdb

_HERE = Path(__file__).parent.parent
_KINDS = (".py", ".sql", ".toml")


@cache
def fingerprint() -> str:
    """Return a hash of this package's code, its SQL and the version of DuckDB."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in sorted(path for path in _HERE.rglob("*") if path.suffix in _KINDS):
        digest.update(path.relative_to(_HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
