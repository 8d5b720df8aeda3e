"""Completion against similar residents: equal to pandas over awkward data and the demo, and fair where a raw rate is not."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from queries import Question, Scope, ask
from queries.aggregations.supports import SUPPORTS
from queries.calculators.supports_association import DIMENSIONS
from queries.notes import NOT_DISCLOSED
from queries.verdicts import ALIKE, ENOUGH, HIGHER, TOO_FEW, Verdict
from tests.conftest import publish
from tests.data import deliveries
from tests.edge_cases import GROUPS
from tests.queries import independent
from tests.queries.test_measures import LAST, facts_of, read, town_regions

ALIKE_IN = ["initiative", "sector", "region", *GROUPS]


def exits(frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Exits that completed or withdrew, each with its stratum written out."""
    view = independent.as_of_view(frame, as_of)
    rows = view[independent.exited(view) & view["exited_on"].notna()].copy()
    rows["stratum"] = rows[ALIKE_IN].astype(object).where(rows[ALIKE_IN].notna(), "?").astype(str).agg("|".join, axis=1)
    rows["hit"] = (rows["outcome"] == "completed").astype(int)
    return rows


def cut(rows: pd.DataFrame, by: str | None) -> dict[str, pd.DataFrame]:
    if by == "group":
        return {group: rows[rows[group].eq(True)] for group in GROUPS if rows[group].eq(True).any()}
    return dict(list(independent.by_key(by=by, since=None, until=None)(rows, rows["exited_on"])))


def effect(rows: pd.DataFrame) -> float:
    """Rao and Scott's design effect with residents as clusters."""
    people = rows.groupby("participant_id")["hit"].agg(["sum", "size"])
    p, n = rows["hit"].mean(), len(rows)
    return max(1.0, ((people["sum"] - p * people["size"]) ** 2).sum() / (n * p * (1 - p))) if 0 < p < 1 else 1.0


