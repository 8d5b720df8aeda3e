"""Describe one region for its board: against the state, the other regions and a year earlier."""

from __future__ import annotations

from components.comparison import CHOOSE_CLOSED
from components.data_table import Table
from components.text import prose
from components.text.format import format_value, known, people, share
from components.text.narratives import region_ranks
from components.text.narratives.answer_data import ENDED
from components.text.narratives.region_data import (
    ENROLLED_RATE,
    LINES,
    ComparedRate,
    RegionData,
    exits_of,
    rates_compared,
    unit_of,
    value_of,
)
from components.text.scope_words import chosen
from queries.models import Answer, AnswerStatus
from queries.verdicts import ENOUGH

_CHOOSE = "Choose a region to compare it with the state and the other regions."
NO_REGIONS = "This delivery does not say in which region residents live, so no region can be shown."
LEAST_RATE = 0.1  # per 10,000 residents; a smaller rate would read as 0.0, so the lead gives the count
STATE = "State"


def choose(home: str | None) -> str:
    """Ask for a region. home: the region of a director's account, if this delivery does not have it."""
    unknown = f"Your account is for the region “{home}”, which this delivery does not have. " if home else ""
    return unknown + _CHOOSE


def lead(data: RegionData) -> str:
    """Answer the page's question in at most four sentences: enrollment with its rank, completions and jobs."""
    return " ".join(lead_sentences(data))


def lead_sentences(data: RegionData) -> list[str]:
    """Return the sentences of the lead."""
    enrolled = data.totals["residents_enrolled"]
    if enrolled.status != AnswerStatus.OK:
        return [enrolled.note or "There is nothing to show for this region yet."]
    rest = f"{chosen(enrolled.scope.but(region=None))} {prose.when(enrolled)}"
    line = data.lines[0]
    rate = value_of(data.totals, line) if line.measure == ENROLLED_RATE else None
    ranks = ""
    if known(rate) and rate >= LEAST_RATE:
        counted = f"{format_value(rate, unit_of(data, line))} {prose.did(enrolled, 'enrolled', is_many=True)}{rest}"
        ranks = region_ranks.in_a_sentence(region_ranks.rank_of(data, line), data.regions)
    else:
        counted = prose.lower_first(prose.people_who(enrolled, "enrolled", rest, who=data.who))
    sentences = [f"{data.region}: {counted}."]
    return [*sentences, *filter(None, (ranks,)), *rate_sentences(data)]


def rate_sentences(data: RegionData) -> list[str]:
    """Compare completions and jobs with the state, as one family of comparisons."""
    sentences = []
    for rate in rates_compared(data):
        if rate.here is None or not prose.is_of_several(rate.here):
            continue
        filters = "Here, " if chosen(rate.answer.scope.but(region=None)) or rate.answer.scope.since else ""
        exits = exits_of(rate.answer, data.who)
        counted = f"{people(rate.here.numerator)} of {people(rate.here.denominator)} {exits}"
        is_few = (rate.here.denominator or 0) < ENOUGH
        text = (
            f"{filters}{counted if is_few else f'{share(rate.here.value)} of {exits}'} {ENDED[rate.answer.measure.id]}"
        )
        if rate.state is not None and known(rate.state.value):
            text += f" ({', '.join(filter(None, (f'state {share(rate.state.value)}', _verdict(rate))))})"
        sentences.append(f"{text}.")
    return sentences


def _verdict(rate: ComparedRate) -> str:
    """Say what the comparison with the rest of the state finds: the only verdict of the lead. "" where nothing is compared."""
    if rate.p_adjusted is None:
        return "too few to compare" if rate.sides else ""
    if not rate.is_clear:
        return "no clear difference"
    return f"{'lower' if rate.missed > 0 else 'higher'}, unlikely to be chance"


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
    columns["Rank of the regions"] = [region_ranks.rank_cell(data, line) for line in data.lines]
    if data.earlier:
        columns[prose.capital(data.earlier_words)] = [value_of(data.earlier, line) for line in data.lines]
    units = [unit_of(data, line) for line in data.lines]
    return Table(columns, row_units=units, is_sortable=False)


def trend_heading(period: str) -> str:
    """Return the heading of the trends. period: "month" or "quarter"."""
    return "Last 12 months" if period == "month" else "Last 8 quarters"


def table_words(data: RegionData) -> str:
    """Say how to read the ranks and the dollars, and when there is an earlier time to compare with."""
    text = (
        "Ranks count from the top. The rank of a rate compares the region with each other region; where chance could explain the order, "
        "it is a range. Counts, medians and costs are not ranked, and a region without a number has no rank. Each range is 95% certain by itself, not all of them together. “Unlikely to be chance” compares the region with the "
        "rest of the state taken together, so it can hold where a rank is a range. The share spent is counted in dollars: chance has no part "
        "in its rank. Enrollment rates are per 10,000 residents of all ages. People who left earlier have had more time to find a job or earn "
        "a credential, which can raise earlier rates. The share spent is of the awards obligated only to a region, wherever they spend; the "
        "state’s is of all awards. Costs divide the dollars assigned to a region; the state’s divide all dollars."
    )
    parts = (text, region_ranks.why_hidden(data), _of_few(data), "" if data.earlier else CHOOSE_CLOSED)
    return " ".join(filter(None, parts))


def _of_few(data: RegionData) -> str:
    """Name the rates and medians of the table that fewer than ENOUGH are behind, a sentence a column; "" without any."""
    columns = {
        f"In {data.region}": data.totals,
        "In the state": data.state,
        prose.capital(data.earlier_words): data.earlier or {},
    }
    return " ".join(
        f"{where}, under {ENOUGH} exits are behind the {prose.join(names)}."
        for where, answers in columns.items()
        if (names := [prose.lower_first(line.label) for line in LINES if _is_of_few(answers.get(line.measure))])
    )


def _is_of_few(answer: Answer | None) -> bool:
    if answer is None or not (answer.measure.unit == "share" or answer.measure.agg == "median_of_rows"):
        return False
    row = answer.total
    return known(row.value) and known(row.denominator) and row.denominator < ENOUGH
