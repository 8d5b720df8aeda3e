"""Every number of the dashboard comes from here, through `ask`; nothing here knows Streamlit or Plotly."""

from queries.database import NothingPublished, current_delivery_id
from queries.goals import dates_open
from queries.listings import listing
from queries.models import Answer, Delivery, Row
from queries.registry import Measure, measure, measures
from queries.scope import BREAKDOWNS, AskError, Goal, Question, Scope
from queries.service import ask

__all__ = [
    "BREAKDOWNS",
    "Answer",
    "AskError",
    "Delivery",
    "Goal",
    "Measure",
    "NothingPublished",
    "Question",
    "Row",
    "Scope",
    "ask",
    "current_delivery_id",
    "dates_open",
    "listing",
    "measure",
    "measures",
]
