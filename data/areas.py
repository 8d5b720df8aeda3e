"""The areas of the map, made at publish: the boundaries of towns, and of regions as unions of their towns.

Boundaries come from `reference/town_boundaries.csv`, or from a layout's `reference/areas.geojson`, whose areas are towns or regions.
Without boundaries the map is a schematic with a cell around each town's center.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from data import regular, typed_csv
from data.duckdb_sql import Sql, insert, run, sql
from data.errors import RefusedError, shown

FILE = "areas.geojson"
_COLUMNS = (
    "kind varchar, area varchar, region varchar, boundary varchar, longitude double, latitude double, is_schematic boolean,"
    " source varchar"
)
_NAMES = ("town", "region", "name")  # the properties that may name a GeoJSON area
Row = typed_csv.Row


def read_geojson(path: Path, faults: list[str]) -> list[Row]:
    """Return the areas of a GeoJSON file as rows of town_boundaries.csv. Faults are appended."""
    label = f"Reference file {path.name}"
    try:
        content: object = json.loads(regular.read_text(path, label))
    except RefusedError as refused:
        faults += refused.faults
        return []
    except (ValueError, RecursionError):
        faults.append(f"{label} is not valid JSON.")
        return []
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        faults.append(f"{label} is not a GeoJSON FeatureCollection.")
        return []
    rows = [_row(feature) for feature in features]
    faults += (
        f"{label}, feature {number}: it has no name. Name it in the property town, region or name."
        for number, row in enumerate(rows, start=1)
        if row["town"] is None
    )
    by_name: dict[str, Row] = {}
    for row in rows:
        if row["town"] is not None and by_name.setdefault(row["town"].casefold(), row) is not row:
            faults.append(f"{label} has {shown(row['town'])} twice. Join its parts to one MultiPolygon.")
    return list(by_name.values())


def _row(feature: object) -> Row:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    texts = (
        {key: value for key, value in properties.items() if isinstance(value, str)}
        if isinstance(properties, dict)
        else {}
    )
    name = next((texts[key].strip() for key in _NAMES if texts.get(key, "").strip()), None)
    return {"town": name, "boundary_wkt": json.dumps(feature.get("geometry")), "source": texts.get("source")}


def faults_of(rows: Iterable[Row], names: Iterable[str] | None, file: str) -> Iterable[str]:
    """Yield what is wrong with a layout's boundaries.

    Args:
        rows: Rows of town_boundaries.csv.
        names: The towns and regions that the other files list; None if only the delivery knows them.
        file: The file's name, for the sentences.
    """
    from data.area_shapes import read  # noqa: PLC0415 - loads shapely, a fifth of a second

    known = None if names is None else {name.casefold() for name in names}
    for row in rows:
        if row["town"] is None or row["boundary_wkt"] is None:
            continue  # an empty cell is a fault already
        place = f"Reference file {file}: {shown(row['town'])}"
        if known is not None and row["town"].casefold() not in known:
            yield f"{place} is not a town of towns.csv or a region of regions.csv."
        try:
            read(row["boundary_wkt"])
        except ValueError as error:
            yield f"{place}: its boundary {error}."


def write(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[Row]], database: str) -> None:
    """Create `ref_areas` in an attached database: one row for each town and region of the map."""
    from data.area_shapes import areas_of  # noqa: PLC0415 - loads shapely, a fifth of a second

    target = sql("{database}.ref_areas", database=database)
    run(connection, "create table {target} ({columns})", target=target, columns=Sql(_COLUMNS))
    insert(connection, target, [area.cells for area in areas_of(tables)])
