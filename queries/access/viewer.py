"""Who looks: a role, a region where the role has one, and a clearance. No account in it, so that readers of equal rights
share answers, and none of unequal rights do: it is part of every scope, and so of every key an answer is kept under."""

from __future__ import annotations

from dataclasses import dataclass

EXACT, PROTECTED = "exact", "protected"
CLEARANCES = (EXACT, PROTECTED)
MIN_COUNT = 10  # counts of people under it are hidden from a protected reader, unless access.toml says another number


@dataclass(frozen=True)
class Viewer:
    """One reader's rights. role: an id of queries/access/policy.toml. region: a director's own, as the reference table
    spells it. clearance: exact, or protected (counts of 1 to `min_count` − 1 hidden). Made by `queries.access.viewer`."""

    role: str
    region: str | None = None
    clearance: str = PROTECTED
    min_count: int = MIN_COUNT
