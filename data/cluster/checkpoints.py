"""Results of the cluster's finished steps. An attempt that stops leaves them to the next one for the same delivery.

Each step is a file of packets in `unfinished/` of the store. A file has its name when it is complete and on the disk, and its digest in
that name, so that a damaged one is not used. They hold residents' rows, and are as private as the rest of the store.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from data import manifest, private_files, store_files
from data.cluster.fingerprint import fingerprint
from data.cluster.instructions import Instructions
from data.cluster.packets import Packet
from data.cluster.pieces import Piece
from data.duckdb_sql import literal, no_glob

STEPS = COUNTS, EXCLUDED, SENT, NUMBERED = "counts", "excluded", "sent", "numbered"
_ENDING = ".arrow"
_SCHEMA = pa.schema({"kind": pa.string(), "shard": pa.int32(), "table": pa.string(), "content": pa.large_binary()})


class Checkpoints:
    """The finished steps of attempts to publish one delivery.

    Args:
        folder: The store's folder for them; None to keep nothing.
        key: What their results depend on (`key_of`). Results under another key are removed.
    """

    def __init__(self, folder: Path | None, key: str) -> None:
        self._folder = folder and folder / key
        self._finished: dict[str, Path] = {}
        if folder is None or self._folder is None:
            return
        for path in folder.iterdir() if folder.is_dir() else ():
            if path != self._folder:
                shutil.rmtree(path)
        private_files.make_folder(self._folder)
        for path in self._folder.iterdir():
            step, _, digest = path.stem.partition("-")
            if path.suffix == _ENDING and manifest.digest(path) == digest:
                self._finished[step] = path
            else:
                path.unlink()

    def has(self, step: str) -> bool:
        """Return whether an earlier attempt finished a step."""
        return step in self._finished

    def fetch(self, step: str, packets: Callable[[], Iterator[Packet]]) -> Iterator[Packet]:
        """Yield the packets of a step: those of the attempt that finished it, or else those that the cluster makes now."""
        if step in self._finished:
            yield from _read(self._finished[step])
        elif self._folder is None:
            yield from packets()
        else:
            yield from self._write(self._folder, step, packets())

    def _write(self, folder: Path, step: str, packets: Iterator[Packet]) -> Iterator[Packet]:
        path = folder / f"{step}.part"
        try:
            with pa.ipc.new_stream(str(path), _SCHEMA) as writer:
                for packet in packets:
                    cells = dict(zip(_SCHEMA.names, packet, strict=True))
                    writer.write_batch(pa.RecordBatch.from_pylist([cells], schema=_SCHEMA))
                    yield packet
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        private_files.restrict(path)
        store_files.sync(path)
        path = path.rename(folder / f"{step}-{manifest.digest(path)}{_ENDING}")
        store_files.sync(folder)
        self._finished[step] = path


def steps_in(folder: Path) -> set[str]:
    """Return the steps that an attempt left finished in a store's folder for them."""
    return {path.stem.partition("-")[0] for path in folder.rglob(f"*{_ENDING}")}


def _read(path: Path) -> Iterator[Packet]:
    with pa.memory_map(str(path)) as file, pa.ipc.open_stream(file) as reader:
        for batch in reader:
            for cells in batch.to_pylist():
                yield Packet(**cells)


def key_of(instructions: Instructions, pieces: Sequence[Piece]) -> str:
    """Return a hash of what every result depends on: this code, the instructions, and the content of the files that tasks read.

    It does not depend on where these files are, so a delivery that is copied first has the same key each time. Of an object that stays
    in its store nothing but its address is known, which is a hash of its URL, size, ETag and time: the statements have it.
    """
    digest = hashlib.sha256(fingerprint().encode())
    digest.update(repr(instructions).encode())
    for piece in pieces:
        place = literal(no_glob(Path(piece.path)))
        relation = piece.relation if piece.remote else piece.relation.replace(place, "")
        about = (piece.table, piece.first, piece.rows, piece.columns, piece.label, piece.set_aside, relation)
        digest.update(repr(about).encode())
    for path in dict.fromkeys(piece.path for piece in pieces if not piece.remote):
        digest.update(manifest.digest(Path(path)).encode())
    return digest.hexdigest()
