"""Describe one region for its board: against the state, the other regions and a year earlier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.data_table import Table
from components.text import prose
from components.text.format import day, dollars, format_value, known, ratio, share
from components.text.narratives.answer_data import VERBS
from components.text.narratives.region_data import (
    ENROLLED_RATE,
    Line,
    RegionData,
    against_rest,
    rank_of,
    row_of,
    unit_of,
    value_of,
)
from components.text.scope_words import chosen, of_whom
from components.text.verdicts import BEHIND, PICKED
from queries.calculators.burn import BurnRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict
from queries.models import Answer, AnswerStatus
from queries.statistics import Side, discoveries, p_two_rates
from queries.verdicts import ENOUGH, RATE

CHOOSE = "Choose a region to compare it with the state and the other regions."
NO_REGIONS = "This delivery does not say in which region residents live, so no region can be shown."
LEAST_RATE = 0.1  # per 10,000 residents; a smaller rate would read as 0.0, so the lead gives the count
NOT_RANKED = "not ranked"
STATE = "State"


def lead(data: RegionData) -> str:
    """Answer the page's question in at most four sentences: enrollment with its rank, completions and jobs."""
    return " ".join(lead_sentences(data))


def lead_sentences(data: RegionData) -> list[str]:
    """Return the sentences of the lead."""
    enrolled = data.totals["residents_enrolled"]
    if enrolled.status != AnswerStatus.OK:
        return [enrolled.note or "There is nothing to show for this region yet."]
    place = chosen(enrolled.scope.but(region=None))
    line = data.lines[0]
    rate = value_of(data.totals, line) if line.measure == ENROLLED_RATE else None
    ranks = None
    if known(rate) and rate >= LEAST_RATE:
        subject, verb = format_value(rate, unit_of(data, line)), "have"
        ranks = rank_of(data, line)
    else:
        subject, verb = prose.lower_first(prose.total_of(enrolled, data.who)), prose.have(enrolled)
    sentences = [f"{data.region}: {subject} {verb} enrolled{place} {prose.when(enrolled)}."]
    if ranks and ranks != (1, len(data.regions)):
        sentences.append(f"By that rate it is {_ordinals(ranks)} of {prose.in_words(len(data.regions))} regions.")
    return [*sentences, *_rate_sentences(data)]


def _rate_sentences(data: RegionData) -> list[str]:
    """Compare completions and jobs with the state, as one family of comparisons."""
    rates = ("completion_rate", "placement_rate")
    rows = [(data.totals[rate], row_of(data.totals[rate], None), row_of(data.state[rate], None)) for rate in rates]
    ps = discoveries([_p(against_rest(here, state)) for _, here, state in rows], rate=RATE)
    sentences = []
    for (answer, here, state), p in zip(rows, ps, strict=True):
        if here is None or not known(here.value):
            continue
        filters = "Here, " if chosen(answer.scope.but(region=None)) or answer.scope.since else ""
        what = "were completions" if answer.measure.id == "completion_rate" else "led to a job"
        days = answer.measure.mature_days
        base = f"exits{f' (at least {days} days old)' if days else ''}{of_whom(data.who)}"
        text = f"{filters}{share(here.value)} of {base} {what}"
        if state is not None and known(state.value):
            verdict = "no clear difference" if p is None or p > RATE else "unlikely to be chance"
            text += f" (state {share(state.value)}, {verdict})"
        sentences.append(f"{text}.")
    return sentences


def _p(sides: tuple[Side, Side] | None) -> float | None:
    """Return the p-value of a comparison; None with too few exits on either side."""
    return p_two_rates(*sides) if sides and min(side.trials for side in sides) >= ENOUGH else None


def comparison_table(data: RegionData, *, other: str | None = None) -> Table:
    """Return one row a measure: the region, the state, another region, the rank, and a year earlier.

    Args:
        data: The answers.
        other: Another region to show next to the state.
    """
    columns: dict[str, list[object]] = {"Measure": [line.label for line in data.lines]}
    columns[data.region] = [value_of(data.totals, line) for line in data.lines]
    columns[STATE] = [value_of(data.state, line) for line in data.lines]
    if other is not None:
        columns[other] = [value_of(data.by_region, line, other) for line in data.lines]
    columns["Rank of the regions"] = [_rank_cell(data, line) for line in data.lines]
    if data.earlier:
        columns[prose.capital(data.earlier_words)] = [value_of(data.earlier, line) for line in data.lines]
    units = [unit_of(data, line) for line in data.lines]
    return Table(Table.from_columns(columns).frame, row_units=units, is_sortable=False)


def trend_heading(period: str) -> str:
    """Return the heading of the trends. period: "month" or "quarter"."""
    return "Last 12 months" if period == "month" else "Last 8 quarters"


def table_words(data: RegionData) -> str:
    """Say how to read the ranks and the dollars, and when there is an earlier time to compare with."""
    text = (
        "Ranks count from the top. A range of ranks means that chance could explain the order within it. Each range is 95% certain by "
        "itself, not all of them together. Enrollment rates are per 10,000 residents of all ages. People who left earlier "
        "have had more time to find a job or earn a credential, which can raise earlier rates. The share spent is of the awards obligated only to a region, "
        "wherever they spend; the state’s is of all awards. Costs divide the dollars assigned to a region; the state’s divide all dollars."
    )
    return (
        text
        if data.earlier
        else f"{text} Choose a quarter or fiscal year that is over to compare it with the year before."
    )


