"""The description of a CSV file: it fits the file, and explains every column."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from components import csv_metadata
from components.data_table import Table
from components.file_facts import COLUMNS
from queries import measures
from tests.components.rows import answer

TABLE = Table.from_columns(
    {
        "Region": ["Eastern", "Northwest"],
        "Completion rate": [0.78123456, "hidden for privacy"],
        "Since": [date(2026, 1, 2), date(2026, 3, 4)],
        "Empty": [None, None],
    },
    {"Completion rate": "share", "Empty": "people"},
)
FACTS = {**dict.fromkeys(COLUMNS), "as_of": date(2026, 11, 13), "region": "Eastern"}


@pytest.fixture(scope="module")
def archive():
    data = csv_metadata.zipped(TABLE, FACTS, file="by-region.csv", title="By region", answer=answer())
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def content(archive):
    return json.loads(archive["by-region.csv-metadata.json"])


def test_the_zip_file_holds_the_csv_file_and_its_description_under_the_name_that_the_standard_asks(archive, content):
    assert list(archive) == ["by-region.csv", "by-region.csv-metadata.json"]
    assert content["@context"][0] == "http://www.w3.org/ns/csvw" and content["url"] == "by-region.csv"
    assert archive["by-region.csv"].startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8"


def test_every_column_of_the_file_is_described_in_its_order(archive, content):
    header, *rows = csv.reader(io.StringIO(archive["by-region.csv"].decode("utf-8-sig")))
    columns = content["tableSchema"]["columns"]
    assert [column["titles"] for column in columns] == header
    for row in rows:
        for text, column in zip(row, columns, strict=True):
            if text in column.get("null", [""]):
                continue
            if column["datatype"] == "number":
                float(text)
            if column["datatype"] == "date":
                date.fromisoformat(text)


def test_a_reason_in_the_place_of_a_number_counts_as_null(content):
    rate = content["tableSchema"]["columns"][1]
    assert (rate["datatype"], rate["null"]) == ("number", ["", "hidden for privacy"])
    assert rate["dc:description"].endswith(" A fraction: 0.62 is 62%.")


def test_the_definition_of_a_measure_stands_at_the_column_that_holds_it(content):
    """The file as a whole had it, so that the dollars left were defined as dollars spent."""
    rate = measures()["completion_rate"]
    described = {column["titles"]: column.get("dc:description", "") for column in content["tableSchema"]["columns"]}
    assert described["Completion rate"].startswith(f"{rate.label}: {rate.definition}")
    assert "dc:description" not in content and content["dc:source"] == answer().measure.source
    spent = replace(answer(), measure=measures()["award_expended"])
    left = json.loads(
        csv_metadata.metadata(
            Table.from_columns({"When": ["July"], "Dollars left": [5.0]}, {"Dollars left": "dollars"}),
            {}, file="f.csv", title="T", name="burn-down", answer=spent,
        )
    )  # fmt: skip
    assert "not yet spent" in left["tableSchema"]["columns"][1]["dc:description"]
    assert spent.measure.definition not in json.dumps(left)


def test_each_fact_column_says_what_it_is():
    content = json.loads(csv_metadata.metadata(TABLE, FACTS, file="f.csv", title="T"))
    described = {column["titles"]: column["dc:description"] for column in content["tableSchema"]["columns"][4:]}
    assert set(described) == set(COLUMNS) and all(described.values())
    assert described["region"] == "Region filtered by; empty for all."
    assert "dc:source" not in content


def test_the_unit_of_each_row_is_a_column():
    table = replace(TABLE, row_units=("share", "people"))
    columns = json.loads(csv_metadata.metadata(table, {}, file="f.csv", title="T"))["tableSchema"]["columns"]
    assert columns[-1]["titles"] == "Unit"
