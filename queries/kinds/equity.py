"""Participation of the groups: shares, bounds, ratios to a benchmark, and the gap in residents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from queries.answers import Row
from queries.run import Run
from queries.stats import residents_to_reach, wilson

NOBODY_ANSWERED = "nobody enrolled has answered the question yet"
NO_BENCHMARK = "no comparable benchmark exists"
NO_LOCAL_BENCHMARK = "no benchmark exists for this region"
NOT_SUPPLIED = "not supplied"


@dataclass(frozen=True)
class Benchmark:
    """A group's share (a fraction) of a population, with what it is a share of."""

    share: float
    about: str


def benchmark(run: Run, *, group: str, region: str | None) -> Benchmark | str:
    """The default benchmark of a group in a region (None = the state), or the reason why there is none."""
    rows = [
        row
        for row in run.listing("benchmarks")
        if row["group_id"] == group and row["is_default"] and row["share"] is not None
    ]
    if not rows:
        return NO_BENCHMARK
    for row in rows:
        if row["region"] == region:
            return Benchmark(row["share"], f"{row['base']}: {row['definition']} ({row['source']}, {row['year']})")
    return NO_LOCAL_BENCHMARK


def target_share(run: Run, *, group: str, region: str | None) -> dict[str, Any] | None:
    """The participation target in force on the as-of date for the group, initiative, region and sector, if one is set."""
    wanted = ("participation_share", run.scope.initiative, region, run.scope.sector, group)
    rows = [
        row
        for row in run.listing("targets")
        if (row["measure"], row["initiative"], row["region"], row["sector"], row["group_id"]) == wanted
        and row["set_on"] <= run.as_of
    ]
    return rows[-1] if rows else None


def by_group(run: Run, tail: str, counted: str | None = None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(key, group, SQL row) for each group: the key is the group itself unless another breakdown is asked for."""
    missing = {row["group_id"] for row in run.listing("groups") if not row["is_supplied"]}
    by = None if run.by == "group" else run.by
    everyone = run.scope.but(group=None)
    for raw in run.rows(by=by, counted=counted, tail=tail, scope=everyone, of_group=run.scope.group):
        group = raw["group_id"]
        if group not in missing:
            yield (group if by is None else raw["key"]), group, raw


def not_supplied_groups(run: Run) -> list[Row]:
    """A row that says so for each group the delivery does not speak of."""
    missing = {row["group_id"] for row in run.listing("groups") if not row["is_supplied"]}
    return [Row(key=g, group=g, value=None, note=NOT_SUPPLIED) for g in run.groups() if g in missing]


def participation(run: Run) -> list[Row]:
    """One row a group (and key): share of those who answered, its interval, the undisclosed and the two bounds."""
    found = []
    for key, group, raw in by_group(run, "participation"):
        inside, answered, everyone = raw["numerator"], raw["denominator"], raw["everyone"]
        low, high = wilson(inside, answered) or (None, None)
        undisclosed = everyone - answered
        found.append(
            Row(
                key=key,
                group=group,
                value=inside / answered if answered else None,
                numerator=inside,
                denominator=answered,
                low=low,
                high=high,
                note=None if answered else NOBODY_ANSWERED,
                extra={
                    "everyone": everyone,
                    "undisclosed": undisclosed,
                    "bound_low": inside / everyone if everyone else None,
                    "bound_high": (inside + undisclosed) / everyone if everyone else None,
                },
            )
        )
    return found + not_supplied_groups(run)


def _region_of(run: Run, row: Row) -> str | None:
    return row.key if run.by == "region" else run.scope.region


def representation(run: Run) -> list[Row]:
    """Participation share ÷ benchmark share, with the share's Wilson interval carried over; numerator, denominator: shares."""
    found = []
    for row in participation(run):
        if row.value is None or row.group is None:
            found.append(row)
            continue
        base = benchmark(run, group=row.group, region=_region_of(run, row))
        extra = {**row.extra, "residents": row.numerator, "answered": row.denominator}
        if isinstance(base, str):
            changed = replace(row, value=None, low=None, high=None, numerator=row.value, denominator=None, note=base)
        else:
            extra |= {"benchmark": base.share, "benchmark_about": base.about}
            extra |= {f"{name}_ratio": row.extra[name] / base.share for name in ("bound_low", "bound_high")}
            changed = replace(
                row,
                value=row.value / base.share,
                low=(row.low or 0) / base.share,
                high=(row.high or 0) / base.share,
                numerator=row.value,
                denominator=base.share,
            )
        found.append(replace(changed, extra=extra))
    return found


def gap(run: Run) -> list[Row]:
    """Residents of the group still to enroll; `extra` names the target share and whether a benchmark stands in for it."""
    found = []
    for row in participation(run):
        if row.value is None or row.group is None:
            found.append(row)
            continue
        region = _region_of(run, row)
        target = target_share(run, group=row.group, region=region)
        base = benchmark(run, group=row.group, region=region)
        share = target["value"] if target else None if isinstance(base, str) else base.share
        extra = {**row.extra, "share": row.value, "target": share, "is_benchmark": target is None}
        if share is None:
            why = f"no target has been set, and {base}"
            found.append(replace(row, value=None, low=None, high=None, note=why, extra=extra))
            continue
        more = residents_to_reach(int(row.numerator or 0), int(row.denominator or 0), share)
        unreachable = None if more is not None else "a share of 100% cannot be reached by enrolling more residents"
        found.append(replace(row, value=more, low=None, high=None, note=unreachable, extra=extra))
    return found
