"""Run uvicorn so that every message is sent at once.

Python lets a thread that computes a page run for 5 ms before another one, here the one that sends, gets its turn. The first screen of a page
is sent while the rest is computed, so that `serve` makes these turns shorter.

uvicorn opens the port itself. `st.App.run` gives uvicorn a socket that is not marked as TCP. asyncio then leaves Nagle's algorithm on for every reader
(uvicorn issue 3149): the last message of a click waits up to 40 ms on Linux for the browser to acknowledge the previous message.
"""

from __future__ import annotations

import socket
import sys

import uvicorn
from starlette.types import ASGIApp
from streamlit import config

from server import limits

TURN_SECONDS = 0.001  # Python's default is 0.005; shorter ones gain nothing
PING_SECONDS = 30  # seconds between pings to a reader, and until a missing answer ends the channel
MAX_MESSAGE_BYTES = 1_000_000  # a reader's message is a choice, an address and what their page has cached


def fault(address: str, port: int) -> str:
    """Return a sentence that says why the server cannot listen on this address and port, or "" if it can."""
    if not 0 < port < 65536:
        return f"{port} is not a port: ports go from 1 to 65535."
    try:
        family, socket_type, protocol, _, socket_address = socket.getaddrinfo(
            address or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, socket_type, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(socket_address)
            probe.listen(1)
    except OSError as error:
        reason = error.strerror or error
        return f"Cannot listen on port {port} of {address or 'this machine'}: {reason}. PORT=8600 make run uses another port."
    return ""


def serve(app: ASGIApp, *, address: str, port: int) -> None:
    """Serve the app until stopped."""
    limits.quiet_bad_input()
    sys.setswitchinterval(TURN_SECONDS)
    uvicorn.run(
        app,
        host=address,
        port=port,
        http=limits.DeadlineProtocol,
        ws="websockets-sansio",
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # nginx and readers are close: compression costs more than it saves
        ssl_certfile=config.get_option("server.sslCertFile"),
        ssl_keyfile=config.get_option("server.sslKeyFile"),
        access_log=False,
        log_level="warning",
        use_colors=False,
    )
