"""Sentences to quote. A click selects a sentence, and its button copies it."""

from __future__ import annotations

from collections.abc import Sequence

from components import html_view


def quotes(sentences: Sequence[str]) -> None:
    """Draw the sentences."""
    html_view.add(html_view.render("quotes", sentences=sentences))
