"""The four-fifths screen on a delivery: within a classification, those outside the listed groups included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from components.text import verdicts as words
from queries import Question, Scope, ask
from queries.calculators.outcome_ratio import OutcomeRow
from queries.verdicts import FLAGGED, HIGHER
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
