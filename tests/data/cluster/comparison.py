"""Compare two published deliveries, or two checks: every table, the report and the quarantined rows."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from data import store
from data.duckdb_sql import fetch_row, joined, literal, quoted, run, sql
from tests.queries.random_questions import assert_same_answers, every_question, random_questions

NUMBERED = "resident"
TIMES = ("published_at",)


def assert_answers_alike(here: Path, there: Path) -> None:
    """Ask every measure by every breakdown, and some hundred random questions, of two stores, and fail where answers differ."""
    statuses = assert_same_answers(here, there, [*every_question(), *random_questions(here, seed=8, count=300)])
    assert statuses["ok"] > 400
    assert not statuses["needs_rows"]


def tables(database: Path) -> dict[str, list[str]]:
    with duckdb.connect() as connection:  # attached, as it may be open for the questions of another test
        run(connection, "attach {path} as given (read_only)", path=literal(str(database)))
        rows = connection.execute(
            "select table_name, column_name, data_type from information_schema.columns where table_catalog = 'given'"
            " order by table_name, ordinal_position"
        ).fetchall()
    described: dict[str, list[str]] = {}
    for name, column, kind in rows:
        described.setdefault(name, []).append(f"{column} {kind}")
    return described


def differences(here: Path, there: Path) -> list[str]:
    """Return what differs between two folders of published deliveries, apart from times and the residents' numbers."""
    described = tables(here / store.DATABASE)
    if (other := tables(there / store.DATABASE)) != described:
        return [f"tables: {set(map(str, described.items())) ^ set(map(str, other.items()))}"]
    differing = []
    with duckdb.connect() as connection:
        for folder, side in ((here, "here"), (there, "there")):
            path = literal(str(folder / store.DATABASE))
            run(connection, "attach {path} as {side} (read_only)", path=path, side=side)
        connection.execute(_SAME_RESIDENT)
        if connection.execute(_AMBIGUOUS).fetchall():
            differing.append("residents: not one number for each")
        for name, columns in described.items():
            differing += _rows_that_differ(connection, name, [column.split(" ")[0] for column in columns])
    for name in _files(here) | _files(there):
        if _content(here / name) != _content(there / name):
            differing.append(name)
    return differing


# a resident of one store and of the other, by an enrollment or registration that both have
_SAME_RESIDENT = """
create temp table same as
select distinct h.resident as here, t.resident as there
from here.enrollments as h join there.enrollments as t on t.enrollment_id = h.enrollment_id
union
select h.resident, t.resident from here.courses as h join there.courses as t on t.registration_id = h.registration_id
"""
_AMBIGUOUS = """
select 1 from same group by here having count(*) > 1 union all select 1 from same group by there having count(*) > 1
"""


def _rows_that_differ(connection: duckdb.DuckDBPyConnection, name: str, columns: list[str]) -> list[str]:
    listed = joined(", ", (quoted(column) for column in columns if column not in TIMES))
    rows = sql("there.{name}", name=name)
    if NUMBERED in columns:
        join = "(select t.* replace (same.here as resident) from {rows} as t left join same on same.there = t.resident)"
        rows = sql(join, rows=rows)
    here = sql("select {listed} from here.{name}", listed=listed, name=name)
    there = sql("select {listed} from {rows}", listed=listed, rows=rows)
    except_all = "select (select count(*) from ({a} except all {b})), (select count(*) from ({b} except all {a}))"
    less, more = fetch_row(connection, except_all, a=here, b=there)
    return [f"{name}: {less} rows only here, {more} only there"] if less or more else []


def _files(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (store.DATABASE, store.MANIFEST)
    }


def _content(path: Path) -> object:
    if not path.is_file():
        return None
    if path.suffix != ".json":
        return path.read_bytes()
    content = json.loads(path.read_text(encoding="utf-8"))
    return {name: value for name, value in content.items() if name not in TIMES}
