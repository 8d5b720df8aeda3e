"""Participation of the groups: shares, bounds, ratios to a benchmark, and the gap in residents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from queries.context import QueryContext
from queries.models import Row
from queries.statistics import residents_to_reach, wilson
from queries.verdicts import Taking, share_verdicts, tipping

NOBODY_ANSWERED = "nobody enrolled has answered the question yet"
NO_BENCHMARK = "no comparable benchmark exists"
NO_LOCAL_BENCHMARK = "no benchmark exists for this region"
NOT_SUPPLIED = "not supplied"


@dataclass(frozen=True)
class Benchmark:
    """A group's share (a fraction) of a population, with what it is a share of."""

    share: float
    about: str


def benchmark(context: QueryContext, *, group: str, region: str | None) -> Benchmark | str:
    """The default benchmark of a group in a region (None = the state), or the reason why there is none."""
    rows = [
        row
        for row in context.listing("benchmarks")
        if row["group_id"] == group and row["is_default"] and row["share"] is not None
    ]
    if not rows:
        return NO_BENCHMARK
    for row in rows:
        if row["region"] == region:
            return Benchmark(row["share"], f"{row['base']}: {row['definition']} ({row['source']}, {row['year']})")
    return NO_LOCAL_BENCHMARK


def target_share(context: QueryContext, *, group: str, region: str | None, of: str = "participation_share") -> dict[str, Any] | None:
    """The target of a share or rate in force on the as-of date for the group, initiative, region and sector, if one is set."""
    wanted = (of, context.scope.initiative, region, context.scope.sector, group)
    rows = [
        row
        for row in context.listing("targets")
        if (row["measure"], row["initiative"], row["region"], row["sector"], row["group_id"]) == wanted
        and row["set_on"] <= context.as_of
    ]
    return rows[-1] if rows else None


def by_group(context: QueryContext, agg: str, fact: str | None = None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(key, group, SQL row) for each group: the key is the group itself unless another breakdown is asked for."""
    missing = {row["group_id"] for row in context.listing("groups") if not row["is_supplied"]}
    by = None if context.by == "group" else context.by
    everyone = context.scope.but(group=None)
    for raw in context.rows(by=by, fact=fact, agg=agg, scope=everyone, of_group=context.scope.group):
        group = raw["group_id"]
        if group not in missing:
            yield (group if by is None else raw["key"]), group, raw


def not_supplied_groups(context: QueryContext) -> list[Row]:
    """A row that says so for each group the delivery does not speak of."""
    missing = {row["group_id"] for row in context.listing("groups") if not row["is_supplied"]}
    return [Row(key=g, group=g, value=None, note=NOT_SUPPLIED) for g in context.groups() if g in missing]


def participation(context: QueryContext) -> list[Row]:
    """One row a group (and key): share of those who answered, its interval, the undisclosed and the two bounds."""
    found = []
    for key, group, raw in by_group(context, "participation"):
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
    return found + not_supplied_groups(context)


def _region_of(context: QueryContext, row: Row) -> str | None:
    return row.key if context.by == "region" else context.scope.region


def representation(context: QueryContext) -> list[Row]:
    """Participation share ÷ benchmark share, with the share's Wilson interval carried over; numerator, denominator: shares."""
    found = []
    for row in participation(context):
        if row.value is None or row.group is None:
            found.append(row)
            continue
        base = benchmark(context, group=row.group, region=_region_of(context, row))
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


def gap(context: QueryContext) -> list[Row]:
    """Residents of the group still to enroll; `extra` names the goal (a target, or a benchmark in its place), the verdict
    on the share against it with its adjusted p-value, and what the undisclosed would have to be to reach it (`tipping`).

    The verdicts are one family: every group (and key) of the answer, whichever group is asked about.
    """
    everyone = replace(context, scope=context.scope.but(group=None))
    rows = [_goal(context, row) for row in participation(everyone)]
    held = {at: taking for at, row in enumerate(rows) if (taking := _taking(row))}
    verdicts = dict(zip(held, share_verdicts(list(held.values())), strict=True))
    made = sum(p is not None for _, p in verdicts.values())
    for at, taking in held.items():
        word, p = verdicts[at]
        judged = {"verdict": word, "p_adjusted": p, "compared": made, "tipping": tipping(taking)}
        rows[at] = replace(rows[at], extra={**rows[at].extra, **judged})
    wanted = set(context.groups())
    return [row for row in rows if row.group in wanted]


def _goal(context: QueryContext, row: Row) -> Row:
    """A participation row as a gap to the target in force, or to the benchmark where none is set."""
    if row.value is None or row.group is None:
        return row
    region = _region_of(context, row)
    target = target_share(context, group=row.group, region=region)
    base = benchmark(context, group=row.group, region=region)
    share = target["value"] if target else None if isinstance(base, str) else base.share
    extra = {
        **row.extra,
        "share": row.value,
        "share_low": row.low,
        "share_high": row.high,
        "target": share,
        "is_benchmark": target is None,
        "set_on": target["set_on"] if target else None,
        "set_by": target["set_by"] if target else None,
    }
    if share is None:
        return replace(row, value=None, low=None, high=None, note=f"no target has been set, and {base}", extra=extra)
    more = residents_to_reach(int(row.numerator or 0), int(row.denominator or 0), share)
    unreachable = None if more is not None else "a share of 100% cannot be reached by enrolling more residents"
    return replace(row, value=more, low=None, high=None, note=unreachable, extra=extra)


def _taking(row: Row) -> Taking | None:
    if row.extra.get("target") is None:
        return None
    return Taking(
        inside=int(row.numerator or 0),
        answered=int(row.denominator or 0),
        everyone=int(row.extra["everyone"]),
        goal=float(row.extra["target"]),
    )
