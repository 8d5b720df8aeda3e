"""List what a region's board should discuss at its meeting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from components.text import prose
from components.text.format import day, dollar_range, dollars, known, ratio, share
from components.text.narratives.answer_data import ENDED, VERBS, EquityData, goal_of, share_of_goal
from components.text.narratives.region_data import ComparedRate, RegionData, exits_of, rates_compared
from components.text.scope_words import chosen, of_whom
from components.text.verdicts import BEHIND, PICKED
from queries.calculators.burn import BurnRow
from queries.calculators.gap import GapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict
from queries.models import Answer
from queries.scope import Scope
from queries.verdicts import BELOW

MOST_LISTED = 5  # of providers and groups
POINT_WORDS = (
    "Training past its planned end, money that would lapse, and differences unlikely to be chance. The differences are rates below the "
    "state’s, providers lower than expected, and groups below their goal or others’ results. Each kind is judged by itself. Of providers and groups, up to "
    f"{prose.in_words(MOST_LISTED)} are listed, in the order of how many people they concern. {PICKED}"
)
ALL_RESIDENTS = "Providers and money that would lapse are about all residents; the group filter does not apply to them."
TO_DATE = "Training past its planned end and money that would lapse ignore the period; they are as of"
NO_POINTS = "Nothing that can be shown meets these rules under the filters chosen."


def point_words(who: str, scope: Scope, as_of: date) -> str:
    """Say how the points are chosen, and which of them do not follow a group or a period.

    Args:
        who: Whom the page counts.
        scope: The filters and the period.
        as_of: The day the data is seen from.
    """
    of_all = "" if who == "residents" else ALL_RESIDENTS
    today = f"{TO_DATE} {day(as_of)}." if scope.since or scope.until else ""
    return " ".join(filter(None, (POINT_WORDS, of_all, today)))


@dataclass(frozen=True)
class Point:
    """Something to raise at the board's meeting, with the page that shows more.

    Attributes:
        sentence: What the page says.
        page: The id of the page that shows more.
        label: The label of the link to it.
        filters: Filters to change on that page.
        page_values: Parameters of that page.
        people: How many people a difference concerns: those short of a goal, or of the results of others.
    """

    sentence: str
    page: str
    label: str
    filters: Mapping[str, str] = field(default_factory=dict)
    page_values: Mapping[str, str] = field(default_factory=dict)
    people: float = 0.0


def points(
    data: RegionData,
    *,
    overdue: Answer,
    completion: Answer,
    jobs: Answer,
    burn: Answer,
    equity: EquityData,
    group: str | None = None,
) -> list[Point]:
    """Return what to raise at the board's meeting.

    Args:
        data: The region and the state.
        overdue: Enrollments in training past their planned end.
        completion: Completion rates by provider, with limits.
        jobs: Job rates by provider, with limits.
        burn: Dollars of the last 90 days, for the region and the initiative paid from the recovery funds.
        equity: The groups of the region, with the verdicts of the page about groups.
        group: The group chosen as a filter, the only one whose differences are listed; None for all groups.
    """
    first = [point for point in (_overdue(overdue, data.who), _lapse(burn)) if point is not None]
    providers = [*_providers(completion, "completion_rate"), *_providers(jobs, "placement_rate")]
    differences = [*_below_goal(equity), *_lower_results(equity), *_lower_steps(equity)]
    groups = [point for point in differences if group in (None, point.filters.get("group"))]
    ordered = sorted([*providers, *groups], key=lambda point: -point.people)
    listed, others = ordered[:MOST_LISTED], ordered[MOST_LISTED:]
    place = chosen(completion.scope)
    return [*first, *_below_state(data), *listed, *_more(others, groups=groups, place=place)]


def _more(others: Sequence[Point], *, groups: Sequence[Point], place: str) -> Iterator[Point]:
    """Count the differences of providers and groups that are not listed."""
    of_groups = sum(point in groups for point in others)
    of_providers = len(others) - of_groups
    if of_groups:
        text = f"And {prose.plural_in_words(of_groups, 'more difference')} of groups{place}."
        yield Point(text, "equity", "Compare all groups")
    if of_providers:
        verb = prose.noun(of_providers, "is")
        text = f"And {prose.plural_in_words(of_providers, 'more rate')} of providers{place} {verb} lower than expected."
        yield Point(text, "providers", "Compare all providers")


def _overdue(answer: Answer, who: str) -> Point | None:
    count = answer.total.value
    if not known(count) or not count:
        return None
    verb, end = ("is", "its") if count == 1 else ("are", "their")
    text = f"{prose.plural(count, 'enrollment')}{of_whom(who)}{chosen(answer.scope)} {verb} past {end} planned end with no exit reported"
    return Point(f"{prose.capital(text)}.", "regions", "See how many are in training")


def _lapse(answer: Answer) -> Point | None:
    row = answer.total_of(BurnRow)
    if row.expend_by is None or not known(row.will_lapse) or row.will_lapse <= 0:
        return None
    text = f"At the pace of the last 90 days, {dollars(row.will_lapse)}{chosen(answer.scope)} would lapse on {day(row.expend_by)}."
    if known(row.will_lapse_low) and known(row.will_lapse_high):
        text += f" The range is {dollar_range(row.will_lapse_low, row.will_lapse_high)}, if spending varies as it has."
    return Point(text, "money", "See the money")


def _below_state(data: RegionData) -> list[Point]:
    """Return the region's rates that are clearly below those of the rest of the state, the gravest first."""
    rates = [rate for rate in rates_compared(data) if rate.is_clear and rate.missed > 0]
    return [_state_point(rate, data.who) for rate in sorted(rates, key=lambda rate: -rate.missed)]


