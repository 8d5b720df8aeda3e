"""Describe the sectors: who finishes, how long it takes, and what it pays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from components.text import prose, ranking, reliability
from components.text.format import days, known, people, share
from components.text.narratives.answer_data import ENDED, GOT_A_JOB
from components.text.scope_words import chosen, of_whom, subject
from queries.calculators.counts import CountRow
from queries.models import Answer
from queries.privacy.suppression import is_hidden
from queries.scope import Scope
from queries.verdicts import ENOUGH

UNITS = {
    "Residents enrolled": "residents", "In training": "enrollments", "Completion rate": "share", "Credential rate": "share",
    "Job rate": "share", "Median days to credential": "days", "Median wage gain": "dollars an hour",
}  # fmt: skip
TWO_POINTS = 0.02


def lead(
    *,
    sector: str | None,
    enrolled: Answer,
    by_sector: Answer,
    completion_by_sector: Answer,
    sectors: Sequence[str] = (),
    who: str = "residents",
) -> str:
    """Answer the page's question: how far completion rates range, and which sectors have most and fewest residents.

    sectors: all sectors of the delivery.
    """
    if enrolled.status == "not_allowed":
        return str(enrolled.note)
    if sector:
        row = completion_by_sector.row(sector)
        text = prose.people_who(enrolled, "enrolled", f"{chosen(enrolled.scope)} {prose.when(enrolled)}", who=who)
        if row is not None and prose.is_of_several(row):
            text += f"; {prose.share_of_exits(row)} {ENDED['completion_rate']}"
        return f"{text}."
    if by_sector.status != "ok":
        return by_sector.note or "There is nothing to compare yet."
    places = ranking.most_and_fewest(by_sector, sectors)
    place, when = chosen(by_sector.scope), prose.when(by_sector)
    rates = _range(completion_by_sector)
    if not rates:
        return f"{prose.capital(who)} enrolled{place} {when}: {places}."
    exits = f"exits{of_whom(who)}{place}{_recorded(completion_by_sector)}"
    return f"{rates} of {exits}, {when}{_small(completion_by_sector)}. {prose.capital(who)} enrolled{place}: {places}."


def completion_title(answer: Answer, *, who: str = "residents") -> str:
    """State the finding over the completion chart."""
    rates = _range(answer)
    return (
        f"{rates} of exits{subject(answer, who)}{_recorded(answer)}{_small(answer)}"
        if rates
        else "Too few exits to say how completion rates differ by sector"
    )


def _recorded(answer: Answer) -> str:
    """Return " with a sector recorded" where a range of rates leaves out exits without a sector, which are drawn."""
    return " with a sector recorded" if any(prose.is_unrecorded(row) for row in answer.rows) else ""


def _small(answer: Answer) -> str:
    """Say which sectors a range of rates leaves out; "" where it has all."""
    is_any_small = any((row.denominator or 0) < ENOUGH for row in prose.ranked(answer))
    return f". Sectors with under {ENOUGH} exits are not compared" if is_any_small else ""


def _range(answer: Answer) -> str:
    """Say how far completion rates range over the sectors with enough exits; "" without two."""
    values = ranking.span(prose.ranked(answer), answer.measure.unit)
    return f"Completion rates by sector{' shown' if prose.hidden_rows(answer) else ''} {values}" if values else ""


# What the page asks: headline figures, the steps, and what it breaks down by sector.
CARDS = (
    "residents_enrolled", "completion_rate", "cohort_completion_rate", "credential_rate", "days_to_credential", "wage_gain",
    "wage_after_exit", "finishers_with_job", "leavers_with_job",
)  # fmt: skip
STEPS = {
    "Applied": "applications",
    "Enrolled": "enrollments",
    "Started": "starts",
    "Completed": "completions",
    "Credential": "credentials",
    GOT_A_JOB: "placements",
}
APART = (GOT_A_JOB,)  # a job does not require the step before
BY_SECTOR = (
    "residents_enrolled", "completion_rate", "days_to_credential", "wage_gain", "credential_rate", "placement_rate", "in_training",
)  # fmt: skip
LOSSES = {
    "intake_rate": "before enrolling, {lost} of applications at least 60 days old",
    "start_rate": "between enrolling and starting, {lost} of enrollments at least 60 days old",
    "completion_rate": "before completing, {lost} of exits{age}",
    "credential_rate": "between completing and a credential, {lost} of completions{age}",
}


def steps_title(rates: Sequence[Answer], *, who: str = "residents") -> str:
    """State where most are lost between application and credential, if chance does not explain that.

    rates: the measures of LOSSES.
    """
    first, *others = sorted(rates, key=lambda answer: answer.total.value if known(answer.total.value) else math.inf)
    row = first.total
    is_clear = all((answer.total.denominator or 0) >= ENOUGH for answer in rates) and all(
        known(row.high) and known(other.total.low) and row.high < other.total.low for other in others
    )
    if not is_clear or not known(row.value):
        return f"Applications at each step{subject(first, who)}"
    age = f" at least {first.measure.mature_days} days old" if first.measure.mature_days else ""
    return f"Largest loss{subject(first, who)}: {LOSSES[first.measure.id].format(lost=share(1 - row.value), age=age)}"


def steps_words(scope: Scope) -> str:
    """Say how to read the steps, which are about the same people only for all time."""
    period = " Each step is counted by its own date in the period, so the steps are not about the same people."
    return f"A job does not require a credential.{period if has_period(scope) else ''}"


def has_period(scope: Scope) -> bool:
    """Return whether a period is chosen, in which each step counts the people of its own date."""
    return bool(scope.since or scope.until)


def time_title(answer: Answer, *, who: str = "residents") -> str:
    """State the finding over the time to credential."""
    row = answer.total
    if not known(row.value):
        return (
            f"Median days from start to credential{subject(answer, who)}: hidden for privacy"
            if is_hidden(row)
            else "No credential with a start date yet"
        )
    earned = prose.plural(row.denominator, "dated credential")
    half = f"Half of {earned}" if (row.denominator or 0) > 1 else "The only dated credential"
    text = f"{half}{subject(answer, who)} came within {days(row.value)} of the start"
    inside = _within_promise(answer) if (row.denominator or 0) > 1 else ""
    return f"{text}. {inside} came within the promised 5 to 12 weeks" if inside else text


def time_words(answer: Answer) -> str:
    """Describe the time to credential. The promise is Connecticut's, so it is not applied to data of another layout."""
    text = "Median days from start to credential by sector."
    return text if answer.delivery.layout else f"{text} The program promises 5 to 12 weeks, which is 35 to 84 days."


