"""Give every command a delivery as a local path. A delivery at an address is copied to a private folder first, or most of it.

Only the command line comes here: pages and the server never open an address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data import limits
from data.delivery import check_kind
from data.delivery_urls import OBJECT_STORES, DeliveryUrl, Location
from data.errors import UsageError
from data.progress import progress_bar
from data.remote_files import Copying, Source
from data.remote_objects import InPlace, ParquetStandIns, Ranges, RemoteObject
from data.work_folder import work_folder

_INSTALL = "pip install --require-hashes -r requirements-object-stores.txt"


@contextmanager
def local_delivery(
    location: Location, *, single_file: bool, is_shown: bool, staying: Collection[str] = ()
) -> Iterator[tuple[Path, InPlace | None]]:
    """Yield the path of a delivery, and its files that stay in their object store. A copy is removed at the end, whatever happens.

    Args:
        location: A path, or an address.
        single_file: Whether it may be any single file, because a layout reads it.
        is_shown: Whether progress may be shown.
        staying: The names of the files and folders whose Parquet stays there, in lower case without endings.

    Raises:
        NotCopiedError: It cannot be read.
        RefusedError: It is too large, or changed while it was read.
        UsageError: A package is missing, or it is not a delivery.
    """
    if isinstance(location, Path):
        yield location, None
        return
    url = location
    with work_folder() as work:
        target = work / "delivery" / url.name
        target.parent.mkdir()
        with _source(url) as source, progress_bar(1, is_shown=is_shown) as progress:
            stand_ins = ParquetStandIns(staying, source) if isinstance(source, Ranges) else None
            copying = Copying(url=url, target=target, limits=limits.load(), progress=progress, stand_ins=stand_ins)
            files = copying.run(source, lambda: check_kind(url.name, str(url), single_file=single_file))
        objects = {target / file.name: RemoteObject(url=url, file=file) for file in files}
        with _in_place(objects) as in_place:
            yield target, in_place


@contextmanager
def _in_place(objects: Mapping[Path, RemoteObject]) -> Iterator[InPlace | None]:
    """Yield the objects that stay where they are. An error of DuckDB while they are read becomes the reason for it."""
    if not objects:
        yield None
        return
    try:
        from data.object_files import object_files  # noqa: PLC0415 - needs packages that local deliveries do without
    except ImportError:
        raise UsageError(f"Reading a delivery where it is needs another package: {_INSTALL}") from None
    with object_files(objects, failing="could not be read") as files:
        try:
            yield files
        except duckdb.Error:
            files.check()
            raise


@contextmanager
def _source(url: DeliveryUrl) -> Iterator[Source]:
    """Yield where the files of an address are."""
    if url.protocol not in OBJECT_STORES:
        from data.web_file import web_file  # noqa: PLC0415 - loads an HTTP client, which local deliveries do without

        with web_file(url) as file:
            yield file
        return
    try:
        from data.object_store import object_store  # noqa: PLC0415 - needs packages that local deliveries do without
    except ImportError:
        raise UsageError(f"A delivery at {url.protocol}:// needs another package: {_INSTALL}") from None
    with object_store(url) as files:
        yield files
