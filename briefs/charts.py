"""The charts and maps of a document, before any renderer draws them. Every title states the finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from briefs.numbers import Number


class Tone(StrEnum):
    """Whether a change or a finding is good news. Words and arrows say the same, so that color is never alone."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = ""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series of a chart. numbers: one for each category; None where there is nothing to draw.

    Attributes:
        name: What the series is called: "Fiscal year 2027".
        numbers: One for each category of the chart.
        is_context: Whether it only gives context to another series, and is drawn in gray.
        open_at: The positions of periods that are not over, which are drawn lighter.
    """

    name: str
    numbers: tuple[Number | None, ...]
    is_context: bool = False
    open_at: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class _Chart:
    """What all charts have.

    Attributes:
        title: The finding.
        alt: The text alternative: the finding and the key values.
        unit: The unit of all values.
        note: A line of reading help; "" where none is needed.
    """

    title: str
    alt: str
    unit: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ColumnChart(_Chart):
    """Vertical columns by period; a context series stands behind the others."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, kw_only=True)
class LineChart(_Chart):
    """Lines over periods."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A horizontal bar. is_highlighted: whether it is the one the document is about."""

    label: str
    number: Number
    is_highlighted: bool = True


@dataclass(frozen=True, kw_only=True)
class BarChart(_Chart):
    """Horizontal bars."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A value with its 95% interval.

    Attributes:
        label: What it is about.
        number: The value.
        low: Lower end of the interval.
        high: Upper end of the interval.
        is_clear: Whether a difference from the reference is unlikely to be chance; drawn filled, else hollow.
        tone: Whether it is good or bad.
        words: What the dot means, such as "lower than expected".
    """

    label: str
    number: Number
    low: float | None = None
    high: float | None = None
    is_clear: bool = False
    tone: Tone = Tone.NEUTRAL
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class DotChart(_Chart):
    """Dots with intervals on a common scale. reference: a value that they are compared with, and its name."""

    dots: tuple[Dot, ...]
    reference: tuple[float, str] | None = None


@dataclass(frozen=True, kw_only=True)
class MapArea:
    """An area of a map.

    Attributes:
        name: The town or region.
        rings: Its outline, one or more rings of points; x to the right and y down, in units of the map's width.
        shade: From 0 (lowest values) up; None without a value.
        number: Its number; None where there is no row.
    """

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    shade: int | None
    number: Number | None


@dataclass(frozen=True, kw_only=True)
class Map(_Chart):
    """A map whose areas are shaded by value.

    Attributes:
        areas: The areas.
        legend: The words of each shade, the lowest first.
        unshaded: Why areas have no shade; "" where all have one.
        height: Height of the drawing, whose width is 1.
    """

    areas: tuple[MapArea, ...]
    legend: tuple[str, ...]
    unshaded: str = ""
    height: float


Chart: TypeAlias = ColumnChart | LineChart | BarChart | DotChart | Map
