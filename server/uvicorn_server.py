"""Listening: uvicorn opens the port by itself, so that every message leaves at once.

`st.App.run` hands uvicorn a socket that does not say it speaks TCP. asyncio then leaves Nagle's algorithm on for every reader
(uvicorn issue 3149): the last message of a click waits for the browser to acknowledge the one before, up to 40 ms on Linux.
"""

from __future__ import annotations

import socket

import uvicorn
from starlette.types import ASGIApp
from streamlit import config

from server import limits

PING = 30  # seconds between looks whether a reader is still there, and until one is given up
LARGEST = 1_000_000  # bytes: a reader's message is a choice, an address and the marks of what their page keeps


def fault(address: str, port: int) -> str:
    """Why nothing can listen on this address and port, in a sentence; "" when it can."""
    if not 0 < port < 65536:
        return f"{port} is not a port: they go from 1 to 65535."
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            address or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except OSError as error:
        why = error.strerror or error
        return f"Nothing can listen on port {port} of {address or 'this machine'}: {why}. PORT=8600 make run takes another port."
    return ""


def serve(site: ASGIApp, *, address: str, port: int) -> None:
    """Serve until stopped."""
    limits.quiet_bad_input()
    uvicorn.run(
        site,
        host=address,
        port=port,
        http=limits.PatientProtocol,
        ws="websockets-sansio",
        ws_ping_interval=PING,
        ws_ping_timeout=PING,
        ws_max_size=LARGEST,
        ws_per_message_deflate=False,  # nginx and readers are near: compressing costs more than it saves
        ssl_certfile=config.get_option("server.sslCertFile"),
        ssl_keyfile=config.get_option("server.sslKeyFile"),
        access_log=False,
        log_level="warning",
        use_colors=False,
    )
