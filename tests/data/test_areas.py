"""The map's areas: every town of Connecticut has a boundary, regions are the union of their towns, a layout brings its own."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
import shapely

from data import reference
from data.area_shapes import areas_of, cells, simplified
from data.errors import RefusedError

CSV = {name: reference.FOLDER / f"{name}.csv" for name in ("towns", "town_boundaries")}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
REGIONS = "region,board,board_short,source\nNorth,,,x\nSouth,,,x\n"
TOWNS = (
    "town,region,population,latitude,longitude,land_km2,source\nAvon,North,5,0.5,0.5,1,x\nBath,North,5,0.5,1.5,1,x\n"
)


def rows_of(name: str) -> list[dict[str, str]]:
    with CSV[name].open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def edges(boundary: str) -> list[frozenset[tuple[float, float]]]:
    """Return the edges of a boundary as written in the file."""
    rings = [
        ring
        for polygon in shapely.get_parts(shapely.from_wkt(boundary))
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return [frozenset(pair) for ring in rings for pair in pairwise(ring.coords) if pair[0] != pair[1]]


@pytest.fixture(scope="module")
def published(demo_store, tmp_path_factory):
    # a copy: other tests of this process may have the store open with other settings
    original = next(Path(demo_store, "deliveries").glob("*/store.duckdb"))
    path = shutil.copyfile(original, tmp_path_factory.mktemp("areas") / "store.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute("select kind, area, region, boundary, is_schematic, source from ref_areas").fetchall()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "regions.csv").write_text(REGIONS)
    (tmp_path / "towns.csv").write_text(TOWNS)
    return tmp_path


def geojson(*names: str, geometry: object = SQUARE, key: str = "name") -> str:
    features = [{"type": "Feature", "properties": {key: name}, "geometry": geometry} for name in names]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_every_town_has_a_boundary_with_its_source():
    rows = rows_of("town_boundaries")
    assert sorted(row["town"] for row in rows) == sorted(row["town"] for row in rows_of("towns"))
    assert all("US Census Bureau" in row["source"] for row in rows)


def test_publishing_writes_every_town_and_region(published):
    regions = {row["town"]: row["region"] for row in rows_of("towns")}
    assert {(town, region) for kind, town, region, *_ in published if kind == "town"} == set(regions.items())
    assert sorted(name for kind, name, *_ in published if kind == "region") == sorted(set(regions.values()))
    assert not any(is_schematic for *_, is_schematic, _ in published)


def test_a_region_has_the_edges_that_its_towns_do_not_share(published):
    regions = {row["town"]: row["region"] for row in rows_of("towns")}
    of_region: dict[str, Counter] = {}
    for row in rows_of("town_boundaries"):
        of_region.setdefault(regions[row["town"]], Counter()).update(edges(row["boundary_wkt"]))
    for kind, name, _, boundary, *_ in published:
        if kind == "region":
            border = shapely.MultiLineString([tuple(edge) for edge, count in of_region[name].items() if count == 1])
            shape = shapely.from_wkt(boundary)
            assert shape.boundary.length == pytest.approx(border.length, abs=0.01)
            assert shape.boundary.buffer(0.0005).covers(border)


def test_a_layout_may_bring_its_towns(folder):
    (folder / "areas.geojson").write_text(geojson("avon", key="town"))
    areas = areas_of(reference.load(folder))
    assert [(area.kind, area.name, area.region) for area in areas] == [
        ("town", "Avon", "North"), ("region", "North", "North"),
    ]  # fmt: skip
    assert areas[1].shape.equals(shapely.from_geojson(json.dumps(SQUARE)))


def test_a_layout_may_bring_its_regions(folder):
    (folder / "areas.geojson").write_text(geojson("North", "South"))
    (folder / "towns.csv").unlink()
    areas = areas_of(reference.load(folder))
    assert [(area.kind, area.name, area.is_schematic) for area in areas] == [
        ("region", "North", False), ("region", "South", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "areas.geojson is not valid JSON"),
        ("[]", "is not a GeoJSON FeatureCollection"),
        (geojson("Avon", key="id"), "feature 1: it has no name"),
        (geojson("Avon", "AVON"), "has “AVON” twice"),
        (geojson("Nowhere"), "“Nowhere” is not a town of towns.csv or a region of regions.csv"),
        (geojson("Avon", geometry={"type": "Point", "coordinates": [0, 0]}), "its boundary is a Point, not an area"),
        (geojson("Avon", geometry={"type": "Polygon", "coordinates": "?"}), "its boundary cannot be read"),
        (geojson("Avon", geometry=None), "its boundary cannot be read"),
        (
            geojson("Avon", geometry={**SQUARE, "coordinates": [[[0, 0], [400, 0], [400, 9], [0, 0]]]}),
            "its boundary is not in degrees",
        ),
        (geojson("Avon", geometry={**SQUARE, "coordinates": [[[0, 0], [1, 1], [0, 0], [0, 0]]]}), "has no area"),
    ],
)
def test_bad_areas_get_a_sentence(folder, text, expected):
    (folder / "areas.geojson").write_text(text)
    with pytest.raises(RefusedError) as refused:
        reference.load(folder)
    assert len(refused.value.faults) == 1
    assert expected in refused.value.faults[0]


def test_a_layout_with_its_own_boundaries_as_csv(folder):
    path = folder / "town_boundaries.csv"
    path.write_text('town,boundary_wkt\nAvon,"POLYGON ((0 0, 1 0, 1 1, 0 0))"\n')
    assert [area.name for area in areas_of(reference.load(folder))] == ["Avon", "North"]
    path.write_text("town,boundary_wkt\nAvon,POLYGON\nBath,\n")
    with pytest.raises(RefusedError) as refused:
        reference.load(folder)
    assert refused.value.faults == [
        "Reference file town_boundaries.csv, row 2: boundary_wkt is empty.",
        "Reference file town_boundaries.csv: “Avon”: its boundary cannot be read.",
    ]
    (folder / "areas.geojson").write_text(geojson("Avon"))
    with pytest.raises(RefusedError, match="has both areas"):
        reference.load(folder)


def test_another_state_without_boundaries_gets_a_schematic():
    def areas(*towns: tuple[str, str, float | None, float | None]):
        keys = ("town", "region", "latitude", "longitude")
        return areas_of(
            {"towns": [dict(zip(keys, town, strict=True)) for town in towns], "regions": [], "town_boundaries": []}
        )

    towns = (("A", "One", 30.0, -90.0), ("B", "One", 30.2, -90.0), ("C", "Two", 30.1, -89.8), ("D", "Two", None, None))
    made = areas(*towns)
    assert {(area.kind, area.name) for area in made} == {
        ("town", "A"), ("town", "B"), ("town", "C"), ("region", "One"), ("region", "Two"),
    }  # fmt: skip
    assert all(area.is_schematic for area in made)
    assert areas(*towns[:2]) == areas(*[towns[0]] * 5) == []


def test_each_town_of_a_schematic_is_in_its_cell_only():
    centers = {row["town"]: (float(row["longitude"]), float(row["latitude"])) for row in rows_of("towns")}
    made = cells(centers)
    assert set(made) == set(centers)
    for town in ("Hartford", "Stamford", "Salisbury"):
        assert [name for name, cell in made.items() if cell.covers(shapely.Point(centers[town]))] == [town]


def test_detailed_boundaries_are_simplified_and_still_share_borders():
    wave = [(0.0001 * i, 0.0005 * (i % 7)) for i in range(10_000)]
    shapes = {
        "above": shapely.MultiPolygon([shapely.Polygon([*wave, (1, 1), (0, 1)])]),
        "below": shapely.MultiPolygon([shapely.Polygon([*wave, (1, -1), (0, -1)])]),
    }
    made = simplified(shapes)
    assert sum(shapely.get_num_coordinates(shape) for shape in made.values()) <= 4_000
    assert shapely.coverage_is_valid(list(made.values()))
    assert simplified({"above": made["above"]}) == {"above": made["above"]}
