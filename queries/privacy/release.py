"""Prepare what protected readers may see of a new delivery: solve and audit the hidden cells of every stem, and write them to the store.

A stem is released if nothing in it can be computed. Of the others, protected readers get only statewide totals for all time.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from data import store
from data.progress import Progress, silent
from queries import instances
from queries.access.accounts import AccessError, read_access
from queries.access.viewer import MIN_COUNT
from queries.context import QueryContext
from queries.database import Store, delivery
from queries.privacy.across import AcrossContext
from queries.privacy.earlier import Decided, decided_before
from queries.privacy.family import counts_people, included_in, stem_of
from queries.privacy.joint import JOINT_TYPES
from queries.privacy.nested import Sides, others_of
from queries.privacy.patterns import is_hidden_by_itself
from queries.privacy.release_tables import CellCounts, StemRelease, write
from queries.privacy.rule import Rule, rule_of
from queries.privacy.solver import Solver
from queries.privacy.tables import Address
from queries.registry import Measure, measures
from queries.scope import Scope

if TYPE_CHECKING:
    from queries.privacy.audit import Audit

_ON_EVERY_PAGE = frozenset({"initiative", "region", "sector", "group", "quarter", "fiscal_year"})
_MIN_TO_SOLVE_IN_PROCESSES = 3_000  # enrollments; for fewer, starting processes takes longer than they save
_MIN_TO_AUDIT_IN_PROCESSES = 200
_OBJECTS_BETWEEN_COLLECTIONS = 1_000_000  # of garbage: a process makes millions of them, hardly any in cycles
_ATTEMPTS = 4  # of hiding more where an audit could compute a count


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
    work = _Work(database=database.resolve(), earlier=_on_screen(database), rule=rule, is_audited=is_audited)
    try:
        releases = _solved(work, progress)
    finally:
        instances.close(work.database)
    write(database, [each for each in releases if each.is_supplied], rule)
    return releases


@dataclass(frozen=True, kw_only=True)
class _Work:
    """What a process needs to solve a stem.

    Attributes:
        database: The new database.
        earlier: The database of the delivery on screen; None if there is none.
        rule: The limits.
        is_audited: Whether to audit.
    """

    database: Path
    earlier: Path | None
    rule: Rule
    is_audited: bool


def _on_screen(database: Path) -> Path | None:
    """Return the database of the delivery on screen; the new one is in a work folder of the same store."""
    where = database.resolve().parents[2]
    current = store.current_id(where)
    return store.database(where, current) if current else None


def _min_count() -> int:
    try:
        return read_access().min_count
    except AccessError:
        return MIN_COUNT  # the server does not start with such a file


def _solved(work: _Work, progress: Progress) -> list[StemRelease]:
    """Solve every stem, as many at a time as there are cores. Those that the most others wait for come first."""
    stems = list(dict.fromkeys(stem_of(measure) for measure in measures().values() if _is_joint(measure)))
    before = {stem: _solved_before(stem) for stem in stems}
    waiting = sorted(stems, key=lambda stem: -_followers(stem, before))
    releases: dict[str, StemRelease] = {}
    running: dict[Future[StemRelease], str] = {}
    with _workers(work) as pool:
        while waiting or running:
            ready = [stem for stem in waiting if before[stem] <= releases.keys()]
            for stem in ready[: (os.cpu_count() or 1) - len(running)]:
                waiting.remove(stem)
                base = releases.get(included_in(stem) or "")
                others = {name: each for other in before[stem] for name, each in releases[other].counted.items()}
                running[pool.submit(_solve, work, stem, base, others)] = stem
            for each in wait(running, return_when=FIRST_COMPLETED).done:
                stem = running.pop(each)
                releases[stem] = each.result()
                progress(f"Protected {stem.replace('_', ' ')}")
    return [releases[stem] for stem in stems]


def _followers(stem: str, before: Mapping[str, Collection[str]]) -> int:
    """Return how many stems have to wait for one, also for those that wait for it."""
    following, more = set[str](), {stem}
    while more:
        more = {each for each in before if more.intersection(before[each])} - following
        following |= more
    return len(following)


def _solved_before(stem: str) -> set[str]:
    """Return the stems that have to be solved before another: those that it includes or is nested with."""
    members = {each.id for each in measures().values() if stem_of(each) == stem}
    others = {stem_of(measures()[each]) for each in others_of(members)} - {stem}
    return others | {each for each in (included_in(stem),) if each is not None}


def _workers(work: _Work) -> Executor:
    """Return what solves: processes on all cores, or for a delivery of few enrollments this one, which needs no start."""
    (row,) = Store("", instances.file_state(work.database)).rows("select count(*) as count from enrollments")
    if row["count"] < (_MIN_TO_AUDIT_IN_PROCESSES if work.is_audited else _MIN_TO_SOLVE_IN_PROCESSES):
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(
        os.cpu_count(),
        mp_context=get_context("spawn"),
        initializer=gc.set_threshold,
        initargs=(_OBJECTS_BETWEEN_COLLECTIONS,),
    )


def _is_joint(measure: Measure) -> bool:
    return measure.type in JOINT_TYPES and counts_people(measure)


def _solve(
    work: _Work, stem: str, base: StemRelease | None, others: Mapping[str, Mapping[Address, Sides]]
) -> StemRelease:
    """Solve one stem. It runs in a process of its own, which opens the store itself and keeps it open for the next stem."""
    opened = Store("", instances.file_state(work.database))
    about = delivery(opened)
    scope = Scope(as_of=about.delivered_on, delivery=about.id)
    members = [measure for measure in measures().values() if _is_joint(measure) and stem_of(measure) == stem]
    members.sort(key=lambda measure: measure.id != stem)
    contexts = [AcrossContext(measure, None, scope, opened, about) for measure in members]
    earlier = decided_before(work.earlier, stem, work.rule.min_count)
    return _release(stem, contexts, work.rule, base, earlier, others=others, is_audited=work.is_audited)


def _release(
    stem: str,
    members: Collection[QueryContext],
    rule: Rule,
    base: StemRelease | None,
    earlier: Mapping[Address, Decided],
    *,
    others: Mapping[str, Mapping[Address, Sides]] | None = None,
    is_audited: bool = True,
) -> StemRelease:
    label = measures()[stem].label
    supplied = tuple(context for context in members if context.is_supplied(context.measure.id))
    if not supplied or supplied[0].measure.id != stem:
        return StemRelease(stem, label, is_released=False, is_supplied=False)
    if base is not None and not base.is_released:
        return StemRelease(stem, label, is_released=False)
    solver = Solver(supplied, rule, frozenset(base.hidden) if base else frozenset(), earlier, is_audited, others or {})
    if max(solver.statewide(), default=0) < rule.large:
        return StemRelease(stem, label, is_released=False)
    solver.solve(base.held if base else ())
    result = _audited(solver) if is_audited else None
    is_released = result is None or not result.exposed
    return StemRelease(
        stem,
        label,
        is_released=is_released,
        shown=cell_counts(solver, set(solver.reasons) if is_released else solver.cells.keys() - {()}),
        recovered=len(result.recovered) if result else 0,
        narrowed=len(result.narrowed) if result else 0,
        hidden=tuple(solver.reasons),
        decided=solver.decided(),
        counted=solver.counted(solver.cells | solver.unshown) if is_released else {},
    )


def _audited(solver: Solver) -> Audit:
    """Audit a stem and hide more of it until an audit finds nothing to hide, or a count that nothing makes safe."""
    from queries.privacy.audit import Auditor

    auditor = Auditor(solver)
    result = auditor.audit()
    for _ in range(_ATTEMPTS):
        if result.lost or not result.more:
            break
        solver.hide_more(result.more)
        result = auditor.audit()
    return result


def cell_counts(solver: Solver, hidden: Collection[Address]) -> dict[str, CellCounts]:
    """Return how many cells each view has, those of the filters and periods of every page, and how many of them are shown."""
    counted = [
        (address, cell.owner, is_hidden_by_itself(cell, solver.rule.min_count))
        for address, cell in solver.cells.items()
        if any(cell.values) and _ON_EVERY_PAGE.issuperset(name for name, _ in address)
    ]
    regions = [str(row["region"]) for row in solver.members[0].listing("regions")]
    return {
        view: CellCounts(
            cells=len(counted),
            allowed=sum(not is_hidden or owner == view for _, owner, is_hidden in counted),
            shown=sum(address not in hidden or owner == view for address, owner, _ in counted),
        )
        for view in ("", *regions)
    }
