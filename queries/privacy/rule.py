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
        directors_sharing: Numbers of the state are hidden that count few people outside the regions of so many directors.
    """

    min_count: int
    min_numerator: int
    min_denominator: int
    large: int
    directors_sharing: int


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
        directors_sharing=content["directors"]["sharing"],
    )
