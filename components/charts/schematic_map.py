"""A schematic of the state from town centers: one cell a town, clipped to the outline, joined by region.

Coordinates are degrees flattened about the middle latitude (x = longitude × cos latitude), so that shapes look right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

import shapely
from shapely import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

_LABEL_ASPECT = 2.2  # a label is wider than high
_CLICK_COLUMNS = 34  # columns of click points from the west to the east of the state
Border = tuple[tuple[float | None, ...], tuple[float | None, ...]]  # x and y, with None between rings
Town = tuple[str, str, float | None, float | None]  # name, region, latitude, longitude


@dataclass(frozen=True)
class Region:
    """One region: its border, where its label stands, and points (x, y, town) that take a click."""

    border: Border
    label_at: tuple[float, float]
    click_points: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class Schematic:
    """The state: regions by name, the borders of towns, and the corners (lowest x, highest x, lowest y, highest y)."""

    regions: dict[str, Region]
    town_borders: Border
    corners: tuple[float, float, float, float]


def schematic(towns: Sequence[Town], outline: Sequence[tuple[float, float]]) -> Schematic | None:
    """Make the schematic of a state.

    Args:
        towns: Towns with their region and center; a town without a center or region is left out.
        outline: Points (latitude, longitude) of the state's border. Where it holds too few of the towns, the land within
            reach of their centers is used.

    Returns:
        The schematic; None where fewer than three towns have a center.
    """
    placed = {
        (latitude, longitude): (town, region)
        for town, region, latitude, longitude in towns
        if region and _is_number(latitude) and _is_number(longitude)
    }
    if len(placed) < 3:
        return None
    flatness = math.cos(math.radians(sum(latitude for latitude, _ in placed) / len(placed)))
    centers = [Point(longitude * flatness, latitude) for latitude, longitude in placed]
    land = _land(centers, [(longitude * flatness, latitude) for latitude, longitude in outline])
    cells = shapely.voronoi_polygons(MultiPoint(centers), extend_to=land.envelope, ordered=True)
    clipped = [cell.intersection(land) for cell in cells.geoms]
    towns_of: dict[str, list[tuple[BaseGeometry, str]]] = {}
    for cell, (town, region) in zip(clipped, placed.values(), strict=True):
        towns_of.setdefault(region, []).append((cell, town))
    regions = {}
    for region, town_cells in towns_of.items():
        area = shapely.union_all([cell for cell, _ in town_cells]).buffer(1e-6)
        if not area.is_empty:
            regions[region] = Region(_border(area), _label_position(area), _click_points(town_cells, land))
    low_x, low_y, high_x, high_y = land.bounds
    return Schematic(regions, _border(shapely.GeometryCollection(clipped)), (low_x, high_x, low_y, high_y))


def _is_number(value: float | None) -> TypeGuard[float]:
    return isinstance(value, int | float) and math.isfinite(value)


def _land(centers: Sequence[Point], outline: Sequence[tuple[float, float]]) -> BaseGeometry:
    if len(outline) >= 4:
        land = Polygon(outline).buffer(0)
        if land.area and sum(land.buffer(0.03).contains(center) for center in centers) >= 0.6 * len(centers):
            return land
    hull = MultiPoint(centers).convex_hull
    reach = max(math.sqrt(max(hull.area, 1e-6) / len(centers)), 0.02)
    return shapely.union_all([center.buffer(reach * 1.2) for center in centers]).union(hull).buffer(reach * 0.3)


def _border(shape: BaseGeometry) -> Border:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for part in shapely.get_parts(shape):
        for polygon in shapely.get_parts(part):
            if not isinstance(polygon, Polygon) or polygon.is_empty:
                continue
            x, y = polygon.exterior.simplify(0.002).coords.xy
            xs += [round(value, 4) for value in x] + [None]
            ys += [round(value, 4) for value in y] + [None]
    return tuple(xs[:-1]), tuple(ys[:-1])


def _label_position(shape: BaseGeometry) -> tuple[float, float]:
    """Return where a label has the most room: the center of the largest flat ellipse, labels being wider than high."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    squeezed = shapely.transform(largest, lambda points: points * (1 / _LABEL_ASPECT, 1))
    x, y = shapely.maximum_inscribed_circle(squeezed).coords[0]
    return x * _LABEL_ASPECT, y


def _click_points(
    cells: Sequence[tuple[BaseGeometry, str]], land: BaseGeometry
) -> tuple[tuple[float, float, str], ...]:
    """Return points on a grid close enough that a finger anywhere on the region meets one; each town has at least one."""
    low_x, low_y, high_x, _ = land.bounds
    step = (high_x - low_x) / _CLICK_COLUMNS
    points: list[tuple[float, float, str]] = []
    for cell, town in cells:
        if cell.is_empty:
            continue
        left, bottom, right, top = cell.bounds
        columns = range(math.ceil((left - low_x) / step), math.floor((right - low_x) / step) + 1)
        rows = range(math.ceil((bottom - low_y) / step), math.floor((top - low_y) / step) + 1)
        grid = [(low_x + column * step, low_y + row * step) for column in columns for row in rows]
        inside = [(x, y) for x, y in grid if shapely.intersects_xy(cell, x, y)]
        inside = inside or [cell.representative_point().coords[0]]
        points += [(round(x, 4), round(y, 4), town) for x, y in inside]
    return tuple(points)
