"""Benchmarks: populations that fit, margins, rounding, and second figures; against the reference file and by simulation."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from benchmarks import gaps
from queries import Question, Scope, ask
from queries.calculators.benchmarks import is_of_working_age
from queries.statistics.rates import difference_interval, ratio_of_shares, wilson
from queries.statistics.significance import p_share
from queries.verdicts import (
    ABOVE,
    AT_GOAL,
    BELOW,
    COARSE,
    DISAGREE,
    Participation,
    ReferenceShare,
    share_test,
    share_verdicts,
)
from tests.conftest import ROOT

FILE = ROOT / "data" / "reference" / "benchmarks.csv"


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def taking(inside: int, answered: int, share: float, **more) -> Participation:
    return Participation(inside, answered, answered, share, **more)


def test_a_group_has_at_most_a_default_and_a_second_benchmark_in_each_place():
    for use in ("is_default", "is_second"):
        used = [(row["group_id"], row["region"]) for row in rows() if row[use] == "true"]
        assert len(used) == len(set(used))
    assert {row["base"] for row in rows() if row["group_id"] == "disability" and row["is_default"] == "true"} == {
        "labor force"
    }


@pytest.mark.parametrize(
    "row", [row for row in rows() if row["share"]], ids=lambda row: f"{row['group_id']} {row['region']} {row['base']}"
)
def test_every_figure_says_its_base_source_and_rounding(row):
    assert row["base"]
    assert row["source"]
    decimals = len(row["share"].split(".")[1])
    assert float(row["rounding"]) == pytest.approx(0.5 * 10**-decimals)
    assert row["margin"] == "" or 0 < float(row["margin"]) < float(row["share"])


def test_an_estimated_share_adds_its_variance():
    assert p_share(60, 1000, 0.0594) == pytest.approx(binomtest(60, 1000, 0.0594).pvalue)
    z = (0.08 - 0.06) / math.sqrt(0.06 * 0.94 / 500 + 0.004**2)
    assert p_share(40, 500, 0.06, error=0.004) == pytest.approx(2 * norm.sf(z))


@pytest.mark.parametrize(
    ("group", "word"),
    [
        (taking(30, 1000, 0.11), BELOW),
        (taking(30, 1000, 0.11, reference=ReferenceShare(0.11, rounding=0.005)), BELOW),
        (taking(530, 10_000, 0.05, reference=ReferenceShare(0.05, rounding=0.005)), COARSE),
        (taking(5_000, 100_000, 0.05, reference=ReferenceShare(0.05, rounding=0.005)), COARSE),
        (taking(52, 1000, 0.05, reference=ReferenceShare(0.05, rounding=0.005)), AT_GOAL),
        (taking(550, 10_000, 0.05, reference=ReferenceShare(0.05), second=ReferenceShare(0.087)), DISAGREE),
        (
            taking(553, 10_000, 0.05, reference=ReferenceShare(0.05, rounding=0.005), second=ReferenceShare(0.087)),
            DISAGREE,
        ),
        (taking(1200, 10_000, 0.05, reference=ReferenceShare(0.05), second=ReferenceShare(0.087)), ABOVE),
        (taking(200, 10_000, 0.05, reference=ReferenceShare(0.05), second=ReferenceShare(0.087)), BELOW),
        (taking(700, 10_000, 0.0594, reference=ReferenceShare(0.0594, error=0.01)), AT_GOAL),
        (taking(700, 10_000, 0.0594), ABOVE),
    ],
)
def test_a_verdict_needs_every_benchmark_and_every_value_it_may_have_been_rounded_from(group, word):
    assert share_verdicts([group])[0][0] == word


@pytest.mark.parametrize(
    ("base", "fits"),
    [
        ("labor force", True),
        ("residents aged 21 to 64", True),
        ("youth aged 16 to 24", True),
        ("residents aged 5 to 17", False),
        ("residents aged 18 to 99", False),
        ("all residents", False),
        ("civilians 18 and over", False),
        (None, False),
    ],
)
def test_which_populations_are_of_working_age(base, fits):
    assert is_of_working_age(base) == fits


def test_the_p_value_is_the_largest_of_all_benchmarks():
    group = taking(1200, 10_000, 0.05, reference=ReferenceShare(0.05), second=ReferenceShare(0.11))
    assert share_test(group).p == pytest.approx(binomtest(1200, 10_000, 0.11).pvalue, rel=1e-6)
    assert share_test(taking(700, 10_000, 0.05, second=ReferenceShare(0.087))).p == 1


def test_the_ratio_to_a_share_known_exactly_is_the_interval_divided_by_it():
    low, high = wilson(55, 900)
    assert ratio_of_shares(55 / 900, (low, high), 0.05, (0.05, 0.05)) == pytest.approx((low / 0.05, high / 0.05))
    assert ratio_of_shares(0.5, (0.4, 0.6), 0.01, (0.0, 0.02)) is None


def test_the_interval_of_a_ratio_of_two_estimates_holds_it_as_often_as_stated():
    """4,000 draws of a share of 800 residents and of a benchmark with a margin of error."""
    rng = np.random.default_rng(6)
    share, benchmark, error, held = 0.08, 0.06, 0.004, 0
    for successes, estimate in zip(rng.binomial(800, share, 4000), rng.normal(benchmark, error, 4000), strict=True):
        reach = 1.96 * error
        low, high = ratio_of_shares(
            successes / 800, wilson(successes, 800), estimate, (estimate - reach, estimate + reach)
        )
        held += low <= share / benchmark <= high
    assert 0.94 <= held / 4000 <= 0.97


@pytest.mark.parametrize(
    ("rate", "other", "expected"),
    # Newcombe (1998), table II: 56/70 less 48/80 and 9/10 less 3/10, method 10
    [((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090))],
)
def test_the_interval_of_a_difference_is_newcombes(rate, other, expected):
    interval = difference_interval(rate[0] / rate[1], wilson(*rate), other[0] / other[1], wilson(*other))
    assert interval == pytest.approx(expected, abs=1e-4)


def test_a_share_equal_to_its_uncertain_benchmark_is_seldom_called():
    """2,000 draws: against the figure as if it were exact, the share is called different far too often."""
    rng = np.random.default_rng(8)
    with_margin, exact = np.array([gaps.benchmarks(rng) for _ in range(2000)]).mean(axis=0)
    assert with_margin <= 0.06
    assert exact > 0.15


def test_disability_is_held_against_the_labor_force_and_a_second_figure(demo_store, use_store):
    use_store(demo_store)
    gap = ask(Question("gap_residents"), Scope(group="disability")).total
    ratio = ask(Question("representation_ratio"), Scope(group="disability")).total
    assert (gap.target, gap.base, gap.verdict) == (0.05, "labor force", DISAGREE)
    assert ratio.second_benchmark == 0.087
    assert ratio.value > 1 > ratio.residents / ratio.answered / ratio.second_benchmark
    veterans = ask(Question("representation_ratio", "region"), Scope(group="veteran"))
    shares = {row["region"]: float(row["share"]) for row in rows() if row["group_id"] == "veteran" and row["region"]}
    assert {row.key: row.benchmark for row in veterans.rows if row.benchmark} == shares
