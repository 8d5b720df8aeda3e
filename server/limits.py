"""Limit what a connection may cost: drop requests that never finish, and log unreadable input in a single line."""

from __future__ import annotations

import asyncio
import logging
import os

import h11
from google.protobuf.message import DecodeError
from uvicorn.protocols.http.h11_impl import H11Protocol

DEFAULT_SECONDS = 20.0
_UNFINISHED = (h11.IDLE, h11.SEND_BODY)  # the head or the body of a request is incomplete
# loggers that write a traceback for each message they cannot read
_LOGGERS = ("uvicorn.error", "streamlit.web.server.starlette.starlette_websocket")
log = logging.getLogger("dashboard")


def request_seconds() -> float:
    """Return how long a request may take to arrive: DASHBOARD_REQUEST_SECONDS, or 20 seconds.

    Raises:
        ValueError: It is not a number over 0 and at most 600.
    """
    seconds = float(os.environ.get("DASHBOARD_REQUEST_SECONDS") or DEFAULT_SECONDS)
    if not 0 < seconds <= 600:
        raise ValueError(f"{seconds} seconds is not a limit for a request")
    return seconds


class DeadlineProtocol(H11Protocol):
    """uvicorn's HTTP protocol with a deadline for each request; uvicorn itself waits forever.

    The time runs from when a request is due until its last byte, however slowly the bytes in between arrive.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the deadline of the first request."""
        super().connection_made(transport)
        self._await_request()

    def data_received(self, data: bytes) -> None:
        """Stop the deadline if the request is complete."""
        super().data_received(data)
        if self.conn.their_state in _UNFINISHED and not self._is_websocket():
            self._await_request()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the deadline."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _is_websocket(self) -> bool:
        """Return whether the connection has become a message channel."""
        return self.transport.get_protocol() is not self

    def _await_request(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(request_seconds(), self._drop)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _drop(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            log.warning("dropped a request that was incomplete after %g seconds", request_seconds())
            self.transport.abort()


class WithoutTraceback(logging.Filter):
    """Removes the traceback from log records about unreadable input, and keeps the message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Remove the traceback. Every record is logged."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, UnicodeDecodeError | DecodeError):
            record.msg, record.args = f"{record.getMessage().rstrip('.')}: {type(error).__name__}", ()
            record.exc_info = record.exc_text = None
        return True


def quiet_bad_input() -> None:
    """Log each unreadable message in a single line."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(WithoutTraceback())
