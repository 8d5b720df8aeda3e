"""Read a delivery from a web server: one file, over https."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from data.delivery_urls import DeliveryUrl
from data.errors import UsageError
from data.remote_files import NotCopiedError, RemoteFile

# httpx logs every request with its query.
logging.getLogger("httpx").setLevel(logging.WARNING)
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
PAUSES = (0.5, 2.0)  # seconds before the second and third attempt
_MOST_REDIRECTS = 5
_PASSING = (429, 500, 502, 503, 504)
_NO_HEAD = (400, 403, 405, 501)  # what servers answer that only know GET


@contextmanager
def web_file(url: DeliveryUrl) -> Iterator[WebFile]:
    """Yield a delivery on a web server.

    NETRC names the file with the server's user and password, if it wants one.

    Raises:
        UsageError: That file cannot be read.
    """
    # Without compression on the way, the bytes copied are those that Content-Length counts.
    with httpx.Client(auth=_auth(), timeout=TIMEOUT, headers={"Accept-Encoding": "identity"}) as client:
        yield WebFile(url, client)


def _auth() -> httpx.Auth | None:
    netrc = os.environ.get("NETRC")
    try:
        return httpx.NetRCAuth(netrc) if netrc else None
    except (OSError, SyntaxError):
        raise UsageError("The file that NETRC names cannot be read.") from None


class WebFile:
    """A file on a web server."""

    def __init__(self, url: DeliveryUrl, client: httpx.Client) -> None:
        self._url = url
        self._client = client

    def files(self) -> Iterator[RemoteFile]:
        """Yield the file with what its headers say."""
        with self._response("HEAD") as response:
            headers = response.headers
        size = headers.get("Content-Length", "")
        version = f"{headers.get('ETag')} {headers.get('Last-Modified')}"
        yield RemoteFile(name="", size=int(size) if size.isdecimal() else None, version=version)

    def blocks(self, file: RemoteFile) -> Iterator[bytes]:
        """Yield the file's content."""
        with self._response("GET") as response:
            if file.size is None and "Transfer-Encoding" not in response.headers:
                raise self._failure(
                    "The server does not say how long the file is, so a copy that is cut off would look complete."
                )
            try:
                yield from response.iter_raw()
            except httpx.TransportError:
                raise self._failure("The connection ended before the file did.") from None

    @contextmanager
    def _response(self, method: str) -> Iterator[httpx.Response]:
        """Yield the answer to a request if it is a file."""
        response = self._answered(method)
        if method == "HEAD" and response.status_code in _NO_HEAD:
            response.close()
            response = self._answered("GET")
        try:
            self._check(response.status_code)
            yield response
        finally:
            response.close()

    def _answered(self, method: str) -> httpx.Response:
        """Return the answer to a request, tried again after failures that may pass."""
        for pause in PAUSES:
            try:
                response = self._followed(method)
            except httpx.TransportError:
                pass
            else:
                if response.status_code not in _PASSING:
                    return response
                response.close()
            time.sleep(pause)
        try:
            return self._followed(method)
        except httpx.TimeoutException:
            raise self._failure("The server did not answer in time.") from None
        except httpx.TransportError as error:
            certificate = " Its certificate is not valid." if "CERTIFICATE" in str(error) else ""
            raise self._failure(f"The server cannot be reached.{certificate}") from None

    def _followed(self, method: str) -> httpx.Response:
        """Return the answer after redirects, which must not leave the protocol."""
        query = f"?{self._url.query}" if self._url.query else ""
        request = self._client.build_request(method, f"{self._url}{query}")
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._client.send(request, stream=True)
            if response.next_request is None:
                return response
            response.close()
            request = response.next_request
            if request.url.scheme != self._url.protocol:
                raise self._failure(f"The server redirects to {request.url.scheme}://, which is not followed.")
        raise self._failure("The server redirects too often.")

    def _check(self, status: int) -> None:
        if status in (401, 403, 407):
            raise self._failure(
                f"Access was denied (status {status}). NETRC names the file with the password, if there is one."
            )
        if status in (404, 410):
            raise self._failure(f"There is no such file (status {status}).")
        if status != httpx.codes.OK:
            raise self._failure(f"The server answered with status {status}.")

    def _failure(self, sentence: str) -> NotCopiedError:
        return NotCopiedError([f"{self._url} was not copied. {sentence}"])
