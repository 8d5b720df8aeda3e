"""Measures that count the same people: a number that one hides must not be shown by the other."""

from __future__ import annotations

from itertools import combinations

import pytest

from queries import Question, Scope, ask, measures
from queries.access.rights import viewer
from queries.dimensions import MODELS
from queries.privacy.family import counts_people, included_in, stem_of
from queries.privacy.joint import JOINT_TYPES

BREAKDOWNS = ("region", "sector", "initiative", "town", "provider", "platform", "subject", "quarter")
FIELDS = ("value", "numerator", "denominator", "rows")
FEWEST = 8  # rows with the same count, so that two measures count the same people


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def counts_of(measure):
    """Return each count that the rows of a measure have, by field, breakdown and key."""
    counts = {}
    for by in BREAKDOWNS:
        if by not in MODELS[measure.model].breakdowns:
            continue
        for row in ask(Question(measure.id, by), Scope()).rows:
            for field in FIELDS:
                value = getattr(row, field, None)
                if row.part in (None, "any") and (field != "value" or measure.denominator is None):
                    counts.setdefault(field, {})[by, row.key] = value
    return counts


def twins():
    """Yield pairs of fields of measures of different stems that count the same in every row that both have."""
    joint = [each for each in measures().values() if each.type in JOINT_TYPES and counts_people(each)]
    counted = {(each, field): counts for each in joint for field, counts in counts_of(each).items()}
    for (first, counts), (second, others) in combinations(counted.items(), 2):
        common = [key for key in counts.keys() & others.keys() if counts[key] and others[key]]
        is_same = len(common) >= FEWEST and all(counts[key] == others[key] for key in common)
        if is_same and stem_of(first[0]) != stem_of(second[0]):
            yield first, second


def bases_of(stem):
    """Return the stems whose hidden cells are hidden in this one."""
    base = included_in(stem)
    return set() if base is None else {base} | bases_of(base)


def test_what_counts_the_same_people_hides_what_the_other_hides():
    all_twins = list(twins())
    pairs = {frozenset((measure.id, other.id)) for (measure, _), (other, _) in all_twins}
    assert frozenset(("completions", "completion_rate")) in pairs
    assert frozenset(("courses_completed", "course_hours")) in pairs
    for (measure, field), (other, other_field) in all_twins:
        first, second = stem_of(measure), stem_of(other)
        assert first in bases_of(second) or second in bases_of(first), (measure.id, field, other.id, other_field)


@pytest.mark.parametrize("region", ["Northwest", "Eastern", "Southwest"])
def test_who_took_part_in_an_initiative_without_courses_is_hidden_as_who_enrolled_in_it(region):
    """123 residents of Northwest in Back to Work were hidden among those enrolled, and shown among those in any initiative."""
    scope = Scope(region=region, viewer=viewer("governor"))
    enrolled, took_part = (
        {row.key: row.value for row in ask(Question(measure, "initiative"), scope).rows}
        for measure in ("residents_enrolled", "residents_any")
    )
    for initiative in ("Back to Work", "CareerConneCT"):
        assert took_part[initiative] in (None, enrolled[initiative])
