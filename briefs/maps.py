"""Draw the towns of one region as areas shaded by a rate."""

from __future__ import annotations

import math

from briefs.charts import Map, MapArea
from briefs.numbers import Number, number_of
from components.charts.map_shapes import Area, Point, rings_of
from components.charts.region_map import Shades, range_words, value_words
from components.scoped_answers import ScopedAnswers
from components.text.format import without_unit
from components.text.prose import has_values
from queries.models import Answer

_SCHEMATIC = " The shapes are schematic: the delivery has no boundaries."
_MOST_LISTED = 3  # towns in the text alternative, from either end


def town_map(view: ScopedAnswers, rates: Answer, region: str, *, title: str) -> Map | None:
    """Return the towns of a region; None where the delivery has no boundaries or nothing to shade by.

    Args:
        view: The document, for the boundaries.
        rates: A rate by town, under the region's filter.
        region: The region.
        title: The finding.
    """
    areas = [Area(**row) for row in view.listing("areas")]
    rings = {area.area: rings_of(area.boundary) for area in areas if area.kind == "town" and area.region == region}
    points = [point for each in rings.values() for ring in each for point in ring]
    if not points or not has_values(rates):
        return None
    frame = _Frame(points)
    shades = Shades(rates.rows, rates.measure.unit)
    shapes, without_value = [], []
    for town, outlines in rings.items():
        row = rates.row(town)
        shade = shades.of_row(row)
        number_of_shade = shade.removeprefix("shade-")
        is_shaded = number_of_shade.isdigit()
        without_value += [] if is_shaded else [value_words(row, rates.measure)]
        number = number_of(rates, row) if row is not None else None
        drawn = tuple(tuple(map(frame.position, ring)) for ring in outlines)
        shapes.append(MapArea(name=town, rings=drawn, shade=int(number_of_shade) if is_shaded else None, number=number))
    is_schematic = any(area.is_schematic for area in areas)
    return Map(
        title=title,
        alt=f"{title}. {_extremes(shapes, rates.measure.unit)}",
        unit=rates.measure.unit,
        note=f"{rates.measure.label}.{_SCHEMATIC if is_schematic else ''}",
        areas=tuple(shapes),
        unshaded=" or ".join(dict.fromkeys(without_value)),
        legend=tuple(range_words(limits, rates.measure) for limits in shades.ranges),
        height=frame.height,
    )


class _Frame:
    """The frame of a map: longitude and latitude to fractions of its width. A degree of longitude is the shorter one."""

    def __init__(self, points: list[Point]) -> None:
        xs, ys = zip(*points, strict=True)
        self._west, self._north = min(xs), max(ys)
        self._flatness = math.cos(math.radians((max(ys) + min(ys)) / 2))
        self._width = max((max(xs) - self._west) * self._flatness, 1e-6)
        self.height = (self._north - min(ys)) / self._width

    def position(self, point: Point) -> Point:
        """Return a point in units of the map's width, y down."""
        return (point[0] - self._west) * self._flatness / self._width, (self._north - point[1]) / self._width


def _extremes(areas: list[MapArea], unit: str) -> str:
    """Return the towns with the highest and the lowest numbers, for the text alternative."""
    numbers: list[tuple[str, Number]] = [
        (area.name, area.number) for area in areas if area.number is not None and area.number.value is not None
    ]
    numbers.sort(key=lambda pair: (-(pair[1].value or 0.0), pair[0]))
    if len(numbers) <= 2 * _MOST_LISTED:
        return f"{_written(numbers, unit)}."
    return f"Highest: {_written(numbers[:_MOST_LISTED], unit)}. Lowest: {_written(numbers[-_MOST_LISTED:], unit)}."


def _written(numbers: list[tuple[str, Number]], unit: str) -> str:
    return ", ".join(f"{name} {without_unit(number.value, unit)}" for name, number in numbers)
