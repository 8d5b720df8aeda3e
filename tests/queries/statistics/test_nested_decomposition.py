"""Test the nested decomposition against the flat decomposition, statsmodels, a bootstrap and examples worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.oaxaca import OaxacaBlinder

from queries.statistics import Cell, NestedCell, cell_parts, decompose, nested

counts = st.tuples(*[st.integers(0, 30)] * 4).map(lambda n: (min(n[:2]), max(n[:2]), min(n[2:]), max(n[2:])))
cells = st.lists(st.tuples(*[st.sampled_from("abc")] * 3, counts), min_size=1, max_size=25).map(
    lambda drawn: [NestedCell((a, b, c), *n) for a, b, c, n in drawn]
)


def gap(sample: list[NestedCell]) -> float | None:
    known_in, known_out = sum(c.known_in for c in sample), sum(c.known_out for c in sample)
    if not known_in or not known_out:
        return None
    return sum(c.successes_in for c in sample) / known_in - sum(c.successes_out for c in sample) / known_out


def test_an_interval_is_there_where_all_succeed():
    """Some shares are zero but for rounding here, and so slightly negative."""
    inside, outside = ("apB", "bpC", "bqB", "dsC"), ("apA", "apC", "aqB", "atA", "brA", "brC", "csA", "dpB", "eqA")
    sample = [
        NestedCell(tuple(name), *((1, 1, 0, 0) if name in inside else (0, 0, 1, 1)))
        for name in sorted((*inside, *outside))
    ]
    parts = nested(sample, levels=("sector", "region", "provider"), effects=(1.0, 1.0))
    assert [p.value for p in parts] == pytest.approx([0] * len(parts), abs=1e-12)


@given(cells)
def test_the_parts_add_up_to_the_gap(sample):
    assume(gap(sample) is not None)
    parts, by_cell = nested(sample, levels=("sector", "region", "provider")), cell_parts(sample)
    assert [part.level for part in parts] == ["sector", "region", "provider", "within"]
    assert sum(part.value for part in parts) == pytest.approx(gap(sample), abs=1e-12)
    assert sum(part.value for part in by_cell) == pytest.approx(gap(sample), abs=1e-12)
    assert all(part.low <= part.value <= part.high for part in parts)


@pytest.mark.parametrize("successes", [0, 1])
def test_where_everyone_or_nobody_has_the_outcome_every_part_is_zero(successes):
    """Sums of shares in floating point passed 1, and the variance was below zero."""
    sizes = [(3, 7), (11, 4), (13, 5), (1, 9), (7, 3), (6, 17)]
    sample = [NestedCell((str(at),), n * successes, n, m * successes, m) for at, (n, m) in enumerate(sizes)]
    parts = nested(sample, levels=("sector",))
    assert [(part.value, part.low, part.high) for part in parts] == [pytest.approx((0.0, 0.0, 0.0), abs=1e-9)] * 2


@given(cells)
def test_a_single_level_equals_the_flat_decomposition(sample):
    merged: dict[str, list[int]] = {}
    for cell in sample:
        at = merged.setdefault(cell.levels[0], [0, 0, 0, 0])
        at[:] = [
            a + b
            for a, b in zip(at, (cell.successes_in, cell.known_in, cell.successes_out, cell.known_out), strict=True)
        ]
    flat = decompose([Cell(key, *n) for key, n in merged.items()])
    parts = nested([NestedCell((key,), *n) for key, n in merged.items()], levels=("sector",))
    assume(flat is not None)
    assert parts[0].value == pytest.approx(sum(p.between for p in flat), abs=1e-12)
    assert parts[1].value == pytest.approx(sum(p.within for p in flat), abs=1e-12)


@given(cells)
def test_the_order_and_the_splitting_of_cells_do_not_matter(sample):
    again = [
        NestedCell(c.levels, *half)
        for c in reversed(sample)
        for half in ((c.successes_in, c.known_in, 0, 0), (0, 0, c.successes_out, c.known_out))
    ]
    first, second = nested(sample, levels="srp"), nested(again, levels="srp")
    assume(first is not None)
    assert [p.value for p in first] == pytest.approx([p.value for p in second], abs=1e-12)
    assert [p.high for p in first] == pytest.approx([p.high for p in second], abs=1e-9)


@pytest.mark.parametrize("counts", [(0, 0, 1, 4), (1, 4, 0, 0), (0, 0, 0, 0)])
def test_a_gap_without_a_side_has_no_parts(counts):
    sample = [NestedCell(("a", "b", "c"), *counts)]
    assert nested(sample, levels=("sector", "region", "provider")) is None
    assert cell_parts(sample) is None


def test_pure_mix_and_pure_treatment_by_hand():
    # equal rates in each sector, but the group sits in the sector with the low rate: 0.8 × 0.5 + 0.2 × 0.9 = 0.58 against 0.82
    mix = nested([NestedCell(("low", "x"), 40, 80, 10, 20), NestedCell(("high", "y"), 18, 20, 72, 80)], levels="sr")
    assert [p.value for p in mix] == pytest.approx([-0.24, 0, 0], abs=1e-12)
    # the same places, lower rates: 45/100 against 70/100
    treatment = nested([NestedCell(("a", "x"), 20, 50, 30, 50), NestedCell(("b", "y"), 25, 50, 40, 50)], levels="sr")
    assert [p.value for p in treatment] == pytest.approx([0, 0, -0.25], abs=1e-12)
    # the same sectors, but other providers within them: all of the gap is on the second level
    provider = nested([NestedCell(("a", "x"), 40, 80, 10, 20), NestedCell(("a", "y"), 18, 20, 72, 80)], levels="sp")
    assert [p.value for p in provider] == pytest.approx([0, -0.24, 0], abs=1e-12)


def test_two_sectors_written_out():
    # Kitagawa's formula: Σ (share difference) × mean rate over sectors, then over the four places
    sample = [
        NestedCell(("a", "x"), 12, 30, 20, 40),
        NestedCell(("a", "y"), 10, 20, 5, 20),
        NestedCell(("b", "x"), 8, 10, 45, 60),
        NestedCell(("b", "y"), 30, 40, 50, 80),
    ]
    sector = (0.5 - 0.3) * (22 / 50 + 25 / 60) / 2 + (0.5 - 0.7) * (38 / 50 + 95 / 140) / 2
    places = sum(
        (c.known_in / 100 - c.known_out / 200) * (c.successes_in / c.known_in + c.successes_out / c.known_out) / 2
        for c in sample
    )
    parts = nested(sample, levels=("sector", "region"))
    assert [p.value for p in parts] == pytest.approx([sector, places - sector, 0.6 - 0.6 - places])


def rows(sample: list[NestedCell]) -> pd.DataFrame:
    """Return one row for each trial."""
    spread = []
    for cell in sample:
        for inside, successes, known in (
            (1, cell.successes_in, cell.known_in),
            (0, cell.successes_out, cell.known_out),
        ):
            spread += [("/".join(cell.levels), inside, float(at < successes)) for at in range(known)]
    return pd.DataFrame(spread, columns=["place", "inside", "hit"])


def test_it_matches_the_oaxaca_blinder_decomposition_with_a_dummy_for_each_place():
    rng = np.random.default_rng(4)
    known = rng.integers(5, 60, (6, 2))
    successes = rng.binomial(known, [[0.3, 0.5]] * 6)
    sample = [
        NestedCell(
            (f"s{at // 3}", f"p{at}"), *map(int, (successes[at, 0], known[at, 0], successes[at, 1], known[at, 1]))
        )
        for at in range(6)
    ]
    for depth in (1, 2):
        table = rows(
            [NestedCell(c.levels[:depth], c.successes_in, c.known_in, c.successes_out, c.known_out) for c in sample]
        )
        dummies = pd.get_dummies(table["place"], drop_first=True, dtype=float)
        exog = pd.concat([pd.Series(1.0, table.index, name="const"), dummies, table["inside"]], axis=1)
        model = OaxacaBlinder(table["hit"], exog, "inside", hasconst=True, swap=False)
        unexplained, explained, difference = model.two_fold(two_fold_type="self_submitted", submitted_weight=0.5).params
        # statsmodels differences the groups in its own order
        sign = 1 if difference * gap(sample) > 0 else -1
        parts = nested(sample, levels=("sector", "provider"))
        assert sign * difference == pytest.approx(gap(sample))
        assert sign * explained == pytest.approx(sum(p.value for p in parts[:depth]))
        assert sign * unexplained == pytest.approx(sum(p.value for p in parts[depth:]))


def draw(rng: np.random.Generator, sample: list[NestedCell], times: int) -> list[list[NestedCell]]:
    """Draw histories with the same totals on each side from its multinomial of cells and outcomes."""
    sides = []
    for successes, known in (
        ([c.successes_in for c in sample], [c.known_in for c in sample]),
        ([c.successes_out for c in sample], [c.known_out for c in sample]),
    ):
        table = np.concatenate([successes, np.array(known) - successes])
        sides.append(rng.multinomial(table.sum(), table / table.sum(), size=times))
    n = len(sample)
    return [
        [
            NestedCell(c.levels, *map(int, (a[at], a[at] + a[n + at], b[at], b[at] + b[n + at])))
            for at, c in enumerate(sample)
        ]
        for a, b in zip(*sides, strict=True)
    ]


def test_intervals_against_a_parametric_bootstrap():
    rng = np.random.default_rng(11)
    # the group is more often in the first sector, whose rates are lower: no part is zero
    known = rng.integers(40, 200, (12, 2)) * np.array([[2, 1]] * 6 + [[1, 2]] * 6)
    successes = rng.binomial(known, np.sort(rng.uniform(0.3, 0.8, 12))[:, None] + [[-0.05, 0.05]])
    sample = [
        NestedCell(
            (f"s{at // 6}", f"r{at // 3}", f"p{at}"),
            *map(int, (successes[at, 0], known[at, 0], successes[at, 1], known[at, 1])),
        )
        for at in range(12)
    ]
    levels = ("sector", "region", "provider")
    parts = nested(sample, levels=levels)
    drawn = np.array([[p.value for p in nested(history, levels=levels)] for history in draw(rng, sample, 1500)])
    errors = np.array([(p.high - p.low) / 2 / 1.959963984540054 for p in parts])
    assert errors == pytest.approx(drawn.std(axis=0), rel=0.08)
    # and the intervals of histories drawn from these values cover them about 95 times in 100
    truth = np.array([p.value for p in parts])
    covered = np.array(
        [
            [p.low <= t <= p.high for p, t in zip(nested(history, levels=levels), truth, strict=True)]
            for history in draw(rng, sample, 500)
        ]
    )
    assert np.all(abs(covered.mean(axis=0) - 0.95) < 0.035)


@pytest.mark.parametrize(("group", "others"), [(2000, 6000), (300, 2000)])
def test_false_alarms_stay_near_5_in_100_when_nothing_differs(group, others):
    # 240 providers, the second time with about one of the group's trials each
    rng = np.random.default_rng(3)
    places = [(f"s{at // 30}", f"r{at // 6}", f"p{at}") for at in range(240)]
    where, rates = rng.dirichlet(np.full(240, 2.0)), np.clip(rng.normal(0.65, 0.1, 240), 0.1, 0.95)
    called = np.zeros(4)
    for _ in range(300):
        known = rng.multinomial(group, where), rng.multinomial(others, where)
        successes = [rng.binomial(side, rates) for side in known]
        columns = zip(places, successes[0], known[0], successes[1], known[1], strict=True)
        parts = nested([NestedCell(at, *map(int, n)) for at, *n in columns], levels=("sector", "region", "provider"))
        called += [not part.low <= 0 <= part.high for part in parts]
    assert np.all(called / 300 < 0.08)


def test_design_effects_widen_each_side():
    sample = [NestedCell(("a",), 20, 50, 60, 90), NestedCell(("b",), 10, 60, 70, 80)]
    plain = nested(sample, levels=("sector",))
    widened = nested(sample, levels=("sector",), effects=(4.0, 4.0))
    assert len(plain) == 2
    for narrow, wide in zip(plain, widened, strict=True):
        assert wide.value == narrow.value
        assert wide.high - wide.value == pytest.approx(2 * (narrow.high - narrow.value))


def test_without_levels_the_gap_has_the_binomial_interval():
    # with no levels at all the gap is within, its variance p(1 − p)/n on each side
    (part,) = nested([NestedCell((), 30, 100, 90, 200)], levels=())
    error = (0.3 * 0.7 / 100 + 0.45 * 0.55 / 200) ** 0.5
    assert (part.value, part.high) == pytest.approx((-0.15, -0.15 + 1.959963984540054 * error))


def test_a_place_with_a_single_side_counts_as_between():
    # the group is only in x, at 20%; the others only in y, at 60%
    parts = nested([NestedCell(("x",), 20, 100, 0, 0), NestedCell(("y",), 0, 0, 60, 100)], levels=("sector",))
    assert [p.value for p in parts] == pytest.approx([-0.4, 0])
    assert [p.unpaired_share for p in parts] == [1, 1]
    error = (0.2 * 0.8 / 100 + 0.6 * 0.4 / 100) ** 0.5
    assert parts[0].high == pytest.approx(-0.4 + 1.959963984540054 * error)
    assert parts[1].high == pytest.approx(0)


def test_the_share_of_trials_in_unpaired_places_is_reported_for_each_level():
    parts = nested(
        [
            NestedCell(("a", "x"), 5, 10, 5, 10),
            NestedCell(("a", "y"), 5, 30, 0, 0),
            NestedCell(("b", "z"), 0, 0, 1, 50),
        ],
        levels=("sector", "provider"),
    )
    assert [p.unpaired_share for p in parts] == pytest.approx([0.5, 0.8, 0.8])


def test_thousands_of_cells_are_quick_and_a_missing_level_is_refused():
    import time

    rng = np.random.default_rng(1)
    known = rng.integers(0, 9, (8000, 2))
    successes = rng.binomial(known, 0.5)
    sample = [
        NestedCell(
            (f"s{at % 8}", f"r{at % 40}", f"p{at}"),
            *map(int, (successes[at, 0], known[at, 0], successes[at, 1], known[at, 1])),
        )
        for at in range(8000)
    ]
    began = time.perf_counter()
    assert nested(sample, levels=("sector", "region", "provider")) is not None
    assert time.perf_counter() - began < 1
    with pytest.raises(ValueError, match="every level"):
        nested(sample, levels=("sector", "region"))
