"""Write the results of the benchmark as tables, with the targets. Nothing is measured here."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figures import Cell, Spread, Target, ratio, table
from benchmarks.results import NEW_QUESTIONS, Crowd, Kind, PageClicks, Results, Size

# The most a click may take, as a multiple of the floor: on every page, and on Overview.
CACHED_LIMITS = {Kind.IN_BROWSER: (1.5, 1.2), Kind.ON_SERVER: (2.0, 1.6)}
# The same for a question that nobody asked, by residents; and the most ms of it that may be the server's.
NEW_LIMITS = {12_000: (2.0, 1.6), 1_000_000: (2.5, 2.0), 10_000_000: (3.0, 2.5)}
SERVER_MS = {12_000: 60.0, 10_000_000: 120.0}
READABLE, ALL_PAINTED = 1.1, 1.3
PLANNING_MS, QUERY_LETTERS = 3.0, 900.0
GIB = 1073.741824  # MB
PROTECTING_SECONDS = 60.0
PUBLISHING = {1_000_000: (40.0, 1 * GIB), 10_000_000: (150.0, 5 * GIB)}  # seconds, memory
STORE_TO_PARQUET = 2.5
CROWD, CROWD_RATIO, PROCESS_MB = 100, 2.0, {12_000: 300.0}


def targets(results: Results) -> list[Target]:
    """Return the targets that this run measured."""
    return [target for size in results.sizes for target in _targets(size)]


def _targets(size: Size) -> Iterator[Target]:
    for kind in Kind:
        yield from _click_targets(size, kind)
    yield from _server_targets(size)
    if size.questions:
        yield Target(f"planning a query, median, {size.label}", size.questions.planning.median, PLANNING_MS, "ms")
        yield Target(
            f"text of a query, median, {size.label}", size.questions.letters.median, QUERY_LETTERS, "characters"
        )
    if size.loads:
        yield Target(f"first load, first number, {size.label}", size.loads.ratio_readable, READABLE, "× floor")
        yield Target(f"first load, all painted, {size.label}", size.loads.ratio_painted, ALL_PAINTED, "× floor")
    if published := size.published:
        seconds, memory = PUBLISHING.get(size.residents, (None, None))
        if seconds and memory:
            yield Target(f"publishing, time, {size.label}", published.seconds, seconds, "s")
            yield Target(f"publishing, peak memory, {size.label}", published.peak_mb, round(memory), "MB")
        label = f"deciding what protected readers see, {size.label}"
        yield Target(label, published.protecting_seconds, PROTECTING_SECONDS, "s")
        share = ratio(published.store_mb, published.parquet_mb)
        yield Target(f"the store, {size.label}", share, STORE_TO_PARQUET, "× its Parquet")
    for crowd in size.crowds:
        if crowd.sessions == CROWD:
            yield from _crowd_targets(size, crowd)


def _click_targets(size: Size, kind: Kind) -> Iterator[Target]:
    ratios = {page: clicks.kinds[kind].ratio or 0.0 for page, clicks in size.pages.items() if kind in clicks.kinds}
    limits = CACHED_LIMITS.get(kind) or NEW_LIMITS.get(size.residents)
    if not ratios or not limits:
        return
    every_page, headlines = limits
    if "overview" in ratios:
        yield Target(f"Overview, {kind}, {size.label}", ratios["overview"], headlines, "× floor")
    worst = max(ratios, key=lambda page: ratios[page])
    over = sum(value > every_page for value in ratios.values())
    what = f"slowest page ({worst}; {over} of {len(ratios)} over), {kind}, {size.label}"
    yield Target(what, ratios[worst], every_page, "× floor")


def _server_targets(size: Size) -> Iterator[Target]:
    most = SERVER_MS.get(size.residents)
    shares = {
        page: max(clicks.kinds[kind].server.median for kind in NEW_QUESTIONS if kind in clicks.kinds)
        for page, clicks in size.pages.items()
        if set(NEW_QUESTIONS) & set(clicks.kinds)
    }
    if most is not None and shares:
        worst = max(shares, key=lambda page: shares[page])
        yield Target(f"server's share, never asked ({worst}), median, {size.label}", shares[worst], most, "ms")


def _crowd_targets(size: Size, crowd: Crowd) -> Iterator[Target]:
    name = f"{crowd.sessions} sessions"
    yield Target(f"{name}, p95, {size.label}", crowd.ratio_to_single, CROWD_RATIO, "× one session")
    yield Target(f"{name}, errors, {size.label}", len(crowd.errors), 0)
    yield Target(f"{name}, wrong numbers, {size.label}", len(crowd.wrong), 0)
    if size.residents in PROCESS_MB:
        yield Target(f"{name}, the process, {size.label}", crowd.memory_after_mb, PROCESS_MB[size.residents], "MB")


def text(results: Results) -> str:
    """Return all results as text."""
    parts = [part for size in results.sizes for part in (f"== {size.label}", *_size(size))]
    lines = [(target.what, target.value, target.most, target.unit, target.verdict) for target in results.targets]
    parts += ["== Targets (at most)", table(["", "result", "target", "", ""], lines), *results.errors]
    return "\n".join([*parts, f"{results.minutes} minutes on {results.cores} cores"])


def _size(size: Size) -> Iterator[str]:
    if published := size.published:
        yield (
            f"publish {published.seconds:,.1f} s, {published.peak_mb:,.0f} MB at its peak; decide what protected readers see "
            f"{published.protecting_seconds:,.1f} s, {published.protecting_peak_mb:,.0f} MB; {published.store_mb:,.0f} MB from "
            f"{published.parquet_mb:,.0f} MB of Parquet; reading that once takes {published.read_seconds:,.2f} s"
        )
    if questions := size.questions:
        spreads: dict[str, Spread] = {
            "count(distinct) on the raw Parquet, ms": questions.raw,
            "the answers' SQL in DuckDB, ms": questions.straight,
            "planning a query, ms": questions.planning,
            "text of a query, characters": questions.letters,
            "queries a question": questions.queries,
            "ask, for the first time, ms": questions.ask,
            **{f"  {name}": spread for name, spread in questions.each.items()},
        }
        rows: list[list[Cell]] = [[name, took.median, took.p95, took.count] for name, took in spreads.items()]
        yield table(["", "median", "p95", "count"], rows)
        yield from questions.skipped
    if size.pages:
        yield from _pages(size.pages)
    if loads := size.loads:
        yield (
            f"first load, median ms: first number {loads.readable.median:,.0f}, all painted {loads.painted.median:,.0f}, "
            f"the floor {loads.floor.median:,.0f}: {loads.ratio_readable} and {loads.ratio_painted} times the floor"
        )
    if size.crowds:
        yield from _crowds(size.crowds)


def _pages(pages: dict[str, PageClicks]) -> Iterator[str]:
    for kind in Kind:
        rows: list[list[Cell]] = []
        for page, clicks in pages.items():
            if kind in clicks.kinds:
                took = clicks.kinds[kind]
                rows.append([page, took.floor.median, took.painted.median, took.ratio, took.painted.p95,
                             took.scrolled.median, took.server.median, took.painted.count])  # fmt: skip
        if rows:
            yield table([str(kind), "floor", "painted", "× floor", "p95", "scrolled", "server", "clicks"], rows)
    rows = [[page, clicks.clicked, clicks.kilobytes] for page, clicks in pages.items()]
    yield table(["an answer's messages", "clicked", "kB"], rows)


def _crowds(crowds: list[Crowd]) -> Iterator[str]:
    head = [
        "sessions",
        "clicks",
        "median ms",
        "p95 ms",
        "× one",
        "errors",
        "wrong",
        "MB before",
        "MB after",
        "MB a session",
    ]
    rows: list[list[Cell]] = [
        [
            crowd.sessions, crowd.ms.count if crowd.ms else 0, crowd.ms.median if crowd.ms else None,
            crowd.ms.p95 if crowd.ms else None, crowd.ratio_to_single, len(crowd.errors), len(crowd.wrong),
            crowd.memory_before_mb, crowd.memory_after_mb, crowd.mb_a_session,
        ]
        for crowd in crowds
    ]  # fmt: skip
    yield f"Sessions, a click every two seconds for {crowds[0].seconds:g} seconds"
    yield table(head, rows)
    for crowd in crowds:
        yield from (*crowd.errors[:3], *crowd.wrong[:3])
