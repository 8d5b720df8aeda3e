"""The report of a check: a table and sentences for people, JSON for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from data.errors import counted
from data.masking import masked


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One reason why rows of a table do not count.

    Attributes:
        table: The table.
        file: The file of the first row.
        rows: How many rows.
        row_numbers: The first few, as the file numbers them.
        column: The column; empty if the reason is about no single column.
        value: The value in the first row, masked.
        problem: The reason.
        how_to_fix: What to do.
        suggestion: The known name that may be meant.
        follows_from: What the problem is a consequence of; empty for a cause.
    """

    table: str
    file: str
    rows: int
    row_numbers: tuple[int, ...]
    column: str
    value: str
    problem: str
    how_to_fix: str
    suggestion: str = ""
    follows_from: str = ""

    def as_text(self) -> list[str]:
        """Return two lines for a terminal: how many rows and why; where, and what to do."""
        where = f"{'row' if self.rows == 1 else 'rows'} {', '.join(f'{n:,}' for n in self.row_numbers)}"
        more = ", …" if self.rows > len(self.row_numbers) else ""
        value = f" “{self.value}”" if self.value else ""
        meant = f" Did you mean “{self.suggestion}”?" if self.suggestion else ""
        then = f" ({self.follows_from})" if self.follows_from else ""
        return [
            f"{self.rows:>12,}  {self.problem}{value}{then}",
            f"{'':14}{where}{more} of {self.file}. {self.how_to_fix}{meant}",
        ]


@dataclass
class TableReport:
    """Row counts of one table. Always read = accepted + quarantined + duplicates.

    `skipped` rows have no value in any cell. They are in the file, but do not count as read.
    """

    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    skipped: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    supplied: bool = False


@dataclass
class Report:
    """The result of checking a delivery. `faults` are the sentences that refuse it. Times are UTC."""

    delivery: str
    delivered_on: str
    layout: str | None = None
    is_synthetic: bool = False
    published_at: datetime | None = None
    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    tables: dict[str, TableReport] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether the delivery can be published."""
        return not self.faults

    def hide_identities(self) -> None:
        """Mask every sentence, because some quote a header or an engine's message."""
        for sentences in (self.faults, self.notices, *(table.notices for table in self.tables.values())):
            sentences[:] = map(masked, sentences)

    def as_json(self) -> dict[str, Any]:
        """Return the report as `--json` prints it and report.json stores it."""
        content = asdict(self)
        content["published_at"] = self.published_at and self.published_at.isoformat() + "Z"
        return {"delivery": content.pop("delivery"), "accepted": self.accepted, **content}

    def as_text(self) -> str:
        """Return the report for a terminal."""
        lines = [f"Delivery of {self.delivered_on}" + (f", layout {self.layout}" if self.layout else "")]
        if any(table.read for table in self.tables.values()):
            lines += ["", f"{'':12} {'read':>12} {'accepted':>12} {'excluded':>12} {'duplicates':>12}"]
            lines += [
                f"{name:12} {t.read:>12,} {t.accepted:>12,} {t.quarantined:>12,} {t.duplicates:>12,}"
                if t.supplied
                else f"{name:12} {'not supplied':>12}"
                for name, t in self.tables.items()
            ]
        for name in self.tables:
            every = [problem for problem in self.problems if problem.table == name]
            if every:
                lines += ["", f"Excluded from {name}:"]
                lines += [line for problem in every for line in problem.as_text()]
        skipped = [f"{name}: {counted(t.skipped, 'row')}" for name, t in self.tables.items() if t.skipped]
        if skipped:
            lines += ["", f"Skipped empty rows in {', '.join(skipped)}."]
        table_notices = [f"{name}: {notice}" for name, table in self.tables.items() for notice in table.notices]
        if self.notices or table_notices:
            lines += ["", "Notices:", *(f"  {notice}" for notice in (*self.notices, *table_notices))]
        if self.faults:
            lines += ["", "Refused:", *(f"  {fault}" for fault in self.faults)]
        return "\n".join(lines)
