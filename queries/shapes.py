"""How a row counts people: the counts it shows or gives away, and the totals it is part of. queries/declared.py says which
kind of measure has which shape."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from queries.answers import Row
from queries.kinds.equity import by_group
from queries.run import Run

Counts = Callable[[Row], Sequence[float | None]]
PLAN_MONTHS = 6  # a plan's present rate is the mean of so many months
NO_LINES = (None, "group")  # one row, or groups, which overlap: nothing to subtract from a total


def by_key(run: Run, row: Row) -> Iterable[Hashable]:
    """The rows of other keys share a total with this one, group by group and part by part."""
    return () if run.by in NO_LINES else (("keys", row.group, row.part, row.extra.get("received")),)


def by_side(run: Run, row: Row) -> Iterable[Hashable]:
    """With and without a support share a total too."""
    return (*by_key(run, row), ("sides", row.key, row.part))


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
    lines: Callable[[Run, Row], Iterable[Hashable]] = by_key
    looks: Callable[[Run, Sequence[Row]], list[Sequence[float | None]]] | None = None

    @property
    def declared(self) -> frozenset[str]:
        """Every extra this kind is known to have."""
        return frozenset({*self.follows, *self.free, *(name for names in self.alone for name in names)})


def less(whole: float | None, part: float | None) -> float | None:
    """The rest; None where either is not there."""
    return None if whole is None or part is None else whole - part


def rate(row: Row) -> Sequence[float | None]:
    """Hits and misses."""
    return row.numerator, less(row.denominator, row.numerator)


def participation(row: Row) -> Sequence[float | None]:
    """Those in the group, those known not to be, those who did not disclose."""
    extra = row.extra
    inside, answered = extra.get("residents", row.numerator), extra.get("answered", row.denominator)
    return inside, less(answered, inside), extra.get("undisclosed")


def sides(row: Row) -> Sequence[float | None]:
    """Both sides, hits and misses, and those who did not disclose."""
    extra = row.extra
    both = tuple(
        count
        for side in ("in", "out")
        for count in (
            extra.get(f"hits_{side}"),
            less(extra.get(f"known_{side}"), extra.get(f"hits_{side}")),
        )
    )
    return (*both, extra.get("known_undisclosed"))


def step(row: Row) -> Sequence[float | None]:
    """The first step is a participation; its three counts, and two more so that all steps have as many."""
    return (*participation(row), None, None) if "undisclosed" in row.extra else sides(row)


def people_of_a_cost(run: Run, rows: Sequence[Row]) -> list[Sequence[float | None]]:
    """The people behind each cost."""
    return [(row.denominator,) for row in rows]


def sides_by_place(run: Run, rows: Sequence[Row]) -> list[Sequence[float | None]]:
    """A decomposition's rows show points only: the counts behind them, by group and place."""
    place = None if run.by in NO_LINES else run.by
    found: dict[tuple[str | None, str | None], Sequence[float | None]] = {
        (group, key if place else None): tuple(sides(Row(key=key, value=None, extra=raw)))
        for key, group, raw in by_group(replace(run, by=place), "rate_by_side")
    }
    return [found.get((row.group, row.key if place else None), (None,) * 5) for row in rows]


def by_period(run: Run, row: Row) -> Iterable[Hashable]:
    """Periods share a total with each other, group by group and part by part, also where no breakdown is asked for."""
    return (("periods", row.group, row.part),)


def by_program_and_region(run: Run, row: Row) -> Iterable[Hashable]:
    """A place is part of its program and of its region (key and part)."""
    return ("program", row.group, row.key), ("region", row.group, row.part)


def with_and_without(row: Row) -> Sequence[float | None]:
    """Exits with and without a support, those compared and those left out; and the hits of each side where its rate is told."""
    extra, found = row.extra, []
    for side in ("with", "without"):
        matched, unmatched = extra.get(f"matched_{side}") or 0, extra.get(f"unmatched_{side}") or 0
        told = extra.get(f"raw_{side}")
        hits = None if told is None else round(told * (matched + unmatched))
        found += [matched, unmatched, hits, less(matched + unmatched, hits)]
    return found


def rate_beside_others(row: Row) -> Sequence[float | None]:
    """Hits and misses of a group, and of the others."""
    extra = row.extra
    return (*rate(row), extra.get("others_hits"), less(extra.get("others_known"), extra.get("others_hits")))


def plan(row: Row) -> Sequence[float | None]:
    """Those a plan starts from, and those behind its present rate."""
    extra = row.extra
    recent = [round((extra.get(name) or 0) * PLAN_MONTHS) for name in ("now_monthly", "exits_monthly")]
    return (*participation(row), *recent)