def by_hand(rows: pd.DataFrame, support: str) -> dict[str, float] | None:
    """The Mantel-Haenszel difference with Sato's variance, stratum by stratum; None where nobody is alike."""
    got = rows[support].astype(bool)
    tables = pd.DataFrame(
        {
            "a": rows[got].groupby("stratum")["hit"].sum(),
            "n1": rows[got].groupby("stratum").size(),
            "b": rows[~got].groupby("stratum")["hit"].sum(),
            "n0": rows[~got].groupby("stratum").size(),
        }
    ).dropna()
    if tables.empty:
        return None
    a, n1, b, n0 = (tables[name].to_numpy(float) for name in ("a", "n1", "b", "n0"))
    weights = n1 * n0 / (n1 + n0)
    rate_with, rate_without = np.average(a / n1, weights=weights), np.average(b / n0, weights=weights)
    difference = rate_with - rate_without
    # Sato (1989): (difference × Σ P + Σ Q) ÷ (Σ weights)²
    p = (n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / (n1 + n0) ** 2
    q = (a * (n0 - b) + b * (n1 - a)) / (2 * (n1 + n0))
    variance = (difference * p.sum() + q.sum()) / weights.sum() ** 2 * max(effect(rows[got]), effect(rows[~got]))
    return {
        "value": difference,
        "error": math.sqrt(max(variance, 0)),
        "with": rate_with,
        "without": rate_without,
        "matched_with": int(n1.sum()),
        "matched_without": int(n0.sum()),
        "effect": max(effect(rows[got]), effect(rows[~got])),
    }


def compare(rows: pd.DataFrame, by: str | None, scope: Scope) -> int:
    """Every row of the answer against pandas; how many of them have a number."""
    answer, numbers = ask(Question("supports_association", by), scope), 0
    parts = cut(rows, by) if by else {"Total": rows}
    for support in SUPPORTS:
        for key, part in parts.items():
            row = answer.row(key if by else support, part=support)
            expected, got = by_hand(part, support), part[support].astype(bool)
            matched = [expected[f"matched_{side}"] for side in ("with", "without")] if expected else [0, 0]
            assert [row.matched_with, row.matched_without] == matched
            assert [row.unmatched_with, row.unmatched_without] == [
                got.sum() - matched[0], (~got).sum() - matched[1]]  # fmt: skip
            if min(got.sum(), (~got).sum()) >= ENOUGH:
                raw = part.loc[got, "hit"].mean() - part.loc[~got, "hit"].mean()
                assert row.raw_difference == pytest.approx(raw, abs=1e-12)
            if not expected:
                assert (row.value, row.note) == (
                    None,
                    Verdict.NOBODY_SIMILAR if got.any() and not got.all() else Verdict.NOBODY_TO_COMPARE,
                )
                continue
            if min(matched) / expected["effect"] < ENOUGH:
                assert (row.value, row.note, row.verdict) == (None, TOO_FEW, TOO_FEW)
                continue
            numbers += 1
            assert row.value == pytest.approx(expected["value"], abs=1e-12)
            assert (row.numerator, row.denominator) == pytest.approx((expected["with"], expected["without"]))
            reach = norm.ppf(0.975) * expected["error"]
            assert (row.low, row.high) == pytest.approx((row.value - reach, row.value + reach))
            assert row.p == pytest.approx(2 * norm.sf(abs(row.value) / expected["error"]))
    silent = {row.key for row in answer.rows if row.note == NOT_DISCLOSED}
    all_silent = {group for group in GROUPS if rows[group].isna().all()} if by == "group" else set()
    assert silent == all_silent or (answer.status == "not_disclosed" and all_silent == set(GROUPS))
    assert not {row.key for row in answer.rows} - silent - (set(parts) if by else set(SUPPORTS))
    return numbers


@pytest.mark.parametrize("by", DIMENSIONS)
@pytest.mark.parametrize("as_of", [LAST, date(2024, 8, 17)], ids=str)
def test_it_equals_pandas_over_awkward_data(hostile_store, by, as_of, use_store):
    store, tables = hostile_store
    use_store(store)
    frame = facts_of(store, tables)
    rows = exits(frame, as_of)
    assert len(rows) > 100
    compare(rows, by, Scope(as_of=as_of))


@pytest.fixture(scope="module")
def demo_exits(demo_store, demo_deliveries):
    folder = demo_deliveries[-1]
    accepted_rows = {}
    for name in ("enrollments", "completions"):
        path = demo_store / "deliveries" / folder.name / "quarantine" / f"{name}.csv"
        rows, refused = read(folder, name).drop_duplicates(), set(pd.read_csv(path, dtype=str)["enrollment_id"])
        accepted_rows[name] = rows[~rows["enrollment_id"].isin(refused)]
    return exits(independent.facts(accepted_rows, town_regions()), date(2026, 11, 13))


@pytest.mark.parametrize("by", DIMENSIONS)
def test_it_equals_pandas_on_the_demo(demo_exits, demo_store, by, use_store):
    use_store(demo_store)
    assert compare(demo_exits, by, Scope()) >= 3


def test_under_filters_it_equals_pandas_on_the_demo(demo_exits, demo_store, use_store):
    use_store(demo_store)
    women = demo_exits[demo_exits["woman"].eq(True) & (demo_exits["region"] == "Eastern")]
    assert compare(women, None, Scope(group="woman", region="Eastern"))
    late = demo_exits[demo_exits["exited_on"] >= "2025-07-01"]
    assert compare(late, "sector", Scope(since=date(2025, 7, 1)))


def test_the_planted_effect_of_child_care_is_detected_and_technology_has_none(demo_store, use_store):
    use_store(demo_store)
    answer = ask(Question("supports_association"))
    child_care, technology = answer.row("child_care"), answer.row("technology")
    assert child_care.low < 0.09 < child_care.high
    assert child_care.low > 0
    assert child_care.verdict == HIGHER
    assert child_care.compared == 3
    assert technology.verdict == ALIKE
    assert technology.low < 0 < technology.high


def made(tmp_path, use_store, cells: dict[tuple[bool, bool], tuple[int, int]]) -> None:
    """Publish exits made of {(woman, child care): (completed, exits)}, alike in everything else."""
    drawn = [
        (woman, cared, number < completed)
        for (woman, cared), (completed, size) in cells.items()
        for number in range(size)
    ]
    tables = deliveries.tables(size=2 * len(drawn))
    n = range(len(drawn))
    people = tables["enrollments"].iloc[: len(drawn)].copy()
    people["enrollment_id"], people["participant_id"] = [f"E{i:05}" for i in n], [f"P{i:05}" for i in n]
    people["initiative"], people["sector"], people["town"] = "CareerConneCT", "Healthcare", "Hartford"
    people[list(deliveries.GROUPS)] = False
    people["woman"], people["child_care"] = [w for w, _, _ in drawn], [c for _, c, _ in drawn]
    left = tables["completions"].iloc[: len(drawn)].copy()
    left["enrollment_id"] = [f"E{i:05}" for i in n]
    left["outcome"] = ["completed" if done else "withdrew" for _, _, done in drawn]
    left["credential"], left["credential_on"], left["stackable"] = None, pd.NaT, None
    left = left.astype({"credential": "string", "stackable": "boolean", "credential_on": "datetime64[us]"})
    store = tmp_path / "store"
    publish(deliveries.write(tmp_path, tables | {"enrollments": people, "completions": left}), store)
    use_store(store)


def test_a_support_of_those_who_complete_anyway_stands_level(tmp_path, use_store):
    # women complete 90% with child care or without, men 50%; most who get it are women
    made(tmp_path, use_store, {(True, True): (144, 160), (True, False): (36, 40), (False, True): (20, 40), (False, False): (80, 160)})  # fmt: skip
    answer = ask(Question("supports_association"))
    row = answer.row("child_care")
    assert row.raw_difference == pytest.approx(0.82 - 0.58)
    assert row.value == pytest.approx(0, abs=1e-12)
    assert row.low < 0 < row.high
    assert row.verdict == ALIKE
    assert row.compared == 2, "nobody receives transportation here"
    assert answer.row("transportation").note == Verdict.NOBODY_TO_COMPARE


def test_a_support_of_a_single_group_has_nobody_to_compare(tmp_path, use_store):
    made(tmp_path, use_store, {(True, True): (144, 160), (False, False): (80, 160)})
    row = ask(Question("supports_association")).row("child_care")
    assert (row.value, row.note) == (None, Verdict.NOBODY_SIMILAR)
    assert row.raw_difference == pytest.approx(0.4)
    assert row.unmatched_with == 160


def test_few_on_a_side_are_not_enough_people_to_say(tmp_path, use_store):
    made(tmp_path, use_store, {(True, True): (29, 29), (True, False): (50, 160), (False, True): (2, 40)})
    row = ask(Question("supports_association")).row("child_care")
    assert (row.value, row.low, row.note) == (None, None, TOO_FEW)
    assert row.matched_with == 29
    assert row.unmatched_with == 40


def test_everyone_with_it_and_nobody_without_is_a_difference_without_an_interval(tmp_path, use_store):
    made(tmp_path, use_store, {(True, True): (40, 40), (True, False): (0, 40)})
    row = ask(Question("supports_association")).row("child_care")
    assert (row.value, row.low, row.high, row.verdict) == (1.0, None, None, HIGHER)


def test_it_is_not_broken_down_by_what_leaves_too_few(demo_store, use_store):
    use_store(demo_store)
    answer = ask(Question("supports_association", "month"))
    assert answer.status == "not_applicable"
    assert "cannot be broken down by month" in answer.note
