"""Files that a reader asks for: a control names one, and the next run of the page makes it and sends it to that reader only."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from briefs import register
from briefs.numbers import AskedAnswer
from components import html_view, page_guard, read_log

_REQUEST = "requested-file"  # session state: the file that a reader asked for and no run has sent yet


def requested() -> str | None:
    """Return the request that this run answers, if a reader made one. Such a run is not cached."""
    request = read_log.read("requested file", pending)
    if request is not None:
        read_log.disable_cache()
    return request


def pending() -> str | None:
    """Return the request of this session that no file has answered yet."""
    request: str | None = st.session_state.get(_REQUEST)
    return request


def on_request(request: str) -> Markup:
    """Return the HTML attribute of a control that asks for a file.

    Args:
        request: What it asks for, unique on the page: "save:by-town".
    """
    return html_view.on_event(request, lambda _: st.session_state.update({_REQUEST: request}))


def send(name: str, content: str | bytes, *, logged_as: str, answers: Sequence[AskedAnswer]) -> None:
    """Send a file to the reader, and write it to the audit log and to the register of publications.

    Args:
        name: The name of the file.
        content: Text of a CSV file, or the bytes of any other.
        logged_as: The file's name in the audit log, without filters.
        answers: Every question behind its numbers, with its answer.
    """
    drop()
    page_viewer = page_guard.log_action("downloaded", logged_as)
    if page_viewer is not None:
        register.record(name, answers, account=page_viewer.account, role=page_viewer.role)
    html_view.send_file(name, content)


def drop() -> None:
    """Forget a request, sent or not: the page that was asked may no longer have that file."""
    st.session_state.pop(_REQUEST, None)
