"""A reader's rights: a role, a region if the role has one, and a clearance.

A viewer holds no account, so that readers with equal rights share cached answers. It is part of every scope, and so of every cache
key, so that readers with different rights do not.
"""

from __future__ import annotations

from dataclasses import dataclass

EXACT, PROTECTED = "exact", "protected"
CLEARANCES = (EXACT, PROTECTED)
MIN_COUNT = 10  # smaller counts of people are suppressed for a protected reader; access.toml can set another number


@dataclass(frozen=True)
class Viewer:
    """One reader's rights. Create it with `queries.access.rights.viewer`.

    Attributes:
        role: A role id of queries/access/policy.toml.
        region: A director's region, as the reference table spells it.
        clearance: Exact, or protected: counts of people from 1 to `min_count` − 1 are suppressed.
        min_count: See `clearance`.
    """

    role: str
    region: str | None = None
    clearance: str = PROTECTED
    min_count: int = MIN_COUNT

    @property
    def id(self) -> str:
        """The viewer as written in the address and the audit log: "director:Northwest"."""
        return f"{self.role}:{self.region}" if self.region else self.role