def _state_point(rate: ComparedRate, who: str) -> Point:
    here, state = (row.value if row is not None else None for row in (rate.here, rate.state))
    text = (
        f"{share(here)} of {exits_of(rate.answer, who)}{chosen(rate.answer.scope)} {ENDED[rate.answer.measure.id]} (state {share(state)}), "
        "unlikely to be chance."
    )
    return Point(text, "regions", "Compare the regions", people=rate.missed)


def _providers(answer: Answer, outcome: str) -> Iterator[Point]:
    """Yield the providers that are lower than expected."""
    for row in answer.rows_of(FunnelRow):
        if row.verdict is not FunnelVerdict.LOWER:
            continue
        base = prose.plural(row.denominator, "exit")
        text = f"{row.key}: {share(row.value)} of {base}{chosen(answer.scope)} {ENDED[outcome]}, lower than expected for whom it serves."
        missed = ((row.expected or 0.0) - (row.value or 0.0)) * (row.denominator or 0)
        yield Point(text, "providers", "Compare providers", page_values={"outcome": outcome}, people=missed)


def _below_goal(data: EquityData) -> Iterator[Point]:
    """Yield the groups that are enrolled clearly below their goal."""
    for row in data.gaps.rows_of(GapRow):
        if row.verdict == BELOW and known(row.value):
            text = (
                f"{data.label(row.group)}{chosen(data.gaps.scope)} are enrolled at {share_of_goal(row)} times their {goal_of(row)} "
                f"({prose.plural(row.value, 'more person', 'more people')} needed)."
            )
            label = f"Plan to close this gap: {data.noun(row.group)}"
            yield Point(text, "gap_plan", label, {"group": str(row.group)}, people=row.value)


def _lower_results(data: EquityData) -> Iterator[Point]:
    """Yield the groups whose results are lower than others' beyond chance."""
    for row in data.outcomes.rows_of(OutcomeRow):
        if row.verdict in BEHIND:
            outcome, who = str(row.part), f"{data.label(row.group)}{chosen(data.outcomes.scope)}"
            text = f"{who} {VERBS[outcome]} at {ratio(row.value)} times the rate of others, unlikely to be chance."
            yield _group_point(data, row, text, {"outcome": outcome}, row.missed)


def _lower_steps(data: EquityData) -> Iterator[Point]:
    """Yield the groups of which fewer applicants are enrolled than of others, beyond chance."""
    for row in data.steps.rows_of(StepRow):
        if row.part == "enrolled" and row.verdict in BEHIND:
            who = f"{data.label(row.group)}{chosen(data.steps.scope)}"
            text = (
                f"{who} who apply are enrolled at {ratio(row.value)} times the rate of others, unlikely to be chance."
            )
            yield _group_point(data, row, text, {}, row.lost)


def _group_point(
    data: EquityData, row: OutcomeRow | StepRow, text: str, page_values: Mapping[str, str], people: float | None
) -> Point:
    label = f"See this gap: {data.noun(row.group)}"
    return Point(text, "one_group", label, {"group": str(row.group)}, page_values, people or 0.0)
