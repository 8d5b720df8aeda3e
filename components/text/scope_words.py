"""The filters of a scope in words: where the numbers of a sentence hold, and which filters do not apply to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from components.text import prose
from components.text.format import day
from queries.dimensions import FILTERS, MODELS
from queries.models import Answer, Delivery
from queries.scope import Scope

STATED_SEPARATELY = ("initiative", "group")  # the subject of a sentence: "women in CareerConneCT …"


def within(scope: Scope) -> str:
    """Return the other filters as they follow the subject of a sentence: " in Healthcare in Eastern", the narrowest first."""
    values = {name: value for name, value in scope.filters.items() if name not in STATED_SEPARATELY}
    return "".join(f" {FILTERS[name].preposition} {value}" for name, value in reversed(values.items()))


def chosen(scope: Scope) -> str:
    """Return the filters but for the group: " in CareerConneCT in Healthcare in Eastern"; "" without any."""
    return (f" in {scope.initiative}" if scope.initiative else "") + within(scope)


def filters(answer: Answer) -> str:
    """Return the filters but for the group, and the period, for a title: " in Eastern from July 1, 2025 to June 30, 2026"."""
    has_period = answer.scope.since or answer.scope.until
    return chosen(answer.scope) + (f" {prose.when(answer)}" if has_period else "")


def subject(answer: Answer, who: str) -> str:
    """Return the group and the filters as they follow a noun: " of veterans in Eastern"; "" without any."""
    return of_whom(who) + filters(answer)


def of_whom(who: str) -> str:
    """Return the group as it follows a noun: " of veterans"; "" for residents."""
    return "" if who == "residents" else f" of {who}"


def everywhere(names: Iterable[str]) -> str:
    """Return what is chosen where these filters are cleared: "all regions and all sectors"."""
    return prose.join([FILTERS[name].all.lower() for name in names])


def delivery_day(delivery: Delivery) -> str:
    """Name a delivery by its day: "November 13, 2026"; its id is added only where the day is not all of it, as of a second of that day."""
    name = day(delivery.delivered_on)
    return name if delivery.id == delivery.delivered_on.isoformat() else f"{name} ({delivery.id})"


def not_recorded(model: str) -> Mapping[str, None]:
    """Return the filters that a model of queries/dimensions.toml does not record, cleared, to ask about all of its rows."""
    return {name: None for name in FILTERS if name not in MODELS[model].filters}


def not_applied(scope: Scope, model: str, *, exception: str = "") -> str:
    """Say which of the chosen filters do not apply to a model; "" if all do. exception: what follows one of them, as in ", but …"."""
    ignored = [FILTERS[name].words for name in not_recorded(model) if name in scope.filters]
    if not ignored:
        return ""
    return (
        f"The {prose.join(ignored)} {prose.noun(len(ignored), 'filter does', 'filters do')} not apply here{exception}."
    )
