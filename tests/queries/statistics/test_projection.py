"""Test projections against the formula written out."""

from __future__ import annotations

import math

import pytest

from queries.statistics import project


def test_projection_written_out():
    # mean 10, s² = 20/3 over 4 weeks; t(0.975, 3) = 3.1824; 8 weeks ahead: s sqrt(8 + 64/4)
    ahead = project(now=100, weekly_counts=[8, 8, 12, 12], weeks_left=8)
    spread = math.sqrt(16 / 3)
    assert ahead.value == pytest.approx(180)
    assert ahead.weekly == 10
    assert ahead.high == pytest.approx(180 + 3.182446305 * spread * math.sqrt(8 + 16))
    assert ahead.low == pytest.approx(180 - 3.182446305 * spread * math.sqrt(24))
    assert project(now=5, weekly_counts=[1, 2, 3], weeks_left=4) is None
