"""Check the viewer on every run of every page, before anything is read for them.

The server checks first (server/auth_middleware.py). This check holds if that one should ever fail, and ends a session or a role that
was valid when the page was opened. It also writes the audit log: one line for a page opened, downloaded from or denied, not for a click.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

import streamlit as st
from streamlit import runtime
from streamlit.runtime import Runtime

from components import auth_session, banners, cached_queries, controls, html_view, roles, serving, url_state
from components.page_list import PageEntry
from data import audit_log
from queries.access import rights
from queries.access.viewer import Viewer
from queries.privacy.alarm import QuestionSeries, alarm_limits
from queries.scope import Scope

_VIEWER, _OPENED, _DENIED = "guard-viewer", "guard-opened", "guard-denied"  # keys in the session state
_SERIES = QuestionSeries()


@dataclass(frozen=True)
class PageViewer:
    """Who is on this page.

    Attributes:
        account: name for the audit log.
        viewer: None in the open demo until the address has been read.
        page: id of the page.
        is_demo: whether no sign-in is set up.
        ends_at: end of the session in seconds since 1970; 0 in the open demo.
    """

    account: str
    viewer: Viewer | None
    page: str
    is_demo: bool
    ends_at: float = 0.0

    @property
    def role(self) -> str:
        """The role for the audit log: "director:Northwest"."""
        return self.viewer.id if self.viewer else ""


def why_closed() -> str:
    """Return why nothing may be shown to anybody now, in a sentence; "" if it may.

    Raises:
        StoreDamagedError: the store cannot be read, and it decides: whether its numbers are synthetic is not known.
    """
    served = runtime.exists() and type(runtime.get_instance()) is Runtime
    if not served:
        return ""  # a page run in a test
    if serving.is_behind_server() and auth_session.is_provider_configured():
        return ""
    published = cached_queries.current()
    is_synthetic = published is None or cached_queries.delivery_of(published).is_synthetic
    if not serving.is_behind_server() and (auth_session.is_provider_configured() or not is_synthetic):
        return "The dashboard was started without its server, which guards it. Start it with: make run"
    if auth_session.is_provider_configured() or is_synthetic or auth_session.serves_loopback_only():
        return ""
    return (
        "These are real numbers, no sign-in is set up, and this server can be reached from other machines. "
        "Set up sign-in (docs/deploy.md), or serve this machine only."
    )


def enter(page: PageEntry) -> PageViewer:
    """Return who is looking; stop the script with a sentence if nobody may."""
    why = why_closed()
    if why:
        _stop(page, "Closed", why, "", denied="closed")
    if not auth_session.is_provider_configured():
        return _remember(PageViewer(auth_session.DEMO_ACCOUNT, None, page.id, is_demo=True))
    session = auth_session.session_of(st.user.to_dict())
    if session.status == "no_role":
        _stop(
            page,
            "Signed in, but no role here",
            f"You are signed in as {session.account}. This account has no role in the dashboard.",
            "Ask the analyst to give it one; then reload this page.",
            denied="no role",
            account=session.account,
        )
    if session.status != "ok":
        title = "Your session has ended." if session.status == "expired" else "You are signed out."
        st.title(page.name, anchor=False)
        banners.empty_state(title, "Sign in again to go on where you were.")
        here = url_state.url(page.path, {name: value for name, value in st.query_params.items()})
        html_view.add(html_view.render("sign_in_link", href=here))
        st.stop()
    return _remember(PageViewer(session.account, session.viewer, page.id, is_demo=False, ends_at=session.ends_at))


def admit(page_viewer: PageViewer, page: PageEntry, viewer: Viewer) -> PageViewer:
    """Check that this viewer may open the page, and log that it was opened; stop the script with a sentence if not."""
    page_viewer = _remember(PageViewer(page_viewer.account, viewer, page.id, page_viewer.is_demo, page_viewer.ends_at))
    if not rights.may_open(viewer, page.id):
        _stop(
            page,
            "You don’t have access",
            rights.why_closed(page.id),
            f"You are here as {rights.name_of(viewer)}. Choose another page at the side.",
            denied="page",
            account=page_viewer.account,
            role=page_viewer.role,
        )
    if st.session_state.get(_OPENED) != (page.id, page_viewer.role):
        st.session_state[_OPENED] = (page.id, page_viewer.role)
        _log("opened", page_viewer)
    return page_viewer


def may_repair(page_viewer: PageViewer) -> bool:
    """Return whether the commands that repair the store are shown: to an analyst, and in an open demo on the same machine."""
    return auth_session.serves_loopback_only() if page_viewer.is_demo else roles.may_repair(page_viewer.viewer)


def may_check_deliveries() -> bool:
    """Return whether the viewer on this page may check what waits on the server: an analyst; in an open demo, on this machine only."""
    page_viewer = current()
    return page_viewer is not None and may_repair(page_viewer) and roles.may_repair(page_viewer.viewer)


def draw_account(page_viewer: PageViewer) -> None:
    """Draw who is signed in and the button to sign out, at the foot of the sidebar."""
    if page_viewer.viewer is None or page_viewer.is_demo:
        return
    html_view.add(html_view.render("signed_in", account=page_viewer.account, role=rights.name_of(page_viewer.viewer)))
    html_view.add(controls.button("sign-out", "Sign out", lambda _: st.logout()))


def watch(page_viewer: PageViewer) -> None:
    """End the session on screen when its time is up."""
    if page_viewer.is_demo:
        return
    left = page_viewer.ends_at - time.time()

    @st.fragment(run_every=max(1.0, left + 1))
    def look() -> None:
        if time.time() >= page_viewer.ends_at:
            st.rerun()

    look()


def log_action(event: str, what: str) -> PageViewer | None:
    """Log what the reader did on this page ("downloaded", "noted", "checked") and with what; return the reader."""
    page_viewer = current()
    if page_viewer:
        _log(event, page_viewer, what=what)
    return page_viewer


def may_write(page_viewer: PageViewer | None) -> bool:
    """Return whether a reader may write notes; in an open demo only on the same machine."""
    if page_viewer is None or (page_viewer.is_demo and not auth_session.serves_loopback_only()):
        return False
    return page_viewer.viewer is not None and rights.may_write_notes(page_viewer.viewer)


def note_question(page_viewer: PageViewer, scope: Scope) -> None:
    """Log that an account's questions, as a series, look like an attempt to compute small numbers (queries/privacy/alarm.py)."""
    if _SERIES.raises_alarm(page_viewer.account, scope, time.time()):
        _log("unusual", page_viewer, why=alarm_limits().words)


