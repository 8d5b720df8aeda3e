"""Read a delivery from an object store.

Credentials and endpoints are those that the client (obstore) takes from the environment. Its messages are not passed on,
because they quote addresses with signatures.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import InvalidPathError, PermissionDeniedError, PreconditionError, UnauthenticatedError
from obstore.store import AzureStore, GCSStore, S3Store

from data.delivery_urls import DeliveryUrl
from data.errors import RefusedError, UsageError
from data.hosts import is_this_machine
from data.loop_calls import LoopCalls, loop_calls
from data.remote_files import BLOCK, NotCopiedError, RemoteFile, changed

if TYPE_CHECKING:
    from obstore import GetOptions, GetResult, ObjectMeta  # they are there for type checkers only

T = TypeVar("T")
PART = 64 << 20  # bytes of a request: small enough to end before the client stops resuming it
_SECONDS = timedelta(minutes=2)  # how long the client tries a request again
_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
    "gs": ("GOOGLE_BASE_URL",),
}
_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "az": "AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY or AZURE_STORAGE_SAS_TOKEN",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
}
# Where the client asks for the role of the machine when the environment has no credentials.
_METADATA = re.compile(r"169\.254\.169\.254|metadata\.google|fd00:ec2::254")
_STATUS = re.compile(r"non-2xx status code: (\d{3})")


@contextmanager
def object_store(url: DeliveryUrl, *, failing: str = "was not copied") -> Iterator[ObjectStore]:
    """Yield a delivery in an object store.

    Args:
        url: Its address.
        failing: What happens to it where something fails, in sentences.

    Raises:
        UsageError: The environment names a server that is not used.
        NotCopiedError: The client cannot be set up with this environment.
    """
    with loop_calls("object store") as calls:
        yield ObjectStore(url, calls, failing)


class ObjectStore:
    """The files of a bucket or container."""

    def __init__(self, url: DeliveryUrl, calls: LoopCalls, failing: str) -> None:
        self._url, self._calls, self._failing = url, calls, failing
        bucket, _, self._key = url.path.partition("/")
        allow_http = _is_server_here(url.protocol)
        try:
            self._store = _store(url.protocol, bucket, allow_http=allow_http)
        except Exception:  # each store's client has its own, and some quote the settings
            settings = f"The environment must name the account and its credentials: {_CREDENTIALS[url.protocol]}."
            raise self._failure(settings) from None

    def files(self) -> Iterator[RemoteFile]:
        """Yield every file below the address, or the file at it."""
        with self._sentences():
            has_files = False
            pages = obstore.list(self._store, self._key or None)
            while entries := self._calls.wait(lambda: _next(pages)):
                for entry in entries:
                    if entry["path"] != self._key:  # a folder can have an empty object of its name
                        has_files = True
                        yield self._described(entry)
            if self._key and not has_files:
                yield self._described(self._calls.wait(lambda: obstore.head_async(self._store, self._key)))

    def _described(self, entry: ObjectMeta) -> RemoteFile:
        name = entry["path"].removeprefix(self._key).removeprefix("/")
        version = f"{entry['e_tag']} {entry['version']} {entry['last_modified']}"
        return RemoteFile(name=name, size=entry["size"], version=version, tag=entry["e_tag"] or "")

    def blocks(self, file: RemoteFile) -> Iterator[bytes]:
        """Yield the content of a file that was listed, if it is still the same."""
        with self._sentences(is_listed=True):
            for start in range(0, file.size or 0, PART):
                left = min(PART, (file.size or 0) - start)
                content = self._calls.wait(self._part(file, start, start + left)).stream(min_chunk_size=BLOCK)
                while block := self._calls.wait(partial(_next, content)):
                    left -= len(block)
                    yield bytes(block)
                self._check_length(left)

    def read(self, file: RemoteFile, start: int, end: int) -> bytes:
        """Return the bytes of a file that was listed from `start` to before `end`, if it is still the same."""

        async def reading() -> bytes:
            return bytes(await (await self._part(file, start, end)()).bytes_async())

        with self._sentences(is_listed=True):
            content = self._calls.wait(reading)
            self._check_length(end - start - len(content))
            return content

    def _check_length(self, left: int) -> None:
        """Raise NotCopiedError if a part was shorter or longer than what was asked for, which the client does not notice."""
        if left:
            raise self._failure("The object store sent another part of a file than was asked for.")

    def _part(self, file: RemoteFile, start: int, end: int) -> Callable[[], Awaitable[GetResult]]:
        """Return a call that asks for a part of a file. The client resumes a part that is cut off."""
        path = "/".join(part for part in (self._key, file.name) if part)
        options: GetOptions = {"if_match": file.tag or None, "range": (start, end)}

        async def asking() -> GetResult:
            result = await obstore.get_async(self._store, path, options=options)
            if _is_other(result.meta, file):
                raise changed(self._url)
            return result

        return asking

    @contextmanager
    def _sentences(self, *, is_listed: bool = False) -> Iterator[None]:
        """Turn the client's errors into sentences.

        Args:
            is_listed: Whether the file was there a moment ago.
        """
        try:
            yield
        except RefusedError:
            raise
        except Exception as error:
            if is_listed and isinstance(error, FileNotFoundError | PreconditionError):
                raise changed(self._url) from None
            if isinstance(error, InvalidPathError):
                raise RefusedError(
                    [f"{self._url} has a file with a name that cannot be used here. Rename it."]
                ) from None
            raise self._failure(self._reason(error)) from None

    def _failure(self, why: str) -> NotCopiedError:
        return NotCopiedError([f"{self._url} {self._failing}. {why}"])

    def _reason(self, error: Exception) -> str:
        text = str(error)
        status = match[1] if (match := _STATUS.search(text)) else ""
        is_denied = isinstance(error, PermissionDeniedError | UnauthenticatedError) or status in ("401", "403")
        if is_denied or _METADATA.search(text):
            return f"Access was denied. Credentials come from the environment: {_CREDENTIALS[self._url.protocol]}."
        if isinstance(error, FileNotFoundError) or status == "404":
            return "There is no such bucket, folder or file."
        if "configured region" in text:
            return "The bucket is in another region. Set AWS_DEFAULT_REGION."
        if status:
            return f"The object store answered with status {status}."
        if "HTTP error" in text:
            return "The object store cannot be reached, or did not answer in time."
        return f"The object store cannot be read ({type(error).__name__})."


def _is_other(answer: ObjectMeta, file: RemoteFile) -> bool:
    """Return whether an answer is of another version than the one that was listed: some servers know no conditions."""
    # Azure lists them without quotes
    tags = {tag.removeprefix("W/").strip('"') for tag in (answer["e_tag"], file.tag) if tag}
    return answer["size"] != file.size or len(tags) > 1


async def _next(items: AsyncIterable[T]) -> T | None:
    """Return the next item, or None at the end."""
    async for item in items:
        return item
    return None


def _store(protocol: str, bucket: str, *, allow_http: bool) -> S3Store | AzureStore | GCSStore:
    """Return the client for a bucket or container."""
    client: type[S3Store | AzureStore | GCSStore] = {"s3": S3Store, "az": AzureStore, "gs": GCSStore}[protocol]
    return client(
        bucket,
        # A slow line may take long for a part. What may not last is a silence.
        client_options={
            "timeout": "1h", "connect_timeout": "10s", "read_timeout": "60s", "allow_http": allow_http,
        },
        retry_config={"max_retries": 3, "retry_timeout": _SECONDS},
    )  # fmt: skip


def _is_server_here(protocol: str) -> bool:
    """Return whether the environment names a server on this machine, which may do without TLS.

    Raises:
        UsageError: It names a server without TLS elsewhere.
    """
    variable = next((name for name in _ENDPOINTS[protocol] if os.environ.get(name)), None)
    if variable is None:
        return False
    endpoint = urlsplit(os.environ[variable])
    is_here = is_this_machine(endpoint.hostname or "")
    if endpoint.scheme != "https" and not is_here:
        raise UsageError(f"{variable} does not begin with https://. A delivery holds residents' records, so it is not read"
                         " without encryption.")  # fmt: skip
    return is_here
