"""The facts in every downloaded file: the filters, the date, the delivery and the role that its numbers rest on.

A page is described once a run (`describe_page`); tables and charts take the columns and the file name from here. The columns
are the same in every file, so that files can be stacked; an empty cell means all, or that the column does not apply.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from hashlib import blake2s
from types import MappingProxyType

from queries import Answer, Delivery, Scope, dimensions
from queries.access import rights

FILTERS = (*dimensions.FILTERS, "from", "to")
CHOICES = ("outcome", "goal_of", "goal", "goal_due_on", "goal_by")  # made on a page
UNFILTERED = MappingProxyType(dict.fromkeys(FILTERS))  # for a table that no filter of its page touches
COLUMNS = ("as_of", "delivery", "synthetic_data", "role", *FILTERS, *CHOICES)
_LONGEST_PART, _LONGEST_NAME = 32, 200
Facts = Mapping[str, object]


@dataclass(frozen=True)
class _PageFacts:
    page_id: str
    facts: Facts


_page: ContextVar[_PageFacts] = ContextVar("file-facts")


def describe_page(page_id: str, *, scope: Scope, as_of: date | None, delivery: Delivery | None) -> None:
    """Set the facts of this run's files, for tables without facts of their own.

    Args:
        page_id: The page.
        scope: Its filters and reader.
        as_of: The day its numbers hold for; None while nothing is published.
        delivery: The delivery on screen; None while nothing is published.
    """
    facts = dict.fromkeys(COLUMNS) | _delivery_facts(as_of, delivery) | _scope_facts(scope)
    role = rights.name_of(scope.viewer) if scope.viewer else None
    _page.set(_PageFacts(page_id, facts | {"role": role}))


def page_id() -> str:
    """Return the id of the page that this run describes; "" before it does."""
    described = _page.get(None)
    return described.page_id if described else ""


def facts_of(answer: Answer | None = None, changes: Facts | None = None) -> dict[str, object]:
    """Return the value of every column in COLUMNS for one file; None means all, or that the column does not apply.

    Args:
        answer: The answer that the numbers rest on, for its filters, date and goal. None for a table with the page's.
        changes: Facts that differ from those of the answer or the page, by column.

    Raises:
        KeyError: If a change names a column that files do not have.
        LookupError: If no page was described.
    """
    unknown = set(changes or ()) - set(COLUMNS)
    if unknown:
        raise KeyError(f"files have no column {', '.join(sorted(unknown))}")
    facts = dict(_page.get().facts)
    if answer is not None:
        facts |= _delivery_facts(answer.as_of, answer.delivery) | _scope_facts(answer.scope) | _goal_facts(answer)
    return facts | dict(changes or {})


def file_name(table: str, facts: Facts, *, ending: str = "csv") -> str:
    """Return the file's name: date, page, table, and every fact that is not empty; letters, digits, "-" and "_" only.

    Example: "2026-11-13_regions_by-town_eastern_from-2024-01-01_to-2024-06-30_governor-s-office_synthetic.csv"
    """
    goal = facts["goal"]
    percent = f"{goal * 100:g}-percent" if isinstance(goal, float) else None
    parts = [
        str(facts["as_of"] or "undated"), _page.get().page_id, table,
        *(facts[name] for name in dimensions.FILTERS),
        *(f"{name}-{facts[name]}" for name in ("from", "to") if facts[name]),
        facts["outcome"], facts["goal_of"], percent,
        *(f"{word}-{facts[name]}" for word, name in (("due", "goal_due_on"), ("by", "goal_by")) if facts[name]),
        None if facts["delivery"] in (None, str(facts["as_of"])) else f"delivery-{facts['delivery']}",
        facts["role"], "synthetic" if facts["synthetic_data"] == "yes" else None,
    ]  # fmt: skip
    return "_".join(slug(str(part)) for part in parts if part)[:_LONGEST_NAME].rstrip("-_") + f".{ending}"


def slug(text: str) -> str:
    """Return a part of a file's name. Text without a letter or digit in ASCII gets a short digest instead."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name_part = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_PART].strip("-")
    return name_part or blake2s(text.encode(errors="surrogatepass"), digest_size=3).hexdigest()


def _delivery_facts(as_of: date | None, delivery: Delivery | None) -> dict[str, object]:
    if delivery is None:
        return {"as_of": as_of, "delivery": None, "synthetic_data": None}
    return {"as_of": as_of, "delivery": delivery.id, "synthetic_data": "yes" if delivery.is_synthetic else "no"}


def _scope_facts(scope: Scope) -> dict[str, object]:
    return {**dict.fromkeys(dimensions.FILTERS), **scope.filters, "from": scope.since, "to": scope.until}


def _goal_facts(answer: Answer) -> dict[str, object]:
    """Return the goal of a plan and what it is divided by; nothing for every other answer."""
    goal = answer.goal
    if goal is None:
        return {}
    return {"goal_of": goal.what, "goal": goal.value, "goal_due_on": goal.due_on, "goal_by": answer.by}
