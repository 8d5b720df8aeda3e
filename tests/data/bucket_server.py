"""What reading a delivery needs of S3, Azure Blob Storage and Google Cloud Storage: a bucket listed in pages, and objects with ETags."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.data.loopback import QuietHandler, serve

BUCKET = "bucket"
KEY = "key"  # the access key, account or token that may read
_PAGE = 2
_SECONDS_TO_START = 60
_ERROR = "<Error><Code>{}</Code><Message>text of the server</Message></Error>"
_CHANGED, _CHANGED_IN_HEADERS = "2026-11-28T12:00:00.000Z", "Sat, 28 Nov 2026 12:00:00 GMT"
_SIGNED = re.compile(rf"Credential={KEY}/|SharedKey {KEY}:|Bearer {KEY}$")


@dataclass
class BucketServer:
    """A server with one bucket.

    Attributes:
        objects: The content of the bucket, by key.
        answers: The status of the next answers.
        cuts: After how many bytes the next contents are cut off.
        lengths: How many bytes the next parts have, whatever was asked for.
        ignores_conditions: Whether it sends whatever version there is.
        ranges: The key, start and end of each part that was sent.
        before_answer: Called before each answer.
        endpoint: The server's address.
    """

    objects: dict[str, bytes] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    ignores_conditions: bool = False
    ranges: list[tuple[str, int, int]] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None
    endpoint: str = ""


def tag(content: bytes) -> str:
    """Return an object's ETag."""
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


@contextmanager
def serve_bucket() -> Iterator[BucketServer]:
    """Serve an empty bucket."""
    state = BucketServer()

    class Handler(_Handler):
        server_state = state

    with serve(Handler) as address:
        state.endpoint = f"http://{address}"
        yield state


@contextmanager
def serve_moto(program: str) -> Iterator[str]:
    """Run moto's server and yield its address.

    Args:
        program: The path of `moto_server`.
    """
    command = [program, "-H", "127.0.0.1", "-p", "0"]
    # it writes a line for each request, and hangs once nobody reads them: into a file
    with (
        tempfile.NamedTemporaryFile("w+") as log,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log) as process,
    ):
        until = time.monotonic() + _SECONDS_TO_START
        while not (match := re.search(r"http://127\.0\.0\.1:\d+", Path(log.name).read_text(encoding="utf-8"))):
            assert process.poll() is None and time.monotonic() < until, "moto's server did not start"
            time.sleep(0.1)
        yield match[0]
        process.terminate()


class _Handler(QuietHandler):
    server_state: BucketServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        bucket, _, key = unquote(urlsplit(self.path).path).removeprefix("/").partition("/")
        objects = self.server_state.objects
        self.server_state.before_answer()
        if self.server_state.answers:
            self._error(self.server_state.answers.pop(0), "SlowDown")
        elif not _SIGNED.search(self.headers.get("Authorization", "")):
            self._error(403, "InvalidAccessKeyId")
        elif bucket != BUCKET:
            self._error(404, "NoSuchBucket")
        elif not key:
            self._list()
        elif key not in objects:
            self._error(404, "NoSuchKey")
        elif not self._is_wanted(objects[key]):
            self._error(412, "PreconditionFailed")
        else:
            self._send_object(key, objects[key])

    do_HEAD = do_GET  # noqa: N815 - the name that the server looks for

    def _is_wanted(self, content: bytes) -> bool:
        return self.server_state.ignores_conditions or self.headers.get("If-Match", tag(content)) == tag(content)

    def _send_object(self, key: str, content: bytes) -> None:
        headers = {"ETag": tag(content), "Last_Modified": _CHANGED_IN_HEADERS}
        requested = self.headers.get("Range") or self.headers.get("x-ms-range")
        if requested is None:
            self.send(200, content, **headers)
            return
        start, last = (int(number) for number in requested.removeprefix("bytes=").split("-"))
        part = content[start : last + 1]
        self.server_state.ranges.append((key, start, start + len(part)))
        headers["Content_Range"] = f"bytes {start}-{start + len(part) - 1}/{len(content)}"
        if self.server_state.lengths:
            length = self.server_state.lengths.pop(0)
            part = part.ljust(length)[:length]
        sent = part[: self.server_state.cuts.pop(0)] if self.server_state.cuts else part
        self.send(206, sent, Content_Length=str(len(part)), **headers)
        self.close_connection = len(sent) < len(part)

    def _list(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        prefix, after = query.get("prefix", ""), query.get("continuation-token", query.get("marker", ""))
        objects = self.server_state.objects
        keys = sorted(key for key in objects if key.startswith(prefix) and key > after)
        page = {key: objects[key] for key in keys[:_PAGE]}
        following = escape(keys[_PAGE - 1]) if len(keys) > _PAGE else ""
        self.send(200, (_azure_page if "comp" in query else _page)(page, following).encode())

    def _error(self, status: int, code: str) -> None:
        self.send(status, _ERROR.format(code).encode())


def _page(objects: dict[str, bytes], following: str) -> str:
    """Return a page of a listing as S3 and Google write it."""
    entries = "".join(
        f"<Contents><Key>{escape(key)}</Key><LastModified>{_CHANGED}</LastModified><ETag>{escape(tag(content))}</ETag>"
        f"<Size>{len(content)}</Size></Contents>"
        for key, content in objects.items()
    )
    more = f"<NextContinuationToken>{following}</NextContinuationToken>" if following else ""
    return f"<ListBucketResult>{more}{entries}</ListBucketResult>"


def _azure_page(objects: dict[str, bytes], following: str) -> str:
    """Return the same as Azure writes it."""
    entries = "".join(
        f"<Blob><Name>{escape(key)}</Name><Properties><Last-Modified>{_CHANGED_IN_HEADERS}</Last-Modified>"
        f"<Etag>{escape(tag(content))}</Etag><Content-Length>{len(content)}</Content-Length>"
        "<Content-Type>text/csv</Content-Type></Properties></Blob>"
        for key, content in objects.items()
    )
    return f"<EnumerationResults><Blobs>{entries}</Blobs><NextMarker>{following}</NextMarker></EnumerationResults>"
