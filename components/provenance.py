"""About this number: definition, numerator and denominator, date, tables, delivery, filters; for some roles the query."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from components import cached_queries, html_view, periods
from components.choices import Choices
from components.memoize import memoize
from components.text import prose
from components.text.format import day, people
from queries import Answer, AnswerStatus, Delivery, Goal, Scope
from queries.access import rights
from queries.dimensions import FILTERS

LABEL = "About this number"
# types of measures whose query gives the number itself, and those whose numbers come from several queries, of which one is shown
DIRECT = frozenset({"counted", "money", "slfrf", "undated", "gone_on", "burn"})
IN_SEVERAL = frozenset(
    {"supports", "support_sides", "outcome_ratio", "outcome_over_time", "gap_by_step", "decomposition"}
)


def how_made(answer: Answer | None, *, subject: str = "") -> Markup:
    """Return the HTML of a disclosure that says how a number is made; "" for no answer, or one that failed.

    Its body is made into HTML elements when a reader opens it: most are never opened, and a page has twenty.

    Args:
        answer: The answer that the number comes from.
        subject: What it is about, for screen readers; the measure where there is none.
    """
    if answer is None or answer.status == AnswerStatus.FAILED:
        return Markup()
    return html_view.render(
        "how_made", body=html_view.details(_body(answer)), label=LABEL, subject=subject or answer.measure.label
    )


@memoize
def _body(answer: Answer) -> Markup:
    return html_view.render(
        "provenance",
        label=answer.measure.label,
        definition=answer.measure.definition,
        facts=[(term, text) for term, text in _facts(answer) if text],
        query=answer.query.strip(),
        query_gives=_query_gives(answer),
        parameters=_parameters(answer.parameters),
    )


def _facts(answer: Answer) -> list[tuple[str, str | None]]:
    """Return terms and what they are here; a term without an entry is left out."""
    measure, scope = answer.measure, answer.scope
    choices = cached_queries.choices(answer.delivery.id) if scope.filters else Choices()
    return [
        ("Counts", measure.numerator),
        ("Out of", measure.denominator),
        ("Here", _fraction(answer)),
        ("Date used", measure.dated_by),
        ("When it counts", measure.mature),
        ("As of", day(answer.as_of)),
        ("Goal", _goal(answer.goal)),
        ("Tables", prose.capital(prose.join(sorted({column.partition(".")[0] for column in measure.needs})))),
        ("Delivery", _delivery(answer.delivery)),
        ("Filters", _filters(scope, choices)),
        ("Period", periods.described(scope.since, scope.until) or "all time"),
        ("Definition from", measure.source),
        ("Privacy", answer.note if answer.status == AnswerStatus.OK else None),
        ("Query", None if answer.query else rights.why_no_query()),
    ]


def _query_gives(answer: Answer) -> str:
    """Say what the query of a number gives: the number, or what it is computed from."""
    measure, text = answer.measure, "The query, and the values of its $parameters."
    if measure.type in DIRECT:
        return text
    if measure.type in IN_SEVERAL and len({row.part for row in answer.rows}) > 1:
        return f"{text} It gives the counts that its first line names. The other numbers have queries like it."
    if not measure.per:
        return f"{text} It gives the counts from which the number is computed, as the definition says."
    given = "dollars" if measure.unit == "dollars" else "residents"
    other = (
        "the count that they are divided by" if measure.unit == "dollars" else "the population that they are divided by"
    )
    return f"{text} It gives the {given}, without {other}."


def _fraction(answer: Answer) -> str:
    """Return the numerator and denominator of a single share."""
    if len(answer.rows) != 1 or answer.measure.unit != "share":
        return ""
    row = answer.rows[0]
    if row.numerator is None or not row.denominator:  # of nobody, there is no share
        return ""
    return f"{people(row.numerator)} of {people(row.denominator)}"


def _delivery(delivery: Delivery) -> str:
    delivered_on = delivery.delivered_on
    text = day(delivered_on)
    if delivery.id != delivered_on.isoformat():
        text = f"{delivery.id}, delivered {text}"
    return text + (", synthetic data" if delivery.is_synthetic else "")


def _goal(goal: Goal | None) -> str:
    if goal is None or goal.value is None:
        return ""
    return f"{round(goal.value * 100, 2):g}% by {day(goal.due_on)}"


def _filters(scope: Scope, choices: Choices) -> str:
    """Return the filters in words: "Region: Eastern; Group: Women"."""
    parts = [f"{FILTERS[name].label}: {choices.label(name, value)}" for name, value in scope.filters.items()]
    return "; ".join(parts) or "none"


def _parameters(parameters: Mapping[str, object]) -> str:
    lines = [f"${name} = {'(open)' if value is None else value}" for name, value in parameters.items()]
    return "\n".join(lines) or "(no parameters)"
