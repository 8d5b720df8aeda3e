"""Every field that counts people is a count of the pattern, or it is listed here with what protects it, so that a new one is a decision."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from queries import Question, Scope, ask, registry
from queries.access.rights import viewer
from queries.calculators import gap, group_shares
from queries.calculators.counts import CountRow
from queries.calculators.gap_adjusted import AdjustedGapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.gap_cells import GapCellRow
from queries.calculators.gap_parts import GapPartRow
from queries.calculators.outcome_over_time import OutcomePeriodRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.calculators.participation_over_time import ParticipationPeriodRow
from queries.calculators.plan_rows import PlanRow
from queries.calculators.registry import CALCULATORS
from queries.calculators.slfrf import SlfrfRow
from queries.calculators.supports_association import SupportRow
from queries.disclosure import Role, roles_of
from queries.models import Row
from queries.privacy.family import counts_people

GOVERNOR = viewer("governor")
CELL = "how many rows a sum adds up: the pattern's count"
STATE = "the whole state, for all time: Separate"
QUARTER = "the cell of the recovery funds' initiative in the quarter: links.linked_in_quarter"
SIDES = "the sides of a group, which are one cell of the pattern: joint.linked_reasons"
OTHER_GROUPS = "sides of other groups of a classification, all of them shown: outcome_ratio.without_hidden_highest"
ITSELF = "protected answer by answer (docs/access.md)"
REFUSED = (
    "refused to the Governor’s office and directors (queries/access/policy.toml); to others protected answer by answer"
)
SHARES, RATES = ("everyone", "undisclosed"), ("successes_in", "known_in", "successes_out", "known_out")
UNDISCLOSED = ("known_undisclosed", "successes_undisclosed")

PROTECTED_BY: Mapping[type[Row], Mapping[str, str]] = {
    CountRow: {"rows": CELL, "unknown": STATE, "inside": STATE},
    SlfrfRow: {"current_period": QUARTER},
    group_shares.ParticipationRow: dict.fromkeys(SHARES, SIDES),
    group_shares.RepresentationRow: dict.fromkeys(("residents", "answered"), SIDES),
    gap.GapRow: dict.fromkeys(SHARES, SIDES),
    ParticipationPeriodRow: dict.fromkeys(SHARES, SIDES),
    StepRow: dict.fromkeys((*RATES, *UNDISCLOSED, *SHARES, "residents", "answered"), SIDES),
    OutcomeRow: dict.fromkeys((*RATES, *UNDISCLOSED), SIDES)
    | dict.fromkeys(("successes_highest", "known_highest"), OTHER_GROUPS),
    OutcomePeriodRow: dict.fromkeys(("others_successes", "others_known"), SIDES),
    AdjustedGapRow: dict.fromkeys(RATES, SIDES),
    GapCellRow: dict.fromkeys(RATES, REFUSED),
    GapPartRow: dict.fromkeys(("known_in", "known_out"), SIDES),
    SupportRow: dict.fromkeys(("matched_with", "matched_without", "unmatched_with", "unmatched_without"), ITSELF),
    PlanRow: dict.fromkeys(("undisclosed", "others"), SIDES)
    | dict.fromkeys(("others_successes", "others_known"), ITSELF),
}


def people_in(row_class: type[Row]) -> list[str]:
    return [name for name, role in roles_of(row_class).items() if role is Role.PEOPLE]


def protection_of(row_class: type[Row], field: str) -> str | None:
    return next((PROTECTED_BY[each][field] for each in row_class.__mro__ if field in PROTECTED_BY.get(each, {})), None)


def test_every_field_that_counts_people_is_listed():
    types = {entry.type for entry in registry.measures().values() if counts_people(entry)}
    seen = [each for each in CALCULATORS.values() if each.measure_type in types and not each.is_exact_only]
    fields = [(each.row, name) for each in seen for name in people_in(each.row)]
    assert fields
    assert [(row.__name__, name) for row, name in fields if protection_of(row, name) is None] == []


@pytest.mark.parametrize("by", ["region", "sector", "initiative", "quarter"])
@pytest.mark.parametrize("fixed", [{}, {"region": "Eastern"}, {"initiative": "CareerConneCT"}], ids=str)
def test_counts_outside_of_the_pattern_are_of_the_state(by, fixed, demo_store, use_store):
    use_store(demo_store)
    tried = 0
    for entry in filter(counts_people, registry.measures().values()):
        fields = [name for name in people_in(CALCULATORS[entry.type].row) if name in ("unknown", "inside")]
        scope = Scope(viewer=GOVERNOR).but(**fixed)
        answer = ask(Question(entry.id, by), scope)
        for row in answer.rows if fields and not answer.is_nearest else ():
            tried += 1
            assert {getattr(row, name) for name in fields} == {None}, (entry.id, row.key)
    assert tried
