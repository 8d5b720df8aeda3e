"""What must be known of all rows before any is judged: how many pass each test, and how often each name occurs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from duckdb import DuckDBPyConnection as Connection

from data import cast_faults, column_checks, spelling
from data.cast_columns import Cast
from data.checked import Checked
from data.cluster import packets, read
from data.cluster.engine import ClusterError, Engine, Packets
from data.cluster.instructions import Instructions
from data.cluster.pieces import Piece
from data.contract import LONGEST_TEXT
from data.duckdb_sql import Sql, fetch_row, literal, run, sql, stream

KINDS = (read.COUNTS, read.DAMAGED, read.UNSEEN, read.FAILED, read.VALUES, read.RAW_VALUES)


def tests(checked: Checked, name: str, casts: Sequence[Cast]) -> tuple[Sql, ...]:
    """Return every test whose rows the check of a table counts."""
    source, table = checked.sources[name], checked.tables[name]
    every = [
        Sql("true"),
        *cast_faults.readable_tests(casts).values(),
        *column_checks.zero_tests(source, table).values(),
    ]
    every += [*column_checks.short_tests(casts).values(), *column_checks.filled_tests(source, table).values()]
    every += [test for tests in column_checks.notice_tests(casts) for _, test in tests]
    if name == "completions":
        every += column_checks.over_tests(checked.delivery.delivered_on).values()
    return tuple(dict.fromkeys(every))


def count(engine: Engine, pieces: Sequence[Piece], instructions: Instructions) -> Packets:
    """Return the packets that the cluster counts, of `KINDS`."""
    counted = engine.over_pieces(pieces, partial(read.read, read.count, instructions))
    return counted.over_shards(KINDS, partial(read.add_up, instructions))


class Facts:
    """What is known of all rows, from the packets of `count`. The names are in a table of the working database, because there may be many."""

    def __init__(self, arriving: Iterable[packets.Packet], instructions: Instructions, connection: Connection) -> None:
        self._connection, self._instructions = connection, instructions
        self._passed: dict[str, dict[Sql, int]] = {}
        self._many: set[tuple[str, str]] = set()
        self.damaged: set[str] = set()
        run(
            connection,
            "create temp table name_counts (table_name varchar, column_name varchar, given varchar, rows bigint)",
        )
        run(connection, "create temp table sent_counts (table_name varchar, column_name varchar, number bigint)")
        for packet in arriving:
            self._add(packet)

    def _add(self, packet: packets.Packet) -> None:
        if packet.kind == read.UNSEEN:
            raise ClusterError(
                f"The workers cannot see {packet.content.decode()}. The delivery and the store must be in folders that every"
                " worker reads at the same path."
            )
        if packet.kind == read.DAMAGED:
            self.damaged.add(packet.table)
        elif packet.kind == read.COUNTS:
            numbers = packets.unpack_numbers(packet.content)
            passed = self._passed.setdefault(packet.table, dict.fromkeys(self._instructions.tests[packet.table], 0))
            for test, rows in zip(passed, numbers["passed"], strict=True):
                passed[test] += rows
            self._many |= {(packet.table, column) for column in numbers["many"]}
        else:
            target = "name_counts" if packet.kind == read.VALUES else "sent_counts"
            with packets.registered(self._connection, packets.unpack(packet.content)) as rows:
                run(self._connection, "insert into {target} select {table}, * from {rows}",
                    target=target, table=literal(packet.table), rows=rows)  # fmt: skip

    def count(self, name: str, tests: Sequence[Sql]) -> list[int]:
        """Return how many rows of a table pass each test."""
        passed: Mapping[Sql, int] | None = self._passed.get(name)
        return [passed[test] if passed else 0 for test in tests]

    def names(self, name: str, column: str) -> Sql:
        """Return a query of each value of a column and its rows (given, rows)."""
        return sql("select given, rows from name_counts where table_name = {name} and column_name = {column}",
                   name=literal(name), column=literal(column))  # fmt: skip

    def has_few_names(self, name: str, column: str) -> bool:
        """Return whether a column has so few different names that dictionary_encode.py would store them by number."""
        if (name, column) in self._many or not self._is_text(name, column):
            return False
        place = {"name": name, "column": column}
        (sent,) = fetch_row(self._connection, "select coalesce(sum(number), 0) from sent_counts"
                            " where table_name = $name and column_name = $column", place)  # fmt: skip
        (longest,) = fetch_row(self._connection, "select coalesce(max(length(given)), 0) from name_counts"
                               " where table_name = $name and column_name = $column", place)  # fmt: skip
        return bool(sent <= read.MOST_VALUES and longest <= LONGEST_TEXT)

    def _is_text(self, name: str, column: str) -> bool:
        casts = self._instructions.casts.get(name, [])
        return any(cast.raw is not None for cast in casts if cast.column.name == column)

    def values(self, name: str, column: str) -> Iterator[tuple[str, int]]:
        """Yield each value of a column and its rows."""
        yield from stream(run(self._connection, "{names}", names=self.names(name, column)))

    def spellings(self, name: str, column: str) -> list[spelling.Spellings]:
        """Return the names of a column that are spelled in several ways."""
        few = self.has_few_names(name, column)
        return spelling.group(spelling.repeated(self._connection, self.names(name, column), every_value=few))
