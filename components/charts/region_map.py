"""A map of the regions and their towns, each in the shade of its value: what the template `map.html` draws."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from components.charts.map_shapes import MapShapes, Shape
from components.memoize import memoize
from components.text.format import fixed, interval, known, people, value_of, without_unit
from components.text.prose import is_unrecorded
from queries import Answer, Measure, Row
from queries.notes import NOBODY_TO_COUNT, NOT_DISCLOSED
from queries.privacy.suppression import HIDDEN, is_hidden

_MOST_SHADES = 5
_NO_ROW, _HIDDEN, _OTHER = "none", "hidden", "other"  # shades without a value; classes of style.css, as shade-0 is
_OUTSIDE = "outside the region chosen"
_OTHER_SHADES = {_HIDDEN: HIDDEN, _OTHER: _OUTSIDE}
_NOBODY = "nobody yet"


@dataclass(frozen=True)
class MapArea:
    """A town, or a region without its towns: its path, its shade (a class of style.css), and what a pointer on it shows."""

    path: str
    shade: str
    title: str


@dataclass(frozen=True)
class MapRegion:
    """One region: its shape, the areas that fill it, the value on its label, and its name for a screen reader."""

    shape: Shape
    areas: tuple[MapArea, ...]
    value: str
    words: str


@dataclass(frozen=True)
class RegionMap:
    """The map, and its legend as (shade, words), the lowest values first."""

    regions: tuple[MapRegion, ...]
    legend: tuple[tuple[str, str], ...]

    def only(self, name: str) -> RegionMap:
        """Return the map of the towns of one region; the whole map where its towns are not drawn."""
        regions = tuple(region for region in self.regions if region.shape.name == name)
        if not any(len(region.areas) > 1 for region in regions):
            return self
        return replace(self, regions=regions, legend=tuple(entry for entry in self.legend if entry[1] != _OUTSIDE))


class Shades:
    """Up to five shades for the values of some rows, with about as many values in each. Equal values have the same shade.

    Attributes:
        ranges: The lowest and the highest value of each shade, as they read on screen.
    """

    def __init__(self, rows: Iterable[Row], unit: str) -> None:
        """Divide the values of rows. unit: of the values, as a measure's."""
        self._is_share = unit == "share"
        values = sorted(self._as_read(row.value) for row in rows if known(row.value) and not is_unrecorded(row))
        count = min(_MOST_SHADES, len(set(values)))
        upper = sorted({values[math.ceil(len(values) * number / count) - 1] for number in range(1, count + 1)})
        lower = [values[0], *(values[bisect_right(values, limit)] for limit in upper[:-1])] if values else []
        self.ranges = list(zip(lower, upper, strict=True))

    def _as_read(self, value: float) -> float:
        return round(float(value), 2 if self._is_share else 1 if abs(value) < 10 else 0)

    def of_row(self, row: Row | None) -> str:
        """Return the shade of a row as a class of style.css."""
        if row is not None and known(row.value):
            return f"shade-{bisect_left(self.ranges, self._as_read(row.value), key=lambda limits: limits[1])}"
        return _HIDDEN if row is not None and is_hidden(row) else _NO_ROW


@memoize
def region_map(shapes: MapShapes, by_region: Answer, by_town: Answer | None = None) -> RegionMap:
    """Return the map of an answer by region, shaded by town where there is an answer by town.

    Args:
        shapes: The regions and towns.
        by_region: An answer by region, of all regions.
        by_town: The same by town, of all regions or of one; None to shade whole regions.
    """
    measure = by_region.measure
    if by_town is not None and not all(shapes.towns.get(name) for name in shapes.regions):
        by_town = None
    shades = Shades((by_town or by_region).rows, measure.unit)
    rows = {row.key: row for row in by_region.rows}
    town_rows = {row.key: row for row in by_town.rows} if by_town else {}
    regions = []
    unshaded: list[Row | None] = []  # what stands for the areas without a value
    for name, shape in shapes.regions.items():
        words = f"{name}: {value_words(rows.get(name), measure)}"
        is_other = by_town is not None and by_town.scope.region not in (None, name)
        if by_town is None:
            areas = [MapArea(shape.path, shades.of_row(rows.get(name)), words)]
            unshaded.append(rows.get(name))
        elif is_other:
            areas = [MapArea(shape.path, _OTHER, words)]
        else:
            silent = _if_silent(rows.get(name))
            areas = []
            for town in shapes.towns[name]:
                row = town_rows.get(town.name, silent)
                unshaded.append(row)
                areas.append(
                    MapArea(town.path, shades.of_row(row), f"{town.name}, {name}: {value_words(row, measure)}")
                )
        label = "" if is_other and not _has_value(rows.get(name)) else _label(rows.get(name), measure)
        regions.append(MapRegion(shape, tuple(areas), label, words))
    used = {area.shade for region in regions for area in region.areas}
    legend = [(f"shade-{number}", range_words(limits, measure)) for number, limits in enumerate(shades.ranges)]
    reasons = _reasons((row for row in unshaded if shades.of_row(row) == _NO_ROW), measure)
    others = {_NO_ROW: reasons, **_OTHER_SHADES}
    legend += [(shade, words) for shade, words in others.items() if shade in used]
    return RegionMap(tuple(regions), tuple(legend))


def _if_silent(row: Row | None) -> Row | None:
    """Return the row of a region of which nothing is disclosed, which its towns have too."""
    return row if row is not None and row.note == NOT_DISCLOSED else None


def _has_value(row: Row | None) -> bool:
    return row is not None and known(row.value)


def _reasons(rows: Iterable[Row | None], measure: Measure) -> str:
    """Say why areas have no value: their reason where all have the same one."""
    notes = {(row.note if row is not None else None) or no_row(measure) for row in rows}
    return next(iter(notes)) if len(notes) == 1 else "no number"


def no_row(measure: Measure) -> str:
    """Say what a place without a row has: people are counted there, and are none; a share is of nobody."""
    return NOBODY_TO_COUNT if measure.unit == "share" else _NOBODY


def value_words(row: Row | None, measure: Measure) -> str:
    """Describe a row with its base: "53.2 per 10,000 residents (642 of 120,686)"."""
    if row is None:
        return no_row(measure)
    text = value_of(row, measure)
    if not known(row.value):
        return text
    details = []
    if known(row.numerator) and known(row.denominator):
        details.append(f"{people(row.numerator)} of {people(row.denominator)}")
    if span := interval(row.low, row.high, measure.unit):
        details.append(f"95% interval {span}")
    return text + (f" ({'; '.join(details)})" if details else "")


def _label(row: Row | None, measure: Measure) -> str:
    """Write a value without its unit, which the legend says."""
    if row is None:
        return no_row(measure)
    return without_unit(row.value, measure.unit) if known(row.value) else value_of(row, measure)


def range_words(limits: tuple[float, float], measure: Measure) -> str:
    """Write the values of a shade as it rounds them: "18 to 25", "3.1 to 4.4", or one number where they are the same."""
    # in its own unit, a rate reads with a decimal also where it was rounded to none
    is_rate = measure.unit.startswith("per ")
    texts = (fixed(value, int(value < 10)) if is_rate else without_unit(value, measure.unit) for value in limits)
    return " to ".join(dict.fromkeys(texts))
