"""Prepare what protected readers may see of a new delivery: solve and audit the hidden cells of every stem, and write them to the store.

A stem is released if nothing in it can be computed. Of the others, protected readers get only statewide totals for all time.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from data.duckdb_sql import attach, connect, detach, insert, sql
from data.progress import Progress, silent
from queries import instances
from queries.access.accounts import AccessError, read_access
from queries.access.viewer import MIN_COUNT
from queries.context import QueryContext
from queries.database import Store, delivery
from queries.privacy.audit import Audit, audit
from queries.privacy.family import counts_people, included_in, stem_of
from queries.privacy.joint import JOINT_TYPES, text_of
from queries.privacy.rule import Rule, rule_of
from queries.privacy.solver import Solver
from queries.privacy.tables import Address, names_of
from queries.registry import Measure, measures
from queries.scope import Scope

_EXPOSED = (
    "The audit could compute small counts of these measures, so protected readers see only their statewide totals:"
)
_ON_EVERY_PAGE = frozenset({"initiative", "region", "sector", "group", "quarter", "fiscal_year"})
_MIN_FOR_PROCESSES = 3_000  # enrollments
_ATTEMPTS = 4  # of hiding more where an audit could compute a count


@dataclass(frozen=True)
class StemRelease:
    """What was decided about one stem.

    Attributes:
        stem: The measure that gives it its name.
        label: Its name on screen.
        is_released: Whether more than the statewide total is shown.
        shown: By view ("" for the Governor's office, else a director's region): cells by the filters of every page that count
            somebody, and how many of them are shown.
        recovered: Cells of which the last audit could compute a count.
        narrowed: Cells of which it could compute a count within fewer values than the rule leaves open.
        hidden: The hidden cells.
    """

    stem: str
    label: str
    is_released: bool
    shown: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    recovered: int = 0
    narrowed: int = 0
    hidden: Collection[Address] = ()


def prepare(database: Path, progress: Progress = silent, *, is_audited: bool = True) -> list[StemRelease]:
    """Decide what is hidden in a store that nobody reads yet, and write it there.

    Args:
        database: The store's DuckDB file.
        progress: Receives a sentence for each step.
        is_audited: Whether to try to compute hidden cells, and to hide more where that succeeds. Tests go without.

    Returns:
        What was decided about each stem.
    """
    rule = rule_of(_min_count())
    releases = _solved(database.resolve(), rule, progress, is_audited=is_audited)
    _write(database, releases, rule)
    return releases


def _min_count() -> int:
    try:
        return read_access().min_count
    except AccessError:
        return MIN_COUNT  # the server does not start with such a file


def _solved(database: Path, rule: Rule, progress: Progress, *, is_audited: bool) -> list[StemRelease]:
    """Solve every stem, as many at a time as there are cores. Stems inside of others follow them."""
    stems = list(dict.fromkeys(stem_of(measure) for measure in measures().values() if _is_joint(measure)))
    releases: dict[str, StemRelease] = {}
    with _workers(database) as pool:
        for is_inner in (False, True):
            work = {
                pool.submit(
                    _solve, database, stem, rule, releases.get(included_in(stem) or ""), is_audited=is_audited
                ): stem
                for stem in stems
                if (included_in(stem) is not None) == is_inner
            }
            for done in as_completed(work):
                releases[work[done]] = done.result()
                progress(f"Protected {work[done].replace('_', ' ')}")
    return [releases[stem] for stem in stems]


def _workers(database: Path) -> Executor:
    """Return what solves: processes on all cores, or for a delivery of few enrollments this one, which needs no start."""
    try:
        (row,) = Store("", instances.file_state(database)).rows("select count(*) as count from enrollments")
    finally:
        instances.close(database)
    if row["count"] < _MIN_FOR_PROCESSES:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"))


def _is_joint(measure: Measure) -> bool:
    return measure.type in JOINT_TYPES and counts_people(measure)


def _solve(database: Path, stem: str, rule: Rule, base: StemRelease | None, *, is_audited: bool) -> StemRelease:
    """Solve one stem. It runs in a process of its own, which opens the store itself."""
    store = Store("", instances.file_state(database))
    about = delivery(store)
    scope = Scope(as_of=about.delivered_on, delivery=about.id)
    members = [measure for measure in measures().values() if _is_joint(measure) and stem_of(measure) == stem]
    members.sort(key=lambda measure: measure.id != stem)
    contexts = [QueryContext(measure, None, scope, store, about) for measure in members]
    try:
        return _release(stem, contexts, rule, base, is_audited=is_audited)
    finally:
        instances.close(database)


def _release(
    stem: str,
    members: Collection[QueryContext],
    rule: Rule,
    base: StemRelease | None,
    *,
    is_audited: bool = True,
) -> StemRelease:
    label = measures()[stem].label
    supplied = tuple(context for context in members if context.is_supplied(context.measure.id))
    if not supplied or supplied[0].measure.id != stem or (base is not None and not base.is_released):
        return StemRelease(stem, label, is_released=False)
    solver = Solver(supplied, rule, frozenset(base.hidden) if base else frozenset())
    if max(solver.statewide(), default=0) < rule.large:
        return StemRelease(stem, label, is_released=False)
    solver.solve()
    result = audit(solver) if is_audited else Audit()
    for _ in range(_ATTEMPTS):
        if not result.more:
            break
        solver.hide_more(result.more)
        result = audit(solver)
    return StemRelease(
        stem,
        label,
        is_released=not result.exposed,
        shown=_shown(solver),
        recovered=len(result.recovered),
        narrowed=len(result.narrowed),
        hidden=tuple(solver.reasons),
    )


def _shown(solver: Solver) -> dict[str, tuple[int, int]]:
    counted = [
        address
        for address, cell in solver.cells.items()
        if any(cell.values) and _ON_EVERY_PAGE.issuperset(name for name, _ in address)
    ]
    regions = [str(row["region"]) for row in solver.members[0].listing("regions")]
    return {
        view: (
            len(counted),
            sum(
                address not in solver.reasons or (view != "" and solver.cells[address].owner == view)
                for address in counted
            ),
        )
        for view in ("", *regions)
    }


def _write(database: Path, releases: Collection[StemRelease], rule: Rule) -> None:
    """Write the tables `releases`, `release_shares` and `hidden_cells`, and a notice about what is not released."""
    with (
        TemporaryDirectory(prefix="release-", dir=database.parent.parent) as work,
        closing(connect(Path(work))) as connection,
    ):
        attach(connection, database, "store")
        connection.execute(
            "create table store.releases"
            " (stem varchar, label varchar, min_count integer, is_released boolean, recovered integer, narrowed integer)"
        )
        connection.execute(
            "create table store.release_shares (stem varchar, region varchar, cells integer, shown integer)"
        )
        connection.execute("create table store.hidden_cells (stem varchar, dimensions varchar, cell varchar)")
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
            cells = sorted((",".join(names_of(address)), text_of(address)) for address in each.hidden)
            connection.execute(
                "insert into store.hidden_cells select $stem, unnest($dimensions), unnest($cells)",
                {"stem": each.stem, "dimensions": [names for names, _ in cells], "cells": [text for _, text in cells]},
            )
        exposed = [each.label for each in releases if each.recovered or each.narrowed]
        if exposed:
            notice = f"{_EXPOSED} {', '.join(exposed)}."
            insert(connection, sql("store.{name}", name="check_notices"), [("enrollments", notice)])
        detach(connection, "store")
