"""The published deliveries that have the date or the content of a delivery in the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from components import cached_queries
from components.refusals import Refusal
from components.text.narratives import refused as story
from queries import Scope
from queries.access.viewer import Viewer

_COUNTS = ("table_name", "read", "accepted", "quarantined", "duplicates")
_REASONS = ("table_name", "reason", "rows")


@dataclass(frozen=True)
class PublishedMatch:
    """The published deliveries of the same date, newest first, and the one among them whose check had the same result."""

    same_date: tuple[str, ...]
    same_content: str | None = None


def of_date(day: str) -> tuple[str, ...]:
    """Return the published deliveries of a date (ISO), newest first."""
    return tuple(name for name in reversed(cached_queries.history()) if name[:10] == day)


def find(report: Refusal, viewer: Viewer) -> PublishedMatch:
    """Compare what a check counted with what was counted when each delivery of the same date was published."""
    same_date = of_date(report.delivered_on.isoformat()) if report.delivered_on else ()
    return PublishedMatch(same_date, next((name for name in same_date if _is_same(report, name, viewer)), None))


def _is_same(report: Refusal, published: str, viewer: Viewer) -> bool:
    scope = Scope(viewer=viewer, delivery=published)
    tables, reasons = (cached_queries.listing(name, scope, published) for name in ("check_tables", "check_reasons"))
    return _values(tables, _COUNTS) == _values(story.checked_rows(report), _COUNTS) and (
        _values(reasons, _REASONS) == _values(story.reason_rows(report), _REASONS)
    )


def _values(rows: Iterable[Mapping[str, object]], names: Sequence[str]) -> set[tuple[object, ...]]:
    """Return these columns of the rows, but of no table without rows."""
    return {tuple(row[name] for name in names) for row in rows if row.get("read") != 0}
