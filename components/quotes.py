"""Sentences to quote: each selected whole by a click, and copied by its button."""

from __future__ import annotations

from collections.abc import Sequence

from components import style


def quotes(sentences: Sequence[str]) -> None:
    """Draw the sentences."""
    body = "".join(
        f"<li><span>{said}</span>"
        f'<button type="button" class="quiet-button" data-copy="{said}" aria-label="Copy: {said}">Copy</button></li>'
        for said in map(style.escape, sentences)
    )
    style.block(f'<ul class="quotes">{body}</ul>')
