"""A bucket of an S3 server on loopback, to be written to: a small server of the tests, or moto's in the full run."""

from __future__ import annotations

import base64
import os
from urllib.parse import quote

import httpx
import pytest

from tests.data import bucket_server

MOTO = os.environ.get("MOTO_SERVER")  # the program, in the full run
SECRET = "hunter2"
SETTINGS = {"AWS_ACCESS_KEY_ID": bucket_server.KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1"}


def set_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put credentials into the environment."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


def set_other_credentials(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    """Put credentials for Azure and Google into the environment, and the address of a server that speaks like both."""
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", endpoint)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", bucket_server.KEY)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", base64.b64encode(SECRET.encode()).decode())
    monkeypatch.setenv("GOOGLE_BASE_URL", endpoint)
    monkeypatch.setenv("GOOGLE_BEARER_TOKEN", bucket_server.KEY)


class Bucket:
    """The bucket `bucket` of a server, to be written to."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def put(self, key: str, content: bytes) -> None:
        self._send("PUT", key, content)

    def remove(self, key: str) -> None:
        self._send("DELETE", key)

    def _send(self, method: str, key: str, content: bytes = b"") -> None:
        # moto looks for a signature and does not check it
        signed = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={bucket_server.KEY}/20261128/us-east-1/s3/aws4_request"
        }
        address = f"{self.endpoint}/bucket/{quote(key)}"
        httpx.request(method, address, content=content, headers=signed).raise_for_status()


class SmallBucket(Bucket):
    """The same of the small server."""

    def __init__(self, server: bucket_server.BucketServer) -> None:
        super().__init__(server.endpoint)
        self.objects = server.objects

    def put(self, key: str, content: bytes) -> None:
        self.objects[key] = content

    def remove(self, key: str) -> None:
        del self.objects[key]
