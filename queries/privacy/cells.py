"""How a row counts people: the counts it shows or gives away, and the totals it is part of. queries/privacy/rules.py says which
kind of measure has which shape."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from queries.calculators.equity import by_group
from queries.calculators.gaps import LEVELS, nested_cells
from queries.context import QueryContext
from queries.models import Row

Counts = Callable[[Row], Sequence[float | None]]
PLAN_MONTHS, QUARTER_MONTHS = 6, 3  # a plan's present rate and its best quarter are means of so many months
NO_LINES = (None, "group")  # one row, or groups, which overlap: nothing to subtract from a total


def by_key(context: QueryContext, row: Row) -> Iterable[Hashable]:
    """The rows of other keys share a total with this one, group by group and part by part."""
    return () if context.by in NO_LINES else (("keys", row.group, row.part, row.extra.get("received")),)


def by_side(context: QueryContext, row: Row) -> Iterable[Hashable]:
    """With and without a support share a total too."""
    return (*by_key(context, row), ("sides", row.key, row.part))


@dataclass(frozen=True)
class Shape:
    """How the rows of one kind of measure count people.

    counts: every count of people a row shows, or that its numbers give away: where one is small, the whole row is hidden.
    alone: extras that are hidden by themselves, with the counts they give away. follows: extras that go with the row.
    free: extras that count nobody and stay. keeps: "numerator" or "denominator" where it counts nobody.
    lines: the totals the row is part of. looks: counts of all rows at once, where a row does not carry its own.
    """

    counts: Counts
    alone: Mapping[tuple[str, ...], Counts] = field(default_factory=dict)
    follows: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    lines: Callable[[QueryContext, Row], Iterable[Hashable]] = by_key
    looks: Callable[[QueryContext, Sequence[Row]], list[Sequence[float | None]]] | None = None

    @property
    def declared(self) -> frozenset[str]:
        """Every extra this kind is known to have."""
        return frozenset({*self.follows, *self.free, *(name for names in self.alone for name in names)})


def less(whole: float | None, part: float | None) -> float | None:
    """The rest; None where either is not there."""
    return None if whole is None or part is None else whole - part


def rate(row: Row) -> Sequence[float | None]:
    """Successes and misses."""
    return row.numerator, less(row.denominator, row.numerator)


def participation(row: Row) -> Sequence[float | None]:
    """Those in the group, those known not to be, those who did not disclose."""
    extra = row.extra
    inside, answered = extra.get("residents", row.numerator), extra.get("answered", row.denominator)
    return inside, less(answered, inside), extra.get("undisclosed")


def sides(row: Row) -> Sequence[float | None]:
    """Both sides, successes and misses, and those who did not disclose, with theirs where the bounds tell them."""
    extra = row.extra
    both = tuple(
        count
        for side in ("in", "out")
        for count in (
            extra.get(f"successes_{side}"),
            less(extra.get(f"known_{side}"), extra.get(f"successes_{side}")),
        )
    )
    undisclosed, successes = extra.get("known_undisclosed"), extra.get("successes_undisclosed")
    return (*both, undisclosed, successes, less(undisclosed, successes))


def step(row: Row) -> Sequence[float | None]:
    """The first step is a participation; its three counts, and more so that all steps have as many."""
    return (*participation(row), None, None, None, None) if "undisclosed" in row.extra else sides(row)


def people_of_a_cost(context: QueryContext, rows: Sequence[Row]) -> list[Sequence[float | None]]:
    """The people behind each cost."""
    return [(row.denominator,) for row in rows]


def sides_by_place(context: QueryContext, rows: Sequence[Row]) -> list[Sequence[float | None]]:
    """A decomposition's rows show points only, from which the counts of few places can be worked out: those of the row's own
    place, or, without a breakdown by place, of every place of the dimension it names (`part`)."""
    if context.by not in NO_LINES:
        found = _sides_of(context, context.by)
        return [found.get((row.group or "", row.key), (None,) * 7) for row in rows]
    dimensions = {row.part: _sides_of(context, row.part) for row in rows if row.part}
    return [
        tuple(
            n for (group, _), counts in dimensions.get(row.part or "", {}).items() if group == row.group for n in counts
        )
        for row in rows
    ]


def _sides_of(context: QueryContext, place: str | None) -> dict[tuple[str, str], Sequence[float | None]]:
    return {
        (group, key): tuple(sides(Row(key=key, value=None, extra=raw)))
        for key, group, raw in by_group(replace(context, by=place), "rate_by_side")
    }


def sides_by_level(context: QueryContext, rows: Sequence[Row]) -> list[Sequence[float | None]]:
    """A nested gap: the counts of every place down to a row's level; of the finest told, for what is left within."""
    places = dict(nested_cells(replace(context, scope=context.scope.but(group=None)), LEVELS))
    told: dict[str | None, int] = {}
    for row in rows:
        if row.part in LEVELS:
            told[row.group] = max(told.get(row.group, 0), LEVELS.index(row.part) + 1)
    found: list[Sequence[float | None]] = []
    for row in rows:
        depth = LEVELS.index(row.part) + 1 if row.part in LEVELS else told.get(row.group, 0)
        sums: dict[tuple[str, ...], list[int]] = {}
        for cell in places.get(row.group or "", []):
            at = sums.setdefault(cell.levels[:depth], [0, 0, 0, 0])
            more = (cell.successes_in, cell.known_in - cell.successes_in, cell.successes_out, cell.known_out - cell.successes_out)
            sums[cell.levels[:depth]] = [one + other for one, other in zip(at, more, strict=True)]
        found.append(tuple(count for counts in sums.values() for count in counts))
    return found


