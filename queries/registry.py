"""The registry of measures (measures.toml) and of the facts that they count (facts.toml): each is defined there and nowhere else."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from queries.scope import AskError

REGISTRY = Path(__file__).with_name("measures.toml")
FACTS = Path(__file__).with_name("facts.toml")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure.

    Attributes:
        id: Its id in questions, addresses and commands.
        label: Its name on screen.
        family: The section of the glossary.
        model: The rows it counts (queries/dimensions.toml).
        type: Its calculator (queries/calculators/).
        fact: The entry of queries/facts.toml: one row per counted event.
        agg: The function in queries/aggregations/: how events are added up.
        definition: The definition in plain words.
        numerator: What is counted.
        denominator: What it is counted of; None for a count.
        unit: residents, enrollments, share, ratio, points, days, dollars, dollars an hour and so on.
        better: "up" or "down"; None if neither is better.
        dated_by: The event that dates a row.
        mature: When a number is complete, in words.
        needs: The `table.column` names a delivery must supply.
        source: Where the definition comes from.
        formerly: Ids that links and commands may still use.
        per: For a cost, the measure it is divided by.
        mature_days: Days after a period's end until it can be judged (queries/maturity.py).
        mature_known: Share of a period's exits that must be known, as a fraction.
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
    formerly: tuple[str, ...] = ()
    per: str | None = None
    mature_days: int = 0
    mature_known: float = 0.0


@cache
def measures() -> dict[str, Measure]:
    """Return every measure by id, in the order of the glossary."""
    entries = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))["measure"]
    return {
        entry["id"]: Measure(
            **{
                **entry,
                "needs": tuple(entry["needs"]),
                "formerly": tuple(entry.get("formerly", ())),
                "better": entry["better"] or None,
                "denominator": entry["denominator"] or None,
            }
        )
        for entry in entries
    }


@cache
def _former_ids() -> dict[str, str]:
    return {former: entry.id for entry in measures().values() for former in entry.formerly}


def measure(measure_id: str) -> Measure:
    """Return the measure with this id or former id.

    Raises:
        AskError: There is none; the message lists the ids.
    """
    known = measures()
    entry = known.get(_former_ids().get(measure_id, measure_id))
    if entry is None:
        raise AskError(f"There is no measure “{measure_id[:40]}”. Choose one of: {', '.join(known)}.")
    return entry


def unknown_measure(measure_id: str) -> Measure:
    """Return a stand-in for a measure that is not in the registry, so that a failed answer can name it."""
    return Measure(
        id=measure_id, label=measure_id, family="", model="", type="", fact="", agg="", definition="", numerator="",
        denominator=None, unit="", better=None, dated_by="", mature="", needs=(), source="",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One kind of event, as SQL over its model's columns: see the head of facts.toml."""

    model: str
    says: str
    date: str
    where: str = ""
    success: str = ""
    amount: str = ""
    inside: str = ""
    trials: str = ""
    changes: tuple[str, ...] = ()
    first: bool = False

    def days(self) -> tuple[str, ...]:
        """The days from which a row may count differently, as SQL: its date, and the day of each change but not before an earlier one."""
        dates = [(self.date, *self.changes[: number + 1]) for number in range(len(self.changes))]
        return self.date, *(f"cast(greatest({', '.join(each)}) as date)" for each in dates)


@cache
def facts() -> dict[str, Fact]:
    """Every fact by id."""
    entries = tomllib.loads(FACTS.read_text(encoding="utf-8"))
    return {name: Fact(**entry | {"changes": tuple(entry.get("changes", ()))}) for name, entry in entries.items()}
