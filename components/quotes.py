"""Sentences to quote, each with a button that copies it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st


def quotes(sentences: Sequence[str]) -> None:
    """Draw the sentences; the copy button at the right of each is Streamlit's own and works with the keyboard."""
    with st.container(key="quotes", gap="small"):
        for sentence in sentences:
            st.code(sentence, language=None, wrap_lines=True)
