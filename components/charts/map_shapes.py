"""The areas of the map as SVG paths: longitude and latitude as they lie on a page.

A degree of longitude is shorter than one of latitude (x = longitude × cos latitude of the middle), so shapes look right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

WIDTH = 800  # units of the drawing, of about 180 meters each in Connecticut
_RING = re.compile(r"\(([^()]+)\)")
Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    """One town or region of queries/sql/reference/areas.sql."""

    kind: str
    area: str
    region: str
    boundary: str
    longitude: float
    latitude: float
    is_schematic: bool
    source: str | None


@dataclass(frozen=True)
class Shape:
    """One area as an SVG path, the position of its label, and its bounds: left, top, width and height."""

    name: str
    path: str
    label_at: tuple[int, int]
    bounds: tuple[int, int, int, int]


@dataclass(frozen=True)
class MapShapes:
    """A state: its regions by name, and the towns of each.

    Attributes:
        regions: The regions by name, from north to south.
        towns: The towns of each region.
        height: Height of the drawing, whose width is `WIDTH`.
        is_schematic: Whether the borders are made up, because the delivery has none.
        source: Where the boundaries come from.
    """

    regions: Mapping[str, Shape]
    towns: Mapping[str, tuple[Shape, ...]]
    height: int
    is_schematic: bool
    source: str


@lru_cache(maxsize=8)
def shapes_of(areas: tuple[Area, ...]) -> MapShapes | None:
    """Return the shapes of a state; None where there is no region to draw."""
    regions = [area for area in areas if area.kind == "region"]
    if not regions:
        return None
    rings = {area: rings_of(area.boundary) for area in areas}
    points = [point for area in regions for ring in rings[area] for point in ring]
    west, north = min(x for x, _ in points), max(y for _, y in points)
    east, south = max(x for x, _ in points), min(y for _, y in points)
    flatness = math.cos(math.radians((north + south) / 2))
    scale = WIDTH / max((east - west) * flatness, 1e-6)

    def position(point: Point) -> tuple[int, int]:
        return round((point[0] - west) * flatness * scale), round((north - point[1]) * scale)

    def shape(area: Area) -> Shape:
        outline = [[position(point) for point in ring] for ring in rings[area]]
        path = "".join(_path(ring) for ring in outline)
        return Shape(area.area, path, position((area.longitude, area.latitude)), _bounds(outline))

    towns: dict[str, list[Shape]] = {}
    for area in areas:
        if area.kind == "town":
            towns.setdefault(area.region, []).append(shape(area))
    return MapShapes(
        regions={area.area: shape(area) for area in sorted(regions, key=lambda area: -area.latitude)},
        towns={region: tuple(members) for region, members in towns.items()},
        height=round((north - south) * scale),
        is_schematic=regions[0].is_schematic,
        source=(regions[0].source or "").split(";")[0],
    )


def rings_of(boundary: str) -> list[list[Point]]:
    """Return the rings of a POLYGON or MULTIPOLYGON in WKT."""
    rings = []
    for ring in _RING.findall(boundary):
        pairs = (point.split() for point in ring.split(","))
        rings.append([(float(x), float(y)) for x, y in pairs])
    return rings


def _bounds(outline: Sequence[Sequence[tuple[int, int]]]) -> tuple[int, int, int, int]:
    columns, rows = [x for ring in outline for x, _ in ring], [y for ring in outline for _, y in ring]
    if not columns:
        return 0, 0, 0, 0
    return min(columns), min(rows), max(columns) - min(columns), max(rows) - min(rows)


def _path(points: Sequence[tuple[int, int]]) -> str:
    """Return a closed path in steps from point to point, which takes a third of the letters of positions."""
    (x, y), *others = points
    steps = []
    for next_x, next_y in others[:-1]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x} {next_y - y}")
            x, y = next_x, next_y
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps).replace(' -', '-')}z" if len(steps) > 1 else ""
