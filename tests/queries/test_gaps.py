"""Why a gap, where it is carried, and two groups at once: equal to an independent computation in pandas."""

from __future__ import annotations

import itertools
from datetime import date

import pandas as pd
import pytest

from queries import AskError, Question, Scope, ask
from queries.scope import OUTCOMES
from queries.statistics.significance import Side, interval_ratio
from tests.edge_cases import GROUPS
from tests.queries import independent
from tests.queries.test_every_breakdown import delivered  # noqa: F401  (a fixture)

LEVELS = ["sector", "region", "provider"]


@pytest.fixture(autouse=True)
def over_it(delivered, use_store):  # noqa: F811
    use_store(delivered[0])


@pytest.fixture
def exits(delivered):  # noqa: F811
    """(rows known for an outcome with a column `hit`) by outcome."""
    _, frame, _, last = delivered
    view = independent.as_of_view(frame, last)
    gone = view[independent.exited(view) & view["exited_on"].notna()].copy()
    done = gone[gone["outcome"] == "completed"]
    q2 = gone[gone["employed_q2"].notna()]
    expected_counts = {
        "completion_rate": gone.assign(hit=gone["outcome"] == "completed"),
        "credential_rate": older(done, last, days=90).assign(hit=lambda rows: rows["credential_on"].notna()),
        "placement_rate": older(gone, last, days=180).assign(hit=lambda rows: rows["employed_on"].notna()),
        "employment_rate_q2": q2.assign(hit=q2["employed_q2"].astype(bool)),
    }
    for rows in expected_counts.values():
        for column in ("sector", "region", "provider", "program"):
            rows[column] = rows[column].fillna("Not recorded").where(rows[column].notna(), "Not recorded")
    return expected_counts


def older(rows: pd.DataFrame, last: date, *, days: int) -> pd.DataFrame:
    """Exits at least so many days old."""
    return rows[rows["exited_on"] <= pd.Timestamp(last) - pd.Timedelta(days=days)]


def sides(rows: pd.DataFrame, group: str):
    return rows[rows[group].eq(True)], rows[rows[group].eq(False)]


def between(inside: pd.DataFrame, outside: pd.DataFrame, columns: list[str]) -> float:
    """Kitagawa's between component: ½ Σ (difference of shares) × (sum of rates); an absent side takes the other's rate."""
    cells = pd.DataFrame(
        {
            "share_in": inside.groupby(columns).size() / len(inside),
            "share_out": outside.groupby(columns).size() / len(outside),
            "rate_in": inside.groupby(columns)["hit"].mean(),
            "rate_out": outside.groupby(columns)["hit"].mean(),
        }
    )
    cells[["share_in", "share_out"]] = cells[["share_in", "share_out"]].fillna(0)
    rate_in, rate_out = cells["rate_in"].fillna(cells["rate_out"]), cells["rate_out"].fillna(cells["rate_in"])
    return float(((cells["share_in"] - cells["share_out"]) * (rate_in + rate_out) / 2).sum())


def single_sided_share(inside: pd.DataFrame, outside: pd.DataFrame, columns: list[str]) -> float:
    """The share of exits in places where only one side is."""
    counts = pd.DataFrame({"in": inside.groupby(columns).size(), "out": outside.groupby(columns).size()}).fillna(0)
    single = counts[(counts["in"] == 0) | (counts["out"] == 0)]
    return float(single.sum().sum() / counts.sum().sum())


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_parts_are_kitagawas_level_by_level_and_add_up(exits, outcome):
    answer = ask(Question("gap_parts", outcome=outcome))
    compared_groups = 0
    for group in GROUPS:
        inside, outside = sides(exits[outcome], group)
        rows = {row.part: row for row in answer.rows if row.group == group and row.value is not None}
        if not rows:
            assert min(len(inside), len(outside)) < 60 or len(inside) + len(outside) < len(exits[outcome]) / 2
            continue
        compared_groups += 1
        steps = [between(inside, outside, LEVELS[:depth]) for depth in (1, 2, 3)]
        gap = inside["hit"].mean() - outside["hit"].mean()
        levels_shown = [level for level in LEVELS if level in rows]
        assert levels_shown == LEVELS[: len(levels_shown)]
        steps = steps[: len(levels_shown)]
        expected = [step - before for step, before in zip(steps, [0, *steps], strict=False)] + [gap - steps[-1]]
        assert [rows[name].value for name in (*levels_shown, "within")] == pytest.approx(expected, abs=1e-12)
        for depth, level in enumerate(LEVELS, start=1):
            assert (level in rows) == (depth == 1 or single_sided_share(inside, outside, LEVELS[:depth]) <= 0.2), (
                group,
                level,
            )
        assert sum(row.value for row in rows.values()) == pytest.approx(gap, abs=1e-12)
        assert all(row.low <= row.value <= row.high for row in rows.values())
    assert compared_groups >= (3 if outcome != "employment_rate_q2" else 1)


