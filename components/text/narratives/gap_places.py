"""What residents compared with each other have in common, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.text import prose


def same_place(rows: Sequence[Any]) -> str:
    """What the residents compared within have in common: "within the same sector, region and provider"."""
    levels = prose.join([row.part for row in rows if row.part and row.part != "within"])
    return f"within the same {levels.replace(', and ', ' and ')}"
