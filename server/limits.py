"""What a connection may cost: a request that never comes to its end is dropped, and bad input is one line in the log."""

from __future__ import annotations

import asyncio
import logging
import os

import h11
from google.protobuf.message import DecodeError
from uvicorn.protocols.http.h11_impl import H11Protocol

DEFAULT_SECONDS = 20.0
_UNFINISHED = (h11.IDLE, h11.SEND_BODY)  # a request's head, or its body, has not come to its end
# What writes a trace for each message it cannot read.
_LOGGERS = ("uvicorn.error", "streamlit.web.server.starlette.starlette_websocket")
log = logging.getLogger("dashboard")


def request_seconds() -> float:
    """How long a request may take to arrive: DASHBOARD_REQUEST_SECONDS, else 20. ValueError if it is not over 0 and at most 600."""
    seconds = float(os.environ.get("DASHBOARD_REQUEST_SECONDS") or DEFAULT_SECONDS)
    if not 0 < seconds <= 600:
        raise ValueError(f"{seconds} seconds is not a limit for a request")
    return seconds


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP, which waits forever for the rest of a request, with a limit. It counts from the first byte that is missing to
    the last one of the request, however slowly the bytes between come in."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection opens: its first request is due."""
        super().connection_made(transport)
        self._await_request()

    def data_received(self, data: bytes) -> None:
        """Bytes came in: the request is there, or still due."""
        super().data_received(data)
        if self.conn.their_state in _UNFINISHED and not self._is_handed_over():
            self._await_request()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and nothing is due any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _is_handed_over(self) -> bool:
        """Whether the connection has become a message channel."""
        return self.transport.get_protocol() is not self

    def _await_request(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(request_seconds(), self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            log.warning("a request that did not come to its end in %g seconds was dropped", request_seconds())
            self.transport.abort()


class OneLine(logging.Filter):
    """Takes the trace from a record about input that could not be read, and leaves its sentence."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes; the trace of some does not."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, UnicodeDecodeError | DecodeError):
            record.msg, record.args = f"{record.getMessage().rstrip('.')}: {type(error).__name__}", ()
            record.exc_info = record.exc_text = None
        return True


def quiet_bad_input() -> None:
    """Have each message that cannot be read take one line of the log."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(OneLine())
