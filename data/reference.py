"""The reference tables: small CSV files that people edit, read and checked here, and written to DuckDB.

A layout's `reference/<name>.csv` replaces ours. A layout with its own regions describes another state: everything that
depends on Connecticut's regions (towns, their boundaries, intake organizations, targets, benchmarks) is then empty unless
the layout supplies it. Where only the delivery knows (which boards report), a layout's `reference/<name>.sql` is a select
over the raw tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import duckdb

from data import areas, contract, targets, typed_csv
from data.duckdb_sql import Sql, insert, joined, run, sql
from data.errors import RefusedError, listed, shown

FOLDER = Path(__file__).parent / "reference"

# File → columns and types. `?` may be empty or missing; `*` is the name that other tables refer to.
SCHEMA: dict[str, dict[str, str]] = {
    "regions": {"region*": "varchar", "board?": "varchar", "board_short?": "varchar", "source?": "varchar"},
    "towns": {
        "town*": "varchar", "region": "varchar", "population?": "bigint", "latitude?": "double",
        "longitude?": "double", "land_km2?": "double", "source?": "varchar",
    },
    "sectors": {"sector*": "varchar", "valid_from?": "date", "valid_until?": "date", "source?": "varchar"},
    "initiatives": {
        "initiative*": "varchar", "label?": "varchar", "is_slfrf?": "boolean", "began_on?": "date", "source?": "varchar",
    },
    "intake_organizations": {"intake*": "varchar", "kind": "varchar", "region?": "varchar", "source?": "varchar"},
    "groups": {
        "group_id*": "varchar", "label?": "varchar", "member_noun?": "varchar", "column_name?": "varchar",
        "classification?": "varchar", "source?": "varchar",
    },
    "targets": {
        "measure": "varchar", "initiative?": "varchar", "region?": "varchar", "sector?": "varchar",
        "group_id?": "varchar", "set_on?": "date", "starts_on?": "date", "due_on?": "date", "value": "double",
        "set_by?": "varchar", "reason?": "varchar", "source?": "varchar",
    },
    "benchmarks": {
        "group_id": "varchar", "region?": "varchar", "share?": "double", "base?": "varchar", "definition?": "varchar",
        "is_default": "boolean", "is_second?": "boolean", "margin?": "double", "rounding?": "double", "source?": "varchar", "year?": "varchar",
    },
    "deadlines": {"deadline": "varchar", "falls_on": "date", "kind": "varchar", "source?": "varchar"},
    "town_boundaries": {"town*": "varchar", "boundary_wkt": "varchar", "source?": "varchar"},
}  # fmt: skip

_PLACE = ("towns", "intake_organizations", "targets", "benchmarks", "town_boundaries")
_STORED = {"intake_organizations": "ref_intake"}
_MOST_GROUPS = 31

Row = typed_csv.Row
Reference = dict[str, list[Row]]


def load(override: Path | None = None) -> Reference:
    """Return every reference table as typed rows, in file order.

    Raises:
        RefusedError: A file has mistakes, with one sentence for each.
    """
    mine = {path.stem.lower(): path for path in override.glob("*.csv")} if override and override.is_dir() else {}
    later = {path.stem.lower() for path in selects(override)}
    another_place = "regions" in set(mine) | later
    faults: list[str] = []
    tables: Reference = {}
    for name, schema in SCHEMA.items():
        tables[name] = []
        if name not in later and (name in mine or not (another_place and name in _PLACE)):
            tables[name] = typed_csv.read(mine.get(name, FOLDER / f"{name}.csv"), schema, faults)
    for unknown in sorted(set(mine) - set(SCHEMA)):
        faults.append(f"Reference file {unknown}.csv is unknown. The reference files are {', '.join(SCHEMA)}.")
    faults += _read_areas(tables, override, mine, later)
    _fill_in(tables)
    for check in (_names_are_unique, _regions_are_known, _groups_are_columns, _targets_hold):
        if not (check is _regions_are_known and "regions" in later):
            faults += check(tables)
    if faults:
        raise RefusedError(faults)
    for bit, group in enumerate(tables["groups"]):
        group["bit"] = 1 << bit
    return tables


def _read_areas(tables: Reference, override: Path | None, mine: Mapping[str, Path], later: set[str]) -> list[str]:
    """Read a layout's areas.geojson in place of town_boundaries.csv. Returns faults of the layout's boundaries."""
    faults: list[str] = []
    file = mine["town_boundaries"].name if "town_boundaries" in mine else None
    if override is not None and (override / areas.FILE).exists():
        if file:
            return [f"The layout has both {areas.FILE} and {file} in its reference folder. Keep one of them."]
        file = areas.FILE
        tables["town_boundaries"] = areas.read_geojson(override / file, faults)
    if not file or faults:
        return faults
    is_later = later & {"towns", "regions"}  # their names come from the delivery
    names = None if is_later else [row[kind] for kind in ("town", "region") for row in tables[f"{kind}s"] if row[kind]]
    return list(areas.faults_of(tables["town_boundaries"], names, file))


def selects(override: Path | None) -> list[Path]:
    """Return a layout's reference tables that are made from the delivery: `reference/<name>.sql`."""
    return sorted(override.glob("*.sql")) if override and override.is_dir() else []


