"""The files of a published delivery with their digests, written when it is published and checked by `verify`.

manifest.json: {"format": the database's format (store.FORMAT), "files": {path: {"bytes", "sha256"}}}
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from data import duckdb_sql, store
from data.duckdb_sql import fetch_row
from data.errors import first_line
from data.store_files import replace_json

# How many rows of each delivered table the store has.
_COUNTS = {
    "enrollments": "select count(*) from enrollments",
    "completions": "select count(exited_on) from enrollments",
    "funding": "select count(*) from funding",
    "courses": "select count(*) from courses",
    "openings": "select count(*) from openings",
}
_COUNTS_WITHOUT_ROWS = {name: _COUNTS[name] for name in ("funding", "openings")}


def write(folder: Path) -> None:
    """Write manifest.json for a delivery that is about to be published."""
    files = {
        str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": digest(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != store.MANIFEST
    }
    replace_json(folder / store.MANIFEST, {"format": store.FORMAT, "files": files})


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_faults(folder: Path) -> list[str]:
    """Return a sentence for each file that differs from the manifest."""
    name = folder.name
    listed = store.read_json(folder / store.MANIFEST)
    files = (listed or {}).get("files")
    if not isinstance(files, dict):
        is_there = (folder / store.MANIFEST).exists()
        why = "cannot be read" if is_there else "is missing, so the files cannot be checked"
        return [f"{name}: {store.MANIFEST} {why}."]
    return [fault for path, recorded in files.items() if (fault := _file_fault(folder, path, recorded))]


def _file_fault(folder: Path, path: str, recorded: object) -> str | None:
    target = folder / path
    if not isinstance(recorded, dict) or ".." in Path(path).parts:
        return f"{folder.name}: {store.MANIFEST} has no valid entry for {path}."
    if not target.exists():
        return f"{folder.name}: {path} is missing."
    if not target.is_file():
        return f"{folder.name}: {path} is not a regular file."
    try:
        size = target.stat().st_size
        if size != recorded.get("bytes"):
            return f"{folder.name}: {path} has {size:,} bytes; {recorded.get('bytes'):,} were published."
        if digest(target) != recorded.get("sha256"):
            return f"{folder.name}: {path} has changed since it was published (its digest differs)."
    except OSError as error:
        return f"{folder.name}: {path} cannot be read: {error.strerror or error}."
    return None


def count_faults(folder: Path) -> list[str]:
    """Return a sentence for each table whose number of rows differs from the report."""
    report = store.read_json(folder / store.REPORT)
    tables = (report or {}).get("tables")
    if not isinstance(tables, dict):
        return [f"{folder.name}: {store.REPORT} is missing or cannot be read."]
    try:
        with duckdb_sql.open_read_only(folder / store.DATABASE) as connection:
            counts = _COUNTS if _has_rows(connection) else _COUNTS_WITHOUT_ROWS
            return [
                f"{folder.name}: {table} has {rows:,} rows, but the report says that {accepted:,} were accepted."
                for table, query in counts.items()
                if (accepted := tables.get(table, {}).get("accepted", 0)) != (rows := fetch_row(connection, query)[0])
            ]
    except (duckdb.Error, OSError) as error:
        return [f"{folder.name}: {store.DATABASE} cannot be opened: {first_line(error)}"]


def _has_rows(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a delivery was published with residents' rows, as all were before its record could say so."""
    (says_so,) = fetch_row(
        connection, "select count(*) from duckdb_columns() where table_name = 'delivery' and column_name = 'has_rows'"
    )
    return not says_so or bool(fetch_row(connection, "select has_rows from delivery")[0])


def faults(folder: Path) -> list[str]:
    """Return everything that is wrong with a published delivery: files that changed, or rows that the report does not count."""
    return file_faults(folder) or count_faults(folder)


def is_published(folder: Path) -> bool:
    """Return whether a folder has a database and a readable report, as publishing leaves them."""
    return (folder / store.DATABASE).is_file() and store.read_json(folder / store.REPORT) is not None
