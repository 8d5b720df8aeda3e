"""Disclosure roles of row fields: what happens to each field of an answer row when small counts are hidden.

Every field of a row class is declared with `people()`, `derived()` or `public()`. A row class with an undeclared field
fails at import (`roles_of`), so nothing can reach a protected reader by being forgotten.
"""

from __future__ import annotations

from dataclasses import field, fields
from enum import StrEnum
from typing import TypeVar, cast

T = TypeVar("T")
ROLE = "disclosure_role"
_ROLES: dict[type, dict[str, Role]] = {}


class Role(StrEnum):
    """What a field discloses."""

    PEOPLE = "people"  # a count of people: the row is hidden when it is from 1 to min_count - 1
    DERIVED = "derived"  # follows from counts of people: removed when the row is hidden
    PUBLIC = "public"  # counts nobody: stays when the row is hidden


def people(default: T | None = None) -> T:
    """Declare a count of people. The default disclosure rule hides the row when this count is small."""
    return _declared(Role.PEOPLE, default)


def derived(default: T | None = None) -> T:
    """Declare a value that follows from counts of people and is removed with the row."""
    return _declared(Role.DERIVED, default)


def public(default: T | None = None) -> T:
    """Declare a value that counts nobody and stays when the row is hidden."""
    return _declared(Role.PUBLIC, default)


def _declared(role: Role, default: T | None) -> T:
    return cast("T", field(default=default, metadata={ROLE: role}))


def roles_of(row_class: type) -> dict[str, Role]:
    """Return the role of each field of a row class, in the order of declaration.

    Raises:
        TypeError: A field has no role.
    """
    if row_class in _ROLES:
        return _ROLES[row_class]
    undeclared = [item.name for item in fields(row_class) if ROLE not in item.metadata]
    if undeclared:
        raise TypeError(f"{row_class.__name__} does not declare the disclosure of: {', '.join(undeclared)}.")
    _ROLES[row_class] = {item.name: item.metadata[ROLE] for item in fields(row_class)}
    return _ROLES[row_class]


def rest_of(total: float | None, part: float | None) -> float | None:
    """Return total minus part; None where either is missing."""
    return None if total is None or part is None else total - part
