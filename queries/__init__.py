"""Every number of the dashboard, through `ask`. Nothing here imports Streamlit or Plotly."""

from queries.change import Change
from queries.database import NothingPublished, current_delivery_id
from queries.listings import listing
from queries.models import Answer, AnswerStatus, Delivery, Row
from queries.periods import dates_open
from queries.registry import Measure, measure, measures
from queries.scope import BREAKDOWNS, AskError, Goal, Question, Scope
from queries.service import ask

__all__ = [
    "BREAKDOWNS",
    "Answer",
    "AnswerStatus",
    "AskError",
    "Change",
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
