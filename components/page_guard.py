"""The second door, in the frame of every page: who is looking, asked on every run before anything is read for them.

The first door is the server's (server/auth_middleware.py). This one holds if the first should ever fail, and ends a session or a
role that was good when the page was opened. It also writes the record of use: one line a page opened, downloaded from,
or denied, never one a click.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime import Runtime

from components import auth_session, banners, cached_queries, controls, html_view, roles, style, url_state
from components.html_view import component
from components.page_list import PageEntry
from data import audit_log

_VISITOR, _OPENED, _DENIED = "gate-visitor", "gate-opened", "gate-denied"
_behind_server = False


@dataclass(frozen=True)
class PageViewer:
    """Who is on this page. reader: None in the open demo until the address says whom to view as. ends_at: 0 there."""

    account: str
    viewer: Any
    page: str
    is_demo: bool
    ends_at: float = 0.0

    @property
    def role(self) -> str:
        """The role for the record of use: "director:Northwest"."""
        return roles.id_of(self.viewer) if self.viewer else ""


def behind_server() -> None:
    """Called once by the server that stands in front: headers, hosts and the first door are in place."""
    global _behind_server
    _behind_server = True
    component.behind_server()


def why_closed() -> str:
    """Why nothing may be shown to anybody just now, in a sentence; "" when it may.

    Raises what reading the store raises, where it decides: numbers that cannot be read are not known to be synthetic.
    """
    served = runtime.exists() and type(runtime.get_instance()) is Runtime
    if not served:
        return ""  # a page run by itself, in a test
    if _behind_server and auth_session.is_provider_configured():
        return ""
    published = cached_queries.current()
    is_synthetic = published is None or cached_queries.delivery_of(published).is_synthetic
    if not _behind_server and (auth_session.is_provider_configured() or not is_synthetic):
        return "The dashboard was started without its server, which guards it. Start it with: make run"
    if auth_session.is_provider_configured() or is_synthetic or auth_session.serves_loopback_only():
        return ""
    return (
        "These are real numbers, no sign-in is set up, and this server can be reached from other machines. "
        "Set up sign-in (docs/deploy.md), or serve this machine only."
    )


def enter(page: PageEntry) -> PageViewer:
    """Let the reader on to a page, or say calmly why not and stop the script."""
    why = why_closed()
    if why:
        _stop(page, "Closed", why, "", denied="closed")
    if not auth_session.is_provider_configured():
        return _remember(PageViewer(auth_session.DEMO_ACCOUNT, None, page.id, is_demo=True))
    visit = auth_session.session_of(st.user.to_dict())
    if visit.status == "no_role":
        _stop(
            page,
            "Signed in, but no role here",
            f"You are signed in as {visit.account}. This account has no role in the dashboard.",
            "Ask the analyst to give it one; then reload this page.",
            denied="no role",
            account=visit.account,
        )
    if visit.status != "ok":
        said = "Your session has ended." if visit.status == "expired" else "You are signed out."
        st.title(page.heading, anchor=False)
        banners.empty_state(said, "Sign in again to go on where you were.")
        here = url_state.url(page.path, {name: value for name, value in st.query_params.items()})
        style.block(f'<p><a href="{style.escape(here)}" target="_self">Sign in again</a></p>')
        st.stop()
    return _remember(PageViewer(visit.account, visit.viewer, page.id, is_demo=False, ends_at=visit.ends_at))


def admit(page_viewer: PageViewer, page: PageEntry, viewer: Any) -> PageViewer:
    """Check that the page is this reader's, and write down that it was opened. Stops the script where it is not."""
    page_viewer = _remember(PageViewer(page_viewer.account, viewer, page.id, page_viewer.is_demo, page_viewer.ends_at))
    if not roles.may_open(viewer, page.id):
        _stop(
            page,
            "Not one of your pages",
            roles.why_closed(page.id),
            f"You are here as {roles.name_of(viewer)}. Choose another page at the side.",
            denied="page",
            account=page_viewer.account,
            role=page_viewer.role,
        )
    if st.session_state.get(_OPENED) != (page.id, page_viewer.role):
        st.session_state[_OPENED] = (page.id, page_viewer.role)
        audit_log.write("opened", account=page_viewer.account, role=page_viewer.role, page=page.id)
    return page_viewer


def may_repair(page_viewer: PageViewer) -> bool:
    """Whether this visitor is shown the commands that mend the store: an analyst, or whoever sits at the machine of an open demo."""
    return auth_session.serves_loopback_only() if page_viewer.is_demo else roles.may_repair(page_viewer.viewer)


def side(page_viewer: PageViewer) -> None:
    """At the foot of the sidebar: who is signed in, and the way out."""
    if page_viewer.is_demo:
        return
    style.block(
        f'<p class="quiet">Signed in as {style.escape(page_viewer.account)}<br>{style.escape(roles.name_of(page_viewer.viewer))}</p>'
    )
    style.block(controls.button("sign-out", "Sign out", lambda _: st.logout()))


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


def downloading(what: str) -> None:
    """A file is made for the reader: one line in the record of use. what: the name of the file."""
    page_viewer = st.session_state.get(_VISITOR)
    if page_viewer:
        audit_log.write("downloaded", account=page_viewer.account, role=page_viewer.role, page=page_viewer.page, what=what)


def audit_events(viewer: Any) -> list[dict[str, Any]]:
    """The last events, newest first, for whoever may open its page. An open demo that others reach shows its own only: the
    operator's account is nobody's business there."""
    html_view.disable_cache()  # it grows while a page stands
    if viewer is None or not roles.may_open(viewer, "usage"):
        return []
    events = audit_log.read()
    if auth_session.is_provider_configured() or auth_session.serves_loopback_only():
        return events
    return [event for event in events if event.get("account") == auth_session.DEMO_ACCOUNT]


def denied(what: str, why: str) -> None:
    """Write down, once a session, that a question was not allowed: an edited address, a link from somebody else."""
    html_view.on_every_render(partial(_write_denied, what, why))


def _write_denied(what: str, why: str) -> None:
    page_viewer = st.session_state.get(_VISITOR)
    if page_viewer is None:
        return
    told = st.session_state.setdefault(_DENIED, set())
    if (page_viewer.page, what, why) not in told:
        told.add((page_viewer.page, what, why))
        audit_log.write("denied", account=page_viewer.account, role=page_viewer.role, page=page_viewer.page, what=what, why=why)


def _remember(page_viewer: PageViewer) -> PageViewer:
    st.session_state[_VISITOR] = page_viewer
    return page_viewer


def _stop(
    page: PageEntry, title: str, text: str, next_step: str, *, denied: str, account: str = "", role: str = ""
) -> None:
    if st.session_state.get(_OPENED) != (page.id, denied):
        st.session_state[_OPENED] = (page.id, denied)
        audit_log.write("denied", account=account, role=role, page=page.id, why=denied)
    html_view.draw()
    st.title(page.heading, anchor=False)
    banners.empty_state(title, text, next_step)
    st.stop()