def _within_promise(answer: Answer) -> str:
    """Write the share of credentials earned within 5 to 12 weeks, of few the number; "" where it does not apply or is not known."""
    row = answer.total_of(CountRow)
    if answer.delivery.layout or not known(row.inside_share):
        return ""
    return share(row.inside_share) if (row.denominator or 0) >= ENOUGH else f"{people(row.inside)}"


def promise_context(answer: Answer) -> str:
    """Write the small line under the median days to credential."""
    row = answer.total
    if not known(row.value):
        return ""
    inside, earned = _within_promise(answer), prose.plural(row.denominator, "credential")
    return f"median; {inside} of {earned} within 5 to 12 weeks" if inside else f"median of {earned}"


def bases(*rates: Answer) -> str:
    """Name what each rate of a table is a share of."""
    return " ".join(
        f"The {prose.lower_first(rate.measure.label)} is of {prose.lower_first(rate.measure.denominator or '')}."
        for rate in rates
    )


def wage_title(answer: Answer, *, who: str = "residents") -> str:
    """State the finding over the wage chart."""
    rows = [row for row in prose.ranked(answer) if (row.denominator or 0) >= ENOUGH]
    if len(rows) < 2:
        return "Too few wages known to compare sectors"
    shown = " shown" if prose.hidden_rows(answer) else ""
    small = (
        f". Sectors with under {ENOUGH} known gains are not compared" if len(rows) < len(prose.ranked(answer)) else ""
    )
    changes = f"Median changes in hourly wage{subject(answer, who)}"
    return f"{changes} {ranking.span(rows, answer.measure.unit)} across the sectors{shown}{small}"


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
