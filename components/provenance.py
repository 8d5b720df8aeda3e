"""How is this number made: definition, numerator and denominator, date, delivery, query."""

from __future__ import annotations

from typing import Any

from components import html_view, style
from components.memoize import kept
from components.text.format import day, people

LABEL = "How is this made"


def how_made(answer: Any) -> str:
    """HTML of a disclosure that answers "how is this number made"; nothing for no answer, or one that failed. What it says is handed
    over beside the page and made into a page's when it is opened: most never are, and a page has twenty."""
    if answer is None or answer.status == "failed":
        return ""
    return f'<details class="how" name="how" {html_view.details(_body(answer))}><summary>{LABEL}</summary></details>'


@kept
def _body(answer: Any) -> str:
    measure = answer.measure
    facts = [
        ("Counts", measure.numerator),
        ("Out of", measure.denominator),
        ("Dated by", measure.dated_by),
        ("Counted once it is mature", measure.mature),
        ("As of", day(answer.as_of)),
        *_goal(getattr(answer, "goal", None)),
        *_delivery(answer.delivery),
    ]
    total = answer.rows[0] if len(answer.rows) == 1 else None
    if total is not None and measure.unit == "share" and None not in (total.numerator, total.denominator):
        facts.insert(2, ("Here", f"{people(total.numerator)} of {people(total.denominator)}"))
    facts += [("Filters", _filters(answer.scope)), ("Definition from", measure.source)]
    rows = "".join(f"<dt>{style.escape(term)}</dt><dd>{style.escape(text)}</dd>" for term, text in facts if text)
    query = (
        "<p>The query, and what was put in for its $parameters:</p>"
        f'<pre tabindex="0">{style.escape(answer.query.strip())}</pre><pre>{style.escape(_parameters(answer.parameters))}</pre>'
        if answer.query
        else ""
    )
    return (
        f'<div class="made"><p><b>{style.escape(measure.label)}.</b> {style.escape(measure.definition)}</p>'
        f"<dl>{rows}</dl>{query}</div>"
    )


def _delivery(delivery: Any) -> list[tuple[str, str]]:
    if delivery is None:
        return []
    text = f"{delivery.id}, delivered {day(delivery.delivered_on)}"
    return [("Delivery", text + (", synthetic data" if delivery.is_synthetic else ""))]


def _goal(goal: Any) -> list[tuple[str, str]]:
    if goal is None or goal.value is None:
        return []
    return [("Goal", f"{round(goal.value * 100, 2):g}% by {day(goal.due_on)}")]


def _filters(scope: Any) -> str:
    words = [getattr(scope, name) for name in ("initiative", "region", "sector", "group")]
    words += [f"from {scope.since}" if scope.since else None, f"to {scope.until}" if scope.until else None]
    return ", ".join(str(word) for word in words if word) or "none"


def _parameters(parameters: Any) -> str:
    lines = [f"${name} = {'(open)' if value is None else value}" for name, value in (parameters or {}).items()]
    return "\n".join(lines) or "(no parameters)"
