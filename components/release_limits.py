"""The filters of a page within what a protected viewer can ask (queries/privacy/family.toml). No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from components import periods
from components.choices import Choices
from components.scoped_answers import FilterValue, ScopedAnswers
from components.text.format import day
from components.text.scope_words import everywhere
from components.url_state import FIELDS, Dropped, UrlState
from queries import Scope
from queries.periods import days_of, full_periods
from queries.privacy.family import is_limited, nearest_scope

_SENTENCE = "To protect residents’ privacy, {where}your role can combine two filters, or one filter and a period."
_PERIOD = ("from", "to")
PLAN = "gap_plan"  # the page
_WHY = {
    "as_of": "is not the date of the delivery on screen, the only one for your role",
    "delivery": "is not the delivery on screen, the only one for your role",
}


def sentence(scope: Scope) -> str:
    """Say what the viewer can combine; "" where the viewer is not limited under these filters."""
    if not is_limited(scope):
        return ""
    region = scope.viewer.region if scope.viewer else None
    is_open_at_home = region is not None and not is_limited(scope.but(region=region))
    return _SENTENCE.format(where=f"outside {region} " if is_open_at_home else "")


def finest_period(scope: Scope) -> str:
    """Return the shortest unit of time that the viewer can break down numbers of people by."""
    return "quarter" if is_limited(scope) else "month"


def last_year(scope: Scope, as_of: date) -> tuple[date, date]:
    """Return the last 365 days, or for a viewer who asks about whole periods the last fiscal year that is over."""
    if is_limited(scope):
        return days_of(full_periods(as_of, 1, "fiscal_year")[0], "fiscal_year")
    return as_of - timedelta(days=364), as_of


def not_in_plans(scope: Scope) -> tuple[str, ...]:
    """Return the filters chosen that the viewer's plan for a group cannot have; none for a viewer who sees exact numbers."""
    return tuple(name for name in scope.filters if name != "group") if is_limited(scope) else ()


def comparable_measure(scope: Scope) -> str:
    """Return the measure that a viewer can compare with the previous delivery: protected readers compare no numbers of people."""
    return "expended" if is_limited(scope) else "residents_enrolled"


def within_family(
    state: UrlState, scope: Scope, *, applying: Sequence[str], choices: Choices, current: str, delivered_on: date
) -> UrlState:
    """Return the address with filters that this viewer can ask about; what was changed is listed in `dropped`.

    Args:
        state: The address.
        scope: The viewer.
        applying: The filters that apply to the page; the others are left alone.
        choices: What filters can be chosen, by whose labels the notice names what was left out.
        current: The delivery on screen.
        delivered_on: Its date.
    """
    applied = state.scope_fields(applying)
    nearest = nearest_scope(scope.but(**applied), current=current, delivered_on=delivered_on).scope
    changed = {name for name in state.values if _is_changed(FIELDS.get(name, name), applied, nearest)}
    if not changed:
        return state
    values = {name: value for name, value in state.values.items() if name not in changed}
    dropped = [
        Dropped(
            name,
            day(value) if isinstance(value := state.values[name], date) else choices.label(name, value),
            _WHY.get(name, "is more than your role can combine"),
            is_valid=True,
        )
        for name in state.values
        if name in changed and name not in _PERIOD
    ]
    if changed.intersection(_PERIOD):
        ends = {"from": nearest.since, "to": nearest.until}
        values |= {name: end for name, end in ends.items() if end is not None}
        shown = periods.described(nearest.since, nearest.until) or "all time"
        chosen = periods.described(state.day("from"), state.day("to"))
        dropped.append(
            Dropped("period", chosen, f"is not one that your role can ask about, so {shown} is shown", is_valid=True)
        )
    return replace(state, values=values, dropped=(*state.dropped, *dropped))


def _is_changed(field: str, applied: dict[str, str | date], nearest: Scope) -> bool:
    return field in applied and getattr(nearest, field) != applied[field]


def with_plan(
    view: ScopedAnswers, page_id: str, label: str, changes: Mapping[str, FilterValue]
) -> tuple[str, Mapping[str, FilterValue]]:
    """Return the label of a link and the filters that it changes. A protected reader's plan is for one group, everywhere.

    Args:
        view: The filters and the reader of the page that the link is on.
        page_id: The page that it leads to; only links to the plan of a group are changed.
        label: Its label.
        changes: The filters that it changes.
    """
    scope = view.scope.but(**changes)
    cleared = not_in_plans(scope) if page_id == PLAN and scope.group else ()
    if not cleared:
        return label, changes
    return f"Plan for {view.noun(scope.group)} in {everywhere(cleared)}", {**changes, **dict.fromkeys(cleared)}
