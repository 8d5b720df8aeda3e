"""Sentences to quote: each selected whole by a click, and copied by a button for whoever opens the fold."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import opened, style


def quotes(sentences: Sequence[str]) -> None:
    """Draw the sentences, and a fold with a copy button for each. Streamlit's code block, the one element that copies, brings
    1.6 MB of script with it: only for whoever asks."""
    body = "".join(f"<li>{style.escape(sentence)}</li>" for sentence in sentences)
    style.block(f'<ul class="quotes">{body}</ul>')
    fold = st.expander("Copy a sentence", key="copy-a-sentence", on_change="rerun")
    if opened.is_open(fold):
        with fold, st.container(key="quotes", gap="small"):
            for sentence in sentences:
                st.code(sentence, language=None, wrap_lines=True)
