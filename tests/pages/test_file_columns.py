"""The description of every file that a page offers: each number is defined at its column, by what that column holds."""

from __future__ import annotations

import json

import pytest

from components import csv_metadata, tables
from components.column_definitions import SERIES
from components.page_list import PAGES
from components.roles import demo_readers
from queries.access.rights import may_open
from tests.pages.test_pages import run

READERS = ("officer", "governor", "director:Eastern", "analyst")
ADDRESSES = ({}, {"region": "Eastern", "group": "woman"}, {"compare": "state"})


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store, monkeypatch, tmp_path):
    use_store(demo_store)
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.id)
def test_every_number_of_every_file_is_defined_at_its_column(entry, monkeypatch):
    """No column is without a definition, and two columns share one only as lines of the same measure or where rows differ in measure."""
    undefined, shared = set(), set()

    def check(table, *, name, how=None, facts=None):
        content = json.loads(csv_metadata.metadata(table, {}, file="f.csv", title="T", name=name, answer=how))
        assert "dc:description" not in content, (
            "a definition of the whole file would stand for columns that hold something else"
        )
        texts = []
        for column in content["tableSchema"]["columns"]:
            if column["datatype"] != "number":
                continue
            unit = csv_metadata.unit_text(table, column["titles"])
            texts.append(column.get("dc:description", "").removesuffix(unit).strip())
            undefined.update([] if texts[-1] else [(name, column["titles"])])
        if len(set(texts)) < len(texts) and not table.row_units:
            shared.add(name)

    monkeypatch.setattr(tables, "download", check)
    for who in READERS:
        for address in ADDRESSES:
            if may_open(demo_readers(("Eastern",))[who], entry.id):
                assert not run(entry.script, **{"as": who, **address}).exception
    assert undefined == set()
    assert shared <= set(SERIES)
