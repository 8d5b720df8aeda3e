"""What a check needs of a cluster: run tasks over pieces, bring packets of a shard to one task, and return packets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Protocol

from data.cluster.packets import Packet
from data.cluster.pieces import Piece

PieceTask = Callable[[Piece], Iterable[Packet]]
ShardTask = Callable[[int, list[Packet]], Iterable[Packet]]


class ClusterError(Exception):
    """The cluster could not do its work. The message is a sentence. It says nothing about the delivery."""


class Packets(Protocol):
    """Packets on the cluster. Tasks run when they are fetched, and again after a failure."""

    def over_shards(self, kinds: Collection[str], task: ShardTask) -> Packets:
        """Return the packets that a task makes of each shard's packets of these kinds."""

    def remembered(self) -> Packets:
        """Return the same packets, which the cluster does not make again each time they are used."""

    def fetch(self, *kinds: str) -> Iterator[Packet]:
        """Yield packets of these kinds, in no order.

        Raises:
            ClusterError: The tasks failed, also when they were tried again.
        """


class Engine(Protocol):
    """A cluster.

    Attributes:
        memory_mb: How much memory a task may use, in megabytes.
    """

    memory_mb: int

    def over_pieces(self, pieces: Sequence[Piece], task: PieceTask) -> Packets:
        """Return the packets that a task makes of each piece."""
