"""A schematic of the state from town centers: one cell a town, clipped to the outline, joined by region. No Streamlit.

Coordinates are degrees flattened about the middle latitude (x = longitude × cos latitude), so shapes look right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

_FLATNESS = 2.2
Line = tuple[tuple[float | None, ...], tuple[float | None, ...]]


@dataclass(frozen=True)
class Shape:
    """One region: its border as (x, y) with None between rings, where its name stands, and points to touch, each with
    the town it lies in."""

    border: Line
    middle: tuple[float, float]
    touch: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class Schematic:
    """The whole state: shapes by region, the borders of towns, and the corners (x low, x high, y low, y high)."""

    shapes: dict[str, Shape]
    towns: Line
    corners: tuple[float, float, float, float]


def schematic(
    towns: Sequence[tuple[str, str, float, float]], outline: Sequence[tuple[float, float]]
) -> Schematic | None:
    """The schematic of (town, region, latitude, longitude) inside an outline of (latitude, longitude).

    Without an outline that holds most of the towns, the land within reach of the centers is used. None where fewer than
    three towns have a place.
    """
    placed = {
        (lat, lon): (town, region)
        for town, region, lat, lon in towns
        if region and all(isinstance(v, (int, float)) and math.isfinite(v) for v in (lat, lon))
    }
    if len(placed) < 3:
        return None
    flat = math.cos(math.radians(sum(lat for lat, _ in placed) / len(placed)))
    centers = [Point(lon * flat, lat) for lat, lon in placed]
    land = _land(centers, [(lon * flat, lat) for lat, lon in outline])
    cells = shapely.voronoi_polygons(MultiPoint(centers), extend_to=land.envelope, ordered=True)
    clipped = [cell.intersection(land) for cell in cells.geoms]
    names = list(placed.values())
    shapes = {}
    for region in dict.fromkeys(region for _, region in names):
        whole = shapely.union_all([cell for cell, (_, r) in zip(clipped, names, strict=True) if r == region]).buffer(
            1e-6
        )
        if not whole.is_empty:
            own = [(cell, town) for cell, (town, r) in zip(clipped, names, strict=True) if r == region]
            shapes[region] = Shape(_rings(whole), _middle(whole), _touch(own, land))
    low_x, low_y, high_x, high_y = land.bounds
    return Schematic(shapes, _rings(shapely.GeometryCollection(clipped)), (low_x, high_x, low_y, high_y))


def _land(centers: Sequence[Point], outline: Sequence[tuple[float, float]]) -> BaseGeometry:
    if len(outline) >= 4:
        land = Polygon(outline).buffer(0)
        if land.area and sum(land.buffer(0.03).contains(p) for p in centers) >= 0.6 * len(centers):
            return land
    hull = MultiPoint(centers).convex_hull
    reach = max(math.sqrt(max(hull.area, 1e-6) / len(centers)), 0.02)
    return shapely.union_all([p.buffer(reach * 1.2) for p in centers]).union(hull).buffer(reach * 0.3)


def _rings(shape: BaseGeometry) -> Line:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for part in shapely.get_parts(shape):
        for polygon in shapely.get_parts(part):
            if not isinstance(polygon, Polygon) or polygon.is_empty:
                continue
            x, y = polygon.exterior.simplify(0.002).coords.xy
            xs += [round(v, 4) for v in x] + [None]
            ys += [round(v, 4) for v in y] + [None]
    return tuple(xs[:-1]), tuple(ys[:-1])


def _middle(shape: BaseGeometry) -> tuple[float, float]:
    """Where a name has the most room: the middle of the largest flat ellipse, names being wider than high."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    squeezed = shapely.transform(largest, lambda points: points * (1 / _FLATNESS, 1))
    x, y = shapely.maximum_inscribed_circle(squeezed).coords[0]
    return x * _FLATNESS, y


def _touch(
    cells: Sequence[tuple[BaseGeometry, str]], land: BaseGeometry, across: int = 34
) -> tuple[tuple[float, float, str], ...]:
    """Invisible points, close enough that a finger anywhere on the region meets one."""
    low_x, low_y, high_x, _ = land.bounds
    step = (high_x - low_x) / across
    found = []
    for cell, town in cells:
        if cell.is_empty:
            continue
        left, bottom, right, top = cell.bounds
        columns = range(math.ceil((left - low_x) / step), math.floor((right - low_x) / step) + 1)
        lines = range(math.ceil((bottom - low_y) / step), math.floor((top - low_y) / step) + 1)
        inside = [(low_x + i * step, low_y + j * step) for i in columns for j in lines]
        inside = [(x, y) for x, y in inside if shapely.intersects_xy(cell, x, y)] or [
            cell.representative_point().coords[0]
        ]
        found += [(round(x, 4), round(y, 4), town) for x, y in inside]
    return tuple(found)
