"""Hold what is known about one region: its measures, those of the state and the other regions, and those of an earlier time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from components.text import prose
from components.text.format import known
from components.text.reliability import effect_of
from components.text.scope_words import of_whom
from queries.arithmetic import share_of
from queries.calculators.counts import rate_counts
from queries.models import Answer, Row
from queries.scope import Question, Scope
from queries.statistics import Side, discoveries, p_two_rates
from queries.verdicts import ENOUGH, RATE

ENROLLED_RATE = "enrolled_per_10000"
MEASURES = (
    ENROLLED_RATE, "residents_enrolled", "completion_rate", "credential_rate", "placement_rate", "wage_after_exit",
    "cost_per_completion",
)  # fmt: skip
MONEY = ("award_obligated", "award_expended")


@dataclass(frozen=True)
class Line:
    """A row of the comparison: its label and measure, and the measure that it is shown as a share of, if any."""

    label: str
    measure: str
    share_of: str = ""


LINES = (
    Line("Enrollment rate", ENROLLED_RATE),
    Line("Residents enrolled", "residents_enrolled"),
    Line("Completion rate", "completion_rate"),
    Line("Credential rate", "credential_rate"),
    Line("Job rate", "placement_rate"),
    Line("Median hourly wage after exit", "wage_after_exit"),
    Line("Spent so far, of dollars obligated", "award_expended", "award_obligated"),
    Line("Cost per completion", "cost_per_completion"),
)
# dollars of a period that is over: all until its end
LINES_OF_PERIOD = tuple(
    replace(line, label="Spent by the end of the period, of dollars obligated") if line.share_of else line
    for line in LINES
)
RATES = (ENROLLED_RATE, "completion_rate", "credential_rate", "placement_rate")


@dataclass(frozen=True, kw_only=True)
class RegionData:
    """The answers behind the page, by measure.

    Attributes:
        region: The region.
        regions: All regions of the delivery.
        who: Whom the numbers count: "residents", or the group chosen.
        totals: Answers for the region.
        by_region: Answers for every region.
        state: Answers for the state.
        earlier: Answers for the region in the time that the reader compares with. Empty if there is none to compare with.
        earlier_words: That time, such as "in the same days a year earlier".
    """

    region: str
    regions: Sequence[str]
    who: str
    totals: Mapping[str, Answer]
    by_region: Mapping[str, Answer]
    state: Mapping[str, Answer]
    earlier: Mapping[str, Answer]
    earlier_words: str = ""

    @property
    def lines(self) -> list[Line]:
        """The rows of the comparison; there is no population of a group, nor of places that the delivery does not know."""
        enrolled = self.state[ENROLLED_RATE]
        lines = LINES_OF_PERIOD if (until := enrolled.scope.until) and until <= enrolled.as_of else LINES
        return [line for line in lines if line.measure != ENROLLED_RATE or known(enrolled.total.value)]


def trends(lines: Sequence[Line], period: str) -> dict[str, Question]:
    """Return the questions behind the trends, by measure. period: "month" or "quarter"."""
    # a population has no months, and a share of dollars spent needs more than the dollars of the month
    return {
        line.measure: Question(line.measure, period)
        for line in lines
        if not line.share_of and line.measure != ENROLLED_RATE
    }


def money_scope(scope: Scope, as_of: date) -> Scope:
    """Return the scope of dollars: all until the end of the period, because what it spends may be obligated before it.

    Args:
        scope: The scope of the other measures.
        as_of: The day the data is seen from.
    """
    until = min(scope.until, as_of) if scope.until else scope.as_of
    return scope.but(since=None, until=None, as_of=until)


def unit_of(data: RegionData, line: Line) -> str:
    """Return the unit of a row of the comparison, as a measure has it."""
    return "share" if line.share_of else data.totals[line.measure].measure.unit


def row_of(answer: Answer, region: str | None) -> Row | None:
    """Return a region's row of an answer by region, or the total for None."""
    return answer.total if region is None else answer.row(region)


def value_of(answers: Mapping[str, Answer], line: Line, region: str | None = None) -> prose.Cell:
    """Return a value of the comparison, or why there is none.

    Args:
        answers: The answers, by measure.
        line: The row of the comparison.
        region: The region, in answers by region; None for the total of other answers.
    """
    value = _cell(answers[line.measure], region)
    if not line.share_of or not known(value):
        return value
    total = _cell(answers[line.share_of], region)
    part = share_of(value, total if known(total) else None)
    return "nothing obligated" if part is None else part


def _cell(answer: Answer, region: str | None) -> prose.Cell:
    if region is not None:
        return prose.cell(answer, region)
    row = answer.total
    return row.value if known(row.value) else row.note or "not known"


def side_of(row: Row | None) -> Side | None:
    """Return a rate as successes and trials; None without its counts."""
    if row is None:
        return None
    successes, failures = rate_counts(row)
    if not (known(successes) and known(failures)) or failures < 0:
        return None
    return Side.of_people(int(successes), int(successes + failures), effect=effect_of(row))


def against_rest(part: Row | None, total: Row | None) -> tuple[Side, Side] | None:
    """Return a place's rate and the rate of the rest of what it is part of; None where one of them is not shown."""
    inside, everything = (side_of(row) if row is not None and known(row.value) else None for row in (part, total))
    if inside is None or everything is None or everything.trials <= inside.trials:
        return None
    rest = Side.of_people(
        everything.successes - inside.successes, everything.trials - inside.trials, effect=effect_of(total)
    )
    return (inside, rest) if 0 <= rest.successes <= rest.trials else None


@dataclass(frozen=True, kw_only=True)
class ComparedRate:
    """A rate of the region, compared with the rest of the state.

    Attributes:
        answer: The region's answer.
        here: The region's row.
        state: The state's row.
        sides: The region and the rest of the state; None where one of them is not shown.
        p_adjusted: The p-value, adjusted for all rates compared; None with too few exits on either side.
    """

    answer: Answer
    here: Row | None
    state: Row | None
    sides: tuple[Side, Side] | None
    p_adjusted: float | None

    @property
    def is_clear(self) -> bool:
        """Whether the difference is unlikely to be chance."""
        return self.p_adjusted is not None and self.p_adjusted <= RATE

    @property
    def missed(self) -> float:
        """How many more of the region's exits would have had the outcome at the rate of the rest of the state."""
        inside, rest = self.sides or (Side.of_people(0, 0), Side.of_people(0, 0))
        return ((rest.rate or 0.0) - (inside.rate or 0.0)) * inside.trials


def rates_compared(data: RegionData) -> list[ComparedRate]:
    """Compare completions and jobs with the rest of the state, as one family of comparisons."""
    rates = ("completion_rate", "placement_rate")
    rows = [(row_of(data.totals[rate], None), row_of(data.state[rate], None)) for rate in rates]
    sides = [against_rest(here, state) for here, state in rows]
    ps = discoveries([_p(each) for each in sides], rate=RATE)
    return [
        ComparedRate(answer=data.totals[rate], here=here, state=state, sides=each, p_adjusted=p)
        for rate, (here, state), each, p in zip(rates, rows, sides, ps, strict=True)
    ]


def exits_of(answer: Answer, who: str) -> str:
    """Name the exits behind a rate: "exits (at least 180 days old) of veterans"."""
    days = answer.measure.mature_days
    return f"exits{f' (at least {days} days old)' if days else ''}{of_whom(who)}"


def _p(sides: tuple[Side, Side] | None) -> float | None:
    """Return the p-value of a comparison; None with too few exits on either side."""
    return p_two_rates(*sides) if sides and min(side.trials for side in sides) >= ENOUGH else None
