"""Test that incomplete requests are dropped, however slowly they arrive, and that unreadable input takes a single log line."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from google.protobuf.message import DecodeError

from server import limits, startup_checks, uvicorn_server

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port(monkeypatch) -> Iterator[int]:
    """A server started as the dashboard is, with a limit of a fifth of a second."""
    monkeypatch.setenv("DASHBOARD_REQUEST_SECONDS", "0.2")
    is_open, servers = threading.Event(), []

    class Watched(uvicorn.Server):
        async def main_loop(self):
            is_open.set()
            await super().main_loop()

    def run(served, **settings):
        servers.append(Watched(uvicorn.Config(served, **settings)))
        servers[0].run()

    monkeypatch.setattr(uvicorn_server.uvicorn, "run", run)
    monkeypatch.setattr(uvicorn_server.sys, "setswitchinterval", lambda _: None)
    thread = threading.Thread(target=uvicorn_server.serve, args=[app], kwargs={"address": "127.0.0.1", "port": 0})
    thread.start()
    assert is_open.wait(60)
    yield servers[0].servers[0].sockets[0].getsockname()[1]
    servers[0].should_exit = True
    thread.join(60)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def is_dropped(connection: socket.socket) -> bool:
    """Whether the server hangs up, whatever it says before."""
    try:
        while connection.recv(10_000):
            pass
    except ConnectionResetError:
        return True
    return True  # TimeoutError is raised where it does not


@pytest.mark.parametrize(
    "sent",
    [b"", b"G", HEAD, HEAD + b"X: " + b"y" * 1000, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
     b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", HEAD + b"\r\n" + HEAD],
)  # fmt: skip
def test_an_incomplete_request_is_dropped(port, sent):
    with connect(port) as connection:
        connection.sendall(sent)
        assert is_dropped(connection)


def test_a_request_that_arrives_byte_by_byte_is_dropped_too(port):
    with connect(port) as connection:
        connection.settimeout(0.02)
        connection.sendall(HEAD)
        assert any(is_closed_after_another_byte(connection) for _ in range(10_000))


def is_closed_after_another_byte(connection: socket.socket) -> bool:
    try:
        connection.sendall(b"X")
        return connection.recv(1000) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_complete_requests_are_answered_in_order(port):
    with connect(port) as connection:
        for _ in range(3):
            connection.sendall(HEAD + b"\r\n")
            answer = b""
            while not answer.endswith(b"ok"):
                part = connection.recv(1000)
                assert part
                answer += part
            assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("wrong", ["0", "-1", "soon", "601", "nan", "inf"])
def test_a_limit_is_a_number_of_seconds(monkeypatch, wrong):
    monkeypatch.setenv("DASHBOARD_REQUEST_SECONDS", wrong)
    with pytest.raises(ValueError, match=r"limit for a request|could not convert"):
        limits.request_seconds()
    assert any("DASHBOARD_REQUEST_SECONDS" in fault for fault in startup_checks.faults("127.0.0.1"))


@pytest.mark.parametrize("name", limits._LOGGERS)
def test_bad_input_takes_a_single_line(name, caplog):
    limits.quiet_bad_input()
    for error in (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), DecodeError("bad wire format")):
        try:
            raise error
        except (UnicodeDecodeError, DecodeError):
            logging.getLogger(name).exception("A message cannot be read.")
    bad = [line for line in caplog.text.splitlines() if "A message cannot be read: " in line]
    assert len(bad) == 2
    assert "Traceback" not in caplog.text


def test_other_errors_keep_their_traceback(caplog):
    limits.quiet_bad_input()
    try:
        raise KeyError("a mistake of ours")
    except KeyError:
        logging.getLogger("uvicorn.error").exception("Broken.")
    assert "Traceback" in caplog.text