def _rank_cell(data: RegionData, line: Line) -> str:
    ranks = rank_of(data, line)
    if ranks is None:
        return NOT_RANKED
    best, worst = ranks
    total = len(data.regions)
    if best == worst:
        return f"{prose.nth(best)} of {total}"
    return f"{prose.nth(best)} to {prose.nth(worst)} of {total}" if worst - best + 1 < total else "no clear order"


def _ordinals(ranks: tuple[int, int]) -> str:
    best, worst = (prose.ordinal(rank) for rank in ranks)
    if best == worst:
        return best
    return f"{best} or {worst}" if ranks[1] == ranks[0] + 1 else f"between {best} and {worst}"


@dataclass(frozen=True)
class Point:
    """Something to raise at the board's meeting, with the page that shows more.

    Attributes:
        sentence: What the page says.
        page: The id of the page that shows more.
        label: The label of the link to it.
        filters: Filters to change on that page.
        page_values: Parameters of that page.
    """

    sentence: str
    page: str
    label: str
    filters: Mapping[str, str] = field(default_factory=dict)
    page_values: Mapping[str, str] = field(default_factory=dict)


POINT_WORDS = (
    "Up to four items: training past its planned end, a provider lower than expected, money that would lapse, and a group’s lower "
    f"results. Differences are listed only if chance is unlikely; each kind is judged by itself. {PICKED}"
)
NO_POINTS = "Nothing that can be shown meets these rules under the filters chosen."


def points(
    *,
    overdue: Answer,
    completion: Answer,
    jobs: Answer,
    burn: Answer,
    outcomes: Answer,
    nouns: Mapping[str, str],
    who: str,
) -> list[Point]:
    """Return what to raise at the board's meeting.

    Args:
        overdue: Enrollments in training past their planned end.
        completion: Completion rates by provider, with limits.
        jobs: Job rates by provider, with limits.
        burn: Dollars of the last 90 days, for the region and the initiative paid from the recovery funds.
        outcomes: Outcomes of each group compared with others in the region.
        nouns: Group ids to nouns.
        who: Whom `overdue` counts: "residents", or the group chosen.
    """
    results = (_overdue(overdue, who), _provider(completion, jobs), _lapse(burn), _gap(outcomes, nouns))
    return [point for point in results if point is not None]


def _overdue(answer: Answer, who: str) -> Point | None:
    count = answer.total.value
    if not known(count) or not count:
        return None
    verb, end = ("is", "its") if count == 1 else ("are", "their")
    text = f"{prose.plural(count, 'enrollment')}{of_whom(who)}{chosen(answer.scope)} {verb} past {end} planned end with no exit reported"
    return Point(f"{prose.capital(text)}.", "regions", "See who is in training")


def _provider(completion: Answer, jobs: Answer) -> Point | None:
    """Return the provider with the largest shortfall, in exits, among those lower than expected."""
    lower = [
        (answer, row, ((row.expected or 0.0) - (row.value or 0.0)) * (row.denominator or 0))
        for answer in (completion, jobs)
        for row in answer.rows_of(FunnelRow)
        if row.verdict is FunnelVerdict.LOWER
    ]
    if not lower:
        return None
    answer, row, _ = max(lower, key=lambda item: item[2])
    outcome, what = ("placement_rate", "led to a job") if answer is jobs else ("completion_rate", "were completions")
    base = prose.plural(row.denominator, "exit")
    text = (
        f"{row.key}: {share(row.value)} of {base}{chosen(answer.scope)} {what}, lower than expected for whom it serves."
    )
    return Point(text, "providers", "Compare providers", page_values={"outcome": outcome})


def _lapse(answer: Answer) -> Point | None:
    row = answer.total_of(BurnRow)
    if row.expend_by is None or not known(row.will_lapse) or row.will_lapse <= 0:
        return None
    text = f"At the pace of the last 90 days, {dollars(row.will_lapse)}{chosen(answer.scope)} would lapse on {day(row.expend_by)}."
    if known(row.will_lapse_low) and known(row.will_lapse_high):
        text += f" The range is {dollars(row.will_lapse_low)} to {dollars(row.will_lapse_high)}, if spending varies as it has."
    return Point(text, "money", "See the money")


def _gap(answer: Answer, nouns: Mapping[str, str]) -> Point | None:
    """Return the group that misses the most successes, among those whose results are lower beyond chance."""
    rows = [row for row in answer.rows_of(OutcomeRow) if row.verdict in BEHIND]
    if not rows:
        return None
    row = max(rows, key=lambda each: each.missed or 0.0)
    group, outcome = str(row.group), str(row.part)
    who = nouns.get(group, group)
    text = f"{who}{chosen(answer.scope)} {VERBS[outcome]} at {ratio(row.value)} times the rate of others, unlikely to be chance."
    return Point(prose.capital(text), "one_group", f"See this gap: {who}", {"group": group}, {"outcome": outcome})
