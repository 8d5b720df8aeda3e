"""Expenses beyond their award's obligation, compared with a slow, simple implementation of the rule."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from data.ledger import beyond_obligation

TRANSACTIONS = st.lists(
    st.tuples(
        st.sampled_from("AB"), st.integers(1, 6), st.sampled_from(("obligated", "expended")), st.integers(-500, 900)
    ),
    max_size=30,
)


def plain(rows: list[tuple[int, str, int, str, int]]) -> list[int]:
    """For each expense, add up everything that counts on its day."""
    refused: list[int] = []
    for _, of_award in groupby(rows, key=lambda row: row[1]):
        ledger = list(of_award)
        for position, (row_id, _, day, kind, cents) in enumerate(ledger):
            if kind != "expended" or cents <= 0:
                continue
            obligated = sum(c for _, _, d, k, c in ledger if k == "obligated" and d <= day)
            spent = sum(c for i, _, _, k, c in ledger[:position] if k == "expended" and i not in refused)
            if spent + cents > obligated:
                refused.append(row_id)
    return refused


@given(TRANSACTIONS)
def test_it_matches_a_simple_implementation(transactions):
    ordered = sorted(transactions, key=lambda row: (row[0], row[1], row[2] != "obligated"))
    rows = [(number, *row) for number, row in enumerate(ordered)]
    assert list(beyond_obligation((i, award, kind, cents) for i, award, _, kind, cents in rows)) == plain(rows)


def test_an_offending_expense_uses_nothing_up():
    rows = [(1, "A", "obligated", 100), (2, "A", "expended", 150), (3, "A", "expended", 100), (4, "A", "expended", 1)]
    assert list(beyond_obligation(rows)) == [2, 4]


def test_corrections_always_stand_and_make_room():
    rows = [(1, "A", "expended", -50), (2, "A", "expended", 50), (3, "A", "expended", 1), (4, "B", "expended", 1)]
    assert list(beyond_obligation(rows)) == [3, 4]
    rows = [(1, "A", "obligated", 100), (2, "A", "expended", 80), (3, "A", "obligated", -50), (4, "A", "expended", 10)]
    assert list(beyond_obligation(rows)) == [4]
