"""Who is signed in: the claims of a sign-in, their age, and the viewer they make. Nothing is drawn here.

The server uses this module before it answers anything (server/auth_middleware.py), and so does every run of a page
(components/page_guard.py), so that a role that was taken away or a session that has expired ends at the next click.

A sign-in is a signed cookie. A server cannot delete it from another tab or from a copy. So each sign-out is also written to a file next
to the audit log, which all replicas share, and the same sign-in is not accepted again.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from streamlit import config
from streamlit.auth_util import get_secrets_auth_section

from components import roles
from data import audit_log
from data.hosts import is_this_machine
from data.journal import append_line
from queries.access.viewer import Viewer

DEFAULT_HOURS = 8.0
DEMO_ACCOUNT = "open demo"
_CLOCK_TOLERANCE = 120  # seconds that a provider's clock may be ahead of this one


@dataclass(frozen=True)
class AuthSession:
    """One sign-in.

    Attributes:
        status: "ok", or why it cannot be used.
        account: name of the person in the audit log.
        viewer: None unless the status is "ok".
        ends_at: end of the session in seconds since 1970.
    """

    status: Literal["ok", "signed_out", "expired", "no_role"]
    account: str = ""
    viewer: Viewer | None = None
    ends_at: float = 0.0


def is_provider_configured() -> bool:
    """Return whether sign-in is set up: secrets.toml has an [auth] section."""
    return bool(get_secrets_auth_section())


def providers() -> tuple[str, ...]:
    """Return the names of the providers; ("default",) for a provider without a name."""
    section = get_secrets_auth_section()
    names = tuple(str(name) for name, value in section.items() if isinstance(value, Mapping) and "client_id" in value)
    return names if names and "client_id" not in section else ("default", *names)


def origin() -> str:
    """Return the origin readers use, from the redirect address: "https://dashboard.example.gov"; "" without a provider."""
    parts = urlsplit(str(get_secrets_auth_section().get("redirect_uri", "")))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def session_hours() -> float:
    """Return how long a sign-in lasts in hours: DASHBOARD_SESSION_HOURS, 8 by default.

    Raises:
        ValueError: the setting is not a number of hours above 0 and up to a week.
    """
    hours = float(os.environ.get("DASHBOARD_SESSION_HOURS") or DEFAULT_HOURS)
    if not 0 < hours <= 24 * 7:
        raise ValueError(f"{hours} hours is not a length for a session")
    return hours


def serves_loopback_only() -> bool:
    """Return whether the running server listens on this machine only."""
    return is_this_machine(config.get_option("server.address"))


def account_of(claims: Mapping[str, object]) -> str:
    """Return the name in the audit log: the account that access.toml uses, else the provider's number for the person."""
    subject = claims.get("sub")
    return roles.account_in(claims) or (subject.strip() if isinstance(subject, str) else "")


def session_of(claims: Mapping[str, object], *, now: float | None = None) -> AuthSession:
    """Return the session that the claims of a sign-in make.

    Args:
        claims: from the provider's signed token; {} for somebody who is not signed in. A claim of a wrong type counts as missing.
        now: seconds since 1970; the current time if None.
    """
    now = time.time() if now is None else now
    subject = claims.get("sub")
    has_subject = isinstance(subject, str) and bool(subject.strip())
    if claims.get("is_logged_in") is not True or not has_subject or has_ended(claims):
        return AuthSession("signed_out")
    account = account_of(claims)
    issued = claims.get("iat")
    started_at = float(issued) if isinstance(issued, int | float) and not isinstance(issued, bool) else 0.0
    ends_at = started_at + session_hours() * 3600
    if not (0 < started_at <= now + _CLOCK_TOLERANCE and now < ends_at):  # in this form, "not a number" is expired too
        return AuthSession("expired", account, ends_at=ends_at)
    viewer = roles.reader_for(claims)
    return AuthSession("ok" if viewer else "no_role", account, viewer, ends_at)


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
