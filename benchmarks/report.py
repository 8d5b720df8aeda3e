"""What the bench found, as tables, with the targets beside the figures. Nothing is measured here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.figures import percentile, ratio, table, target

HEADLINES, EVERY_PAGE, GROWTH, SERVER_MS = 1.5, 2.0, 1.1, 40.0
READABLE, ALL_PAINTED = 1.3, 2.0
PUBLISH_MB, PUBLISH_SECONDS = 8 * 1073.741824, 300.0
CROWD, MB_A_SESSION = 2.5, 5.0
KINDS = {"kept": "pages kept", "ahead": "answers worked out ahead", "never asked": "never asked"}


def is_wrong(found: dict[str, Any]) -> bool:
    """Whether a number was wrong or something broke."""
    crowds = any(one["errors"] or one["wrong"] for one in found["sessions"])
    return bool(found["errors"]) or crowds or any(one.get("incidents") for one in found["sizes"])


def targets(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The targets that this run can say something about."""
    return [*_of_pages(found["sizes"]), *_of_growth(found["sizes"]), *_of_the_rest(found)]


def _of_pages(sizes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in (size for size in sizes if size.get("pages")):
        pages, at = one["pages"], f"{one['residents']:,} residents"
        for kind, words in KINDS.items():
            if "headlines" in pages:
                value = pages["headlines"]["ratio"][kind]["p95"]
                yield target(f"Headlines, click to painted, p95, {words}, {at}", value, HEADLINES, "× floor")
            worst = max(pages, key=lambda page: pages[page]["ratio"][kind]["p95"])
            what = f"slowest page ({worst}), click to painted, p95, {words}, {at}"
            yield target(what, pages[worst]["ratio"][kind]["p95"], EVERY_PAGE, "× floor")
            worst = max(pages, key=lambda page: pages[page]["server"][kind]["median"])
            what = f"server's share ({worst}), median, {words}, {at}"
            yield target(what, pages[worst]["server"][kind]["median"], SERVER_MS, "ms")


def _of_growth(sizes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    measured = [size for size in sizes if size.get("pages")]
    if len(measured) < 2:
        return
    small, large = measured[0], measured[-1]
    both = set(small["pages"]) & set(large["pages"])
    for kind, words in KINDS.items():
        both_of = [
            [ms for page in sorted(both) for ms in size["pages"][page]["times"][kind]] for size in (large, small)
        ]
        grown = {
            page: ratio(large["pages"][page][kind]["p95"], small["pages"][page][kind]["p95"]) or 0.0 for page in both
        }
        if grown and all(both_of):
            of = f"{large['residents']:,} over {small['residents']:,} residents"
            together = ratio(*(percentile(times, 95) for times in both_of))
            yield target(f"{of}, all pages' clicks together, p95, {words}", together, GROWTH, "×")
            worst = max(grown, key=lambda page: grown[page])
            yield target(f"{of} ({worst}, the most of any page), p95, {words}", grown[worst], GROWTH, "×")


def _of_the_rest(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in found["sizes"]:
        at = f"{one['residents']:,} residents"
        if load := one.get("load"):
            yield target(f"first load, first number readable, {at}", load["ratio_readable"], READABLE, "× floor")
            yield target(f"first load, all painted, {at}", load["ratio_painted"], ALL_PAINTED, "× floor")
    if published := [one for one in found["sizes"] if one.get("publish")]:
        largest = published[-1]
        at = f"{largest['residents']:,} residents"
        yield target(f"publishing, peak memory, {at}", largest["publish"]["peak_mb"], PUBLISH_MB, "MB")
        yield target(f"publishing, time, {at}", largest["publish"]["seconds"], PUBLISH_SECONDS, "s")
    crowds = {one["sessions"]: one for one in found["sessions"]}
    if 25 in crowds and 1 in crowds:
        yield target("25 sessions, p95", crowds[25]["ratio_to_one"], CROWD, "× one session")
    if crowds:
        most = crowds[max(crowds)]
        yield target(f"{most['sessions']} sessions, errors", len(most["errors"]), 0)
        yield target(f"{most['sessions']} sessions, wrong numbers", len(most["wrong"]), 0)
        yield target(f"{most['sessions']} sessions, memory a session", most["mb_a_session"], MB_A_SESSION, "MB")


def text(found: dict[str, Any]) -> str:
    """Everything, to be read."""
    parts = []
    for one in found["sizes"]:
        parts += [f"== {one['residents']:,} residents", *_size(one)]
    if found["sessions"]:
        head = ["sessions", "clicks", "median ms", "p95 ms", "× one", "errors", "wrong", "MB before", "MB after", "MB a session", "MB grown"]  # fmt: skip
        rows = [
            [
                one["sessions"], one["clicks"], one.get("median"), one.get("p95"), one["ratio_to_one"], len(one["errors"]),
                len(one["wrong"]), one["memory_before_mb"], one["memory_after_mb"], one["mb_a_session"], one["growth_mb"],
            ]
            for one in found["sessions"]
        ]  # fmt: skip
        seconds = found["sessions"][0]["seconds"]
        parts += [f"== Sessions, a click every two seconds for {seconds:g} seconds", table(head, rows)]
        parts += [line for one in found["sessions"] for line in (*one["errors"][:3], *one["wrong"][:3])]
    rows = [[one["what"], one["value"], one["target"], one["unit"], one["verdict"]] for one in found["targets"]]
    parts += ["== Targets (at most)", table(["", "found", "target", "", ""], rows)]
    parts += found["errors"]
    return "\n".join([*parts, f"{found['minutes']} minutes on {found['machine']['cores']} cores"])


def _size(one: dict[str, Any]) -> Iterator[str]:
    if published := one.get("publish"):
        yield (
            f"publish {published['seconds']:,.1f} s, {published['peak_mb']:,.0f} MB at its peak; reading the same Parquet "
            f"once {published['read_seconds']:,.2f} s: {published['ratio']} times that"
        )
    if asked := one.get("questions"):
        head = ["", "median ms", "p95 ms", "count"]
        floors = (
            ("count(distinct) on the raw Parquet", asked["raw"]),
            ("the answers' SQL straight in DuckDB", asked["straight"]),
        )
        rows = [
            (name, took["median"], took["p95"], took["count"])
            for name, took in (*floors, ("ask, never asked before", asked["ask"]))
        ]
        rows += [(f"  {name}", took["median"], took["p95"], took["count"]) for name, took in asked["each"].items()]
        yield table(head, rows)
    if "ahead_seconds" in one:
        yield f"what readers ask first was worked out {one['ahead_seconds']:,.0f} s after the start"
    if pages := one.get("pages"):
        head = ["click to painted, ms", "floor", "p95"]
        head += [part for kind in KINDS for part in (kind, "p95", "× floor", "p95", "server")]
        rows = [
            [
                page,
                *_both(took["floor"]),
                *(
                    part
                    for kind in KINDS
                    for part in (*_both(took[kind]), *_both(took["ratio"][kind]), took["server"][kind]["median"])
                ),
                took["kilobytes"],
            ]
            for page, took in pages.items()
        ]
        yield table([*head, "kB"], rows)
    if load := one.get("load"):
        yield (
            f"first load, median ms: first number readable {load['readable']['median']:,.0f}, all painted "
            f"{load['painted']['median']:,.0f}, the floor {load['floor']['median']:,.0f}: "
            f"{load['ratio_readable']} and {load['ratio_painted']} times the floor"
        )


def _both(took: dict[str, float]) -> tuple[float, float]:
    return took["median"], took["p95"]
