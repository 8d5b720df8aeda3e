"""Deliveries over http, read from a server on loopback through the command line."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from data import cli, web_file
from data.delivery_copy import local_delivery
from data.delivery_urls import location
from data.remote_files import NotCopiedError
from tests.certificate import write_certificate
from tests.data.deliveries import DAY, tables, write
from tests.data.loopback import QuietHandler, serve

Answer = Callable[[QuietHandler], None]


@dataclass
class Server:
    """A web server whose answer each test chooses. It keeps every request."""

    address: str
    answer: Answer
    requests: list[tuple[str, str]] = field(default_factory=list)

    def url(self, name: str = f"{DAY}.zip") -> str:
        return f"http://{self.address}/exports/{name}"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("archive")
    return Path(shutil.make_archive(str(folder / "packed"), "zip", write(folder, tables()))).read_bytes()


@pytest.fixture
def server(archive: bytes) -> Iterator[Server]:
    class Handler(QuietHandler):
        def do_GET(self) -> None:
            state.requests.append((self.command, self.path))
            state.answer(self)

        do_HEAD = do_GET  # noqa: N815 - the name that the server looks for

    with serve(Handler) as address:
        state = Server(address, sends(archive))
        yield state


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Copy into a folder of the test, which must be empty again afterwards. Nothing waits before another attempt."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(web_file, "PAUSES", (0.0, 0.0))
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    yield
    assert not list(folder.iterdir())


def sends(content: bytes, status: int = 200, **headers: str) -> Answer:
    """Return the answer that sends a content."""
    return lambda request: request.send(status, content, **headers)


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    capsys.readouterr()
    assert cli.main(arguments) == code
    out, errors = capsys.readouterr()
    assert "Traceback" not in out + errors
    return out + errors


def copied(server: Server) -> bytes:
    url = location(server.url())
    with local_delivery(url, single_file=False, is_shown=False) as (path, _):
        return path.read_bytes()


def test_a_zip_file_is_published_and_its_query_not_shown(server, capsys, tmp_path, audit_log):
    published = run(capsys, "publish", server.url() + "?version=3", code=0)
    assert f"Published: {DAY} is now on screen." in published
    assert server.requests[-1] == ("HEAD", f"/exports/{DAY}.zip?version=3")
    logged = "".join(path.read_text() for path in audit_log.glob("*.jsonl"))
    assert server.url() in logged
    assert "version=3" not in logged + published + "".join(map(str, (tmp_path / "store").rglob("*.json")))


def test_a_layout_is_drafted_from_an_address(server, capsys, tmp_path):
    server.answer = sends(b"enrollment_id,participant_id,applied_on\nE1,P1,2024-01-01\n")
    output = run(
        capsys, "layout", "new", "theirs", "--from", server.url("enrollments.csv"), "--into", str(tmp_path), code=0
    )
    assert f"check {server.url('enrollments.csv')} --layout" in output
    assert "Drafted from enrollments.csv" in (tmp_path / "theirs" / "aliases.toml").read_text()


def test_another_file_needs_a_layout_and_is_not_read(server, capsys):
    assert "any other file needs a --layout" in run(capsys, "check", server.url("people.csv"), code=2)
    assert [method for method, _ in server.requests] == ["HEAD"]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "Access was denied (status 401). NETRC names the file with the password, if there is one."),
        (403, "Access was denied (status 403)."),
        (404, "There is no such file (status 404)."),
        (206, "The server answered with status 206."),
        (418, "The server answered with status 418."),
        (503, "The server answered with status 503."),
    ],
)
def test_a_status_is_a_sentence(server, capsys, status, sentence):
    server.answer = sends(b"secret text of the server", status)
    output = run(capsys, "publish", server.url(), code=1)
    assert output.startswith(f"{server.url()} was not copied. {sentence}")
    assert "secret" not in output


def test_a_failure_that_passes_is_tried_again(server, archive):
    def answer(request: QuietHandler) -> None:
        if len(server.requests) == 1:
            sends(b"", 503)(request)
        elif len(server.requests) == 2:
            request.close_connection = True  # no answer at all
        else:
            sends(archive)(request)

    server.answer = answer
    assert copied(server) == archive


def test_a_server_that_is_not_there(server, capsys):
    server.answer = lambda request: setattr(request, "close_connection", True)
    assert "The server cannot be reached." in run(capsys, "check", server.url(), code=1)
    assert len(server.requests) == 3


def test_a_server_that_does_not_answer(server, capsys, monkeypatch):
    never = threading.Event()
    monkeypatch.setattr(web_file, "TIMEOUT", httpx.Timeout(0.05))
    server.answer = lambda request: setattr(request, "close_connection", never.wait(1))
    try:
        assert "The server did not answer in time." in run(capsys, "check", server.url(), code=1)
    finally:
        never.set()


def test_a_server_that_knows_no_head(server, archive):
    plain = sends(archive)
    server.answer = lambda request: (sends(b"", 405) if request.command == "HEAD" else plain)(request)
    assert copied(server) == archive


def test_a_redirect_is_followed_within_the_protocol(server, archive):
    def answer(request: QuietHandler) -> None:
        moved = sends(b"", 302, Location="/elsewhere?sig=secret")
        (sends(archive) if "elsewhere" in request.path else moved)(request)

    server.answer = answer
    assert copied(server) == archive


@pytest.mark.parametrize(
    "target", ["https://127.0.0.1:1/x.zip?sig=secret", "ftp://127.0.0.1/x.zip", "file:///etc/passwd"]
)
def test_a_redirect_to_another_protocol_is_refused(server, capsys, target):
    server.answer = sends(b"", 302, Location=target)
    output = run(capsys, "check", server.url(), code=1)
    assert f"The server redirects to {target.partition(':')[0]}://, which is not followed." in output
    assert "secret" not in output


def test_redirects_end(server, capsys):
    server.answer = sends(b"", 302, Location="/again")
    assert "The server redirects too often." in run(capsys, "check", server.url(), code=1)


@pytest.mark.parametrize("header", ["ETag", "Last_Modified", "Content_Length"])
def test_a_file_that_changes_while_it_is_read_is_refused(server, archive, capsys, tmp_path, header):
    def answer(request: QuietHandler) -> None:
        is_later = len(server.requests) > 2
        value = {"Content_Length": str(len(archive) + is_later)}.get(header, f'"{is_later}"')
        sends(archive, **{header: value})(request)

    server.answer = answer
    assert "changed while it was read" in run(capsys, "publish", server.url(), code=1)
    assert not (tmp_path / "store" / "deliveries").exists()


def test_a_file_that_is_cut_off_is_refused(server, archive, capsys):
    def answer(request: QuietHandler) -> None:
        sends(archive[:100], Content_Length=str(len(archive)))(request)
        request.close_connection = True

    server.answer = answer
    assert "The connection ended before the file did." in run(capsys, "check", server.url(), code=1)


def test_a_file_of_unknown_length(server, archive, capsys):
    def answer(request: QuietHandler) -> None:
        request.send_response(200)
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(archive)
        request.close_connection = True

    server.answer = answer
    assert "The server does not say how long the file is" in run(capsys, "check", server.url(), code=1)


def test_the_password_comes_from_netrc(server, archive, capsys, tmp_path, monkeypatch):
    def answer(request: QuietHandler) -> None:
        (sends(archive) if request.headers["Authorization"] == "Basic YWQ6c2VjcmV0" else sends(b"", 401))(request)

    server.answer = answer
    run(capsys, "check", server.url(), code=1)
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ad password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert copied(server) == archive
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    assert "The file that NETRC names cannot be read." in run(capsys, "check", server.url(), code=2)


def test_a_server_must_have_a_valid_certificate(archive, monkeypatch, tmp_path):
    class Handler(QuietHandler):
        def do_GET(self) -> None:
            self.send(200, archive)

        do_HEAD = do_GET  # noqa: N815 - the name that the server looks for

    certificate = write_certificate(tmp_path)
    with serve(Handler, certificate=certificate) as address:
        url = location(f"https://{address.replace('127.0.0.1', 'localhost')}/exports/{DAY}.zip")
        with (
            pytest.raises(NotCopiedError, match="Its certificate is not valid"),
            local_delivery(url, single_file=False, is_shown=False),
        ):
            pass
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with local_delivery(url, single_file=False, is_shown=False) as (path, _):
            assert path.read_bytes() == archive


def test_stopping_removes_the_copy(server, capsys, monkeypatch):
    def stop(path: Path, **_: object) -> None:
        assert path.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr("data.commands.describe", stop)
    assert "Stopped. The store was not changed." in run(capsys, "publish", server.url(), code=130)
