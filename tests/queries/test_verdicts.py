"""What may be said about a difference: words, reasons, the undisclosed, and many comparisons at once."""

from __future__ import annotations

import pandas as pd
import pytest

from queries import Question, Scope, ask
from queries.statistics.significance import Side
from queries.verdicts import (
    ABOVE,
    ALIKE,
    AT_GOAL,
    BELOW,
    FLAGGED,
    HIGHER,
    LOWER,
    TOO_FEW,
    TOO_FEW_ANSWERS,
    Compared,
    Participation,
    outcome_verdicts,
    share_verdicts,
    tipping,
)
from tests import edge_cases
from tests.conftest import publish_tables


def compared(successes, trials, other_successes, other_trials, undisclosed=0, **screen):
    return Compared(
        Side.of_people(successes, trials), Side.of_people(other_successes, other_trials), undisclosed, **screen
    )


@pytest.mark.parametrize(
    ("comparison", "word"),
    [
        (compared(50, 100, 800, 1000), LOWER),
        (compared(50, 100, 800, 1000, screen_ratio=0.6, screen_high=0.75), FLAGGED),
        (compared(50, 100, 800, 1000, screen_ratio=0.6, screen_high=1.01), LOWER),
        (compared(50, 100, 800, 1000, screen_ratio=0.82, screen_high=0.9), LOWER),
        (compared(95, 100, 700, 1000), HIGHER),
        (compared(80, 100, 800, 1000), ALIKE),
        (compared(1, 29, 800, 1000), TOO_FEW),
        (compared(500, 1000, 29, 29), TOO_FEW),
        (compared(50, 100, 800, 1000, undisclosed=1101), TOO_FEW_ANSWERS),
        (compared(50, 100, 800, 1000, undisclosed=1099), LOWER),
        (compared(0, 0, 800, 1000), TOO_FEW),
        (compared(0, 0, 0, 0, undisclosed=500), TOO_FEW_ANSWERS),
        (compared(0, 0, 0, 0), TOO_FEW),
    ],
)
def test_an_outcome_in_words(comparison, word):
    assert outcome_verdicts([comparison])[0][0] == word


def test_a_difference_can_lose_its_verdict_among_many():
    mild = compared(70, 100, 800, 1000)
    assert outcome_verdicts([mild])[0][0] == LOWER
    among = outcome_verdicts([mild, *[compared(80, 100, 800, 1000)] * 27])
    assert among[0][0] == ALIKE
    assert among[0][1] > outcome_verdicts([mild])[0][1]


def test_residents_with_several_exits_do_not_count_as_many():
    # a hundred residents with three exits each, all alike, tell no more than a hundred residents
    clustered = Side(successes=3 * 70, trials=300, hh=9 * 70, hm=9 * 70, mm=9 * 100)
    assert clustered.effective_trials == 100
    independent_verdict = outcome_verdicts([Compared(Side.of_people(210, 300), Side.of_people(800, 1000), 0)])[0]
    clustered_verdict = outcome_verdicts([Compared(clustered, Side.of_people(800, 1000), 0)])[0]
    assert independent_verdict[0] == LOWER
    assert clustered_verdict[1] > independent_verdict[1]


@pytest.mark.parametrize(
    ("taking", "word"),
    [
        (Participation(inside=30, answered=1000, everyone=1000, goal=0.11), BELOW),
        (Participation(inside=200, answered=1000, everyone=1000, goal=0.11), ABOVE),
        (Participation(inside=108, answered=1000, everyone=1000, goal=0.11), AT_GOAL),
        (Participation(inside=1, answered=29, everyone=29, goal=0.5), TOO_FEW),
        (Participation(inside=30, answered=1000, everyone=2001, goal=0.11), TOO_FEW_ANSWERS),
        (Participation(inside=0, answered=0, everyone=0, goal=0.11), TOO_FEW_ANSWERS),
    ],
)
def test_participation_in_words(taking, word):
    assert share_verdicts([taking])[0][0] == word


