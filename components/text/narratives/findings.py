"""What stands out: in one region or sector, or in what a gap is made of, beyond chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from components.text import prose
from components.text import verdicts as words
from components.text.format import known, people, points, ratio, share
from components.text.narratives.answer_data import DOES, NOT_RECORDED, EquityData, against, goal_of
from components.text.narratives.gap_places import same_place
from queries.verdicts import BELOW, RATE


@dataclass(frozen=True)
class Finding:
    """One difference that stands out: the sentence, a brief form for the lead, whom and where it is about, its weight."""

    sentence: str
    brief: str
    group: str
    weight: float
    is_hidden: bool = False
    where: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "completion_rate"
    page: str = "gap"

    @property
    def own(self) -> dict[str, str]:
        """The parameters of the page that shows more of it."""
        return {"outcome": self.outcome} if self.page == "gap" else {}


def findings(told: EquityData) -> list[Finding]:
    """What stands out in a region or a sector more than in the group's total, and what mix and within make of a gap; the
    heaviest first: residents to reach, or residents who would have passed at the others' rate."""
    found = [*_places(told), *_under(told), *_parts(told)]
    return sorted(found, key=lambda finding: -finding.weight)


def _places(told: EquityData) -> Iterator[Finding]:
    """Outcomes in one sector or region that are behind, and further behind than the group's total."""
    overall = {(row.group, row.part): row.value for row in told.outcomes.rows}
    for by, answer in (("sector", told.outcomes_by_sector), ("region", told.outcomes_by_region)):
        for row in answer.rows:
            total = overall.get((row.group, row.part))
            if row.verdict not in words.BEHIND or row.high is None or total is None or row.high >= total:
                continue
            if row.key == NOT_RECORDED:
                continue
            who, does = told.noun(row.group), DOES[row.part]
            yield Finding(
                f"{prose.capital(who)} in {row.key} {does} at {ratio(row.value)} of others’ rate: {share(row.numerator)} of "
                f"{people(row.known_in)}, against {share(row.denominator)}.",
                f"{who} in {row.key} {does} at {ratio(row.value)} of others’ rate",
                str(row.group),
                row.missed,
                is_hidden=True,
                where={by: row.key},
                outcome=str(row.part),
            )


def _under(told: EquityData) -> Iterator[Finding]:
    """Participation in one region that is below its goal, and further below its population than the group's total."""
    for row in told.by_region.rows:
        here, total = told.ratios_by_region.row(row.key, group=row.group), told.ratios.row(str(row.group))
        if (
            row.key == NOT_RECORDED
            or row.verdict != BELOW
            or not (here and total and known(here.high) and known(total.value))
        ):
            continue
        if here.high < total.value:
            at, who, goal = against(row), told.noun(row.group), goal_of(row)
            yield Finding(
                f"{row.key} enrolls {who} at {at} of their {goal} there: {prose.plural(row.value, 'more resident')} to reach it.",
                f"{row.key} enrolls {who} at {at} of their {goal}",
                str(row.group),
                float(row.value or 0),
                is_hidden=True,
                where={"region": row.key},
                page="plan",
            )


def _parts(told: EquityData) -> Iterator[Finding]:
    """Gaps in completion that are a matter of who is where, or of how they fare in the same place."""
    for row in told.parts.rows:
        p = row.p_adjusted
        if not known(row.value) or row.value >= 0 or p is None or p > RATE:
            continue
        who, less = told.noun(row.group), points(abs(row.value)).lstrip("+")
        lost = row.exits_lost
        if row.part == "within":
            here = [one for one in told.parts.rows if one.group == row.group]
            text = f"{prose.capital(same_place(here))}, {who} complete {less} less often than others."
            behind = any(
                one.group == row.group and one.part == "completion_rate" and one.verdict in words.BEHIND
                for one in told.outcomes.rows
            )
            brief = f"{same_place(here)}, {who} complete {less} less often than others"
            yield Finding(text, brief, str(row.group), lost, is_hidden=not behind)
        else:
            text = f"{prose.capital(who)} are in {row.part}s where fewer complete: this mix takes {less} off their completion rate"
            inside = told.parts.row("within", group=row.group)
            same = inside.p_adjusted if inside else None
            alike = "; within the same place they fare no differently beyond chance" if same and same > RATE else ""
            yield Finding(f"{text}{alike}.", text, str(row.group), lost)
