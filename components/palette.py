"""The colors of charts.

Every color has a contrast of at least 3:1 against both the light and the dark background, so that an entity has the same
color in both themes and no chart depends on the theme. Color is never the only sign: words say the same.
"""

from __future__ import annotations

from collections.abc import Iterable

ACCENT = "#2F6DB5"
CONTEXT = "#8391A0"
BAD = "#C04A37"

INITIATIVES = {"CareerConneCT": ACCENT, "SkillUp CT": "#A9621A", "Back to Work": "#17806B"}
MONEY = {"allocated": CONTEXT, "obligated": "#A9621A", "expended": ACCENT}
PARTS = (ACCENT, "#A9621A", "#17806B", "#9A5FA8", "#B4556B")
UNKNOWN = "#68758A"


def color_of(name: str, default: str = ACCENT) -> str:
    """Return the color an entity always has; the default where it has none."""
    return INITIATIVES.get(name) or MONEY.get(name.lower()) or default


def colors_for(names: Iterable[str]) -> dict[str, str]:
    """Return colors for the parts of one chart: fixed ones first, then the palette in order; unknown parts are grey."""
    assigned: dict[str, str] = {}
    for name in names:
        free = () if name.lower().startswith(("not ", "unknown", "other")) else PARTS
        default = next((color for color in free if color not in assigned.values()), UNKNOWN)
        assigned[name] = color_of(name, default)
    return assigned


def faded(color: str, alpha: float) -> str:
    """Make a color transparent, so that it fits either background. alpha: 0 (clear) to 1."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:.3f})"
