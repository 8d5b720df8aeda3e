"""Fixtures of the access tests."""

from __future__ import annotations

import pytest

from queries.privacy import family


@pytest.fixture
def any_question(monkeypatch):
    """Let protected readers ask anything, to test what protects each answer by itself."""
    monkeypatch.setattr(
        family, "nearest_question", lambda context, *, current: family.Nearest(context.by, context.scope)
    )
