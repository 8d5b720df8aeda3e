"""Write the results of the benchmark as tables, with the targets. Nothing is measured here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.figures import percentile, ratio, table, target

HEADLINES, EVERY_PAGE, GROWTH, SERVER_MS = 1.5, 2.0, 1.1, 40.0
READABLE, ALL_PAINTED = 1.3, 2.0
PUBLISH_MB, PUBLISH_SECONDS = 8 * 1073.741824, 300.0
CROWD, MB_A_SESSION = 2.5, 5.0
CLICK_KINDS = {"cached": "cached pages", "prepared": "prepared answers", "first time": "asked for the first time"}


def has_errors(results: dict[str, Any]) -> bool:
    """Return whether a number was wrong or something failed."""
    crowds = any(size["errors"] or size["wrong"] for size in results["sessions"])
    return bool(results["errors"]) or crowds or any(size.get("incidents") for size in results["sizes"])


def targets(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the targets that this run measured."""
    return [*_page_targets(results["sizes"]), *_growth_targets(results["sizes"]), *_other_targets(results)]


def _page_targets(sizes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for size in (size for size in sizes if size.get("pages")):
        pages, population = size["pages"], f"{size['residents']:,} residents"
        for kind, label in CLICK_KINDS.items():
            if "headlines" in pages:
                value = pages["headlines"]["ratio"][kind]["p95"]
                yield target(f"Headlines, click to painted, p95, {label}, {population}", value, HEADLINES, "× floor")
            worst = max(pages, key=lambda page: pages[page]["ratio"][kind]["p95"])
            what = f"slowest page ({worst}), click to painted, p95, {label}, {population}"
            yield target(what, pages[worst]["ratio"][kind]["p95"], EVERY_PAGE, "× floor")
            worst = max(pages, key=lambda page: pages[page]["server"][kind]["median"])
            what = f"server time ({worst}), median, {label}, {population}"
            yield target(what, pages[worst]["server"][kind]["median"], SERVER_MS, "ms")


def _growth_targets(sizes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    measured = [size for size in sizes if size.get("pages")]
    if len(measured) < 2:
        return
    small, large = measured[0], measured[-1]
    common_pages = set(small["pages"]) & set(large["pages"])
    for kind, label in CLICK_KINDS.items():
        clicks = [
            [ms for page in sorted(common_pages) for ms in size["pages"][page]["times"][kind]]
            for size in (large, small)
        ]
        grown = {
            page: ratio(large["pages"][page][kind]["p95"], small["pages"][page][kind]["p95"]) or 0.0
            for page in common_pages
        }
        if grown and all(clicks):
            growth = f"{large['residents']:,} over {small['residents']:,} residents"
            all_clicks = ratio(*(percentile(times, 95) for times in clicks))
            yield target(f"{growth}, all pages' clicks, p95, {label}", all_clicks, GROWTH, "×")
            worst = max(grown, key=lambda page: grown[page])
            yield target(f"{growth} ({worst}, the most of any page), p95, {label}", grown[worst], GROWTH, "×")


def _other_targets(results: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for size in results["sizes"]:
        population = f"{size['residents']:,} residents"
        if load := size.get("load"):
            yield target(
                f"first load, first number readable, {population}", load["ratio_readable"], READABLE, "× floor"
            )
            yield target(f"first load, all painted, {population}", load["ratio_painted"], ALL_PAINTED, "× floor")
    if published := [size for size in results["sizes"] if size.get("publish")]:
        largest = published[-1]
        population = f"{largest['residents']:,} residents"
        yield target(f"publishing, peak memory, {population}", largest["publish"]["peak_mb"], PUBLISH_MB, "MB")
        yield target(f"publishing, time, {population}", largest["publish"]["seconds"], PUBLISH_SECONDS, "s")
    crowds = {size["sessions"]: size for size in results["sessions"]}
    if 25 in crowds and 1 in crowds:
        yield target("25 sessions, p95", crowds[25]["ratio_to_one"], CROWD, "× one session")
    if crowds:
        largest_crowd = crowds[max(crowds)]
        yield target(f"{largest_crowd['sessions']} sessions, errors", len(largest_crowd["errors"]), 0)
        yield target(f"{largest_crowd['sessions']} sessions, wrong numbers", len(largest_crowd["wrong"]), 0)
        yield target(
            f"{largest_crowd['sessions']} sessions, memory a session", largest_crowd["mb_a_session"], MB_A_SESSION, "MB"
        )


def text(results: dict[str, Any]) -> str:
    """Return all results as text."""
    parts = []
    for size in results["sizes"]:
        parts += [f"== {size['residents']:,} residents", *_size(size)]
    if results["sessions"]:
        head = ["sessions", "clicks", "median ms", "p95 ms", "× one", "errors", "wrong", "MB before", "MB after", "MB a session", "MB grown"]  # fmt: skip
        rows = [
            [
                size["sessions"], size["clicks"], size.get("median"), size.get("p95"), size["ratio_to_one"], len(size["errors"]),
                len(size["wrong"]), size["memory_before_mb"], size["memory_after_mb"], size["mb_a_session"], size["growth_mb"],
            ]
            for size in results["sessions"]
        ]  # fmt: skip
        seconds = results["sessions"][0]["seconds"]
        parts += [f"== Sessions, a click every two seconds for {seconds:g} seconds", table(head, rows)]
        parts += [line for size in results["sessions"] for line in (*size["errors"][:3], *size["wrong"][:3])]
    rows = [[size["what"], size["value"], size["target"], size["unit"], size["verdict"]] for size in results["targets"]]
    parts += ["== Targets (at most)", table(["", "result", "target", "", ""], rows)]
    parts += results["errors"]
    return "\n".join([*parts, f"{results['minutes']} minutes on {results['machine']['cores']} cores"])


def _size(size: dict[str, Any]) -> Iterator[str]:
    if published := size.get("publish"):
        yield (
            f"publish {published['seconds']:,.1f} s, {published['peak_mb']:,.0f} MB at its peak; reading the same Parquet "
            f"once {published['read_seconds']:,.2f} s: {published['ratio']} times that"
        )
    if questions := size.get("questions"):
        head = ["", "median ms", "p95 ms", "count"]
        floors = (
            ("count(distinct) on the raw Parquet", questions["raw"]),
            ("the answers' SQL in DuckDB", questions["straight"]),
        )
        rows = [
            [name, took["median"], took["p95"], took["count"]]
            for name, took in (*floors, ("ask, for the first time", questions["ask"]))
        ]
        rows += [[f"  {name}", took["median"], took["p95"], took["count"]] for name, took in questions["each"].items()]
        yield table(head, rows)
    if "prewarm_seconds" in size:
        yield f"the usual questions were answered {size['prewarm_seconds']:,.0f} s after the start"
    if pages := size.get("pages"):
        head = ["click to painted, ms", "floor", "p95"]
        head += [part for kind in CLICK_KINDS for part in (kind, "p95", "× floor", "p95", "server")]
        rows = [
            [
                page,
                *_median_and_p95(took["floor"]),
                *(
                    part
                    for kind in CLICK_KINDS
                    for part in (
                        *_median_and_p95(took[kind]),
                        *_median_and_p95(took["ratio"][kind]),
                        took["server"][kind]["median"],
                    )
                ),
                took["kilobytes"],
            ]
            for page, took in pages.items()
        ]
        yield table([*head, "kB"], rows)
    if load := size.get("load"):
        yield (
            f"first load, median ms: first number readable {load['readable']['median']:,.0f}, all painted "
            f"{load['painted']['median']:,.0f}, the floor {load['floor']['median']:,.0f}: "
            f"{load['ratio_readable']} and {load['ratio_painted']} times the floor"
        )


def _median_and_p95(took: dict[str, float]) -> tuple[float, float]:
    return took["median"], took["p95"]
