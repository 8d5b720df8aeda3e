"""What comes back through the door: rows, their definition, the date, the query and the delivery behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from queries.registry import Measure
from queries.scope import Goal, Scope

REASONS = {
    "not_supplied": "not supplied",
    "not_applicable": "does not apply here",
    "empty": "nothing recorded yet",
    "not_allowed": "not part of your view",
}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The delivery an answer rests on."""

    id: str
    delivered_on: date
    layout: str | None
    is_synthetic: bool
    note: str | None
    published_at: datetime


@dataclass(frozen=True, kw_only=True)
class Row:
    """One answer row.

    `value` is in the measure's unit (shares and rates as fractions); None where there is no number, and then `note`
    says why. `low` and `high` bound a 95% interval. `group` and `part` name a second key where a measure has one.
    """

    key: str
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    group: str | None = None
    part: str | None = None
    note: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.extra.get(name)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Rows and where they come from. `status` is ok, empty, not_supplied, not_applicable or not_allowed (to this reader);
    `note` says why not ok. `hidden_below`: counts of people under it are hidden in these rows; None where none is.
    `goal` is what a plan was made for, with nothing left open; None for every other measure.
    """

    measure: Measure
    by: str | None
    scope: Scope
    rows: tuple[Row, ...]
    status: str
    note: str | None
    as_of: date
    delivery: Delivery
    query: str
    parameters: Mapping[str, Any]
    goal: Goal | None = None
    hidden_below: int | None = None

    @property
    def total(self) -> Row:
        """The first row: the only one where nothing is broken down. A row without a value where there are no rows."""
        return self.rows[0] if self.rows else Row(key="Total", value=None, note=self.reason)

    @property
    def reason(self) -> str | None:
        """Why there are no rows, in a word or two for a cell; None where there are some."""
        return None if self.status == "ok" else REASONS.get(self.status, self.note)

    def row(self, key: str, *, group: str | None = None, part: str | None = None) -> Row | None:
        """The row with this key (and group, and part, where given), or None."""
        for row in self.rows:
            if row.key == key and group in (None, row.group) and part in (None, row.part):
                return row
        return None
