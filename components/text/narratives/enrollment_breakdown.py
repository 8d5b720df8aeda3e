"""Describe residents enrolled by sector or region."""

from __future__ import annotations

from collections.abc import Sequence

from components.text import prose, ranking
from components.text.scope_words import filters
from queries.models import Answer


def title(answer: Answer, what: str, categories: Sequence[str] = (), *, who: str = "residents") -> str:
    """State the finding over residents enrolled by sector or region. categories: all of them."""
    if not prose.ranked(answer):
        return f"Too few {who} to show by {what}" if prose.hidden_rows(answer) else f"No {what} has {who} yet"
    places = ranking.most_and_fewest(answer, categories, numbers=True)
    return f"{prose.capital(who)} enrolled{filters(answer)}: {places}"


def words(answer: Answer, what: str, *, who: str = "residents") -> str:
    """Say what is counted, and why the parts can add up to more than the total."""
    return (
        f"{prose.capital(who)} enrolled by {what}{filters(answer)}. "
        "A resident enrolled in two counts once in each and once in the total."
    )
