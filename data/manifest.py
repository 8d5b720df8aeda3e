"""What a published delivery is made of: each file's digest, written when it is published and held against it by `verify`.

manifest.json: {"format": the number of the database's layout (store.FORMAT), "files": {path: {"bytes", "sha256"}}}
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from data import duckdb_sql, store
from data.duckdb_sql import one
from data.errors import first_line
from data.store_files import replace_json

# The table of the store that holds each table's rows, and what is counted in it.
_COUNTS = {
    "enrollments": "select count(*) from enrollments",
    "completions": "select count(exited_on) from enrollments",
    "funding": "select count(*) from funding",
    "courses": "select count(*) from courses",
    "openings": "select count(*) from openings",
}


def write(folder: Path) -> None:
    """Write manifest.json over the files of a delivery that is about to be published."""
    files = {
        str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": digest(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != store.MANIFEST
    }
    replace_json(folder / store.MANIFEST, {"format": store.FORMAT, "files": files})


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_faults(folder: Path) -> list[str]:
    """Sentences that say which files of a delivery differ from its manifest; none where all agree."""
    name = folder.name
    listed = store.read_json(folder / store.MANIFEST)
    files = (listed or {}).get("files")
    if not isinstance(files, dict):
        is_there = (folder / store.MANIFEST).exists()
        why = "cannot be read" if is_there else "is missing, so its files cannot be checked"
        return [f"{name}: {store.MANIFEST} {why}."]
    return [fault for path, recorded in files.items() if (fault := _file_fault(folder, path, recorded))]


def _file_fault(folder: Path, path: str, recorded: object) -> str | None:
    target = folder / path
    if not isinstance(recorded, dict) or ".." in Path(path).parts:
        return f"{folder.name}: {store.MANIFEST} does not say what {path} should be."
    if not target.exists():
        return f"{folder.name}: {path} is missing."
    if not target.is_file():
        return f"{folder.name}: {path} is not a regular file."
    try:
        size = target.stat().st_size
        if size != recorded.get("bytes"):
            return f"{folder.name}: {path} has {size:,} bytes, not the {recorded.get('bytes'):,} that were published."
        if digest(target) != recorded.get("sha256"):
            return f"{folder.name}: {path} is not the file that was published (its digest differs)."
    except OSError as error:
        return f"{folder.name}: {path} cannot be read: {error.strerror or error}."
    return None


def count_faults(folder: Path) -> list[str]:
    """Sentences that say where a delivery's database does not hold the rows that its report counts."""
    report = store.read_json(folder / store.REPORT)
    tables = (report or {}).get("tables")
    if not isinstance(tables, dict):
        return [f"{folder.name}: {store.REPORT} is missing or cannot be read."]
    try:
        with duckdb_sql.open_read_only(folder / store.DATABASE) as connection:
            return [
                f"{folder.name}: {table} has {rows:,} rows; its report says {accepted:,} were accepted."
                for table, query in _COUNTS.items()
                if (accepted := tables.get(table, {}).get("accepted", 0)) != (rows := one(connection, query)[0])
            ]
    except (duckdb.Error, OSError) as error:
        return [f"{folder.name}: {store.DATABASE} does not open: {first_line(error)}"]


def faults(folder: Path) -> list[str]:
    """All that is wrong with a published delivery, a sentence each: files against their digests, rows against the report."""
    return file_faults(folder) or count_faults(folder)


def is_published(folder: Path) -> bool:
    """Whether a folder holds what publishing leaves: a database and a report that can be read."""
    return (folder / store.DATABASE).is_file() and store.read_json(folder / store.REPORT) is not None