def complete(reference: Reference, name: str, rows: Iterable[dict[str, str]]) -> list[str]:
    """Fill in a table from a layout's select, as if it were a CSV. Returns faults."""
    faults: list[str] = []
    selectable = [table for table in SCHEMA if table not in ("groups", "town_boundaries")]
    if name not in selectable:
        return [f"Reference file {name}.sql is unknown. The reference tables are {', '.join(selectable)}."]
    schema = SCHEMA[name]
    for number, given in enumerate(rows, start=1):
        place = f"Reference file {name}, row {number}"
        record = {
            key.strip("?*"): typed_csv.cell(given, key, kind, faults, place=place) for key, kind in schema.items()
        }
        reference[name].append(record)
    _fill_in(reference)
    return faults or [*_names_are_unique(reference), *_regions_are_known(reference), *_targets_hold(reference)]


def replace_targets(
    reference: Reference, files: Mapping[str, Path], *, delivered_on: date
) -> tuple[list[str], list[str]]:
    """Replace the project's targets by a delivery's targets.csv, if it has one. Returns faults and notices."""
    if not files:
        return [], []
    label, path = next(iter(files.items()))
    if len(files) > 1 or path.is_dir() or not label.lower().startswith(("targets.csv", "sheet ")) or ".gz" in label:
        return [f"Send targets in one file, {targets.FILE}. This delivery has {listed(files)}."], []
    faults: list[str] = []
    reference["targets"] = typed_csv.read(path, SCHEMA["targets"], faults, label=label, only=True)
    faults += targets.faults(reference, file=label, delivered_on=delivered_on)
    return faults, [targets.in_words(reference["targets"])]


def group_columns(reference: Reference) -> list[str]:
    """Return the enrollment columns that record group membership, in the order of their bits."""
    return [row["column_name"] for row in reference["groups"]]


def names(reference: Reference, vocabulary: str) -> list[str]:
    """Return the canonical names of a list (see `contract.REFERENCED` and `contract.CLOSED`)."""
    if vocabulary in contract.CLOSED:
        return list(contract.CLOSED[vocabulary])
    table, column = contract.REFERENCED[vocabulary]
    return list(dict.fromkeys(row[column] for row in reference[table]))


def write(connection: duckdb.DuckDBPyConnection, reference: Reference, database: str) -> None:
    """Create the `ref_…` tables in an attached database. Boundaries are written by `areas.write`."""
    for name, schema in SCHEMA.items():
        if name == "town_boundaries":
            continue
        columns = {column.strip("?*"): kind for column, kind in schema.items()}
        if name == "groups":
            columns["bit"] = "integer"
        target = sql("{database}.{table}", database=database, table=_STORED.get(name, f"ref_{name}"))
        defined = (sql("{column} {kind}", column=column, kind=Sql(kind)) for column, kind in columns.items())
        run(connection, "create table {target} ({defined})", target=target, defined=joined(", ", defined))
        insert(connection, target, [[row[column] for column in columns] for row in reference[name]])


def _fill_in(tables: Reference) -> None:
    """Fill in defaults: an initiative's label is its name, a group's column is its id."""
    for row in tables["initiatives"]:
        row["label"] = row["label"] or row["initiative"]
        row["is_slfrf"] = bool(row["is_slfrf"])
    for row in tables["groups"]:
        row["label"] = row["label"] or row["group_id"].replace("_", " ").capitalize()
        row["member_noun"] = row["member_noun"] or f"residents in “{row['label']}”"
        row["column_name"] = row["column_name"] or row["group_id"]


def _names_are_unique(tables: Reference) -> Iterable[str]:
    for table, schema in SCHEMA.items():
        key = next((column.strip("*") for column in schema if column.endswith("*")), None)
        spans: dict[str, list[tuple[date, date]]] = {}
        for row in tables[table]:
            if key is None or row[key] is None:
                continue
            name = str(row[key]).casefold()
            span = (row.get("valid_from") or date.min, row.get("valid_until") or date.max)
            if any(span[0] <= other[1] and other[0] <= span[1] for other in spans.get(name, [])):
                yield f"Reference file {table}.csv lists {shown(row[key])} twice."
            spans.setdefault(name, []).append(span)


def _regions_are_known(tables: Reference) -> Iterable[str]:
    known = {row["region"] for row in tables["regions"]}
    for table in ("towns", "intake_organizations", "benchmarks"):
        for region in dict.fromkeys(row["region"] for row in tables[table]):
            if region is not None and region not in known:
                yield f"Reference file {table}.csv has the region {shown(region)}, which regions.csv does not list."


def _targets_hold(tables: Reference) -> Iterable[str]:
    yield from targets.faults(tables, file=f"Reference file {targets.FILE}")


def _groups_are_columns(tables: Reference) -> Iterable[str]:
    taken = {column.name for column in contract.tables(())["enrollments"].columns}
    seen: set[str] = set()
    for row in tables["groups"]:
        column = str(row["column_name"])
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", column) or column in taken or column in seen:
            yield f"Reference file groups.csv: {shown(column)} cannot be used as a column name (a-z, 0-9 and _, different from other columns)."
        seen.add(column)
    if len(seen) > _MOST_GROUPS:
        yield f"Reference file groups.csv has {len(seen)} groups. At most {_MOST_GROUPS} are possible."