@pytest.mark.parametrize("outcome", OUTCOMES[:2])
def test_cells_add_up_to_the_gap_and_show_their_counts(exits, outcome):
    answer = ask(Question("gap_cells", outcome=outcome))
    for group in GROUPS:
        inside, outside = sides(exits[outcome], group)
        rows = [row for row in answer.rows if row.group == group]
        gap = inside["hit"].mean() - outside["hit"].mean()
        assert sum(row.value for row in rows) == pytest.approx(gap, abs=1e-12)
        counted = inside.groupby(["program", "region"]).size()
        expected_counts = {(row.key, row.part): row.known_in for row in rows if row.known_in}
        assert expected_counts == counted.to_dict()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_pairs_count_those_in_both_and_those_known_not_to_be(exits, outcome):
    answer, rows = ask(Question("intersections", outcome=outcome)), exits[outcome]
    assert [(row.group, row.part) for row in answer.rows] == list(itertools.combinations(GROUPS, 2))
    for row in answer.rows:
        first, second = rows[row.group], rows[row.part]
        both = rows[first.eq(True) & second.eq(True)]
        neither = rows[first.eq(False) | second.eq(False)]
        assert row.residents == both["participant_id"].nunique()
        counted = tuple(getattr(row, name) for name in ("successes_in", "known_in", "successes_out", "known_out"))
        assert counted == (both["hit"].sum(), len(both), neither["hit"].sum(), len(neither))
        if row.value is not None and row.raw:
            low, high = sorted((row.raw, row.expected))
            assert low - 1e-9 <= row.value <= high + 1e-9, "between what was counted and what was expected"


def side(rows: pd.DataFrame) -> Side:
    people = rows.groupby("participant_id")["hit"].agg(["sum", "size"]).astype(int)
    successes, trials = people["sum"], people["size"]
    return Side(
        *(
            int(sum_)
            for sum_ in (
                successes.sum(),
                trials.sum(),
                (successes**2).sum(),
                (successes * trials).sum(),
                (trials**2).sum(),
            )
        )
    )


@pytest.mark.parametrize("by", [None, "sector", "region"])
def test_intervals_allow_for_residents_with_several_exits(exits, by):
    answer = ask(Question("outcome_ratio", by))
    assert any(row.value is not None for row in answer.rows)
    for row in answer.rows:
        rows = exits[row.part]
        if by:
            rows = rows[rows[by] == row.key]
        inside, outside = (side(part) for part in sides(rows, row.group))
        expected = interval_ratio(inside, outside)
        if expected is None:
            assert row.value is None
        else:
            assert (row.value, row.low, row.high) == pytest.approx((expected.value, expected.low, expected.high))


def test_only_some_measures_take_an_outcome():
    with pytest.raises(AskError, match="There is no outcome"):
        Question("gap_parts", outcome="wages")
    refused = ask(Question("residents_enrolled", outcome="placement_rate"))
    assert refused.status == "not_applicable"
    assert "outcome" in refused.note
    assert ask(Question("gap_parts", by="region")).status == "not_applicable"


def test_a_verdict_does_not_depend_on_the_group_filter():
    everyone, women = ask(Question("outcome_ratio")), ask(Question("outcome_ratio"), Scope(group="woman"))
    assert women.rows
    for row in women.rows:
        same = everyone.row(row.key, group=row.group, part=row.part)
        assert (row.verdict, row.p_adjusted) == (same.verdict, same.p_adjusted)
