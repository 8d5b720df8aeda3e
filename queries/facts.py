"""Facts, read from facts.toml: what one counted row of each measure is."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REGISTRY = Path(__file__).with_name("facts.toml")


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
    entries = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))
    return {name: Fact(**entry | {"changes": tuple(entry.get("changes", ()))}) for name, entry in entries.items()}
