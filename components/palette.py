"""The one palette.

Every mark color has a contrast of at least 3:1 against both the light and the dark background, so an entity keeps its
color in both themes and no chart has to know which theme is on. Color never stands alone: words say the same.
"""

from __future__ import annotations

from collections.abc import Iterable

ACCENT = "#2F6DB5"
CONTEXT = "#8391A0"
GOOD = "#17806B"
BAD = "#C04A37"
BACKGROUNDS = {"light": "#FFFFFF", "dark": "#10161D"}

INITIATIVES = {"CareerConneCT": ACCENT, "SkillUp CT": "#A9621A", "Back to Work": "#17806B"}
MONEY = {"allocated": CONTEXT, "obligated": "#A9621A", "expended": ACCENT}
PARTS = (ACCENT, "#A9621A", "#17806B", "#9A5FA8", "#B4556B")
UNKNOWN = "#68758A"


def color_of(name: str, colors: dict[str, str] | None = None, default: str = ACCENT) -> str:
    """The fixed color of an entity: what the caller says, else its own, else `default`."""
    return (colors or {}).get(name) or INITIATIVES.get(name) or MONEY.get(name.lower()) or default


def colors_for(names: Iterable[str], colors: dict[str, str] | None = None) -> dict[str, str]:
    """Colors for the parts of one chart: fixed ones first, then the palette in order, unknowns grey."""
    chosen: dict[str, str] = {}
    free = [c for c in PARTS if c not in (colors or {}).values()]
    for name in names:
        fixed = (colors or {}).get(name) or INITIATIVES.get(name) or MONEY.get(name.lower())
        if fixed is None and name.lower().startswith(("not ", "unknown", "other")):
            fixed = UNKNOWN
        if fixed is None:
            fixed = next((c for c in free if c not in chosen.values()), UNKNOWN)
        chosen[name] = fixed
    return chosen


def faded(color: str, alpha: float) -> str:
    """A color made transparent, so that it sits right on either background. alpha: 0 to 1."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:.3f})"


def contrast(one: str, two: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colors, 1 to 21."""

    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
