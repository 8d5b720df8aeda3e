"""Name the filters in force, so that a sentence is true without the page around it."""

from __future__ import annotations

from components.text import prose
from queries.models import Answer
from queries.scope import Scope


def within(scope: Scope) -> str:
    """Name the initiative, sector and region chosen: " in CareerConneCT in Healthcare in Eastern"; "" without any."""
    return "".join(f" in {name}" for name in (scope.initiative, scope.sector, scope.region) if name)


def filters(answer: Answer) -> str:
    """Name the filters and the period, for a title: " in Eastern from July 1, 2025 to June 30, 2026"; "" without any."""
    is_period = answer.scope.since or answer.scope.until
    return within(answer.scope) + (f" {prose.when(answer)}" if is_period else "")


def subject(answer: Answer, who: str) -> str:
    """Name the group and the filters after a noun: " of veterans in Eastern"; "" without any."""
    return of_whom(who) + filters(answer)


def of_whom(who: str) -> str:
    """Name the group chosen after a noun: " of veterans"; "" for residents."""
    return "" if who == "residents" else f" of {who}"
