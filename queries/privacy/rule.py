"""The rule for small numbers, read from rule.toml, where its numbers are explained."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from queries.access.viewer import Viewer

FILE = Path(__file__).with_name("rule.toml")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The limits that apply to one reader.

    Attributes:
        min_count: Counts of people from 1 to `min_count` - 1 are hidden.
        min_numerator: Statistics with a smaller numerator are hidden.
        min_denominator: Statistics of fewer people are hidden.
        large: The size from which a group is large: that nobody or everybody in it did something may be shown.
        band_from: The size from which a hidden rate near 0% or 100% is shown as a band.
        band: The width of these bands, as a fraction.
        hides_few_outside: Whether numbers of the state are hidden that count few people outside of a director's region.
    """

    min_count: int
    min_numerator: int
    min_denominator: int
    large: int
    band_from: int
    band: float
    hides_few_outside: bool

    def band_of(self, successes: float, trials: float) -> str | None:
        """Return the band of a hidden rate, such as "95% or more"; None if it has none."""
        if trials < self.band_from:
            return None
        if successes <= self.band * trials:
            return f"{self.band:.0%} or less"
        return f"{1 - self.band:.0%} or more" if successes >= (1 - self.band) * trials else None


def rule_for(viewer: Viewer) -> Rule:
    """Return the limits for a reader: the stricter of the rules for the screen and for files."""
    return rule_of(viewer.min_count)


@cache
def rule_of(min_count: int) -> Rule:
    """Return the limits where counts below this are hidden on screen."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    files, everyone = content["files"], content["everyone"]
    return Rule(
        min_count=max(min_count, files["min_count"]),
        min_numerator=files["min_numerator"],
        min_denominator=files["min_denominator"],
        large=everyone["large"],
        band_from=everyone["band_from"],
        band=everyone["band"],
        hides_few_outside=content["directors"]["hides_few_outside"],
    )
