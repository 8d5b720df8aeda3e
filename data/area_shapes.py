"""Make the areas of the map from boundaries, or from the centers of towns. It loads shapely: imported only to publish.

Shapes are in degrees: x is longitude, y latitude.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely import MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from data.typed_csv import Row

_MOST_TOWNS = 250  # with more, the map shows regions only
_LABEL_ASPECT = 2.2  # a label is wider than high
_MOST_POINTS = 4_000  # of all towns together: about 20 kB on a page
_LEAST_CENTERS = 3
Center = tuple[float, float]  # longitude, latitude


@dataclass(frozen=True)
class Area:
    """One area of the map.

    Attributes:
        kind: "town" or "region".
        name: Its name in the reference tables.
        region: Its region, of a region itself.
        shape: Its shape in degrees.
        source: Where its boundary comes from.
        is_schematic: Whether the shape is made up.
    """

    kind: str
    name: str
    region: str
    shape: MultiPolygon
    source: str | None
    is_schematic: bool = False

    @property
    def cells(self) -> list[object]:
        """The cells of its row in `ref_areas`."""
        return [
            self.kind, self.name, self.region, self.shape.wkt, *label_position(self.shape), self.is_schematic, self.source
        ]  # fmt: skip


def areas_of(tables: Mapping[str, Sequence[Row]]) -> list[Area]:
    """Return the towns and regions of the reference tables that can be drawn: by their boundaries, else as a schematic."""
    return _from_boundaries(tables) or _from_centers(tables)


def _from_boundaries(tables: Mapping[str, Sequence[Row]]) -> list[Area]:
    """Return the areas whose names the delivery's reference tables list."""
    towns = {row["town"].casefold(): row for row in tables["towns"]}
    regions = {row["region"].casefold(): row["region"] for row in tables["regions"]}
    rows = {row["town"].casefold(): row for row in tables["town_boundaries"]}
    shapes = simplified({key: read(row["boundary_wkt"]) for key, row in rows.items() if key in towns or key in regions})
    of_towns = [
        Area("town", towns[key]["town"], towns[key]["region"], shape, rows[key]["source"])
        for key, shape in shapes.items()
        if key in towns
    ]
    of_regions = [
        Area("region", regions[key], regions[key], shape, rows[key]["source"])
        for key, shape in shapes.items()
        if key in regions and key not in towns
    ]
    return _with_regions(of_towns, of_regions)


def _from_centers(tables: Mapping[str, Sequence[Row]]) -> list[Area]:
    regions = {row["town"]: row["region"] for row in tables["towns"]}
    centers = {
        row["town"]: (row["longitude"], row["latitude"])
        for row in tables["towns"]
        if row["longitude"] is not None and row["latitude"] is not None
    }
    towns = [Area("town", town, regions[town], cell, None, True) for town, cell in cells(centers).items()]
    return _with_regions(towns, [])


def _with_regions(towns: Sequence[Area], regions: Sequence[Area]) -> list[Area]:
    """Return towns and regions; a region without a boundary is the union of its towns."""
    of_region: dict[str, list[Area]] = {}
    for town in towns:
        of_region.setdefault(town.region, []).append(town)
    given = {area.region for area in regions}
    joined = [
        Area(
            "region", region, region, union(town.shape for town in members), members[0].source, members[0].is_schematic
        )
        for region, members in of_region.items()
        if region not in given
    ]
    return [*(towns if len(towns) <= _MOST_TOWNS else ()), *regions, *joined]


def read(boundary: str) -> MultiPolygon:
    """Return a boundary from WKT, or from a geometry as GeoJSON.

    Raises:
        ValueError: With the rest of a sentence about the boundary.
    """
    try:
        shape = shapely.from_geojson(boundary) if boundary.startswith("{") else shapely.from_wkt(boundary)
    except shapely.errors.ShapelyError:
        raise ValueError("cannot be read") from None
    if not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty:
        raise ValueError(f"is a {shape.geom_type}, not an area (POLYGON or MULTIPOLYGON)")
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("is not in degrees (WGS 84, longitude before latitude)")
    areas = _areas(shapely.make_valid(shape))
    if areas.is_empty:
        raise ValueError("has no area")
    return areas


def union(shapes: Iterable[MultiPolygon]) -> MultiPolygon:
    """Return the area that shapes cover together."""
    return _areas(shapely.union_all(list(shapes)))


def simplified(shapes: Mapping[str, MultiPolygon]) -> dict[str, MultiPolygon]:
    """Return neighboring shapes with few enough points for a page; borders that they share stay shared."""
    names, current, tolerance = list(shapes), list(shapes.values()), 0.0005
    while shapely.get_num_coordinates(current).sum() > _MOST_POINTS and tolerance < 1:
        current = list(shapely.coverage_simplify(list(shapes.values()), tolerance))
        tolerance *= 2
    return {name: _areas(shape) for name, shape in zip(names, current, strict=True)}


def label_position(shape: MultiPolygon) -> Center:
    """Return where a label has the most room: the center of the largest flat ellipse in the largest part."""
    part = max(shape.geoms, key=lambda polygon: polygon.area)
    flatness = math.cos(math.radians(part.centroid.y)) / _LABEL_ASPECT
    flat = shapely.transform(part, lambda points: points * (flatness, 1))
    x, y = shapely.maximum_inscribed_circle(flat).coords[0]
    return x / flatness, y


def cells(centers: Mapping[str, Center]) -> dict[str, MultiPolygon]:
    """Return one cell for each town of a state without boundaries, around its center and within reach of the others.

    Args:
        centers: The center of each town. Of towns with the same center, the last gets the cell.

    Returns:
        Cells by town; none where fewer than three centers differ.
    """
    towns = {center: town for town, center in centers.items()}
    if len(towns) < _LEAST_CENTERS:
        return {}
    flatness = math.cos(math.radians(sum(latitude for _, latitude in towns) / len(towns)))
    points = [Point(longitude * flatness, latitude) for longitude, latitude in towns]
    land = _land(points)
    parts = shapely.voronoi_polygons(MultiPoint(points), extend_to=land.envelope, ordered=True)
    clipped = shapely.transform(
        [part.intersection(land).simplify(0.002) for part in parts.geoms], lambda flat: flat / (flatness, 1)
    )
    areas = {town: _areas(cell) for town, cell in zip(towns.values(), clipped, strict=True)}
    return {town: area for town, area in areas.items() if not area.is_empty}


def _land(centers: list[Point]) -> BaseGeometry:
    hull = MultiPoint(centers).convex_hull
    reach = max(math.sqrt(max(hull.area, 1e-6) / len(centers)), 0.02)
    return shapely.union_all([center.buffer(reach * 1.2) for center in centers]).union(hull).buffer(reach * 0.3)


def _areas(shape: BaseGeometry) -> MultiPolygon:
    """Return the areas of a shape, without the lines and points that it may have got."""
    parts = [polygon for part in shapely.get_parts(shape) for polygon in shapely.get_parts(part)]
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and not part.is_empty])