def by_period(context: QueryContext, row: Row) -> Iterable[Hashable]:
    """Periods share a total with each other, group by group and part by part, also where no breakdown is asked for."""
    return (("periods", row.group, row.part),)


def by_program_and_region(context: QueryContext, row: Row) -> Iterable[Hashable]:
    """A place is part of its program and of its region (key and part)."""
    return ("program", row.group, row.key), ("region", row.group, row.part)


def with_and_without(row: Row) -> Sequence[float | None]:
    """Exits with and without a support, those compared and those left out; and the successes of each side where its rate is told."""
    extra, found = row.extra, []
    for side in ("with", "without"):
        matched, unmatched = extra.get(f"matched_{side}") or 0, extra.get(f"unmatched_{side}") or 0
        told = extra.get(f"raw_{side}")
        successes = None if told is None else round(told * (matched + unmatched))
        found += [matched, unmatched, successes, less(matched + unmatched, successes)]
    return found


def rate_beside_others(row: Row) -> Sequence[float | None]:
    """Successes and misses of a group, and of the others."""
    extra = row.extra
    return (*rate(row), extra.get("others_successes"), less(extra.get("others_known"), extra.get("others_successes")))


def plan(row: Row) -> Sequence[float | None]:
    """Those a plan starts from, and those behind its present rates and its room: both can be had from what it shows."""
    extra = row.extra

    def told(name: str, months: int) -> float | None:
        return None if extra.get(name) is None else round(extra[name] * months)

    now, others = told("now_monthly", PLAN_MONTHS), told("others_monthly", PLAN_MONTHS)
    capacity, room = extra.get("capacity_monthly"), extra.get("room_monthly")
    silent = None
    if capacity is not None and room is not None and extra.get("others_monthly") is not None:
        silent = max(round((capacity - room - extra["others_monthly"]) * PLAN_MONTHS), 0)
    return (
        *participation(row),
        now,
        told("exits_monthly", PLAN_MONTHS),
        others,
        silent,
        told("capacity_monthly", QUARTER_MONTHS),
        less(row.numerator, now),
        less(extra.get("others"), others),
    )
