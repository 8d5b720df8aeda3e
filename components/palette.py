"""The colors of charts.

Every color has a contrast of at least 3:1 against both the light and the dark background, so that an entity has the same
color in both themes and no chart depends on the theme. Color is never the only sign: words say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ACCENT = "#2F6DB5"
CONTEXT = "#8391A0"
BAD = "#C04A37"

INITIATIVES = {"CareerConneCT": ACCENT, "SkillUp CT": "#A9621A", "Back to Work": "#17806B"}
MONEY = {"allocated": CONTEXT, "obligated": "#A9621A", "expended": ACCENT}
PARTS = (ACCENT, "#A9621A", "#17806B", "#9A5FA8", "#B4556B")
UNKNOWN = "#68758A"


def fixed_color(name: str, colors: Mapping[str, str] | None = None) -> str | None:
    """Return the color an entity always has: the caller's, else the palette's; None where it has none."""
    return (colors or {}).get(name) or INITIATIVES.get(name) or MONEY.get(name.lower())


def color_of(name: str, colors: Mapping[str, str] | None = None) -> str:
    """Return the fixed color of an entity, or the accent color."""
    return fixed_color(name, colors) or ACCENT


def colors_for(names: Iterable[str], colors: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return colors for the parts of one chart: fixed ones first, then the palette in order; unknown parts are grey."""
    assigned: dict[str, str] = {}
    free = [color for color in PARTS if color not in (colors or {}).values()]
    for name in names:
        color = fixed_color(name, colors)
        if color is None and not name.lower().startswith(("not ", "unknown", "other")):
            color = next((part for part in free if part not in assigned.values()), None)
        assigned[name] = color or UNKNOWN
    return assigned


def faded(color: str, alpha: float) -> str:
    """Make a color transparent, so that it fits either background. alpha: 0 (clear) to 1."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:.3f})"
