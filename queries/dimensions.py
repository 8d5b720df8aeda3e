"""Dimensions and models, read from dimensions.toml: what answers can be broken down and filtered by, and where it is recorded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REGISTRY = Path(__file__).with_name("dimensions.toml")
_IDENTIFIER = re.compile(r"[a-z_]+")


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One dimension: words on screen, and by model the column that records it and the export columns it needs."""

    id: str
    label: str
    columns: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]
    words: str
    reference_key: str
    all: str = ""
    preposition: str = "in"
    reference: str = ""
    option_label: str = ""
    also: tuple[str, ...] = ()
    group_subject: str = ""
    filters: bool = False
    only_breakdown: tuple[str, ...] = ()
    is_membership: bool = False


@dataclass(frozen=True, kw_only=True)
class Period:
    """One unit of time. `key` is the SQL that turns {date} into the unit's key; `models` limits it where not empty."""

    id: str
    label: str
    key: str
    words: str
    models: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Model:
    """One table of events.

    `breakdowns` maps each dimension or unit of time (None for one total) to the export columns it needs, any of which will
    do; `filters` names the dimensions that the table can be filtered by; `rows` is the SQL of a model that is no table; `table`
    has the model's rows, among others, "" where no table has; `moved` names the dimensions in which a model that is no table differs from
    `table`, where it has the same rows; `row_id` is the column that names the same row in every delivery, "" where there is none.
    """

    id: str
    words: str
    empty: str
    rows: str
    table: str
    moved: tuple[str, ...]
    row_id: str
    breakdowns: Mapping[str | None, tuple[str, ...]]
    filters: tuple[str, ...]


def _read() -> tuple[dict[str, Dimension], dict[str, Period], dict[str, Model]]:
    file = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))
    dimensions = {}
    for entry in file["dimension"]:
        for column in entry["columns"].values():
            if not _IDENTIFIER.fullmatch(column):
                raise ValueError(f"{REGISTRY.name}: {column!r} is not a column name")
        needs = {model: tuple(columns) for model, columns in entry.get("needs", {}).items()}
        dimensions[entry["id"]] = Dimension(
            **{
                "words": entry["id"],
                "reference_key": entry["id"],
                **entry,
                "needs": needs,
                "also": tuple(entry.get("also", ())),
                "only_breakdown": tuple(entry.get("only_breakdown", ())),
            }
        )
        if entry.get("filters") and not (entry.get("reference") and entry.get("all")):
            raise ValueError(f"{REGISTRY.name}: the filter {entry['id']!r} needs `reference` and `all`")
    periods = {
        entry["id"]: Period(**{"words": entry["id"], **entry, "models": tuple(entry.get("models", ()))})
        for entry in file["period"]
    }
    models = {}
    for model, entry in file["model"].items():
        breakdowns: dict[str | None, tuple[str, ...]] = {None: ()}
        breakdowns |= {d.id: d.needs.get(model, ()) for d in dimensions.values() if model in d.columns}
        breakdowns |= {p.id: () for p in periods.values() if not p.models or model in p.models}
        models[model] = Model(
            id=model,
            words=entry["words"],
            empty=entry.get("empty", "Not recorded"),
            rows=entry.get("rows", "").strip(),
            table=entry.get("table", "" if "rows" in entry else model),
            moved=tuple(entry.get("moved", ())),
            row_id=entry.get("row_id", ""),
            breakdowns=breakdowns,
            filters=tuple(
                d.id for d in dimensions.values() if d.filters and model in d.columns and model not in d.only_breakdown
            ),
        )
    return dimensions, periods, models


DIMENSIONS, PERIODS, MODELS = _read()
FILTERS: Mapping[str, Dimension] = {name: dimension for name, dimension in DIMENSIONS.items() if dimension.filters}
TIME = tuple(PERIODS)[:-1]  # the last, weeks back from the as-of date, is no unit of a calendar
