"""The registry of measures, read from measures.toml: one definition each, in one place."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from queries.scope import AskError

REGISTRY = Path(__file__).with_name("measures.toml")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure as the registry defines it.

    `unit` is residents, enrollments, share, ratio, points, days, dollars or dollars an hour; `better` is "up", "down"
    or None; `model` names the rows it counts (queries/sources.py); `needs` are the `table.column` a delivery must supply; `type` says how SQL rows become answer rows.
    `mature_days` and `mature_known` (a fraction) say when a period can be judged: see queries/maturity.py.
    """

    id: str
    label: str
    family: str
    model: str
    type: str
    fact: str
    agg: str
    definition: str
    numerator: str
    denominator: str | None
    unit: str
    better: str | None
    dated_by: str
    mature: str
    needs: tuple[str, ...]
    source: str
    mature_days: int = 0
    mature_known: float = 0.0


@cache
def measures() -> dict[str, Measure]:
    """Every measure by id, in the order the glossary shows them."""
    entries = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))["measure"]
    return {
        entry["id"]: Measure(
            **{
                **entry,
                "needs": tuple(entry["needs"]),
                "better": entry["better"] or None,
                "denominator": entry["denominator"] or None,
            }
        )
        for entry in entries
    }


def measure(measure_id: str) -> Measure:
    """The measure with this id; raises AskError with the known ids where there is none."""
    try:
        return measures()[measure_id]
    except KeyError:
        raise AskError(f"There is no measure “{measure_id[:40]}”. Choose one of: {', '.join(measures())}.") from None