def test_the_tipping_point_of_the_undisclosed():
    taking = Participation(inside=55, answered=800, everyone=1000, goal=0.11)
    share = tipping(taking)
    assert (55 + share * 200) / 1000 == pytest.approx(0.11)
    assert tipping(Participation(inside=10, answered=990, everyone=1000, goal=0.11)) > 1
    assert tipping(Participation(inside=10, answered=100, everyone=100, goal=0.11)) is None


@pytest.fixture(scope="module")
def truth():
    """A delivery in which everybody answered."""
    return edge_cases.frames(seed=5, rows=1200, undisclosed=0.0)


@pytest.mark.parametrize(("undisclosed", "word"), [(0.0, BELOW), (0.23, BELOW), (0.6, TOO_FEW_ANSWERS), (1.0, None)])
def test_more_undisclosed_widens_the_bounds_and_changes_the_verdict(
    truth, undisclosed, word, tmp_path, use_store, monkeypatch
):
    tables = {name: table.copy() for name, table in truth.items()}
    people = sorted(tables["enrollments"]["participant_id"].unique())
    silent = set(pd.Series(people).sample(frac=undisclosed, random_state=1))
    rows = tables["enrollments"]["participant_id"].isin(silent)
    tables["enrollments"]["woman"] = tables["enrollments"]["woman"].astype(object).where(~rows, None)
    publish_tables(tables, tmp_path)
    use_store(tmp_path / "store")

    share = ask(Question("participation_share"), Scope(group="woman")).total
    gap = ask(Question("gap_residents"), Scope(group="woman")).total
    enrolled = truth["enrollments"][truth["enrollments"]["enrolled_on"].notna()].drop_duplicates("participant_id")
    actual = enrolled["woman"].astype(bool).mean()
    assert share.bound_low <= actual <= share.bound_high
    answered = enrolled[~enrolled["participant_id"].isin(silent)]
    inside = int(answered["woman"].astype(bool).sum())
    assert share.bound_low == pytest.approx(inside / len(enrolled))
    assert share.bound_high == pytest.approx((inside + len(enrolled) - len(answered)) / len(enrolled))
    assert gap.verdict == word
    if undisclosed == 0:
        assert share.bound_low == share.bound_high == share.value
        assert gap.tipping is None
    if undisclosed == 1:
        assert share.value is None
        assert "nobody" in share.note
    outcome = ask(Question("outcome_ratio"), Scope(group="woman")).row("woman", part="completion_rate")
    assert (outcome.verdict == TOO_FEW_ANSWERS) == (undisclosed > 0.5)
    if outcome.numerator is not None:
        assert outcome.bound_low <= outcome.numerator <= outcome.bound_high


def test_a_difference_planted_in_two_groups_at_once_is_detected_and_small_pairs_are_shrunk(tmp_path, use_store):
    tables = edge_cases.frames(seed=8, rows=4000, undisclosed=0.1)
    answers = tables["enrollments"].set_index("enrollment_id")[["veteran", "woman"]]
    joined = answers.loc[tables["completions"]["enrollment_id"]].reset_index(drop=True)
    both = joined["veteran"].eq(True) & joined["woman"].eq(True)
    gone = tables["completions"]["outcome"].isin(["completed", "withdrew"])
    tables["completions"].loc[both & gone, "outcome"] = "withdrew"
    tables["completions"].loc[both & gone, ["credential", "credential_on"]] = None
    publish_tables(tables, tmp_path)
    use_store(tmp_path / "store")

    rows = {row.key: row for row in ask(Question("intersections")).rows}
    planted = rows["veteran+woman"]
    assert planted.verdict in (LOWER, FLAGGED)
    assert planted.high < 1
    for row in rows.values():
        if row.value is not None and row.verdict in (LOWER, FLAGGED):
            assert "veteran" in row.key or "woman" in row.key
    spread = [abs(row.raw - 1) for row in rows.values() if row.value is not None]
    drawn = [abs(row.value - row.expected) for row in rows.values() if row.value is not None]
    raw = [abs(row.raw - row.expected) for row in rows.values() if row.value is not None]
    assert spread
    assert all(near <= far + 1e-12 for near, far in zip(drawn, raw, strict=True))
