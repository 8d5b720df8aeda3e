"""The audit log for the page that shows it: only to those who may open that page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from components import auth_session, read_log, roles
from data import audit_counts, audit_log
from data.audit_counts import DayCounts
from data.audit_log import Event
from queries.access.viewer import Viewer


@dataclass(frozen=True)
class _Accounts:
    """Whose events a reader sees: those of one account, None for those of all."""

    only: str | None = None


def events(viewer: Viewer | None, kinds: Collection[str] = ()) -> list[Event]:
    """Return the last events, newest first; none for a viewer who may not open their page. kinds: all if empty."""
    accounts = _accounts_for(viewer)
    return [] if accounts is None else audit_log.read(kinds=kinds, account=accounts.only)


def days(viewer: Viewer | None) -> list[DayCounts]:
    """Return the counts of each day in the whole log, newest first; none for a viewer who may not open its page."""
    accounts = _accounts_for(viewer)
    return [] if accounts is None else audit_counts.by_day(accounts.only)


def _accounts_for(viewer: Viewer | None) -> _Accounts | None:
    """Return whose events a viewer may see; None for a viewer who may not open their page.

    An open demo that other machines can reach shows its own events only: the operator's account is not theirs to see.
    """
    read_log.disable_cache()  # the log grows while a page is open
    if viewer is None or not roles.may_open(viewer, "activity"):
        return None
    sees_all = auth_session.is_provider_configured() or auth_session.serves_loopback_only()
    return _Accounts() if sees_all else _Accounts(auth_session.DEMO_ACCOUNT)
