"""The tables of a store that say what protected readers may see of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from data.duckdb_sql import attach, connect, detach, insert, sql
from queries.privacy.earlier import text_of
from queries.privacy.nested import Sides
from queries.privacy.rule import Rule
from queries.privacy.tables import Address, names_of

_EXPOSED = (
    "The audit could compute small counts of these measures, so protected readers see at most their statewide totals:"
)


class CellCounts(NamedTuple):
    """How many cells count somebody, and how many of them a view has.

    Attributes:
        cells: All of them.
        allowed: Those that no rule hides for their own counts. The others cannot be shown to this view.
        shown: Those that are shown.
    """

    cells: int
    allowed: int
    shown: int


@dataclass(frozen=True)
class StemRelease:
    """What was decided about one stem.

    Attributes:
        stem: The measure that gives it its name.
        label: Its name on screen.
        is_released: Whether more than the statewide total is shown.
        is_supplied: Whether the delivery has what it counts.
        shown: The cells by the filters of every page, by view: "" for the Governor's office, else a director's region.
        recovered: Cells of which the last audit could compute a count.
        narrowed: Cells of which it could compute a count within fewer values than the rule leaves open.
        hidden: The hidden cells.
        decided: For each cell, the earlier delivery for which its state was decided (None: this one), and its counts then.
        counted: The counts of each measure, for others that are nested with it.
    """

    stem: str
    label: str
    is_released: bool
    is_supplied: bool = True
    shown: Mapping[str, CellCounts] = field(default_factory=dict)
    recovered: int = 0
    narrowed: int = 0
    hidden: Collection[Address] = ()
    decided: Mapping[Address, tuple[str | None, tuple[int, ...]]] = field(default_factory=dict)
    counted: Mapping[str, Mapping[Address, Sides]] = field(default_factory=dict)

    @property
    def held(self) -> set[Address]:
        """The cells that are shown with the number of an earlier delivery."""
        return {address for address, (delivery, _) in self.decided.items() if delivery is not None} - set(self.hidden)


def write(database: Path, releases: Collection[StemRelease], rule: Rule) -> None:
    """Write what was decided to a store that nobody reads yet, and a notice about what is not released.

    The tables are `releases`, `release_shares`, `hidden_cells` and `decided_cells`.
    """
    with (
        TemporaryDirectory(prefix="release-", dir=database.parent.parent) as work,
        closing(connect(Path(work))) as connection,
    ):
        attach(connection, database, "store")
        connection.execute(
            "set disabled_compression_methods = ''"
        )  # uncompressed, the cells of a small delivery were most of its store
        connection.execute(
            "create table store.releases"
            " (stem varchar, label varchar, min_count integer, is_released boolean, recovered integer, narrowed integer)"
        )
        connection.execute(
            "create table store.release_shares"
            " (stem varchar, region varchar, cells integer, allowed integer, shown integer)"
        )
        connection.execute("create table store.hidden_cells (stem varchar, dimensions varchar, cell varchar)")
        connection.execute(
            "create table store.decided_cells"
            " (stem varchar, dimensions varchar, cell varchar, delivery varchar, counts integer[])"
        )
        for each in releases:
            counts = (each.recovered, each.narrowed)
            insert(
                connection,
                sql("store.{name}", name="releases"),
                [(each.stem, each.label, rule.min_count, each.is_released, *counts)],
            )
            insert(
                connection,
                sql("store.{name}", name="release_shares"),
                [(each.stem, view, *shown) for view, shown in each.shown.items()],
            )
            connection.execute(
                "insert into store.hidden_cells select $stem, unnest($dimensions), unnest($cells)",
                {"stem": each.stem, **_columns(sorted(each.hidden))},
            )
            addresses = sorted(each.decided)
            decided = [each.decided[address] for address in addresses]
            connection.execute(
                "insert into store.decided_cells"
                " select $stem, unnest($dimensions), unnest($cells), unnest($deliveries), unnest($counts)",
                {
                    "stem": each.stem,
                    **_columns(addresses),
                    "deliveries": [delivery for delivery, _ in decided],
                    "counts": [list(counts) for _, counts in decided],
                },
            )
        exposed = [each.label for each in releases if each.recovered or each.narrowed]
        if exposed:
            notice = f"{_EXPOSED} {', '.join(exposed)}."
            insert(connection, sql("store.{name}", name="check_notices"), [("enrollments", notice)])
        detach(connection, "store")


def _columns(addresses: Sequence[Address]) -> dict[str, list[str]]:
    """Return the dimensions and the values of cells, as the tables have them."""
    return {
        "dimensions": [",".join(names_of(address)) for address in addresses],
        "cells": [text_of(address) for address in addresses],
    }
