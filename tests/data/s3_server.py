"""The part of S3 that reading a delivery needs, on loopback: a bucket that is listed in pages, and objects with ETags."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.data.loopback import QuietHandler, serve

BUCKET = "bucket"
KEY = "key"  # the only access key that may read
_PAGE = 2
_ERROR = "<Error><Code>{}</Code><Message>text of the server</Message></Error>"
_CHANGED = "2026-11-28T12:00:00.000Z"


@dataclass
class S3Server:
    """A server with one bucket.

    Attributes:
        objects: The content of the bucket, by key.
        answers: The status of the next answers.
        before_answer: Called before each answer.
        endpoint: The server's address.
    """

    objects: dict[str, bytes] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None
    endpoint: str = ""


def tag(content: bytes) -> str:
    """Return an object's ETag."""
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


@contextmanager
def serve_bucket() -> Iterator[S3Server]:
    """Serve an empty bucket."""
    state = S3Server()

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
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        yield next(match[0] for line in process.stderr if (match := re.search(r"http://127\.0\.0\.1:\d+", line)))
        # it writes a line for each request, and stops once nobody reads them
        process.stderr.close()
        process.terminate()


class _Handler(QuietHandler):
    server_state: S3Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        bucket, _, key = unquote(urlsplit(self.path).path).removeprefix("/").partition("/")
        objects = self.server_state.objects
        self.server_state.before_answer()
        if self.server_state.answers:
            self._error(self.server_state.answers.pop(0), "SlowDown")
        elif f"Credential={KEY}/" not in self.headers.get("Authorization", ""):
            self._error(403, "InvalidAccessKeyId")
        elif bucket != BUCKET:
            self._error(404, "NoSuchBucket")
        elif not key:
            self._list()
        elif key not in objects:
            self._error(404, "NoSuchKey")
        elif self.headers.get("If-Match", tag(objects[key])) != tag(objects[key]):
            self._error(412, "PreconditionFailed")
        else:
            self.send(200, objects[key], ETag=tag(objects[key]), Last_Modified="Sat, 28 Nov 2026 12:00:00 GMT")

    do_HEAD = do_GET  # noqa: N815 - the name that the server looks for

    def _list(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        (prefix,), (after,) = query.get("prefix", [""]), query.get("continuation-token", [""])
        objects = self.server_state.objects
        keys = sorted(key for key in objects if key.startswith(prefix) and key > after)
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{_CHANGED}</LastModified>"
            f"<ETag>{escape(tag(objects[key]))}</ETag><Size>{len(objects[key])}</Size></Contents>"
            for key in keys[:_PAGE]
        )
        more = f"<NextContinuationToken>{escape(keys[_PAGE - 1])}</NextContinuationToken>" if len(keys) > _PAGE else ""
        self.send(200, f"<ListBucketResult>{more}{entries}</ListBucketResult>".encode())

    def _error(self, status: int, code: str) -> None:
        self.send(status, _ERROR.format(code).encode())
