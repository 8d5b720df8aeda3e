"""Supports, groups, costs: by every breakdown they have, over awkward data and over the demo, equal to pandas."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from queries import Question, ask
from queries.scope import OUTCOMES
from tests.edge_cases import GROUPS
from tests.queries import independent
from tests.queries.test_derived import COSTS, STEPS
from tests.queries.test_measures import BY, LAST, accepted, read, same, town_regions

SUPPORTS = (*independent.SUPPORT_COLUMNS, "any")
OTHER_THAN_GROUP = [by for by in BY if by != "group"]


@pytest.fixture(scope="module", params=["awkward", "demo"])
def delivered(request, tmp_path_factory, demo_store, demo_deliveries):
    """(store, facts, ledger, the delivery's date)."""
    from tests import edge_cases
    from tests.conftest import publish

    if request.param == "awkward":
        tables, store, last = edge_cases.frames(seed=21), tmp_path_factory.mktemp("every"), LAST
        publish(
            edge_cases.write(tmp_path_factory.mktemp("made") / last.isoformat(), tables),
            store,
            "--max-quarantined",
            "100",
        )
        accepted_rows = accepted(store, tables)
    else:
        folder, store, last, accepted_rows = demo_deliveries[-1], demo_store, date(2026, 11, 13), {}
        for name, key in (
            ("enrollments", "enrollment_id"),
            ("completions", "enrollment_id"),
            ("funding", "transaction_id"),
        ):
            refused = set(
                pd.read_csv(store / "deliveries" / folder.name / "quarantine" / f"{name}.csv", dtype=str)[key]
            )
            rows = read(folder, name).drop_duplicates()
            accepted_rows[name] = rows[~rows[key].isin(refused)]
    return store, independent.facts(accepted_rows, town_regions()), accepted_rows["funding"], last


@pytest.fixture(autouse=True)
def over_it(delivered, use_store):
    use_store(delivered[0])


def cut(rows: pd.DataFrame, dated: str, by: str | None):
    """(key, rows) by one breakdown; by group, a resident is in every group that is theirs."""
    if by == "group":
        return [(group, rows[rows[group].eq(True)]) for group in GROUPS if rows[group].eq(True).any()]
    return independent.by_key(by=by, since=None, until=None)(rows, rows[dated])


@pytest.mark.parametrize("by", BY)
def test_supports(delivered, by):
    _, frame, _, last = delivered
    compared = 0
    view = independent.as_of_view(frame, last)
    enrolled, exits = view[view["enrolled_on"].notna()], view[independent.exited(view) & view["exited_on"].notna()]
    reach, completion = ask(Question("supports_reach", by)), ask(Question("completion_with_support", by))
    enrolled_parts, exit_parts = list(cut(enrolled, "enrolled_on", by)), list(cut(exits, "exited_on", by))
    for support in SUPPORTS:

        def got(rows, s=support):
            return rows[independent.SUPPORT_COLUMNS].any(axis=1) if s == "any" else rows[s].astype(bool)

        for key, part in enrolled_parts:
            row = reach.row(key if by else support, part=support)
            expected = (part["participant_id"][got(part)].nunique(), part["participant_id"].nunique())
            assert (row.numerator, row.denominator) == expected
        for key, part in exit_parts:
            for received in (True, False):
                side = part["outcome"][got(part) == received]
                rows = [r for r in completion.rows if r.part == support and r.received == received]
                row = next((r for r in rows if r.key == (key if by else support)), None)
                counted = (row.numerator, row.denominator) if row else (0, 0)
                assert counted == ((side == "completed").sum(), len(side))
                compared += len(side) > 0
    assert compared


@pytest.mark.parametrize("by", OTHER_THAN_GROUP)
def test_shares_ratios_and_gaps(delivered, by):
    _, frame, _, last = delivered
    compared = 0
    view = independent.as_of_view(frame, last)
    enrolled = view[view["enrolled_on"].notna()]
    shares, ratios, gaps = (
        ask(Question(measure_id, by)) for measure_id in ("participation_share", "representation_ratio", "gap_residents")
    )
    for key, part in cut(enrolled, "enrolled_on", by):
        people = part.drop_duplicates("participant_id")
        for group in GROUPS:
            name = key if by else group
            row, ratio, gap = (answer.row(name, group=group) for answer in (shares, ratios, gaps))
            inside, answered = int(people[group].eq(True).sum()), int(people[group].notna().sum())
            assert (row.numerator, row.denominator) == (inside, answered)
            if ratio.value is not None:
                compared += 1
                target = ratio.benchmark
                assert same(ratio.value, inside / answered / target)
                more = int(gap.value)
                assert (inside + more) / (answered + more) >= target - 1e-12
                assert not more or (inside + more - 1) / (answered + more - 1) < target
    assert compared


@pytest.mark.parametrize("by", OTHER_THAN_GROUP)
def test_outcomes_and_steps_of_a_group_and_of_the_others(delivered, by):
    _, frame, _, last = delivered
    outcomes, steps = ask(Question("outcome_ratio", by)), ask(Question("gap_by_step", by))
    compared_parts = [(outcomes, measure_id, measure_id) for measure_id in OUTCOMES] + [
        (steps, step, measure_id) for step, measure_id in STEPS.items()
    ]
    measured = {
        (measure_id, group): [
            independent.measure(measure_id, frame, by=by, as_of=last, group=group, side=side) for side in ("in", "out")
        ]
        for measure_id in {*OUTCOMES, *STEPS.values()}
        for group in GROUPS
    }
    compared = 0
    for answer, part, measure_id in compared_parts:
        rows = {(row.key, row.group, row.part): row for row in answer.rows}
        assert len(rows) == len(answer.rows)
        for group in GROUPS:
            inside, outside = measured[measure_id, group]
            for key in set(inside) & set(outside):
                name = key if by else (group if answer is outcomes else part)
                row = rows[name, group, part]
                assert same(row.numerator, inside[key][0]), (by, part, key)
                assert same(row.denominator, outside[key][0]), (by, part, key)
                compared += 1
    assert compared


@pytest.mark.parametrize("by", [by for by in OTHER_THAN_GROUP if by])
def test_the_parts_of_a_gap_add_up_to_it(delivered, by):
    _, frame, _, last = delivered
    answer = ask(Question("gap_decomposition", by))
    compared = 0
    for group in GROUPS:
        inside, outside = (
            independent.measure("completion_rate", frame, by=None, as_of=last, group=group, side=side).get("Total")
            for side in ("in", "out")
        )
        if inside and outside and inside[2] and outside[2]:
            parts = [row.value for row in answer.rows if row.group == group and row.value is not None]
            assert sum(parts) == pytest.approx(inside[0] - outside[0], abs=1e-12)
            compared += 1
    assert compared


@pytest.mark.parametrize("by", [None, "initiative", "region", "sector", "month", "quarter", "fiscal_year", "year"])
def test_costs(delivered, by):
    _, frame, ledger, last = delivered
    spent = ledger[ledger["kind"] == "expended"]
    keys = independent.keys(spent, pd.to_datetime(spent["posted_on"]), by).replace("Not recorded", "Not assigned")
    sums = spent["amount"].astype(float).groupby(keys).sum()
    for of, counted in COSTS.items():
        people = independent.measure(counted, frame, by=by, as_of=last)
        answer = ask(Question(f"cost_per_{of}", by))
        assert {row.key for row in answer.rows} == set(sums.index)
        for row in answer.rows:
            count = people.get(row.key, (0, 0, None))[0]
            assert row.denominator == count
            is_cost = count and sums[row.key] > 0  # corrections can exceed the dollars spent
            assert row.value == (pytest.approx(sums[row.key] / count) if is_cost else None)
