"""Buckets for tests of deliveries in object stores."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.data import bucket_server
from tests.data.buckets import MOTO, Bucket, SmallBucket, set_credentials


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Copy into a folder of the test, which must be empty again afterwards. The environment has credentials."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    set_credentials(monkeypatch)
    yield
    assert not list(folder.iterdir())


@pytest.fixture
def server() -> Iterator[bucket_server.BucketServer]:
    """Serve an empty bucket by the small server."""
    with bucket_server.serve_bucket() as state:
        yield state


@pytest.fixture
def small(server: bucket_server.BucketServer, monkeypatch: pytest.MonkeyPatch) -> SmallBucket:
    """Return the bucket of the small server, which the environment names."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.endpoint)
    return SmallBucket(server)


@pytest.fixture(scope="module")
def moto() -> Iterator[str | None]:
    """Run moto's server in the full run."""
    with bucket_server.serve_moto(MOTO) if MOTO else contextlib.nullcontext() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(moto: str | None, server: bucket_server.BucketServer, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Return the empty bucket of the small server or of moto's."""
    made = Bucket(moto) if moto else SmallBucket(server)
    if moto:
        httpx.post(f"{moto}/moto-api/reset").raise_for_status()
        httpx.put(f"{moto}/bucket").raise_for_status()
    monkeypatch.setenv("AWS_ENDPOINT_URL", made.endpoint)
    return made
