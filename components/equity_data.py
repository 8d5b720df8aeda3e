"""Ask what the equity page shows, for the page and for the documents made of it. No Streamlit here."""

from __future__ import annotations

from components.scoped_answers import ScopedAnswers
from components.text.narratives.answer_data import EQUITY_QUESTIONS, OUTCOMES, EquityData


def equity_data_of(view: ScopedAnswers, outcome: str | None = None) -> EquityData:
    """Ask about all groups, with verdicts that allow for every comparison.

    Args:
        view: The page or document. A group chosen as a filter does not apply.
        outcome: The outcome that residents in two groups are compared by; the first of OUTCOMES by default.
    """
    return EquityData(
        **view.ask_all(EQUITY_QUESTIONS, group=None),
        pairs=view.ask("intersections", outcome=outcome or next(iter(OUTCOMES))),
        labels=view.choices.labels("group"),
        nouns={row["group_id"]: row["member_noun"] for row in view.listing("groups")},
    ).judged_as_family()
