import csv
from pathlib import Path

import pytest

from components.charts.region_map import region_map
from components.charts.schematic_map import schematic
from components.region_picker import _off_the_map
from tests.components.rows import counts

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def read(name):
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def state():
    towns = [(r["town"], r["region"], float(r["latitude"]), float(r["longitude"])) for r in read("towns.csv")]
    return schematic(towns, [(float(r["latitude"]), float(r["longitude"])) for r in read("outline.csv")])


def test_connecticut_is_recognizable(state):
    assert set(state.regions) == {"Northwest", "North Central", "South Central", "Southwest", "Eastern"}
    low_x, high_x, low_y, high_y = state.corners
    assert 1.3 < (high_x - low_x) / (high_y - low_y) < 1.6
    middles = {name: region.label_at for name, region in state.regions.items()}
    assert (
        min(middles, key=lambda n: middles[n][1]) == "Southwest"
        and max(middles, key=lambda n: middles[n][0]) == "Eastern"
    )
    assert middles["North Central"][1] > middles["South Central"][1]
    southwest = [y for y in state.regions["Southwest"].border[1] if y is not None]
    assert min(southwest) == pytest.approx(low_y, abs=0.01)


def test_every_region_takes_a_click_and_the_selected_region_is_outlined(state):
    figure = region_map(state, counts(Eastern=10, Southwest=5), selected="Eastern").figure
    clickable = {trace.customdata[0]: len(trace.x) for trace in figure.data if trace.mode == "markers"}
    assert set(clickable) == set(state.regions) and min(clickable.values()) > 40
    assert sum(1 for trace in figure.data if trace.line and trace.line.width == 3) == 1
    assert any("<b>10</b>" in note.text for note in figure.layout.annotations)


def test_another_state_without_an_outline_still_has_a_map():
    towns = [("A", "One", 30.0, -90.0), ("B", "One", 30.2, -90.0), ("C", "Two", 30.1, -89.8), ("D", "Two", None, None)]
    assert set(schematic(towns, []).regions) == {"One", "Two"}
    assert set(schematic(towns, [(41.0, -73.0), (42.0, -73.0), (42.0, -72.0), (41.0, -73.0)]).regions) == {"One", "Two"}
    assert schematic(towns[:2], []) is None
    assert schematic([("A", "One", 30.0, -90.0)] * 5, []) is None


def test_values_of_no_region_on_the_map_are_listed(state):
    note = _off_the_map(state, counts(Eastern=10, Elsewhere=3, Nowhere=None))
    assert note == "Not on the map: Elsewhere: 3."
    assert _off_the_map(state, counts(Eastern=10, Nowhere=None)) == ""
