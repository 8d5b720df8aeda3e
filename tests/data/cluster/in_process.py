"""A cluster in this process, which keeps nothing that a cluster of machines would lose: tasks and packets are pickled."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from data.cluster.engine import PieceTask, ShardTask
from data.cluster.packets import Packet
from data.cluster.pieces import Piece


@dataclass
class PacketsHere:
    packets: list[Packet]

    def over_shards(self, kinds: Collection[str], task: ShardTask) -> PacketsHere:
        shards: dict[int, list[Packet]] = {}
        for packet in self.packets:
            if packet.kind in kinds:
                shards.setdefault(packet.shard, []).append(packet)
        task = pickle.loads(pickle.dumps(task))
        return PacketsHere([made for shard, packets in shards.items() for made in task(shard, packets)])

    def remembered(self) -> PacketsHere:
        return self

    def fetch(self, *kinds: str) -> Iterator[Packet]:
        # in another order than they were made
        return (packet for packet in reversed(self.packets) if packet.kind in kinds)


class EngineHere:
    memory_mb = 500

    def over_pieces(self, pieces: Sequence[Piece], task: PieceTask) -> PacketsHere:
        task = pickle.loads(pickle.dumps(task))
        return PacketsHere([packet for piece in pickle.loads(pickle.dumps(list(pieces))) for packet in task(piece)])
