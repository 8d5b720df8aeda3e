"""The four-fifths screen on a delivery: within a classification, those outside the listed groups included."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from components.text import verdicts as words
from queries import Question, Scope, ask
from queries.calculators.outcome_ratio import OutcomeRow, without_hidden_highest
from queries.statistics import Side
from queries.statistics.four_fifths import screen
from queries.statistics.significance import p_two_rates
from queries.verdicts import ALIKE, FLAGGED, HIGHER, SCREENED, as_family
from tests import edge_cases
from tests.conftest import publish

RACES = ("bipoc", "immigrant", "veteran")  # columns that stand for three listed races
GROUPS_FILE = "group_id,label,member_noun,column_name,classification,source\n" + "".join(
    f"{group},{group.title()},{group},{group},{'race' if group in RACES else ''},test\n" for group in edge_cases.GROUPS
)


def delivery_with(rates: dict[str, float], tables):
    """Set the completions so that each named group completes at its rate; `others` are in none of them."""
    rng = np.random.default_rng(4)
    answers = tables["enrollments"].set_index("enrollment_id").loc[tables["completions"]["enrollment_id"]]
    rate = np.full(len(answers), rates["others"])
    for group, value in rates.items():
        if group != "others":
            rate = np.where(answers[group].eq(True).to_numpy(), value, rate)
    exits = tables["completions"]
    exits["outcome"] = np.where(rng.random(len(exits)) < rate, "completed", "withdrew")
    exits.loc[exits["outcome"] == "withdrew", ["credential", "credential_on"]] = None
    return tables


def store_of(tables, tmp_path: Path, *options: str) -> Path:
    folder = edge_cases.write(tmp_path / "2025-03-31", tables)
    publish(folder, tmp_path / "store", "--max-quarantined", "100", *options)
    return tmp_path / "store"


@pytest.fixture(scope="module")
def women_behind(tmp_path_factory):
    tables = delivery_with({"woman": 0.517, "others": 0.796}, edge_cases.frames(seed=31, rows=4000, undisclosed=0.0))
    return store_of(tables, tmp_path_factory.mktemp("women"))


def test_women_at_52_percent_and_men_at_80_are_flagged(women_behind, use_store):
    use_store(women_behind)
    row = ask(Question("outcome_ratio")).rows_of(OutcomeRow)[edge_cases.GROUPS.index("woman")]
    assert (row.group, row.part) == ("woman", "completion_rate")
    assert row.numerator == pytest.approx(0.517, abs=0.04)
    assert row.denominator == pytest.approx(0.796, abs=0.03)
    assert (row.highest_group, row.highest_rate) == ("others", row.denominator)
    assert row.screen_ratio == pytest.approx(row.value)
    assert row.screen_low < row.screen_ratio < row.screen_high < 0.8
    assert row.deviations < -10
    assert row.verdict == FLAGGED
    assert words.outcome(row) == "Below four-fifths of the highest rate and unlikely to be chance"


def test_those_outside_a_group_are_screened_too(tmp_path, use_store):
    tables = delivery_with({"woman": 0.8, "others": 0.5}, edge_cases.frames(seed=32, rows=3000, undisclosed=0.0))
    use_store(store_of(tables, tmp_path))
    row = ask(Question("outcome_ratio"), Scope(group="woman")).rows_of(OutcomeRow)[0]
    assert row.verdict == HIGHER
    assert words.outcome(row).endswith("; others are below four-fifths of this rate")


def test_a_listed_race_is_screened_against_those_in_none_of_the_listed_races(tmp_path, use_store):
    """The highest rate is that of residents in no listed group: each race's own "others" would hide it."""
    rates = {"bipoc": 0.6, "immigrant": 0.62, "veteran": 0.6, "others": 0.9}
    tables = delivery_with(rates, edge_cases.frames(seed=33, rows=5000, undisclosed=0.0))
    layout = tmp_path / "layout"
    (layout / "reference").mkdir(parents=True)
    (layout / "reference" / "groups.csv").write_text(GROUPS_FILE, encoding="utf-8")
    for name in tables:
        (layout / f"{name}.sql").write_text("select * from TABLE".replace("TABLE", name), encoding="utf-8")
    use_store(store_of(tables, tmp_path, "--layout", str(layout)))
    rows = {(row.group, row.part): row for row in ask(Question("outcome_ratio")).rows_of(OutcomeRow)}

    enrolled = tables["enrollments"].drop_duplicates("enrollment_id").set_index("enrollment_id")
    exits = tables["completions"].join(enrolled[list(RACES)], on="enrollment_id")
    none = exits[~exits[list(RACES)].fillna(False).astype(bool).any(axis=1)]
    expected = (none["outcome"] == "completed").mean()
    for race in RACES:
        row = rows[race, "completion_rate"]
        assert row.highest_group == "others"
        assert row.highest_rate == pytest.approx(expected, abs=0.02)
        assert row.highest_rate > row.denominator + 0.03, "its own others hold the other listed races"
        assert row.screen_ratio < row.value
        assert row.verdict == FLAGGED
    assert rows["woman", "completion_rate"].highest_rate == rows["woman", "completion_rate"].denominator


