"""Find the gaps to look at first: in one region or sector, or in the parts of a gap, where chance is unlikely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from components.text import prose, verdicts
from components.text.format import known, people, points_apart, ratio, share
from components.text.narratives.answer_data import NOT_RECORDED, VERBS, EquityData, goal_of, share_of_goal
from components.text.narratives.gap import same_place
from queries.calculators.gap import GapRow
from queries.calculators.gap_parts import GapPartRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import ComparedRow
from queries.privacy.suppression import is_hidden
from queries.verdicts import BELOW, RATE


@dataclass(frozen=True)
class Finding:
    """One difference worth a look.

    Attributes:
        sentence: What the page says.
        brief: A short form for the lead.
        group: The group it is about.
        weight: Residents it concerns: those needed to reach a goal, or additional successes at the others' rate.
        is_hidden: Whether the group's average does not show it.
        where: Filters of the place it is about.
        outcome: The outcome it is about.
        page: The page that shows more.
    """

    sentence: str
    brief: str
    group: str
    weight: float
    is_hidden: bool = False
    where: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "completion_rate"
    page: str = "one_group"

    @property
    def place(self) -> str:
        """Return the place as it follows a group: " in CDL licensing"; "" where it is not about one."""
        return "".join(f" in {name}" for name in self.where.values())

    @property
    def page_values(self) -> dict[str, str]:
        """Return the parameters of the page that shows more."""
        return {"outcome": self.outcome} if self.page == "one_group" else {}


def words(data: EquityData, place: str = "on this page") -> str:
    """Say how the findings were chosen, and what that does to their size. place: where the comparisons are."""
    family = (data.outcomes, data.by_region, data.parts)  # judged together; one can be empty, as before any exit
    compared = next((row.compared for answer in family for row in answer.rows_of(ComparedRow) if row.compared), 0)
    return (
        f"The largest of {prose.plural(compared, 'comparison')} {place}, in one region or sector or in one part of a gap. Each is "
        f"unlikely to be chance. {verdicts.PICKED}"
    )


def findings(data: EquityData) -> list[Finding]:
    """Return the findings in regions, in sectors and in the parts of a gap, largest weight first."""
    results = [*_outcomes_in_places(data), *_participation_in_regions(data), *_parts(data)]
    return sorted(results, key=lambda finding: -finding.weight)


def _outcomes_in_places(data: EquityData) -> Iterator[Finding]:
    """Yield results in one sector or region that are lower than others', and lower than the group's average shows."""
    overall = {(row.group, row.part): row.value for row in data.outcomes.rows}
    for by, answer in (("sector", data.outcomes_by_sector), ("region", data.outcomes_by_region)):
        for row in answer.rows_of(OutcomeRow):
            total = overall.get((row.group, row.part))
            if row.verdict not in verdicts.BEHIND or row.high is None or total is None or row.high >= total:
                continue
            if row.key == NOT_RECORDED:
                continue
            brief = f"{data.noun(row.group)} in {row.key} {VERBS[str(row.part)]} at {ratio(row.value)} times the rate of others"
            rates = f"{share(row.numerator)} of {people(row.known_in)}, compared with {share(row.denominator)}"
            yield Finding(
                f"{prose.capital(brief)}: {rates}.",
                brief,
                str(row.group),
                row.missed or 0,
                is_hidden=True,
                where={by: row.key},
                outcome=str(row.part),
            )


def _participation_in_regions(data: EquityData) -> Iterator[Finding]:
    """Yield participation in one region that is below its goal, and lower than the group's average shows."""
    for row in data.by_region.rows_of(GapRow):
        if row.key == NOT_RECORDED or row.verdict != BELOW:
            continue
        here, total = data.ratios_by_region.row(row.key, group=row.group), data.ratios.row(str(row.group))
        if here is None or total is None or here.high is None or total.value is None or here.high >= total.value:
            continue
        rate = f"{row.key} enrolls {data.noun(row.group)} at {share_of_goal(row)} times their"
        yield Finding(
            f"{rate} {goal_of(row, ' there')}: {prose.plural(row.value, 'more resident')} needed.",
            f"{rate} {goal_of(row, ' there', is_short=True)}",
            str(row.group),
            float(row.value or 0),
            is_hidden=True,
            where={"region": row.key},
            page="gap_plan",
        )


def _parts(data: EquityData) -> Iterator[Finding]:
    """Yield parts of a completion gap: where the group enrolls, or its results in the same places."""
    parts = data.parts.rows_of(GapPartRow)
    incomplete = {row.group for row in parts if is_hidden(row)}  # one part without the others would mislead
    for row in parts:
        p = row.p_adjusted
        if row.group in incomplete:
            continue
        if row.value is None or not known(row.value) or row.value >= 0 or p is None or p > RATE:
            continue
        who, group = data.noun(row.group), str(row.group)
        less, lost = points_apart(row.value), row.exits_lost or 0
        if row.part == "within":
            levels = [other for other in parts if other.group == row.group]
            brief = f"{same_place(levels)}, {who} complete {less} less often than others"
            completion = prose.row_of(data.outcomes, OutcomeRow, group, group=group, part="completion_rate")
            is_behind = completion is not None and completion.verdict in verdicts.BEHIND
            yield Finding(f"{prose.capital(brief)}.", brief, group, lost, is_hidden=not is_behind)
        else:
            brief = (
                f"{prose.capital(who)} are in {row.part}s where fewer complete, which accounts for {less} of difference"
            )
            within = prose.row_of(data.parts, GapPartRow, "within", group=row.group)
            p_within = within.p_adjusted if within else None
            same = "; in the same places there is no clear difference" if p_within and p_within > RATE else ""
            yield Finding(f"{brief}{same}.", brief, group, lost)
