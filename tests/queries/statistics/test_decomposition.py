"""Test the decomposition of a gap against its definition and examples worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from queries.statistics import Cell, decompose

cells = st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=8)


@given(cells)
def test_the_decomposition_adds_up_exactly(drawn):
    sample = [Cell(str(i), min(a, b), b, min(c, d), d) for i, (a, b, c, d) in enumerate(drawn)]
    parts = decompose(sample)
    known_in, known_out = sum(c.known_in for c in sample), sum(c.known_out for c in sample)
    assume(known_in and known_out)
    gap = sum(c.successes_in for c in sample) / known_in - sum(c.successes_out for c in sample) / known_out
    assert sum(part.between + part.within for part in parts) == pytest.approx(gap, abs=1e-12)


@pytest.mark.parametrize("cell", [Cell("a", 0, 0, 1, 4), Cell("a", 1, 4, 0, 0), Cell("a", 0, 0, 0, 0)])
def test_a_gap_without_a_side_has_no_parts(cell):
    assert decompose([cell]) is None


def test_a_pure_difference_in_mix_is_between_and_in_rates_is_within():
    # the same rates in both sectors, but the group sits where rates are low
    mix = decompose([Cell("low", 40, 80, 10, 20), Cell("high", 18, 20, 72, 80)])
    assert sum(p.within for p in mix) == pytest.approx(0)
    assert sum(p.between for p in mix) == pytest.approx(-0.24)
    # the same mix, but lower rates for the group in both
    treatment = decompose([Cell("a", 20, 50, 30, 50), Cell("b", 25, 50, 40, 50)])
    assert sum(p.between for p in treatment) == pytest.approx(0)
    assert sum(p.within for p in treatment) == pytest.approx(-0.25)


def test_the_decomposition_as_kitagawa_defines_it():
    # Kitagawa (1955): mix = Σ (share difference) × mean rate; rate = Σ (rate difference) × mean share
    drawn = [Cell("a", 30, 100, 10, 50), Cell("b", 20, 40, 90, 150)]
    shares = [(100 / 140, 50 / 200), (40 / 140, 150 / 200)]
    rates = [(0.3, 0.2), (0.5, 0.6)]
    mix = sum((s[0] - s[1]) * (r[0] + r[1]) / 2 for s, r in zip(shares, rates, strict=True))
    rate = sum((r[0] - r[1]) * (s[0] + s[1]) / 2 for s, r in zip(shares, rates, strict=True))
    parts = decompose(drawn)
    assert sum(p.between for p in parts) == pytest.approx(mix)
    assert sum(p.within for p in parts) == pytest.approx(rate)
