"""What a reader can choose in a delivery. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Choices:
    """For each filter the labels by id, in the order of its listing, and the dates the delivery spans.

    Attributes:
        options: The labels by id, by filter.
        earliest: The first day that may have events.
        latest: The delivery's date.
        began: The first day of each initiative that states one.
    """

    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    earliest: date = date(2020, 1, 1)
    latest: date = date(2026, 12, 31)
    began: Mapping[str, date] = field(default_factory=dict)

    def labels(self, name: str) -> Mapping[str, str]:
        """Return the labels of one filter by id: {"woman": "Women", …} for "group"."""
        return self.options.get(name, {})

    def label(self, name: str, value: str) -> str:
        """Return the label of an id: "Women" for the group "woman". An id without a label is its own label."""
        return self.labels(name).get(value, value)

    def labels_of(self, filters: Mapping[str, str]) -> dict[str, str]:
        """Return the label of each chosen value, by its filter."""
        return {name: self.label(name, value) for name, value in filters.items()}

    def began_on(self, initiative: str | None) -> date | None:
        """Return the first day of an initiative, for None of the first one; None where the delivery does not state it."""
        return self.began.get(initiative) if initiative else min(self.began.values(), default=None)

    def first_day(self, initiative: str | None) -> date:
        """Return the first day that may have events of an initiative, for None of any."""
        return (initiative and self.began.get(initiative)) or self.earliest
