"""What of an answer's rows counts people: one declaration for each kind of measure (and, for plain ones, each tail).

Whatever is not declared here is not shown to a protected reader, and tests/access says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from queries.answers import Row
from queries.kinds.equity import by_group
from queries.kinds.money import COST_OF
from queries.kinds.plain import counted as counted_rows
from queries.registry import Measure
from queries.run import Run

Counts = Callable[[Row], Sequence[float | None]]
ABOUT_PEOPLE = frozenset({"enrollments", "courses", "meetings"})
POSITIONS_OF_RESIDENTS = frozenset({"positions_filled_by_participants", "participant_share"})
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


def _rate(row: Row) -> Sequence[float | None]:
    return row.numerator, less(row.denominator, row.numerator)


def _participation(row: Row) -> Sequence[float | None]:
    extra = row.extra
    inside, answered = extra.get("residents", row.numerator), extra.get("answered", row.denominator)
    return inside, less(answered, inside), extra.get("undisclosed")


def _sides(row: Row) -> Sequence[float | None]:
    extra = row.extra
    return tuple(
        count
        for side in ("in", "out")
        for count in (
            extra.get(f"hits_{side}"),
            less(extra.get(f"known_{side}"), extra.get(f"hits_{side}")),
        )
    )


def _step(row: Row) -> Sequence[float | None]:
    """The first step is a participation; its three counts, and a fourth so that all steps have as many."""
    return (*_participation(row), None) if "undisclosed" in row.extra else _sides(row)


def _people_of_a_cost(run: Run, rows: Sequence[Row]) -> list[Sequence[float | None]]:
    return [(row.denominator,) for row in rows]


def _sides_by_place(run: Run, rows: Sequence[Row]) -> list[Sequence[float | None]]:
    """A decomposition's rows show points only: the counts behind them, by group and place."""
    place = None if run.by in NO_LINES else run.by
    found: dict[tuple[str | None, str | None], Sequence[float | None]] = {
        (group, key if place else None): tuple(_sides(Row(key=key, value=None, extra=raw)))
        for key, group, raw in by_group(replace(run, by=place), "rate_by_side")
    }
    return [found.get((row.group, row.key if place else None), (None,) * 4) for row in rows]


COUNT = Shape(lambda row: (row.value,))
RATE = Shape(_rate, alone={("unknown",): lambda row: (row.extra.get("unknown"),)})
MEDIAN = Shape(
    lambda row: (row.denominator,),
    alone={("inside",): lambda row: (row.extra.get("inside"), less(row.denominator, row.extra.get("inside")))},
    follows=("quartile_low", "quartile_high"),
)
SIDES = ("hits_in", "known_in", "hits_out", "known_out")
PARTICIPATION = ("everyone", "undisclosed", "bound_low", "bound_high")
RATIO_OF_SHARES = (*PARTICIPATION, "residents", "answered", "bound_low_ratio", "bound_high_ratio")
OF_THE_HIGHEST = ("highest_rate", "screen_ratio", "screen_low", "screen_high")
NOBODY = Shape(
    lambda row: (),
    free=(
        "corrections", "transactions", "available", "left", "left_of", "daily", "runs_out_on", "will_lapse", "expend_by",
        "rows", "unknown", "inside", "quartile_low", "quartile_high",
    ),
)  # fmt: skip
TAILS: Mapping[str, Shape] = {
    "count_residents": COUNT,
    "count_rows": COUNT,
    "hits_of_residents": COUNT,
    "rate_of_rows": RATE,
    "rate_of_residents": RATE,
    "rate_of_sums": RATE,
    "residents_in_several": RATE,
    "median_of_rows": MEDIAN,
    "sum_of_rows": Shape(lambda row: (row.extra.get("rows"),), follows=("rows",)),
}
SHAPES: Mapping[str, Shape] = {
    "supports": RATE,
    "support_sides": replace(RATE, free=("received",), lines=by_side),
    "slfrf": Shape(
        lambda row: (row.value,),
        alone={("current_period",): lambda row: (row.extra.get("current_period"),)},
        free=("cumulative",),  # shown by small_numbers.running alone
    ),
    "participation": Shape(_participation, follows=PARTICIPATION),
    "representation": Shape(
        _participation, follows=RATIO_OF_SHARES, free=("benchmark", "benchmark_about"), keeps=("denominator",)
    ),
    "gap": Shape(_participation, follows=(*PARTICIPATION, "share"), free=("target", "is_benchmark")),
    "outcome_ratio": Shape(_sides, follows=(*SIDES, *OF_THE_HIGHEST, "screen", "highest_group")),
    "gap_by_step": Shape(_step, follows=(*SIDES, *RATIO_OF_SHARES, "benchmark", "benchmark_about")),
    "decomposition": Shape(lambda row: (), follows=("between", "within", "gap"), looks=_sides_by_place),
    "pace": Shape(
        lambda row: (row.numerator,),
        alone={
            ("weekly", "projection", "projection_low", "projection_high"): lambda row: (
                round((row.extra.get("weekly") or 0) * (row.extra.get("weeks") or 0)),
            )
        },
        follows=("weekly_needed",),
        free=("target", "set_on", "starts_on", "due_on", "source", "weeks"),
        keeps=("denominator",),
    ),
    "money": NOBODY,
    "burn": NOBODY,
    "cost": Shape(lambda row: (), keeps=("numerator",), looks=_people_of_a_cost),
    "paths": COUNT,
}


def shape_of(measure: Measure) -> Shape | None:
    """How a measure's rows count people; None where nobody has said so, and then none of it is shown."""
    if measure.kind in ("counted", "gone_on", "undated"):
        shape = TAILS.get(measure.tail)
        if measure.about in ABOUT_PEOPLE:
            return shape
        if measure.id in POSITIONS_OF_RESIDENTS:
            return replace(COUNT, free=("rows",)) if measure.tail == "sum_of_rows" else shape
        return NOBODY
    return SHAPES.get(measure.kind)


def counted_people(run: Run) -> list[Row]:
    """The rows of people behind a cost, by the same keys."""
    return counted_rows(run.other(COST_OF[run.measure.id], by=run.by))
