"""Describe the sectors: who finishes, how long it takes, and what it pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.text import prose, reliability
from components.text.format import days, format_value, interval, known, people, share
from queries.calculators.counts import CountRow
from queries.models import Answer, Row
from queries.verdicts import ENOUGH

UNITS = {
    "Residents enrolled": "residents", "In training": "enrollments", "Completion rate": "share", "Credential rate": "share",
    "Placement rate": "share", "Median days to credential": "days", "Median wage gain": "dollars an hour",
}  # fmt: skip
TWO_POINTS = 0.02


def lead(
    *, sector: str | None, enrolled: Answer, by_sector: Answer, completion_by_sector: Answer, who: str = "residents"
) -> str:
    """Answer the page's question: which sectors have most and fewest residents, and which completes most and least often."""
    if enrolled.status == "not_allowed":
        return str(enrolled.note)
    if sector:
        row = completion_by_sector.row(sector)
        text = f"{prose.total_of(enrolled, who)} {prose.have(enrolled)} enrolled in {sector} {prose.when(enrolled)}"
        if row is not None and known(row.value):
            text += f"; {share(row.value)} of exits were completions"
        return f"{text}."
    if by_sector.status != "ok":
        return by_sector.note or "There is nothing to compare yet."
    text = f"{prose.capital(who)} enrolled {prose.when(by_sector)}: {prose.most_and_fewest(by_sector)}"
    high, low = extremes(completion_by_sector)
    if high and low and share(high.value) != share(low.value):
        text += f"; {high.key} has the highest completion rate ({share(high.value)}), {low.key} the lowest ({share(low.value)})"
    return f"{text}."


def extremes(answer: Answer) -> tuple[Row | None, Row | None]:
    """Return the rows with the highest and the lowest value, of those with enough exits; (None, None) without two."""
    rows = [row for row in prose.ranked(answer) if (row.denominator or 0) >= ENOUGH]
    return (rows[0], rows[-1]) if len(rows) > 1 else (None, None)


def completion_title(answer: Answer) -> str:
    """State the finding over the completion chart."""
    high, low = extremes(answer)
    if high is None or low is None:
        return "Too few exits to say which sector has the highest completion rate"
    if share(high.value) == share(low.value):
        return f"Every sector completes about {share(high.value)} of its exits"
    return f"Highest completion rate: {high.key}, {share(high.value)} of exits; lowest: {low.key}, {share(low.value)}"


def steps_title(rates: Mapping[str, Answer]) -> str:
    """State where most are lost between application and credential. rates: place of the loss to the rate of passing it."""
    losses = [(1 - answer.total.value, where) for where, answer in rates.items() if answer.total.value is not None]
    if not losses:
        return "Applications at each step"
    lost, where = max(losses)
    return f"The largest loss is {where}: {share(lost)} of those far enough along to tell"


def steps_words(counts: Sequence[tuple[str, Answer]]) -> str:
    """Describe the steps. counts: (step, its count), in order."""
    listed = [f"{label.lower()} {people(answer.total.value)}" for label, answer in counts if known(answer.total.value)]
    return (
        f"Applications at each step: {prose.join(listed) or 'too few to show'}. A job does not require a credential. With a "
        "period chosen, each step is counted by its own date."
    )


def time_title(answer: Answer) -> str:
    """State the finding over the time to credential."""
    row = answer.total
    if not known(row.value):
        return "Too few credentials to show" if prose.hidden_rows(answer) else "No credential with a start date yet"
    text = f"Half of the credentials were earned within {days(round(row.value))} of the start"
    within = _within_promise(answer)
    return f"{text}; {within} within the promised 5 to 12 weeks" if within else text


def time_words(answer: Answer) -> str:
    """Describe the time to credential. The promise is Connecticut's, so it is not applied to data of another layout."""
    text = "Median days from start to credential by sector."
    return text if answer.delivery.layout else f"{text} The program promises 5 to 12 weeks, which is 35 to 84 days."


def _within_promise(answer: Answer) -> str:
    """Write the share of credentials earned within 5 to 12 weeks; "" where that does not apply or is not known."""
    inside = answer.total_of(CountRow).inside_share
    return "" if answer.delivery.layout or not known(inside) else share(inside)


def promise_context(answer: Answer) -> str:
    """Write the small line under the median days to credential."""
    row = answer.total
    if not known(row.value):
        return ""
    within = _within_promise(answer)
    if not within:
        return f"median of {people(row.denominator)} credentials"
    return f"median; {within} of {people(row.denominator)} within 5 to 12 weeks"


def job_context(answer: Answer) -> str:
    """Write the small line under the share of residents with a job: what it is a share of."""
    row = answer.total
    if not known(row.value):
        return ""
    residents = prose.plural(row.denominator, "resident")
    text = f"{people(row.numerator)} of {residents} whose exit is at least {answer.measure.mature_days} days old"
    span = interval(row.low, row.high)
    return f"{text} · 95% interval {span}" if span else text


def bases(*rates: Answer) -> str:
    """Name what each rate of a table is a share of."""
    clauses = [
        f"the {prose.lower_first(rate.measure.label)} is of {prose.lower_first(rate.measure.denominator or '')}"
        for rate in rates
    ]
    return prose.capital(f"{'; '.join(clauses)}.")


def wage_title(answer: Answer) -> str:
    """State the finding over the wage chart."""
    high, _ = extremes(answer)
    if high is None:
        return "Too few wages known to say which sector has the largest gain"
    if (high.value or 0) <= 0:
        return "No sector’s median hourly wage has risen"
    return f"Largest median hourly wage gain: {high.key}, {format_value(high.value, 'dollars an hour')}"


def cohort_differs(completion: Answer, cohort: Answer) -> bool:
    """Return whether the two completion rates differ by more than two points, so that both must be shown."""
    left, right = completion.total.value, cohort.total.value
    return known(left) and known(right) and abs(left - right) > TWO_POINTS


def compared_table(*, enrolled: Answer, columns: Mapping[str, Answer]) -> list[dict[str, prose.Cell]]:
    """Return one table row a sector. columns: heading to the answer by sector."""
    return [
        {
            "Sector": row.key,
            "Residents enrolled": prose.cell_of(row),
            **{heading: prose.cell(answer, row.key) for heading, answer in columns.items()},
            "Reliability": reliability.of_rows(
                {name: answer.row(row.key) for name, answer in columns.items() if answer.measure.unit == "share"}
            ),
        }
        for row in prose.by_size(enrolled.rows)
    ]
