"""Objects that DuckDB reads where they are: its threads share an open one."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Thread

import duckdb
import numpy as np
import pandas as pd
import pytest

from data import object_files
from data.delivery_urls import location
from data.errors import RefusedError
from data.object_files import ObjectFiles
from data.remote_files import RemoteFile
from data.remote_objects import RemoteObject

HERE = Path("courses.parquet")


class SlowStore:
    """An object store that answers after a while, as one over a network does."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._random = np.random.default_rng(7)

    def read(self, _file: RemoteFile, start: int, end: int) -> bytes:
        time.sleep(self._random.uniform(0, 0.002))
        return self._content[start:end]


def opened(content: bytes, store: SlowStore | None = None) -> tuple[ObjectFiles, str]:
    """Return a file system with one object, and its address."""
    file = RemoteFile(name=HERE.name, size=len(content), version="1", tag='"1"')
    at = RemoteObject(url=location("s3://bucket/sent"), file=file)
    return ObjectFiles({HERE: at}, store or SlowStore(content)), at.address


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, RefusedError(["It changed."])], ids=repr)
def test_what_stops_a_read_is_not_taken_for_damage(error):
    class StoppedStore(SlowStore):
        def read(self, _file: RemoteFile, _start: int, _end: int) -> bytes:
            raise error

    files, address = opened(b"PAR1" * 100, StoppedStore(b""))
    with duckdb.connect() as connection:
        files.attach(connection)
        with pytest.raises(duckdb.Error):
            connection.execute("from read_parquet(?)", [[address]])
    with pytest.raises(error if isinstance(error, type) else type(error)):
        files.check()


def test_a_thread_reads_where_it_was_whatever_another_reads(monkeypatch):
    monkeypatch.setattr(object_files, "AT_ONCE", 2)
    files, address = opened(bytes(range(100)))
    file = files.open(address)
    file.seek(10)
    other = Thread(target=lambda: (file.seek(50), file.read(20)))
    other.start()
    other.join()
    assert file.tell() == 10
    assert file.read(5) == bytes(range(10, 15))


@pytest.mark.parametrize("threads", [1, 4])  # with one, DuckDB still reads ahead in others
def test_row_groups_are_read_right_by_many_threads(threads, tmp_path, monkeypatch):
    monkeypatch.setattr(object_files, "AT_ONCE", 4_096)
    sent = pd.DataFrame({"n": np.arange(20_000), "id": [f"R{n:07}" for n in range(20_000)]})
    path = tmp_path / "courses.parquet"
    sent.to_parquet(path, row_group_size=2_000)
    files, address = opened(path.read_bytes())
    for _ in range(10):
        with duckdb.connect(config={"threads": threads}) as connection:
            files.attach(connection)
            read = connection.execute("select sum(n), count(distinct id) from read_parquet(?)", [[address]]).fetchone()
        assert read == (sent["n"].sum(), len(sent))
