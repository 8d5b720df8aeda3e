"""Repeating names are stored as ENUMs during a check. The result must not depend on it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data import dictionary_encode, duckdb_sql, publishing, store, validate
from data.delivery import describe
from data.publishing import PublishOptions
from data.report import Report
from tests.data.deliveries import tables, with_optional, write


def published(path: Path, where: Path) -> tuple[Report, dict[str, pd.DataFrame], dict[str, str]]:
    """Return the report, the store's rows as text, and the type of every column of its enrollments."""
    report = publishing.publish(describe(path), PublishOptions(most_quarantined=10), into=where)
    assert report.accepted, report.faults
    with duckdb_sql.open_read_only(store.database(where, report.delivery)) as connection:
        names = ("enrollments", "courses", "openings", "funding")
        rows = {name: connection.table(name).df().astype(str) for name in names}
        types = {name: kind for name, kind, *_ in connection.execute("describe enrollments").fetchall()}
    return report, rows, types


def awkward() -> dict[str, pd.DataFrame]:
    """Return a delivery with blanks around names, an empty, an unknown and an overlong name, and two Unicode forms."""
    made = with_optional(tables())
    frame = made["enrollments"]
    frame["program"] = [f"Café {i % 3}" for i in range(len(frame))]
    frame.loc[3, "program"], frame.loc[5, "sector"] = "Cafe\u0301 0", " manufacturing\u00a0"
    frame.loc[7, "town"], frame.loc[9, "referred_by"] = "  ", "Nobody knows"
    frame.loc[11, "provider"] = "x" * 201
    return made


@pytest.mark.parametrize("most", [0, 2])
def test_the_result_does_not_depend_on_repetition(tmp_path, monkeypatch, most):
    path = write(tmp_path, awkward())
    report, rows, types = published(path, tmp_path / "one")
    monkeypatch.setattr(dictionary_encode, "_MOST", most)
    other, others, texts = published(path, tmp_path / "two")
    assert other.as_json()["tables"] == report.as_json()["tables"]
    assert report.tables["enrollments"].quarantined == 2
    key = {"enrollments": "enrollment_id", "courses": "registration_id", "openings": "opening_id",
           "funding": "transaction_id"}  # fmt: skip
    for name, frame in rows.items():
        pd.testing.assert_frame_equal(
            frame.sort_values(key[name], ignore_index=True), others[name].sort_values(key[name], ignore_index=True)
        )
    assert types == texts, "the store has texts: questions that name a row are faster so"
    assert "ENUM" not in str(types), "the store has texts: questions that name a row are faster so"


def test_a_repeating_column_is_an_enum_during_the_check(tmp_path):
    delivery = describe(write(tmp_path, awkward()))
    checked = validate.check(delivery, layout=None, work=tmp_path / "2024-06-28", most_quarantined=10)
    with checked.connection as connection:
        types = {name: kind for name, kind, *_ in connection.execute("describe typed_enrollments").fetchall()}
    assert types["program"] == "ENUM('Café 0', 'Café 1', 'Café 2')", "one spelling of each, in the order of text"
    assert types["sector"].startswith("ENUM('Healthcare', 'Manufacturing'")
    assert types["provider"] == "VARCHAR", "a value too long to be accepted has no place in a type"
    assert types["enrollment_id"] == types["participant_id"] == "VARCHAR"


def test_an_enum_sorts_as_its_texts_do():
    with duckdb.connect() as connection:
        dictionary_encode.make_enum(connection, "it's", ["b", "Ä", "a", "B", "it's", "b"])
        types = connection.execute(
            """select cast(cast(v as "it's") as varchar) from (values ('Ä'), ('b'), ('it''s'), ('B')) as t (v) order by cast(v as "it's")"""
        ).fetchall()
    assert [value for (value,) in types] == ["B", "b", "it's", "Ä"]
