"""Every character that a text may have, for generated texts."""

from __future__ import annotations

from hypothesis import strategies as st

# What `st.text()` takes by itself: all but halves of characters. It tries each with UTF-8, which takes a new clone eight seconds.
CHARACTERS = st.characters(exclude_categories=["Cs"])
