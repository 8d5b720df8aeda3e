"""What is looked at before the server starts. Whatever must not start is refused with a sentence, never half-started."""

from __future__ import annotations

import atexit
import gc
import importlib
import logging
import os
import pkgutil
import re
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from streamlit import config
from streamlit.auth_util import get_secrets_auth_section, is_authlib_installed, validate_auth_credentials
from streamlit.errors import StreamlitAuthError

from components import auth_session, cached_queries, roles
from components.text import narratives
from components.url_state import prefix
from data import audit_log
from data.store import store_path
from queries.database import question_mark
from server import limits, sign_in

log = logging.getLogger("dashboard")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SECRET = 32  # characters: openssl rand -hex 32 gives 64
_NAME = re.compile(r"[A-Za-z0-9.:-]+")


def hosts(address: str) -> list[str]:
    """The host names the dashboard answers to: those DASHBOARD_HOSTS lists (commas between), the one readers are sent
    back to after signing in, and this machine's own while it listens to no other."""
    named = [name.strip() for name in (os.environ.get("DASHBOARD_HOSTS") or "").split(",") if name.strip()]
    own = urlsplit(auth_session.origin()).hostname
    found = [*named, *([own] if own else []), *(LOOPBACK if auth_session.is_loopback(address) else ())]
    return list(dict.fromkeys(found))


def faults(address: str) -> list[str]:
    """Why the server may not start on this address, a sentence each; none when it may."""
    found = [*_sign_in_faults(), *roles.mistakes()] if auth_session.is_provider_configured() else _open_faults(address)
    for name in hosts(address):
        if not _NAME.fullmatch(name):
            found.append(f"DASHBOARD_HOSTS: “{name}” is not a host name; give names like dashboard.example.gov.")
    try:
        auth_session.session_hours()
    except ValueError:
        found.append("DASHBOARD_SESSION_HOURS must be a number of hours over 0 and at most 168.")
    if config.get_option("server.trustedUserHeaders"):
        found.append("server.trustedUserHeaders must stay empty: whoever can set a header could be anybody.")
    try:
        limits.request_seconds()
    except ValueError:
        found.append("DASHBOARD_REQUEST_SECONDS must be a number of seconds over 0 and at most 600.")
    try:
        prefix()
    except ValueError:
        found.append("DASHBOARD_PREFIX must be a path of letters, digits and . _ ~ - only, like /workforce.")
    if why := question_mark(store_path()):
        found.append(f"DASHBOARD_STORE: {why}.")
    if not audit_log.is_writable():
        found.append(f"The record of use cannot be written in {audit_log.folder()}: DASHBOARD_LOG names another folder.")
    return found


def warm() -> None:
    """Do before the first reader comes what would make them wait: load every module of the pages, open the published store,
    and take all that out of garbage collection, which then looks at what clicks leave behind and nothing else. Never raises:
    what cannot be loaded or opened now is told on its page."""
    modules = [f"{narratives.__name__}.{module.name}" for module in pkgutil.iter_modules(narratives.__path__)]
    loads: list[Callable[[], object]] = [partial(importlib.import_module, name) for name in modules]
    for ahead in (*loads, _open_store):
        try:
            ahead()
        except Exception:
            log.warning("not ready before the first reader came", exc_info=True)
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


def _open_store() -> None:
    current = cached_queries.current()
    if current is not None:
        cached_queries.choices(current)


def _open_faults(address: str) -> list[str]:
    """The open demo: only synthetic data, or only this machine."""
    if auth_session.is_loopback(address):
        return []
    try:
        current = cached_queries.current()
        is_real = current is not None and not cached_queries.delivery_of(current).is_synthetic
    except Exception:
        is_real = True  # what cannot be read is not known to be synthetic
    if is_real:
        return [
            f"The published delivery is not synthetic, no sign-in is set up, and {address or 'every address'} can be "
            "reached from other machines: set up sign-in (docs/deploy.md), or serve 127.0.0.1 only."
        ]
    if not hosts(address):
        return ["Say by which names readers reach this server: DASHBOARD_HOSTS=demo.example.org"]
    return []


def _sign_in_faults() -> list[str]:
    section = get_secrets_auth_section()
    found = [] if is_authlib_installed() else ["Sign-in needs Authlib: make .venv/.ready"]
    for name in auth_session.providers():
        try:
            validate_auth_credentials(name)
        except StreamlitAuthError as error:
            found.append(" ".join(str(error).split()))
            continue
        provider = section if name == "default" else section[name]
        if not _is_safe(str(provider["server_metadata_url"])):
            found.append(f"secrets.toml: server_metadata_url of {name} must begin with https://")
    if not _is_safe(str(section.get("redirect_uri", ""))):
        found.append("secrets.toml: redirect_uri must begin with https:// (plain http only on this machine).")
    if urlsplit(str(section.get("redirect_uri", ""))).path != _callback():
        found.append(f"secrets.toml: redirect_uri must end in {_callback()} after the host")
    if len(str(section.get("cookie_secret", ""))) < _SECRET:
        found.append("secrets.toml: cookie_secret must be a secret of 32 characters or more: openssl rand -hex 32")
    return found


def _callback() -> str:
    try:
        return sign_in.callback_path()
    except ValueError:  # the prefix has a sentence of its own
        return "/oauth2callback"


def _is_safe(address: str) -> bool:
    """TLS, or this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and auth_session.is_loopback(parts.hostname))
