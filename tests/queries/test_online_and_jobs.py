"""Online learning, jobs and the whole resident, computed again in pandas from the demo's raw files."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from queries import Question, Scope, ask
from queries.calculators import paths
from queries.calculators.counts import CountRow
from queries.calculators.paths import OTHER_PATHS
from queries.periods import day_words
from tests.queries import independent
from tests.queries.test_measures import read, same, town_regions

LAST = date(2026, 11, 13)
UNDATED = ("positions_filled", "positions_filled_by_participants", "open_positions", "participant_share")
DAYS = [None, date(2023, 6, 30)]
KEYS = {
    "courses": "registration_id",
    "openings": "opening_id",
    "enrollments": "enrollment_id",
    "completions": "enrollment_id",
}


@pytest.fixture(scope="module")
def raw(demo_store, demo_deliveries) -> dict[str, pd.DataFrame]:
    """The last delivery's accepted rows."""
    folder, tables = demo_deliveries[-1], {}
    for name, key in KEYS.items():
        refused = set(
            pd.read_csv(demo_store / "deliveries" / folder.name / "quarantine" / f"{name}.csv", dtype=str)[key]
        )
        rows = read(folder, name).drop_duplicates()
        tables[name] = rows[~rows[key].isin(refused)].copy()
        for column in [c for c in rows.columns if c.endswith("_on")]:
            tables[name][column] = pd.to_datetime(tables[name][column])
    regions = town_regions()
    tables["courses"]["region"] = tables["courses"]["town"].map(regions)
    tables["openings"]["region"] = tables["openings"]["town"].map(regions)
    return tables


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def by_key(rows: pd.DataFrame, dated: str, by: str | None):
    return rows.groupby(independent.keys(rows, rows[dated], by))


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("by", [None, "platform", "subject", "eligibility", "region", "month", "fiscal_year"])
def test_online_courses(raw, by, as_of):
    now = pd.Timestamp(as_of or LAST)
    rows = raw["courses"][raw["courses"]["registered_on"] <= now]
    scope = Scope(as_of=as_of)
    claims = rows[rows["eligibility"] == "unemployment claimant"]
    done = rows[rows["completed_on"] <= now]
    old = rows[rows["registered_on"] <= now - pd.Timedelta(days=90)]
    expected = {
        "learners": by_key(rows, "registered_on", by)["participant_id"].nunique(),
        "claimants_learning": by_key(claims, "registered_on", by)["participant_id"].nunique(),
        "registrations": by_key(rows, "registered_on", by).size(),
        "courses_completed": by_key(done, "completed_on", by).size(),
        "course_credits": by_key(done[done["credit_earned"].astype(bool)], "completed_on", by).size(),
        "course_hours": by_key(done, "completed_on", by)["hours"].sum().astype(float).round(2),
        "course_completion_rate": (
            by_key(old.assign(hit=old["completed_on"] <= now), "registered_on", by)["hit"].mean()
        ),
    }
    for measure_id, wanted in expected.items():
        assert len(wanted), measure_id
        answer = ask(Question(measure_id, by), scope)
        assert {row.key: row.value for row in answer.rows} == pytest.approx(wanted.to_dict()), measure_id


@pytest.mark.parametrize("as_of", DAYS)
def test_learners_who_went_on(raw, as_of):
    now = pd.Timestamp(as_of or LAST)
    courses = raw["courses"][raw["courses"]["registered_on"] <= now]
    first = courses.groupby("participant_id")["registered_on"].min()
    programs = raw["enrollments"]
    programs = programs[(programs["initiative"] == "CareerConneCT") & (programs["enrolled_on"] <= now)]
    enrolled = (
        programs.sort_values(["enrolled_on", "enrollment_id"])
        .drop_duplicates("participant_id")
        .set_index("participant_id")
    )
    onward = enrolled.reindex(first.index)["enrolled_on"]
    went = onward >= first
    scope = Scope(as_of=as_of)
    total = ask(Question("learners_going_on"), scope).total
    assert (total.numerator, total.denominator) == (went.sum(), len(first))
    assert same(ask(Question("days_to_going_on"), scope).total.value, (onward - first)[went].dt.days.median())
    sectors = enrolled.reindex(first.index[went])["sector"].fillna("Not recorded").value_counts()
    assert {row.key: row.value for row in ask(Question("learners_gone_on", "sector"), scope).rows} == sectors.to_dict()


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("by", [None, "sector", "region", "source", "employer", "quarter"])
def test_openings(raw, by, as_of):
    now = pd.Timestamp(as_of or LAST)
    rows = raw["openings"][raw["openings"]["posted_on"] <= now].copy()
    rows["closed"] = rows["closed_on"] <= now
    rows["done"], rows["by_us"] = rows["filled"], rows["filled_by_participants"]
    still = rows[~rows["closed"]].assign(left=lambda r: (r["positions"] - r["done"]).clip(lower=0))
    shut = rows[rows["closed"]]
    filled_openings = shut[shut["filled"] == shut["positions"]].assign(
        days=lambda r: (r["closed_on"] - r["posted_on"]).dt.days
    )
    grouped, closed = by_key(rows, "posted_on", by), by_key(shut, "posted_on", by)
    expected = {
        "openings": grouped.size(),
        "positions": grouped["positions"].sum(),
        "positions_filled": grouped["done"].sum(),
        "positions_filled_by_participants": grouped["by_us"].sum(),
        "open_positions": by_key(still, "posted_on", by)["left"].sum(),
        "fill_rate": closed["done"].sum() / closed["positions"].sum(),
        "participant_share": (grouped["by_us"].sum() / grouped["done"].sum()).dropna(),
        "days_to_fill": by_key(filled_openings, "posted_on", by)["days"].median(),
    }
    for measure_id, wanted in expected.items():
        answer = ask(Question(measure_id, by), Scope(as_of=as_of))
        if measure_id in UNDATED and as_of:
            assert answer.status == "not_applicable"
            assert answer.note.endswith(f"known only as of {day_words(answer.delivery.delivered_on)}.")
            continue
        assert len(wanted), measure_id
        answer_rows = answer.rows
        assert {row.key: row.value for row in answer_rows if row.value is not None} == pytest.approx(
            wanted.to_dict()
        ), measure_id


