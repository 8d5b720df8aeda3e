"""People enrolled per 10,000 residents, against pandas on the reference file of towns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from queries import Question, Scope, ask
from queries.access import rights
from queries.calculators.per_population import NO_POPULATION, NOT_FOR_GROUPS
from tests.queries import independent
from tests.queries.test_measures import LAST, facts_of

TOWNS = pd.read_csv(Path(__file__).parents[2] / "data/reference/towns.csv")


@pytest.mark.parametrize("by", ["region", "town"])
@pytest.mark.parametrize(
    "scope", [{}, {"region": "Southwest"}, {"sector": "Healthcare", "as_of": date(2024, 6, 30)}], ids=str
)
def test_the_rate_equals_pandas(hostile_store, by, scope, use_store):
    store, tables = hostile_store
    use_store(store)
    frame = facts_of(store, tables)
    view = independent.as_of_view(frame, scope.get("as_of", LAST))
    for column in ("region", "sector"):
        view = view[view[column] == scope[column]] if column in scope else view
    people = view[view["enrolled_on"].notna()].groupby(by)["participant_id"].nunique()
    population = TOWNS.groupby(by)["population"].sum()
    answer = ask(Question("enrolled_per_10000", by), Scope(**scope))
    known = people.index.intersection(population.index)
    assert len(known)
    for place in known:
        row = answer.row(place)
        assert (row.numerator, row.denominator) == (people[place], population[place])
        assert row.value == pytest.approx(people[place] / population[place] * 10_000)


def test_the_state_and_a_region_have_the_sum_of_their_towns(demo_store, use_store):
    use_store(demo_store)
    state, eastern = (ask(Question("enrolled_per_10000"), scope).total for scope in (Scope(), Scope(region="Eastern")))
    assert state.denominator == TOWNS["population"].sum()
    assert eastern.denominator == TOWNS.loc[TOWNS["region"] == "Eastern", "population"].sum()
    assert state.numerator == ask(Question("residents_enrolled"), Scope()).total.value


def test_groups_and_places_without_a_population_give_their_reason(demo_store, use_store):
    use_store(demo_store)
    assert ask(Question("enrolled_per_10000"), Scope(group="woman")).total.note == NOT_FOR_GROUPS
    rows = ask(Question("enrolled_per_10000", "region"), Scope()).rows
    assert all(row.note == NO_POPULATION for row in rows if row.value is None)


def test_a_place_is_hidden_wherever_its_count_is(demo_store, use_store):
    use_store(demo_store)
    governor = rights.viewer("governor")
    rates, counts = (
        ask(Question(measure, "town"), Scope(viewer=governor))
        for measure in ("enrolled_per_10000", "residents_enrolled")
    )
    hidden = {row.key for row in counts.rows if row.suppression}
    assert hidden and {row.key for row in rates.rows if row.suppression} == hidden
