"""Families of comparisons: one for a page, over what the reader sees, and wrong as seldom as stated."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import gaps
from queries import Question, Scope, ask
from queries.access.rights import viewer
from queries.families import judged_as_family
from queries.models import ComparedRow
from queries.privacy.suppression import is_hidden
from queries.statistics import discoveries

PAGE = [
    Question("gap_residents"),
    Question("outcome_ratio"),
    Question("gap_by_step"),
    Question("gap_parts"),
    Question("intersections"),
    Question("gap_adjusted"),
    Question("gap_residents", by="region"),
    Question("outcome_ratio", by="region"),
    Question("outcome_ratio", by="sector"),
]


def compared_rows(answers) -> list[ComparedRow]:
    return [row for answer in answers for row in answer.rows if isinstance(row, ComparedRow)]


def test_a_page_is_a_family_of_all_its_comparisons(demo_store, use_store):
    use_store(demo_store)
    answers = [ask(question) for question in PAGE]
    judged = judged_as_family(answers)
    before, after = compared_rows(answers), compared_rows(judged)
    ps = [row.p for row in before]
    count = sum(p is not None for p in ps)
    assert count > 300, "the page compares hundreds, and each answer alone allows for its own only"
    assert {row.compared for row in after} == {count}
    for row, p in zip(after, discoveries(ps), strict=True):
        assert row.p_adjusted == p or (row.p_adjusted is None and row.verdict == "no difference beyond chance")
    for old, new in zip(before, after, strict=True):
        assert (old.key, old.group, old.part, old.value, old.low, old.p) == (
            new.key, new.group, new.part, new.value, new.low, new.p,
        )  # fmt: skip
    assert [answer.measure for answer in judged] == [answer.measure for answer in answers]


@pytest.mark.parametrize("question", PAGE)
@pytest.mark.parametrize("region", [None, "Eastern"])
def test_hidden_rows_move_no_verdict_of_a_protected_reader(demo_store, use_store, question, region):
    use_store(demo_store)
    scope = Scope(region=region, sector="Life sciences", viewer=viewer("governor"))
    seen = ask(question, scope)
    rows = [row for row in seen.rows if isinstance(row, ComparedRow)]
    assert all(row.p is None and row.p_adjusted is None for row in rows if is_hidden(row))
    adjusted = discoveries([row.p for row in rows])
    count = sum(p is not None for p in adjusted)
    for row, p in zip(rows, adjusted, strict=True):
        assert row.compared == count
        assert row.p_adjusted is None or row.p_adjusted == pytest.approx(p, abs=6e-4 * max(count, 1)), (
            "of rounded p-values"
        )


def test_without_any_difference_few_pages_call_any():
    """120 pages of about 200 comparisons: as a family at most 5% call anything, answer by answer far more."""
    rng = np.random.default_rng(1000)
    as_family, by_answer = np.array([gaps.pages(rng) for _ in range(120)]).mean(axis=0)
    assert as_family <= 0.05 + 2 * (0.05 * 0.95 / 120) ** 0.5
    assert by_answer > 0.2


def test_picked_differences_are_on_average_smaller_than_shown():
    rng = np.random.default_rng(1)
    shown, true = np.array([gaps.picked(rng, 0.04) for _ in range(8)]).sum(axis=0)
    assert 1.2 < shown / true < 4, "the pages say so, docs/statistics.md by how much"


def test_of_the_differences_called_few_are_false_where_some_are_true():
    rng = np.random.default_rng(5)
    pages = np.array([gaps.mixed(rng, 20) for _ in range(60)])
    assert pages[:, 0].mean() > 1, "true differences of 20 points are called"
    assert np.mean(pages[:, 1] / np.maximum(pages[:, 0], 1)) <= 0.08
