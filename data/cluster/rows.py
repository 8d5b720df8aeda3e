"""The rows of a check on a cluster, from the machine that publishes.

It has the small tables, the excluded rows and the names. The accepted rows of the large tables arrive once, as rows of the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import duckdb

from data import match_names, quarantine, residents, typed_rows
from data.cast_columns import Cast
from data.checked import Checked
from data.cluster import checkpoints, decide, facts, pieces, read
from data.cluster.arriving import Excluded, Stored
from data.cluster.checkpoints import Checkpoints, key_of
from data.cluster.engine import Engine, Packets
from data.cluster.facts import Facts, tests
from data.cluster.instructions import LARGE, Instructions
from data.cluster.number import STORED, number
from data.cluster.packets import Packet
from data.dictionary_encode import Casts
from data.duckdb_sql import Sql
from data.errors import RefusedError, shown
from data.match_names import Names
from data.progress import Progress
from data.quarantine import Conflicts, Limits
from data.spelling import Spellings
from data.typed_rows import RowsHere

ROWS_OF_SHARD = 150_000
_FEW_ROWS = 20_000  # of a delivery, about 4 MB: validate.py plans one as small up to the same size


class RowsOnCluster:
    """The rows of the large tables on a cluster, and those of the small tables here."""

    def __init__(
        self, engine: Engine, checked: Checked, casts: Casts, work: Path, progress: Progress, *,
        rows_of_piece: int = pieces.ROWS_OF_PIECE, rows_of_shard: int = ROWS_OF_SHARD, unfinished: Path | None = None,
    ) -> None:  # fmt: skip
        self._engine, self._work, self._checked, self._progress = engine, work, checked, progress
        self._check_objects()
        self._here = RowsHere(
            checked, {name: made for name, made in casts.items() if name not in LARGE}, work, progress
        )
        large = {name: casts[name] for name in LARGE if name in casts}
        self._pieces = [
            piece
            for name in large
            for piece in pieces.cut(checked.connection, checked.sources[name], work, rows_of_piece=rows_of_piece)
        ]
        self._states = pieces.states(self._pieces)
        rows = sum(piece.rows for piece in self._pieces)
        self._instructions = Instructions(
            tables={name: checked.tables[name] for name in LARGE},
            casts=large,
            tests={name: tests(checked, name, made) for name, made in large.items()},
            known={**checked.known, "town_boundaries": []},
            shards=max(1, -(-rows // rows_of_shard)),
            memory_mb=engine.memory_mb,
            reads_few_rows=rows < _FEW_ROWS,
            limits=Limits(delivered_on=checked.delivery.delivered_on, earliest=checked.earliest),
        )
        self._casts = dict(large)
        self._spellings: dict[str, dict[str, list[Spellings]]] = {}
        self._accepted: dict[str, int] = {}
        self._differing: dict[str, int] = {}
        self._alike = 0
        self._checkpoints = Checkpoints(unfinished, key_of(self._instructions, self._pieces) if unfinished else "")
        packets = self._fetch(
            checkpoints.COUNTS, "Counting rows and names on the cluster",
            lambda: facts.count(engine, self._pieces, self._instructions), *facts.KINDS,
        )  # fmt: skip
        self._facts = Facts(packets, self._instructions, checked.connection)

    def _fetch(self, step: str, doing: str, packets: Callable[[], Packets], *kinds: str) -> Iterator[Packet]:
        """Start a step and return its packets. `packets` is not called if an earlier attempt finished the step."""
        self._progress(f"{doing}: taken over from an earlier attempt" if self._checkpoints.has(step) else doing)
        return self._checkpoints.fetch(step, lambda: read.without_failures(packets().fetch(*kinds, read.FAILED)))

    def cast(self, name: str, casts: Sequence[Cast]) -> None:
        """Cast a small table. A large one is cast when its rows are judged."""
        if name not in LARGE:
            self._here.cast(name, casts)
        elif name in self._facts.damaged:
            raise duckdb.IOException("A piece of the table cannot be read.")
        else:
            self._casts[name] = list(casts)
            self._make_table(name)

    def make_empty(self, name: str) -> None:
        """Note that a table has no rows."""
        if name not in LARGE:
            self._here.make_empty(name)
            return
        self._casts.pop(name, None)
        self._make_table(name)

    def _check_objects(self) -> None:
        """Raise RefusedError if this machine could not read an object of the delivery, and took it for damaged."""
        if in_place := self._checked.delivery.in_place:
            in_place.check()

    def _check_files(self) -> None:
        """Raise RefusedError if a file was replaced after it was first read: tasks read each several times."""
        if pieces.states(self._pieces) != self._states:
            name = self._checked.delivery.path.name
            raise RefusedError([f"{shown(name)} changed while it was read. Try again when nothing writes there."])

    def _make_table(self, name: str) -> None:
        typed_rows.make_empty(self._checked.connection, self._checked.tables[name])

    def count(self, name: str, tests: Sequence[Sql]) -> Sequence[int]:
        """Return how many rows of a table pass each test."""
        return self._facts.count(name, tests) if name in LARGE else self._here.count(name, tests)

    def spellings(self, name: str, column: str) -> list[Spellings]:
        """Return the names of a text column that are spelled in several ways."""
        return (self._facts if name in LARGE else self._here).spellings(name, column)

    def unify(self, name: str, column: str, spellings: Sequence[Spellings]) -> None:
        """Give every row the most frequent spelling; in a large table, when it is cast."""
        if name in LARGE:
            self._spellings.setdefault(name, {})[column] = list(spellings)
        else:
            self._here.unify(name, column, spellings)

    def values(self, name: str, column: str) -> Iterable[tuple[str, int]]:
        """Return each value of a column and its rows."""
        return (self._facts if name in LARGE else self._here).values(name, column)

    def decide(self, names: Mapping[str, Names], limits: Limits) -> dict[str, Conflicts]:
        """Decide which rows count and number the residents: the small tables here, the large ones on the cluster."""
        checked, connection = self._checked, self._checked.connection
        self._check_objects()
        for name in checked.tables:
            typed_rows.make_views(connection, name)
        match_names.write(connection, names)
        small = [table for name, table in checked.tables.items() if name not in LARGE]
        conflicts = quarantine.decide(connection, small, limits, self._progress)
        instructions = replace(
            self._instructions, casts=self._casts, spellings=self._spellings, names=names, limits=limits
        )
        cut = [piece for piece in self._pieces if piece.table in self._casts]

        @cache
        def decided() -> Packets:
            rows = self._engine.over_pieces(cut, partial(read.read, read.cast, instructions))
            kinds = (read.ROWS, read.DAMAGED, read.UNSEEN, read.FAILED)
            return rows.over_shards(kinds, partial(decide.decide, instructions)).remembered()

        def sent() -> Packets:
            with_excluded = [piece for piece in cut if (piece.table, piece.first) in wanted]
            return self._engine.over_pieces(with_excluded, partial(read.read, partial(read.send, wanted), instructions))

        def numbered() -> Packets:
            return decided().over_shards((decide.ACCEPTED, read.FAILED), partial(number, instructions))

        excluded = Excluded(connection)
        of_excluded = (read.COUNTS, decide.SET_ASIDE, decide.EXCLUDED)
        for packet in self._fetch(checkpoints.EXCLUDED, "Applying the rules on the cluster", decided, *of_excluded):
            excluded.add(packet)
        self._accepted = excluded.accepted
        wanted = excluded.wanted(cut)
        packets = self._fetch(
            checkpoints.SENT, "Reading the excluded rows as they were sent", sent, read.SENT, read.DAMAGED, read.UNSEEN
        )
        for name, source in excluded.as_sent(read.readable(packets), cut, checked.sources).items():
            checked.sources[name] = source
        stored = Stored(self._work / "stored")
        for packet in self._fetch(
            checkpoints.NUMBERED, "Numbering residents on the cluster", numbered, read.COUNTS, STORED
        ):
            stored.add(packet)
        self._check_files()
        # the views that describe the rows of the store
        self._differing = dict.fromkeys(residents.number(connection, checked.known["groups"]), 0) | stored.differing
        self._alike = stored.alike
        checked.ready = stored.queries(connection)
        return {name: conflicts.get(name) or excluded.conflicts(name) for name in checked.tables}

    def accepted(self, name: str) -> int:
        """Return how many rows of a table count."""
        return self._accepted.get(name, 0) if name in LARGE else self._here.accepted(name)

    def differing(self) -> dict[str, int]:
        """Return how many residents answer differently in different applications, by group."""
        return self._differing

    def alike(self) -> int:
        """Return how many residents have a pseudonym like another's."""
        return self._alike