@pytest.mark.parametrize(
    ("measure_id", "hits", "tries"),
    [("fill_rate", "filled", "positions"), ("participant_share", "filled_by_participants", "filled")],
)
@pytest.mark.parametrize("by", [None, "sector", "source"])
def test_intervals_of_positions_allow_for_openings_with_several(raw, by, measure_id, hits, tries):
    """The variance of a ratio of sums over openings (Cochran 1977, section 6.4), never less than that of single positions."""
    rows = raw["openings"][raw["openings"]["posted_on"] <= pd.Timestamp(LAST)]
    rows = rows[rows["closed_on"] <= pd.Timestamp(LAST)] if measure_id == "fill_rate" else rows
    answer = ask(Question(measure_id, by))
    for key, part in by_key(rows, "posted_on", by):
        row = answer.row(key)
        rate, count = part[hits].sum() / part[tries].sum(), part[tries].sum()
        clustered = ((part[hits] - rate * part[tries]) ** 2).sum() / count**2
        single = rate * (1 - rate) / count
        width = 2 * 1.96 * max(clustered, single) ** 0.5
        assert row.high - row.low == pytest.approx(width, rel=0.02)
        if by is None and measure_id == "participant_share":
            assert clustered > 1.5 * single  # else the demo would test nothing


@pytest.mark.parametrize("as_of", DAYS)
def test_residents_across_initiatives(raw, as_of):
    now = pd.Timestamp(as_of or LAST)
    enrolled = raw["enrollments"][raw["enrollments"]["enrolled_on"] <= now]
    courses = raw["courses"][raw["courses"]["registered_on"] <= now]
    met = pd.concat(
        [
            enrolled[["participant_id", "initiative", "enrolled_on"]].rename(columns={"enrolled_on": "on"}),
            courses[["participant_id"]].assign(initiative="SkillUp CT", on=courses["registered_on"]),
        ]
    )
    first = met.groupby(["participant_id", "initiative"])["on"].min().reset_index().sort_values(["on", "initiative"])
    paths = first.groupby("participant_id")["initiative"].agg(" → ".join)
    several = paths[paths.str.contains("→")]
    scope = Scope(as_of=as_of)
    assert ask(Question("residents_any"), scope).total.value == len(paths)
    assert ask(Question("residents_in_several"), scope).total.numerator == len(several)
    shown = {row.key: row.value for row in ask(Question("residents_by_path"), scope).rows}
    counts = several.value_counts()
    assert sum(shown.values()) == len(several)
    assert min(shown.values()) >= 10
    for path, residents in shown.items():
        assert path == OTHER_PATHS or counts[path] == residents
    assert all(counts[path] >= 10 for path in shown if path != OTHER_PATHS)


@pytest.mark.parametrize(
    ("residents", "shown", "others"),
    [
        ([40, 20, 9, 9], [40, 20], 18),
        ([40, 11, 1], [40], 12),  # or 2 and 10
        ([40, 10, 1], [], 51),  # with 40 shown, eleven others could only be 10 and 1
        ([40, 20], [40, 20], None),
        ([4], [], None),
    ],
)
def test_other_paths_leave_several_counts_possible(residents, shown, others, monkeypatch):
    rows = [CountRow(key=f"path {at}", value=count, numerator=count) for at, count in enumerate(residents)]
    monkeypatch.setattr(paths, "rows_by_key", lambda context: rows)
    made = {row.key: row.value for row in paths.paths(None)}
    assert made.pop(OTHER_PATHS, None) == others
    assert list(made.values()) == shown
