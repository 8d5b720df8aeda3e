"""Check the settings before the server starts. It refuses unsafe settings with a sentence and never starts halfway."""

from __future__ import annotations

import atexit
import gc
import importlib
import logging
import os
import pkgutil
import re
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

from streamlit import config
from streamlit.auth_util import get_secrets_auth_section, is_authlib_installed, validate_auth_credentials
from streamlit.errors import StreamlitAuthError

import components
from components import auth_session, cached_queries, roles
from components.text import narratives
from components.url_state import prefix
from data import audit_log
from data.hosts import is_this_machine
from data.store import store_path
from queries.database import question_mark
from server import limits, sign_in

log = logging.getLogger("dashboard")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# new objects until a collection: a page makes many small ones, and hardly any are garbage
_COLLECTED_AFTER = (20_000, 10, 10)
_SECRET_LENGTH = 32  # characters: openssl rand -hex 32 gives 64
_SETTINGS: Mapping[Callable[[], object], str] = {
    auth_session.session_hours: "DASHBOARD_SESSION_HOURS must be a number of hours over 0 and at most 168.",
    limits.request_seconds: "DASHBOARD_REQUEST_SECONDS must be a number of seconds over 0 and at most 600.",
    prefix: "DASHBOARD_PREFIX must be a path of letters, digits and . _ ~ - only, like /workforce.",
}
_NAME = re.compile(r"[A-Za-z0-9.:-]+")


def hosts(address: str) -> list[str]:
    """Return the host names that the dashboard answers to.

    They are those listed in DASHBOARD_HOSTS (separated by commas), the host readers return to after signing in, and this
    machine's own names if it listens only to itself.
    """
    listed = [name.strip() for name in (os.environ.get("DASHBOARD_HOSTS") or "").split(",") if name.strip()]
    redirect_host = urlsplit(auth_session.origin()).hostname
    names = [
        *listed,
        *([redirect_host] if redirect_host else []),
        *(LOOPBACK if is_this_machine(address) else ()),
    ]
    return list(dict.fromkeys(names))


def faults(address: str) -> list[str]:
    """Return why the server must not start on this address, one sentence for each problem."""
    problems = (
        [*_sign_in_faults(), *roles.mistakes()] if auth_session.is_provider_configured() else _open_faults(address)
    )
    for name in hosts(address):
        if not _NAME.fullmatch(name):
            problems.append(f"DASHBOARD_HOSTS: “{name}” is not a host name; give names like dashboard.example.gov.")
    if config.get_option("server.trustedUserHeaders"):
        problems.append(
            "server.trustedUserHeaders must stay empty: anyone who can set a header could impersonate any reader."
        )
    for read, sentence in _SETTINGS.items():
        try:
            read()
        except ValueError:
            problems.append(sentence)
    if reason := question_mark(store_path()):
        problems.append(f"DASHBOARD_STORE: {reason}.")
    if not audit_log.is_writable():
        problems.append(
            f"The audit log cannot be written in {audit_log.folder()}: set DASHBOARD_LOG to another folder."
        )
    return problems


def warm_up() -> None:
    """Do in advance what would make the first reader wait: import the modules of the pages and open the published store.

    All of that is then exempt from garbage collection, which only needs to look at what clicks leave behind, and less often than
    by default. Never raises: what cannot be imported or opened now is reported on its page.
    """
    modules = [f"{narratives.__name__}.{module.name}" for module in pkgutil.iter_modules(narratives.__path__)]
    loads: list[Callable[[], object]] = [partial(importlib.import_module, name) for name in modules]
    loads += [partial(getattr, components, name) for name in components.__all__]
    for prepare in (*loads, _open_store):
        try:
            prepare()
        except Exception:
            log.warning("could not prepare for the first reader", exc_info=True)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)
    atexit.register(gc.unfreeze)


def _open_store() -> None:
    current = cached_queries.current()
    if current is not None:
        cached_queries.choices(current)


def _open_faults(address: str) -> list[str]:
    """Return what is wrong with an open demo: it may only show synthetic data or serve this machine."""
    if is_this_machine(address):
        return []
    try:
        current = cached_queries.current()
        is_real = current is not None and not cached_queries.delivery_of(current).is_synthetic
    except Exception:
        is_real = True  # an unreadable delivery may hold real data
    if is_real:
        return [
            f"The published delivery is not synthetic, sign-in is not set up, and other machines can reach "
            f"{address or 'every address'}: set up sign-in (docs/deploy.md), or serve only 127.0.0.1."
        ]
    if not hosts(address):
        return ["Set the names under which readers reach this server: DASHBOARD_HOSTS=demo.example.org"]
    return []


def _sign_in_faults() -> list[str]:
    section = get_secrets_auth_section()
    problems = [] if is_authlib_installed() else ["Sign-in needs Authlib: make .venv/.ready"]
    for name in auth_session.providers():
        try:
            validate_auth_credentials(name)
        except StreamlitAuthError as error:
            problems.append(" ".join(str(error).split()))
            continue
        provider = section if name == "default" else section[name]
        if not _is_safe(str(provider["server_metadata_url"])):
            problems.append(f"secrets.toml: server_metadata_url of {name} must begin with https://")
    if not _is_safe(str(section.get("redirect_uri", ""))):
        problems.append("secrets.toml: redirect_uri must begin with https:// (plain http only on this machine).")
    if urlsplit(str(section.get("redirect_uri", ""))).path != _callback():
        problems.append(f"secrets.toml: redirect_uri must end in {_callback()} after the host")
    if len(str(section.get("cookie_secret", ""))) < _SECRET_LENGTH:
        problems.append("secrets.toml: cookie_secret must be a secret of 32 characters or more: openssl rand -hex 32")
    return problems


def _callback() -> str:
    try:
        return sign_in.callback_path()
    except ValueError:  # `faults` reports the prefix separately
        return "/oauth2callback"


def _is_safe(address: str) -> bool:
    """Return whether an address uses TLS or is on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname))