def log_denied(measure: str) -> None:
    """Log, once a session, that a question was not allowed: an edited address, a link from somebody else."""
    html_view.on_every_render(partial(_log_denied_once, measure))


def _log_denied_once(measure: str) -> None:
    page_viewer = current()
    if page_viewer is None:
        return
    logged = st.session_state.setdefault(_DENIED, set())
    if (page_viewer.page, measure) not in logged:
        logged.add((page_viewer.page, measure))
        _log("denied", page_viewer, what=measure, why="not part of this view")


def _log(event: str, page_viewer: PageViewer, **details: str) -> None:
    audit_log.write(event, account=page_viewer.account, role=page_viewer.role, page=page_viewer.page, **details)


def _remember(page_viewer: PageViewer) -> PageViewer:
    st.session_state[_VIEWER] = page_viewer
    return page_viewer


def current() -> PageViewer | None:
    """Return the reader of this session's page; None before one was opened."""
    page_viewer: PageViewer | None = st.session_state.get(_VIEWER)
    return page_viewer


def _stop(
    page: PageEntry, title: str, text: str, next_step: str, *, denied: str, account: str = "", role: str = ""
) -> NoReturn:
    """Draw why the page is not shown, log it once, and stop the script."""
    if st.session_state.get(_OPENED) != (page.id, denied):
        st.session_state[_OPENED] = (page.id, denied)
        audit_log.write("denied", account=account, role=role, page=page.id, why=denied)
    html_view.draw()
    st.title(page.name, anchor=False)
    banners.empty_state(title, text, next_step)
    st.stop()
