"""What every downloaded file says of its numbers: the filters, the date, the delivery and the reader they rest on.

The frame describes the page once a run (`describe_page`); tables and charts take the columns and the file name from here. The
columns are the same in every file, so that files can be stacked; an empty cell means all, or that it does not apply.
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

from components import roles
from queries import Answer, Delivery, Scope

FILTERS = ("initiative", "region", "sector", "group", "from", "to")
CHOICES = ("outcome", "goal_of", "goal", "goal_due_on", "goal_by")  # the pages' own
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
    """Set what the files of this run say where a table says nothing else. as_of, delivery: None while nothing is published."""
    facts = dict.fromkeys(COLUMNS) | _delivery_facts(as_of, delivery) | _scope_facts(scope)
    role = roles.name_of(scope.viewer) if scope.viewer else None
    _page.set(_PageFacts(page_id, facts | {"role": role}))


def facts_of(answer: Answer | None = None, changes: Facts | None = None) -> dict[str, object]:
    """The value of every column in COLUMNS for one file; None means all, or that it does not apply.

    Args:
        answer: what the numbers rest on: its own filters, date and goal. None for a table that rests on the page's.
        changes: facts that differ from those of the answer or the page, by column.

    Raises KeyError for a change to a column that files do not have, LookupError where no page was described.
    """
    unknown = set(changes or ()) - set(COLUMNS)
    if unknown:
        raise KeyError(f"files have no column {', '.join(sorted(unknown))}")
    facts = dict(_page.get().facts)
    if answer is not None:
        facts |= _delivery_facts(answer.as_of, answer.delivery) | _scope_facts(answer.scope) | _goal_facts(answer)
    return facts | dict(changes or {})


def file_name(table: str, facts: Facts) -> str:
    """The file's name: date, page, table, and every fact that is not empty; letters, digits, "-" and "_" only.

    "2026-11-13_regions_by-town_eastern_from-2024-01-01_to-2024-06-30_governor-s-office_synthetic.csv"
    """
    goal = facts["goal"]
    percent = f"{goal * 100:g}-percent" if isinstance(goal, float) else None
    parts = [
        str(facts["as_of"] or "undated"), _page.get().page_id, table,
        *(facts[name] for name in ("initiative", "region", "sector", "group")),
        *(f"{name}-{facts[name]}" for name in ("from", "to") if facts[name]),
        facts["outcome"], facts["goal_of"], percent,
        *(f"{word}-{facts[name]}" for word, name in (("due", "goal_due_on"), ("by", "goal_by")) if facts[name]),
        None if facts["delivery"] in (None, str(facts["as_of"])) else f"delivery-{facts['delivery']}",
        facts["role"], "synthetic" if facts["synthetic_data"] == "yes" else None,
    ]  # fmt: skip
    return "_".join(_slug(str(part)) for part in parts if part)[:_LONGEST_NAME].rstrip("-_") + ".csv"


def _slug(text: str) -> str:
    """A part of a file's name. Text without a letter of the Latin alphabet gets a short digest instead."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_PART].strip("-")
    return slug or blake2s(text.encode(errors="surrogatepass"), digest_size=3).hexdigest()


def _delivery_facts(as_of: date | None, delivery: Delivery | None) -> dict[str, object]:
    if delivery is None:
        return {"as_of": as_of, "delivery": None, "synthetic_data": None}
    return {"as_of": as_of, "delivery": delivery.id, "synthetic_data": "yes" if delivery.is_synthetic else "no"}


def _scope_facts(scope: Scope) -> dict[str, object]:
    names = ("initiative", "region", "sector", "group")
    return {**{name: getattr(scope, name) for name in names}, "from": scope.since, "to": scope.until}


def _goal_facts(answer: Answer) -> dict[str, object]:
    """What a plan was made for, and over what it is shared out; nothing for every other answer."""
    goal = answer.goal
    if goal is None:
        return {}
    return {"goal_of": goal.what, "goal": goal.value, "goal_due_on": goal.due_on, "goal_by": answer.by}
