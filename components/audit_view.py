"""The audit log for the page that shows it: only to those who may open that page."""

from __future__ import annotations

from collections.abc import Collection

from components import auth_session, read_log
from data import audit_counts, audit_log
from data.audit_counts import DayCounts
from data.audit_log import Event
from queries.access import rights
from queries.access.viewer import Viewer


def events(viewer: Viewer | None, kinds: Collection[str] = ()) -> list[Event]:
    """Return the last events, newest first; none for a viewer who may not open their page. kinds: all if empty."""
    return audit_log.read(kinds=kinds, account=_only_account()) if _may_read(viewer) else []


def days(viewer: Viewer | None) -> list[DayCounts]:
    """Return the counts of each day in the whole log, newest first; none for a viewer who may not open its page."""
    return audit_counts.by_day(_only_account()) if _may_read(viewer) else []


def _may_read(viewer: Viewer | None) -> bool:
    read_log.disable_cache()  # the log grows while a page is open
    return viewer is not None and rights.may_open(viewer, "activity")


def _only_account() -> str | None:
    """Return the account whose events are shown; None for all.

    An open demo that other machines can reach shows its own events only: the operator's account is not theirs to see.
    """
    sees_all = auth_session.is_provider_configured() or auth_session.serves_loopback_only()
    return None if sees_all else auth_session.DEMO_ACCOUNT
