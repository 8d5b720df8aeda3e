"""What stands behind a button or a fold is made and sent when a reader opens it: most never do, and a page would carry every
table twice and every query with each click."""

from __future__ import annotations

from typing import Any


def is_open(place: Any) -> bool:
    """Whether a popover or an expander (made with on_change="rerun") is open, so that its content is to be drawn."""
    return bool(place.open)
