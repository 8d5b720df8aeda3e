"""Read a delivery from an object store through fsspec.

Credentials and endpoints are those that the stores' libraries read from the environment. Nothing of them is read here, and
none of the libraries' messages is passed on, because they quote addresses with signatures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO, Protocol, cast

import fsspec

from data.delivery_urls import DeliveryUrl
from data.remote_files import BLOCK, NotCopiedError, RemoteFile, changed

_OPTIONS: dict[str, dict[str, object]] = {
    # s3fs repeats what fails on the way; this limits how often botocore does before that
    "s3": {"config_kwargs": {"connect_timeout": 5, "read_timeout": 20, "retries": {"total_max_attempts": 3}}},
    "az": {"connection_timeout": 10, "read_timeout": 60},
}
_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "az": "AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY or AZURE_STORAGE_SAS_TOKEN",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
}
# What changes when a file is written again, as the stores name it in their listings.
_VERSION = ("ETag", "etag", "generation", "LastModified", "last_modified", "updated", "created")
# The stores' own errors, which have no class in common.
_DENIED = {
    "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound", "TokenRetrievalError",
    "ClientAuthenticationError", "DefaultCredentialsError", "RefreshError",
}  # fmt: skip
_UNREACHABLE = {"HTTPClientError", "ConnectionError", "ServiceRequestError", "ServiceResponseError", "ClientError", "TransportError"}  # fmt: skip


class FileSystem(Protocol):
    """What is used of fsspec's file systems."""

    def find(self, path: str, *, detail: bool) -> Mapping[str, Mapping[str, object]] | list[str]:
        """List every file below a path. adlfs lists a single file by its name alone."""

    def info(self, path: str) -> Mapping[str, object]:
        """Describe a file."""

    def invalidate_cache(self) -> None:
        """Forget what was listed."""

    def open(self, path: str, mode: str, *, block_size: int, cache_type: str) -> BinaryIO:
        """Open a file."""


class ObjectStore:
    """A delivery in an object store."""

    def __init__(self, url: DeliveryUrl) -> None:
        self._url = url
        with self._sentences():
            self._system = file_system(url.protocol)

    def files(self) -> Iterator[RemoteFile]:
        """Yield every file below the address, or the file at it."""
        with self._sentences():
            self._system.invalidate_cache()
            entries = self._system.find(self._url.path, detail=True)
            if isinstance(entries, list):
                entries = {name: self._system.info(name) for name in entries}
        for path, entry in entries.items():
            if entry.get("type", "file") == "file" and not path.endswith("/"):
                version = " ".join(str(entry[key]) for key in _VERSION if key in entry)
                yield RemoteFile(name=self._below(path), size=int(str(entry["size"])), version=version)

    def blocks(self, file: RemoteFile) -> Iterator[bytes]:
        """Yield a file's content, a block for each request."""
        path = f"{self._url.path}/{file.name}" if file.name else self._url.path
        with (
            self._sentences(is_listed=True),
            self._system.open(path, "rb", block_size=BLOCK, cache_type="none") as opened,
        ):
            while block := opened.read(BLOCK):
                yield block

    def _below(self, path: str) -> str:
        """Return a file's path below the delivery."""
        return path.removeprefix("/").removeprefix(self._url.path).removeprefix("/")

    @contextmanager
    def _sentences(self, *, is_listed: bool = False) -> Iterator[None]:
        """Turn the errors of the stores' libraries into sentences.

        Args:
            is_listed: Whether the file was there a moment ago.
        """
        try:
            yield
        except ImportError:
            raise
        except Exception as error:
            names = {kind.__name__ for kind in type(error).__mro__}
            if is_listed and ("FileExpired" in names or isinstance(error, FileNotFoundError)):
                raise changed(self._url) from None
            raise NotCopiedError([f"{self._url} was not copied. {self._reason(error, names)}"]) from None

    def _reason(self, error: Exception, names: set[str]) -> str:
        if isinstance(error, FileNotFoundError):
            return "There is no such bucket or folder."
        if isinstance(error, PermissionError) or names & _DENIED or getattr(error, "code", 0) in (401, 403):
            return f"Access was denied. Credentials come from the environment: {_CREDENTIALS[self._url.protocol]}."
        if isinstance(error, ConnectionError | TimeoutError) or names & _UNREACHABLE:
            return "The object store cannot be reached, or did not answer in time."
        return f"The object store answered with an error ({type(error).__name__})."


def file_system(protocol: str) -> FileSystem:
    """Return fsspec's file system of an object store.

    Raises:
        ImportError: Its package is not installed.
    """
    return cast(FileSystem, fsspec.filesystem(protocol, skip_instance_cache=True, **_OPTIONS.get(protocol, {})))
