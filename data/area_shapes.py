"""Make the areas of the map from boundaries, or from the centers of towns. It loads shapely: imported only to publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shapely import MultiPolygon

from data.geometry import cells, label_position, read, simplified, union
from data.typed_csv import Row

_MOST_TOWNS = 250  # with more, the map shows regions only


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