CONTEXT = SimpleNamespace(
    by_place=None,
    groups_not_supplied=tuple,
    listing=lambda name: [{"group_id": group, "classification": "race"} for group in ("x", "a", "b")],
)


def outcome(successes_in, known_in, others, highest, **more):
    """Return a row of a classification with several listed groups, screened against the highest rate."""
    inside, outside = Side.of_people(successes_in, known_in), Side.of_people(*others)
    result = screen(inside, [("a", Side.of_people(*highest)), ("others", outside)], min_trials=30)
    p_others = p_two_rates(inside, outside)
    return OutcomeRow(
        key="x", group="x", part="completion_rate", value=inside.rate / outside.rate, numerator=inside.rate,
        denominator=outside.rate, highest_group="a", screen_ratio=result.ratio, screen_low=result.low,
        screen_high=result.high, p_others=p_others, p_screen=result.p, p=min(1.0, 2 * min(p_others, result.p)), **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("others", "highest", "verdict"),
    [
        ((600, 1000), (190, 200), SCREENED),  # no lower than all others, but far below the highest
        ((550, 1000), (190, 200), SCREENED),  # a little higher than all others
        ((800, 1000), (190, 200), FLAGGED),
        ((500, 1000), (124, 200), HIGHER),
        ((600, 1000), (124, 200), ALIKE),
    ],
)
def test_the_highest_rate_is_looked_at_before_all_others(others, highest, verdict):
    row = outcome(180, 300, others, highest)
    assert row.verdict_at(row.p) == verdict


def test_a_hidden_highest_rate_leaves_the_test_against_all_others():
    row = as_family([outcome(180, 300, (600, 1000), (190, 200), compared=1)])[0]
    assert row.verdict == SCREENED
    shown = without_hidden_highest(CONTEXT, [row])[0]
    assert shown.screen_ratio is None and shown.p_screen is None
    assert shown.p == row.p_others
    assert shown.verdict == ALIKE


@pytest.mark.parametrize(
    ("highest", "hidden", "is_seen"),
    [("a", (), True), ("a", ("b",), False), ("others", (), False), ("others", ("b",), False)],
)
def test_no_highest_rate_tells_about_a_hidden_group_of_its_classification(highest, hidden, is_seen):
    """Where b is hidden, the residents in none of the three are what x, a and b leave of the total."""
    row = as_family([replace(outcome(180, 300, (600, 1000), (190, 200), compared=1), highest_group=highest)])[0]
    others = [replace(row, key=group, group=group, value=None if group in hidden else 1.0) for group in ("a", "b")]
    shown = without_hidden_highest(CONTEXT, [row, *others])[0]
    assert (shown.screen_ratio is not None) == is_seen
    # the interval and its p-value allow for the residents in none of the groups, whose exact count would tell who is in two of them
    for name in ("screen_low", "screen_high") if is_seen else ():
        assert getattr(shown, name) == round(getattr(row, name), 3) != getattr(row, name)
    assert not is_seen or shown.p_screen == float(f"{row.p_screen:.3g}") != row.p_screen
