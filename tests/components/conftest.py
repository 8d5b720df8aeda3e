"""A page without a store: one delivery, a few choices."""

from datetime import date

import pytest

from components import cached_queries
from components.choices import Choices
from queries.dimensions import FILTERS
from tests.components.rows import DELIVERY

CHOICES = Choices(
    options={
        **{name: {"first": f"The first {FILTERS[name].words}"} for name in FILTERS},
        "initiative": {"CareerConneCT": "CareerConneCT"},
        "region": {"Eastern": "Eastern", "Southwest": "Southwest"},
        "sector": {"Healthcare": "Healthcare"},
        "group": {"woman": "Women"},
    },
    earliest=date(2022, 8, 1),
    latest=DELIVERY.delivered_on,
)


@pytest.fixture
def published(monkeypatch):
    """A page opens over this delivery, and an earlier one was there before."""
    monkeypatch.setattr(cached_queries, "current", lambda: DELIVERY.id)
    monkeypatch.setattr(cached_queries, "history", lambda: ["2024-06-28", DELIVERY.id])
    monkeypatch.setattr(cached_queries, "delivery_of", lambda delivery_id: DELIVERY)
    monkeypatch.setattr(cached_queries, "choices", lambda delivery_id: CHOICES)
    monkeypatch.setattr(cached_queries, "refusal", lambda: None)
    monkeypatch.setattr(cached_queries, "listing", lambda name, scope, delivery_id: [])
