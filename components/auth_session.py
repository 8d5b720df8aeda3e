"""Who is looking: the claims of a sign-in, how old they are, and the reader they make. No page, no drawing here.

Both doors ask this module: the server before it hands out anything (server/auth_middleware.py), and the frame on every run
(components/page_guard.py), so that a role taken away or a session grown old ends at the next click.
"""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from streamlit import config
from streamlit.auth_util import get_secrets_auth_section

from components import revoked_sessions, roles

DEFAULT_HOURS = 8.0
DEMO_ACCOUNT = "open demo"
_CLOCKS_DIFFER = 120  # seconds a provider's clock may be ahead of this one


@dataclass(frozen=True)
class AuthSession:
    """One sign-in looked at. account: what the record of use calls the person. reader: None unless status is "ok".
    ends_at: when the session ends, in seconds since 1970."""

    status: Literal["ok", "signed_out", "expired", "no_role"]
    account: str = ""
    viewer: Any = None
    ends_at: float = 0.0


def is_provider_configured() -> bool:
    """Whether sign-in is set up: secrets.toml has an [auth] section."""
    return bool(get_secrets_auth_section())


def providers() -> tuple[str, ...]:
    """The names of the providers set up: ("default",) for one without a name of its own."""
    section = get_secrets_auth_section()
    named = tuple(str(name) for name, value in section.items() if isinstance(value, Mapping) and "client_id" in value)
    return named if named and "client_id" not in section else ("default", *named)


def origin() -> str:
    """The address readers use, from the redirect address: "https://dashboard.example.gov". "" without a provider."""
    found = urlsplit(str(get_secrets_auth_section().get("redirect_uri", "")))
    return f"{found.scheme}://{found.netloc}" if found.netloc else ""


def session_hours() -> float:
    """How long a sign-in lasts: DASHBOARD_SESSION_HOURS, else 8. ValueError if it is not a number of hours over 0."""
    hours = float(os.environ.get("DASHBOARD_SESSION_HOURS") or DEFAULT_HOURS)
    if not 0 < hours <= 24 * 7:
        raise ValueError(f"{hours} hours is not a length for a session")
    return hours


def is_loopback(address: str | None) -> bool:
    """Whether a name or number means this machine and no other."""
    if not address:
        return False  # no address means all of them
    if address.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def serves_loopback_only() -> bool:
    """Whether the running server listens on this machine only."""
    return is_loopback(config.get_option("server.address"))


def account_of(claims: Mapping[str, Any]) -> str:
    """What the record of use calls somebody: the account that access.toml goes by, else the provider's own number for them."""
    subject = claims.get("sub")
    return roles.account_in(claims) or (subject.strip() if isinstance(subject, str) else "")


def session_of(claims: Mapping[str, Any], *, now: float | None = None) -> AuthSession:
    """Look at the claims of a sign-in, as the provider's signed token gave them. {} is somebody not signed in.

    A claim of another type than it should have counts as missing.
    """
    now = time.time() if now is None else now
    subject = claims.get("sub")
    is_named = isinstance(subject, str) and bool(subject.strip())
    if claims.get("is_logged_in") is not True or not is_named or revoked_sessions.has_ended(claims):
        return AuthSession("signed_out")
    account = account_of(claims)
    issued = claims.get("iat")
    began = float(issued) if isinstance(issued, int | float) and not isinstance(issued, bool) else 0.0
    ends_at = began + session_hours() * 3600
    if not (0 < began <= now + _CLOCKS_DIFFER and now < ends_at):  # put so that "not a number" is expired too
        return AuthSession("expired", account, ends_at=ends_at)
    viewer = roles.reader_for(claims)
    return AuthSession("ok" if viewer else "no_role", account, viewer, ends_at)
